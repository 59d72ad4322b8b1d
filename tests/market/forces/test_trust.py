"""What an own mall must earn and a platform lends."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.market.forces.trust import EarnedTrust
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "search_engine": source(1_000_000, 0.01, mix={"planner": 1.0}, mall=1.0),
    "platform_search": source(1_000_000, 0.01, mix={"planner": 1.0}),
}
RULES = {
    "gap": 1.0,
    "half_customers": 5_000,
    "memory_days": 365,
    "loss_ratio": 4.0,
    "reference_trust": 1.0,
}


def hand(changes: dict[str, object] | None = None, **rules: object) -> Hand:
    values = {"market.earned_trust": RULES | rules, "mechanisms.repurchase": False}
    return Hand(scenario_with(SOURCES, values | (changes or {})), kept=0.95, bad=0.0)


def in_mall(market: Hand, entered: dict[str, float]) -> dict[str, np.ndarray]:
    """Return ends of orders of the mall by node."""
    first = next(i for i, c in enumerate(market.classes) if c.segment.channel == "mall")
    found = {}
    for node in ("kept", "broken", "lost"):
        found[node] = np.zeros(len(market.classes))
        found[node][first] = entered.get(node, 0.0)
    return found


def live(market: Hand, force: EarnedTrust, days: int, **entered: float) -> None:
    by_node = in_mall(market, entered)
    for day in range(days):
        today = market.morning(day)
        force.open(today)
        night = market.night(today)
        force.close(replace(night, entered=by_node.__getitem__))


def test_a_platform_is_trusted_and_a_mall_of_strangers_is_not():
    market = hand({"horizon.start": "launch"})
    force = EarnedTrust(market.setting)
    today = market.morning()
    force.open(today)
    assert force.trust == 0.0
    assert today.shift[market.rows("search_engine")] == pytest.approx(-1.0)
    assert today.shift[market.rows("platform_search")] == pytest.approx(0.0)


def test_the_mature_state_is_steady():
    market = hand()
    force = EarnedTrust(market.setting)
    before = force.trust
    conversion = 0.01 * market.scenario.market.visitor_types.planner.conversion
    live(market, force, 200, kept=1_000_000 * conversion / 365 * 0.95)
    assert force.trust == pytest.approx(before, rel=0.02)
    customers = 1_000_000 * conversion * 0.95
    assert before == pytest.approx(customers / (customers + 5_000), rel=0.01)


def test_trust_grows_with_customers_served_less_and_less():
    market = hand({"horizon.start": "launch"})
    force = EarnedTrust(market.setting)
    found = [force.trust]
    for _ in range(4):
        live(market, force, 50, kept=50.0)
        found.append(force.trust)
    steps = np.diff(found)
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()


def test_one_bad_order_undoes_several_good_ones():
    market = hand({"horizon.start": "launch"}, memory_days=3650)
    force = EarnedTrust(market.setting)
    live(market, force, 1, kept=400.0, broken=100.0)
    assert force.trust == 0.0
    live(market, force, 1, kept=400.0)
    assert force.trust == pytest.approx(400 / 5_400, rel=1e-3)


def test_trust_is_forgotten():
    market = hand()
    force = EarnedTrust(market.setting)
    live(market, force, 1)
    vouching = force._memory.good[0]
    live(market, force, 365)
    assert force._memory.good[0] == pytest.approx(vouching * math.exp(-1.0))


def test_a_guarantee_lends_trust_and_is_paid_for_each_order():
    rules = {"guarantee": {"trust": 0.6, "cost_per_order": 2.0}}
    market = hand({"horizon.start": "launch"}, **rules)
    force = EarnedTrust(market.setting)
    assert force.trust == pytest.approx(0.6)
    today = market.morning()
    force.open(today)
    orders = np.where(market.rows("search_engine"), 7.0, 5.0)
    force.close(market.night(today, orders=orders))
    mine = [payment for payment in market.paid if payment[4] == "search_engine"]
    assert mine == [("guarantees", 7.0, 2.0, "mall", "search_engine")]
    assert {channel for *_, channel, _ in market.paid} == {"mall"}
