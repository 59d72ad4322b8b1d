"""Who buys: chats, second visits, reviews, trust, experience, data and rivals."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.run import Run
from tests.world.limits.reading import funnel_orders

_SIDE = {
    "budget_per_year": 50_000,
    "half_budget_per_year": 50_000,
    "decay_per_month": 0.1,
    "reference_level": 0.8,
}
SHOPPERS = {
    "market.visitor_types.hesitater": {"conversion": 1.0, "basket": 1.0, "returns": 1.0, "repurchase": 1.0},
    "service.presale": {
        "ask_first": {"planner": 0.4, "replacer": 0.2, "hesitater": 0.7},
        "win_share": 0.6,
        "patience_minutes": {"law": "exponential", "mean": 3},
        "reference_answered_share": 0.9,
        "handling_minutes": {"law": "lognormal", "mean": 4, "cv": 0.8},
        "wage_per_month": 4500,
        "working_hours_per_month": 176,
        "shift_start_hour": 8,
        "shift_end_hour": 24,
        "target_utilisation": 0.7,
    },
    "market.return_visits": {"share": {"planner": 0.2, "hesitater": 0.4}, "mean_days": 4, "lift": 1.5},
    "market.cross_channel": {
        "showrooming_share": 0.5,
        "showrooming_conversion": 0.3,
        "showrooming_landing": {"tmall": 1},
        "webrooming_share": 0.02,
        "webrooming_conversion": 0.25,
    },
    "market.reviews": {
        "memory_days": 180,
        "loss_ratio": 4,
        "bad_share_per_day_late": 0.1,
        "reference_bad_share": 0.01,
        "sensitivity": 3,
        "review_share": 0.3,
        "half_count": 2000,
        "count_gain": 0.3,
        "reference_count": 30_000,
    },
    "market.earned_trust": {
        "gap": 1,
        "half_customers": 8000,
        "memory_days": 365,
        "loss_ratio": 4,
        "reference_trust": 1,
        "guarantee": {"trust": 0.3, "cost_per_order": 1.5},
    },
    "market.experience": {
        "assortment": _SIDE,
        "content": _SIDE,
        "usability": _SIDE,
        "price_weight": 0.25,
        "assortment_weight": 0.15,
        "delivery_weight": 0.2,
        "after_sales_weight": 0.15,
        "usability_weight": 0.15,
        "content_weight": 0.1,
        "substitution": 0.5,
        "memory_days": 90,
        "reference_good_share": 0.98,
        "buying_elasticity": 0.5,
        "repurchase_elasticity": 1,
    },
    "market.own_data": {
        "half_customers": 2000,
        "memory_days": 730,
        "basket_gain": 0.2,
        "repurchase_gain": 0.3,
        "analyst_cost_per_year": 80_000,
    },
    "market.rivals": {"reaction": 0.5, "lag_days": 21, "cross_elasticity": 1, "least_price_index": 0.7},
}
"""Every slow force on who buys, in a form strong enough to be seen in a few weeks."""
_MALL = {
    "payment_cost": 0.008,
    "commission": 0.0,
    "annual_fee": 0,
    "deposit": 0,
    "settlement_days": 1,
    "team_size": 3,
    "team_wage_per_month": 6000,
}
_LANDING = {
    # A list sorted by sales would answer to every one of them.
    "market.ranking": None,
    "channels.mall": _MALL,
    "channels.tmall.price_index": 0.92,
    "market.sources.platform_search.landing": {"tmall": 0.8, "mall": 0.2},
    "market.sources.platform_search.mix": {"planner": 0.5, "replacer": 0.3, "hesitater": 0.2},
}
WORLD = ("door_only", SHOPPERS | _LANDING)


def _mall_orders(run: Run) -> int:
    return run.orders_by_channel["mall"]


def _mall_basket(run: Run) -> float:
    """Reference sales of an order placed in the mall."""
    return -run.accounts_by_channel["mall"]["sales"] / _mall_orders(run)


LIMITS: dict[str, Callable[[Run, Run], bool]] = {
    "pre_sale_chats": lambda on, off: (
        on.kpis["won_orders"] > 0
        and on.accounts["presale_wages"] > 0
        and "chats" not in off.kpis
        and "presale_wages" not in off.accounts
        and off.kpis["orders_online"] == pytest.approx(on.kpis["orders_online"], rel=0.15)
    ),
    "return_visits": lambda on, off: (
        funnel_orders(on, "return_visit") > 0 == funnel_orders(off, "return_visit")
        and on.kpis["orders"] > off.kpis["orders"]
    ),
    "cross_channel": lambda on, off: (
        funnel_orders(on, "showrooming") > 0 == funnel_orders(off, "showrooming")
        and funnel_orders(on, "webrooming") > 0 == funnel_orders(off, "webrooming")
    ),
    "reviews": lambda on, off: (
        "rating" not in off.kpis and on.kpis["orders_online"] < off.kpis["orders_online"]
    ),
    "earned_trust": lambda on, off: (
        _mall_orders(on) < _mall_orders(off)
        and on.accounts["guarantees"] > 0
        and "guarantees" not in off.accounts
    ),
    "experience": lambda on, off: (
        on.kpis["orders_online"] < off.kpis["orders_online"]
        and on.accounts["experience_spend"] > 0
        and "experience_spend" not in off.accounts
    ),
    "own_data": lambda on, off: (
        _mall_basket(on) > _mall_basket(off)
        and on.accounts["data_analysts"] == pytest.approx(80_000 * 28 / 365, abs=0.1)
        and "data_analysts" not in off.accounts
    ),
    "rivals": lambda on, off: (
        on.kpis["rival_price_index"] < 1
        and on.kpis["orders_online"] < off.kpis["orders_online"]
        and "rival_price_index" not in off.kpis
    ),
}
