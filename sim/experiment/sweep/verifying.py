"""Doing runs of a sweep again and comparing every figure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.errors import RecordError
from sim.experiment.jobs import Failure, Job, Options, Summary
from sim.experiment.record import MANIFEST, check_checksum
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seeds
from sim.experiment.study import runner_for
from sim.experiment.sweep.blocks import DONE, FAILED
from sim.experiment.sweep.missing import missing_note
from sim.experiment.sweep.result import Swept, open_sweep
from sim.experiment.verification import SAMPLE, Mismatch, Verification, version_notes

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True)
class _Kept:
    """One run of the sweep as it was kept."""

    point: int
    replication: int
    seed: int
    scenario_hash: str
    kpis: Mapping[str, float]

    @property
    def where(self) -> str:
        return f"point {self.point}, replication {self.replication}"


def verify_sweep(
    folder: Path | str,
    *,
    sample: int | None = SAMPLE,
    runner: Runner | None = None,
    workers: int | None = None,
) -> Verification:
    """Do runs of a sweep again from its own scenario, design and seeds, and compare all their figures.

    Parameters
    ----------
    folder
        Folder of the sweep, finished or not.
    sample
        Number of runs, spread evenly over those that ended well, in the order of the design; None: all.
    runner, workers
        Who simulates; without a cache, or nothing would be done again.

    Raises
    ------
    RecordError
        If the folder holds no sweep or no finished run, its files do not belong together, or a part of it was
        deleted.
    """
    swept = check_sweep(folder)
    missing = missing_note(swept)
    kept = _kept(swept)
    chosen = kept if sample is None else [kept[place] for place in spread(len(kept), sample)]
    jobs = list(_jobs(swept, chosen))
    with runner_for(runner, workers) as crew:
        outcomes = crew.outcomes(jobs)
    first = next(
        (
            found
            for run, outcome in zip(chosen, outcomes, strict=True)
            if (found := _first_difference(run, outcome)) is not None
        ),
        None,
    )
    which = "all" if len(chosen) == len(kept) else f"{len(chosen):,} of"
    redone = f"{which} {len(kept):,} runs that ended well were done again"
    failed = swept.counts()[FAILED]
    if failed:
        redone += f"; {failed:,} that failed were left alone"
    compared = sum(len(run.kpis) for run in chosen)
    notes = (*version_notes(swept.manifest), *missing, *_unchecked_note(swept))
    return Verification("sweep", compared, first, notes, redone)


def check_sweep(folder: Path | str) -> Swept:
    """Open a sweep and refuse one whose files do not belong together; nothing is simulated.

    Raises
    ------
    RecordError
        If the folder holds no sweep, its scenario is not the one that was swept, or the seeds of its manifest
        are not those that its runs had.
    """
    swept = open_sweep(folder)
    _check_seeds(swept)
    _scenario(swept)
    return swept


def _check_seeds(swept: Swept) -> None:
    manifest, path = swept.manifest, swept.folder / MANIFEST
    seeds = manifest["seeds"]
    for name in ("seed", "replications"):
        if manifest["plan"].get(name) != manifest[name]:
            raise RecordError(f"{path} has changed since it was written: its plan has another {name}")
    if len(seeds) != manifest["replications"]:
        raise RecordError(f"{path} has changed since it was written: it has not one seed a replication")
    if not seeds or manifest["seed"] < 0 or list(replication_seeds(manifest["seed"], len(seeds))) != seeds:
        raise RecordError(f"{path} has changed since it was written: its seeds are not those of its seed")
    runs = swept.runs()
    for replication, seed in zip(runs["replication"].tolist(), runs["seed"].tolist(), strict=True):
        if replication >= len(seeds) or seeds[replication] != seed:
            expected = seeds[replication] if replication < len(seeds) else None
            raise RecordError(
                f"{path} does not belong to the runs: replication {replication} was run with seed {seed}, "
                f"and it says {expected}"
            )


def _unchecked_note(swept: Swept) -> tuple[str, ...]:
    """Say what an older sweep, whose manifest has no checksum of the scenario's text, leaves open."""
    birth = swept.manifest["scenario"]
    if birth["file"] in swept.manifest.get("files", {}):
        return ()
    return (
        f"the values of {birth['file']} are those that were swept; of its title, ranges, sources and grades "
        "the sweep kept no checksum, so nobody can tell if they were changed",
    )


