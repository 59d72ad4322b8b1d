"""Every account of every kind of pickup layer, recomputed from the order log and the time sheet.

Lockers with late fees and other merchants' parcels, leaders on commission and stores that hand parcels out
stand side by side, so that nothing can be booked on the wrong layer.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import lognorm

from sim.scenario import load
from sim.world import simulate
from tests.world.small import brief

FIELDS = {
    "horizon.days": 45,
    "pickup.locker.shelf_places": 10,
    "pickup.locker.background_parcels_per_point_day": 6.0,
    "pickup.locker.background_recharge": 0.9,
    "pickup.locker.overdue_fee": 0.5,
    "pickup.locker.shopper_fee": 0.3,
    "pickup.locker.uncollected_rate": 0.02,
    "pickup.leader.shelf_places": 6,
}
LAYERS = ("locker", "leader", "store")


@pytest.fixture(scope="module")
def scenario():
    others = {f"pickup.{layer}": getattr(load(name).pickup, layer).model_dump() for layer, name in OTHERS}
    return brief("lockers", others | FIELDS | {"channels.stores.count": 12})


OTHERS = (("leader", "group_leaders"), ("store", "store_pickup"))


@pytest.fixture(scope="module")
def run(scenario):
    return simulate(scenario, seed=4, log=True)


def booked(run, account: str, layer: str) -> float:
    return run.ledger.total([account], layer=layer, period=range(3)) / 100.0


def mine(run, layer: str):
    """Return the layer's orders that left and were not lost, and which of them were collected."""
    orders = run.orders[run.orders.layer == layer]
    hauled = orders[orders.line_haul_h.notna() & orders.lost_h.isna()]
    return hauled, hauled[~hauled.redirected]


def sheet(run, account: str, layer: str) -> float:
    rows = run.time_sheet
    return float(rows[(rows.account == account) & (rows.layer == layer)].quantity.sum())


@pytest.mark.parametrize("layer", LAYERS)
def test_accounts_by_parcel(run, scenario, layer: str) -> None:
    rules = getattr(scenario.pickup, layer)
    hauled, collected = mine(run, layer)
    assert len(collected) > 5
    others, wrong = sheet(run, "others_parcels", layer), sheet(run, "others_exceptions", layer)
    expected = {
        "pickup_drop": len(hauled) * rules.bulk_drop_cost,
        "pickup_redirects": hauled.redirected.sum() * scenario.fulfilment.courier.last_mile_cost,
        "pickup_fees": (len(collected) + others) * rules.fee_per_parcel,
        "pickup_exceptions": (collected.exceptions.sum() + wrong) * rules.exception_cost,
        "pickup_shopper_fees": -len(collected) * rules.shopper_fee,
    }
    for account, yuan in expected.items():
        assert booked(run, account, layer) == pytest.approx(yuan, abs=0.3), account


@pytest.mark.parametrize("layer", LAYERS)
def test_accounts_by_point_and_day(run, scenario, layer: str) -> None:
    rules = getattr(scenario.pickup, layer)
    points = {"locker": 40, "leader": 120, "store": 12}[layer]
    days = points * 45
    expected = {
        "pickup_sites": days * rules.site_fee_per_day,
        "pickup_capital": days * rules.capital_per_point / rules.life_years / 365,
        "pickup_running": days * rules.running_cost_per_point_year / 365,
    }
    for account, yuan in expected.items():
        assert booked(run, account, layer) == pytest.approx(yuan, abs=0.3), account
    if rules.supervision is None:
        assert booked(run, "pickup_supervision", layer) == 0
    for account, rate in (
        ("pickup_attendants", rules.attendant_wage_per_hour),
        ("pickup_hiring", rules.hire_cost),
    ):
        assert booked(run, account, layer) == pytest.approx(sheet(run, account, layer) * rate, abs=0.3)


