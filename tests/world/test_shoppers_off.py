"""Slow forces on who buys that are off, or have nothing to act on, leave no trace."""

from __future__ import annotations

import pytest

from sim.scenario import load
from sim.world import Growth, simulate
from tests.world.limits.choice import LIMITS, SHOPPERS, WORLD
from tests.world.small import brief

BLOCKS = [
    path for path in SHOPPERS if path.startswith(("market.", "service.")) and "visitor_types" not in path
]
NAME, VALUES = WORLD
OFF = {f"mechanisms.{name}": False for name in LIMITS}
ABSENT = dict.fromkeys(BLOCKS)


def test_off_is_the_same_to_the_digit_as_absent() -> None:
    off = simulate(brief(NAME, VALUES | OFF), seed=4)
    absent = simulate(brief(NAME, VALUES | ABSENT), seed=4)
    assert off.kpis == absent.kpis
    assert off.ledger == absent.ledger


@pytest.mark.parametrize("mechanism", sorted(LIMITS))
def test_on_without_its_block_is_the_same_as_off(mechanism: str) -> None:
    absent = simulate(brief(NAME, VALUES | ABSENT | {"horizon.days": 7}), seed=4)
    off = simulate(
        brief(NAME, VALUES | ABSENT | {"horizon.days": 7, f"mechanisms.{mechanism}": False}), seed=4
    )
    assert off.ledger == absent.ledger


def test_a_brand_without_shops_on_the_web_has_nothing_to_do_for_them() -> None:
    short = {"horizon.days": 14, "horizon.warmup_days": 14}
    alone = {path: value for path, value in SHOPPERS.items() if "visitor_types" not in path}
    run = simulate(load("stores_only").with_values(alone | short), seed=4)
    assert run.kpis["orders"] > 0
    assert "chats" not in run.kpis
    assert {"presale_wages", "experience_spend", "data_analysts"}.isdisjoint(run.accounts)


def test_a_launch_gets_there_by_and_by() -> None:
    """Trust, ratings and data start from nothing; a brand that grows within its history works as well."""
    launch = simulate(brief(NAME, VALUES | {"horizon.start": "launch"}), seed=4)
    mature = simulate(brief(NAME, VALUES), seed=4)
    assert launch.kpis["mall_trust"] < mature.kpis["mall_trust"]
    assert launch.kpis["recommendation_precision"] < mature.kpis["recommendation_precision"]
    assert launch.kpis["return_visit_orders"] < mature.kpis["return_visit_orders"]
    grown = simulate(brief(NAME, VALUES), seed=4, growth=Growth(1.0, 2.0))
    assert 0 < grown.kpis["return_visit_orders"] < mature.kpis["return_visit_orders"]
