"""Confidence in the world, not only in the dice: does the verdict survive other plausible assumptions?

Every assumption that carries a range is drawn uniformly from it, all at once, by a Latin hypercube (McKay,
Beckman and Conover 1979), so that each is tried over its whole range even with few draws. Each world is
simulated once per size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.errors import ExperimentError
from sim.experiment.jobs import Failure, Job
from sim.experiment.ladder import Ladder, Plan
from sim.experiment.paths import Rung, scenario_at, why_not
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seed
from sim.experiment.statistics import Estimate, share
from sim.experiment.verdict import Margins, Verdict

if TYPE_CHECKING:
    from sim.scenario import Scenario

# Conditions of the study rather than of the world.
_NOT_VARIED = ("horizon.",)
# How far towards the scenario's own values a draw is pulled when together they contradict each other.
_PULLS = (1.0, 0.5, 0.25, 0.125)


@dataclass(frozen=True)
class PlausibleWorlds:
    """How a verdict fares over plausible worlds.

    Attributes
    ----------
    verdict
        The verdict whose share it is.
    share
        Share of worlds that give it; None where no verdict was reached or no world could be simulated.
    counts
        Number of worlds by verdict.
    varied
        Number of assumptions that were drawn.
    lost
        Worlds that could not reach both sizes or failed.
    """

    verdict: str
    share: Estimate | None
    counts: Mapping[str, int]
    varied: int
    lost: int

    def as_dict(self) -> dict[str, Any]:
        """Return the KPI object of the share with what belongs to it."""
        empty = {"mean": None, "low": None, "high": None, "unit": "share", "n": 0}
        own = empty if self.share is None else self.share.as_dict()
        return {
            **own,
            "verdict": self.verdict,
            "counts": dict(self.counts),
            "varied": self.varied,
            "lost": self.lost,
        }


def ranges_in_play(scenario: Scenario, only: tuple[str, ...] = ()) -> dict[str, tuple[float, float, float]]:
    """Return value, low and high end of each numeric assumption that has a range, by path.

    With ``only``, assumptions whose path begins with none of its parts are left out. A value set outside the
    range that came with it stays as it is: whoever set it knows another world.
    """
    found = {}
    for entry in scenario.entries():
        if entry.role != "assumption" or entry.range is None or entry.path.startswith(_NOT_VARIED):
            continue
        if only and not entry.path.startswith(only):
            continue
        low, high = entry.range
        is_number = isinstance(entry.value, int | float) and not isinstance(entry.value, bool)
        if is_number and low < high and low <= entry.value <= high:
            found[entry.path] = (entry.value, float(low), float(high))
    return found


def draw_worlds(scenario: Scenario, draws: int, seed: int, only: tuple[str, ...] = ()) -> list[Scenario]:
    """Draw plausible worlds around a scenario.

    Parameters
    ----------
    scenario
        Where values and ranges come from.
    draws
        Number of worlds.
    seed
        Seed of the design.
    only
        Beginnings of the paths that are varied; all assumptions with a range if empty.

    Returns
    -------
    list of Scenario
        A draw whose values contradict each other (a shift that ends before it starts) is pulled towards the
        scenario's own values until it is consistent.

    Raises
    ------
    ExperimentError
        If no assumption has a range, or ``draws`` is below 1.
    """
    from scipy.stats import qmc

    ranges = ranges_in_play(scenario, only)
    if not ranges:
        raise ExperimentError(
            f"no assumption of scenario '{scenario.name}' carries a range, so there are no other worlds"
        )
    if draws < 1:
        raise ExperimentError(f"at least 1 world has to be drawn (found {draws})")
    design = qmc.LatinHypercube(len(ranges), rng=np.random.default_rng(seed)).random(draws)
    return [_world(scenario, ranges, row) for row in design]


def _world(scenario: Scenario, ranges: Mapping[str, tuple[float, float, float]], row: np.ndarray) -> Scenario:
    from sim.scenario import ScenarioError

    for pull in _PULLS:
        values: dict[str, float | int] = {}
        for u, (path, (own, low, high)) in zip(row.tolist(), ranges.items(), strict=True):
            drawn = own + pull * (low + u * (high - low) - own)
            values[path] = round(drawn) if isinstance(own, int) else drawn
        try:
            return scenario.with_values(values)
        except ScenarioError:
            continue
    return scenario


def _rungs(world: Scenario, path: str, volumes: Sequence[float]) -> tuple[Rung, ...] | None:
    if why_not(world, path):
        return None
    rungs = tuple(scenario_at(world, path, volume) for volume in volumes)
    return rungs if all(rung.reachable for rung in rungs) else None


def plausible_worlds(
    crew: Runner,
    scenario: Scenario,
    plan: Plan,
    volumes: Sequence[float],
    metric: str,
    scope: str,
    verdict: Verdict,
    *,
    draws: int = 16,
    seed: int = 1,
    margins: Margins | None = None,
) -> PlausibleWorlds:
    """Count the plausible worlds in which a verdict holds.

    Parameters
    ----------
    crew
        Who simulates.
    scenario, plan, metric, scope
        As in the ladder.
    volumes
        Two sizes, or three when the verdict is ``stops_scaling``: before, at and after the minimum.
    verdict
        The scenario's own verdict.
    draws
        Number of worlds; each has its own luck.
    seed
        Seed of the study.
    margins
        What matters.
    """
    margins = margins or Margins()
    worlds = draw_worlds(scenario, draws, replication_seed(seed, 0))
    jobs: list[Job] = []
    ladders: list[tuple[tuple[Rung, ...], int]] = []
    lost = 0
    for index, world in enumerate(worlds):
        rungs = _rungs(world, plan.path, volumes)
        if rungs is None:
            lost += 1
            continue
        ladders.append((rungs, len(jobs)))
        jobs += [plan.job(world, rung, replication_seed(seed, index)) for rung in rungs]
    outcomes = crew.outcomes(jobs)
    counts: dict[str, int] = {}
    for rungs, start in ladders:
        row = outcomes[start : start + len(rungs)]
        runs = tuple(one for one in row if not isinstance(one, Failure))
        if len(runs) < len(row):
            lost += 1
            continue
        found = _read_one(Ladder(plan, rungs, (runs,)), metric, scope, margins)
        if found is None:
            lost += 1
        else:
            counts[found] = counts.get(found, 0) + 1
    trials = sum(counts.values())
    holds = share(counts.get(verdict, 0), trials) if trials and verdict != "cannot_tell" else None
    return PlausibleWorlds(verdict, holds, counts, len(ranges_in_play(scenario)), lost)


def _read_one(ladder: Ladder, metric: str, scope: str, margins: Margins) -> str | None:
    """Read the verdict of a single history per size, where there are point values and no intervals."""
    try:
        cost = np.asarray(ladder.averages(metric, scope)[0])
    except ExperimentError:
        return None  # nothing to divide by: no parcel went through the layer in this world
    size = np.asarray(ladder.sizes(scope)[0])

    def slope(low: int, high: int) -> float:
        step = float(np.log(size[high] / size[low]))
        if (cost > 0).all():
            return float(np.log(cost[high] / cost[low])) / step
        return float((cost[high] - cost[low]) / np.abs(cost).mean()) / step

    if (np.diff(size) <= 0).any():
        return None
    bar, last = margins.elasticity, len(cost) - 1
    if last == 2 and slope(0, 1) < -bar and slope(1, 2) > bar:
        return "stops_scaling"
    overall = slope(0, last)
    return "scalable" if overall < -bar else "non_scalable" if overall > bar else "neutral"
