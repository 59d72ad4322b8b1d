"""A record read back: its scenarios, its result, and its runs, which need not be simulated again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import RecordError
from sim.experiment.jobs import Failure, Job, Summary
from sim.experiment.record import RESULT, check_checksum, read_runs
from sim.experiment.runner import Runner
from sim.scenario import ScenarioError, load

if TYPE_CHECKING:
    from sim.scenario import Scenario

Runs = Mapping[tuple[str, int], Summary]
"""Runs by hash of the scenario and seed."""


def recorded_scenarios(folder: Path | str, manifest: Mapping[str, Any]) -> dict[str, Scenario]:
    """Return the scenarios of a record by the argument they were given as.

    Raises
    ------
    RecordError
        If one cannot be read or is not the one that was recorded.
    """
    found = {}
    for role, birth in manifest["scenarios"].items():
        path = Path(folder) / birth["file"]
        try:
            scenario = load(path).renamed(birth["name"])
        except ScenarioError as error:
            raise RecordError(f"the record's scenario cannot be read: {error}") from error
        if scenario.hash != birth["hash"]:
            raise RecordError(f"{path} is not the scenario that was recorded (its values have another hash)")
        check_checksum(path, manifest["files"][birth["file"]])  # ranges and grades are in the brief too
        found[role] = scenario
    return found


def recorded_result(folder: Path | str, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of a record.

    Raises
    ------
    RecordError
        If it is missing or has changed since it was written.
    """
    path = Path(folder) / RESULT
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RecordError(f"cannot read {path}: {error.strerror or error}") from error
    if hashlib.sha256(content).hexdigest() != manifest["files"].get(RESULT):
        raise RecordError(f"{path} has changed since it was written")
    found: dict[str, Any] = json.loads(content)
    return found


def recorded_runs(folder: Path | str) -> dict[tuple[str, int], Summary]:
    """Return the runs of a record, without the funnels and contacts that it does not hold.

    Raises
    ------
    RecordError
        If the record is unfinished or has been changed.
    """
    table = read_runs(folder)
    version = ""
    found: dict[tuple[str, int], Summary] = {}
    for (digest, seed), rows in table.groupby(["scenario_hash", "seed"], sort=False):
        kpis: dict[str, float] = {}
        orders: dict[str, float] = {}
        accounts: dict[str, dict[str, float]] = {}
        brand: dict[str, float] = {}
        for row in rows.itertuples(index=False):
            if row.kind == "kpi":
                kpis[row.name] = row.value
            elif row.kind == "orders":
                orders[row.channel] = row.value
            elif row.channel:
                accounts.setdefault(row.channel, {})[row.name] = row.value
            else:
                brand[row.name] = row.value
        found[str(digest), int(seed)] = Summary(
            scenario_hash=str(digest),
            seed=int(seed),
            start="",
            model_version=version,
            kpis=kpis,
            accounts=brand,
            accounts_by_channel=accounts,
            orders_by_channel=orders,
        )
    return found


class Recalling(Runner):
    """Takes a record's own runs from the record and has all others simulated.

    Parameters
    ----------
    inner
        Who simulates.
    runs
        Runs of the record.
    """

    def __init__(self, inner: Runner, runs: Runs) -> None:
        super().__init__(1)
        self.inner, self.runs = inner, runs

    def outcomes(self, jobs: Sequence[Job]) -> list[Summary | Failure]:
        """Return summaries or failures in the order of the jobs."""
        births = [(job.scenario.hash, job.seed) for job in jobs]
        lacking = iter(
            self.inner.outcomes(
                [job for job, birth in zip(jobs, births, strict=True) if birth not in self.runs]
            )
        )
        return [self.runs[birth] if birth in self.runs else next(lacking) for birth in births]
