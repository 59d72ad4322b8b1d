"""One scenario, several histories: every KPI with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.frames import frame_of
from sim.experiment.given import check_scenarios
from sim.experiment.jobs import Options
from sim.experiment.metrics import BRAND, unit_of
from sim.experiment.record import recording
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seeds
from sim.experiment.statistics import Estimate, estimate
from sim.experiment.study import LabelledRun, Recipe, common_start, job_for, labelled, runner_for

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

DEFAULT_REPLICATIONS = 5


@dataclass(frozen=True)
class Replicated:
    """Several histories of one scenario.

    Attributes
    ----------
    scenario
        Name of the scenario.
    scenario_hash, seed, start, model_version
        Birth certificate; ``seed`` is the study's.
    kpis
        KPIs that every history has.
    accounts
        Yuan by account over the measured period.
    runs
        The histories behind them.
    recipe
        How to do it again.
    """

    scenario: str
    scenario_hash: str
    seed: int
    start: str
    model_version: str
    kpis: dict[str, Estimate]
    accounts: dict[str, Estimate]
    runs: tuple[LabelledRun, ...]
    recipe: Recipe

    @property
    def replications(self) -> int:
        """Number of histories."""
        return len(self.runs)

    def values(self, kpi: str) -> list[float]:
        """Return one KPI's value in each history, in order."""
        return [run.summary.kpis[kpi] for run in self.runs]

    def frame(self) -> pd.DataFrame:
        """Return one row per KPI: mean, low, high, unit, n."""
        return frame_of(self.kpis)

    def by_channel(self) -> pd.DataFrame:
        """Return mean yuan by account (rows) and channel (columns).

        Expenses are positive, income negative; ``brand`` holds what no channel owns.
        """
        import pandas as pd

        columns: dict[str, dict[str, float]] = {}
        for run in self.runs:
            for channel, accounts in run.summary.accounts_by_channel.items():
                column = columns.setdefault(channel or BRAND, {})
                for account, yuan in accounts.items():
                    column[account] = column.get(account, 0.0) + yuan / len(self.runs)
        order = [
            account for account in self.accounts if any(account in column for column in columns.values())
        ]
        return pd.DataFrame(columns, index=order).fillna(0.0)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``run --json``."""
        return {
            "scenario": self.scenario,
            "scenario_hash": self.scenario_hash,
            "seed": self.seed,
            "replications": self.replications,
            "start": self.start,
            "model_version": self.model_version,
            "kpis": {name: value.as_dict() for name, value in self.kpis.items()},
            "accounts": {name: value.as_dict() for name, value in self.accounts.items()},
        }


def estimates(rows: list[Mapping[str, float]], units: Mapping[str, str] | None = None) -> dict[str, Estimate]:
    """Return an estimate for each name that every row has, in the order of the first row."""
    shared = [name for name in rows[0] if all(name in row for row in rows)]
    return {
        name: estimate(
            [row[name] for row in rows], unit_of(name) if units is None else units.get(name, "yuan")
        )
        for name in shared
    }


def replicate(
    scenario: Scenario,
    *,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    engine: str = "compiled",
    visits: str = "split",
    runner: Runner | None = None,
    workers: int | None = 1,
    out: Path | str | None = None,
) -> Replicated:
    """Simulate several histories of one scenario.

    Parameters
    ----------
    scenario
        What to simulate.
    replications
        Number of histories, at least 1. One history gives no intervals.
    seed
        Seed of the study; its replications' seeds are spawned from it.
    engine, visits
        How to simulate; see :class:`sim.experiment.jobs.Options`.
    runner
        Shared runner; None makes one with ``workers`` processes.
    workers
        Processes if there is no shared runner; None takes every core.
    out
        Folder for the record of the study; None keeps none.

    Raises
    ------
    ExperimentError
        If the request makes no sense.
    RunFailedError
        If a history raised an error.
    """
    check_scenarios(scenario=scenario)
    seeds = replication_seeds(seed, replications)
    recipe = Recipe(
        "replicate",
        {"scenario": scenario},
        {"replications": replications, "seed": seed, "engine": engine, "visits": visits},
    )
    with recording(out, recipe) as record, runner_for(runner, workers) as crew:
        options = Options(engine=engine, visits=visits)
        summaries = crew.summaries([job_for(scenario, own, options=options) for own in seeds])
        result = Replicated(
            scenario=scenario.name,
            scenario_hash=scenario.hash,
            seed=seed,
            start=common_start(summaries),
            model_version=summaries[0].model_version,
            kpis=estimates([summary.kpis for summary in summaries]),
            accounts=estimates([summary.accounts for summary in summaries], {}),
            runs=labelled([(scenario.name, index) for index in range(replications)], summaries),
            recipe=recipe,
        )
        record.finish(result.as_dict(), result.runs)
    return result