def spread(count: int, sample: int) -> list[int]:
    """Return places spread evenly over ``count``, the first and the last one included.

    >>> spread(10, 4), spread(3, 20), spread(5, 1)
    ([0, 3, 6, 9], [0, 1, 2], [0])
    """
    if sample >= count:
        return list(range(count))
    return sorted({round(place) for place in np.linspace(0, count - 1, sample).tolist()})


def _kept(swept: Swept) -> list[_Kept]:
    runs = swept.runs()
    runs = runs[runs["status"] == DONE]
    if runs.empty:
        raise RecordError(f"the sweep in {swept.folder} has no run that ended well yet")
    figures: dict[tuple[int, int], dict[str, float]] = {}
    table = swept.kpis()
    for point, replication, name, value in zip(
        table["point"], table["replication"], table["kpi"], table["value"], strict=True
    ):
        figures.setdefault((int(point), int(replication)), {})[str(name)] = float(value)
    return [
        _Kept(int(p), int(r), int(seed), str(digest), figures.get((int(p), int(r)), {}))
        for p, r, seed, digest in zip(
            runs["point"], runs["replication"], runs["seed"], runs["scenario_hash"], strict=True
        )
    ]


def _jobs(swept: Swept, chosen: Sequence[_Kept]) -> Iterator[Job]:
    base = _scenario(swept)
    options = Options(engine=str(swept.manifest["plan"].get("engine", "compiled")))
    points = {int(row["point"]): row for row in swept.design().to_dict("records")}
    worlds: dict[int, Scenario] = {}
    for run in chosen:
        if run.point not in worlds:
            if run.point not in points:
                raise RecordError(f"the design in {swept.folder} has no point {run.point}, though it was run")
            worlds[run.point] = _world(swept, base, points[run.point], run)
        yield Job(worlds[run.point], run.seed, options)


def _scenario(swept: Swept) -> Scenario:
    from sim.scenario import ScenarioError, load

    birth = swept.manifest["scenario"]
    path = swept.folder / birth["file"]
    try:
        scenario = load(path)
    except ScenarioError as error:
        raise RecordError(f"the sweep's scenario cannot be read: {error}") from error
    if scenario.hash != birth["hash"]:
        raise RecordError(f"{path} is not the scenario that was swept (its values have another hash)")
    checksum = swept.manifest.get("files", {}).get(birth["file"])
    if checksum is not None:
        check_checksum(path, checksum)
    return scenario


def _world(swept: Swept, base: Scenario, row: Mapping[str, Any], run: _Kept) -> Scenario:
    """Return the scenario of a point; its hash must be the one that the run was kept under."""
    from sim.scenario import ScenarioError

    changes = {path: _value(row[path]) for path in swept.parameters if not _is_absent(row[path])}
    try:
        world = base.with_values(changes)
    except ScenarioError as error:
        raise RecordError(f"point {run.point} of the sweep in {swept.folder}: {error}") from error
    if world.hash != run.scenario_hash:
        raise RecordError(
            f"point {run.point} of the sweep in {swept.folder} is not the one that was run "
            "(its values have another hash)"
        )
    return world


def _is_absent(value: Any) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _value(value: Any) -> Any:
    """Return a value of the design as the plan had it; parts and lists are kept as JSON."""
    if not isinstance(value, str):
        return value.item() if hasattr(value, "item") else value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _first_difference(run: _Kept, outcome: Summary | Failure) -> Mismatch | None:
    if isinstance(outcome, Failure):
        return Mismatch(run.where, "status", DONE, f"{outcome.kind}: {outcome.message}")
    found = {name: value for name, value in outcome.kpis.items() if value == value}  # noqa: PLR0124 - not a number
    for name in [*run.kpis, *(name for name in found if name not in run.kpis)]:
        if run.kpis.get(name) != found.get(name):
            return Mismatch(run.where, name, run.kpis.get(name), found.get(name))
    return None
