"""Buyers who tell others."""

import pytest

from sim.market.forces.word_of_mouth import WordOfMouth
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {"platform_search": source(1_000_000, 0.01), "word_of_mouth": source(10_000, 0.03)}
RULES = {"invites_per_kept_order": 0.5, "warnings_per_bad_order": 2.0, "delay_days": 30}


def hand(**changes: object) -> Hand:
    return Hand(scenario_with(SOURCES, {"market.word_of_mouth": RULES | changes}))


def test_so_many_come_as_were_told():
    market = hand()
    force = WordOfMouth(market.setting)
    today = market.live(force, 400, entered={"kept": 40.0, "broken": 1.0, "lost": 2.0, "cancelled": 1.0})
    told = 0.5 * 40 - 2.0 * 4
    assert today.rates.sum() - market.rates.sum() == pytest.approx(told / 24, rel=1e-4)


def test_the_mature_state_is_steady():
    """With the orders that it brings itself, repeat orders included, a mature stock stays as it is."""
    market = hand()
    force = WordOfMouth(market.setting)
    usual = market.setting.usual_orders
    rows = market.rows("word_of_mouth")
    for day in range(60):
        today = market.morning(day)
        force.open(today)
        more = today.rates[rows].sum() / market.rates[rows].sum()
        orders = usual.from_source("platform_search") + usual.from_source("word_of_mouth") * more
        force.close(market.night(today, entered={"kept": orders * 0.9, "lost": orders * 0.02}))
        if day == 0:
            before = force.stock
    assert force.stock == pytest.approx(before, rel=1e-9)


def test_bad_news_keep_visits_away_but_never_more_than_there_are():
    market = hand()
    force = WordOfMouth(market.setting)
    today = market.live(force, 100, entered={"lost": 100.0})
    assert market.by_source(today, "word_of_mouth") == 0.0
    assert market.by_source(today, "platform_search") == pytest.approx(1_000_000)
    assert force.figures()["invited_visits"] < 0


def test_nobody_talks_where_nobody_is_told():
    market = hand(invites_per_kept_order=0.0, warnings_per_bad_order=0.0)
    today = market.live(WordOfMouth(market.setting), 50, entered={"kept": 40.0, "lost": 3.0})
    assert (today.rates == market.rates).all()


def test_the_reproduction_number_is_invites_times_conversion_times_kept_share():
    market = hand(warnings_per_bad_order=0.0)
    force = WordOfMouth(market.setting)
    orders = market.rates * market.conversions * 24
    market.live(force, 100, orders=orders, entered={"kept": 0.8 * float(orders.sum())})
    rows = market.rows("word_of_mouth")
    conversion = (market.rates * market.conversions)[rows].sum() / market.rates[rows].sum()
    assert force.figures()["reproduction_number"] == pytest.approx(0.5 * 0.8 * conversion)
