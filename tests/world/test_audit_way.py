"""Accounts of the way to the customer and back, recomputed from the log of orders and the time sheet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.run import Run
from sim.scenario import Scenario
from sim.world import simulate
from tests.world.limits.fulfilment import WORLD
from tests.world.small import brief

NAME, VALUES = WORLD
REFURBISHMENT = {
    "minutes": 10,
    "wage_per_hour": 17,
    "shift_start_hour": 8,
    "shift_end_hour": 17,
    "target_utilisation": 0.8,
}
CHANGES = VALUES | {
    "fulfilment.returns.refurbishment": REFURBISHMENT,
    "fulfilment.warehouse.packing_grade": "reinforced",
    "mechanisms.promotion_days": False,
    "horizon.days": 45,
}
BACK = ("cancelled", "lost", "refused", "broken", "return_transit", "wrong_back")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return brief(NAME, CHANGES)


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return simulate(scenario, seed=6, log=True)


def entered(run: Run, step: str) -> pd.DataFrame:
    return run.orders[run.orders[f"{step}_h"].notna()]


def goods_share(run: Run) -> float:
    """Purchase cost over reference value, as the goods account itself has it."""
    sold = run.orders.reference_value_yuan.sum() - entered(run, "cancelled").reference_value_yuan.sum()
    posted = run.books[(run.books.debit == "goods") & (run.books.credit == "stock")].fen.sum() / 100
    return posted / sold


def posted(run: Run, debit: str, credit: str) -> float:
    book = run.books
    return book[(book.debit == debit) & (book.credit == credit)].fen.sum() / 100


def price_of(run: Run, scenario: Scenario, step: str) -> pd.Series:
    """Courier's price at the months in which orders entered a step, from parcels in the trace."""
    begin, days = scenario.horizon.warmup_days * 24.0, np.array([31.0, 14.0])
    ends = begin + np.cumsum(days) * 24.0
    hauled = run.events[(run.events.node == "line_haul") & (run.events.what == "enter")].time_h
    parcels = np.bincount(np.searchsorted(ends, hauled[hauled > begin]), minlength=3)
    tiers = scenario.fulfilment.courier.tariff_tiers
    monthly = parcels[:2] * 365 / 12 / days
    prices = [
        next(tier.price for tier in reversed(tiers) if count >= tier.from_parcels_per_month)
        for count in monthly
    ]
    months = np.searchsorted(ends, entered(run, step)[f"{step}_h"])
    return pd.Series(np.array([*prices, prices[-1]])[months])


def test_everything_happens(run: Run) -> None:
    for step in ("wrong", "short", "replaced", "wrong_back", "installed", "refurbished", "failed_trip"):
        assert len(entered(run, step)) > 5, step


def test_refunds(run: Run) -> None:
    given_back = sum(entered(run, step).value_yuan.sum() for step in BACK)
    assert run.accounts["refunds"] == pytest.approx(given_back, abs=1.0)


def test_second_parcels(run: Run, scenario: Scenario) -> None:
    packing = scenario.fulfilment.warehouse.reinforced_packing
    assert packing is not None
    prices = price_of(run, scenario, "replaced")
    assert run.accounts["reshipments"] == pytest.approx((prices + packing.material_cost).sum(), abs=1.0)


def test_packing_of_the_grade_in_use(run: Run, scenario: Scenario) -> None:
    packing = scenario.fulfilment.warehouse.reinforced_packing
    assert packing is not None
    packed = len(entered(run, "pick_pack"))
    assert run.accounts["packing_material"] == pytest.approx(packed * packing.material_cost, abs=1.0)


def test_carriage_and_handling_of_what_comes_back(run: Run, scenario: Scenario) -> None:
    returns, sheet = scenario.fulfilment.returns, run.time_sheet
    assert sheet is not None
    carried = pd.concat([entered(run, step) for step in ("refused", "return_transit", "wrong")])
    online = (carried.channel != "stores").sum()
    assert run.accounts["return_freight"] == pytest.approx(online * returns.freight_cost, abs=1.0)
    hours = sheet.query("account == 'return_handling'").quantity.sum()
    by_hand = len(carried) * returns.handling_cost + hours * REFURBISHMENT["wage_per_hour"]
    assert run.accounts["return_handling"] == pytest.approx(by_hand, abs=1.0)


