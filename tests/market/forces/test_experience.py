"""Six sides of the experience: slow, worn down, and no side makes up for another."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.market.forces.experience import Experience, Upkeep, joined
from sim.scenario.schema import Effort
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "search_engine": source(1_000_000, 0.01, mix={"planner": 1.0}, mall=1.0),
    "platform_search": source(1_000_000, 0.01, mix={"planner": 1.0}),
    "store_footfall": source(9_000, 0.2, mix={"planner": 1.0}, stores=1.0),
}
SIDE = {
    "budget_per_year": 200_000,
    "half_budget_per_year": 100_000,
    "decay_per_month": 0.05,
    "reference_level": 2 / 3,
}
RULES = {
    "assortment": SIDE,
    "content": SIDE,
    "usability": SIDE,
    "price_weight": 0.25,
    "assortment_weight": 0.15,
    "delivery_weight": 0.2,
    "after_sales_weight": 0.15,
    "usability_weight": 0.15,
    "content_weight": 0.1,
    "substitution": 0.5,
    "memory_days": 90,
    "reference_good_share": 0.98,
    "buying_elasticity": 0.5,
    "repurchase_elasticity": 1.0,
}


def hand(changes: dict[str, object] | None = None, **rules: object) -> Hand:
    values = {"market.experience": RULES | rules} | (changes or {})
    return Hand(scenario_with(SOURCES, values), kept=0.98, bad=0.02)


def opened(market: Hand) -> object:
    today = market.morning()
    Experience(market.setting).open(today)
    return today


def test_at_its_reference_it_changes_nothing():
    market = hand()
    today = opened(market)
    assert today.shift == pytest.approx(np.zeros(len(market.streams)))
    assert today.loyalty == pytest.approx(np.ones(len(market.streams)))


def test_neglected_upkeep_wears_down_and_more_spending_does_less_and_less():
    neglected = Upkeep(Effort(**SIDE | {"budget_per_year": 0}), mature=False)
    start = neglected.level
    for _ in range(365):
        neglected.pass_day()
    assert neglected.level == pytest.approx(start * 0.95**12)
    levels = [
        Upkeep(Effort(**SIDE | {"budget_per_year": spent}), mature=True).level
        for spent in (0, 100_000, 200_000, 300_000)
    ]
    assert levels == pytest.approx([0.0, 1 / 2, 2 / 3, 3 / 4])


def test_nothing_improves_overnight():
    side = Upkeep(Effort(**SIDE | {"opening_level": 0.3}), mature=False)
    side.pass_day()
    assert side.level - 0.3 < 0.01 * (2 / 3 - 0.3)
    for _ in range(3 * 365):
        side.pass_day()
    assert side.level == pytest.approx(2 / 3, rel=0.01)


def test_a_budget_spread_over_sides_beats_the_same_budget_on_one():
    spread = joined(np.full((6, 1), 1.1), np.ones(6), 0.5)
    heaped = joined(np.array([[1.6], [1.0], [1.0], [1.0], [1.0], [1.0]]), np.ones(6), 0.5)
    assert spread > heaped


def test_a_side_near_zero_pulls_the_whole_down():
    weak = joined(np.array([[0.05], [2.0], [2.0], [2.0], [2.0], [2.0]]), np.ones(6), 0.5)
    assert weak < 0.3


def test_the_malls_ease_of_use_matters_in_the_mall_only():
    market = hand(usability=SIDE | {"budget_per_year": 50_000})
    today = opened(market)
    assert (today.shift[market.rows("search_engine")] < 0).all()
    assert today.shift[market.rows("platform_search")] == pytest.approx(0.0)
    assert today.loyalty[market.rows("store_footfall")] == pytest.approx(1.0)


def test_buyers_who_waited_long_come_back_less_often():
    market = hand()
    force = Experience(market.setting)
    today = market.morning()
    force.open(today)
    night = market.night(today, entered={"kept": 100.0})
    slow = 2 * market.scenario.market.reference_delivery_days
    force.close(replace(night, delivery_days=slow))
    tomorrow = market.morning(1)
    force.open(tomorrow)
    expected = 1 / (0.8 + 0.2 * 2)
    assert tomorrow.loyalty[market.rows("platform_search")] == pytest.approx(expected, rel=0.01)
    assert tomorrow.shift[market.rows("platform_search")] == pytest.approx(0.0, abs=0.01)


def test_orders_that_went_badly_cost_loyalty():
    market = hand()
    force = Experience(market.setting)
    market.live(force, 60, entered={"kept": 500.0, "broken": 200.0})
    today = market.morning(60)
    force.open(today)
    assert (today.loyalty[market.rows("platform_search")] < 0.99).all()


def test_spending_is_paid_by_the_day_and_the_malls_by_the_mall():
    market = hand()
    market.live(Experience(market.setting), 73)
    paid = dict.fromkeys(("", "mall"), 0.0)
    for account, quantity, rate, channel, _ in market.paid:
        assert account == "experience_spend"
        paid[channel] += quantity * rate
    assert paid == pytest.approx({"": 2 * 40_000.0, "mall": 40_000.0})


def test_a_launch_opens_with_what_it_has_built():
    market = hand({"horizon.start": "launch"})
    today = opened(market)
    weights = 0.4
    shown = 1 / (1 - weights + weights * (2 / 3) / 0.3)
    assert today.shift[market.rows("search_engine")] == pytest.approx(0.5 * math.log(shown))
