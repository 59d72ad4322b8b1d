"""From the truck to the shopper's city and to the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fulfilment.durations import in_hours

if TYPE_CHECKING:
    from sim.fulfilment.plan import Draft
    from sim.scenario.segments import OrderClass


def draw_transport(draft: Draft) -> None:
    """Draw ``truck > line_haul > door_trip > failed_trip``; parcels for a pickup layer go to its depot."""
    courier, net = draft.scenario.fulfilment.courier, draft.net
    net.delay("line_haul", in_hours(courier.line_haul_hours), to=draft.by_order(lambda c: _onward(draft, c)))
    failing = courier.failed_attempt_rate if draft.scenario.mechanisms.failed_delivery else 0.0
    net.delay(
        "door_trip",
        in_hours(courier.last_mile_hours),
        to={"delivered": 1.0 - failing, "failed_trip": failing},
    )
    net.delay(
        "failed_trip",
        in_hours(courier.retry_hours),
        to={"delivered": 1.0 - courier.given_up_rate, "refused": courier.given_up_rate},
    )
    draft.count("line_haul", "lost", "door_trip", "failed_trip", "refused")


def _onward(draft: Draft, order_class: OrderClass) -> dict[str, float]:
    lost = draft.scenario.fulfilment.courier.lost_rate
    onward = f"{order_class.delivery}_depot" if order_class.delivery in draft.plan.layers else "door_trip"
    return {"lost": lost, onward: 1.0 - lost}
