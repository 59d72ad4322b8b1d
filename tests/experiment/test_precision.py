"""Replications until a width: the published rule, digits that do not depend on workers, and false alarms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.experiment import ExperimentError, Runner, compare, replicate
from sim.experiment.precision import (
    LOOK_AHEAD,
    Precision,
    compare_until,
    replicate_until,
    replications_until,
)
from sim.experiment.statistics import NO_DIFFERENCE, difference, estimate
from tests.experiment import planted

PAIRS = 1_000
FALSE_ALARMS = 0.05
BAND = 2.5758 * math.sqrt(FALSE_ALARMS * (1.0 - FALSE_ALARMS) / PAIRS)  # 99% of a binomial share


def alone(value):
    """Rows of one figure that is its own reference, from a function of the replication's number."""
    return lambda first, end: [[(value(i), value(i))] for i in range(first, end)]


def normal(mean, deviation):
    return lambda i: np.random.default_rng(i).normal(mean, deviation)


def noise(scenario, seed, **_):
    """Cost per order 20, with a deviation of 3 that is this scenario's own."""
    luck = np.random.default_rng([seed, int(scenario.hash[:12], 16)])
    return planted.run_of(scenario, seed, 1_000.0, {"line_haul": luck.normal(20.0, 3.0)})


@pytest.fixture(scope="module")
def twins(door):
    """A scenario and one that differs in what the planted brand does not feel."""
    return door, door.with_values({"fulfilment.promise_hours": 110})


@pytest.mark.parametrize(("mean", "deviation", "expected"), [(100, 4, 3), (1, 1, 332), (44, 27, 171)])
def test_the_rule_is_that_of_sim_tools(mean, deviation, expected):
    # Back tests of the ReplicationsAlgorithm in sim-tools 1.3: width 10%, looking 10 ahead, the same draws.
    aim = Precision(0.10, least=3, most=600, look_ahead=10)
    found = replications_until(aim, alone(normal(mean, deviation)))
    assert found.watched[0].reached_at == expected
    assert found.replications == expected + int(0.10 * max(found.replications - 1, 100))


def test_it_stops_at_the_first_number_from_which_the_width_holds():
    value = normal(50.0, 9.0)
    found = replications_until(Precision(0.05), alone(value))
    widths = {n: estimate([value(i) for i in range(n)]) for n in range(5, found.replications + 1)}
    narrow = [n for n, one in widths.items() if one.half_width <= 0.05 * abs(one.mean)]
    runs = [n for n in narrow if all(n + k in narrow for k in range(LOOK_AHEAD + 1))]
    assert found.watched[0].reached_at == runs[0]
    assert found.replications == runs[0] + LOOK_AHEAD
    assert f"Stopped at {found.replications} replications because" in found.reason
    assert found.table()["half_width"].iloc[-1] == pytest.approx(widths[found.replications].half_width)


def test_a_width_that_is_lost_again_does_not_count():
    # Six equal values are exactly narrow; with the seventh they are not, so the rule starts anew after it.
    values = [*([10.0] * 6), 16.0, *([10.0, 11.0] * 40)]
    found = replications_until(Precision(1.0, relative=False), alone(values.__getitem__))
    assert found.watched[0].half_widths[4] == 0.0
    assert found.watched[0].reached_at > 7


def test_a_spent_budget_says_how_wide_it_still_is():
    found = replications_until(Precision(0.01, most=12), alone(normal(10.0, 5.0)))
    assert (found.reached, found.replications) == (False, 12)
    assert "The budget of 12 replications is spent" in found.reason
    assert f"{found.watched[0].half_width:.4g}" in found.reason
    short = replications_until(Precision(1e9, relative=False, most=7), alone(normal(10.0, 5.0)))
    assert "not for long enough" in short.reason


def test_no_replication_is_asked_for_in_vain_and_every_one_in_order():
    asked = []

    def rows(first, end):
        asked.append((first, end))
        return alone(normal(44, 27))(first, end)

    found = replications_until(Precision(0.10, look_ahead=10, most=600), rows)
    assert [first for first, _ in asked] == [0, *(end for _, end in asked[:-1])]
    assert asked[-1][1] == found.replications
    assert len(asked) < found.replications / 2  # workers get several at a time


