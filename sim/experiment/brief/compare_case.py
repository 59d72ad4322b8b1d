"""The question of a comparison, asked of any world: does the second scenario earn more per order?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.brief.case import DIFFERENCE, Answer, Asked, Reading, Target
from sim.experiment.comparison import HEADLINE_KPI
from sim.experiment.errors import ExperimentError
from sim.experiment.jobs import Options, Summary
from sim.experiment.metrics import measure, unit_of
from sim.experiment.statistics import Estimate, estimate
from sim.experiment.study import job_for
from sim.experiment.worlds import ranges_in_play
from sim.scenario.entries import Entry
from sim.scenario.problems import ScenarioError

if TYPE_CHECKING:
    from sim.scenario import Scenario

_PULLS = (1.0, 0.5, 0.25, 0.125)
"""How far towards its own values a world is pulled when drawn values contradict each other."""


@dataclass(frozen=True)
class CompareCase:
    """A comparison of two scenarios by contribution per order.

    Attributes
    ----------
    a, b
        The scenarios; the effect is ``b - a``.
    scope
        The brand or a channel.
    verdict
        What the study found.
    seeds
        Seeds of its replications.
    options
        How a history is simulated.
    """

    a: Scenario
    b: Scenario
    scope: str
    verdict: str
    seeds: tuple[int, ...]
    options: Options

    @property
    def targets(self) -> tuple[Target, ...]:
        """The difference in contribution per order."""
        return (Target(DIFFERENCE, unit_of(HEADLINE_KPI), self.verdict, (0.0,)),)

    def ranges(self) -> dict[str, tuple[float, float, float]]:
        """Return value, low and high end of every assumption that the two share or that one of them has.

        Where their values differ the assumption is part of what is compared, so it stays.
        """
        first, second = ranges_in_play(self.a), ranges_in_play(self.b)
        both = {**first, **second}
        values = [{entry.path: entry.value for entry in one.entries()} for one in (self.a, self.b)]
        return {
            path: found
            for path, found in both.items()
            if path not in values[0] or path not in values[1] or values[0][path] == values[1][path]
        }

    def entry(self, path: str) -> Entry:
        """Return an assumption of whichever scenario has it, the second one first."""
        return (self.b if path in ranges_in_play(self.b) else self.a).entry(path)

    def shorter(self, days: int) -> CompareCase:
        """Return the question about shorter histories."""
        if max(self.a.horizon.days, self.b.horizon.days) <= days:
            return self
        change = {"horizon.days": days}
        return replace(self, a=self.a.with_values(change), b=self.b.with_values(change))

    def ask(self, changes: Mapping[str, float], seeds: Sequence[int]) -> Asked | None:
        """Ask about the world with some values changed in both scenarios, or in the one that has them."""
        try:
            sides = [one.with_values(_known(one, changes)) for one in (self.a, self.b)]
        except ScenarioError:
            return None
        jobs = tuple(job_for(side, seed, options=self.options) for side in sides for seed in seeds)

        def read(runs: Sequence[Summary]) -> Reading | None:
            try:
                profit = [-measure(run, HEADLINE_KPI, self.scope).average for run in runs]
            except ExperimentError:
                return None  # nobody bought anything in this world
            n = len(seeds)
            values = tuple(b - a for a, b in zip(profit[:n], profit[n:], strict=True))
            return {DIFFERENCE: Answer(difference_verdict(estimate(values)), values)}

        return Asked(jobs, read)

    def plausible(self, draws: int, seed: int) -> list[dict[str, float]]:
        """Draw plausible worlds by a Latin hypercube over the ranges; see :mod:`sim.experiment.worlds`.

        Returns
        -------
        list of dict
            Changed values by path. A draw whose values contradict each other is pulled towards the own values
            until it is consistent.
        """
        from scipy.stats import qmc

        ranges = self.ranges()
        if not ranges or draws < 1:
            return []
        design = qmc.LatinHypercube(len(ranges), rng=np.random.default_rng(seed)).random(draws)
        return [self._world(ranges, row.tolist()) for row in design]

    def _world(
        self, ranges: Mapping[str, tuple[float, float, float]], row: Sequence[float]
    ) -> dict[str, float]:
        for pull in _PULLS:
            values: dict[str, float] = {}
            for u, (path, (own, low, high)) in zip(row, ranges.items(), strict=True):
                drawn = own + pull * (low + u * (high - low) - own)
                values[path] = round(drawn) if isinstance(own, int) else drawn
            if self.ask(values, self.seeds[:1]) is not None:
                return values
        return {}


def difference_verdict(change: Estimate) -> str:
    """Say what a difference in profit amounts to; by its sign where there is no interval."""
    if change.low is None:
        return "better" if change.mean > 0 else "worse" if change.mean < 0 else "exactly_equal"
    if change.low == change.high == 0.0:
        return "exactly_equal"
    if not change.is_detectable():
        return "no_detectable_difference"
    return "better" if change.mean > 0 else "worse"


def _known(scenario: Scenario, changes: Mapping[str, float]) -> dict[str, float]:
    paths = {entry.path for entry in scenario.entries()}
    return {path: value for path, value in changes.items() if path in paths}