def test_goods_that_come_back_are_worth_nothing_until_refurbished(run: Run, scenario: Scenario) -> None:
    resale, share = scenario.products.resale_share, goods_share(run)
    opened = pd.concat([entered(run, step) for step in ("return_transit", "wrong_back")])
    again = entered(run, "refurbished").reference_value_yuan.sum() * share * resale
    exchanged = entered(run, "wrong").reference_value_yuan.sum()
    exchanged -= entered(run, "wrong_back").reference_value_yuan.sum()
    lost = opened.reference_value_yuan.sum() * share + exchanged * share * (1 - resale)
    assert posted(run, "stock", "return_writedown") == pytest.approx(again, rel=1e-4)
    assert run.accounts["return_writedown"] == pytest.approx(lost - again, rel=1e-4)


def test_installation(run: Run, scenario: Scenario) -> None:
    rules, sheet = scenario.fulfilment.installation, run.time_sheet
    assert rules is not None
    assert sheet is not None
    fees = len(entered(run, "installed")) * rules.fee
    assert -run.accounts["installation_fees"] == pytest.approx(fees, abs=1.0)
    hours = sheet.query("account == 'installation_wages'").quantity.sum()
    crew = rules.crew_size * rules.wage_per_hour
    assert run.accounts["installation_wages"] == pytest.approx(hours * crew, abs=1.0)
    shift = rules.shift_end_hour - rules.shift_start_hour
    assert hours / shift == pytest.approx(round(hours / shift))


def test_own_vans(run: Run, scenario: Scenario) -> None:
    """Paid by whole shifts; what the vans bring, the courier is not paid for."""
    fleet, sheet, courier = scenario.fulfilment.fleet, run.time_sheet, scenario.fulfilment.courier
    assert fleet is not None
    assert sheet is not None
    paid = sheet.groupby("account").quantity.sum()
    drivers, vans = paid["fleet_drivers"], paid["fleet_vans"]
    assert drivers == pytest.approx(vans * fleet.shift_hours)
    assert run.accounts["fleet_drivers"] == pytest.approx(drivers * fleet.driver_wage_per_hour, abs=1.0)
    assert run.accounts["fleet_vans"] == pytest.approx(vans * fleet.van_cost_per_day, abs=1.0)
    by_road = paid["fleet_kilometres"] * fleet.van_cost_per_km
    assert run.accounts["fleet_kilometres"] == pytest.approx(by_road, abs=1.0)
    hauled, failed = len(entered(run, "line_haul")), len(entered(run, "failed_trip"))
    left = run.accounts["last_mile"] / (hauled * courier.last_mile_cost)
    assert 0.2 < left < 0.5, "half of the places, the denser half"
    second = left * courier.last_mile_cost + courier.failed_attempt_cost
    assert run.accounts["failed_attempts"] == pytest.approx(failed * second, abs=1.0)
    assert run.kpis["stops_per_van_day"] * vans == pytest.approx(
        (1 - left) * (len(entered(run, "door_trip")) + failed), rel=0.1
    )


def test_each_account_knows_channel_and_source(run: Run) -> None:
    """Nothing of it belongs to the brand as a whole: somebody's order has caused it."""
    accounts = ("reshipments", "fleet_drivers", "fleet_vans", "fleet_kilometres", "installation_wages")
    for account in accounts:
        mine = run.books[run.books.debit == account]
        assert (mine.channel != "").all(), account
        assert (mine.source != "").all(), account
    assert (run.books[run.books.credit == "installation_fees"].source != "").all()


def test_books_balance(run: Run) -> None:
    assert run.ledger.trial_balance() == 0
    assert run.balance["orders_open"] == 0
