"""Who comes: places in a list, memory, talk, mails, print, rebates, campaign days, auctions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.run import Run
from tests.world.limits.reading import funnel_visits

_ALIVE = {
    "market.sources.search_engine.visits_per_year": 60_000,
    "market.sources.navigation_portal.visits_per_year": 60_000,
    "market.sources.email.visits_per_year": 60_000,
    "market.sources.word_of_mouth.visits_per_year": 20_000,
    "market.sources.posters.visits_per_year": 60_000,
    "market.sources.posters.conversion_rate": 0.05,
    "market.peak.first_day": 22,
    "market.peak.share": 0.025,
    "market.second_peak": None,
    "market.ranking": {
        "rivals": 1000,
        "reference_rank": 30,
        "sales_spread": 1.5,
        "window_days": 10,
        "sales_weight": 1.0,
        "click_exponent": 1.1,
        "page_size": 10,
        "page_break": 0.4,
        "searches_per_visit": 20,
        "tmall_orders_per_day": 60,
        "place_spread": 0.5,
    },
    "market.awareness": {"per_navigation_visit": 5, "half_life_days": 30, "later_visits_per_person": 0.3},
    "market.word_of_mouth": {"invites_per_kept_order": 0.5, "warnings_per_bad_order": 0.5, "delay_days": 10},
    "market.email": {
        "mails_per_customer_month": 12,
        "reference_mails_per_customer_month": 4,
        "click_rate": 0.01,
        "fatigue_per_mail": 0.2,
        "unsubscribe_per_mail": 0.01,
        "churn_per_month": 0.02,
        "cost_per_mail": 0.01,
    },
    "market.print_media": {
        "response_rate": 0.1,
        "hop_survival": 0.3,
        "cost_per_piece": 1.0,
        "cycle_days": 90,
        "offer_change_per_day": 0.02,
        "stale_lost_share": 0.3,
        "compensation_per_stale_order": 20,
    },
    "market.rebate": {"commission_rise_per_year": 1.0, "highest_commission": 0.3, "habit_per_year": 5.0},
    "market.pull_forward": {"pulled_share": 0.8, "days_before": 15, "days_after": 15, "decay_days": 10},
    "market.traffic_prices": {"bid_growth_per_year": 0.5, "peak_bid_factor": 2.0},
}
WORLD = ("base", _ALIVE)


def _visits(run: Run, source: str) -> int:
    return sum(row.visits for row in run.funnel if row.source == source)


LIMITS: dict[str, Callable[[Run, Run], bool]] = {
    "ranking": lambda on, off: (
        on.kpis["search_gain"] < 1
        and "search_gain" not in off.kpis
        and funnel_visits(on, "tmall", "platform_search") < funnel_visits(off, "tmall", "platform_search")
    ),
    "awareness": lambda on, off: (
        on.kpis["awareness_visits"] > 0
        and "awareness_visits" not in off.kpis
        and funnel_visits(on, "mall", "search_engine") > funnel_visits(off, "mall", "search_engine")
    ),
    "word_of_mouth": lambda on, off: (
        on.kpis["invited_visits"] > 0
        and on.kpis["reproduction_number"] > 0
        and "reproduction_number" not in off.kpis
        and _visits(on, "word_of_mouth") > _visits(off, "word_of_mouth")
    ),
    "email_fatigue": lambda on, off: (
        on.kpis["mail_click_rate"] < off.kpis["mail_click_rate"] == pytest.approx(0.01)
        and on.kpis["mail_list"] < off.kpis["mail_list"] == pytest.approx(60_000 / (12 * 4 * 0.01))
    ),
    "print_hop": lambda on, off: (
        on.accounts["offer_compensation"] > 0
        and "offer_compensation" not in off.accounts
        and on.kpis["printed_pieces"] == pytest.approx(off.kpis["printed_pieces"])
        and funnel_visits(on, "mall", "posters") < funnel_visits(off, "mall", "posters")
    ),
    "rebate_drift": lambda on, off: (
        on.kpis["rebate_commission"] > 0.08
        and on.kpis["habit_share"] > 0
        and "rebate_commission" not in off.kpis
        and on.accounts["traffic_commission"] > off.accounts["traffic_commission"]
    ),
    "pull_forward": lambda on, off: on.kpis["visits"] < off.kpis["visits"],
    "traffic_prices": lambda on, off: (
        on.kpis["click_price_index"] > 1
        and "click_price_index" not in off.kpis
        and on.accounts["traffic_clicks"] > off.accounts["traffic_clicks"]
    ),
}
