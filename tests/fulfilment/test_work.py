"""What planners know: how much work, and how long after the order it comes."""

from __future__ import annotations

import numpy as np
import pytest

from sim.fulfilment.work import days_to_hands, work_on_the_way
from sim.scenario import load
from sim.scenario.network_load import arrivals
from sim.world import simulate
from tests.world.small import brief


def test_arrivals_keep_what_was_sent() -> None:
    sent = np.array([1.0, 2.0, 8.0, 1.0, 0.5])
    for delay in (0.0, 0.3, 1.0, 2.6, 9.0):
        found = arrivals(sent, np.full(5, delay))
        assert found.sum() == pytest.approx(sent.sum())
    assert arrivals(sent, np.zeros(5)).tolist() == sent.tolist()


def test_days_to_hands_by_hand() -> None:
    """Trucks at 14 and 21 o'clock leave gaps of 7 and 17 hours: 7.04 hours to the next one."""
    scenario = load("door_only").with_values({"fulfilment.truck_departure_hours": [14, 21]})
    courier = scenario.fulfilment.courier
    hours = (7**2 + 17**2) / 48 + courier.line_haul_hours.mean + courier.last_mile_hours.mean
    assert days_to_hands(scenario) == pytest.approx(hours / 24)


def test_work_meets_what_a_run_brings() -> None:
    scenario = brief("door_only", {"horizon.days": 56})
    run = simulate(scenario, seed=4, log=True)
    assert run.events is not None
    online = run.kpis["orders_online"] / scenario.horizon.days
    works = {work.node: work for work in work_on_the_way(scenario, scenario, online, {"door": 1.0})}
    events, begin = run.events, scenario.horizon.warmup_days * 24
    entries = events[(events.what == "enter") & (events.time_h > begin) & (events.time_h <= begin + 56 * 24)]
    for node in ("pick_pack", "service", "refurbishment"):
        came, expected = (entries.node == node).sum(), 56 * works[node].jobs_per_day
        # Four standard errors, and a tenth for seasons and for what planners leave out.
        assert came == pytest.approx(expected, abs=4 * expected**0.5 + 0.1 * expected), node


def test_every_station_is_staffed_once() -> None:
    scenario = load("installation")
    nodes = [work.node for work in work_on_the_way(scenario, scenario, 800.0, {"door": 1.0})]
    assert len(nodes) == len(set(nodes))
    assert {"pick_pack", "service", "refurbishment", "installation"} <= set(nodes)
