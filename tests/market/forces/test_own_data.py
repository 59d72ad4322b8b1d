"""Recommendations get better with customers, less and less."""

import numpy as np
import pytest

from sim.market.forces.own_data import OwnData
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "search_engine": source(1_000_000, 0.01, mix={"planner": 1.0}, mall=1.0),
    "platform_search": source(1_000_000, 0.01, mix={"planner": 1.0}),
}
RULES = {
    "half_customers": 10_000,
    "memory_days": 730,
    "basket_gain": 0.2,
    "repurchase_gain": 0.3,
    "analyst_cost_per_year": 73_000,
}


def hand(**changes: object) -> Hand:
    return Hand(scenario_with(SOURCES, {"market.own_data": RULES} | changes))


def test_only_the_mall_knows_its_customers():
    market = hand()
    force = OwnData(market.setting)
    today = market.morning()
    force.open(today)
    q = force.precision
    assert 0 < q < 1
    assert today.basket[market.rows("search_engine")] == pytest.approx(1 + 0.2 * q)
    assert today.loyalty[market.rows("search_engine")] == pytest.approx(1 + 0.3 * q)
    assert (today.basket[market.rows("platform_search")] == 1.0).all()
    assert (today.shift == 0.0).all()


def test_a_launch_knows_nobody():
    market = hand(**{"horizon.start": "launch"})
    force = OwnData(market.setting)
    today = market.morning()
    force.open(today)
    assert force.precision == 0.0
    assert (today.basket == 1.0).all()


def test_twice_the_customers_are_less_than_twice_as_precise():
    found = []
    for visits in (500_000, 1_000_000, 2_000_000):
        market = hand(**{"market.sources.search_engine.visits_per_year": visits})
        found.append(OwnData(market.setting).precision)
    steps = np.diff(found)
    assert (steps > 0).all()
    assert found[2] < 2 * found[1]


def test_analysts_are_paid_by_the_day():
    market = hand()
    market.live(OwnData(market.setting), 5)
    assert sum(quantity * rate for _, quantity, rate, *_ in market.paid) == pytest.approx(5 * 200.0)
    assert {(account, channel) for account, _, _, channel, _ in market.paid} == {("data_analysts", "mall")}
