"""Choosing the best of a few candidates with a stated probability of being right.

A fully sequential procedure in the manner of Kim and Nelson (2001, ACM TOMACS 11, 251-273) with the
feasibility check of Andradottir and Kim (2010, Naval Research Logistics 57, 403-421), run at the same time.
Every pair of candidates, and every candidate with every constraint, is a random walk (the sum of differences
in merit, or of slacks) that is watched until it leaves a triangle which closes with the number of
replications. All candidates meet the same luck, so walks are short where common random numbers work.

The error of one walk is at most ``beta`` where the true mean is at least ``delta`` away from zero. A wrong
choice needs one of ``k - 1`` comparisons of the best candidate, or one of its ``s`` constraints, to go wrong
(an inadmissible rival that is called admissible counts in its comparison's place), so with
``beta = alpha / (k - 1 + s)`` Bonferroni's inequality keeps all of it below ``alpha``, however dependent the
walks are. Two remarks on what is ours:

- The indifference zone of a walk may be a function of its first-stage variance: variances and means of normal
  data are independent, and given the variance the bound of a walk does not depend on ``delta`` as long as
  the true mean is that far away. So a zone that is as narrow as the budget affords is as sound as one that is
  set in advance.
- The walks are looked at after every group of replications. Looking less often than after each one can only
  lower the error (Jennison, Johnstone and Turnbull 1982).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiment.errors import ExperimentError

ALPHA = 0.05
FIRST_STAGE = 10
STAGE = 2

Draw = Callable[[Sequence[int], int, int], np.ndarray]
"""``draw(candidates, first, end)``: merit and slacks, of shape (candidates, end - first, 1 + constraints)."""


@dataclass(frozen=True)
class Selection:
    """Outcome of ranking and selection.

    Attributes
    ----------
    best
        Number of the chosen candidate; None if every one was found to miss a constraint.
    feasible
        For each candidate: True, False, or None where it was beaten before it was told.
    beaten_by
        For each candidate: who eliminated it; None for nobody.
    replications
        Replications that each candidate took.
    indifference
        Widest zone of a comparison of the chosen candidate, in the unit of merit: what the guarantee says
        nothing about.
    tolerances
        Widest zone of each constraint.
    confidence
        Probability of the statement, ``1 - alpha``.
    """

    best: int | None
    feasible: tuple[bool | None, ...]
    beaten_by: tuple[int | None, ...]
    replications: tuple[int, ...]
    indifference: float
    tolerances: tuple[float, ...]
    confidence: float


def eta(beta: float, first_stage: int) -> float:
    """Return the constant of a walk's triangle: ``((2 beta)^(-2 / (n0 - 1)) - 1) / 2`` (Kim and Nelson 2001).

    Parameters
    ----------
    beta
        Error allowed to one walk, below one half.
    first_stage
        Replications ``n0`` of the first stage, at least 2.

    Examples
    --------
    Ten systems, ten replications, 5% in all:

    >>> round(eta(0.05 / 9, 10), 6)
    0.859083
    """
    return 0.5 * ((2.0 * beta) ** (-2.0 / (first_stage - 1)) - 1.0)


@dataclass(frozen=True)
class _Walks:
    """Walks with their triangles: ``variance`` and ``zone`` have the same shape, one entry per walk."""

    variance: np.ndarray
    zone: np.ndarray
    constant: float

    def reach(self, count: int) -> np.ndarray:
        """Half-height of each triangle after ``count`` replications; zero once it has closed."""
        with np.errstate(divide="ignore", invalid="ignore"):
            height = self.constant * self.variance / self.zone - 0.5 * self.zone * count
        return np.where(self.zone > 0.0, np.maximum(height, 0.0), 0.0)


def _walks(variance: np.ndarray, asked: np.ndarray, constant: float, most: int) -> _Walks:
    """Give each walk the zone asked for, or the narrowest that closes after ``most`` replications."""
    afforded = np.sqrt(2.0 * constant * variance / most) * (1.0 + 1e-9)  # closed for certain, rounding or not
    return _Walks(variance, np.maximum(asked, afforded), constant)


def select(
    draw: Draw,
    candidates: int,
    constraints: int = 0,
    *,
    indifference: float = 0.0,
    tolerances: Sequence[float] = (),
    first_stage: int = FIRST_STAGE,
    most: int = 1_000,
    stage: int = STAGE,
    alpha: float = ALPHA,
) -> Selection:
    """Choose the best of some candidates that meets all constraints.

    If one candidate meets every constraint with at least the tolerance to spare, is better by at least the
    indifference zone than all others that do, and no other misses a constraint by less than the tolerance, it
    is chosen with probability ``1 - alpha`` or more. Merit and slacks should be about normal, as totals of
    many orders are.

    Parameters
    ----------
    draw
        Simulates; larger merit is better, a slack below zero misses the constraint.
    candidates
        How many there are, at least 1. At equal merit the one with the lower number is preferred.
    constraints
        Number of slacks.
    indifference
        Difference in merit that matters; 0: the smallest that ``most`` replications can tell.
    tolerances
        The same for each constraint; empty: all 0.
    first_stage
        Replications of every candidate before anything is decided, at least 3.
    most
        Replications of a candidate at most, at least ``first_stage``. A zone that is too narrow for them is
        widened; the result says to what.
    stage
        Replications added at a time.
    alpha
        Probability of a wrong choice that is accepted.

    Raises
    ------
    ExperimentError
        If these make no sense together.
    """
    if candidates < 1 or not 3 <= first_stage <= most or stage < 1 or not 0 < alpha < 0.5:
        raise ExperimentError(
            f"a selection needs candidates, at least 3 replications and no more than the most "
            f"(found {candidates} candidates, {first_stage} to {most} replications)"
        )
    first = draw(range(candidates), 0, first_stage)
    race = _Race(first, indifference, tolerances or [0.0] * constraints, most, alpha)
    count = first_stage
    race.look(count)
    while race.is_open() and count < most:
        end = min(count + stage, most)
        open_ones = race.open_candidates()
        race.add(open_ones, draw(open_ones, count, end))
        count = end
        race.look(count)
    return race.outcome(1.0 - alpha)


class _Race:
    """Sums so far, triangles, and what has been decided."""

    def __init__(
        self, first: np.ndarray, indifference: float, tolerances: Sequence[float], most: int, alpha: float
    ) -> None:
        k, n0, width = first.shape
        s = width - 1
        beta = alpha / max(1, k - 1 + s)
        constant = eta(beta, n0) * (n0 - 1)
        merit = first[:, :, 0]
        pairs = np.var(merit[:, None, :] - merit[None, :, :], axis=2, ddof=1)
        slacks = np.var(first[:, :, 1:], axis=1, ddof=1)
        self._pairs = _walks(pairs, np.full((k, k), indifference), constant, most)
        self._bounds = _walks(slacks, np.tile(np.asarray(tolerances, float), (k, 1)), constant, most)
        self._merit = merit.sum(axis=1)
        self._slack = first[:, :, 1:].sum(axis=1)
        self._winner = np.full((k, k), -1)  # of each pair, once known
        self._met = np.zeros((k, s), dtype=int)  # 1 met, -1 missed, 0 not known
        self._beaten = [-1] * k
        self._count = np.full(k, n0)

    def add(self, who: Sequence[int], values: np.ndarray) -> None:
        """Take more replications of some candidates."""
        rows = list(who)
        self._merit[rows] += values[:, :, 0].sum(axis=1)
        self._slack[rows] += values[:, :, 1:].sum(axis=1)
        self._count[rows] += values.shape[1]

    def look(self, count: int) -> None:
        """Decide what can be decided after ``count`` replications of every open candidate."""
        alive = self._alive()
        reach = self._bounds.reach(count)
        for i in alive:
            for j in np.flatnonzero(self._met[i] == 0).tolist():
                if abs(self._slack[i, j]) >= reach[i, j]:
                    self._met[i, j] = 1 if self._slack[i, j] >= 0 else -1
        reach = self._pairs.reach(count)
        for i in alive:
            for j in alive:
                ahead = self._merit[i] - self._merit[j]
                if i < j and self._winner[i, j] < 0 and abs(ahead) >= reach[i, j]:
                    self._winner[i, j] = self._winner[j, i] = i if ahead >= 0 else j
        # Only who meets every constraint may eliminate others.
        admitted = [i for i in alive if (self._met[i] == 1).all()]
        for j in alive:
            by = next((i for i in admitted if self._beaten[i] < 0 and self._winner[i, j] == i != j), None)
            if by is not None:
                self._beaten[j] = by

    def _alive(self) -> list[int]:
        missed = (self._met == -1).any(axis=1)
        return [i for i, by in enumerate(self._beaten) if by < 0 and not missed[i]]

    def open_candidates(self) -> list[int]:
        """Return who still needs replications: everybody who is neither out nor beaten."""
        return self._alive()

    def is_open(self) -> bool:
        """Say whether anything is left to decide."""
        alive = self._alive()
        return len(alive) > 1 or any((self._met[i] == 0).any() for i in alive)

    def outcome(self, confidence: float) -> Selection:
        """Return what came out."""
        alive = self._alive()
        best = alive[0] if alive else None
        zone = self._pairs.zone
        others = [j for j in range(len(self._beaten)) if j != best]
        known = [True if (met == 1).all() else False if (met == -1).any() else None for met in self._met]
        return Selection(
            best=best,
            feasible=tuple(known),
            beaten_by=tuple(None if by < 0 else by for by in self._beaten),
            replications=tuple(int(count) for count in self._count),
            indifference=0.0 if best is None or not others else float(zone[best, others].max()),
            tolerances=tuple(float(value) for value in self._bounds.zone.max(axis=0)),
            confidence=confidence,
        )
