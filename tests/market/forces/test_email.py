"""Mails to customers."""

import math

import pytest

from sim.market.forces.email import MailList
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "platform_search": source(1_000_000, 0.01),
    "email": source(48_000, 0.03),
}
RULES = {
    "mails_per_customer_month": 4.0,
    "reference_mails_per_customer_month": 4.0,
    "click_rate": 0.01,
    "fatigue_per_mail": 0.1,
    "unsubscribe_per_mail": 0.005,
    "churn_per_month": 0.02,
    "cost_per_mail": 0.01,
}
LIST = 48_000 / (12 * 4 * 0.01)


def hand(changes: dict[str, object] | None = None, **rules: object) -> Hand:
    values = {"market.email": RULES | rules} | (changes or {})
    return Hand(scenario_with(SOURCES, values))


def kept(market: Hand) -> dict[str, float]:
    return {"kept": 0.9 * market.setting.usual_orders.total}


def test_as_many_mails_as_were_measured_bring_as_many_visits():
    market = hand()
    force = MailList(market.setting)
    today = market.live(force, 300, entered=kept(market))
    assert force.reference == pytest.approx(LIST)
    assert market.by_source(today, "email") == pytest.approx(48_000)
    assert not today.click_price[market.rows("email")].any()
    assert force.customers == pytest.approx(LIST)


def test_more_mails_are_clicked_less_and_lose_customers():
    market = hand(mails_per_customer_month=12.0)
    force = MailList(market.setting)
    today = market.live(force, 600, entered=kept(market))
    steady = LIST * (0.005 * 4 + 0.02) / (0.005 * 12 + 0.02)
    assert force.customers == pytest.approx(steady)
    assert market.by_source(today, "email") == pytest.approx(48_000 * 3 * math.exp(-0.8) * steady / LIST)
    assert force.figures()["mail_click_rate"] == pytest.approx(0.01 * math.exp(-0.8))


def test_mails_of_readers_who_never_tire_bring_visits_in_proportion():
    market = hand({"mechanisms.email_fatigue": False}, mails_per_customer_month=12.0)
    force = MailList(market.setting)
    today = market.live(force, 100)
    assert market.by_source(today, "email") == pytest.approx(3 * 48_000)
    assert force.customers == pytest.approx(LIST)


def test_every_mail_is_paid_where_its_reader_lands():
    market = hand()
    market.live(MailList(market.setting), 365, entered=kept(market))
    assert {(account, rate, channel, source) for account, _, rate, channel, source in market.paid} == {
        ("traffic_mail", 0.01, "tmall", "email")
    }
    assert sum(quantity for _, quantity, *_ in market.paid) == pytest.approx(LIST * 4 * 12)


def test_a_launch_starts_without_a_list():
    market = hand({"horizon.start": "launch"})
    force = MailList(market.setting)
    assert market.by_source(market.live(force, 1, entered=kept(market)), "email") == 0.0
    rate = (0.005 * 4 + 0.02) * 12 / 365
    market.live(force, 99, first=1, entered=kept(market))
    assert force.customers == pytest.approx(LIST * (1 - (1 - rate) ** 100))


def test_no_mails_no_visits_and_no_bill():
    market = hand(mails_per_customer_month=0.0)
    today = market.live(MailList(market.setting), 5, entered=kept(market))
    assert market.by_source(today, "email") == 0.0
    assert sum(quantity for _, quantity, *_ in market.paid) == 0.0
