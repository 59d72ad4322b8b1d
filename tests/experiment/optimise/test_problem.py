"""What a person may write, what is refused and how, and how a lever's values are counted."""

from __future__ import annotations

import pytest

from sim.experiment import ExperimentError
from sim.experiment.figures import Figure
from sim.experiment.jobs import Summary
from sim.experiment.optimise import Constraint, Lever, Problem, plan_runs, space_of
from sim.scenario import ScenarioError, load
from tests.experiment.optimise.hills import POLICY, X

PROFIT = Figure("contribution")


@pytest.fixture(scope="module")
def base():
    return load("base")


def space(base, *levers):
    return space_of(Problem(base, PROFIT, True, levers))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("share_in_hands > 0.9", "FIGURE >= VALUE"),
        ("share_in_hands = 0.9", "FIGURE >= VALUE"),
        ("share_in_hands >= 0.9 >= 0.8", "FIGURE >= VALUE"),
        ("share_in_hands >= high", "'high'"),
        ("share_in_hnds >= 0.9", "did you mean 'share_in_hands'"),
        ("channels.tmal.sales >= 1", "did you mean tmall"),
        ("0.9 >= 0.8", "names no figure"),
        ("share_in_hands >= inf", "finite"),
    ],
)
def test_a_constraint_that_cannot_be_read_is_refused_with_the_way_out(text, message):
    with pytest.raises(ExperimentError, match=message):
        Constraint.parse(text)


def test_slack_is_positive_on_the_right_side():
    floor, ceiling = Constraint.parse("share_in_hands >= 90%"), Constraint.parse("lost_share<=0.02")
    assert (floor.slack(0.95), floor.slack(0.85)) == pytest.approx((0.05, -0.05))
    assert (ceiling.slack(0.01), ceiling.slack(0.03)) == pytest.approx((0.01, -0.01))
    assert floor.relaxed(0.1).slack(0.85) > 0
    assert ceiling.relaxed(0.1).slack(0.03) > 0


@pytest.mark.parametrize("text", ["=1:2", "a=", "a=1:x", "a=1:2:3:4"])
def test_a_lever_that_cannot_be_read_is_refused(text):
    with pytest.raises(ExperimentError, match="a lever should be PATH"):
        Lever.parse(text)


@pytest.mark.parametrize(
    ("lever", "message"),
    [
        (Lever("channels.tmall.prize_index", 1, 2), "unknown name 'prize_index'"),
        (Lever(X), "no plausible range of its own"),
        (Lever(X, 2, 1), "low should be below high"),
        (Lever(X, 1, None), "both low and high"),
        (Lever(X, 1, 99), "99"),
        (Lever(X, 1, 2, 3), "step"),
        (Lever("market.places", 10, 20.5), "whole number"),
        (Lever("market.places", 10, 20, 0.5), "whole number"),
        (Lever(POLICY, options=("pull", "pusch")), "pusch"),
        (Lever(POLICY, options=("pull",)), "at least two"),
        (Lever("market.rebate.cap_share", 0.1, 0.5), "has no value in this scenario"),
        (Lever("fulfilment.truck_departure_hours", 1, 2), "list"),
    ],
)
def test_a_lever_that_cannot_be_pulled_is_refused_by_name(base, lever, message):
    with pytest.raises(ScenarioError, match=message) as caught:
        space(base, lever)
    assert "--lever" in str(caught.value)


def test_all_bad_levers_are_named_at_once(base):
    with pytest.raises(ScenarioError) as caught:
        space(base, Lever("nothing", 1, 2), Lever("nowhere", 1, 2))
    assert len(caught.value.problems) == 2


def test_problems_that_make_no_sense_are_refused(base):
    lever = Lever(X, 0.9, 1.1)
    cases = (
        ((), PROFIT, (), "at least one lever"),
        ((lever, lever), PROFIT, (), "named twice"),
        ((Lever(X, 0.9, 1.1, effort=-1.0),), PROFIT, (), "effort"),
        ((Lever(X, 0.9, 1.1, effort=5.0),), Figure("orders"), (), "none of them is asked for"),
        ((lever,), Figure("effort"), (), "no lever has an effort"),
    )
    for levers, objective, constraints, message in cases:
        with pytest.raises(ExperimentError, match=message):
            Problem(base, objective, True, levers, constraints)


