"""Default or my levers in the default or my world: four results, and whether the two depend on each other.

A factorial experiment of two factors at two levels each (Fisher 1935, The Design of Experiments, chapter 6),
with common random numbers: every contrast is worked out history by history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError
from sim.experiment.metrics import unit_of
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seeds
from sim.experiment.statistics import Estimate, estimate
from sim.experiment.study import common_start, job_for, runner_for

if TYPE_CHECKING:
    from sim.scenario import Scenario

CELLS = ("default", "levers", "assumptions", "both")
CONTRASTS: Mapping[str, tuple[int, int, int, int]] = {
    "levers_in_default_world": (-1, 1, 0, 0),
    "levers_in_my_world": (0, 0, -1, 1),
    "assumptions_with_default_levers": (-1, 0, 1, 0),
    "assumptions_with_my_levers": (0, -1, 0, 1),
    "interaction": (1, -1, -1, 1),
}
"""Weights of the four results, in the order of :data:`CELLS`."""


@dataclass(frozen=True)
class Fourfold:
    """Four results and what they differ by.

    Attributes
    ----------
    metric
        Figure that was compared.
    seed, replications, start
        Birth certificate.
    cells
        The figure by cell (:data:`CELLS`).
    contrasts
        Paired differences (:data:`CONTRASTS`). The interaction is what the levers do in my world less what
        they do in the default world.
    hashes
        Hash of each scenario.
    """

    metric: str
    seed: int
    replications: int
    start: str
    cells: Mapping[str, Estimate]
    contrasts: Mapping[str, Estimate]
    hashes: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "metric": self.metric,
            "seed": self.seed,
            "replications": self.replications,
            "start": self.start,
            "cells": {name: found.as_dict() for name, found in self.cells.items()},
            "contrasts": {name: found.as_dict() for name, found in self.contrasts.items()},
            "hashes": dict(self.hashes),
        }


def fourfold(
    default: Scenario,
    levers: Scenario,
    assumptions: Scenario,
    both: Scenario,
    *,
    metric: str = "contribution_per_order",
    replications: int = 5,
    seed: int = 1,
    runner: Runner | None = None,
    workers: int | None = 1,
) -> Fourfold:
    """Simulate the four combinations and contrast them.

    Parameters
    ----------
    default, levers, assumptions, both
        Nothing changed; my levers only; my assumptions only; both.
    metric
        Any figure that all four have (:data:`sim.kpi.KPIS`).
    replications, seed, runner, workers
        As in :func:`sim.experiment.replicate`.

    Raises
    ------
    ExperimentError
        If one of the four does not have the figure, or their years start differently.
    RunFailedError
        If a history raised an error.
    """
    seeds = replication_seeds(seed, replications)
    worlds = dict(zip(CELLS, (default, levers, assumptions, both), strict=True))
    with runner_for(runner, workers) as crew:
        jobs = [job_for(world, own) for world in worlds.values() for own in seeds]
        summaries = crew.summaries(jobs)
    lacking = sorted({one.scenario_hash[:6] for one in summaries if metric not in one.kpis})
    if lacking:
        raise ExperimentError(f"not all four worlds have the figure '{metric}'")
    values = {
        cell: [one.kpis[metric] for one in summaries[place * replications : (place + 1) * replications]]
        for place, cell in enumerate(CELLS)
    }
    unit = unit_of(metric)
    rows = list(zip(*values.values(), strict=True))
    contrasts = {
        name: estimate([sum(w * x for w, x in zip(weights, row, strict=True)) for row in rows], unit)
        for name, weights in CONTRASTS.items()
    }
    return Fourfold(
        metric=metric,
        seed=seed,
        replications=replications,
        start=common_start(summaries),
        cells={name: estimate(found, unit) for name, found in values.items()},
        contrasts=contrasts,
        hashes={name: world.hash for name, world in worlds.items()},
    )
