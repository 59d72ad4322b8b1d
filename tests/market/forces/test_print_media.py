"""Posters and catalogues."""

import numpy as np
import pytest

from sim.market.forces.expected import buying
from sim.market.forces.print_media import PrintMedia
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "platform_search": source(1_000_000, 0.01),
    "posters": source(40_000, 0.02, tmall=0.75, stores=0.25),
}
RULES = {
    "response_rate": 0.05,
    "hop_survival": 0.3,
    "cost_per_piece": 2.0,
    "basket_factor": 0.8,
    "cycle_days": 90,
    "offer_change_per_day": 0.01,
    "stale_lost_share": 0.6,
    "compensation_per_stale_order": 15.0,
}
PIECES = (30_000 / 0.3 + 10_000) / 0.05


def hand(changes: dict[str, object] | None = None, **rules: object) -> Hand:
    return Hand(scenario_with(SOURCES, {"market.print_media": RULES | rules} | (changes or {})))


def test_the_pieces_follow_from_visits_behind_the_hop():
    market = hand()
    force = PrintMedia(market.setting)
    assert force.pieces_per_year == pytest.approx(PIECES)
    today = market.live(force, 365)
    assert market.by_source(today, "posters") == pytest.approx(40_000)
    assert not today.click_price[market.rows("posters")].any()
    printed = dict.fromkeys(("tmall", "stores"), 0.0)
    for account, quantity, rate, channel, name in market.paid:
        assert (account, rate, name) == ("traffic_print", 2.0, "posters")
        printed[channel] += quantity
    assert printed["tmall"] == pytest.approx(30_000 / 0.3 / 0.05)
    assert sum(printed.values()) == pytest.approx(PIECES)


def test_a_link_loses_nobody_and_never_grows_old():
    market = hand({"mechanisms.print_hop": False})
    today = market.live(PrintMedia(market.setting), 80)
    assert market.by_source(today, "posters") == pytest.approx(30_000 / 0.3 + 10_000)
    assert not today.shift.any()
    assert (today.basket == 1.0).all()


def test_offers_grow_old_between_two_prints():
    market = hand()
    force = PrintMedia(market.setting)
    assert force.stale_share(0) == 0.0
    assert force.stale_share(60) == pytest.approx(1 - 0.99**60)
    assert force.stale_share(90) == 0.0


def test_buyers_of_an_outdated_offer_leave_or_are_compensated():
    market = hand()
    force = PrintMedia(market.setting)
    today = market.morning(60)
    force.open(today)
    stale, rows = 1 - 0.99**60, market.rows("posters")
    assert buying(market.conversions, today.shift)[rows] == pytest.approx(
        market.conversions[rows] * (1 - 0.6 * stale)
    )
    assert not today.shift[~rows].any()
    assert (today.basket[rows] == 0.8).all()
    orders = np.where(rows, 10.0, 5.0)
    force.close(market.night(today, orders=orders))
    paid = sum(quantity for account, quantity, *_ in market.paid if account == "offer_compensation")
    wanted = orders[rows].sum() / (1 - 0.6 * stale)
    assert paid == pytest.approx(wanted * stale * 0.4)
    assert force.figures()["stale_offer_share"] == pytest.approx(stale)


def test_prices_that_never_change_make_no_offer_stale():
    market = hand(offer_change_per_day=0.0, hop_survival=1.0, basket_factor=1.0)
    today = market.live(PrintMedia(market.setting), 89)
    assert not today.shift.any()
    assert (today.rates == market.rates).all()
