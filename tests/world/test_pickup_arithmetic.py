"""Break-even of a locker and of a group leader against the door, worked out by hand and by simulation.

By hand: a door parcel costs 1.1 * 1.08 + 0.08 * 1.0 = 1.268 yuan. A locker costs 40,000 yuan over five
years, 13 a day for place and power and 2,000 a year for service, 40.4 yuan a day; a parcel costs 0.2 for the
drop and 3% * 1 for problems. The break-even is at about 39 parcels a locker and day. A leader takes 10% of an
order of 150 yuan, 15 yuan, so there is none: a leader is a sales channel that happens to deliver.
"""

from __future__ import annotations

import pytest

from sim.scenario import Scenario
from sim.world import simulate
from tests.world.small import brief

COURIER = {
    "horizon.days": 365,
    "horizon.warmup_days": 7,
    "mechanisms.seasonality": False,
    "mechanisms.promotion_days": False,
    "fulfilment.courier.last_mile_cost": 1.1,
    "fulfilment.courier.failed_attempt_rate": 0.08,
    "fulfilment.courier.failed_attempt_cost": 1.0,
    "mechanisms.absence": False,
    "mechanisms.attrition": False,
    "mechanisms.shelf_limit": False,
    "mechanisms.supervision": False,
    "mechanisms.promotion": False,
}
DOOR = 1.1 * (1 + 0.08) + 0.08 * 1.0
POINTS = 20
LOCKER = {
    "market.places": POINTS,
    "pickup.locker.points": POINTS,
    "pickup.locker.tariff_discount": 1.1,
    "pickup.locker.bulk_drop_cost": 0.2,
    "pickup.locker.capital_per_point": 40_000.0,
    "pickup.locker.life_years": 5.0,
    "pickup.locker.site_fee_per_day": 13.0,
    "pickup.locker.running_cost_per_point_year": 2_000.0,
    "pickup.locker.exception_rate": 0.03,
    "pickup.locker.exception_cost": 1.0,
    "pickup.locker.uncollected_rate": 0.0,
    "pickup.locker.background_recharge": 1.0,
}


def _average(scenario: Scenario, layer: str, others: float) -> tuple[float, float]:
    """Return parcels per point and day, and cost per parcel, with that many parcels of other merchants."""
    run = simulate(
        scenario.with_values({f"pickup.{layer}.background_parcels_per_point_day": others}), seed=11
    )
    return others + run.kpis["parcels_per_point_day"], run.kpis["layer_cost_per_parcel"]


def test_break_even_of_a_locker() -> None:
    scenario = brief("lockers", COURIER | LOCKER)
    low, high = _average(scenario, "locker", 20.0), _average(scenario, "locker", 100.0)
    # Cost per parcel is a + b / volume, so two volumes give the curve.
    fixed = (low[1] - high[1]) / (1 / low[0] - 1 / high[0])
    simulated = fixed / (DOOR - (low[1] - fixed / low[0]))
    daily = 40_000 / 5 / 365 + 13 + 2_000 / 365
    each = 0.2 + 0.03 * 1.0
    exact = daily / (DOOR - each)
    assert round(exact) == 39
    # Chance enters through problems among the parcels, 3% of those of two years at 20 lockers, and through
    # the number of other merchants' parcels. Besides, orders of the last three days are collected after the
    # year and leave their share of its cost to the others.
    parcels = 365 * POINTS * (low[0] + high[0])
    noise = ((0.03 / parcels) + 1.0 / (365 * POINTS * 20.0)) ** 0.5
    assert simulated == pytest.approx(exact, rel=4 * noise / (DOOR - each) + 3.0 / 365)


def test_late_collectors_lower_the_break_even_of_a_locker() -> None:
    """An exponential wait of 18 h: 0.5 yuan for each of six half-days begun after the first, at most 3."""
    import math

    waits = {
        "pickup.locker.dwell_hours": {"law": "exponential", "mean": 18.0, "cv": 1.0},
        "pickup.locker.overdue_fee": 0.5,
        "pickup.locker.overdue_free_hours": 12.0,
        "pickup.locker.overdue_step_hours": 12.0,
        "pickup.locker.overdue_cap": 3.0,
    }
    free = _average(brief("lockers", COURIER | LOCKER), "locker", 60.0)
    paid = _average(brief("lockers", COURIER | LOCKER | waits), "locker", 60.0)
    income = 0.5 * sum(math.exp(-12.0 * step / 18.0) for step in range(1, 7))
    assert free[1] - paid[1] == pytest.approx(income, rel=0.02)


@pytest.mark.parametrize("volume", [1.0, 8.0])
def test_a_leader_never_beats_the_door(volume: float) -> None:
    changes = COURIER | {
        "horizon.days": 120,
        "market.sources.platform_search.visits_per_year": 500_000 * volume,
        "pickup.leader.commission_on_sales": 0.1,
        "pickup.leader.uncollected_rate": 0.0,
        "pickup.leader.bulk_drop_cost": 0.2,
        "pickup.leader.exception_rate": 0.0,
        "pickup.leader.supervision.uncontrolled_exception_rate": 0.0,
    }
    run = simulate(brief("group_leaders", changes), seed=11, log=True)
    mine = run.orders[run.orders.delivery == "leader"]
    kept = mine[mine.final_state == "kept"].value_yuan.sum()
    assert run.accounts["pickup_commission"] == pytest.approx(0.1 * kept, abs=0.5)
    assert run.kpis["leader_cost_per_parcel"] == pytest.approx(
        0.1 * kept / run.kpis["leader_parcels"] + 0.2, rel=0.01
    )
    assert run.kpis["leader_cost_per_parcel"] > 8 * DOOR
