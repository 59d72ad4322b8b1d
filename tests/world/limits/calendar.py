"""Days that are not like others."""

from __future__ import annotations

from collections.abc import Callable

from sim.run import Run

WORLD = ("door_only", {"market.peak.first_day": 10, "market.second_peak.first_day": 20})
"""Both promotions within the four weeks."""

LIMITS: dict[str, Callable[[Run, Run], bool]] = {
    "promotion_days": lambda on, off: (
        on.kpis["visits"] > 0
        and on.kpis["orders"] > off.kpis["orders"]
        and on.accounts["discounts"] > 0
        and "discounts" not in off.accounts
        and "promotion_order_share" not in off.kpis
    ),
}
