r"""Sobol' indices: whose uncertainty the uncertainty of a figure comes from.

``S1`` is the share of the variance over worlds that would go if an assumption were known, ``ST`` the share
that would stay if everything else were (Saltelli et al. 2010). The base sample is SALib's.

Noise and uncertain inputs are kept apart. A figure of world :math:`x` in history :math:`r` is :math:`f(x) +
s_r + e_{xr}`: what the inputs make of it, luck that all worlds share, and luck of this world. The indices
are about :math:`f`. Wherever a formula has a product of two figures the two come from *different*
histories, so that their noises are independent and cancel on average (unbiased U-statistics). With one
history of each world that is impossible: the indices are then SALib's own estimators (Saltelli 2010, Jansen
1999), and contain noise.

Variances of inputs and of both kinds of luck are those of the two-way table of worlds and histories (random
effects without interaction; Searle, Casella and McCulloch 1992), over the independent worlds of the sample.
Intervals are bootstrapped over base points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.errors import RunFailedError
from sim.experiment.runner import Runner
from sim.experiment.sensitivity.designs import saltelli_sample
from sim.experiment.sensitivity.factors import Factor
from sim.experiment.sensitivity.question import Question, question_of
from sim.experiment.sensitivity.response import Ask, Histories
from sim.experiment.sensitivity.study import Sensitivity, conduct
from sim.experiment.statistics import Estimate

if TYPE_CHECKING:
    from sim.scenario import Scenario

RESAMPLES = 1000
NOISE_BAR = 0.05


@dataclass(frozen=True)
class Index:
    """Shares of the variance over worlds that belong to one assumption.

    Attributes
    ----------
    factor
        The assumption.
    first
        ``S1``: its own share.
    total
        ``ST``: its share together with all others.
    noise_apart
        Whether both are free of noise, because each world has several histories.
    """

    factor: Factor
    first: Estimate
    total: Estimate
    noise_apart: bool

    @property
    def within_noise(self) -> bool | None:
        """Whether the total share cannot be told from zero; None where it contains noise."""
        return not self.total.is_above(0.0) if self.noise_apart else None

    def as_dict(self) -> dict[str, Any]:
        """Return a row of the result."""
        return {
            **self.factor.as_dict(),
            "low": {"value": self.factor.low},
            "high": {"value": self.factor.high},
            "S1": self.first.as_dict(),
            "ST": self.total.as_dict(),
            "within_noise": self.within_noise,
        }


@dataclass(frozen=True)
class Variance:
    """Where the variance of one history of an unknown world comes from, in squared units of the figure.

    Attributes
    ----------
    inputs
        Uncertain assumptions.
    luck
        Luck that all worlds of a replication share; None with one history of each world.
    noise
        Luck of each world on its own; None likewise.
    noise_share
        Noise in the mean of a world's histories, as a share of the variance over these means. Above 5%, more
        histories sharpen the indices more than more worlds.
    """

    inputs: float
    luck: float | None
    noise: float | None
    noise_share: float | None

    @property
    def total(self) -> float:
        """Inputs and noise together."""
        return self.inputs + (self.luck or 0.0) + (self.noise or 0.0)

    def as_dict(self) -> dict[str, Any]:
        """Return the parts and their sum."""
        return {
            "inputs": self.inputs,
            "luck": self.luck,
            "noise": self.noise,
            "total": self.total,
            "noise_share": self.noise_share,
        }


@dataclass(frozen=True)
class SobolIndices(Sensitivity):
    """Sobol' indices of several assumptions.

    Attributes
    ----------
    indices
        One entry for each assumption, the largest total share first.
    mean
        Mean of the figure over the worlds.
    variance
        Where its variance comes from.
    """

    indices: tuple[Index, ...]
    mean: float
    variance: Variance

    def rows(self) -> list[dict[str, Any]]:
        """Return the indices as plain data, the largest total share first."""
        return [index.as_dict() for index in self.indices]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``sensitivity --method sobol --json``."""
        return {**super().as_dict(), "mean": self.mean, "variance": self.variance.as_dict()}


def sobol(
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
) -> SobolIndices:
    """Share out the variance of a figure over plausible worlds.

    Parameters
    ----------
    scenario, metric, parameters, seed, against, runner, workers, out
        As in :func:`sim.experiment.sensitivity.tornado`.
    keep
        How many assumptions survive the screening; 8 if None.
    points
        Size of the base sample, a power of 2; 64 if None. That many worlds for each assumption and two more.
    replications
        Histories of each world; 2 if None, and with 1 noise is not kept apart.

    Raises
    ------
    ExperimentError
        If the request makes no sense or SALib is not installed.
    RunFailedError
        If fewer than half of the base points could be simulated, or the figure is the same everywhere.
    """
    question = question_of(
        "sobol",
        scenario,
        metric=metric,
        against=against,
        parameters=parameters,
        keep=keep,
        points=points,
        replications=replications,
        seed=seed,
    )
    return conduct(question, measure_indices, runner, workers, out)


