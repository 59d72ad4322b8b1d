"""Two scenarios that meet the same shoppers: paired differences and the accounts they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.frames import frame_of
from sim.experiment.given import check_scenarios
from sim.experiment.jobs import Options, Summary
from sim.experiment.metrics import (
    BRAND,
    accounts_of,
    checked_choice,
    checked_scope,
    group_of,
    measure,
    orders_of,
    unit_of,
)
from sim.experiment.record import recording
from sim.experiment.replication import DEFAULT_REPLICATIONS, estimates
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seeds
from sim.experiment.statistics import Estimate, Pairing, difference, estimate, pairing, words_for
from sim.experiment.study import LabelledRun, Recipe, common_start, job_for, labelled, runner_for
from sim.kpi import KPIS
from sim.money.accounts import CHART

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

HEADLINE_KPI = "contribution_per_order"


@dataclass(frozen=True)
class Step:
    """One account's part in the change of contribution per order.

    Attributes
    ----------
    account, group
        Which account, and its bucket.
    yuan_per_order
        Its effect on contribution per order: more cost is negative.
    """

    account: str
    group: str
    yuan_per_order: Estimate

    def as_dict(self) -> dict[str, Any]:
        """Return a row of the waterfall."""
        return {"account": self.account, "group": self.group, "yuan_per_order": self.yuan_per_order.as_dict()}


@dataclass(frozen=True)
class Compared:
    """Two scenarios side by side.

    Attributes
    ----------
    a, b
        KPIs of each.
    difference
        Paired differences ``b - a``.
    waterfall
        Effect of each account on contribution per order; it adds up to the change of that KPI. Empty where a
        replication of either has no orders to divide by.
    pairing
        What common luck did for each KPI's comparison.
    headline
        The change of contribution per order in words, or why there is none.
    """

    name_a: str
    name_b: str
    hash_a: str
    hash_b: str
    scope: str
    seed: int
    start: str
    a: dict[str, Estimate]
    b: dict[str, Estimate]
    difference: dict[str, Estimate]
    waterfall: tuple[Step, ...]
    pairing: dict[str, Pairing]
    headline: str
    runs: tuple[LabelledRun, ...]
    recipe: Recipe

    def buckets(self) -> tuple[Step, ...]:
        """Return the waterfall by group of accounts."""
        groups: dict[str, list[Step]] = {}
        for step in self.waterfall:
            groups.setdefault(step.group, []).append(step)
        rows_a, rows_b = _halves(self.runs)
        merged = []
        for group, steps in groups.items():
            names = [step.account for step in steps]
            values = [
                sum(_effect(a, b, name, self.scope) for name in names)
                for a, b in zip(rows_a, rows_b, strict=True)
            ]
            merged.append(Step(group, group, estimate(values, "yuan/order")))
        return tuple(merged)

    def frame(self) -> pd.DataFrame:
        """Return one row per KPI: the paired difference ``b - a`` with low, high, unit and n."""
        return frame_of(self.difference)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``compare --json``."""
        return {
            "a": _side(self.name_a, self.hash_a, self.a),
            "b": _side(self.name_b, self.hash_b, self.b),
            "difference": {name: value.as_dict() for name, value in self.difference.items()},
            "waterfall": [step.as_dict() for step in self.waterfall],
            "headline": self.headline,
            "scope": self.scope,
            "seed": self.seed,
            "start": self.start,
            "pairing": {
                name: {"correlation": found.correlation, "variance_ratio": found.variance_ratio}
                for name, found in self.pairing.items()
            },
        }


def _side(name: str, digest: str, kpis: dict[str, Estimate]) -> dict[str, Any]:
    return {
        "scenario": name,
        "scenario_hash": digest,
        "kpis": {kpi: value.as_dict() for kpi, value in kpis.items()},
    }


def _halves(runs: tuple[LabelledRun, ...]) -> tuple[list[Summary], list[Summary]]:
    middle = len(runs) // 2
    return [run.summary for run in runs[:middle]], [run.summary for run in runs[middle:]]


def _has_no_orders(row: Summary, scope: str) -> bool:
    return orders_of(row, scope) <= 0


def _effect(a: Summary, b: Summary, account: str, scope: str) -> float:
    cost_a = accounts_of(a, scope).get(account, 0.0) / orders_of(a, scope)
    cost_b = accounts_of(b, scope).get(account, 0.0) / orders_of(b, scope)
    return cost_a - cost_b


