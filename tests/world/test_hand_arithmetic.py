"""A point's break-even volume against the door, worked out by hand and by simulation.

By hand: a door parcel costs 1.1 * 1.08 + 0.08 * 1.0 = 1.268 yuan. A point costs 2 h * 17 + 10 = 44 yuan a
day, a manager 6,000 yuan a month over 20 points, a hire 300 yuan at 6% attrition a month; a parcel costs 0.5
commission, 0.2 drop and 5% * 2 for exceptions. The break-even is at about 117 parcels a point and day, 57
without the commission, 46 without the manager as well.
"""

from __future__ import annotations

import pytest

from sim.scenario import Scenario
from sim.world import simulate
from tests.world.small import brief

POINTS = 20
HAND = {
    "horizon.days": 365,
    "horizon.warmup_days": 7,
    "fulfilment.courier.last_mile_cost": 1.1,
    "fulfilment.courier.failed_attempt_rate": 0.08,
    "fulfilment.courier.failed_attempt_cost": 1.0,
    "market.places": POINTS,
    "pickup.community.points": POINTS,
    "pickup.community.tariff_discount": 1.1,
    "pickup.community.bulk_drop_cost": 0.2,
    "pickup.community.attendant_hours_per_day": 2.0,
    "pickup.community.attendant_wage_per_hour": 17.0,
    "pickup.community.handover_minutes": 0.0,
    "pickup.community.site_fee_per_day": 10.0,
    "pickup.community.fee_per_parcel": 0.5,
    "pickup.community.attrition_per_month": 0.06,
    "pickup.community.hire_cost": 300.0,
    "pickup.community.exception_rate": 0.05,
    "pickup.community.exception_cost": 2.0,
    "pickup.community.uncollected_rate": 0.0,
    "pickup.community.background_recharge": 1.0,
    "pickup.community.supervision.span": 20.0,
    "pickup.community.supervision.wage_per_month": 6000.0,
    "mechanisms.absence": False,
    "mechanisms.hiring_friction": False,
    "mechanisms.control_loss": False,
    "mechanisms.shelf_limit": False,
    "mechanisms.promotion": False,
}
DOOR = 1.1 * (1 + 0.08) + 0.08 * 1.0
DAYS_PER_MONTH = 365.0 / 12.0
FIXED = {"point": 2 * 17 + 10, "manager": 6000 / 20 / DAYS_PER_MONTH, "hires": 0.06 * 300 / DAYS_PER_MONTH}
PARCEL = {"drop": 0.2, "commission": 0.5, "exceptions": 0.05 * 2}
CASES = {
    "as described": ({}, (), 117),
    "no commission": ({"pickup.community.fee_per_parcel": 0.0}, ("commission",), 57),
    "no commission, no managers": (
        {"pickup.community.fee_per_parcel": 0.0, "mechanisms.supervision": False},
        ("commission", "manager"),
        46,
    ),
}


def point_cost(scenario: Scenario, others: float) -> tuple[float, float]:
    """Return parcels per point and day, and cost per parcel, with that many parcels of other merchants."""
    run = simulate(
        scenario.with_values({"pickup.community.background_parcels_per_point_day": others}), seed=11
    )
    return others + run.kpis["parcels_per_point_day"], run.kpis["layer_cost_per_parcel"] - door_remainder(run)


def door_remainder(run) -> float:
    """Return what redirected parcels add: shut points do not belong to the hand arithmetic."""
    return run.accounts.get("pickup_redirects", 0.0) / run.kpis["layer_parcels"]


@pytest.mark.parametrize("case", CASES)
def test_break_even_volume(case: str) -> None:
    changes, left_out, by_hand = CASES[case]
    scenario = brief("community_pickup", HAND | changes)
    low, high = point_cost(scenario, 50.0), point_cost(scenario, 200.0)
    # Cost per parcel is a + b / volume, so two volumes give the curve.
    fixed = (low[1] - high[1]) / (1 / low[0] - 1 / high[0])
    per_parcel = low[1] - fixed / low[0]
    simulated = fixed / (DOOR - per_parcel)

    daily = sum(yuan for name, yuan in FIXED.items() if name not in left_out)
    each = sum(yuan for name, yuan in PARCEL.items() if name not in left_out)
    exact = daily / (DOOR - each)
    assert round(exact) == pytest.approx(by_hand, abs=1)
    # Chance enters through hires (Poisson, 0.06 * 12 * 20 a year) and through exceptions among the parcels.
    hires = 0.06 * 12 * POINTS
    noise = 300 * hires**0.5 / (365 * POINTS) / daily
    assert simulated == pytest.approx(exact, rel=4 * noise + 0.01)


def test_door_costs_what_the_tariff_says() -> None:
    run = simulate(brief("door_only", {"fulfilment.courier.failed_attempt_rate": 0.08}), seed=5)
    failures = run.kpis["orders_online"] * 0.08
    noise = 2.1 * (failures**0.5) / run.kpis["orders_online"]
    assert run.kpis["door_last_mile_per_parcel"] == pytest.approx(DOOR, abs=4 * noise)
