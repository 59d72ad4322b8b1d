"""What would have to be true: where in a box of assumptions the verdict of a claim flips.

The effect is simulated at points of a Latin hypercube over the box, one history of every arm at each, and a
quadratic surface is fitted to the margin by which the rule is met. The frontier is where the surface is zero.
How far to trust it is measured, not assumed: each point is left out in turn and its side predicted from the
others.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.claims.assumptions import check_axis
from sim.experiment.claims.claim import Claim, ClaimWorld
from sim.experiment.claims.trial import Trial
from sim.experiment.errors import ExperimentError
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seed
from sim.experiment.statistics import Estimate, share
from sim.experiment.worlds import ranges_in_play

if TYPE_CHECKING:
    from sim.scenario import Scenario

POINTS = 48
GRID = 25


@dataclass(frozen=True)
class Axis:
    """One assumption of the box.

    Attributes
    ----------
    path
        Which assumption.
    low, high
        Ends of its range.
    own
        The scenario's own value.
    unit
        Its unit.
    flips_at
        Value at which the verdict flips while the others keep their own values; None where it does not
        flip inside the range.
    """

    path: str
    low: float
    high: float
    own: float
    unit: str
    flips_at: float | None = None


@dataclass(frozen=True)
class Frontier:
    """Where a claim holds in a box of assumptions.

    Attributes
    ----------
    claim
        Which claim.
    axes
        Assumptions of the box.
    points
        Simulated points: a value by path, the effect, and the margin by which the rule is met.
    holds_share
        Share of the simulated points at which the claim holds.
    out_of_sample
        Share of points whose side the surface predicted without having seen them.
    surface
        Rows of a grid over the first two axes (the third at its own value): their values and the
        predicted margin.
    sentence
        The frontier in words.
    """

    claim: str
    axes: tuple[Axis, ...]
    points: tuple[Mapping[str, float], ...]
    holds_share: Estimate
    out_of_sample: Estimate
    surface: tuple[Mapping[str, float], ...]
    sentence: str

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``claims --frontier``."""
        return {
            "claim": self.claim,
            "axes": [
                {
                    "path": axis.path,
                    "low": axis.low,
                    "high": axis.high,
                    "own": axis.own,
                    "unit": axis.unit,
                    "flips_at": axis.flips_at,
                }
                for axis in self.axes
            ],
            "points": [dict(point) for point in self.points],
            "holds_share": self.holds_share.as_dict(),
            "out_of_sample": self.out_of_sample.as_dict(),
            "surface": [dict(row) for row in self.surface],
            "sentence": self.sentence,
        }


def draw_frontier(
    claim: Claim,
    *,
    runner: Runner,
    over: Sequence[str] = (),
    seed: int = 1,
    points: int = POINTS,
    full: bool = False,
) -> Frontier:
    """Find where a claim's verdict flips.

    Parameters
    ----------
    claim
        Which claim.
    runner
        Who simulates.
    over
        Two or three paths; those of the claim's own ``frontier`` if empty.
    seed
        Seed of design and luck.
    points
        Points of the design, at least 16.
    full
        Use the scenario's own size.

    Raises
    ------
    ExperimentError
        If the paths are not two or three assumptions with ranges, or too few points could be simulated.
    """
    from scipy.stats import qmc

    trial = Trial(claim, full=full)
    axes = axes_of(claim, trial.base, over)
    if points < 16:
        raise ExperimentError(f"a frontier needs at least 16 points (found {points})")
    unit = qmc.LatinHypercube(len(axes), rng=np.random.default_rng(seed)).random(points)
    values = [
        {axis.path: _value(axis, trial.base, u) for axis, u in zip(axes, row, strict=True)} for row in unit
    ]
    plan = [
        trial.jobs(trial.world(ClaimWorld(name=f"point {i + 1}", set=point)), [replication_seed(seed, i)])
        for i, point in enumerate(values)
    ]
    outcomes = iter(runner.outcomes([job for jobs in plan for job in jobs]))
    effects = [trial.effects([next(outcomes) for _ in jobs])[0] for jobs in plan]
    margins = np.array([claim.holds.margin(effect) for effect in effects])
    where = np.array([[_scaled(axis, point[axis.path]) for axis in axes] for point in values])
    surface = _Surface(where, margins)
    right = int((np.sign(surface.left_out()) == np.sign(margins)).sum())
    flips = tuple(_with_flip(axis, index, axes, surface) for index, axis in enumerate(axes))
    holds = share(int((margins > 0).sum()), points)
    return Frontier(
        claim=claim.id,
        axes=flips,
        points=tuple(
            point | {"effect": effect, "margin": float(margin)}
            for point, effect, margin in zip(values, effects, margins, strict=True)
        ),
        holds_share=holds,
        out_of_sample=share(right, points),
        surface=tuple(_grid(flips, surface)),
        sentence=_sentence(flips, surface, holds),
    )


