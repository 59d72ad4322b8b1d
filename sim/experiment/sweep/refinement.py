"""Where an adaptive design looks next: at the border that a figure crosses, or around its turning point.

Decisions depend on the results of finished batches alone, in the order of the points, so a sweep that was
interrupted, sharded over workers or done again takes the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.experiment.statistics import mean, t_quantile
from sim.experiment.sweep.axes import Dimension
from sim.experiment.sweep.design import Point
from sim.experiment.sweep.plan import Adaptive

# Places from which the border is looked for, as a power of two, and how exactly it is met.
_POOL = 12
_HALVINGS = 20


@dataclass(frozen=True)
class Readings:
    """What is known of the points so far.

    Attributes
    ----------
    points
        Points with a full set of replications, by number.
    values
        The figure of each, one column per replication.
    """

    points: tuple[Point, ...]
    values: np.ndarray

    @classmethod
    def of(
        cls, points: Sequence[Point], values: Mapping[tuple[int, int], float], replications: int
    ) -> Readings:
        """Collect the figure by (point, replication); points with a missing one are left out."""
        whole = [
            point for point in points if all((point.number, index) in values for index in range(replications))
        ]
        table = [[values[point.number, index] for index in range(replications)] for point in whole]
        return cls(tuple(whole), np.array(table, dtype=float).reshape(len(whole), replications))

    def means(self) -> np.ndarray:
        """Return the mean of each point."""
        return np.array([mean(row) for row in self.values.tolist()])


def next_batch(
    adaptive: Adaptive, dimensions: Sequence[Dimension], points: Sequence[Point], readings: Readings
) -> tuple[Point, ...]:
    """Return the points of the next batch, none when there is nothing left to refine.

    Parameters
    ----------
    adaptive
        What is looked for, and how many points there may be.
    dimensions
        Parameters.
    points
        All points so far, also those that failed.
    readings
        The figure at those that did not.
    """
    room = min(adaptive.batch, adaptive.max_points - len(points))
    if room <= 0 or len(readings.points) < 2:
        return ()
    shares = np.array(
        [
            [d.share(value) for d, (_, value) in zip(dimensions, p.values, strict=True)]
            for p in readings.points
        ]
    )
    if adaptive.at is None:
        edges = turning_edges(shares[:, 0], readings.values, maximum=adaptive.turning == "maximum")
        places = _cuts(shares[:, 0], edges, room, adaptive.tolerance)
    elif len(dimensions) == 1:
        edges = border_edges(shares[:, 0], readings.means() - adaptive.at)
        places = _cuts(shares[:, 0], edges, room, adaptive.tolerance)
    else:
        places = border_places(shares, readings.means() - adaptive.at, room, adaptive.tolerance)
    taken = {point.values for point in points}
    batch = points[-1].batch + 1
    found: list[Point] = []
    for place in places:
        at = (d.at(float(share)) for d, share in zip(dimensions, place, strict=True))
        values = tuple(zip((d.path for d in dimensions), at, strict=True))
        if values not in taken and len(found) < room:  # whole numbers may fall together
            taken.add(values)
            found.append(Point(len(points) + len(found), values, batch))
    return tuple(found)


def border_edges(shares: np.ndarray, height: np.ndarray) -> list[tuple[int, int]]:
    """Return pairs of points next to each other, along one parameter, on either side of the border."""
    order = np.argsort(shares, kind="stable").tolist()
    above = height >= 0
    return [(i, j) for i, j in pairwise(order) if above[i] != above[j]]


def border_places(shares: np.ndarray, height: np.ndarray, room: int, tolerance: float) -> list[np.ndarray]:
    """Return where to look along a border through several parameters.

    As far as is known, the border runs where the nearest point above and the nearest point below are equally
    far away. On it, the place with the largest empty ball is taken, again and again, so the border is
    approached and covered evenly at the same time.

    Parameters
    ----------
    shares
        Points, from 0 to 1 along each parameter.
    height
        Figure less border at each.
    room
        Number of places at most.
    tolerance
        Radius below which a ball is small enough.
    """
    from scipy.spatial import cKDTree
    from scipy.stats import qmc

    if (height >= 0).all() or (height < 0).all():
        return []
    above, below = cKDTree(shares[height >= 0]), cKDTree(shares[height < 0])
    start = qmc.Sobol(shares.shape[1], rng=np.random.default_rng(0)).random_base2(_POOL)
    is_above = above.query(start)[0] < below.query(start)[0]
    other = np.where(is_above[:, None], below.data[below.query(start)[1]], above.data[above.query(start)[1]])
    near, far = np.zeros(len(start)), np.ones(len(start))
    for _ in range(_HALVINGS):
        middle = (near + far) / 2.0
        places = start + middle[:, None] * (other - start)
        same_side = (above.query(places)[0] < below.query(places)[0]) == is_above
        near, far = np.where(same_side, middle, near), np.where(same_side, far, middle)
    radius = np.minimum(above.query(places)[0], below.query(places)[0])
    found: list[np.ndarray] = []
    while len(found) < room:
        best = int(radius.argmax())
        if radius[best] <= tolerance:
            break
        found.append(places[best])
        radius = np.minimum(radius, np.linalg.norm(places - places[best], axis=1))
    return found


def turning_edges(shares: np.ndarray, values: np.ndarray, *, maximum: bool) -> list[tuple[int, int]]:
    """Return neighbours between which the turning point may lie.

    Every point whose paired difference to the best one is not told apart from zero (95%) may be it, so the
    span reaches to the neighbours beyond the outermost of those.
    """
    order = np.argsort(shares, kind="stable")
    heights = (-values if maximum else values)[order]
    best = int(np.argmin([mean(row) for row in heights.tolist()]))
    open_places = [i for i in range(len(order)) if i == best or not _is_worse(heights[i] - heights[best])]
    # Only what hangs together with the best point: a far valley that is as deep would never narrow.
    first = last = best
    while first - 1 in open_places:
        first -= 1
    while last + 1 in open_places:
        last += 1
    first, last = max(first - 1, 0), min(last + 1, len(order) - 1)
    return [(int(order[i]), int(order[i + 1])) for i in range(first, last)]


def _is_worse(differences: np.ndarray) -> bool:
    n = differences.size
    centre = float(differences.mean())
    spread = float(differences.std(ddof=1)) / n**0.5 if n > 1 else 0.0
    return centre - (t_quantile(n - 1, 0.975) * spread if n > 1 else 0.0) > 0.0


def _cuts(
    shares: np.ndarray, edges: Sequence[tuple[int, int]], room: int, tolerance: float
) -> list[np.ndarray]:
    """Cut spans along one parameter into equal parts, always the one with the longest parts first."""
    lengths = {edge: abs(float(shares[edge[0]] - shares[edge[1]])) for edge in edges}
    cuts = dict.fromkeys(lengths, 0)
    for _ in range(room if cuts else 0):
        longest = max(cuts, key=lambda edge: (lengths[edge] / (cuts[edge] + 1), edge))
        if lengths[longest] / (cuts[longest] + 1) <= tolerance:
            break
        cuts[longest] += 1
    found = []
    for (i, j), count in cuts.items():
        steps = [(step + 1) / (count + 1) for step in range(count)]
        found += [np.array([shares[i] + step * (shares[j] - shares[i])]) for step in steps]
    return found


def brackets(
    adaptive: Adaptive, dimensions: Sequence[Dimension], readings: Readings
) -> tuple[tuple[float, float], ...]:
    """Return, for one parameter, the spans in which the figure crosses the border or turns.

    Returns
    -------
    tuple of pairs
        Lower and upper end of each span in the parameter's unit; empty for several parameters.
    """
    if len(dimensions) != 1 or len(readings.points) < 2:
        return ()
    values = np.array([float(point.values[0][1]) for point in readings.points])
    shares = np.array([dimensions[0].share(value) for value in values.tolist()])
    if adaptive.at is not None:
        edges = border_edges(shares, readings.means() - adaptive.at)
        spans = [(min(values[i], values[j]), max(values[i], values[j])) for i, j in edges]
        return tuple(sorted((float(low), float(high)) for low, high in spans))
    edges = turning_edges(shares, readings.values, maximum=adaptive.turning == "maximum")
    ends = [float(values[i]) for edge in edges for i in edge]
    return ((min(ends), max(ends)),)
