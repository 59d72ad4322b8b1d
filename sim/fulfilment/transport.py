"""From the truck to the shopper's city and to the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.flow import Deterministic
from sim.fulfilment.durations import DAY, in_hours

if TYPE_CHECKING:
    from sim.fulfilment.plan import Draft
    from sim.scenario import Scenario


def draw_transport(draft: Draft) -> None:
    """Draw ``truck > line_haul > door_trip > failed_trip``; parcels for a pickup layer go to its depot."""
    courier, net = draft.scenario.fulfilment.courier, draft.net
    if draft.plan.held_days:
        _draw_sorting(draft)
    net.delay(
        "line_haul", in_hours(courier.line_haul_hours), to=draft.by_way(lambda way: _onward(draft, way))
    )
    net.delay("door_trip", in_hours(courier.last_mile_hours), to=door_route(draft.scenario))
    net.delay(
        "failed_trip",
        in_hours(courier.retry_hours),
        to={"delivered": 1.0 - courier.given_up_rate, "refused": courier.given_up_rate},
    )
    draft.count("line_haul", "lost", "door_trip", "failed_trip", "refused")


def door_route(scenario: Scenario) -> dict[str, float]:
    """Return where a first trip to the door leads."""
    switched_on = scenario.mechanisms.failed_delivery
    failing = scenario.fulfilment.courier.failed_attempt_rate if switched_on else 0.0
    return {"delivered": 1.0 - failing, "failed_trip": failing}


def held(days: int) -> str:
    """Return the node of parcels that a full network holds for so many days."""
    return "line_haul" if days == 0 else f"held/{days}"


def _draw_sorting(draft: Draft) -> None:
    """Draw ``sorting > held/1, held/2 ... > line_haul``; management says every day how long parcels wait."""
    days = range(draft.plan.held_days + 1)
    draft.net.delay("sorting", Deterministic(0.0), to={held(day): float(day == 0) for day in days})
    for day in days[1:]:
        draft.net.delay(held(day), Deterministic(day * DAY), to="line_haul")
    draft.count("sorting")


def _onward(draft: Draft, way: str) -> dict[str, float]:
    lost = draft.scenario.fulfilment.courier.lost_rate
    onward = f"{way}_depot" if way in draft.plan.layers else "door_trip"
    return {"lost": lost, onward: 1.0 - lost}
