"""Visitors who want an answer before they buy."""

import numpy as np
import pytest

from sim.market.forces.chats import Chats
from sim.market.trading import Trading
from sim.scenario.presale import expected_chats_per_day
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "platform_search": source(1_000_000, 0.01),
    "store_footfall": source(9_000, 0.2, stores=1.0),
}
DESK = {
    "ask_first": {"planner": 0.5, "replacer": 0.2},
    "win_share": 0.5,
    "patience_minutes": 3,
    "reference_answered_share": 0.8,
    "handling_minutes": 4,
    "wage_per_month": 4500,
    "working_hours_per_month": 176,
    "shift_start_hour": 8,
    "shift_end_hour": 24,
    "target_utilisation": 0.7,
}


def market() -> Hand:
    return Hand(scenario_with(SOURCES, {"service.presale": DESK}))


def test_online_buyers_ask_and_store_visitors_do_not():
    hand = market()
    today = hand.live(Chats(hand.setting), 1)
    for stream, first in zip(hand.streams, today.ask_first, strict=True):
        segment = stream.segment
        asks = segment.channel == "tmall" and segment.source == "platform_search"
        assert first == (DESK["ask_first"][segment.kind] if asks else 0.0)
    assert (today.asks_per_win == 2.5).all()


def test_at_the_reference_as_many_buy_in_all():
    """At once, or after an answer: ``p (1 - f) + p f / (w a) * w a = p``."""
    hand = market()
    today = hand.live(Chats(hand.setting), 1)
    trading = Trading(hand.scenario, 1, 0.0)
    at_once, ask = trading._choices(today)
    assert at_once + ask * 0.5 * 0.8 == pytest.approx(trading.conversions)


def test_the_desk_is_sized_for_those_who_ask():
    hand = market()
    planners, replacers = (
        hand.scenario.market.visitor_types.planner.conversion * 0.6,
        hand.scenario.market.visitor_types.replacer.conversion * 0.4,
    )
    asking = 1_000_000 * 0.01 * (planners * 0.5 + replacers * 0.2) * 2.5 / 365
    assert expected_chats_per_day(hand.scenario) == pytest.approx(asking, rel=0.01)
    assert expected_chats_per_day(hand.scenario.with_values({"mechanisms.pre_sale_chats": False})) == 0.0


def test_nobody_asks_where_the_mechanism_is_off():
    hand = market()
    assert Chats.acts_in(hand.scenario)
    assert not Chats.acts_in(hand.scenario.with_values({"mechanisms.pre_sale_chats": False}))
    assert not Chats.acts_in(scenario_with(SOURCES, {"service.presale": None}))
    assert not np.any(hand.morning().ask_first)
