"""Rivals follow a price cut and take back part of what it has won."""

import math

import numpy as np
import pytest

from sim.market.forces.rivals import Rivals
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {"platform_search": source(1_000_000, 0.01, mix={"planner": 1.0})}
RULES = {"reaction": 0.5, "lag_days": 20, "cross_elasticity": 1.0, "least_price_index": 0.7}


def hand(price: float = 1.0, start: str = "mature", **rules: object) -> Hand:
    changes = {"market.rivals": RULES | rules, "channels.tmall.price_index": price, "horizon.start": start}
    return Hand(scenario_with(SOURCES, changes))


def live(market: Hand, force: Rivals, days: int) -> object:
    orders = market.rows("platform_search").astype(float) * 100.0
    return market.live(force, days, orders=orders)


def test_at_the_reference_price_nothing_happens():
    market = hand()
    force = Rivals(market.setting)
    assert live(market, force, 5).shift == pytest.approx(np.zeros(len(market.streams)))
    assert force.figures()["rival_price_index"] == pytest.approx(1.0)


def test_they_get_there_with_a_lag():
    market = hand(0.9, start="launch")
    force = Rivals(market.setting)
    live(market, force, 20)
    assert math.log(force.price_index) == pytest.approx(0.5 * math.log(0.9) * (1 - math.exp(-1)))
    live(market, force, 400)
    assert force.price_index == pytest.approx(0.9**0.5)


def test_a_mature_market_has_followed_already():
    assert Rivals(hand(0.9).setting).price_index == pytest.approx(0.9**0.5)


def test_a_cut_is_worth_less_after_they_follow():
    market = hand(0.9)
    today = live(market, Rivals(market.setting), 1)
    assert today.shift[market.rows("platform_search")] == pytest.approx(0.5 * math.log(0.9))
    alone = hand(0.9, reaction=0.0)
    assert live(alone, Rivals(alone.setting), 1).shift == pytest.approx(np.zeros(len(alone.streams)))


def test_a_price_war_ends_at_their_cost():
    market = hand(0.5, reaction=1.0)
    assert Rivals(market.setting).price_index == pytest.approx(0.7)


def test_they_see_what_shoppers_pay_on_promotion_days():
    market = hand(start="launch")
    force = Rivals(market.setting)
    today = market.morning()
    force.open(today)
    today.discount[:] = 0.2
    force.close(market.night(today, orders=market.rows("platform_search").astype(float)))
    assert math.log(force.price_index) == pytest.approx(0.5 * math.log(0.8) * (1 - math.exp(-1 / 20)))
