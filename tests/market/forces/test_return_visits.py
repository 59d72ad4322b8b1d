"""Visitors who leave and look again."""

import numpy as np
import pytest

from sim.market.forces.return_visits import ReturnVisits
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {"platform_search": source(1_000_000, 0.01, mix={"planner": 1.0})}
RULES = {"share": {"planner": 0.3}, "mean_days": 5, "lift": 2.0}


def hand(**changes: object) -> Hand:
    return Hand(scenario_with(SOURCES, {"market.return_visits": RULES} | changes))


def expected_orders(market: Hand, today: object) -> np.ndarray:
    return today.rates * 24.0 * market.conversions


def live(market: Hand, force: ReturnVisits, days: int) -> object:
    for day in range(days):
        today = market.morning(day)
        force.open(today)
        force.close(market.night(today, orders=expected_orders(market, today)))
    return today


def test_the_mature_state_is_steady_and_a_geometric_series():
    market = hand()
    today = live(market, ReturnVisits(market.setting), 60)
    convert = market.conversions[market.rows("platform_search")][0]
    again = market.conversions[market.rows("return_visit")][0]
    assert again == pytest.approx(2.0 * convert)
    expected = 1_000_000 * 0.3 * (1 - convert) / (1 - 0.3 * (1 - again))
    assert market.by_source(today, "return_visit") == pytest.approx(expected)


def test_a_launch_starts_with_nobody_and_gets_there():
    market = hand(**{"horizon.start": "launch"})
    force = ReturnVisits(market.setting)
    assert market.by_source(live(market, force, 1), "return_visit") == 0.0
    mature = hand()
    usual = mature.by_source(live(mature, ReturnVisits(mature.setting), 1), "return_visit")
    assert market.by_source(live(market, force, 80), "return_visit") == pytest.approx(usual, rel=1e-3)


def test_who_buys_does_not_come_back():
    market = hand(**{"horizon.start": "launch"})
    force = ReturnVisits(market.setting)
    today = market.morning()
    force.open(today)
    force.close(market.night(today, orders=today.rates * 24.0))
    assert force.stock == pytest.approx(0.0)


def test_everybody_who_joins_comes_back_once():
    """People are neither lost nor made up: joined less come is the stock."""
    market = hand(**{"horizon.start": "launch"})
    force = ReturnVisits(market.setting)
    joined = came = 0.0
    for day in range(20):
        today = market.morning(day)
        force.open(today)
        night = market.night(today, orders=expected_orders(market, today))
        joined += 0.3 * (night.visits - expected_orders(market, today)).sum()
        came += night.visits[market.rows("return_visit")].sum()
        force.close(night)
    assert force.stock is not None
    assert force.stock.sum() == pytest.approx(joined - came)


def test_without_the_mechanism_there_are_no_such_visits():
    market = hand(**{"mechanisms.return_visits": False})
    assert not market.rows("return_visit").any()
