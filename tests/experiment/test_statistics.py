"""Intervals: textbook numbers, exactness, and coverage through the public door."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment import Runner, compare, replicate
from sim.experiment.statistics import (
    NO_DIFFERENCE,
    difference,
    estimate,
    pairing,
    ratio,
    share,
    variance,
    words_for,
)
from tests.experiment import planted

# 99% band of an observed share whose truth is 95%, over this many trials.
TRIALS = 2000
BAND = 2.5758 * math.sqrt(0.95 * 0.05 / TRIALS)

finite = st.floats(-1e6, 1e6)


def test_the_interval_is_that_of_students_t():
    # One to five: variance 2.5; t(4) = 2.776445 at 97.5% and 2.131847 at 95%, from any table.
    values = [1.0, 2.0, 3.0, 4.0, 5.0]
    assert estimate(values).half_width == pytest.approx(2.776445 * math.sqrt(0.5), rel=1e-6)
    assert estimate(values, level=0.90).half_width == pytest.approx(2.131847 * math.sqrt(0.5), rel=1e-6)


def test_one_value_has_no_interval():
    assert estimate([3.0], "yuan").as_dict() == {
        "mean": 3.0,
        "low": None,
        "high": None,
        "unit": "yuan",
        "n": 1,
    }


@given(st.floats(-1e9, 1e9), st.integers(2, 30))
def test_equal_values_have_exactly_that_mean_and_no_width(value, n):
    found = estimate([value] * n)
    assert (found.mean, found.low, found.high) == (value, value, value)


@given(st.lists(finite, min_size=2, max_size=20))
def test_a_thing_differs_from_itself_by_exactly_zero(values):
    found = difference(values, values)
    assert (found.mean, found.low, found.high) == (0.0, 0.0, 0.0)
    assert words_for(found) == "exactly equal"


@given(st.lists(finite, min_size=2, max_size=20), finite)
def test_interval_moves_with_the_values_and_contains_the_mean(values, shift):
    found, moved = estimate(values), estimate([value + shift for value in values])
    tolerance = 1e-9 * (1.0 + abs(shift) + max(abs(value) for value in values))
    assert found.low <= found.mean <= found.high
    assert moved.mean == pytest.approx(found.mean + shift, abs=tolerance)
    assert moved.half_width == pytest.approx(found.half_width, rel=1e-6, abs=tolerance)


@pytest.mark.parametrize("values", [[], [1.0, math.nan], [math.inf]])
def test_values_must_exist_and_be_finite(values):
    with pytest.raises(ValueError, match="estimate needs"):
        estimate(values)


def test_wilson_interval_of_a_share():
    # 16 of 16: the upper end is one, the lower z = 1.96 gives n / (n + z^2).
    full = share(16, 16)
    assert (full.mean, full.high) == (1.0, 1.0)
    assert full.low == pytest.approx(16 / (16 + 1.959964**2), rel=1e-6)
    half = share(5, 10)
    assert half.low == pytest.approx(1.0 - half.high)
    with pytest.raises(ValueError, match="5 of 3"):
        share(5, 3)


def test_pairing_reports_correlation_and_ratio_of_variances():
    rng = np.random.default_rng(5)
    common, noise = rng.normal(0, 3, 4000), rng.normal(0, 1, 4000)
    found = pairing(common.tolist(), (common + noise).tolist())
    # Var(difference) = 1 against 9 + 10 unpaired; correlation 3 / sqrt(10). Errors are of order 1/sqrt(4000).
    assert found.variance_ratio == pytest.approx(1 / 19, rel=4 * math.sqrt(2 / 4000))
    assert found.correlation == pytest.approx(3 / math.sqrt(10), abs=4 * (1 - 0.9) / math.sqrt(4000))
    assert pairing([1.0, 1.0], [2.0, 2.0]).variance_ratio is None
    assert variance([1.0]) == 0.0


def test_words_tell_none_from_little_from_something():
    assert words_for(estimate([-1.0, 1.0, 0.5], "yuan/order")) == NO_DIFFERENCE
    assert words_for(estimate([1.0, 1.1, 0.9], "yuan/order")).startswith("+1.00 yuan/order (+0.75 to +1.25)")
    assert "without an interval" in words_for(estimate([1.0], "yuan/order"))


def covered(simulate, scenario, truth: float, replications: int) -> float:
    """Share of fixed trials whose reported interval holds the truth."""
    hits = 0
    with Runner(1, simulate=simulate) as runner:
        for trial in range(TRIALS):
            found = replicate(scenario, replications=replications, seed=trial, runner=runner).kpis[
                "cost_per_order"
            ]
            hits += found.low <= truth <= found.high
    return hits / TRIALS


@pytest.mark.parametrize("replications", [3, 5])
def test_intervals_of_normal_output_cover_as_they_promise(door, replications):
    assert covered(planted.gaussian, door, 20.0, replications) == pytest.approx(0.95, abs=BAND)


def test_intervals_of_skewed_output_cover_less_and_we_know_by_how_much(door):
    # Student's t with five exponential values covers 0.885 (200,000 trials of the law itself, standard error
    # 0.0007), not 0.95: intervals of skewed output are too short. Held here, so that nobody mistakes 95% for
    # a promise about them.
    found = covered(planted.skewed, door, 20.0, 5)
    assert found == pytest.approx(
        exponential_coverage(5), abs=2.5758 * math.sqrt(0.88 * 0.12 / TRIALS) + 0.0021
    )
    assert found < 0.95 - BAND


def exponential_coverage(n: int) -> float:
    from scipy.special import stdtrit

    values = np.random.default_rng(11).exponential(1.0, (200_000, n))
    reach = stdtrit(n - 1, 0.975) * values.std(axis=1, ddof=1) / math.sqrt(n)
    return float(np.mean(np.abs(values.mean(axis=1) - 1.0) <= reach))


def test_false_alarms_of_a_comparison_are_as_rare_as_promised(door):
    # Two scenarios with the same true cost and luck of their own: 5% of differences look real.
    other = door.with_values({"market.peak.first_day": 300})
    curve = planted.Curve(unit=20.0)
    alarms, trials = 0, 1000
    with Runner(1, simulate=planted.on(curve, common=0.02, own=0.01)) as runner:
        for trial in range(trials):
            found = compare(door, other, seed=trial, replications=4, runner=runner)
            alarms += found.difference["contribution_per_order"].is_detectable()
    assert alarms / trials == pytest.approx(0.05, abs=2.5758 * math.sqrt(0.05 * 0.95 / trials))


def test_a_ratio_is_that_of_the_sums_with_the_interval_of_its_residuals():
    above, below = [2.0, 3.0, 7.0], [10.0, 20.0, 30.0]
    found = ratio(above, below, "share")
    assert found.mean == pytest.approx(0.2)
    residuals = [(y - 0.2 * x) / 20.0 for y, x in zip(above, below, strict=True)]
    assert found.half_width == pytest.approx(estimate(residuals).half_width)
    assert ratio([1.0, 2.0], [2.0, 4.0]).half_width == pytest.approx(0.0, abs=1e-15)
    assert ratio([1.0], [4.0]).low is None
    for wrong in (([], []), ([1.0], [1.0, 2.0]), ([1.0], [0.0])):
        with pytest.raises(ValueError, match="ratio"):
            ratio(*wrong)
