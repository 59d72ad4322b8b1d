"""A rebate alliance that the brand depends on."""

import numpy as np
import pytest

from sim.market.forces.expected import orders_on
from sim.market.forces.rebate_drift import RebateDrift
from sim.market.forces.repurchase import Repurchase
from tests.market.forces.hand import Hand, scenario_with, source

SOURCES = {
    "platform_search": source(1_000_000, 0.01),
    "rebate_alliance": source(200_000, 0.0125) | {"commission_on_sales": 0.08},
}
RULES = {"commission_rise_per_year": 0.2, "highest_commission": 0.2, "habit_per_year": 1.5, "window_days": 30}


def hand(changes: dict[str, object] | None = None, **rules: object) -> Hand:
    return Hand(scenario_with(SOURCES, {"market.rebate": RULES | rules} | (changes or {})))


def usual(market: Hand) -> np.ndarray:
    return orders_on(market.setting, market.morning())


def first_day(market: Hand) -> int:
    return market.scenario.horizon.warmup_days


def test_the_commission_rises_with_the_share_of_orders():
    market = hand(habit_per_year=0.0)
    force = RebateDrift(market.setting)
    orders = usual(market)
    share = float(orders[market.rows("rebate_alliance")].sum() / orders.sum())
    force.share = share
    market.live(force, 365, first=first_day(market), orders=orders)
    assert force.commission == pytest.approx(0.08 + 0.2 * share)
    assert force.figures()["rebate_share"] == pytest.approx(share)


def test_what_it_asks_for_more_is_paid_on_kept_sales():
    market = hand(habit_per_year=0.0)
    force = RebateDrift(market.setting)
    orders = usual(market)
    force.share = float(orders[market.rows("rebate_alliance")].sum() / orders.sum())
    step = 0.2 * force.share / 365
    market.live(force, 11, first=first_day(market), orders=orders)
    value = float(orders[market.rows("rebate_alliance")].sum()) * 100.0
    paid = sum(quantity * rate for _, quantity, rate, *_ in market.paid)
    assert paid == pytest.approx(value * 0.9 * step * sum(range(11)))
    assert {entry[3:] for entry in market.paid} == {("tmall", "rebate_alliance")}


def test_the_commission_has_an_end():
    market = hand(commission_rise_per_year=2.0, highest_commission=0.15)
    force = RebateDrift(market.setting)
    market.live(force, 800, first=first_day(market), orders=usual(market))
    assert force.commission == 0.15


def test_returning_customers_move_to_the_alliance_and_are_as_many():
    """Whoever comes through the alliance no longer waits to come back, so nobody is counted twice."""
    market = hand(commission_rise_per_year=0.0)
    repurchase, force = Repurchase(market.setting), RebateDrift(market.setting)
    orders = {}
    for day in range(first_day(market), first_day(market) + 365):
        today = market.morning(day)
        repurchase.open(today)
        alone = orders_on(market.setting, today)
        force.open(today)
        orders = orders_on(market.setting, today)
        assert orders.sum() == pytest.approx(alone.sum())
        night = market.night(today, orders=orders)
        repurchase.close(night)
        force.close(night)
    repeat, rebate = market.rows("repeat"), market.rows("rebate_alliance")
    moved = alone[repeat].sum() - orders[repeat].sum()
    assert moved == pytest.approx(orders[rebate].sum() - alone[rebate].sum())
    assert force.habit == pytest.approx(moved / alone[repeat].sum(), rel=0.01)
    assert 0.1 < force.habit < 0.5


def test_those_who_move_leave_the_stock_of_those_who_come_back():
    ways = []
    for habit in (0.0, 1.5):
        market = hand(habit_per_year=habit)
        repurchase, force = Repurchase(market.setting), RebateDrift(market.setting)
        for day in range(first_day(market), first_day(market) + 200):
            today = market.morning(day)
            repurchase.open(today)
            force.open(today)
            night = market.night(today, orders=orders_on(market.setting, today))
            repurchase.close(night)
            force.close(night)
        assert repurchase.stock is not None
        ways.append(repurchase.stock.sum())
    assert ways[0] == pytest.approx(ways[1])


@pytest.mark.parametrize("switch", [True, False])
def test_a_cap_holds_with_and_without_the_drift(switch: bool):
    market = hand({"mechanisms.rebate_drift": switch}, cap_share=0.1, habit_per_year=0.0)
    force = RebateDrift(market.setting)
    today = market.morning()
    force.open(today)
    orders = orders_on(market.setting, today)
    assert orders[market.rows("rebate_alliance")].sum() / orders.sum() == pytest.approx(0.1)
    assert RebateDrift.acts_in(market.scenario)


def test_without_drift_or_cap_there_is_nothing_to_do():
    market = hand({"mechanisms.rebate_drift": False})
    assert not RebateDrift.acts_in(market.scenario)
    calm = hand(commission_rise_per_year=0.0, habit_per_year=0.0)
    force = RebateDrift(calm.setting)
    today = calm.live(force, 100, orders=usual(calm))
    assert (today.rates == calm.rates).all()
    assert calm.paid == []


def test_it_starts_from_its_usual_share():
    market = hand()
    usual = market.setting.usual_orders
    mine = usual.from_source("rebate_alliance") / usual.total
    assert RebateDrift(market.setting).share == pytest.approx(mine)
