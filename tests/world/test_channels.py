"""What makes channels different, worked out by hand: equipment, servers, counters, fees, deposits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import pdtr

from sim.management.equipment import Equipment, payments
from sim.market.forces.capacity import _never_full, expected_served
from sim.market.postings import post_fees, years_of
from sim.money import Ledger
from sim.run import Run
from sim.scenario.capacity import assortment, counter_capacity, store_staff
from sim.world import simulate
from tests.world.limits.reading import funnel_visits, planned_per_hour
from tests.world.small import brief

SMALL = {
    "market.sources.search_engine.visits_per_year": 200_000,
    "market.sources.navigation_portal.visits_per_year": 50_000,
    "market.sources.email.visits_per_year": 50_000,
}
DAYS = 28


@pytest.fixture(scope="module")
def mature() -> Run:
    return simulate(brief("base", SMALL), 7)


@pytest.fixture(scope="module")
def launched() -> Run:
    return simulate(brief("base", SMALL | {"horizon.start": "launch"}), 7)


def cash_with(run: Run, account: str, period: int | None = None) -> float:
    """Return cash received from an account less cash paid to it, in yuan."""
    paid = run.ledger.select(period=period)
    signs = {("cash", account): 1, (account, "cash"): -1}
    return sum(signs.get((e.debit, e.credit), 0) * e.fen for e in paid) / 100


def test_accounts_by_channel_add_up_to_the_brand(mature: Run) -> None:
    for name, total in mature.accounts.items():
        parts = [accounts.get(name, 0.0) for accounts in mature.accounts_by_channel.values()]
        assert sum(parts) == pytest.approx(total, abs=0.005)
    alone = {"store_fitout": "stores", "channel_build": "mall", "channel_servers": "mall"}
    for name, channel in alone.items():
        assert mature.accounts_by_channel[channel][name] == pytest.approx(mature.accounts[name])
    for name in ("head_office", "coordination", "stock_writedown"):
        assert mature.accounts_by_channel[""][name] == mature.accounts[name]


def test_equipment_wears_out_evenly_and_is_paid_as_the_brand_began(mature: Run, launched: Run) -> None:
    stores = brief("base", SMALL).channels.stores
    fit_out = stores.count * stores.fit_out.cost
    for run in (mature, launched):
        wear = fit_out / stores.fit_out.life_years * DAYS / 365
        assert run.accounts["store_fitout"] == pytest.approx(wear, abs=0.01)
        assert run.accounts["channel_build"] == pytest.approx(300_000 / 5 * DAYS / 365, abs=0.01)
    assert cash_with(launched, "equipment", 0) == pytest.approx(-fit_out - 300_000)
    assert cash_with(mature, "equipment") == pytest.approx(-(fit_out + 300_000) / 5 * DAYS / 365, abs=0.02)


def test_things_are_bought_again_when_their_life_is_over() -> None:
    days = np.full(24, 365 / 12)
    thing = Equipment("mall", "channel_build", 900.0, 1.0)
    paid = payments(thing, days, from_nothing=True)
    assert np.flatnonzero(paid).tolist() == [0, 12]
    assert payments(thing, days, from_nothing=False).sum() == pytest.approx(1800.0)


def test_a_launch_pays_its_deposits_and_a_mature_brand_has_paid_them(mature: Run, launched: Run) -> None:
    stores = brief("base", SMALL).channels.stores
    rents = stores.count * stores.area_m2 * stores.rent_per_m2_month * stores.rent_deposit_months
    held = 50_000 + 3_000 + rents
    assert cash_with(launched, "deposits") == -held
    assert cash_with(mature, "deposits") == 0
    for run in (mature, launched):
        assert run.ledger.balance("deposits") == held * 100


def test_a_launch_begins_with_its_opening_cash_alone(launched: Run) -> None:
    put_in = launched.ledger.balance("owners_equity")
    assert put_in == -3_000_000 * 100


def test_what_a_mature_brand_has_under_way_is_as_much_at_the_end(mature: Run) -> None:
    measured = range(1)
    for name in ("payables", "receivables"):
        entries = mature.ledger.select(period=measured)
        change = sum(((e.debit == name) - (e.credit == name)) * e.fen for e in entries)
        opening = sum(
            ((e.debit == name) - (e.credit == name)) * e.fen
            for e in mature.ledger.select(period=measured)
            if "owners_equity" in (e.debit, e.credit)
        )
        assert change == pytest.approx(opening, abs=20)
        assert opening != 0


def test_payouts_are_what_shoppers_paid_less_what_was_taken_off(launched: Run) -> None:
    """Nothing stays at the platform for good: what is owed at the end are the last days' sales."""
    owed = launched.ledger.balance("receivables", channel="tmall", period=0) / 100
    tmall = launched.accounts_by_channel["tmall"]
    net = -sum(tmall.get(name, 0.0) for name in ("sales", "refunds", "discounts"))
    assert 0.8 * 10 / DAYS < owed / net < 1.2 * 10 / DAYS


def test_the_year_of_a_month() -> None:
    days = np.array([31.0, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] * 2 + [31, 0])
    assert years_of(days).tolist() == [0] * 12 + [1] * 12 + [2, 2]
    assert years_of(np.array([365.0, 0.0])).tolist() == [0, 0]


