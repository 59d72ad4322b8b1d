"""Crews by appointment: who books, what fails, what comes back less."""

from __future__ import annotations

import pytest

from sim.fulfilment.installation import job_stretch
from sim.fulfilment.work import mean_over_orders
from sim.run import Run
from sim.scenario import Scenario, ScenarioError
from sim.world import simulate
from tests.world.limits.fulfilment import WORLD
from tests.world.small import brief

RULES = WORLD[1]["fulfilment.installation"]


def with_crews(**changes: object) -> Scenario:
    rules = {**RULES, **changes}  # type: ignore[dict-item]
    return brief("door_only", {"fulfilment.installation": rules})


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(with_crews(), seed=8, log=True)


def test_only_those_book_who_are_said_to(run: Run) -> None:
    booked = run.orders[run.orders.installation_h.notna()]
    assert set(booked.visitor_type) == {"planner"}
    planners = run.orders[(run.orders.visitor_type == "planner") & run.orders.delivered_h.notna()]
    online = booked[booked.delivered_h.notna()]
    assert len(online) / len(planners) == pytest.approx(0.2, abs=4 * (0.2 * 0.8 / len(planners)) ** 0.5)


def test_failed_appointments_are_made_again_until_one_succeeds(run: Run) -> None:
    trace = run.events
    visits = ((trace.node == "installation") & (trace.what == "enter")).sum()
    done = ((trace.node == "installed") & (trace.what == "enter")).sum()
    assert visits / done == pytest.approx(1 / 0.9, rel=0.05)


def test_whoever_decides_has_been_served_first(run: Run) -> None:
    served = run.orders[run.orders.installed_h.notna()]
    assert (served.installed_h >= served.installation_h + 1e-9).all()
    decided = served[["kept_h", "return_transit_h"]].min(axis=1)
    assert (decided > served.installed_h).all()


def test_installed_lamps_come_back_as_often_as_said() -> None:
    never = simulate(with_crews(return_factor=0.0), seed=8, log=True).orders
    assert never[never.installed_h.notna()].return_transit_h.isna().all()


def test_a_job_takes_its_way_and_its_work() -> None:
    rules = with_crews().fulfilment.installation
    assert rules is not None
    assert rules.job_minutes.mean * job_stretch(rules) == pytest.approx(100.0)


def test_planners_of_crews_weigh_visitors_by_their_orders() -> None:
    scenario = with_crews()
    rules = scenario.fulfilment.installation
    assert rules is not None
    planners = mean_over_orders(scenario, lambda kind: float(kind == "planner"))
    assert 0.1 < planners < 0.9
    booked = mean_over_orders(scenario, lambda kind: getattr(rules.share, kind))
    assert booked == pytest.approx(0.2 * planners)


def test_a_shift_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ScenarioError, match="shift_end_hour"):
        with_crews(shift_end_hour=7)
