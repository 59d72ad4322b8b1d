"""A weekly table as a brand would have it, and beside it what each source truly brought."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.given import check_scenarios
from sim.experiment.incrementality import ALL, Worth, checked_sources, labels_of, without, worths
from sim.experiment.jobs import Options, Summary
from sim.experiment.panel.dictionary import columns_of, dictionary
from sim.experiment.panel.history import simulate_weekly
from sim.experiment.panel.plan import DAYS_PER_WEEK, BudgetPlan, planned
from sim.experiment.record import recording
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seeds
from sim.experiment.study import LabelledRun, Recipe, common_start, job_for, labelled

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

DEFAULT_SWING = 0.5
TRUTH_FIGURES = ("orders", "sales", "contribution", "profit", "spend")


@dataclass(frozen=True)
class Panel:
    """Weeks by source, and the truth about them.

    Attributes
    ----------
    scenario, scenario_hash, seed, start
        Birth certificate; ``seed`` is the study's.
    plan
        Budgets by week.
    weekly
        One row per history, week and source; see :mod:`sim.experiment.panel.dictionary` for the columns of
        this and the other tables.
    budgets
        The plan, one row per week and source whose visits are bought.
    truth
        Last click and truth over the whole period by source.
    truth_by_week
        Orders and sales by week that would be lost without each source.
    sources
        The truth as :func:`sim.experiment.incrementality` tells it.
    runs, recipe
        The histories behind them, and how to do them again.
    """

    scenario: str
    scenario_hash: str
    seed: int
    start: str
    plan: BudgetPlan
    weekly: pd.DataFrame
    budgets: pd.DataFrame
    truth: pd.DataFrame
    truth_by_week: pd.DataFrame
    sources: tuple[Worth, ...]
    runs: tuple[LabelledRun, ...]
    recipe: Recipe

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table by name."""
        return {
            "panel": self.weekly,
            "budgets": self.budgets,
            "truth": self.truth,
            "truth_by_week": self.truth_by_week,
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``compare --panel``, tables included as rows."""
        rows = {
            name: table.astype(object).where(table.notna(), None).to_dict("records")
            for name, table in self.tables().items()
        }
        return {
            "scenario": self.scenario,
            "scenario_hash": self.scenario_hash,
            "seed": self.seed,
            "start": self.start,
            "adjust": "policy",
            "plan": {"seed": self.plan.seed, "swing": self.plan.swing},
            "headline": self.sources[0].headline,
            "sources": [worth.as_dict() for worth in self.sources],
            "tables": rows,
            "dictionary": dictionary(),
        }


def panel(
    scenario: Scenario,
    sources: Sequence[str] | str = ALL,
    *,
    swing: float = DEFAULT_SWING,
    replications: int = 1,
    seed: int = 1,
    engine: str = "compiled",
    visits: str = "split",
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    out: Path | str | None = None,
) -> Panel:
    """Simulate a brand whose budgets change from week to week, and what it would lose without each source.

    Parameters
    ----------
    scenario
        The world. Its horizon is the length of the panel; two years (``horizon.days=728``) give a mix model
        more to work with.
    sources
        Sources of which the truth is told; each takes one run more per history.
    swing
        Largest change of a week's bought visits relative to the scenario's own, 0 to 0.9.
    replications
        Number of histories; every one is a panel of its own under the same budgets.
    seed
        Seed of the study and of its budgets.
    engine, visits, workers
        As in :func:`sim.experiment.replicate`.
    progress
        Called with (runs done, runs asked for).
    out
        Folder for the record of the study, the tables as CSV and Parquet included; None keeps none.

    Raises
    ------
    ExperimentError
        If the request makes no sense.
    RunFailedError
        If a history raised an error.
    """
    check_scenarios(scenario=scenario)
    seeds = replication_seeds(seed, replications)
    chosen = checked_sources(scenario, sources)
    plan = BudgetPlan(seed, swing)
    recipe = Recipe(
        "panel",
        {"scenario": scenario},
        {
            "sources": list(chosen),
            "swing": swing,
            "replications": replications,
            "seed": seed,
            "engine": engine,
            "visits": visits,
        },
    )
    worlds = [scenario, *(without(scenario, name) for name in chosen)]
    # Budgets by week are no part of a scenario, so these runs have no name under which they could be kept.
    simulate = functools.partial(simulate_weekly, plan=plan)
    with (
        recording(out, recipe) as record,
        Runner(workers, simulate=simulate, progress=progress) as crew,
    ):
        options = Options(engine=engine, visits=visits)
        summaries = crew.summaries(
            [job_for(world, own, options=options) for world in worlds for own in seeds]
        )
        result = _told(scenario, chosen, plan, seed, summaries, recipe)
        for name, table in result.tables().items():
            record.keep(name, table)
        if record.folder is not None:
            record.manifest["dictionary"] = dictionary()
            record.manifest["budgets"] = (
                "visits bought by week relative to the scenario's own: 1 + swing u, with u uniform on (-1, 1)"
                " less the mean of the source's own draws, independent over weeks and sources;"
                " arguments.seed and arguments.swing fix them, budgets.csv has them"
            )
        record.finish(result.as_dict(), result.runs)
    return result


def _told(
    scenario: Scenario,
    chosen: tuple[str, ...],
    plan: BudgetPlan,
    seed: int,
    summaries: Sequence[Summary],
    recipe: Recipe,
) -> Panel:
    import pandas as pd

    n = len(summaries) // (len(chosen) + 1)
    found = worths(chosen, summaries)
    weeks = -(-scenario.horizon.days // DAYS_PER_WEEK)
    bought = [
        {"week": week + 1, "source": name, "budget": float(factor)}
        for name, factors in planned(scenario, plan, weeks).items()
        for week, factor in enumerate(factors)
    ]
    labels = [(label, index) for label in labels_of(chosen) for index in range(n)]
    return Panel(
        scenario=scenario.name,
        scenario_hash=scenario.hash,
        seed=seed,
        start=common_start(summaries),
        plan=plan,
        weekly=_weekly(summaries[:n]),
        budgets=pd.DataFrame(bought, columns=columns_of("budgets")),
        truth=_truth(found),
        truth_by_week=_truth_by_week(chosen, summaries, n),
        sources=found,
        runs=labelled(labels, summaries),
        recipe=recipe,
    )


def _weekly(rows_with: Sequence[Summary]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {**week, "history": history, "promotion": int(week["promotion_days"] > 0)}
        for history, summary in enumerate(rows_with)
        for week in summary.weeks
    ]
    table = pd.DataFrame(rows, columns=columns_of("panel"))
    return table.sort_values(["history", "week"], kind="stable", ignore_index=True)


def _truth(sources: Sequence[Worth]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {"source": worth.source, "figure": name, "credit": credit, **values[name].as_dict()}
        for worth in sources
        for name in TRUTH_FIGURES
        for credit, values in (
            ("last_click", worth.last_click),
            ("incremental", worth.incremental),
            ("ratio", worth.ratios),
        )
        if name in values
    ]
    return pd.DataFrame(rows, columns=columns_of("truth"))


def _truth_by_week(chosen: Sequence[str], summaries: Sequence[Summary], n: int) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for history in range(n):
        whole = _by_week(summaries[history])
        for place, name in enumerate(chosen, start=1):
            rest = _by_week(summaries[n * place + history])
            own = _by_week(summaries[history], name)
            rows += [
                {
                    "history": history,
                    "week": week,
                    "source": name,
                    "incremental_orders": whole[week][0] - rest[week][0],
                    "incremental_sales": whole[week][1] - rest[week][1],
                    "last_click_orders": own[week][0],
                }
                for week in whole
            ]
    return pd.DataFrame(rows, columns=columns_of("truth_by_week"))


def _by_week(summary: Summary, source: str | None = None) -> dict[int, tuple[float, float]]:
    """Return orders and sales by week, of one source or of all."""
    found: dict[int, tuple[float, float]] = {}
    for row in summary.weeks:
        if source in (None, row["source"]):
            orders, sales = found.get(row["week"], (0.0, 0.0))
            found[row["week"]] = (orders + row["orders"], sales + row["sales"])
    return found
