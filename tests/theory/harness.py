"""Replicate, estimate and accept: the one rule by which a simulated mean meets a closed form.

A case passes when, over at least 20 replications with fixed seeds,

1. the half-width of the 95% interval is at most `precision` (2%) of the target, so that a noisy run
   cannot pass, and
2. the mean lies within 3 standard errors of the target.

With some hundred checks, 3 standard errors alone raise a false alarm now and then. A case that misses (2)
is therefore run once more with new seeds and four times the work, and fails only if it misses again.
Too wide an interval (1) is never retried: the run has to be longer.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

Measure = Callable[[int], Mapping[str, float]]

REPLICATIONS = 20
PRECISION = 0.02
LIMIT = 3.0
"""Largest accepted distance between mean and target, in standard errors."""


@dataclass(frozen=True)
class Estimate:
    """Mean of independent replications with its standard error and 95% half-width."""

    mean: float
    standard_error: float
    half_width: float
    n: int

    @classmethod
    def of(cls, values: np.ndarray) -> "Estimate":
        """Estimate from one value per replication."""
        n = len(values)
        error = float(np.std(values, ddof=1)) / math.sqrt(n)
        return cls(float(np.mean(values)), error, float(stats.t.ppf(0.975, n - 1)) * error, n)


def seeds(study: int, replications: int) -> list[int]:
    """Spawn one seed per replication of a study; studies never share seeds."""
    children = np.random.SeedSequence(study).spawn(replications)
    return [int(child.generate_state(1, np.uint64)[0] >> np.uint64(1)) for child in children]


def replicate(measure: Measure, study: int, replications: int) -> dict[str, np.ndarray]:
    """Run `measure(seed)` for every seed and collect each named number."""
    rows = [measure(seed) for seed in seeds(study, replications)]
    return {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}


def hours_needed(
    asymptotic_variance: float,
    target: float,
    precision: float = PRECISION,
    replications: int = REPLICATIONS,
    safety: float = 2.2,
) -> float:
    """Length of one run, so that the half-width over all of them is about `precision` of the target.

    `asymptotic_variance` is the variance of the time average over T hours, times T. `safety` covers the
    spread of the estimated standard error and the transient at the start.
    """
    t = float(stats.t.ppf(0.975, replications - 1))
    return safety * asymptotic_variance / replications * (t / (precision * abs(target))) ** 2


def misses(
    values: Mapping[str, np.ndarray], targets: Mapping[str, float], precision: float
) -> tuple[list[str], list[str]]:
    """Return what is too noisy and what is too far from its target."""
    noisy, far = [], []
    for name, target in targets.items():
        e = Estimate.of(values[name])
        line = f"{name}: {e.mean:.6g} +- {e.half_width:.2g} (n={e.n}), closed form {target:.6g}"
        if e.half_width > precision * abs(target):
            noisy.append(f"{line}: half-width above {precision:.0%} of the target")
        if abs(e.mean - target) > LIMIT * e.standard_error + 1e-12 * abs(target):
            distance = (e.mean - target) / e.standard_error if e.standard_error > 0.0 else math.inf
            far.append(f"{line}: {distance:+.2f} standard errors")
    return noisy, far


def assert_agrees(
    measure: Measure,
    targets: Mapping[str, float],
    study: int,
    *,
    precision: float = PRECISION,
    replications: int = REPLICATIONS,
) -> None:
    """Accept `measure` when every named number meets its closed form by the rule of this module."""
    noisy, far = misses(replicate(measure, study, replications), targets, precision)
    assert not noisy, "\n".join(noisy)
    if far:
        again = replicate(measure, study + 1_000_000, 4 * replications)
        noisy, still_far = misses(again, targets, precision)
        assert not noisy, "\n".join(noisy)
        assert not still_far, "twice too far\n" + "\n".join([*far, *still_far])


def assert_within(mean: float, target: float, standard_error: float, label: str = "") -> None:
    """Accept a number whose standard error is known exactly (a count, a share)."""
    distance = (mean - target) / standard_error
    assert abs(distance) <= LIMIT, (
        f"{label}: {mean:.6g}, expected {target:.6g}, {distance:+.2f} standard errors"
    )


def assert_plausible(statistic: float, degrees: int, label: str = "") -> None:
    """Accept a chi-square statistic inside its central 99.73% range (the 3-sigma range)."""
    low, high = stats.chi2.ppf([0.00135, 0.99865], degrees)
    assert low <= statistic <= high, f"{label}: chi-square {statistic:.1f} outside [{low:.1f}, {high:.1f}]"
