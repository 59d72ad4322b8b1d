"""Ratings come slowly and go quickly."""

from dataclasses import replace

import numpy as np
import pytest

from sim.market.forces.reviews import Reviews
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {"platform_search": source(10_000_000, 0.01, mix={"planner": 1.0})}
RULES = {
    "memory_days": 180,
    "loss_ratio": 4.0,
    "bad_share_per_day_late": 0.1,
    "reference_bad_share": 0.02,
    "sensitivity": 3.0,
    "review_share": 0.3,
    "half_count": 2000,
    "count_gain": 0.3,
    "reference_count": 20_000,
}


def hand(**changes: object) -> Hand:
    values = {"market.reviews": RULES, "mechanisms.repurchase": False} | changes
    return Hand(scenario_with(SOURCES, values), kept=0.98, bad=0.02)


def of_tmall(force: Reviews) -> float:
    return float(force.ratings()[0])


def live(market: Hand, force: Reviews, days: int, kept: float, broken: float) -> None:
    market.live(force, days, entered={"kept": kept, "broken": broken})


def test_at_its_reference_it_changes_nothing():
    market = hand()
    force = Reviews(market.setting)
    shown = 0.3 * (force._memory.good[0] + force._memory.bad[0])
    market = hand(**{"market.reviews": RULES | {"reference_count": float(shown)}})
    today = market.morning()
    Reviews(market.setting).open(today)
    assert today.shift[market.rows("platform_search")] == pytest.approx(0.0)


def test_a_rating_falls_faster_than_it_rises():
    """As many bad days as good days after them do not bring it back."""
    market = hand()
    force = Reviews(market.setting)
    daily = 10_000_000 * 0.01 / 365
    before = of_tmall(force)
    live(market, force, 10, 0.8 * daily, 0.2 * daily)
    low = of_tmall(force)
    live(market, force, 10, daily, 0.0)
    back = of_tmall(force)
    assert low < back < before
    assert (before - low) > 2.5 * (back - low)


def test_one_bad_order_undoes_as_many_good_ones_as_the_loss_ratio_says():
    market = hand()
    force = Reviews(market.setting)
    force._memory.good, force._memory.bad = np.array([96.0, 0, 0]), np.array([1.0, 0, 0])
    assert force.ratings()[0] == pytest.approx(96 / (96 + 4))


def test_late_orders_disappoint():
    quick, slow = hand(), hand()
    ratings = []
    for market, days in ((quick, 3.0), (slow, 6.0)):
        force = Reviews(market.setting)
        for day in range(30):
            today = market.morning(day)
            force.open(today)
            night = market.night(today, entered={"kept": 300.0})
            force.close(replace(night, delivery_days=days))
        ratings.append(of_tmall(force))
    assert ratings[1] < ratings[0]


def test_a_launch_has_no_reviews_and_that_costs():
    market = hand(**{"horizon.start": "launch"})
    today = market.morning()
    Reviews(market.setting).open(today)
    lacking = -0.3 * 20_000 / 22_000
    assert today.shift[market.rows("platform_search")] == pytest.approx(lacking)


def test_more_reviews_help_less_and_less():
    gains = []
    for number in (0.0, 2_000.0, 20_000.0, 200_000.0):
        market = hand(**{"market.reviews": RULES | {"reference_count": number}})
        today = market.morning()
        Reviews(market.setting).open(today)
        gains.append(-float(today.shift[market.rows("platform_search")][0]))
    steps = np.diff(gains)
    assert (steps > 0).all()
    assert (np.diff(steps / np.diff([0.0, 2_000.0, 20_000.0, 200_000.0])) < 0).all()
