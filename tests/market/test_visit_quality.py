"""Kinds of visitors differ in how much price and content move them; sources send different kinds."""

import math

import numpy as np
import pytest

from sim.market.forces.budgets import BudgetReview
from sim.market.forces.experience import Experience
from sim.market.forces.rivals import Rivals
from sim.scenario.days import PromotionDay
from sim.scenario.streams import buying_share, streams
from tests.market.forces.hand import Hand, scenario_with, source

MIX = {"planner": 0.5, "deal_hunter": 0.5}
SOURCES = {"platform_search": source(1_000_000, 0.01, mix=MIX)}
HUNTER = "market.visitor_types.deal_hunter"
PLANNER = "market.visitor_types.planner"
EVEN = {f"{PLANNER}.price_sensitivity": 1.0, f"{PLANNER}.content_sensitivity": 1.0}


def kinds(market: Hand, kind: str) -> np.ndarray:
    return market.rows("platform_search") & market.setting.of_streams(lambda s: s.segment.kind == kind)


def test_a_sale_moves_those_most_who_mind_the_price() -> None:
    scenario = scenario_with(SOURCES, EVEN | {f"{HUNTER}.price_sensitivity": 2.0})
    day = PromotionDay(date=0, visits=0.01, strength=0.0, discount=0.2)
    shift = {one.segment.kind: one.shift_on(day, -2.0) for one in streams(scenario)}
    assert shift["planner"] == pytest.approx(-2.0 * math.log(0.8))
    assert shift["deal_hunter"] == pytest.approx(2.0 * shift["planner"])


def test_a_price_above_the_reference_loses_them_first() -> None:
    scenario = scenario_with(
        SOURCES, EVEN | {f"{HUNTER}.price_sensitivity": 2.0, "channels.tmall.price_index": 1.1}
    )
    one = next(s for s in streams(scenario) if s.segment.kind == "deal_hunter")
    expected = buying_share(one.reference_conversion, 1.1, 2.0 * scenario.market.price_elasticity)
    assert one.buying_share(scenario.market.price_elasticity) == expected


def test_rivals_prices_move_them_more_as_well() -> None:
    rules = {"reaction": 0.5, "lag_days": 20, "cross_elasticity": 1.0, "least_price_index": 0.7}
    changes = {"market.rivals": rules, "channels.tmall.price_index": 0.9, f"{HUNTER}.price_sensitivity": 2.0}
    market = Hand(scenario_with(SOURCES, EVEN | changes))
    today = market.morning()
    Rivals(market.setting).open(today)
    hunters, planners = kinds(market, "deal_hunter"), kinds(market, "planner")
    assert today.shift[hunters] == pytest.approx(2.0 * today.shift[planners])


def test_content_moves_those_who_look() -> None:
    block = scenario_with(SOURCES).model.market
    assert block.experience is None
    side = {"half_budget_per_year": 50_000, "decay_per_month": 0.1, "reference_level": 0.5}
    rules = {
        "assortment": side | {"budget_per_year": 50_000},
        "content": side | {"budget_per_year": 150_000},
        "usability": side | {"budget_per_year": 50_000},
        "price_weight": 0.2,
        "assortment_weight": 0.2,
        "delivery_weight": 0.2,
        "after_sales_weight": 0.2,
        "usability_weight": 0.1,
        "content_weight": 0.1,
        "substitution": 0.5,
        "memory_days": 90,
        "reference_good_share": 0.98,
        "buying_elasticity": 1.0,
        "repurchase_elasticity": 1,
    }
    changes = {"market.experience": rules, f"{HUNTER}.content_sensitivity": 0.25}
    market = Hand(scenario_with(SOURCES, EVEN | changes))
    today = market.morning()
    Experience(market.setting).open(today)
    hunters, planners = kinds(market, "deal_hunter"), kinds(market, "planner")
    assert today.shift[planners].min() > 0
    assert today.shift[hunters] == pytest.approx(0.25 * today.shift[planners])


PAID = {"search_engine": source(365_000, 0.1) | {"cost_per_visit": 1.0}}


def review(trial_share: float) -> tuple[Hand, BudgetReview]:
    rule = {"rule": "roi_stop", "review_days": 10, "trial_share": trial_share}
    market = Hand(scenario_with(PAID, {"management.budget_rule": rule}))
    return market, BudgetReview(market.setting)


def weeks(market: Hand, force: BudgetReview, orders_per_visit: float, first: int) -> float:
    """Live through one review and return the visits bought after it, relative to plan."""
    for day in range(first, first + 10):
        today = market.morning(day)
        force.open(today)
        force.close(market.night(today, orders=today.rates * 24.0 * orders_per_visit))
    return force.bought["search_engine"]


@pytest.mark.parametrize(("trial_share", "after"), [(0.0, 0.0), (0.1, 1.0)])
def test_trials_find_a_source_that_has_become_better(trial_share: float, after: float) -> None:
    market, force = review(trial_share)
    assert weeks(market, force, 0.1, 0) == 1.0
    assert weeks(market, force, 0.001, 10) == trial_share
    assert weeks(market, force, 0.001, 20) == trial_share
    assert weeks(market, force, 0.1, 30) == after
