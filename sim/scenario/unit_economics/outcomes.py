"""In which state orders end, in closed form: every parcel to the door, nobody waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.segments import STORES

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import VisitorType

HIGHEST_CHANCE = 0.95


@dataclass(frozen=True)
class Outcomes:
    """Shares of orders by their final state, and of first trips to the door that fail."""

    lost: float
    refused: float
    broken: float
    returned: float
    kept: float
    failed: float


def outcomes(scenario: Scenario, channel: str, kind: VisitorType) -> Outcomes:
    """Return what becomes of one visitor type's orders in one channel."""
    on, fulfilment = scenario.mechanisms, scenario.fulfilment
    back = min(scenario.products.return_rate * kind.returns, HIGHEST_CHANCE) if on.returns else 0.0
    if channel == STORES:
        return Outcomes(lost=0.0, refused=0.0, broken=0.0, returned=back, kept=1.0 - back, failed=0.0)
    lost = fulfilment.courier.lost_rate
    failed = (1.0 - lost) * (fulfilment.courier.failed_attempt_rate if on.failed_delivery else 0.0)
    refused = failed * fulfilment.courier.given_up_rate
    hands = fulfilment.handovers_to_door if on.handover_breakage else 0
    whole = (1.0 - fulfilment.breakage_per_handover) ** hands
    delivered = 1.0 - lost - refused
    broken, returned = delivered * (1.0 - whole), delivered * whole * back
    return Outcomes(lost, refused, broken, returned, delivered - broken - returned, failed)
