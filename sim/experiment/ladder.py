"""A scenario at several sizes along one growth path, simulated with common luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.experiment.errors import ExperimentError
from sim.experiment.jobs import GrowthPlan, Job, Options, Summary
from sim.experiment.metrics import BRAND, METRICS, Measure, measure, orders_of, sum_without
from sim.experiment.paths import PATHS, Rung, scenario_at, why_not
from sim.experiment.runner import Runner
from sim.experiment.study import job_for
from sim.scenario.segments import LAYERS

if TYPE_CHECKING:
    from sim.scenario import Scenario

DAYS_PER_MONTH = 365.0 / 12.0


@dataclass(frozen=True)
class Plan:
    """How the sizes of a ladder are simulated.

    Attributes
    ----------
    path
        Growth path.
    adjust
        ``policy``: every size has the staff, stock and points that its policies aim at; ``none``: those of
        volume 1.
    growth_months
        Months over which one history grows from volume 1 to the rung's; None: a year of its own at each size.
    engine, visits
        How a history is simulated.
    """

    path: str
    adjust: str = "policy"
    growth_months: int | None = None
    engine: str = "compiled"
    visits: str = "split"

    def job(self, own: Scenario, rung: Rung, seed: int) -> Job:
        """Return the job of one run of one rung; ``own`` is the scenario at volume 1."""
        assert rung.scenario is not None, "a rung out of reach has no runs"
        options = Options(engine=self.engine, visits=self.visits)
        if self.growth_months is not None:
            days = round(self.growth_months * DAYS_PER_MONTH)
            growth = GrowthPlan(self.growth_months, rung.volume, opening=self.path == "replicate")
            grown = rung.scenario.with_values({"horizon.days": days})
            return job_for(grown, seed, options=replace(options, growth=growth))
        if self.adjust == "none" and rung.volume != 1.0:
            options = replace(options, sized_for=own)
        return job_for(rung.scenario, seed, options=options)


@dataclass(frozen=True)
class Ladder:
    """Simulated rungs.

    Attributes
    ----------
    plan
        How they were simulated.
    rungs
        Reachable rungs, smallest first.
    rows
        ``rows[replication][rung]``: what came out.
    """

    plan: Plan
    rungs: tuple[Rung, ...]
    rows: tuple[tuple[Summary, ...], ...]

    def sizes(self, scope: str = BRAND) -> list[list[float]]:
        """Return the size of every run along the path: orders, or what the scenario fixes."""
        own = scope if PATHS[self.plan.path].elasticity_to == "orders" else BRAND
        return [
            [
                orders_of(run, own) if rung.size is None else rung.size
                for run, rung in zip(row, self.rungs, strict=True)
            ]
            for row in self.rows
        ]

    def measures(self, metric: str, scope: str = BRAND) -> list[list[Measure]]:
        """Return a metric of every run."""
        return [[measure(run, metric, scope) for run in row] for row in self.rows]

    def averages(self, metric: str, scope: str = BRAND) -> list[list[float]]:
        """Return the average that a verdict reads, positive for a cost.

        A contribution becomes the cost that leaves it at the receipts per order of the smallest rung, so that
        a falling price counts as a rising cost.
        """
        found = [[one.average for one in row] for row in self.measures(metric, scope)]
        if metric != "contribution_per_order":
            return found
        first = [receipts_per_order(row[0], scope) for row in self.rows]
        return [[receipts + average for average in row] for receipts, row in zip(first, found, strict=True)]


def receipts_per_order(summary: Summary, scope: str) -> float:
    """Return sales less discounts and refunds per order, in yuan."""
    accounts = summary.accounts if scope == BRAND else summary.accounts_by_channel[scope]
    everything = sum_without(accounts, ("financing", "balance"))
    costs = sum_without(accounts, ("sales", "financing", "balance"))
    return (costs - everything) / orders_of(summary, scope)


def checked_volumes(volumes: Sequence[float]) -> tuple[float, ...]:
    """Return volumes, smallest first.

    Raises
    ------
    ExperimentError
        If there are fewer than two, or one is repeated.
    """
    found = tuple(sorted(float(volume) for volume in volumes))
    if len(set(found)) != len(found) or len(found) < 2:
        raise ExperimentError(
            f"a ladder needs at least two different volumes (found {', '.join(f'{v:g}' for v in volumes)})"
        )
    return found


def rungs_of(scenario: Scenario, path: str, volumes: Sequence[float]) -> tuple[Rung, ...]:
    """Return all rungs; one that whole places or points make equal to the one below is out of reach."""
    found: list[Rung] = []
    for volume in volumes:
        rung = scenario_at(scenario, path, volume)
        below = next((other for other in reversed(found) if other.reachable), None)
        if rung.reachable and below is not None and rung.volume <= below.volume:
            rung = Rung(volume, None, f"in whole places or points it is the same as volume {below.volume:g}")
        found.append(rung)
    return tuple(found)


def without_layers(scenario: Scenario, scope: str = BRAND) -> Scenario:
    """Return a scenario without its pickup layers, or without the one that a study is about."""
    removed = (scope,) if scope in LAYERS else LAYERS
    return scenario.with_values({f"pickup.{layer}": None for layer in removed})


def against_rungs(
    against: Scenario | None, path: str, rungs: Sequence[Rung], scope: str = BRAND
) -> tuple[Rung, ...]:
    """Return what each rung is compared with; with ``against`` None the same rung without pickup layers.

    Another scenario climbs the same path, and may not reach a rung. Where it has nothing that the path moves
    (no points to add) it stays as it is.
    """
    if against is None:
        return tuple(
            replace(rung, scenario=without_layers(rung.scenario, scope))
            for rung in rungs
            if rung.scenario is not None
        )
    if why_not(against, path):
        return tuple(Rung(rung.volume, against) for rung in rungs)
    return tuple(replace(scenario_at(against, path, rung.volume), volume=rung.volume) for rung in rungs)


def ladder_jobs(own: Scenario, plan: Plan, rungs: Sequence[Rung], seeds: Sequence[int]) -> list[Job]:
    """Return the jobs of a ladder, replication by replication."""
    return [plan.job(own, rung, seed) for seed in seeds for rung in rungs]


def climb(crew: Runner, own: Scenario, plan: Plan, rungs: Sequence[Rung], seeds: Sequence[int]) -> Ladder:
    """Simulate the rungs of a ladder.

    Parameters
    ----------
    crew
        Who simulates.
    own
        The scenario at volume 1.
    plan
        How.
    rungs
        Reachable rungs, smallest first.
    seeds
        Seeds of the replications, the same on every rung.
    """
    summaries = crew.summaries(ladder_jobs(own, plan, rungs, seeds))
    width = len(rungs)
    rows = tuple(tuple(summaries[i * width : (i + 1) * width]) for i in range(len(seeds)))
    return Ladder(plan, tuple(rungs), rows)


def unit_for(metric: str) -> str:
    """Return the unit of a metric's average."""
    return METRICS[metric].unit
