"""What a filter costs and whom it turns away, recomputed; and what visits are worth on both engines."""

from __future__ import annotations

import pytest

from sim.run import Run
from sim.scenario import Scenario
from sim.world import simulate
from tests.world.limits.claims_traffic import WORLD
from tests.world.limits.reading import funnel_orders
from tests.world.small import brief

OFF = {f"mechanisms.{name}": False for name in ("admission", "source_drift")}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    name, values = WORLD
    return brief(name, values)


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return simulate(scenario, seed=5)


def test_the_filter_is_paid_by_the_calendar(run: Run, scenario: Scenario) -> None:
    yearly = scenario.market.admission.cost_per_year
    assert run.accounts["admission_filter"] == pytest.approx(yearly * 28 / 365, abs=0.3)
    frame = run.books.query("debit == 'admission_filter'")
    assert set(frame["credit"]) == {"cash"}


def test_as_many_orders_are_missing_as_were_turned_away(run: Run, scenario: Scenario) -> None:
    open_shop = simulate(scenario.with_values({"mechanisms.admission": False}), seed=5)
    missing = open_shop.kpis["orders_online"] - run.kpis["orders_online"]
    turned_away = run.kpis["turned_away_orders"]
    # Some who ask first are never answered, so fewer orders are missing than would have been placed.
    assert 0.7 * turned_away < missing < 1.1 * turned_away


def test_both_engines_agree(run: Run, scenario: Scenario) -> None:
    twin = simulate(scenario, seed=5, engine="reference")
    assert twin.kpis == run.kpis
    assert twin.ledger == run.ledger


def test_off_is_the_same_as_absent(scenario: Scenario) -> None:
    off = simulate(scenario.with_values(OFF), seed=5)
    absent = simulate(scenario.with_values({"market.admission": None, "market.source_drift": None}), seed=5)
    assert off.kpis == absent.kpis
    assert off.ledger == absent.ledger


def test_a_drift_of_no_width_changes_no_digit(scenario: Scenario) -> None:
    still = simulate(scenario.with_values({"market.source_drift.spread": 0.0}), seed=5)
    absent = simulate(scenario.with_values({"market.source_drift": None}), seed=5)
    assert still.kpis == absent.kpis
    assert funnel_orders(still, "platform_ads") == funnel_orders(absent, "platform_ads")
