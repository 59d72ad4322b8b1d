"""What channels can serve and what they cost, platform terms, budgets, stock, head office and the bank."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.run import Run
from tests.world.limits.reading import funnel_visits

_TIGHT = {
    "horizon.days": 400,
    "market.sources.search_engine.visits_per_year": 60_000,
    "market.sources.navigation_portal.visits_per_year": 30_000,
    "market.sources.email.visits_per_year": 20_000,
    "market.sources.platform_search.visits_per_year": 300_000,
    "market.sources.platform_ads.visits_per_year": 100_000,
    "channels.stores.counter.visitors_per_staff_hour": 1.0,
    "channels.mall.servers.capacity_factor": 1.5,
    "channels.tmall.take_drift.commission_per_year": 0.5,
    "management.budget_rule": {"rule": "marginal", "moved_share": 0.5},
    "management.steps": [{"per": "orders", "from_per_day": 5, "cost_per_year": 100_000}],
    "finance.opening_cash": 0,
    "finance.credit_line": 1000,
}
WORLD = ("base", _TIGHT)

TRAFFIC = 0.004
"""Yuan per visit to the mall, at the base's 4 yuan a thousand."""
RENTED = TRAFFIC + 10 / 8760
"""The same with capacity rented by the visit at the price of owned capacity."""


def _take(run: Run) -> float:
    """Return Tmall's commission over its sales."""
    tmall = run.accounts_by_channel["tmall"]
    sold = tmall["sales"] + tmall["refunds"] + tmall.get("discounts", 0.0)
    return -tmall["platform_commission"] / sold


LIMITS: dict[str, Callable[[Run, Run], bool]] = {
    "store_capacity": lambda on, off: on.kpis["walkout_share"] > 0 and "walkout_share" not in off.kpis,
    "it_capacity": lambda on, off: (
        on.kpis["server_loss_share"] > 0
        and "server_loss_share" not in off.kpis
        and off.accounts["channel_servers"] == pytest.approx(funnel_visits(off, "mall") * RENTED, abs=0.2)
    ),
    "platform_take": lambda on, off: _take(on) > _take(off) == pytest.approx(0.05, abs=1e-6),
    "budget_review": lambda on, off: (
        funnel_visits(on, "mall", "search_engine") != funnel_visits(off, "mall", "search_engine")
    ),
    "stock_ageing": lambda on, off: (
        on.accounts["stock_writedown"] > 0 and "stock_writedown" not in off.accounts
    ),
    "step_costs": lambda on, off: on.accounts["overhead_steps"] > 0 and "overhead_steps" not in off.accounts,
    "coordination": lambda on, off: (
        on.accounts["coordination"] > 0
        and "coordination" not in off.accounts
        and "coordinators" not in off.kpis
    ),
    "cash_limit": lambda on, off: (
        on.kpis["ruined"] == 1.0
        and on.accounts["overdraft_interest"] > 0
        and off.kpis["ruined"] == 0.0
        and "overdraft_interest" not in off.accounts
    ),
}
