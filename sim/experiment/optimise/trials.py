"""Settings that have been tried: simulated once each, remembered, and put in order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.experiment.jobs import Failure, Job, Options, Summary
from sim.experiment.optimise.problem import Constraint, Problem
from sim.experiment.optimise.space import Setting, Space
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seed
from sim.experiment.study import job_for
from sim.scenario.problems import ScenarioError


@dataclass(frozen=True)
class Trial:
    """One setting as the search saw it.

    Attributes
    ----------
    setting
        Values of the levers.
    merit
        Mean objective over the search's histories, larger is better; NaN where it could not be simulated.
    slacks
        Mean slack of each constraint, in the figure's unit.
    refused
        Why it could not be simulated; empty where it could.
    crashed
        Whether that was a history that failed, and not values that contradict each other.
    """

    setting: Setting
    merit: float
    slacks: tuple[float, ...]
    refused: str = ""
    crashed: bool = False


@dataclass(frozen=True)
class Order:
    """Which of two trials is better: the one that misses constraints by less, then the one with more merit.

    Attributes
    ----------
    scales
        What a miss of each constraint is measured against, so that yuan and shares can be added.
    easier
        By how much each constraint is relaxed, or tightened where negative; infinite: it is left out.
    """

    scales: tuple[float, ...]
    easier: tuple[float, ...]

    def miss(self, trial: Trial) -> float:
        """Return the sum of misses, each in its scale; 0 where every constraint is met."""
        if trial.refused:
            return math.inf
        parts = zip(trial.slacks, self.easier, self.scales, strict=True)
        return math.fsum(max(0.0, -(slack + by)) / scale for slack, by, scale in parts if by != math.inf)

    def key(self, trial: Trial) -> tuple[float, float]:
        """Return what sorts the best trial first."""
        miss = self.miss(trial)
        return (miss, -trial.merit if math.isfinite(trial.merit) else math.inf)

    def ranking(self, merit: np.ndarray, slacks: np.ndarray) -> np.ndarray:
        """Return the numbers of many settings, the best first.

        Parameters
        ----------
        merit
            One per setting, shape (settings,).
        slacks
            Shape (settings, constraints).
        """
        short = np.maximum(0.0, -(slacks + np.array(self.easier))) / np.array(self.scales)
        return np.lexsort((-merit, short.sum(axis=1)))

    def tightened(self, margins: Sequence[float]) -> Order:
        """Return the order of the problem with every bound moved to the safe side."""
        return Order(self.scales, tuple(own - by for own, by in zip(self.easier, margins, strict=True)))

    def without(self, constraint: int) -> Order:
        """Return the order of the problem without one of its constraints."""
        return self.relaxed(constraint, math.inf)

    def relaxed(self, constraint: int, by: float) -> Order:
        """Return the order of the problem with one bound moved by ``by``."""
        easier = tuple(by if i == constraint else own for i, own in enumerate(self.easier))
        return Order(self.scales, easier)


def scales_of(constraints: Sequence[Constraint], at_start: Sequence[float]) -> tuple[float, ...]:
    """Return a scale for each constraint: its bound or the figure's own size, whichever is larger.

    Parameters
    ----------
    constraints
        The constraints.
    at_start
        Their slacks at the scenario as it is.
    """
    sizes = []
    for constraint, slack in zip(constraints, at_start, strict=True):
        figure = constraint.value + slack if constraint.sense == ">=" else constraint.value - slack
        sizes.append(max(abs(constraint.value), abs(figure)) or 1.0)
    return tuple(sizes)


@dataclass
class Bench:
    """Simulates settings, never twice with the same luck, and counts the runs.

    Attributes
    ----------
    problem, space
        What is optimised.
    crew
        Who simulates.
    options
        How.
    seed
        Seed of the study.
    spent
        Different runs asked for so far. Runs that a cache already had count too, or a budget would mean
        something else the second time.
    """

    problem: Problem
    space: Space
    crew: Runner
    options: Options
    seed: int
    spent: int = 0
    _rows: dict[tuple[Setting, int], tuple[float, ...] | str] = field(default_factory=dict)
    _runs: dict[tuple[Setting, int], Summary] = field(default_factory=dict)

    def seeds(self, stage: int, first: int, end: int) -> list[int]:
        """Return seeds of one stage of the study.

        Stage 0 has the seeds of ``run`` and ``compare``, so that figures of the result are theirs to the last
        digit; the others have seeds of their own, so that a setting is not judged by the luck that chose it.
        """
        root = self.seed if stage == 0 else replication_seed(replication_seed(self.seed, 0), stage)
        return [replication_seed(root, index) for index in range(first, end)]

    def rows(self, settings: Sequence[Setting], seeds: Sequence[int]) -> list[np.ndarray | str]:
        """Return merit and slacks of settings under some luck.

        Returns
        -------
        list of numpy.ndarray or str
            One of shape (seeds, 1 + constraints) per setting, or in one line why there is none.
        """
        missing: dict[tuple[Setting, int], Job] = {}
        refused: dict[Setting, str] = {}
        for setting in settings:
            try:
                world = self.space.world(setting)
            except ScenarioError as error:
                refused[setting] = str(error.problems[0])
                continue
            for own in seeds:
                if (setting, own) not in self._rows:
                    missing[setting, own] = job_for(world, own, options=self.options)
        self.spent += len(missing)
        outcomes = self.crew.outcomes(list(missing.values()))
        for (setting, own), outcome in zip(missing, outcomes, strict=True):
            if isinstance(outcome, Failure):
                self._rows[setting, own] = f"{outcome.kind}: {outcome.message}"
            else:
                self._rows[setting, own] = self.problem.read(outcome, self.space.effort(setting))
                self._runs[setting, own] = outcome
        return [
            refused[setting] if setting in refused else _joined([self._rows[setting, own] for own in seeds])
            for setting in settings
        ]

    def runs(self, setting: Setting, seeds: Iterable[int]) -> list[Summary]:
        """Return the runs of a setting that has been simulated under some luck."""
        return [self._runs[setting, own] for own in seeds]

    def trials(self, settings: Sequence[Setting], seeds: Sequence[int]) -> list[Trial]:
        """Try settings."""
        found = []
        for setting, rows in zip(settings, self.rows(settings, seeds), strict=True):
            if isinstance(rows, str):
                nothing = (math.nan,) * len(self.problem.constraints)
                crashed = any((setting, own) in self._rows for own in seeds)
                found.append(Trial(setting, math.nan, nothing, rows, crashed))
            else:
                merit, *slacks = rows.mean(axis=0).tolist()
                found.append(Trial(setting, merit, tuple(slacks)))
        return found


def _joined(rows: Sequence[tuple[float, ...] | str]) -> np.ndarray | str:
    bad = next((row for row in rows if isinstance(row, str)), None)
    return bad if bad is not None else np.array(rows, dtype=float)
