"""Morris and Sobol': known functions through the same code path as the product's own world."""

from __future__ import annotations

import math

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from scipy.stats import binom

from sim.experiment import ExperimentError, RunFailedError, Runner, verify
from sim.experiment.sensitivity import morris, sobol, tornado
from sim.experiment.sensitivity.designs import saltelli_sample, trajectories
from sim.experiment.sensitivity.morris import elementary_effects
from sim.experiment.sensitivity.sobol import index_intervals, sobol_indices, split_variance
from sim.scenario import load
from tests.experiment.sensitivity.nursery import PATHS, additive, ishigami, planted

SLOPES = (12.0, -7.0, 4.0, 0.0)
# Ishigami and Homma (1990), a = 7, b = 0.1: partial variances in closed form.
A, B = 7.0, 0.1
V1 = 0.5 * (1.0 + B * math.pi**4 / 5.0) ** 2
V2 = A**2 / 8.0
V13 = 8.0 * B**2 * math.pi**8 / 225.0
ISHIGAMI_VARIANCE = V1 + V2 + V13
FIRST = np.array([V1, V2, 0.0]) / ISHIGAMI_VARIANCE
TOTAL = np.array([V1 + V13, V2, V13]) / ISHIGAMI_VARIANCE
PROBLEM = {"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[0.0, 1.0]] * 3}


def ishigami_at(unit):
    x, y, z = np.moveaxis(math.pi * (2.0 * unit - 1.0), -1, 0)
    return np.sin(x) + A * np.sin(y) ** 2 + B * z**4 * np.sin(x)


@pytest.fixture(scope="module")
def door():
    return load("door_only")


@pytest.fixture(scope="module")
def on_ishigami(door):
    """Indices of the Ishigami function seen through noise of half its standard deviation."""
    with Runner(1, simulate=planted(ishigami, common=2.0, alone=1.8)) as runner:
        return sobol(door, parameters=PATHS[:3], points=128, replications=2, runner=runner)


def test_the_closed_form_is_the_published_one():
    assert np.round(FIRST, 6) == pytest.approx([0.313905, 0.442411, 0.0])
    assert np.round(TOTAL, 6) == pytest.approx([0.557589, 0.442411, 0.243684])


def test_indices_of_the_ishigami_function_lie_in_their_intervals(on_ishigami):
    by_path = {index.factor.path: index for index in on_ishigami.indices}
    for path, first, total in zip(PATHS, FIRST, TOTAL, strict=False):
        assert by_path[path].first.low <= first <= by_path[path].first.high
        assert by_path[path].total.low <= total <= by_path[path].total.high
        assert not by_path[path].within_noise


def test_intervals_of_indices_cover_the_truth_at_the_nominal_rate():
    trials, truth = 80, np.stack([FIRST, TOTAL])
    rng = np.random.default_rng(8)
    covered = np.zeros_like(truth)
    for seed in range(trials):
        figures = ishigami_at(saltelli_sample(3, 64, seed))[:, :, None]
        low, high = index_intervals(figures + rng.normal(0.0, 1.8, (*figures.shape[:2], 2)), seed)
        covered += (low <= truth) & (truth <= high)
    # At least nominal: the base sample fills the space more evenly than the bootstrap knows.
    assert (covered >= binom.ppf(0.005 / truth.size, trials, 0.95)).all()


def test_variance_of_inputs_and_of_noise_are_kept_apart(on_ishigami):
    variance = on_ishigami.variance
    worlds = 2 * 128
    # Standard errors: of a variance over n worlds v * sqrt((kurtosis - 1) / n), with that of the mean square.
    assert abs(variance.inputs - ISHIGAMI_VARIANCE) < 4.0 * ISHIGAMI_VARIANCE * math.sqrt(2.5 / worlds)
    noise = 1.8**2
    assert abs(variance.noise - noise) < 4.0 * noise * math.sqrt(2.0 / (worlds - 1))
    assert variance.total == variance.inputs + variance.luck + variance.noise
    share = noise / 2.0 / (ISHIGAMI_VARIANCE + noise / 2.0)
    assert variance.noise_share == pytest.approx(share, rel=0.25)


def test_without_noise_the_estimators_are_salibs():
    design = saltelli_sample(3, 128, seed=3)
    figures = ishigami_at(design)
    expected = salib_sobol.analyze(PROBLEM, figures.ravel(), calc_second_order=False)
    for histories in (1, 2):  # equal histories have no noise
        first, total = sobol_indices(np.repeat(figures[:, :, None], histories, axis=2))
        assert first == pytest.approx(expected["S1"], abs=1e-12)
        assert total == pytest.approx(expected["ST"], abs=1e-12)


def test_noise_does_not_bias_the_indices():
    rng = np.random.default_rng(4)
    found = []
    for seed in range(60):
        figures = ishigami_at(saltelli_sample(3, 64, seed))[:, :, None]
        noisy = figures + rng.normal(0.0, 3.0, (*figures.shape[:2], 2)) + rng.normal(0.0, 5.0, 2)
        found.append(np.stack(sobol_indices(noisy)) - np.stack(sobol_indices(figures)))
    error = np.mean(found, axis=0)
    standard = np.std(found, axis=0, ddof=1) / math.sqrt(len(found))
    assert (np.abs(error) < 4.0 * standard).all()
    assert (standard < 0.05).all()  # taken as it is, ST of z alone would be 0.24 + 0.25 too high


def test_a_single_history_cannot_tell_noise(door):
    with Runner(1, simulate=planted(additive, slopes=SLOPES)) as runner:
        found = sobol(door, parameters=PATHS[:2], points=8, replications=1, runner=runner)
        effects = morris(door, parameters=PATHS[:2], points=2, replications=1, runner=runner)
    assert [index.within_noise for index in found.indices] == [None, None]
    assert (found.variance.noise, found.variance.luck, found.variance.noise_share) == (None, None, None)
    assert [one.within_noise for one in effects.effects] == [None, None]


def test_a_table_of_known_parts_is_split_into_them():
    # Two worlds 0 and 8, two histories -1 and +1, no rest: mean squares by hand.
    split = split_variance(np.array([[-1.0, 1.0], [7.0, 9.0]]))
    assert (split.inputs, split.luck, split.noise, split.noise_share) == (32.0, 2.0, 0.0, 0.0)


def test_effects_of_an_additive_world_are_its_slopes(door):
    with Runner(1, simulate=planted(additive, slopes=SLOPES, common=3.0)) as runner:
        found = morris(door, parameters=PATHS[:4], points=6, replications=2, runner=runner)
    assert [one.factor.path for one in found.effects] == list(PATHS[:4])
    for one, slope in zip(found.effects, SLOPES, strict=True):
        assert one.mu.mean == pytest.approx(slope, abs=1e-9)
        assert one.mu_star.mean == pytest.approx(abs(slope), abs=1e-9)
        assert one.sigma == pytest.approx(0.0, abs=1e-9)
        assert one.within_noise == (slope == 0.0)


def test_elementary_effects_are_salibs():
    design = trajectories(3, 20, seed=2)
    figures = ishigami_at(design)
    changes = elementary_effects(design, figures[:, :, None])[:, :, 0]
    expected = salib_morris.analyze(PROBLEM, design.reshape(-1, 3), figures.ravel(), num_levels=4)
    assert changes.mean(axis=0) == pytest.approx(np.asarray(expected["mu"]))
    assert np.abs(changes).mean(axis=0) == pytest.approx(np.asarray(expected["mu_star"]))
    assert changes.std(axis=0, ddof=1) == pytest.approx(np.asarray(expected["sigma"]))


def test_effects_within_noise_are_told_at_the_promised_rate(door):
    trials, wrong, noise = 60, 0, []
    with Runner(1, simulate=planted(additive, slopes=(), alone=1.0)) as runner:
        for seed in range(trials):
            found = morris(door, parameters=PATHS[:2], points=4, replications=2, seed=seed, runner=runner)
            wrong += any(not one.within_noise for one in found.effects)
            noise += [one.noise**2 for one in found.effects]
    assert wrong <= binom.ppf(0.995, trials, 0.05)
    # An effect is a difference of two means of two over 2/3 of the range: variance 2 / 2 / (2/3)^2.
    expected, degrees = 1.0 / (2.0 / 3.0) ** 2, 4
    error = expected * math.sqrt(2.0 / (degrees * len(noise)))
    assert abs(np.mean(noise) - expected) < 4.0 * error


def test_tornado_morris_and_sobol_agree_on_the_three_that_matter(door):
    with Runner(
        1, simulate=planted(additive, slopes=(3.0, 11.0, -7.0, 0.3, 0.1), common=2.0, alone=0.1)
    ) as runner:
        bars = tornado(door, parameters=PATHS[:6], replications=3, runner=runner)
        effects = morris(door, parameters=PATHS[:6], points=4, runner=runner)
        indices = sobol(door, parameters=PATHS[:6], points=32, runner=runner)
    tops = [[row["path"] for row in found.rows()[:3]] for found in (bars, effects, indices)]
    assert tops[0] == tops[1] == tops[2] == [PATHS[1], PATHS[2], PATHS[0]]


@pytest.mark.parametrize("method", [morris, sobol])
def test_the_record_can_be_done_again_to_the_last_digit(door, tmp_path, method):
    words = {"parameters": PATHS[:2], "points": 8, "replications": 2}
    with Runner(1, simulate=planted(additive, slopes=SLOPES, alone=0.5)) as runner:
        method(door, runner=runner, out=tmp_path, **words)
    with Runner(1, simulate=planted(additive, slopes=SLOPES, alone=0.5)) as runner:
        assert verify(tmp_path, runner=runner).ok


def test_a_figure_that_never_changes_has_no_shares(door):
    flat = Runner(1, simulate=planted(additive, slopes=()))
    with flat as runner, pytest.raises(RunFailedError, match="does not differ"):
        sobol(door, parameters=PATHS[:2], points=8, runner=runner)


def test_a_sample_that_is_no_power_of_two_is_refused(door):
    with pytest.raises(ExperimentError, match=r"power of 2 .*found 48"):
        sobol(door, points=48)