def axes_of(claim: Claim, base: Scenario, over: Sequence[str]) -> tuple[Axis, ...]:
    """Return what a frontier is drawn over: the assumptions named in ``over``, else the claim's own.

    Raises
    ------
    ExperimentError
        If there are not two or three, or one has no range.
    """
    given: Mapping[str, tuple[float, float] | None]
    given = dict.fromkeys(over) if over else (claim.frontier.over if claim.frontier is not None else {})
    if not 2 <= len(given) <= 3:
        raise ExperimentError(
            f"claim '{claim.id}': a frontier is drawn over two or three assumptions (found {len(given)});"
            " name them with --over PATH"
        )
    ranges = ranges_in_play(base)
    entries = {entry.path: entry for entry in base.entries()}
    axes = []
    for path, limits in given.items():
        check_axis(claim, base, path, limits, asked=bool(over))
        entry = entries[path]
        found = limits or (
            ranges[path][1:] if path in ranges else entry.range
        )  # a lever is in no other world
        if found is None:
            raise ExperimentError(f"claim '{claim.id}': '{path}' carries no range; give one in the claim")
        low, high = found
        axes.append(Axis(path, low, high, float(entry.value), entry.unit))
    return tuple(axes)


def _value(axis: Axis, base: Scenario, u: float) -> float | int:
    drawn = axis.low + u * (axis.high - axis.low)
    entry = next(one for one in base.entries() if one.path == axis.path)
    return round(drawn) if isinstance(entry.value, int) else drawn


def _scaled(axis: Axis, value: float) -> float:
    return 2.0 * (value - axis.low) / (axis.high - axis.low) - 1.0


class _Surface:
    """A quadratic fitted by least squares, in coordinates from -1 to 1."""

    def __init__(self, where: np.ndarray, margins: np.ndarray) -> None:
        self._design = self._terms(where)
        if self._design.shape[0] <= self._design.shape[1]:
            raise ExperimentError("too few points were simulated for a frontier")
        self._margins = margins
        self._weights, *_ = np.linalg.lstsq(self._design, margins, rcond=None)

    @staticmethod
    def _terms(where: np.ndarray) -> np.ndarray:
        columns = [np.ones(len(where)), *where.T]
        columns += [
            where[:, i] * where[:, j]
            for i, j in itertools.combinations_with_replacement(range(where.shape[1]), 2)
        ]
        return np.stack(columns, axis=1)

    def at(self, where: np.ndarray) -> np.ndarray:
        """Return the predicted margin at points, shape (points, axes)."""
        return np.asarray(self._terms(where) @ self._weights)

    def left_out(self) -> np.ndarray:
        """Return each point's margin predicted from all the others (by the hat matrix)."""
        hat = self._design @ np.linalg.pinv(self._design)
        leverage = np.minimum(np.diag(hat), 1.0 - 1e-9)
        fitted = self._design @ self._weights
        return np.asarray(self._margins - (self._margins - fitted) / (1.0 - leverage))


def _own(axes: Sequence[Axis]) -> np.ndarray:
    return np.array([min(max(_scaled(axis, axis.own), -1.0), 1.0) for axis in axes])


def _with_flip(axis: Axis, index: int, axes: Sequence[Axis], surface: _Surface) -> Axis:
    """Return the axis with the value nearest to the scenario's own at which the predicted margin is zero."""
    steps = np.linspace(-1.0, 1.0, 401)
    where = np.tile(_own(axes), (steps.size, 1))
    where[:, index] = steps
    margins = surface.at(where)
    crossing = np.flatnonzero(np.sign(margins[1:]) != np.sign(margins[:-1]))
    if crossing.size == 0:
        return axis
    nearest = crossing[np.argmin(np.abs(steps[crossing] - _own(axes)[index]))]
    part = margins[nearest] / (margins[nearest] - margins[nearest + 1])
    at = steps[nearest] + part * (steps[nearest + 1] - steps[nearest])
    value = axis.low + (at + 1.0) / 2.0 * (axis.high - axis.low)
    return Axis(axis.path, axis.low, axis.high, axis.own, axis.unit, float(value))


def _grid(axes: Sequence[Axis], surface: _Surface) -> list[dict[str, float]]:
    rows = []
    for u, v in itertools.product(np.linspace(-1.0, 1.0, GRID), repeat=2):
        where = _own(axes)
        where[:2] = u, v
        first, second = (
            axis.low + (at + 1.0) / 2.0 * (axis.high - axis.low)
            for axis, at in zip(axes[:2], (u, v), strict=True)
        )
        margin = float(surface.at(where[None, :])[0])
        rows.append({axes[0].path: float(first), axes[1].path: float(second), "margin": margin})
    return rows


def _sentence(axes: Sequence[Axis], surface: _Surface, holds: Estimate) -> str:
    here = float(surface.at(_own(axes)[None, :])[0])
    now, other = ("holds", "fails") if here > 0 else ("fails", "holds")
    flips = [axis for axis in axes if axis.flips_at is not None]
    box = f"Over the whole box it holds at {holds.mean:.0%} of the points."
    if not flips:
        names = " nor ".join(axis.path for axis in axes)
        if holds.mean in (0.0, 1.0):
            return f"It {now} wherever {' and '.join(axis.path for axis in axes)} lie in their ranges. {box}"
        return f"It {now} here; neither {names} alone flips it inside its range, but together they do. {box}"
    said = [
        f"{axis.path} {'above' if _above(axis) else 'below'} {_short(axis.flips_at)} {axis.unit}"
        f" (here {_short(axis.own)}, range {_short(axis.low)} to {_short(axis.high)})"
        for axis in flips
    ]
    wanted = "; or ".join(said)
    return f"It {now} here. For it to be otherwise ({other}), one of these has to be true: {wanted}. {box}"


def _above(axis: Axis) -> bool:
    assert axis.flips_at is not None
    return axis.flips_at > axis.own


def _short(number: float | None) -> str:
    assert number is not None
    if number == 0 or not math.isfinite(number):
        return f"{number:g}"
    return f"{float(f'{number:.3g}'):,g}"