def test_every_figure_that_is_watched_has_to_be_narrow():
    wide, narrow = normal(10.0, 3.0), normal(10.0, 0.1)
    aim = Precision(0.10, metrics=("orders", "contribution"))
    both = replications_until(
        aim, lambda first, end: [[(narrow(i), narrow(i)), (wide(i), wide(i))] for i in range(first, end)]
    )
    slow = replications_until(Precision(0.10), alone(wide))
    assert both.replications == slow.replications
    assert both.watched[0].reached_at == 5


def test_the_result_is_that_of_the_number_reached_with_any_number_of_workers(door):
    aim = Precision(0.04, metrics=("cost_per_order",))
    with Runner(1, simulate=planted.on(planted.Curve(), common=0.05)) as runner:
        found, stopped = replicate_until(door, aim, runner=runner)
        assert runner.simulated == stopped.replications == found.replications
        fixed = replicate(door, replications=stopped.replications, runner=runner)
        assert runner.simulated == stopped.replications
    with Runner(2, simulate=planted.on(planted.Curve(), common=0.05)) as runner:
        again, _ = replicate_until(door, aim, runner=runner)
    assert found.as_dict() == fixed.as_dict() == again.as_dict()
    assert stopped.reached
    cost = found.kpis["cost_per_order"]
    assert cost.half_width <= 0.04 * cost.mean


def test_a_difference_is_narrowed_against_the_level_of_the_first(twins):
    a, b = twins
    with Runner(1, simulate=noise) as runner:
        found, stopped = compare_until(a, b, Precision(0.05, metrics=("cost_per_order",)), runner=runner)
    assert stopped.reached
    assert found.difference["cost_per_order"].half_width <= 0.05 * found.a["cost_per_order"].mean
    assert found.as_dict()["a"]["kpis"]["cost_per_order"]["n"] == stopped.replications


def test_false_alarms_of_a_against_a_twin_come_as_often_as_they_should(twins):
    a, b = twins
    alarms = 0
    with Runner(1, simulate=noise) as runner:
        for seed in range(PAIRS):
            found = compare(a, b, replications=5, seed=seed, runner=runner)
            alarm = found.difference["contribution_per_order"].is_detectable()
            assert (NO_DIFFERENCE in found.headline) == (not alarm)
            alarms += alarm
    assert abs(alarms / PAIRS - FALSE_ALARMS) < BAND


def test_stopping_at_a_width_raises_few_more_false_alarms():
    # Whoever stops when the spread looks small finds it too small: a known, small price of any such rule.
    worst, alarms = 0.06, 0
    for pair in range(PAIRS):
        luck = np.random.default_rng([7, pair])
        a, b = luck.normal(20.0, 3.0, 100).tolist(), luck.normal(20.0, 3.0, 100).tolist()
        rows = [[(y - x, x)] for x, y in zip(a, b, strict=True)]
        found = replications_until(Precision(0.10), lambda first, end, rows=rows: rows[first:end])
        n = found.replications
        alarms += difference(a[:n], b[:n]).is_detectable()
    assert FALSE_ALARMS - BAND < alarms / PAIRS < worst + 2.5758 * math.sqrt(worst * (1.0 - worst) / PAIRS)


def test_a_figure_may_be_a_formula(door):
    with Runner(1, simulate=planted.on(planted.Curve())) as runner:
        aim = Precision(0.10, metrics=("channels.tmall.cost / channels.tmall.orders",))
        _, stopped = replicate_until(door, aim, runner=runner)
    assert stopped.reached
    assert stopped.as_dict()["metrics"][0]["metric"] == "channels.tmall.cost / channels.tmall.orders"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Precision.parse("tight"), "such as 5%"),
        (lambda: Precision.parse("0%"), "above 0"),
        (lambda: Precision.parse("-1"), "above 0"),
        (lambda: Precision(0.1, least=20, most=10), "20 and 10"),
        (lambda: Precision(0.1, metrics=("contribution_per_oder",)), "did you mean 'contribution_per_order'"),
        (lambda: Precision(0.1, metrics=()), "at least one figure"),
        (lambda: Precision(0.1, look_ahead=-1), "look-ahead"),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(ExperimentError, match=message):
        make()
