"""Chances on an order's way: that its goods break, that its buyer calls, that it is sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.packing import breakage_per_handover
from sim.scenario.segments import COUNTER

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.schema import PickupLayer
    from sim.scenario.segments import OrderClass


def breakage(scenario: Scenario, delivery: str) -> float:
    """Return the chance that goods arrive broken: each pair of hands is another chance to drop them."""
    if not scenario.mechanisms.handover_breakage or delivery == COUNTER:
        return 0.0
    hands = scenario.fulfilment.handovers_to_door
    layer: PickupLayer | None = getattr(scenario.pickup, delivery, None)
    if layer is not None:
        hands += layer.handovers
    return 1.0 - (1.0 - breakage_per_handover(scenario)) ** hands


def contact_rate(scenario: Scenario, delivery: str) -> float:
    """Return the chance of a service contact: a question, or a broken delivery."""
    broken = breakage(scenario, delivery)
    if delivery == COUNTER or not scenario.mechanisms.service_contacts:
        return broken
    return broken + (1.0 - broken) * scenario.service.contacts_per_order


def return_rate(scenario: Scenario, order_class: OrderClass) -> float:
    """Return the chance that goods which arrived whole are sent back."""
    if not scenario.mechanisms.returns:
        return 0.0
    kind = getattr(scenario.market.visitor_types, order_class.segment.kind)
    return min(scenario.products.return_rate * kind.returns, 0.95)