def test_values_of_a_lever_are_those_a_person_would_write(base):
    (steps,) = space(base, Lever(X, 0.8, 1.2, 0.1)).dimensions
    assert [steps.at(place) for place in range(steps.count)] == [0.8, 0.9, 1.0, 1.1, 1.2]
    assert (steps.end(0.8), steps.end(1.0), steps.end(1.2)) == ("lower", "", "upper")
    (fine,) = space(base, Lever(X, 0.8, 1.2)).dimensions
    assert 1_000 <= fine.count <= 10_001
    (whole,) = space(base, Lever("market.places", 20, 60)).dimensions
    assert [type(whole.at(0)), whole.at(0), whole.at(whole.count - 1), whole.count] == [int, 20, 60, 41]
    (own,) = space(base, Lever("market.places")).dimensions
    assert (own.low, own.high) == base.entry("market.places").range
    (choice,) = space(base, Lever(POLICY)).dimensions
    assert set(choice.options) == {"pull", "push"}


def test_a_setting_changes_only_what_differs(base):
    found = space(base, Lever(X, 0.8, 1.2, 0.1), Lever(POLICY))
    assert found.size == 10
    assert len(set(found.every())) == 10
    assert found.world(found.start) is base
    moved = found.world((1.1, base.value(POLICY)))
    assert moved.value(X) == 1.1
    assert found.changes((1.1, base.value(POLICY))) == {X: 1.1}
    assert found.places(found.at([3, 1])) == (3, 1)


def test_effort_counts_the_way_from_where_the_lever_is(base):
    found = space(base, Lever(X, 0.8, 1.2, 0.1, effort=1_000.0), Lever(POLICY, effort=50.0))
    other = next(word for word in ("pull", "push") if word != base.value(POLICY))
    assert found.effort(found.start) == 0.0
    assert found.effort((1.2, base.value(POLICY))) == pytest.approx(200.0)
    assert found.effort((0.8, other)) == pytest.approx(250.0)


def test_figures_feel_effort_as_more_cost_and_less_profit():
    kpis = {"orders": 10.0, "contribution": 100.0, "contribution_per_order": 10.0, "cost_per_order": 5.0}
    run = Summary("", 0, "mature", "", kpis, {"goods": 50.0, "sales": -150.0}, {}, {})
    expected = {
        "cost": 50.0 + 20.0,
        "effort": 20.0,
        "contribution": 100.0 - 20.0,
        "contribution_per_order": 10.0 - 2.0,
        "cost_per_order": 5.0 + 2.0,
        "orders": 10.0,
        "contribution / orders": 8.0,
    }
    for text, value in expected.items():
        assert Figure(text).of(run, 20.0) == pytest.approx(value)
        assert Figure(text).feels_effort == (text != "orders")
    assert Figure("cost").of(run) == 50.0


def test_a_plan_spends_no_more_than_its_budget():
    for constraints in (0, 1, 3):
        for budget in (150, 200, 1_000):
            plan = plan_runs(budget, constraints=constraints, size=10**6)
            searching = plan.settings * plan.histories + plan.around * constraints * plan.histories
            confirming = plan.confirming * (3 + 2 * constraints)
            assert searching + plan.choosing + confirming <= budget
            assert plan.finalists * plan.first_stage <= plan.choosing


def test_a_budget_that_is_too_small_says_how_much_is_needed():
    with pytest.raises(ExperimentError, match=r"need at least (\d+)") as caught:
        plan_runs(20, constraints=1, size=100)
    least = int(str(caught.value).rpartition(" ")[2])
    assert plan_runs(least, constraints=1, size=100).budget == least
    with pytest.raises(ExperimentError, match="2 replications"):
        plan_runs(500, constraints=0, size=100, replications=1)