def measure_indices(
    question: Question, factors: tuple[Factor, ...], histories: Histories
) -> Callable[..., SobolIndices]:
    """Simulate the sample and return what makes the result."""
    luck = range(question.replications)
    design = saltelli_sample(len(factors), question.points, question.seed)
    asks = [
        Ask(
            f"base point {number}, world {place}",
            replication,
            {factor.path: factor.at(share) for factor, share in zip(factors, row.tolist(), strict=True)},
        )
        for number, rows in enumerate(design, start=1)
        for place, row in enumerate(rows)
        for replication in luck
    ]
    found = histories.values(asks).reshape(*design.shape[:2], len(luck))
    figures = found[~np.isnan(found).any(axis=(1, 2))]
    if 2 * len(figures) < len(found):
        raise RunFailedError(f"more than half of the base points failed: {histories.lost[0]}")
    variance = split_variance(np.concatenate([figures[:, 0], figures[:, -1]]))
    if variance.inputs <= 0.0:
        raise RunFailedError(f"{question.response.metric} does not differ between worlds by more than noise")
    first, total = sobol_indices(figures)
    low, high = index_intervals(figures, question.seed)
    rows = [
        Index(
            factor,
            Estimate(float(first[i]), float(low[0, i]), float(high[0, i]), "share", len(figures)),
            Estimate(float(total[i]), float(low[1, i]), float(high[1, i]), "share", len(figures)),
            noise_apart=len(luck) > 1,
        )
        for i, factor in enumerate(factors)
    ]
    ordered = tuple(sorted(rows, key=lambda row: (-row.total.mean, row.factor.path)))

    def finish(**common: Any) -> SobolIndices:
        return SobolIndices(
            indices=ordered, mean=float(figures[:, [0, -1]].mean()), variance=variance, **common
        )

    return finish


def _cross_mean(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the mean product of figures from two different histories (last axis); from one if alone."""
    histories = a.shape[-1]
    if histories == 1:
        return np.asarray((a * b)[..., 0])
    pairs = a.sum(axis=-1) * b.sum(axis=-1) - (a * b).sum(axis=-1)
    return np.asarray(pairs / (histories * (histories - 1)))


def sobol_indices(figures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return first-order and total indices.

    Parameters
    ----------
    figures
        Base points x (factors + 2) x replications: A, then A with each column from B, last B.

    Returns
    -------
    tuple of numpy.ndarray
        ``S1`` and ``ST``, one number for each factor.
    """
    return _indices(figures, np.ones((1, len(figures))))[0]


def _indices(figures: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return S1 and ST (second axis) by factor (last axis) for each row of weights of the base points."""
    # Centred history by history: luck shared by all worlds is no effect of an input.
    centred = figures - figures.mean(axis=(0, 1))
    a, mixed, b = centred[:, :1], centred[:, 1:-1], centred[:, -1:]
    share = weights / weights.sum(axis=1, keepdims=True)
    ends = np.concatenate([a, b], axis=1)
    of_mean = share @ ends.mean(axis=1)  # of each set of weights and history
    spread = share @ _cross_mean(ends, ends).mean(axis=1) - _cross_mean(of_mean, of_mean)
    first = share @ _cross_mean(np.broadcast_to(b, mixed.shape), mixed - a)
    total = share @ _cross_mean(mixed - a, mixed - a) / 2.0
    return np.stack([first, total], axis=1) / spread[:, None, None]


def index_intervals(figures: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return lower and upper ends of 95% intervals: S1 and ST (rows) by factor, from base points drawn anew.

    Parameters
    ----------
    figures
        As in :func:`sobol_indices`.
    seed
        Seed of the bootstrap.
    """
    count = len(figures)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(count,)))
    weights = rng.multinomial(count, np.full(count, 1.0 / count), size=RESAMPLES).astype(float)
    low, high = np.quantile(_indices(figures, weights), (0.025, 0.975), axis=0)
    return low, high


def split_variance(figures: np.ndarray) -> Variance:
    """Split the variance of figures over independent worlds (rows) and histories (columns).

    Expected mean squares of the two-way table without interaction: of worlds ``noise + R inputs``, of
    histories ``noise + n luck``, of the rest ``noise``. A part that comes out negative is zero.
    """
    worlds, histories = figures.shape
    if histories == 1:
        return Variance(float(figures.var(ddof=1)), None, None, None)
    centre = figures.mean()
    by_world, by_history = figures.mean(axis=1), figures.mean(axis=0)
    rest = figures - by_world[:, None] - by_history + centre
    noise = float((rest**2).sum()) / ((worlds - 1) * (histories - 1))
    of_means = float(by_world.var(ddof=1))
    inputs = max(of_means - noise / histories, 0.0)
    luck = max(float(by_history.var(ddof=1)) - noise / worlds, 0.0)
    return Variance(inputs, luck, noise, noise / histories / of_means if of_means > 0.0 else 0.0)
