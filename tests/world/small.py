"""Small worlds that run in well under a second."""

from __future__ import annotations

from typing import Any

from sim.scenario import Scenario, load

BRIEF = {
    "horizon.days": 28,
    "horizon.warmup_days": 14,
    "market.sources.platform_search.visits_per_year": 1_000_000,
    "market.sources.platform_ads.visits_per_year": 200_000,
    "market.sources.platform_ads.auction.inventory_visits_per_year": 2_000_000,
    "market.sources.rebate_alliance.visits_per_year": 100_000,
}


def brief(name: str = "door_only", changes: dict[str, Any] | None = None) -> Scenario:
    """Return a shipped scenario cut down to four weeks and about two thousand orders."""
    return load(name).with_values(BRIEF | (changes or {}))
