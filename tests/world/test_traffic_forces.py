"""Slow forces on who comes, in whole worlds: what is off leaves no trace, and both engines agree."""

from __future__ import annotations

import pytest

from sim.world import simulate
from tests.world.limits.traffic import WORLD
from tests.world.small import brief

NAME, VALUES = WORLD
BLOCKS = {
    "ranking": "ranking",
    "awareness": "awareness",
    "word_of_mouth": "word_of_mouth",
    "rebate_drift": "rebate",
    "pull_forward": "pull_forward",
    "traffic_prices": "traffic_prices",
}
"""Mechanism and block; without mails or print behind them e-mail and posters are bought by the visit."""


@pytest.mark.parametrize(("mechanism", "block"), BLOCKS.items())
def test_off_is_as_if_it_were_not_there(mechanism: str, block: str) -> None:
    off = simulate(brief(NAME, VALUES | {f"mechanisms.{mechanism}": False}), seed=5)
    without = simulate(brief(NAME, VALUES | {f"market.{block}": None}), seed=5)
    assert off.ledger == without.ledger
    assert off.kpis == without.kpis


def test_both_engines_tell_the_same_story() -> None:
    scenario = brief(NAME, VALUES | {"market.sources.platform_search.visits_per_year": 300_000})
    compiled = simulate(scenario, seed=6)
    reference = simulate(scenario, seed=6, engine="reference")
    assert compiled.ledger == reference.ledger
    assert compiled.kpis == reference.kpis


def test_bought_sales_lift_free_search_and_their_end_lowers_it() -> None:
    """Ads are bought by the visit; what they sell counts for the place in the list, which is free."""
    rules = {"market.ranking.sales_weight": 0.5}
    found = [
        simulate(brief("base", rules | {"market.sources.platform_ads.visits_per_year": visits}), seed=7)
        for visits in (1_000, 600_000)
    ]
    few, many = (run.kpis["search_gain"] for run in found)
    assert few < many
    assert found[0].kpis["search_rank"] > found[1].kpis["search_rank"]


def test_a_launch_climbs_the_list() -> None:
    values = {"horizon.start": "launch", "horizon.days": 120, "market.ranking.sales_weight": 0.8}
    launch = simulate(brief("base", values), seed=8)
    mature = simulate(brief("base", values | {"horizon.start": "mature"}), seed=8)
    assert launch.kpis["search_rank"] > mature.kpis["search_rank"]
    assert launch.kpis["search_gain"] < mature.kpis["search_gain"]
