"""The verdict on planted curves: it recovers what was planted, covers it, and can come out all five ways."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.verdict import VERDICTS, Margins, read_curve
from tests.experiment.planted import Curve

LADDER = (5_000.0, 10_000.0, 20_000.0, 40_000.0)
TRIALS = 2000
BAND = 2.5758 * math.sqrt(0.95 * 0.05 / TRIALS)


def noisy(curve, ladder, n, noise, seed, common=0.02):
    """Runs of a planted curve: luck common to a row, luck of each run, and orders that vary a little."""
    rng = np.random.default_rng(seed)
    q = np.asarray(ladder) * (1 + rng.normal(0, 0.002, (n, 1)))
    cost = np.vectorize(curve.average)(np.asarray(ladder))
    return q, cost * (1 + rng.normal(0, common, (n, 1))) * (1 + rng.normal(0, noise, (n, len(ladder))))


FALLING = Curve(fixed=50_000.0, unit=5.0)
RISING = Curve(unit=5.0, growing=0.05, power=0.5)
FLAT = Curve(unit=12.0)
TURNING = Curve(fixed=200_000.0, unit=5.0, growing=5e-4)


@pytest.mark.parametrize(
    ("curve", "noise", "n", "verdict"),
    [
        (FALLING, 0.005, 5, "scalable"),
        (RISING, 0.005, 5, "non_scalable"),
        (FLAT, 0.005, 5, "neutral"),
        (TURNING, 0.005, 5, "stops_scaling"),
        (TURNING, 0.25, 3, "cannot_tell"),
        (FALLING, 0.005, 1, "cannot_tell"),
    ],
)
def test_the_verdict_follows_the_data(curve, noise, n, verdict):
    assert read_curve(*noisy(curve, LADDER, n, noise, seed=3)).verdict == verdict


def test_every_verdict_can_come_out():
    cases = [(FALLING, 0.005), (RISING, 0.005), (FLAT, 0.005), (TURNING, 0.005), (FLAT, 0.2)]
    found = [read_curve(*noisy(curve, LADDER, 4, noise, seed=8)).verdict for curve, noise in cases]
    assert sorted(found) == sorted(VERDICTS)


@pytest.mark.parametrize("curve", [FALLING, RISING, TURNING])
def test_elasticity_is_recovered_exactly_without_noise(curve):
    found = read_curve([LADDER] * 3, [[curve.average(q) for q in LADDER]] * 3)
    assert found.elasticity.mean == pytest.approx(curve.elasticity(LADDER[0], LADDER[-1]), rel=1e-12)
    for segment, low, high in zip(found.segments, LADDER, LADDER[1:], strict=False):
        assert segment.mean == pytest.approx(curve.elasticity(low, high), rel=1e-9)


def test_interval_of_the_elasticity_covers_the_truth_as_promised():
    truth, hits = FALLING.elasticity(LADDER[0], LADDER[-1]), 0
    for trial in range(TRIALS):
        found = read_curve(*noisy(FALLING, LADDER, 5, 0.02, seed=trial)).elasticity
        hits += found.low <= truth <= found.high
    assert hits / TRIALS == pytest.approx(0.95, abs=BAND)


def test_a_wrong_verdict_is_rare_at_the_margin():
    # True elasticity exactly at the margin: "scalable" would be wrong, and the interval allows it in 2.5% of
    # trials.
    curve = Curve(unit=10.0)
    wrong = 0
    for trial in range(TRIALS):
        q, cost = noisy(curve, LADDER, 5, 0.01, seed=trial)
        wrong += read_curve(q, cost * (q / LADDER[0]) ** -0.02).verdict == "scalable"
    assert wrong / TRIALS <= 0.025 + 2.5758 * math.sqrt(0.025 * 0.975 / TRIALS)


@pytest.mark.parametrize("n", [3, 5])
def test_noise_is_rarely_taken_for_a_shape(n):
    # A flat curve under heavy noise: each wrong verdict needs a whole interval beyond a margin, two of them
    # to turn.
    found = [read_curve(*noisy(FLAT, LADDER, n, 0.3, seed=trial)).verdict for trial in range(TRIALS)]
    assert found.count("cannot_tell") / TRIALS >= 0.95 - BAND
    assert found.count("stops_scaling") / TRIALS <= 0.01


def test_a_shallow_dip_and_a_flat_tail_are_no_turning_point():
    shallow = [[10.0, 9.95, 9.95, 10.0], [10.01, 9.96, 9.96, 10.01]]
    assert read_curve([LADDER] * 2, shallow).verdict == "neutral"
    tail = [[20.0, 15.0, 10.0, 10.001], [20.1, 15.1, 10.1, 10.101]]
    found = read_curve([LADDER] * 2, tail)
    assert (found.verdict, found.turning_point) == ("scalable", None)


def test_a_margin_moves_the_verdict():
    q, cost = noisy(FALLING, LADDER, 5, 0.005, seed=1)
    assert read_curve(q, cost, Margins(elasticity=0.5)).verdict == "neutral"
    with pytest.raises(ValueError, match="margins need"):
        Margins(elasticity=-1.0)


def test_efficient_scale_is_where_cost_is_within_five_percent_of_the_lowest():
    # Straight in log size between rungs: 12 at 10,000, 10 at 20,000; 10.5 lies three quarters of the way.
    found = read_curve([LADDER] * 2, [[14.0, 12.0, 10.0, 11.0]] * 2).minimum_efficient_scale
    assert found.mean == pytest.approx(10_000 * 2**0.75)
    assert read_curve([LADDER] * 2, [[10.0, 10.2, 10.4, 10.5]] * 2).minimum_efficient_scale.mean == LADDER[0]


def test_costs_that_cross_zero_still_have_a_direction():
    falling = read_curve([LADDER] * 3, [[2.0, 1.0, 0.0, -1.0], [2.1, 1.1, 0.1, -0.9], [2.05, 1.0, 0.1, -1.0]])
    assert falling.verdict == "scalable"
    # For small changes the relative change and the change of the logarithm agree.
    positive = read_curve([LADDER] * 2, [[10.0, 10.0, 10.0, 10.1]] * 2).elasticity.mean
    shifted = (0.1 / 10.025) / math.log(8)
    assert positive == pytest.approx(shifted, rel=0.01)


def test_sizes_that_do_not_grow_tell_nothing():
    found = read_curve([[10.0, 10.0]] * 2, [[1.0, 2.0]] * 2)
    assert (found.verdict, found.elasticity) == ("cannot_tell", None)
    assert "do not grow" in found.reason
    assert read_curve([[10.0]] * 2, [[1.0]] * 2).verdict == "cannot_tell"


@pytest.mark.parametrize(
    ("sizes", "averages"),
    [([[1.0, 2.0]], [[1.0]]), ([], []), ([[0.0, 1.0]], [[1.0, 1.0]]), ([[1.0, 2.0]], [[1.0, math.nan]])],
)
def test_nonsense_is_refused(sizes, averages):
    with pytest.raises(ValueError, match=r"same shape|finite"):
        read_curve(sizes, averages)


@given(st.integers(0, 10_000), st.floats(0.1, 10.0), st.floats(0.1, 10.0))
def test_the_verdict_does_not_depend_on_units(seed, money, size):
    q, cost = noisy(TURNING, LADDER, 4, 0.02, seed=seed)
    one, other = read_curve(q, cost), read_curve(q * size, cost * money)
    assert one.verdict == other.verdict
    assert other.elasticity.mean == pytest.approx(one.elasticity.mean, rel=1e-6, abs=1e-9)


# --- where it turns ---

SHAPES = {
    "fixed cost and linear growth": TURNING,
    "fixed cost and quadratic growth": Curve(fixed=200_000.0, unit=5.0, growing=1.25e-8, power=2.0),
    "fixed cost and growth of the square root": Curve(fixed=200_000.0, unit=5.0, growing=0.1414, power=0.5),
}
# Steps at the minimum, halfway between two rungs, and on a longer ladder.
LADDERS = (LADDER, (7_000.0, 14_000.0, 28_000.0, 56_000.0), (5_000.0, 10_000.0, 20_000.0, 40_000.0, 80_000.0))


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("ladder", LADDERS)
@pytest.mark.parametrize("noise", [0.003, 0.02])
def test_the_turning_point_is_covered_whatever_the_shape(name, ladder, noise):
    curve = SHAPES[name]
    truth, trials, reported, hits = curve.lowest(), 300, 0, 0
    for trial in range(trials):
        found = read_curve(*noisy(curve, ladder, 5, noise, seed=trial)).turning_point
        if found is not None:
            reported += 1
            hits += found.low <= truth <= found.high
            assert ladder[0] <= found.low * 1.01
            assert found.high <= ladder[-1] * 1.01
    assert reported > trials / 2
    # Nominal coverage is at least 95%: shape uncertainty comes on top of chance.
    assert hits / reported >= 0.95 - 2.5758 * math.sqrt(0.95 * 0.05 / reported)


def test_the_turning_point_stays_within_the_rungs_that_are_dearer():
    # A crooked curve with a single minimum: smooth joins may miss it, the bracket cannot.
    q = [[1.0, 2.0, 4.0, 8.0, 16.0]] * 2
    found = read_curve(q, [[10.0, 4.0, 3.0, 9.0, 9.1], [10.1, 4.1, 3.1, 9.2, 9.0]]).turning_point
    assert found is not None
    assert 2.0 <= found.low <= found.mean <= found.high <= 8.0
