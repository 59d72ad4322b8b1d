"""What a sensitivity study asks of a world, and the histories that answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.errors import ExperimentError, RunFailedError
from sim.experiment.jobs import Failure, Summary
from sim.experiment.metrics import unit_of
from sim.experiment.seeds import replication_seed
from sim.experiment.sensitivity.factors import Factor, worlds_with
from sim.experiment.study import LabelledRun, job_for

if TYPE_CHECKING:
    from sim.experiment.runner import Runner
    from sim.scenario import Scenario

DAYS_PER_YEAR = 365.0
# Worlds that are held at the same time, at least and for each worker: each weighs some megabytes.
_BATCH, _BATCH_PER_WORKER = 48, 6


@dataclass(frozen=True)
class Response:
    """A figure of a scenario, or of several that meet the same shoppers.

    Attributes
    ----------
    scenarios
        The scenario asked about, then what it is held against.
    metric
        Figure, one of :data:`sim.kpi.KPIS`.
    """

    scenarios: tuple[Scenario, ...]
    metric: str

    @property
    def unit(self) -> str:
        """Unit of the figure."""
        return unit_of(self.metric)

    @property
    def per_year(self) -> float:
        """Factor from the measured period to a year of 365 days, for figures that add up over time."""
        return DAYS_PER_YEAR / self.scenarios[0].horizon.days


@dataclass(frozen=True)
class Ask:
    """One world and one piece of luck.

    Attributes
    ----------
    label
        Its part in the study.
    replication
        Number of the luck: equal numbers meet the same shoppers.
    values
        Assumptions that differ from the scenario's own, by path.
    """

    label: str
    replication: int
    values: Mapping[str, float] = field(default_factory=dict)


class Histories:
    """Simulates what a method asks for and remembers every run.

    Parameters
    ----------
    crew
        Who simulates.
    response
        Scenarios and figure.
    factors
        Assumptions that may be varied.
    seed
        Seed of the study.

    Attributes
    ----------
    runs
        Every run that succeeded, with its part in the study.
    lost
        Why the others did not: one line each.
    pulled
        Number of worlds whose values contradicted each other and were pulled towards the scenario's own.
    """

    def __init__(self, crew: Runner, response: Response, factors: Sequence[Factor], seed: int) -> None:
        self._crew = crew
        self._factors = {factor.path: factor for factor in factors}
        self._seed = seed
        self.response = response
        self.runs: list[LabelledRun] = []
        self.lost: list[str] = []
        self.pulled = 0

    def by_scenario(self, asks: Sequence[Ask]) -> np.ndarray:
        """Return the figure by world (rows) and scenario (columns); NaN where it could not be had."""
        size = max(_BATCH, _BATCH_PER_WORKER * self._crew.pool.workers)
        return np.concatenate(
            [self._batch(asks[start : start + size]) for start in range(0, len(asks), size)]
        )

    def _batch(self, asks: Sequence[Ask]) -> np.ndarray:
        """Simulate some worlds; they are gone afterwards, so memory stays flat however many there are."""
        arms = self.response.scenarios
        jobs = []
        before: Mapping[str, float] | None = None
        for ask in asks:
            if ask.values != before:  # histories of one world follow each other
                worlds, pull = worlds_with(arms, self._factors, ask.values)
                self.pulled += pull < 1.0
                before = ask.values
            seed = replication_seed(self._seed, ask.replication)
            jobs += [job_for(world, seed) for world in worlds]
        found = np.full((len(asks), len(arms)), np.nan)
        for place, outcome in enumerate(self._crew.outcomes(jobs)):
            row, arm = divmod(place, len(arms))
            found[row, arm] = self._read(asks[row], arm, outcome)
        return found

    def values(self, asks: Sequence[Ask]) -> np.ndarray:
        """Return the figure in each world, or its paired difference to the scenario held against it."""
        found = self.by_scenario(asks)
        return found[:, 0] if found.shape[1] == 1 else found[:, 0] - found[:, 1]

    def own(self, label: str, replications: int) -> list[float]:
        """Return the figure in the scenario's own world, which every study needs.

        Raises
        ------
        RunFailedError
            If a run of it failed: the study then has nothing to start from.
        """
        found = self.values([Ask(label, number) for number in range(replications)])
        if np.isnan(found).any():
            raise RunFailedError(f"the scenario's own world cannot be simulated: {self.lost[0]}")
        return [float(value) for value in found]

    def _read(self, ask: Ask, arm: int, outcome: Summary | Failure) -> float:
        scenario, metric = self.response.scenarios[arm], self.response.metric
        if isinstance(outcome, Failure):
            self.lost.append(f"{ask.label}: {outcome.kind}: {outcome.message}")
            return np.nan
        label = ask.label if arm == 0 else f"{ask.label}, {scenario.name}"
        self.runs.append(LabelledRun(label, ask.replication, outcome))
        if metric not in outcome.kpis:
            if not ask.values:
                raise ExperimentError(f"metric '{metric}': scenario '{scenario.name}' has no such figure")
            self.lost.append(f"{ask.label}: no {metric} in this world")
            return np.nan
        return outcome.kpis[metric]
