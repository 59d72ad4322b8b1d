"""A brand that hardly anybody visits: its weeks are simulated in no time."""

from __future__ import annotations

from sim.scenario import Scenario, UnknownPathError
from sim.ui.case import Case

FEW_VISITS = {
    "market.sources.platform_search.visits_per_year": 1_000_000,
    "market.sources.platform_ads.visits_per_year": 100_000,
    "market.sources.rebate_alliance.visits_per_year": 100_000,
    "horizon.days": 7,
    "horizon.warmup_days": 0,
}


def small(case: Case) -> Case:
    """The same case as a brand that hardly anybody visits, for a week."""
    world = case.scenario()
    fitting = {path: value for path, value in FEW_VISITS.items() if has(world, path)}
    return Case.of(case.base, {**fitting, **dict(case.changes)}, case.text)


def has(world: Scenario, path: str) -> bool:
    """Whether a scenario has a value."""
    try:
        world.value(path)
    except UnknownPathError:
        return False
    return True
