"""What visits are worth: whom a filter keeps out, and how the worth of bought visits wanders."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.run import Run
from tests.world.limits.reading import funnel_orders

WORLD = (
    "base",
    {
        # A list sorted by sales would answer to both.
        "market.ranking": None,
        "market.awareness": None,
        "market.return_visits": None,
        "market.admission": {"turned_away": {"deal_hunter": 0.9}, "cost_per_year": 36_500},
        "market.source_drift": {"spread": 1.0, "memory_days": 60},
    },
)


def _bought(run: Run) -> int:
    return sum(funnel_orders(run, name) for name in ("platform_ads", "search_engine", "navigation_portal"))


LIMITS: dict[str, Callable[[Run, Run], bool]] = {
    "admission": lambda on, off: (
        on.kpis["turned_away_orders"] > 0
        and on.accounts["admission_filter"] == pytest.approx(36_500 * 28 / 365, abs=0.3)
        and "turned_away_orders" not in off.kpis
        and "admission_filter" not in off.accounts
        and funnel_orders(on, "rebate_alliance") < 0.8 * funnel_orders(off, "rebate_alliance")
        and on.kpis["visits"] == pytest.approx(off.kpis["visits"], rel=0.001)
    ),
    "source_drift": lambda on, off: (
        on.kpis["bought_visit_quality"] != 1
        and "bought_visit_quality" not in off.kpis
        and _bought(on) != _bought(off)
        and funnel_orders(on, "platform_search") == funnel_orders(off, "platform_search")
    ),
}
