"""Where a cost curve stops falling, with an interval.

Between rungs the curve is unknown, so the interval has two parts.

Chance: for one way of joining up the rungs the minimum is a ratio of two linear functions of the costs.
Fieller's interval (Fieller 1954) of that ratio needs no ratio of means to be normal.

Shape: the three rungs around the lowest one are joined up as ``a + b q**-f + c q**g``, a part that is spread
over more orders and a part that grows with them. How fast they do is not known either, so the interval covers
the answers for slow and fast spreading (``f`` 0.25 and 1) combined with slow and fast growing (``g`` 0.1 and
2), and that of a parabola in log size.

Whatever the shape, a curve with a single minimum has it between the nearest rungs on either side that are
dearer beyond chance; the interval never leaves this bracket. Rungs closer together make it shorter.
"""

from __future__ import annotations

import numpy as np

from sim.experiment.statistics import Estimate, difference, t_quantile

SPREADING = (0.25, 1.0)
"""How fast what is spread over more orders may fall: slowest and fastest power of size."""
GROWING = (0.1, 2.0)
"""How fast what grows with size may rise: slowest and fastest power of size."""


def turning_interval(size: np.ndarray, cost: np.ndarray, lowest: int, *, level: float, unit: str) -> Estimate:
    """Return the size at the minimum and an interval that covers it with at least ``level``.

    Parameters
    ----------
    size, cost
        Shape (replications, rungs), at least two replications.
    lowest
        Index of the rung with the lowest mean cost, not the first and not the last.
    level
        Level of the interval.
    unit
        Unit of size.
    """
    q = size.mean(axis=0)
    low, high = _bracket(q, cost, lowest, level)
    near = slice(lowest - 1, lowest + 2)
    joins = [_powers(q[near], cost[:, near], f, g, level) for f in SPREADING for g in GROWING]
    joins.append(_parabola(q[near], cost[:, near], level))
    ends = [end for join in joins for end in join]
    centre = _parabola_vertex(q[near], cost[:, near])
    return Estimate(
        mean=float(np.clip(centre, low, high)),
        low=float(np.clip(min(ends), low, centre if centre > low else low)),
        high=float(np.clip(max(ends), centre if centre < high else high, high)),
        unit=unit,
        n=len(cost),
    )


def _bracket(q: np.ndarray, cost: np.ndarray, lowest: int, level: float) -> tuple[float, float]:
    def is_dearer(k: int) -> bool:
        return difference(cost[:, lowest].tolist(), cost[:, k].tolist(), level=level).is_above(0.0)

    left = next((k for k in range(lowest - 1, -1, -1) if is_dearer(k)), 0)
    right = next((k for k in range(lowest + 1, len(q)) if is_dearer(k)), len(q) - 1)
    return float(q[left]), float(q[right])


def _parabola_weights(q: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    x = np.log(q)
    centre = float(x.mean())
    weights = np.linalg.pinv(np.vander(x - centre, 3, increasing=True))
    return centre, weights[1], weights[2]


def _parabola_vertex(q: np.ndarray, cost: np.ndarray) -> float:
    centre, slope, bend = _parabola_weights(q)
    curve = cost.mean(axis=0)
    return float(np.exp(np.clip(centre - slope @ curve / (2.0 * (bend @ curve)), -700, 700)))


def _parabola(q: np.ndarray, cost: np.ndarray, level: float) -> tuple[float, float]:
    centre, slope, bend = _parabola_weights(q)
    low, high = _fieller(-(cost @ slope), 2.0 * (cost @ bend), level)
    return float(np.exp(np.clip(centre + low, -700, 700))), float(np.exp(np.clip(centre + high, -700, 700)))


def _powers(q: np.ndarray, cost: np.ndarray, f: float, g: float, level: float) -> tuple[float, float]:
    """Join three rungs as ``a + b q**-f + c q**g``: the minimum has ``q**(f + g) = f b / (g c)``."""
    scale = float(np.exp(np.log(q).mean()))
    ratio = q / scale
    weights = np.linalg.inv(np.column_stack([np.ones_like(ratio), ratio**-f, ratio**g]))
    low, high = _fieller(f * (cost @ weights[1]), g * (cost @ weights[2]), level)
    return scale * max(low, 0.0) ** (1.0 / (f + g)), scale * max(high, 0.0) ** (1.0 / (f + g))


def _fieller(numerator: np.ndarray, denominator: np.ndarray, level: float) -> tuple[float, float]:
    """Return Fieller's interval of the ratio of two paired means; unbounded where there is none."""
    n = len(numerator)
    t2 = t_quantile(n - 1, 0.5 + level / 2.0) ** 2 / n
    a, b = float(numerator.mean()), float(denominator.mean())
    (aa, ab), (_, bb) = np.cov(numerator, denominator, ddof=1)
    square, half, constant = b * b - t2 * bb, a * b - t2 * ab, a * a - t2 * aa
    if square <= 0 or b <= 0:
        return -np.inf, np.inf
    root = float(np.sqrt(max(half * half - square * constant, 0.0)))
    return float((half - root) / square), float((half + root) / square)
