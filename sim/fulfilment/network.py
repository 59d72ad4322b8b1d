"""The flow network of one brand: every node an order or a manager's job can pass.

::

    orders > placed > goods > pick_pack > truck > line_haul
                       |                             |-> (lost)
                       |-> (cancelled)               |-> door_trip ------------------------> delivered
                       |-> decision (stores)         |       |-> failed_trip ------------------^
                                                     |               |-> (refused)             |
                                                     |-> LAYER_depot > LAYER/i > LAYER_collected
                                                                       |             |-> LAYER_exception ^
                                                                       |             |-> (refused)
                                                                       |-> LAYER_redirected > door_trip

    chats > chat_desk > won > placed
                |-> (walked_away)

    delivered > decision > (kept)
        |          |-> return_transit > (returned)
        |-> service > decision
               |-> broken > (returned)
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sim.fulfilment.aftersales import draw_aftersales
from sim.fulfilment.chat_desk import draw_chat_desk
from sim.fulfilment.installation import draw_installation
from sim.fulfilment.pickup import draw_layer
from sim.fulfilment.plan import Draft
from sim.fulfilment.transport import draw_transport
from sim.fulfilment.warehouse import draw_warehouse
from sim.scenario.segments import order_classes

if TYPE_CHECKING:
    from sim.flow import Network
    from sim.fulfilment.plan import FulfilmentPlan
    from sim.scenario import Scenario

FINAL_STATES = ("kept", "returned", "refused", "lost", "cancelled")


NETWORKS_KEPT = 8
"""Networks that are remembered: histories of one scenario come one after another and share theirs."""


@lru_cache(maxsize=NETWORKS_KEPT)
def build_network(scenario: Scenario, plan: FulfilmentPlan) -> Network:
    """Describe the brand's flow network; servers and shelf places start at zero and are set by management.

    A class code of an order is its position in :func:`sim.scenario.segments.order_classes`. The network is
    shared by all histories of the scenario: it may be started, but not added to.

    Parameters
    ----------
    scenario
        The world.
    plan
        Opening stock and plans of the pickup layers.
    """
    draft = Draft(scenario, order_classes(scenario), plan)
    draw_warehouse(draft)
    draw_transport(draft)
    for name, layer in plan.layers.items():
        draw_layer(draft, name, layer)
    draw_aftersales(draft)
    draw_installation(draft)
    draw_chat_desk(draft)
    for state in (*FINAL_STATES, "mislaid"):
        draft.net.sink(state)
    draft.count("returned", "kept")
    return draft.net
