"""Value of information: planted decisions whose answer is known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom, norm

from sim.experiment import ExperimentError, Runner, verify
from sim.experiment.sensitivity import information_from, value_of_information
from sim.scenario import load
from tests.experiment.sensitivity.nursery import ORDERS, PATHS, choice, planted, ranges

WEIGHTS, OFFSET, NOISE, WORLDS = (3.0, 1.5, 0.0), -1.0, 3.0, 256


def normal_value(mean: float, spread: float) -> float:
    """Value of knowing a normal gain before deciding (unit normal loss; Raiffa and Schlaifer 1961)."""
    if spread == 0.0:
        return 0.0
    away = abs(mean) / spread
    return float(spread * norm.pdf(away) - abs(mean) * norm.sf(away))


def uniform_value(low: float, high: float) -> float:
    """The same for a gain that lies evenly between two ends, one on each side of zero."""
    return high**2 / (2.0 * (high - low)) - max(0.0, (low + high) / 2.0)


TRIALS = 60


@pytest.fixture(scope="module")
def trials():
    """Many studies of a linear gain in three normal inputs, with noise as large as the largest of them."""
    found = []
    for seed in range(TRIALS):
        rng = np.random.default_rng(seed)
        inputs = rng.normal(size=(WORLDS, len(WEIGHTS)))
        gain = OFFSET + inputs @ WEIGHTS + rng.normal(0.0, NOISE, WORLDS)
        columns = {f"x{i}": inputs[:, i] for i in range(len(WEIGHTS))}
        found.append(information_from(columns, {"stay": np.zeros(WORLDS), "go": gain}, seed=seed))
    return found


def knowing(study, name):
    return next(one for one in study.inputs if one.name == name)


@pytest.mark.parametrize("place", [0, 1])
def test_the_value_of_an_input_is_the_closed_form(trials, place):
    truth = normal_value(OFFSET, abs(WEIGHTS[place]))
    found = [knowing(study, f"x{place}").value for study in trials]
    means = np.array([one.mean for one in found])
    assert abs(means.mean() - truth) < 4.0 * means.std(ddof=1) / math.sqrt(TRIALS)
    assert means.std(ddof=1) / math.sqrt(TRIALS) < 0.1 * truth
    covered = sum(one.low <= truth <= one.high for one in found)
    assert covered >= binom.ppf(
        0.005, TRIALS, 0.9
    )  # bootstrap intervals of a maximum fall a little short of 95%


def test_what_matters_is_told_from_chance_at_the_promised_rate(trials):
    assert all(knowing(study, "x0").p_value <= 0.05 for study in trials)
    assert all(study.inputs[0].name == "x0" for study in trials)
    wrong = sum(knowing(study, "x2").p_value <= 0.05 for study in trials)
    assert wrong <= binom.ppf(0.995, TRIALS, 0.05)


def test_knowing_everything_is_an_upper_bound_with_its_closed_form(trials):
    truth = normal_value(OFFSET, math.sqrt(sum(w * w for w in WEIGHTS) + NOISE**2))
    covered = sum(study.everything.low <= truth <= study.everything.high for study in trials)
    assert covered >= binom.ppf(0.005, TRIALS, 0.95)
    for study in trials:
        assert all(one.value.mean <= study.everything.mean for one in study.inputs)


def test_the_choice_flips_where_the_gain_changes_sign():
    x = np.linspace(-1.0, 3.0, 101)
    found = information_from({"x": x}, {"stay": 0.0 * x, "go": 2.0 * x - 1.0}).inputs[0]
    assert found.flips_at == (pytest.approx(0.5, abs=1e-9),)
    assert found.choices == ("stay", "go")


def test_a_middle_option_is_chosen_in_the_middle():
    x = np.linspace(0.0, 1.0, 401)
    benefits = {"low": 1.0 - 2.0 * x, "middle": 0.3 + 0.0 * x, "high": 2.0 * x - 1.0}
    found = information_from({"x": x}, benefits).inputs[0]
    # Best is 1 - 2x up to 0.35, then 0.3 up to 0.65; without knowing, 0.3.
    assert found.value.mean == pytest.approx(2.0 * 0.35**2, abs=0.002)
    assert found.choices == ("low", "middle", "high")
    assert found.flips_at == (pytest.approx(0.35, abs=0.005), pytest.approx(0.65, abs=0.005))


def test_an_input_that_bends_the_gain_without_tilting_it_is_found():
    x = np.linspace(-1.0, 1.0, 301)
    found = information_from({"x": x}, {"stay": 0.0 * x, "go": x**2 - 1.0 / 3.0}).inputs[0]
    # The gain is above zero beyond r on either side: the integral of x^2 - 1/3 from r to 1.
    r = 1.0 / math.sqrt(3.0)
    truth = (1.0 - r**3) / 3.0 - (1.0 - r) / 3.0
    assert found.value.mean == pytest.approx(truth, abs=0.01)


def test_where_one_choice_is_always_best_nothing_is_worth_knowing():
    x = np.linspace(0.0, 1.0, 64)
    found = information_from({"x": x}, {"stay": 0.0 * x, "go": 1.0 + x})
    assert (found.best, found.wrong, found.everything.mean) == ("go", 0.0, 0.0)
    assert (found.inputs[0].value.mean, found.inputs[0].p_value) == (0.0, 1.0)


@pytest.fixture(scope="module")
def community():
    return load("community_pickup")


def test_assumptions_are_ranked_by_yuan_a_year(community, tmp_path):
    world = planted(choice, offset=-1.0, slopes=(7.0, 0.0, 4.0), alone=0.5)
    with Runner(1, simulate=world) as runner:
        found = value_of_information(community, parameters=PATHS[:4], points=64, runner=runner, out=tmp_path)
        assert found.about.runs == runner.simulated == 2 * 64
    rows = {row["path"]: row for row in found.rows()}
    # Orders a year times yuan per order; the gain lies evenly between offset minus and plus half the slope.
    truth = ORDERS * uniform_value(-1.0 - 3.5, -1.0 + 3.5)
    first = rows[PATHS[0]]
    assert found.unit == "yuan/year"
    assert [row["path"] for row in found.rows()][:2] == [PATHS[0], PATHS[2]]
    assert first["value"]["low"] <= truth <= first["value"]["high"]
    assert not first["within_noise"]
    assert rows[PATHS[1]]["within_noise"]
    _, low, high = ranges()[PATHS[0]]
    even = low + (0.5 + 1.0 / 7.0) * (high - low)
    assert first["flips_at"] == [pytest.approx(even, abs=0.1 * (high - low))]
    assert first["choices"] == ["door", "community_pickup"]
    assert found.found.best == "door"
    with Runner(1, simulate=world) as runner:
        assert verify(tmp_path, runner=runner).ok


def test_a_part_of_the_year_counts_for_the_whole(community):
    quarter = community.with_values({"horizon.days": 73})
    world = planted(choice, offset=-1.0, slopes=(6.0,))
    with Runner(1, simulate=world) as runner:
        whole = value_of_information(community, parameters=PATHS[:1], points=32, runner=runner)
        part = value_of_information(quarter, parameters=PATHS[:1], points=32, runner=runner)
    assert part.rows()[0]["value"]["mean"] == pytest.approx(5.0 * whole.rows()[0]["value"]["mean"])


def test_a_lever_can_be_the_choice(community):
    other = community.with_values({"pickup.community": None}).renamed("pickup=off")
    with Runner(1, simulate=planted(choice, offset=2.0, slopes=())) as runner:
        found = value_of_information(
            community, against=[other], parameters=PATHS[:2], points=32, runner=runner
        )
    assert list(found.found.decisions) == ["community_pickup", "pickup=off"]
    assert found.found.best == "community_pickup"
    gain = found.found.decisions["community_pickup"].mean - found.found.decisions["pickup=off"].mean
    assert gain == pytest.approx(2.0 * ORDERS)


def test_there_has_to_be_something_to_choose(community):
    with pytest.raises(ExperimentError, match="no pickup layer to decide about"):
        value_of_information(load("door_only"))
    with pytest.raises(ExperimentError, match="decides nothing"):
        value_of_information(community, metric="visits")
    with pytest.raises(ExperimentError, match="at least 2 decisions"):
        information_from({"x": np.arange(40.0)}, {"stay": np.zeros(40)})
    with pytest.raises(ExperimentError, match="at least 32 worlds"):
        information_from({"x": np.arange(4.0)}, {"stay": np.zeros(4), "go": np.ones(4)})
    with pytest.raises(ExperimentError, match="one value per world"):
        information_from({"x": np.arange(40.0)}, {"stay": np.zeros(4), "go": np.ones(4)})
