"""Small worlds that run in well under a second."""

from __future__ import annotations

from typing import Any

from sim.experiment.rivals import rivals_beside
from sim.market.forces import FORCES
from sim.scenario import Scenario, load

BRIEF = {
    "horizon.days": 28,
    "horizon.warmup_days": 14,
    "market.sources.platform_search.visits_per_year": 1_000_000,
    "market.sources.platform_ads.visits_per_year": 200_000,
    "market.sources.platform_ads.auction.inventory_visits_per_year": 2_000_000,
    "market.sources.rebate_alliance.visits_per_year": 100_000,
    "market.sources.search_engine.visits_per_year": 100_000,
    "market.sources.navigation_portal.visits_per_year": 30_000,
    "market.sources.game_video.visits_per_year": 1_000,
    "market.sources.email.visits_per_year": 20_000,
    "market.sources.word_of_mouth.visits_per_year": 8_000,
    "market.sources.posters.visits_per_year": 4_000,
    "market.sources.store_footfall.visits_per_year": 9_100,
}

SLOW = {force.mechanism for force in FORCES} - {"promotion_days", "repurchase", "promotion"}
AT_REFERENCE = {f"mechanisms.{name}": False for name in sorted(SLOW)}
"""Every slow force of the market at its reference state: the world that the closed forms describe."""


def brief(name: str = "door_only", changes: dict[str, Any] | None = None) -> Scenario:
    """Return a shipped scenario cut down to four weeks and about two thousand orders, rivals' included."""
    shipped = load(name)
    rivals = rivals_beside(shipped.with_values(BRIEF), shipped)
    return shipped.with_values(BRIEF | rivals | (changes or {}))
