"""Parcels packed wrong or short: the customer opens the box, calls, and gets what is missing or money back.

A parcel does not remember who packed it, so the chance that a box is wrong is that of the parcels under
way, which management works out day by day (:mod:`sim.management.picking`); what a call is about shows when
an agent has dealt with it. Every rate is kept in the mean; single parcels are drawn on the day of their
delivery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.flow import Deterministic
from sim.fulfilment.chances import breakage, contact_rate
from sim.fulfilment.durations import in_hours
from sim.fulfilment.plan import settled_node
from sim.scenario.picking import error_rates, errors_of
from sim.scenario.segments import COUNTER, open_layers

if TYPE_CHECKING:
    from sim.flow.running import Flow
    from sim.fulfilment.plan import Draft
    from sim.scenario import Scenario


def opened(delivery: str) -> str:
    """Return the node of boxes that are opened and, so far, give no reason to call."""
    return f"opened/{_way(delivery)}"


def ticket(delivery: str) -> str:
    """Return the node of calls that an agent has dealt with."""
    return f"ticket/{_way(delivery)}"


def _way(delivery: str) -> str:
    """Return the way of a parcel; goods carried home from a store never come here, but need a route."""
    return "door" if delivery == COUNTER else delivery


def opened_route(settled: str, wrong: float, short: float) -> dict[str, float]:
    """Return where opened boxes go: to the service desk if they are wrong or short."""
    return {"service": wrong + short, settled: 1.0 - wrong - short}


def ticket_route(
    scenario: Scenario, settled: str, delivery: str, wrong: float, short: float
) -> dict[str, float]:
    """Return what calls turn out to be about.

    Of all who call, ``e + (1 - e) c`` of the parcels with ``e`` the wrong and short ones and ``c`` the other
    contacts, ``e`` have a wrong or short box and ``(1 - e) b`` broken goods.
    """
    errors = wrong + short
    calls = errors + (1.0 - errors) * contact_rate(scenario, delivery)
    if calls == 0:
        return {"broken": 0.0, "wrong": 0.0, "short": 0.0, settled: 1.0}
    shares = {
        "broken": (1.0 - errors) * breakage(scenario, delivery) / calls,
        "wrong": wrong / calls,
        "short": short / calls,
    }
    return shares | {settled: 1.0 - sum(shares.values())}


def set_errors(flow: Flow, scenario: Scenario, wrong: float, short: float) -> None:
    """Let these shares of the parcels that arrive from now on be wrong and short."""
    settled = settled_node(scenario)
    for way in ("door", *open_layers(scenario)):
        flow.set_route(opened(way), opened_route(settled, wrong, short))
        flow.set_route(ticket(way), ticket_route(scenario, settled, way, wrong, short))


def draw_claims(draft: Draft) -> None:
    """Draw ``opened/WAY > service > ticket/WAY > wrong, short > replaced`` or the way back."""
    scenario, net = draft.scenario, draft.net
    rules = errors_of(scenario)
    if rules is None:
        return
    wrong, short = error_rates(rules, 0.0)
    for way in draft.ways:
        net.delay(opened(way), Deterministic(0.0), to=opened_route(draft.settled, wrong, short))
        route = ticket_route(scenario, draft.settled, way, wrong, short)
        net.delay(ticket(way), Deterministic(0.0), to=route)
    exchanged = rules.replaced_share
    net.delay("wrong", Deterministic(0.0), to={"replaced": exchanged, "wrong_back": 1.0 - exchanged})
    net.delay("short", Deterministic(0.0), to="replaced")
    net.delay("replaced", in_hours(rules.replacement_hours), to=draft.settled)
    net.delay("wrong_back", in_hours(scenario.fulfilment.returns.transit_hours), to=draft.back)
    draft.count("wrong", "short", "replaced", "wrong_back")
