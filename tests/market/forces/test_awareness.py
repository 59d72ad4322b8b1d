"""People who saw the brand and come later."""

import pytest

from sim.market.forces.awareness import Awareness
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "platform_search": source(1_000_000, 0.01),
    "search_engine": source(200_000, 0.01),
    "navigation_portal": source(100_000, 0.002),
    "game_video": source(400_000, 0.001),
}
RULES = {
    "per_navigation_visit": 2.0,
    "per_game_video_visit": 3.0,
    "half_life_days": 20,
    "later_visits_per_person": 0.1,
    "to_search_engine": 0.5,
    "to_platform_search": 0.3,
    "to_navigation": 0.2,
}
LATER = (100_000 * 2.0 + 400_000 * 3.0) * 0.1
"""Visits a year in the steady state: each person sends so many, however fast the brand is forgotten."""


def hand(**changes: object) -> Hand:
    return Hand(scenario_with(SOURCES, {"market.awareness": RULES | changes}))


def test_the_mature_state_is_steady_and_sends_what_each_person_sends():
    market = hand()
    force = Awareness(market.setting)
    for day in (1, 200):
        today = market.live(force, day)
        assert today.rates.sum() - market.rates.sum() == pytest.approx(LATER / 8760)
        assert market.by_source(today, "search_engine") == pytest.approx(200_000 + 0.5 * LATER)
        assert market.by_source(today, "navigation_portal") == pytest.approx(100_000 + 0.2 * LATER)


def test_a_launch_starts_at_nothing_and_gets_there():
    market = Hand(scenario_with(SOURCES, {"market.awareness": RULES, "horizon.start": "launch"}))
    force = Awareness(market.setting)
    assert market.live(force, 1).rates.sum() == market.rates.sum()
    reached = 1 - 0.5 ** (99 / 20)
    found = market.live(force, 99, first=1).rates.sum() - market.rates.sum()
    assert found == pytest.approx(reached * LATER / 8760)


def test_half_is_forgotten_in_a_half_life():
    market = hand()
    force = Awareness(market.setting)
    market.live(force, 1)
    assert force.stock is not None
    before = force.stock
    for day in range(20):
        today = market.morning(day)
        force.open(today)
        today.rates[:] = 0.0
        force.close(market.night(today))
    assert force.stock == pytest.approx(before / 2)


def test_nothing_is_remembered_where_nobody_is_made_aware():
    market = hand(per_navigation_visit=0.0, per_game_video_visit=0.0)
    force = Awareness(market.setting)
    assert (market.live(force, 30).rates == market.rates).all()
    assert force.figures()["awareness_visits"] == 0.0


def test_weights_of_sources_that_are_missing_go_to_the_others():
    sources = {name: rules for name, rules in SOURCES.items() if name != "search_engine"}
    market = Hand(scenario_with(sources, {"market.awareness": RULES}))
    today = market.live(Awareness(market.setting), 1)
    assert today.rates.sum() - market.rates.sum() == pytest.approx(LATER / 8760)
    assert market.by_source(today, "platform_search") == pytest.approx(1_000_000 + 0.6 * LATER)
