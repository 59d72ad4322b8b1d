"""Dealers live on their margin or close; shoppers in stores know the web's price."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.market.forces.dealers import Dealers
from sim.market.forces.expected import buying
from sim.market.forces.price_gap import PriceGap
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "platform_search": source(1_000_000, 0.01, mix={"planner": 1.0}),
    "store_footfall": source(100_000, 0.2, stores=1.0, mix={"planner": 1.0}),
}
DEALERS = {"margin": 0.3, "least_profit_per_store_month": 0, "leaving_share": 0.6, "review_days": 10}
GAP = {"sensitivity": 2.0, "kept_by_web_share": 0.5}
CROSSING = {
    "showrooming_share": 0.1,
    "showrooming_conversion": 0.3,
    "showrooming_landing": {"tmall": 0.75, "mall": 0.25},
    "webrooming_share": 0.0,
    "webrooming_conversion": 0.25,
}


def dealt(changes: dict[str, object] | None = None, **rules: object) -> Hand:
    values = {
        "channels.stores.dealers": DEALERS | rules,
        "channels.stores.counter": None,
        "mechanisms.marginal_sites": False,
        "market.places": 40,
    }
    return Hand(scenario_with(SOURCES, values | (changes or {})))


def sold(market: Hand, orders: float) -> np.ndarray:
    """So many orders of 100 yuan a day in all stores."""
    by_stream = np.zeros(market.rates.size)
    by_stream[market.rows("store_footfall")] = orders
    return by_stream


def test_dealers_who_can_live_stay_and_the_profit_is_margin_less_upkeep() -> None:
    market = dealt()
    force = Dealers(market.setting)
    market.live(force, 30, orders=sold(market, 500.0))
    assert force.open_share == 1.0
    kept = 1.0 - market.scenario.products.return_rate
    month = 365 / 12
    upkeep = 120 * 120 + 3 * 4500 + 150_000 / 5 / 12
    profit = 0.3 * 500 * 100 * kept * month / 4 - upkeep
    assert force.figures() == pytest.approx({"dealer_profit": profit, "dealers_left_share": 0.0})


def test_dealers_who_cannot_live_close_and_their_visits_are_lost() -> None:
    market = dealt(service_worth=0.4)
    force = Dealers(market.setting)
    today = market.live(force, 11, orders=sold(market, 1.0))
    # The hand's luck is one half, below the leaving share: all leave at the first review.
    assert force.open_share == 0.0
    assert today.rates[market.rows("store_footfall")].sum() == 0.0
    assert today.shift[market.rows("platform_search")] == pytest.approx(-0.4 * 4 / 40)
    assert force.figures()["dealers_left_share"] == 1.0


def test_dealers_stay_where_nobody_leaves() -> None:
    market = dealt({"mechanisms.dealer_exit": False})
    assert Dealers.acts_in(market.scenario)
    force = Dealers(market.setting)
    market.live(force, 30, orders=sold(market, 1.0))
    assert force.open_share == 1.0


def test_a_subsidy_is_paid_by_the_day_and_keeps_dealers_in_post() -> None:
    market = dealt(subsidy_per_store_month=100_000)
    force = Dealers(market.setting)
    market.live(force, 20, orders=sold(market, 1.0))
    assert force.open_share == 1.0
    paid = sum(
        quantity * rate for account, quantity, rate, _, _ in market.paid if account == "dealer_subsidy"
    )
    assert paid == pytest.approx(4 * 100_000 * 12 * 20 / 365)
    assert {channel for account, _, _, channel, _ in market.paid if account == "dealer_subsidy"} == {"stores"}


def compared(**changes: object) -> Hand:
    values = {"market.price_gap": GAP, "market.cross_channel": CROSSING, "channels.stores.price_index": 1.25}
    return Hand(scenario_with(SOURCES, values | changes))


def test_a_dearer_store_loses_buyers_by_the_gap_and_half_of_them_order_on_the_web() -> None:
    market = compared()
    force = PriceGap(market.setting)
    today = market.morning()
    force.open(today)
    rows = market.rows("store_footfall")
    before, after = market.conversions[rows], buying(market.conversions, today.shift)[rows]
    assert after == pytest.approx(before * 1.25**-2)
    bought = today.rates * 24.0 * buying(market.conversions, today.shift)
    force.close(market.night(today, orders=bought))
    tomorrow = market.morning(1)
    usual = market.rates.copy()
    force.open(tomorrow)
    web = market.rows("showrooming")
    more = (tomorrow.rates - usual)[web] * 24.0 * market.conversions[web]
    turned = bought[rows].sum() * (1.25**2 - 1.0)
    assert more.sum() == pytest.approx(0.5 * turned)
    # They order the basket that they chose in the store.
    products = market.scenario.products
    usual_orders = usual[web] * 24.0 * market.conversions[web]
    worth = (usual_orders + more) @ tomorrow.basket[web] * products.basket_online.mean
    expected = usual_orders.sum() * products.basket_online.mean + more.sum() * products.basket_store.mean
    assert worth == pytest.approx(expected)
    assert force.figures()["price_gap_share"] == pytest.approx(1.0 - 1.25**-2)


def test_a_discount_on_the_web_widens_the_gap() -> None:
    market = compared()
    force = PriceGap(market.setting)
    today = market.morning()
    today.discount[:] = 0.1
    force.open(today)
    rows = market.rows("store_footfall")
    lost = buying(market.conversions, today.shift)[rows] / market.conversions[rows]
    assert lost == pytest.approx(math.exp(-2.0 * math.log(1.25 / 0.9)))


@pytest.mark.parametrize("price", [1.0, 0.9])
def test_nobody_turns_away_from_a_store_that_is_no_dearer(price: float) -> None:
    market = compared(**{"channels.stores.price_index": price})
    force = PriceGap(market.setting)
    today = market.live(force, 3, orders=market.rates * 24.0 * market.conversions)
    assert not today.shift.any()
    assert today.rates == pytest.approx(market.rates)
    assert today.basket == pytest.approx(np.ones(market.rates.size))
