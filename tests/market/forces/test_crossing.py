"""Visitors who look in one channel and buy in another."""

import pytest

from sim.market.forces.crossing import Crossing, share_near_a_store
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "platform_search": source(1_000_000, 0.01, mix={"planner": 1.0}),
    "store_footfall": source(20_000, 0.2, stores=1.0, mix={"planner": 0.5, "replacer": 0.5}),
}
RULES = {
    "showrooming_share": 0.1,
    "showrooming_conversion": 0.3,
    "showrooming_landing": {"tmall": 0.75, "mall": 0.25},
    "webrooming_share": 0.002,
    "webrooming_conversion": 0.25,
}


def hand(**changes: object) -> Hand:
    return Hand(scenario_with(SOURCES, {"market.cross_channel": RULES, "market.places": 40} | changes))


def test_who_leaves_a_store_looks_on_the_web_by_the_weights_of_its_shops():
    market = hand()
    force = Crossing(market.setting)
    for _ in range(3):
        today = market.morning()
        force.open(today)
        force.close(market.night(today, orders=today.rates * 24.0 * market.conversions))
        kinds = market.scenario.market.visitor_types
        left = sum(10_000 * (1 - 0.2 * getattr(kinds, kind).conversion) for kind in ("planner", "replacer"))
        assert market.by_source(today, "showrooming") == pytest.approx(0.1 * left)
        on_tmall = today.rates[market.rows("showrooming", "tmall")].sum()
        assert on_tmall / today.rates[market.rows("showrooming")].sum() == pytest.approx(0.75)


def test_who_leaves_the_web_goes_to_a_store_where_there_is_one():
    market = hand()
    force = Crossing(market.setting)
    today = market.live(force, 2)
    near = share_near_a_store(market.scenario)
    assert market.scenario.channels.stores.count / 40 < near < 1
    assert market.by_source(today, "webrooming") == pytest.approx(1_000_000 * 0.002 * near)


def test_more_stores_are_near_more_people():
    shares = [
        share_near_a_store(hand(**{"channels.stores.count": count}).scenario) for count in (1, 2, 20, 40)
    ]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_buyers_do_not_cross():
    market = hand()
    force = Crossing(market.setting)
    today = market.morning()
    force.open(today)
    force.close(market.night(today, orders=today.rates * 24.0))
    tomorrow = market.morning(1)
    force.open(tomorrow)
    assert market.by_source(tomorrow, "showrooming") == 0.0
    assert market.by_source(tomorrow, "webrooming") == 0.0


def test_a_dearer_shop_on_the_web_wins_fewer_who_looked_in_a_store():
    usual, dear = hand(), hand(**{"channels.tmall.price_index": 1.2})
    row = usual.rows("showrooming", "tmall")
    assert (dear.conversions[row] < usual.conversions[row]).all()


def test_nobody_crosses_without_stores_or_without_the_mechanism():
    for change in ({"mechanisms.cross_channel": False}, {"market.cross_channel": None}):
        market = Hand(scenario_with(SOURCES, {"market.cross_channel": RULES} | change))
        assert not market.rows("showrooming").any()
        assert not market.rows("webrooming").any()
