"""What is built up slowly and lost quickly: names and skill with a platform's rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.run import Run

STANDING = {
    "market.brand_equity": {"worn_per_discount_day": 0.05, "recovery_days": 180, "worth": 2},
    "market.category_trust": {
        "brand_weight": 0.1,
        "others_bad_share": 0.1,
        "imitation": 0.2,
        "reference_bad_share": 0.03,
        "sensitivity": 8,
        "memory_days": 90,
    },
    "market.rule_craft": {
        "craft": {
            "budget_per_year": 120_000,
            "half_budget_per_year": 60_000,
            "decay_per_month": 0.1,
            "reference_level": 0.1,
        },
        "search_gain": 0.6,
        "changes_per_year": 2,
        "kept_share": 0.5,
    },
}
"""Each force in a form strong enough to be seen in a few weeks."""
WORLD = ("door_only", STANDING | {"channels.tmall.price_index": 0.9})


LIMITS: dict[str, Callable[[Run, Run], bool]] = {
    "brand_equity": lambda on, off: (
        on.kpis["brand_equity"] < 1
        and "brand_equity" not in off.kpis
        and on.kpis["conversion_rate"] < off.kpis["conversion_rate"]
    ),
    "category_trust": lambda on, off: (
        on.kpis["category_demand"] < 1
        and "category_demand" not in off.kpis
        and on.orders_by_channel["tmall"] < off.orders_by_channel["tmall"]
    ),
    "rule_craft": lambda on, off: (
        on.kpis["visits"] > off.kpis["visits"]
        and on.accounts["rule_specialists"] == pytest.approx(120_000 * 28 / 365, abs=0.1)
        and "rule_specialists" not in off.accounts
        and "rule_skill" not in off.kpis
    ),
}
