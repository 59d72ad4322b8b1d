"""What skill with a platform's rules costs, recomputed; and the slow forces of a name on both engines."""

from __future__ import annotations

import pytest

from sim.run import Run
from sim.scenario import Scenario
from sim.world import simulate
from tests.world.limits.claims_scale import WORLD
from tests.world.small import brief

SWITCHES_OFF = {f"mechanisms.{name}": False for name in ("brand_equity", "category_trust", "rule_craft")}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    name, values = WORLD
    return brief(name, values)


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return simulate(scenario, seed=5)


def test_specialists_are_paid_by_the_calendar(run: Run, scenario: Scenario) -> None:
    yearly = scenario.market.rule_craft.craft.budget_per_year
    assert run.accounts["rule_specialists"] == pytest.approx(yearly * 28 / 365, abs=0.1)
    frame = run.books.query("debit == 'rule_specialists'")
    assert set(frame.source) == {"platform_search"}
    assert set(frame.channel) == {""}
    assert run.accounts["rule_specialists"] == pytest.approx(frame.fen.sum() / 100.0, abs=0.01)


def test_the_reference_engine_gives_the_same_digits(run: Run, scenario: Scenario) -> None:
    twin = simulate(scenario, seed=5, engine="reference")
    assert twin.kpis == run.kpis
    assert twin.accounts == run.accounts


def test_without_the_blocks_the_switches_change_no_digit() -> None:
    plain = simulate(brief(), seed=5)
    off = simulate(brief(changes=SWITCHES_OFF), seed=5)
    assert off.kpis == plain.kpis
    assert off.accounts == plain.accounts


def test_nothing_worn_nothing_heard_and_nothing_gained_changes_no_digit() -> None:
    """Each force at its neutral setting is the world without it, but for what it reports and costs."""
    name, values = WORLD
    neutral = {
        "market.brand_equity.worn_per_discount_day": 0.0,
        "market.category_trust.sensitivity": 0.0,
        "market.rule_craft.search_gain": 0.0,
        "market.rule_craft.craft.budget_per_year": 0.0,
    }
    on = simulate(brief(name, values | neutral), seed=5)
    off = simulate(brief(name, values | SWITCHES_OFF), seed=5)
    assert on.accounts == off.accounts
    assert {k: v for k, v in on.kpis.items() if k in off.kpis} == off.kpis
