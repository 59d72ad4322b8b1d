"""What bought visits are worth wanders around the scenario's rate."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.market.forces.source_drift import SourceDrift
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "platform_search": source(1_000_000, 0.01),
    "platform_ads": source(100_000, 0.01) | {"cost_per_visit": 1.0},
    "search_engine": source(100_000, 0.01, mall=1.0) | {"cost_per_visit": 1.0},
    "rebate_alliance": source(100_000, 0.01) | {"commission_on_sales": 0.08},
}
SPREAD, MEMORY = 0.4, 20.0


def drifting(start: str = "mature", seed: int = 3) -> tuple[Hand, SourceDrift]:
    rules = {"spread": SPREAD, "memory_days": MEMORY}
    market = Hand(scenario_with(SOURCES, {"market.source_drift": rules, "horizon.start": start}))
    names: dict[str, int] = {}

    def luck(purpose: str, day: int) -> float:
        key = names.setdefault(purpose, len(names))
        return float(np.random.default_rng([seed, key, day + 1]).uniform(1e-9, 1.0))

    return market, SourceDrift(replace(market.setting, luck=luck))


def test_only_sources_that_are_bought_wander() -> None:
    market, force = drifting()
    assert sorted(force.departure) == ["platform_ads", "rebate_alliance", "search_engine"]
    today = market.live(force, 1)
    assert not today.shift[market.rows("platform_search")].any()
    assert np.ptp(today.shift[market.rows("platform_ads")]) == 0.0
    assert len({force.departure[name] for name in force.departure}) == 3


def test_a_launch_starts_at_the_rate_of_the_scenario() -> None:
    _, force = drifting("launch")
    assert set(force.departure.values()) == {0.0}


def test_spread_and_memory_are_those_of_the_scenario() -> None:
    market, force = drifting()
    found = []
    for day in range(6000):
        force.open(market.morning(day))
        found.append(list(force.departure.values()))
    path = np.array(found)
    # 6,000 days with a memory of 20 are worth some 150 independent values of each source.
    assert path.std() == pytest.approx(SPREAD, rel=0.1)
    lagged = np.mean([np.corrcoef(one[:-20], one[20:])[0, 1] for one in path.T])
    assert lagged == pytest.approx(math.exp(-1.0), abs=0.1)


def test_the_mean_of_the_odds_stays_where_it_was() -> None:
    market, force = drifting()
    for day in range(6000):
        force.open(market.morning(day))
    assert force.figures()["bought_visit_quality"] == pytest.approx(1.0, abs=0.06)