def test_fees_are_paid_every_new_year_and_refunded_by_the_sales_of_each() -> None:
    scenario = brief("base")
    days = np.array([365.0 / 12] * 24 + [0])
    sales = np.zeros(25)
    sales[:12], sales[12:24] = 200_000 / 12, 800_000 / 12
    for rating, refunds in ((None, (30_000, 60_000)), (0.69, (0, 0)), (0.7, (30_000, 60_000))):
        ledger = Ledger()
        post_fees(scenario, ledger, {"tmall": sales}, days, rating)
        books = ledger.close()
        fees = [books.balance("platform_fee", channel="tmall", period=month) / 100 for month in range(24)]
        assert {month: fee for month, fee in enumerate(fees) if fee} == {
            month: fee
            for month, fee in {0: 60_000, 11: -refunds[0], 12: 60_000, 23: -refunds[1]}.items()
            if fee
        }


@pytest.mark.parametrize("capacity", [0.4, 1.0, 2.5, 7.0])
@pytest.mark.parametrize("visits", [0.3, 2.0, 9.0])
def test_those_served_are_the_sum_over_all_numbers_of_visitors(visits: float, capacity: float) -> None:
    chance = [math.exp(-visits) * visits**n / math.factorial(n) for n in range(60)]
    brute = sum(p * min(n, capacity) for n, p in enumerate(chance))
    assert expected_served(np.array([visits]), capacity)[0] == pytest.approx(brute)


@pytest.mark.parametrize("places", [1, 7, 40, 333, 5000])
def test_servers_that_can_never_be_full_serve_what_the_formula_says(places: int) -> None:
    """Just inside and just outside the bound beyond which no sum over the hours is made."""
    edge = next(v for v in places * np.linspace(1.0, 0.0, 2001) if v == 0.0 or _never_full(v, places))
    visits = np.array([0.999 * edge, edge, 1.001 * edge, 0.5 * (edge + places)])
    formula = visits * pdtr(places - 1.0, visits) + places * (1.0 - pdtr(places, visits))
    for one, expected in zip(visits, formula, strict=True):
        assert expected_served(np.array([one]), places)[0] == expected
    assert _never_full(0.99 * edge, places) or edge == 0.0
    assert not _never_full(0.5 * (edge + places), places)


def test_a_counter_by_hand() -> None:
    stores = brief("base").channels.stores
    # Three people, 200 hours a month each, ten hours a day, four visitors an hour.
    on_duty = 3 * 200 / (365 / 12) / 10
    assert counter_capacity(stores.counter, 3) == pytest.approx(4 * on_duty)
    hiring = stores.model_copy(
        update={"counter": stores.counter.model_copy(update={"target_utilisation": 0.5})}
    )
    each = 200 / (365 / 12) * 4 * 0.5
    assert store_staff(hiring, stores.count * each * 4.5) == 5
    assert store_staff(stores, 1e9) == 3


def test_walkouts_cost_the_orders_of_those_who_walk_out() -> None:
    plain = {"channels.stores.counter": None, "market.sources.store_footfall.visits_per_year": 400_000}
    free = simulate(brief("base", SMALL | plain), 3)
    full = simulate(brief("base", SMALL | {k: v for k, v in plain.items() if "counter" not in k}), 3)
    share = full.kpis["walkout_share"]
    assert share > 0.5
    bought = full.kpis["orders_store"] / free.kpis["orders_store"]
    error = math.sqrt((1 - share) * share / free.kpis["orders_store"])
    assert bought == pytest.approx(1 - share, abs=4 * error)


def test_room_for_everybody_is_no_limit() -> None:
    plenty = {"channels.stores.staff_per_store": 500, "channels.mall.servers.capacity_factor": 900}
    on = simulate(brief("base", SMALL | plenty), 3)
    off = simulate(
        brief("base", SMALL | plenty | {"mechanisms.store_capacity": False, "channels.mall.servers": None}), 3
    )
    assert on.funnel != off.funnel  # servers cost by source
    assert [row.orders for row in on.funnel] == [row.orders for row in off.funnel]
    assert on.kpis["walkout_share"] == 0.0 == on.kpis["server_loss_share"]


@pytest.mark.parametrize("sizing", ["fixed", "planned", "elastic"])
def test_servers_by_hand(sizing: str) -> None:
    values = {"channels.mall.servers.sizing": sizing, "channels.mall.servers.capacity_visits_per_hour": 500}
    scenario = brief("base", SMALL | values)
    run = simulate(scenario, 3)
    visits = funnel_visits(run, "mall")
    planned = planned_per_hour(scenario, "mall")
    year = DAYS / 365
    capacity = {"fixed": 500 * 10 * year, "planned": 8 * planned * 10 * year, "elastic": visits * 20 / 8760}
    assert run.accounts["channel_servers"] == pytest.approx(capacity[sizing] + visits * 0.004, rel=2e-3)
    assert ("server_loss_share" in run.kpis) == (sizing != "elastic")


def test_a_store_shows_what_its_floor_holds() -> None:
    scenario = brief("base")
    assert assortment(scenario, "stores") == 360
    assert assortment(scenario, "mall") == 600
    large = scenario.with_values({"channels.stores.area_m2": 400})
    assert assortment(large, "stores") == 600
