"""A filter withholds the offer from bargain seekers, and from some regulars by mistake."""

import numpy as np
import pytest

from sim.market.forces.admission import Admission
from sim.market.forces.expected import buying
from tests.market.forces.hand import Hand, scenario_with, source

MIX = {"planner": 0.6, "deal_hunter": 0.4}
SOURCES = {
    "platform_search": source(1_000_000, 0.01, mix=MIX),
    "store_footfall": source(20_000, 0.2, mix=MIX, stores=1.0),
}


def hand(**turned_away: float) -> Hand:
    return Hand(
        scenario_with(SOURCES, {"market.admission": {"turned_away": turned_away, "cost_per_year": 36_500}})
    )


def of_kind(market: Hand, kind: str, name: str) -> np.ndarray:
    return market.rows(name) & market.setting.of_streams(lambda s: s.segment.kind == kind)


def test_so_many_would_be_buyers_are_turned_away() -> None:
    market = hand(deal_hunter=0.7, planner=0.02)
    today = market.morning()
    today.shift[:] = 0.3
    before = buying(market.conversions, today.shift)
    Admission(market.setting).open(today)
    left = buying(market.conversions, today.shift) / before
    assert left[of_kind(market, "deal_hunter", "platform_search")] == pytest.approx(0.3)
    assert left[of_kind(market, "planner", "platform_search")] == pytest.approx(0.98)
    assert today.rates == pytest.approx(market.morning().rates)


def test_stores_let_everybody_in() -> None:
    market = hand(deal_hunter=0.7)
    today = market.morning()
    Admission(market.setting).open(today)
    assert today.shift[market.rows("store_footfall")] == pytest.approx(0.0)


def test_those_who_come_back_by_themselves_are_sorted_out_alike() -> None:
    market = hand(deal_hunter=0.7)
    today = market.morning()
    today.rates[market.rows("repeat")] = 1.0
    Admission(market.setting).open(today)
    online = market.rows("repeat", "tmall")
    hunters = online & market.setting.of_streams(lambda s: s.segment.kind == "deal_hunter")
    assert today.rates[hunters] == pytest.approx(0.3)
    assert today.rates[online & ~hunters] == pytest.approx(1.0)
    assert today.rates[market.rows("repeat", "stores")] == pytest.approx(1.0)


def test_a_filter_that_turns_nobody_away_changes_nothing() -> None:
    market = hand()
    today = market.morning()
    Admission(market.setting).open(today)
    assert not today.shift.any()


def test_the_filter_is_paid_by_the_day_and_counts_whom_it_turned_away() -> None:
    market = hand(deal_hunter=1.0)
    force = Admission(market.setting)
    market.live(force, 10)
    assert sum(quantity * rate for _, quantity, rate, *_ in market.paid) == pytest.approx(1000.0)
    hunters = of_kind(market, "deal_hunter", "platform_search")
    expected = 10 * 24 * float(market.rates[hunters] @ market.conversions[hunters])
    assert force.figures()["turned_away_orders"] == pytest.approx(expected, rel=1e-6)
