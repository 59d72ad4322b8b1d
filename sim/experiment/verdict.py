"""Does a cost curve fall or rise with size? A pure function from numbers to a verdict with its uncertainty.

Rows are replications, columns rungs of a ladder of sizes. All replications of one row met the same luck on
every rung, so slopes are computed within a row and their spread over rows is the error.

Elasticity is the slope of log cost on log size between two rungs: -0.1 means that cost falls by ``1 -
2**-0.1`` = 6.7% when size doubles. Where a cost is zero or negative its logarithm does not exist; there the
change of cost relative to its mean absolute level over the ladder takes the place of the change of the
logarithm, which agrees with it for small changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.experiment.statistics import LEVEL, Estimate, estimate
from sim.experiment.turning import turning_interval

Verdict = Literal["scalable", "non_scalable", "neutral", "stops_scaling", "cannot_tell"]
VERDICTS: tuple[Verdict, ...] = ("scalable", "non_scalable", "neutral", "stops_scaling", "cannot_tell")


@dataclass(frozen=True)
class Margins:
    """What counts as a difference that matters.

    Attributes
    ----------
    elasticity
        Elasticities between plus and minus this are neutral.
    efficient
        Sizes whose cost is within this share of the lowest are efficient.
    level
        Level of the intervals.
    """

    elasticity: float = 0.02
    efficient: float = 0.05
    level: float = LEVEL

    def __post_init__(self) -> None:
        if not self.elasticity >= 0 or not self.efficient >= 0 or not 0 < self.level < 1:
            raise ValueError("margins need elasticity >= 0, efficient >= 0 and 0 < level < 1")


@dataclass(frozen=True)
class Curve:
    """What a ladder of average costs says.

    Attributes
    ----------
    verdict
        One of :data:`VERDICTS`.
    elasticity
        Between the first and the last rung.
    segments
        Between neighbouring rungs.
    turning_point
        Size at which cost stops falling, when there is one inside the ladder.
    minimum_efficient_scale
        Smallest size within the margin of the lowest cost tried; None for a single rung.
    lowest
        Index of the rung with the lowest mean cost.
    reason
        Why it is this verdict, in one sentence.
    """

    verdict: Verdict
    elasticity: Estimate | None
    segments: tuple[Estimate, ...]
    turning_point: Estimate | None
    minimum_efficient_scale: Estimate | None
    lowest: int
    reason: str


def read_curve(
    sizes: Sequence[Sequence[float]],
    averages: Sequence[Sequence[float]],
    margins: Margins | None = None,
    *,
    unit: str = "orders",
) -> Curve:
    """Read the verdict from average costs over a ladder of sizes.

    Parameters
    ----------
    sizes
        Shape (replications, rungs): size of each run.
    averages
        Same shape: average cost of each run.
    margins
        What matters; the defaults of :class:`Margins` if None.
    unit
        Unit of size.

    Returns
    -------
    Curve
        ``stops_scaling`` comes first: cost falls by more than the margin up to its lowest rung, rises by more
        than the margin after it, both with their whole interval, so the minimum lies inside the ladder.
        Otherwise the interval of the elasticity between the ends decides.

    Raises
    ------
    ValueError
        If shapes differ, or values are not finite, or a size is not above zero.
    """
    margins = margins or Margins()
    size, cost = _checked(sizes, averages)
    n, rungs = cost.shape
    lowest = int(np.argmin(cost.mean(axis=0)))
    if rungs < 2:
        return Curve("cannot_tell", None, (), None, None, lowest, "a single rung shows no slope")
    if (np.diff(size.mean(axis=0)) <= 0).any():
        reason = f"the {unit} do not grow along the ladder, so there is nothing to relate cost to"
        return Curve("cannot_tell", None, (), None, None, lowest, reason)
    overall = _between(size, cost, 0, rungs - 1, margins)
    segments = tuple(_between(size, cost, k, k + 1, margins) for k in range(rungs - 1))
    efficient = _efficient_scale(size, cost, lowest, margins, unit)
    verdict, reason = _from_ends(overall, margins, n)
    turning = None
    if n > 1 and 0 < lowest < rungs - 1:
        before = _between(size, cost, 0, lowest, margins)
        after = _between(size, cost, lowest, rungs - 1, margins)
        if before.is_below(-margins.elasticity) and after.is_above(margins.elasticity):
            turning = turning_interval(size, cost, lowest, level=margins.level, unit=unit)
            verdict = "stops_scaling"
            reason = "cost falls up to its lowest rung and rises after it, both beyond the margin"
    return Curve(verdict, overall, segments, turning, efficient, lowest, reason)


def _checked(
    sizes: Sequence[Sequence[float]], averages: Sequence[Sequence[float]]
) -> tuple[np.ndarray, np.ndarray]:
    size = np.asarray(sizes, dtype=float)
    cost = np.asarray(averages, dtype=float)
    if size.ndim != 2 or size.shape != cost.shape or 0 in size.shape:
        raise ValueError(
            "sizes and averages need the same shape (replications, rungs) with at least one of each"
        )
    if not np.isfinite(size).all() or not np.isfinite(cost).all() or (size <= 0).any():
        raise ValueError("sizes and averages must be finite, and sizes above zero")
    return size, cost


def _between(size: np.ndarray, cost: np.ndarray, low: int, high: int, margins: Margins) -> Estimate:
    # Per doubling the size is common to all replications up to its own noise; where the noise of one row
    # swallows the whole step, the row's own sizes say nothing, so the step between the mean sizes is used for
    # all.
    step = np.log(size[:, high] / size[:, low])
    if (step <= 0).any():
        step = np.full(len(step), np.log(size[:, high].mean() / size[:, low].mean()))
    if (cost > 0).all():
        change = np.log(cost[:, high] / cost[:, low])
    else:
        level = np.abs(cost).mean()
        change = (cost[:, high] - cost[:, low]) / (level if level > 0 else 1.0)
    return estimate((change / step).tolist(), "ratio", level=margins.level)


def _from_ends(overall: Estimate, margins: Margins, n: int) -> tuple[Verdict, str]:
    bar = margins.elasticity
    if n < 2:
        return "cannot_tell", "one replication gives no interval"
    if overall.is_below(-bar):
        return "scalable", f"the whole interval of the elasticity lies below {-bar:g}"
    if overall.is_above(bar):
        return "non_scalable", f"the whole interval of the elasticity lies above {bar:g}"
    if overall.is_within(-bar, bar):
        return "neutral", f"the whole interval of the elasticity lies within {bar:g} of zero"
    return "cannot_tell", "the interval of the elasticity crosses a margin; more replications would narrow it"


def _efficient_scale(
    size: np.ndarray, cost: np.ndarray, lowest: int, margins: Margins, unit: str
) -> Estimate:
    """Return the smallest size within the margin of the lowest cost, cost joined up linearly in log size."""
    values = []
    for own_size, own_cost in zip(size, cost, strict=True):
        bar = own_cost[lowest] + margins.efficient * abs(own_cost[lowest])
        first = int(np.flatnonzero(own_cost <= bar)[0])
        found = own_size[first]
        if first > 0:
            share = (own_cost[first - 1] - bar) / (own_cost[first - 1] - own_cost[first])
            found = own_size[first - 1] * (own_size[first] / own_size[first - 1]) ** share
        values.append(float(found))
    return estimate(values, unit, level=margins.level)
