"""Elementary effects: every assumption moved on its own, from many places in the space of all of them.

A trajectory (Morris 1991) starts somewhere on a grid over all ranges and moves each assumption once, in
random order. The change of the figure, taken over the whole range, is an elementary effect. ``mu_star``,
the mean of their sizes (Campolongo, Cariboni and Saltelli 2007), says how much an assumption matters
wherever the others stand; ``sigma``, their standard deviation, how much that depends on where (zero for a
straight line that adds to the rest). The trajectories are drawn by SALib.

All worlds of a trajectory meet the same shoppers. Each is simulated several times with other shoppers,
which tells the noise of an effect from its differences between places: an assumption is *within noise* when
the effects are no larger than chance would make them (an F test of their mean square, corrected by Holm).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.errors import RunFailedError
from sim.experiment.runner import Runner
from sim.experiment.sensitivity.designs import trajectories
from sim.experiment.sensitivity.factors import Factor
from sim.experiment.sensitivity.noise import SIGNIFICANCE, holm, p_of_ratio
from sim.experiment.sensitivity.question import Question, question_of
from sim.experiment.sensitivity.response import Ask, Histories
from sim.experiment.sensitivity.study import Sensitivity, conduct
from sim.experiment.statistics import Estimate, estimate

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Effects:
    """Elementary effects of one assumption, in units of the figure over its whole range.

    Attributes
    ----------
    factor
        The assumption.
    mu
        Mean effect; effects of opposite directions cancel.
    mu_star
        Mean size of the effects. Noise alone makes it about 0.8 times ``noise``.
    sigma
        Standard deviation over places (noise included).
    noise
        Standard deviation that luck gives each effect; None with a single history of each world.
    p_value
        Chance of effects at least as large if the assumption did nothing, corrected for the number of
        assumptions; None with a single history.
    """

    factor: Factor
    mu: Estimate
    mu_star: Estimate
    sigma: float
    noise: float | None
    p_value: float | None

    @property
    def within_noise(self) -> bool | None:
        """Whether the effects cannot be told from chance; None where that cannot be known."""
        return None if self.p_value is None else self.p_value > SIGNIFICANCE

    def as_dict(self) -> dict[str, Any]:
        """Return a row of the result."""
        return {
            **self.factor.as_dict(),
            "low": {"value": self.factor.low},
            "high": {"value": self.factor.high},
            "mu_star": self.mu_star.as_dict(),
            "mu": self.mu.as_dict(),
            "sigma": self.sigma,
            "noise": self.noise,
            "p_value": self.p_value,
            "within_noise": self.within_noise,
        }


@dataclass(frozen=True)
class Morris(Sensitivity):
    """Elementary effects of several assumptions.

    Attributes
    ----------
    effects
        One entry for each assumption, the largest ``mu_star`` first.
    """

    effects: tuple[Effects, ...]

    def rows(self) -> list[dict[str, Any]]:
        """Return the effects as plain data, the largest first."""
        return [one.as_dict() for one in self.effects]


def morris(
    scenario: Scenario,
    *,
    metric: str | None = None,
    parameters: Sequence[str] = (),
    keep: int | None = None,
    points: int | None = None,
    replications: int | None = None,
    seed: int = 1,
    against: Scenario | None = None,
    runner: Runner | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> Morris:
    """Measure elementary effects all over the space of assumptions.

    Parameters
    ----------
    scenario, metric, parameters, keep, seed, against, runner, workers, out
        As in :func:`sim.experiment.sensitivity.tornado`.
    points
        Number of trajectories, at least 2; 10 if None.
    replications
        Histories of each world; 2 if None, and with 1 noise cannot be told.

    Raises
    ------
    ExperimentError
        If the request makes no sense or SALib is not installed.
    RunFailedError
        If fewer than two trajectories could be simulated.
    """
    question = question_of(
        "morris",
        scenario,
        metric=metric,
        against=against,
        parameters=parameters,
        keep=keep,
        points=points,
        replications=replications,
        seed=seed,
    )
    return conduct(question, measure_effects, runner, workers, out)


def measure_effects(
    question: Question, factors: tuple[Factor, ...], histories: Histories
) -> Callable[..., Morris]:
    """Simulate the trajectories and return what makes the result."""
    histories_each = question.replications
    design = trajectories(len(factors), question.points, question.seed)
    asks = [
        Ask(
            f"trajectory {number + 1}, step {step}",
            number * histories_each + replication,
            {factor.path: factor.at(share) for factor, share in zip(factors, place.tolist(), strict=True)},
        )
        for number, places in enumerate(design)
        for step, place in enumerate(places)
        for replication in range(histories_each)
    ]
    found = histories.values(asks).reshape(*design.shape[:2], histories_each)
    whole = ~np.isnan(found).any(axis=(1, 2))
    if whole.sum() < 2:
        raise RunFailedError(f"fewer than two trajectories could be simulated: {histories.lost[0]}")
    changes = elementary_effects(design[whole], found[whole])
    rows = [
        _effects(factor, changes[:, place], histories.response.unit) for place, factor in enumerate(factors)
    ]
    tested = [row.p_value for row in rows if row.p_value is not None]
    if len(tested) == len(rows):
        rows = [
            Effects(row.factor, row.mu, row.mu_star, row.sigma, row.noise, p_value)
            for row, p_value in zip(rows, holm(tested), strict=True)
        ]
    ordered = tuple(sorted(rows, key=lambda row: (-row.mu_star.mean, row.factor.path)))

    def finish(**common: Any) -> Morris:
        return Morris(effects=ordered, **common)

    return finish


def elementary_effects(design: np.ndarray, figures: np.ndarray) -> np.ndarray:
    """Return changes of a figure over whole ranges.

    Parameters
    ----------
    design
        Trajectories x (factors + 1) places x factors, from 0 to 1.
    figures
        Trajectories x (factors + 1) places x replications.

    Returns
    -------
    numpy.ndarray
        Trajectories x factors x replications.
    """
    steps = np.diff(design, axis=1)
    moved = np.abs(steps).argmax(axis=2)  # which factor each step moves
    size = np.take_along_axis(steps, moved[:, :, None], axis=2)
    changes = np.diff(figures, axis=1) / size
    order = moved.argsort(axis=1)
    return np.take_along_axis(changes, order[:, :, None], axis=1)


def _effects(factor: Factor, changes: np.ndarray, unit: str) -> Effects:
    """Summarise the elementary effects of one assumption, trajectories x replications."""
    count, histories = changes.shape
    means = changes.mean(axis=1)
    noise = p_value = None
    if histories > 1:
        of_one = float(changes.var(axis=1, ddof=1).mean())
        noise = math.sqrt(of_one / histories)
        size = histories * float((means**2).mean())
        p_value = p_of_ratio(size, of_one, count, count * (histories - 1))
    return Effects(
        factor=factor,
        mu=estimate(means.tolist(), unit),
        mu_star=estimate(np.abs(means).tolist(), unit),
        sigma=float(means.std(ddof=1)),
        noise=noise,
        p_value=p_value,
    )
