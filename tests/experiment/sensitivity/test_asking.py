"""What can be asked, what is refused, and what is said before the first run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiment import ExperimentError, RunFailedError, Runner
from sim.experiment.sensitivity import answer, factors_of, forecast, morris, question_of, sobol, tornado
from sim.experiment.sensitivity.factors import Factor, worlds_with
from sim.experiment.sensitivity.response import Ask, Histories
from sim.experiment.sensitivity.screening import screen, two_level_design, worlds_needed
from sim.scenario import load
from tests.experiment.sensitivity.nursery import PATHS, additive, fragile, planted, ranges


@pytest.fixture(scope="module")
def door():
    return load("door_only")


@pytest.mark.parametrize("factors", [1, 3, 7, 18, 50, 418])
def test_a_two_level_design_is_orthogonal_and_balanced(factors):
    design = two_level_design(factors)
    worlds = worlds_needed(factors)
    assert design.shape == (worlds, factors)
    assert factors < worlds <= factors + 24
    assert (design.T @ design == worlds * np.eye(factors)).all()
    assert (design.sum(axis=0) == 0).all()


def test_a_screening_tells_slopes_through_noise(door):
    slopes = (9.0, -6.0, 3.0)
    factors = factors_of(door, (), ["products.*", "channels.*", "fulfilment.*"])
    question = question_of("tornado", door)
    simulate = planted(additive, slopes=slopes, common=5.0, alone=0.05)
    with Runner(1, simulate=simulate) as runner:
        found = screen(Histories(runner, question.response, factors, 1), factors, 3, 5)
    assert set(found.paths) == set(PATHS[:3])
    # A step of 0.1 of the range, the difference of two means over half the worlds each.
    error = 0.05 * (4.0 / found.runs) ** 0.5 / 0.1
    for path, slope in zip(PATHS, slopes, strict=False):
        assert abs(found.effects[path] - slope) < 4.0 * error


def test_whole_numbers_are_moved_by_whole_numbers(door):
    whole = next(one for one in factors_of(door) if one.whole and one.low < one.own < one.high)
    question = question_of("tornado", door, parameters=[whole.path])

    def counted(scenario, seed, **_):
        from tests.experiment.sensitivity.nursery import _run

        return _run(scenario, seed, 10.0 + 2.0 * scenario.value(whole.path))

    with Runner(1, simulate=counted) as runner:
        found = screen(Histories(runner, question.response, question.factors, 1), question.factors, 1, 0)
    assert found.effects[whole.path] == pytest.approx(2.0 * (whole.high - whole.low))


@pytest.mark.parametrize(
    ("method", "words", "runs"),
    [
        ("tornado", {"replications": 3}, 3 * (1 + 2 * 5)),
        ("morris", {"points": 4, "replications": 2}, 4 * 6 * 2),
        ("sobol", {"points": 8, "replications": 2}, 8 * 7 * 2),
    ],
)
def test_the_number_of_runs_is_known_before_the_first(door, method, words, runs):
    question = question_of(method, door, parameters=PATHS[:5], **words)
    assert question.runs == runs
    with Runner(1, simulate=planted(additive, slopes=(1.0,))) as runner:
        found = answer(question, runner=runner)
        assert len(found.runs) == found.about.runs == runs


def test_a_forecast_counts_screening_scenarios_and_workers(door):
    other = door.with_values({PATHS[1]: ranges()[PATHS[1]][1]})
    question = question_of("tornado", door, against=other, keep=10, replications=2)
    available = len(ranges()) - 1
    assert len(question.factors) == available
    simulate = planted(additive, slopes=(1.0,))
    told = forecast(question, workers=4, simulate=simulate)
    assert (told.available, told.measured, told.workers) == (available, 10, 4)
    assert told.screening_runs == 2 * worlds_needed(available)
    assert told.runs == told.screening_runs + 2 * 2 * 21
    assert told.seconds == pytest.approx(told.seconds_per_run * told.runs / 4)
    broken = door.with_values({PATHS[1]: ranges()[PATHS[1]][2]})
    with pytest.raises(RunFailedError, match="3 fen are missing"):
        forecast(question_of("tornado", broken), simulate=fragile)


def test_patterns_name_assumptions(door):
    found = factors_of(door, (), ["channels.tmall.*", PATHS[0]])
    assert {factor.path for factor in found} == {
        path for path in ranges() if path.startswith("channels.tmall.") or path == PATHS[0]
    }


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("channels.tmall.comission", "did you mean 'channels.tmall.commission'"),
        ("market.places", "it is a lever"),
        ("horizon.days", "no assumption with a range"),
        ("warehouse.*", "channelsim explain lists them"),
    ],
)
def test_a_pattern_that_fits_nothing_says_why(door, pattern, words):
    with pytest.raises(ExperimentError, match="no assumption with a range fits") as caught:
        factors_of(door, (), [pattern])
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("method", "words", "message"),
    [
        ("tornad", {}, "did you mean tornado"),
        ("tornado", {"metric": "contribution_per_oder"}, "did you mean contribution_per_order"),
        ("tornado", {"points": 10}, "tornado has no points"),
        ("tornado", {"replications": 1}, "at least 2 replications"),
        ("tornado", {"keep": 5, "parameters": PATHS[:1]}, "nothing to screen"),
        ("information", {"keep": 5}, "looks at all assumptions"),
        ("morris", {"points": 1}, "at least 2 points"),
        ("sobol", {"points": 4}, "at least 8 points"),
        ("morris", {"keep": 0}, "at least 1 assumption"),
        ("morris", {"seed": -1}, "seed"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_runs(method, words, message):
    with pytest.raises(ExperimentError) as caught:
        question_of(method, load("community_pickup"), **words)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_values_that_contradict_each_other_are_pulled_back_together(door):
    start, end = "service.shift_start_hour", "service.shift_end_hour"
    own = door.value(start), door.value(end)
    factors = {path: Factor(path, value, 0.0, 24.0) for path, value in zip((start, end), own, strict=True)}
    (world,), pull = worlds_with([door], factors, {start: 23.0, end: 1.0})
    assert 0.0 < pull < 1.0
    assert world.value(start) == pytest.approx(own[0] + pull * (23.0 - own[0]))
    assert world.value(end) == pytest.approx(own[1] + pull * (1.0 - own[1]))
    question = question_of("tornado", door, parameters=[PATHS[0]])
    with Runner(1, simulate=planted(additive, slopes=(1.0,))) as runner:
        histories = Histories(runner, question.response, tuple(factors.values()), 1)
        histories.values([Ask("odd", 0, {start: 23.0, end: 1.0})])
    assert histories.pulled == 1


def test_a_figure_that_the_scenario_does_not_have_is_an_error(door):
    with (
        Runner(1, simulate=planted(additive, slopes=(1.0,))) as runner,
        pytest.raises(ExperimentError, match="has no such figure"),
    ):
        tornado(door, metric="layer_cost_per_parcel", parameters=PATHS[:1], runner=runner)


@pytest.mark.parametrize("method", [tornado, morris, sobol])
def test_digits_do_not_depend_on_the_number_of_workers(door, method):
    simulate = planted(additive, slopes=(3.0, 1.0), common=1.0, alone=1.0)
    words = {} if method is tornado else {"points": 8}
    found = []
    for workers in (1, 2):
        with Runner(workers, simulate=simulate) as runner:
            found.append(method(door, parameters=PATHS[:2], replications=2, runner=runner, **words).as_dict())
    assert found[0] == found[1]
