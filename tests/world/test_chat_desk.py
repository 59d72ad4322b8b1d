"""The desk that answers before the sale: theory for its queue, identities for its orders."""

from __future__ import annotations

import numpy as np
import pytest

from sim.fulfilment.chat_desk import CHAT_DESK
from sim.scenario import Scenario
from sim.world import World, simulate
from tests.world.limits.choice import SHOPPERS
from tests.world.small import brief

DESK = SHOPPERS["service.presale"] | {
    "patience_minutes": {"law": "exponential", "mean": 4},
    "handling_minutes": {"law": "exponential", "mean": 30},
    "shift_start_hour": 0,
    "shift_end_hour": 24,
    "target_utilisation": 0.95,
}


def steady(**changes: object) -> Scenario:
    """Return a world in which chats come at one rate all year and agents are as many at any time."""
    still = {"seasonality": False, "promotion_days": False, "delivery_sensitivity": False}
    values = {f"mechanisms.{name}": on for name, on in still.items()}
    return brief("door_only", values | {"service.presale": DESK} | changes)


def abandoned_share(arrivals: float, handled: float, impatience: float, agents: int) -> float:
    """Return the share that loses patience in an M/M/c queue with exponential patience (Erlang A; Palm 1957).

    A birth-death process: births at ``arrivals``, deaths at ``min(n, c) handled + max(n - c, 0) impatience``;
    those who give up are ``impatience`` times the mean number who wait.
    """
    n = np.arange(1, 400)
    deaths = np.minimum(n, agents) * handled + np.maximum(n - agents, 0) * impatience
    weights = np.concatenate([[1.0], np.cumprod(arrivals / deaths)])
    waiting = np.maximum(np.arange(400) - agents, 0)
    return float(impatience * (weights @ waiting) / weights.sum() / arrivals)


def test_the_queue_is_erlang_a() -> None:
    scenario = steady()
    found, rates, agents = [], [], set()
    for seed in range(8):
        world = World(scenario, seed, sized_for=scenario)
        world.live()
        desk = world.flow.statistics()[CHAT_DESK]
        found.append(desk.abandoned / (desk.abandoned + desk.departures))
        rates.append(desk.entries / (28 * 24))
        paid = (p for p in world.payroll.payments() if p.account == "presale_wages" and p.period == 0)
        agents.add(round(sum(p.quantity for p in paid) / (28 * 24)))
    assert len(agents) == 1
    expected = abandoned_share(float(np.mean(rates)), 2.0, 15.0, agents.pop())
    assert 0.02 < expected < 0.5
    error = np.std(found, ddof=1) / np.sqrt(len(found))
    assert np.mean(found) == pytest.approx(expected, abs=3 * error)


def test_a_won_order_is_an_order_like_any_other() -> None:
    run = simulate(steady(), seed=3, log=True)
    asked = run.orders.asked_first
    assert 0 < asked.sum() == run.kpis["won_orders"]
    assert len(run.orders) == run.kpis["orders"] == run.balance["orders_placed"]
    assert run.orders[asked].final_state.ne("open").all()
    assert set(run.orders[asked].channel) <= {"tmall", "vertical", "mall"}
    measured = run.events[run.events.time_h >= 14 * 24]
    answered = int(((measured.node == CHAT_DESK) & (measured.what == "depart")).sum())
    error = (0.6 * 0.4 / answered) ** 0.5
    assert run.kpis["won_orders"] / answered == pytest.approx(0.6, abs=3 * error)


def test_when_all_are_answered_more_buy_than_at_the_reference() -> None:
    """Endless agents answer everybody, where conversion rates were measured with a share left waiting."""
    everybody = steady(**{"mechanisms.staff_queues": False})
    nobody = steady(**{"mechanisms.staff_queues": False, "mechanisms.pre_sale_chats": False})
    with_desk, without = simulate(everybody, seed=5), simulate(nobody, seed=5)
    assert with_desk.kpis["answered_share"] == 1.0
    won = with_desk.kpis["won_orders"]
    expected = without.kpis["orders_online"] + won * (1 - 0.9)
    assert with_desk.kpis["orders_online"] == pytest.approx(expected, rel=0.04)


def test_more_agents_save_orders_at_a_price() -> None:
    busy = simulate(steady(), seed=6)
    idle = simulate(steady(**{"service.presale.target_utilisation": 0.4}), seed=6)
    assert idle.kpis["answered_share"] > busy.kpis["answered_share"]
    assert idle.kpis["won_orders"] > busy.kpis["won_orders"]
    assert idle.accounts["presale_wages"] > busy.accounts["presale_wages"]


def test_both_engines_tell_the_same() -> None:
    scenario = steady(**{"horizon.days": 10, "horizon.warmup_days": 4})
    compiled, reference = simulate(scenario, seed=7), simulate(scenario, seed=7, engine="reference")
    assert compiled.kpis == reference.kpis
    assert compiled.ledger == reference.ledger


def test_a_visitor_at_a_time_follows_the_same_law() -> None:
    split, each = simulate(steady(), seed=8), simulate(steady(), seed=8, visits="each")
    assert each.kpis["chats"] == pytest.approx(split.kpis["chats"], rel=0.1)
    assert each.kpis["orders_online"] == pytest.approx(split.kpis["orders_online"], rel=0.06)
