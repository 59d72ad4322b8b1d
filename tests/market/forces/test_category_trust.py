"""Bad orders of any seller make shoppers wary of all."""

import math

import pytest

from sim.market.forces.category_trust import CategoryTrust
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "platform_search": source(1_000_000, 0.01),
    "search_engine": source(100_000, 0.01, mall=1.0),
    "store_footfall": source(10_000, 0.2, stores=1.0),
}
RULES = {
    "brand_weight": 0.1,
    "others_bad_share": 0.05,
    "imitation": 0.5,
    "reference_bad_share": 0.03,
    "sensitivity": 10,
    "memory_days": 100,
    "mall_share": 0.2,
}


def force_in(bad: float = 0.03, rules: dict[str, float] | None = None) -> tuple[Hand, CategoryTrust]:
    market = Hand(
        scenario_with(SOURCES, {"market.category_trust": RULES | (rules or {})}), kept=1.0 - bad, bad=bad
    )
    return market, CategoryTrust(market.setting)


def test_nothing_moves_at_the_reference():
    market, force = force_in(rules={"others_bad_share": 0.03})
    today = market.morning()
    force.open(today)
    assert today.shift == pytest.approx(0.0, abs=1e-12)
    assert force.figures()["category_demand"] == pytest.approx(1.0)


def test_fakes_of_others_reach_platforms_whole_the_mall_in_part_and_stores_not_at_all():
    market, force = force_in()
    today = market.morning()
    force.open(today)
    expected = 0.1 * 0.03 + 0.9 * (0.5 * 0.03 + 0.5 * 0.05)
    shift = -10 * (expected - 0.03)
    assert force.expected_bad_share == pytest.approx(expected)
    assert today.shift[market.rows("platform_search")] == pytest.approx(shift)
    assert today.shift[market.rows("search_engine")] == pytest.approx(0.2 * shift)
    assert (today.shift[market.rows("store_footfall")] == 0.0).all()
    assert force.figures()["category_demand"] == pytest.approx(math.exp(shift))


def test_saving_on_quality_does_more_harm_where_others_follow():
    def harm(imitation: float) -> float:
        rules = {"imitation": imitation}
        return force_in(0.08, rules)[1].expected_bad_share - force_in(0.03, rules)[1].expected_bad_share

    assert harm(0.0) == pytest.approx(0.1 * 0.05)
    assert harm(1.0) == pytest.approx(0.05)


def test_the_brand_learns_of_its_own_bad_days_slowly():
    market, force = force_in()
    before = force.expected_bad_share
    market.live(force, 10, entered={"kept": 10.0, "broken": 10.0})
    after_ten = force.expected_bad_share
    market.live(force, 90, first=10, entered={"kept": 10.0, "broken": 10.0})
    assert before < after_ten < force.expected_bad_share


def test_a_launch_starts_at_the_reference():
    market = Hand(scenario_with(SOURCES, {"market.category_trust": RULES, "horizon.start": "launch"}))
    own = 0.03
    expected = 0.1 * own + 0.9 * (0.5 * own + 0.5 * 0.05)
    assert CategoryTrust(market.setting).expected_bad_share == pytest.approx(expected)
