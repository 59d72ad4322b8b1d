"""Hands between return and stock: what waits for them cannot be sold."""

from __future__ import annotations

import pytest

from sim.scenario import Scenario
from sim.world import simulate
from tests.world.small import brief

RULES = {
    "minutes": 240,
    "wage_per_hour": 17,
    "shift_start_hour": 8,
    "shift_end_hour": 16,
    "target_utilisation": 0.8,
}


def with_hands(**changes: object) -> Scenario:
    return brief(
        "door_only", {"fulfilment.returns.refurbishment": RULES | changes, "products.return_rate": 0.3}
    )


def test_too_few_benches_make_dead_stock() -> None:
    """One bench does two orders a day; what comes beyond waits, unsold, and is written down."""
    few, enough = simulate(with_hands(benches=1), seed=2), simulate(with_hands(), seed=2)
    assert few.kpis["dead_stock_orders"] > 5 * max(enough.kpis["dead_stock_orders"], 1)
    assert few.accounts["return_writedown"] > 1.5 * enough.accounts["return_writedown"]
    assert few.accounts["return_handling"] < enough.accounts["return_handling"]


def test_one_bench_works_one_shift_a_day() -> None:
    scenario = with_hands(benches=1)
    run = simulate(scenario, seed=2, log=True)
    assert run.time_sheet is not None
    hours = run.time_sheet.query("account == 'return_handling'").quantity.sum()
    assert hours == pytest.approx(8 * scenario.horizon.days)


def test_hands_that_take_no_time_change_no_value_of_goods() -> None:
    """Limit: work of no length, so goods are as good as resold at once; only the wages differ."""
    instant = simulate(with_hands(minutes=0), seed=2)
    changes = {"fulfilment.returns.refurbishment": None, "products.return_rate": 0.3}
    without = simulate(brief("door_only", changes), seed=2)
    assert instant.kpis["orders"] == without.kpis["orders"]
    assert instant.accounts["refunds"] == without.accounts["refunds"]
    assert instant.accounts["return_writedown"] == pytest.approx(
        without.accounts["return_writedown"], rel=0.05
    )
