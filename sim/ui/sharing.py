"""A runner whose histories are shared: of two workers on a question each does what the other has not done."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiment.jobs import Failure, Job, Simulate, Summary, perform
from sim.experiment.runner import Runner
from sim.experiment.study import weight_of

if TYPE_CHECKING:
    from sim.experiment.cache import RunCache
    from sim.scenario import Scenario


@dataclass
class Pace:
    """How fast this process simulates, learnt from its own histories.

    Attributes
    ----------
    seconds_per_weight
        Of the latest history; None before the first.
    """

    seconds_per_weight: float | None = None

    def seconds(self, scenario: Scenario) -> float | None:
        """Return how long a history of a scenario will take; None before anything was simulated."""
        return None if self.seconds_per_weight is None else self.seconds_per_weight * weight_of(scenario)


class SharingRunner(Runner):
    """A runner in one process that looks before every history whether another process has kept it.

    Workers that share a store and a list of histories need no other agreement: one begins with the longest,
    the other with the shortest, and what either has kept the other does not simulate. Digits do not depend on
    who did what.

    Parameters
    ----------
    cache
        The store that is shared.
    simulate
        Another simulation than the product's own (a module-level function).
    pace
        Learns how fast this process is.
    shortest_first
        For the second worker on the same question.
    workers
        Processes; more than one share the histories among themselves, as in any other runner.
    """

    def __init__(
        self,
        cache: RunCache | None,
        simulate: Simulate | None = None,
        *,
        pace: Pace | None = None,
        shortest_first: bool = False,
        workers: int | None = 1,
    ) -> None:
        super().__init__(workers, simulate=simulate, cache=cache)
        self._pace = pace or Pace()
        self._shortest_first = shortest_first

    def __enter__(self) -> SharingRunner:
        return self

    def takes(self, *scenarios: Scenario) -> float | None:
        """Return how many seconds one history of each will take together; None where that is unknown."""
        found = [self._pace.seconds(scenario) for scenario in scenarios]
        return None if None in found else sum(one for one in found if one is not None)

    def _simulate(self, missing: dict[str, Job]) -> None:
        if self.pool.workers > 1:
            super()._simulate(missing)
            return
        sign = 1.0 if self._shortest_first else -1.0
        for key in sorted(missing, key=lambda name: (sign * missing[name].weight, name)):
            kept = self.cache.get(key) if self.cache is not None else None
            if kept is None:
                self._known[key] = self._one(key, missing[key])
            else:
                self._known[key] = kept

    def _one(self, key: str, job: Job) -> Summary | Failure:
        began = time.perf_counter()
        outcome = perform(job, self.pool.simulate)
        if job.weight > 0:
            self._pace.seconds_per_weight = (time.perf_counter() - began) / job.weight
        self.simulated += 1
        if self.cache is not None and isinstance(outcome, Summary):
            self.cache.put(key, outcome)
        return outcome
