"""Skill in a platform's rules brings visits until the rules change."""

import dataclasses

import pytest

from sim.market.forces.rule_craft import RuleCraft
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "platform_search": source(1_000_000, 0.01, tmall=0.9, vertical=0.1),
    "platform_ads": source(100_000, 0.01),
}
CRAFT = {
    "budget_per_year": 73_000,
    "half_budget_per_year": 73_000,
    "decay_per_month": 0.1,
    "reference_level": 0.5,
}
RULES = {"craft": CRAFT, "search_gain": 0.4, "changes_per_year": 0, "kept_share": 0.25}


def force_in(luck: float = 0.5, **changes: object) -> tuple[Hand, RuleCraft]:
    rules = RULES | {name: value for name, value in changes.items() if "." not in name}
    more = {name: value for name, value in changes.items() if "." in name}
    market = Hand(scenario_with(SOURCES, {"market.rule_craft": rules} | more))
    market.setting = dataclasses.replace(market.setting, luck=lambda *_: luck)
    return market, RuleCraft(market.setting)


def test_the_usual_skill_under_stable_rules_is_the_reference():
    market, force = force_in()
    today = market.live(force, 50)
    assert force.craft.level == pytest.approx(0.5)
    assert today.rates == pytest.approx(market.rates)


def test_skill_moves_platform_search_and_nothing_else():
    market, force = force_in(craft=CRAFT | {"budget_per_year": 0})
    today = market.morning()
    force.open(today)
    assert force.craft.level == 0.0
    for channel in ("tmall", "vertical"):
        rows = market.rows("platform_search", channel)
        assert today.rates[rows] == pytest.approx(market.rates[rows] / 1.2)
    others = market.rows("platform_ads")
    assert (today.rates[others] == market.rates[others]).all()


def test_a_change_of_the_rules_takes_three_quarters_of_it():
    market, force = force_in(luck=0.001, changes_per_year=1)
    before = force.craft.level
    force.open(market.morning())
    assert force.craft.level == pytest.approx(0.25 * before)


def test_the_mean_skill_is_what_learning_and_changes_leave():
    """Many histories of rules that change by chance, against the mean in closed form."""
    import numpy as np

    market, force = force_in(changes_per_year=6)
    rng, levels = np.random.default_rng(5), []
    for day in range(40_000):
        market.setting = dataclasses.replace(market.setting, luck=lambda *_: float(rng.random()))
        force.setting = market.setting
        force.open(market.morning(day))
        force.craft.pass_day()
        levels.append(force.craft.level)
    usual = RuleCraft(market.setting).craft.level
    assert np.mean(levels[1000:]) == pytest.approx(usual, rel=0.05)


def test_a_launch_has_to_learn_and_specialists_are_paid_by_the_day():
    market, force = force_in(**{"horizon.start": "launch"})
    market.live(force, 100)
    assert 0.3 < force.craft.level < 0.5
    assert sum(quantity * rate for _, quantity, rate, *_ in market.paid) == pytest.approx(100 * 200.0)
    assert {(account, source) for account, *_, source in market.paid} == {
        ("rule_specialists", "platform_search")
    }
