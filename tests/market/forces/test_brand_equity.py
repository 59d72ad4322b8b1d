"""Low prices wear the brand's name down; time restores it."""

import math

import numpy as np
import pytest

from sim.market.forces.brand_equity import BrandEquity
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "platform_search": source(1_000_000, 0.01),
    "store_footfall": source(10_000, 0.2, stores=1.0),
}
RULES = {"worn_per_discount_day": 0.01, "recovery_days": 100, "worth": 2}


def hand(**changes: object) -> Hand:
    return Hand(scenario_with(SOURCES, {"market.brand_equity": RULES} | changes))


def test_a_brand_never_sold_below_its_price_keeps_its_name():
    market = hand()
    force = BrandEquity(market.setting)
    today = market.live(force, 30)
    assert force.equity == 1.0
    assert (today.shift == 0.0).all()
    assert force.figures() == {"brand_equity": 1.0}


def test_a_price_that_stays_low_settles_where_wear_and_recovery_meet():
    """With a tenth off the fixed point of B -> 1 - (1 - B exp(-w x)) exp(-1 / r) is known in closed form."""
    market = hand(**{"channels.tmall.price_index": 0.9})
    force = BrandEquity(market.setting)
    still, worn = math.exp(-1 / 100), math.exp(-0.01 * 0.1)
    settled = (1 - still) / (1 - worn * still)
    assert force.equity == pytest.approx(settled, rel=1e-6)
    assert settled == pytest.approx(1 / (1 + 100 * 0.01 * 0.1), rel=0.01)
    today = market.live(force, 10)
    for name in SOURCES:  # in stores as well
        assert today.shift[market.rows(name)] == pytest.approx(2 * math.log(settled), rel=1e-6)
    dearer = BrandEquity(hand(**{"channels.tmall.price_index": 1.2}).setting)
    assert dearer.equity == 1.0


def test_a_launch_has_its_name_and_loses_it_day_by_day():
    market = hand(**{"channels.tmall.price_index": 0.9, "horizon.start": "launch"})
    force = BrandEquity(market.setting)
    found = []
    for day in range(200):
        market.live(force, 1, first=day)
        found.append(force.equity)
    assert (np.diff(found) < 0).all()
    assert found[0] == pytest.approx(1 - 0.01 * 0.1, abs=1e-4)


def test_a_day_with_twice_the_visitors_does_twice_the_harm():
    lost = []
    for visits in (1.0, 2.0):
        market = hand()
        force = BrandEquity(market.setting)
        today = market.morning()
        today.discount[:] = 0.3
        today.rates *= visits
        force.open(today)
        force.close(market.night(today))
        lost.append(1.0 - force.equity)
    assert lost[1] == pytest.approx(2 * lost[0], rel=0.01)
    assert lost[0] == pytest.approx(0.003, rel=0.02)


def test_a_mature_brand_remembers_last_november():
    sale = {"market.peak.discount": 0.3, "mechanisms.seasonality": True}
    before = BrandEquity(hand(**sale).setting)
    assert 0.9 < before.equity < 1.0
    assert BrandEquity(hand(**sale | {"mechanisms.promotion_days": False}).setting).equity == 1.0