def test_commission_is_a_share_of_what_stays_sold(run, scenario) -> None:
    orders = run.orders[run.orders.delivery == "leader"]
    kept = orders[orders.final_state == "kept"].value_yuan.sum()
    rate = scenario.pickup.leader.commission_on_sales
    assert booked(run, "pickup_commission", "leader") == pytest.approx(rate * kept, abs=0.5)
    assert booked(run, "pickup_commission", "locker") == booked(run, "pickup_commission", "store") == 0


def test_assistants_in_stores_are_paid_by_the_minute(run, scenario) -> None:
    rules = scenario.pickup.store
    _, collected = mine(run, "store")
    # Parcels of the pipeline before and after the measured time are handed over as well.
    hours = len(collected) * rules.handover_minutes / 60.0
    assert sheet(run, "pickup_attendants", "store") == pytest.approx(hours, rel=0.35)
    assert rules.attendant_hours_per_day == 0


def test_late_collectors_and_other_merchants(run, scenario) -> None:
    rules = scenario.pickup.locker
    _, collected = mine(run, "locker")
    others = sheet(run, "others_parcels", "locker")
    sigma = np.sqrt(np.log1p(rules.dwell_hours.cv**2))
    dwell = lognorm(sigma, scale=rules.dwell_hours.mean * np.exp(-(sigma**2) / 2))
    steps = 12.0 + 12.0 * np.arange(6)
    late = 0.5 * dwell.sf(steps).sum() * (1 - rules.uncollected_rate)
    income = -booked(run, "pickup_overdue_income", "locker")
    assert income == pytest.approx(late * (others + len(collected)), rel=0.02)
    shared = ("attendants", "sites", "capital", "running", "fees", "hiring", "supervision", "exceptions")
    cost = sum(booked(run, f"pickup_{name}", "locker") for name in shared) - income
    recharge = -booked(run, "pickup_recharge", "locker")
    assert recharge == pytest.approx(0.9 * cost * others / (others + len(collected)), rel=0.01)


def test_the_layers_costs_are_their_accounts_and_add_up(run, scenario) -> None:
    courier = scenario.fulfilment.courier
    accounts = [name for name in run.accounts if name.startswith("pickup_")]
    for layer in LAYERS:
        mine_ = run.orders[(run.orders.layer == layer) & run.orders.line_haul_h.notna()]
        total = sum(booked(run, account, layer) for account in accounts)
        failed = mine_.failed_trip_h.notna().sum() * (courier.last_mile_cost + courier.failed_attempt_cost)
        left = len(mine_) * (courier.last_mile_cost - getattr(scenario.pickup, layer).tariff_discount)
        assert run.kpis[f"{layer}_cost"] == pytest.approx(total + failed + left, abs=0.5)
    assert run.kpis["layer_cost"] == pytest.approx(sum(run.kpis[f"{layer}_cost"] for layer in LAYERS))


def test_sampled_waits_pay_what_the_closed_form_says() -> None:
    """Half a million waits under each law, charged one by one."""
    from sim.management.draws import quantile
    from sim.management.overdue import expected_overdue_fee

    grid = (np.arange(200_000) + 0.5) / 200_000
    base = load("lockers").with_values({"pickup.locker.overdue_fee": 0.5, "pickup.locker.overdue_cap": 2.2})
    for law in (
        {"law": "lognormal", "mean": 18.0, "cv": 0.5},
        {"law": "gamma", "mean": 18.0, "cv": 0.7},
        {"law": "exponential", "mean": 18.0},
        {"law": "uniform", "mean": 18.0, "cv": 0.5},
        {"law": "deterministic", "mean": 30.0},
    ):
        rules = base.with_values({"pickup.locker.dwell_hours": law}).pickup.locker
        waits = np.array([quantile(rules.dwell_hours, u) for u in grid[::40]])
        fees = np.minimum(2.2, 0.5 * np.ceil(np.maximum(waits - 12.0, 0.0) / 12.0))
        paid = fees.mean() * (1 - rules.uncollected_rate)
        assert expected_overdue_fee(rules) == pytest.approx(paid, abs=0.002), law
