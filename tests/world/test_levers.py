"""No lever is dead: moving it moves some figure, or the table below says why not here."""

from __future__ import annotations

import pytest

from sim.run import Run
from sim.scenario import Scenario, ScenarioError
from sim.world import simulate
from tests.world.limits.pickup import WORLD
from tests.world.small import brief

QUIET = {
    "products.stock.push_days": "only where goods are pushed by plan",
    "products.stock.push_plan": "only where goods are pushed by plan",
    "products.stock.markdown_after_days": "nothing lies half a year where goods are ordered as they sell",
    "channels.mall.commission": "there is no platform to take one: only zero is in its range",
    "pickup.community.overdue_free_hours": "only where a late fee is charged",
    "finance.credit_line": "the brand has cash of its own",
    "market.sources.platform_ads.cost_per_visit": "the auction sets the price while ad_auction is on",
    "market.sources.platform_search.cost_per_visit": "unpaid by definition: only zero is in its range",
    "market.sources.store_footfall.cost_per_visit": "unpaid by definition: only zero is in its range",
    "market.sources.rebate_alliance.cost_per_visit": "paid by commission, not by visit",
}


def base() -> Scenario:
    return brief(
        "community_pickup",
        WORLD[1]
        | {
            "horizon.days": 50,
            "market.sources.platform_search.visits_per_year": 3_000_000,
            "channels.tmall.price_index": 0.97,
            "service.handling_minutes.mean": 120,
            "service.presale.handling_minutes.mean": 90,
            "fulfilment.returns.refurbishment.minutes.mean": 600,
        },
    )


def lever_paths() -> list[str]:
    return [
        entry.path
        for entry in base().entries()
        if (entry.role == "lever" or entry.basic)
        and isinstance(entry.value, int | float)
        and not isinstance(entry.value, bool)
        and entry.path not in QUIET
    ]


@pytest.fixture(scope="module")
def before() -> Run:
    return simulate(base(), seed=2)


def moved(path: str) -> list[Scenario]:
    """Return the scenario with the lever some way up and down, as far as its bounds allow."""
    value = base().value(path)
    tries = [value * 1.6 + (value == 0), value * 0.6, value * 1.1, value * 0.95]
    if isinstance(value, int):
        tries = [round(x) if round(x) != value else value + 1 for x in tries]
    found = []
    for wanted in tries:
        try:
            found.append(base().with_values({path: wanted}))
        except ScenarioError:
            continue
    return found


@pytest.mark.parametrize("path", lever_paths())
def test_a_lever_moves_some_figure(path: str, before: Run) -> None:
    scenarios = moved(path)
    assert scenarios, f"no other value of {path} is allowed"
    assert any(
        (run.kpis, run.ledger) != (before.kpis, before.ledger)
        for run in (simulate(scenario, seed=2) for scenario in scenarios)
    )