def waterfall(rows_a: list[Summary], rows_b: list[Summary], scope: str = BRAND) -> tuple[Step, ...]:
    """Split the change of contribution per order over accounts, in statement order.

    Parameters
    ----------
    rows_a, rows_b
        Runs of both scenarios with the same seeds in the same order.
    scope
        The brand or one channel.

    Returns
    -------
    tuple of Step
        In each replication the parts add up to the change, apart from rounding of floating-point sums. Empty
        where a run has no orders: nothing can be divided by them.
    """
    if any(_has_no_orders(row, scope) for row in (*rows_a, *rows_b)):
        return ()
    used = {name for row in (*rows_a, *rows_b) for name in accounts_of(row, scope)}
    names = [name for name in CHART if name in used and group_of(name) not in ("financing", "balance")]
    return tuple(
        Step(
            name,
            group_of(name),
            estimate([_effect(a, b, name, scope) for a, b in zip(rows_a, rows_b, strict=True)], "yuan/order"),
        )
        for name in names
    )


def compare(
    a: Scenario,
    b: Scenario,
    *,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    scope: str = BRAND,
    engine: str = "compiled",
    visits: str = "split",
    runner: Runner | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> Compared:
    """Compare two scenarios with common random numbers.

    A compared with itself differs by exactly zero. The result reports the correlation and the ratio of
    variances that pairing achieved rather than claiming that a shared seed is enough. Each interval holds for
    its own KPI: of twenty that do not differ one is expected to look as if it did.

    Parameters
    ----------
    a, b
        The two scenarios; differences are ``b - a``.
    replications, seed, engine, visits, runner, workers, out
        As in :func:`sim.experiment.replicate`.
    scope
        ``brand`` or a channel, for the waterfall and the headline.

    Raises
    ------
    ExperimentError
        If the request makes no sense, or one year starts empty and the other does not.
    RunFailedError
        If a history raised an error.
    """
    check_scenarios(a=a, b=b)
    seeds = replication_seeds(seed, replications)
    checked_choice("scope of a comparison", scope, (BRAND, *_shared_channels(a, b)))
    checked_scope(a, scope)
    recipe = Recipe(
        "compare",
        {"a": a, "b": b},
        {"replications": replications, "seed": seed, "scope": scope, "engine": engine, "visits": visits},
    )
    options = Options(engine=engine, visits=visits)
    with recording(out, recipe) as record, runner_for(runner, workers) as crew:
        jobs = [job_for(scenario, own, options=options) for scenario in (a, b) for own in seeds]
        summaries = crew.summaries(jobs)
        start = common_start(summaries)
        rows_a, rows_b = summaries[:replications], summaries[replications:]
        shared = [name for name in rows_a[0].kpis if all(name in row.kpis for row in summaries)]
        values = {name: ([r.kpis[name] for r in rows_a], [r.kpis[name] for r in rows_b]) for name in shared}
        result = Compared(
            name_a=a.name,
            name_b=b.name,
            hash_a=a.hash,
            hash_b=b.hash,
            scope=scope,
            seed=seed,
            start=start,
            a=estimates([row.kpis for row in rows_a]),
            b=estimates([row.kpis for row in rows_b]),
            difference={name: difference(*values[name], unit_of(name)) for name in shared},
            waterfall=waterfall(rows_a, rows_b, scope),
            pairing={name: pairing(*values[name]) for name in shared},
            headline=_headline(a.name, b.name, rows_a, rows_b, scope),
            runs=labelled([(side, index) for side in "ab" for index in range(replications)], summaries),
            recipe=recipe,
        )
        record.finish(result.as_dict(), result.runs)
    return result


def _shared_channels(a: Scenario, b: Scenario) -> tuple[str, ...]:
    names = type(a.channels).model_fields
    return tuple(
        name
        for name in names
        if getattr(a.channels, name) is not None and getattr(b.channels, name) is not None
    )


def _headline(name_a: str, name_b: str, rows_a: list[Summary], rows_b: list[Summary], scope: str) -> str:
    if name_a == name_b and rows_a[0].scenario_hash != rows_b[0].scenario_hash:
        name_a, name_b = (
            f"{name} {rows[0].scenario_hash[:6]}" for name, rows in ((name_a, rows_a), (name_b, rows_b))
        )
    where = "" if scope == BRAND else f" in {scope}"
    lacking = _without_orders({name_a: rows_a, name_b: rows_b}, scope)
    if lacking:
        left_out = "figures per order and the waterfall are" if scope == BRAND else "the waterfall is"
        return f"Contribution per order{where} is not applicable: {lacking}, so {left_out} left out."
    before = [-measure(row, HEADLINE_KPI, scope).average for row in rows_a]
    after = [-measure(row, HEADLINE_KPI, scope).average for row in rows_b]
    change = difference(before, after, KPIS[HEADLINE_KPI].unit)
    return f"Contribution per order{where}, {name_b} against {name_a}: {words_for(change)}."


def _without_orders(sides: Mapping[str, list[Summary]], scope: str) -> str:
    """Say which scenarios have replications without orders; an empty text where none has."""
    found = []
    for name, rows in sides.items():
        count = sum(_has_no_orders(row, scope) for row in rows)
        if count:
            found.append(f"{name} has no orders in {count:,} of {len(rows):,} replications")
    return " and ".join(found)
