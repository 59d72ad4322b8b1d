"""Claims on scale, rank, price wars, platforms and the long run: what they answer and what drives them."""

from __future__ import annotations

import pytest

from sim.experiment import Runner
from sim.experiment.claims import shipped_claims
from sim.experiment.claims.claim import ClaimWorld
from sim.experiment.claims.trial import Trial

ANSWERS = {
    "000-12": {"sales_bring_search", "launch_push_pays_back", "equal_chance"},
    "000-13": {"bargaining_power", "scale_cuts_or_raises_cost", "host_limits_growth"},
    "000-14": {
        "points_raise_cost",
        "points_raise_cost_dense",
        "management_makes_points_dear",
        "promotion_repays_points",
        "pooled_points_dearer_than_door",
        "partner_points_raise_cost",
        "scale_cuts_or_raises_cost",
    },
    "000-15": {"price_war_does_not_pay", "another_platform_does_not_pay"},
    "000-16": {"cheap_quality_harms_all", "quality_is_a_dilemma", "price_war_does_not_pay"},
    "000-17": {"low_first_investment", "low_first_investment_mall"},
    "001-5": {"host_limits_growth"},
    "001-6": {"platform_takes_rent"},
    "001-10": {"online_alone_does_not_last"},
    "001-15": {"fakes_harm_honest_sellers"},
    "002-18": {"fixed_cost_diluted", "low_first_investment"},
    "002-19": {"bargaining_power", "scale_cuts_or_raises_cost"},
    "002-20": {
        "points_raise_cost",
        "points_raise_cost_dense",
        "points_stay_vacant",
        "promotion_repays_points",
    },
    "003-2": {"content_beats_discount"},
    "003-6": {"rule_craft_is_no_foundation"},
    "004-9": {"equal_chance"},
}


@pytest.mark.parametrize("article", sorted(ANSWERS))
def test_every_line_of_the_articles_is_answered(article: str) -> None:
    found = {claim.id for claim in shipped_claims().values() if article in claim.articles}
    assert found >= ANSWERS[article]


@pytest.mark.parametrize(
    ("claim", "mechanism", "without"),
    [
        ("sales_bring_search", "ranking", 0.0),
        ("fakes_harm_honest_sellers", "category_trust", 0.0),
        ("points_stay_vacant", "hiring_friction", 0.0),
        ("host_limits_growth", "ad_auction", 1.0),
    ],
)
def test_without_its_mechanism_the_effect_is_gone(claim: str, mechanism: str, without: float) -> None:
    """The verdict comes from the mechanism that the sentence is about, not from the arms themselves."""
    trial = Trial(shipped_claims()[claim])
    world = ClaimWorld(name="off", set={f"mechanisms.{mechanism}": False, "horizon.days": 14})
    with Runner(1) as runner:
        (effect,) = trial.effects(runner.outcomes(trial.jobs(trial.world(world), [3])))
    assert effect == pytest.approx(without, abs=0.02)


def test_what_is_spent_on_the_rules_is_spent_on_the_brand_instead() -> None:
    """Both arms of the claim on rule craft cost the same."""
    trial = Trial(shipped_claims()["rule_craft_is_no_foundation"])
    spent = []
    for arm in trial.arms(trial.base).values():
        market = arm.market
        spent.append(
            market.rule_craft.craft.budget_per_year
            + market.experience.content.budget_per_year
            + market.experience.assortment.budget_per_year
        )
    assert spent[0] == spent[1]
