"""Doing a recorded study, a sweep or a bundle again and comparing it digit by digit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sim
from sim.experiment.asked_again import ask_again, check_question
from sim.experiment.bundle import check_extras, is_bundle, unchecked, unpacked
from sim.experiment.cache import sources_stamp
from sim.experiment.errors import RecordError
from sim.experiment.record import (
    MANIFEST,
    RESULT,
    check_checksum,
    check_files,
    read_manifest,
    read_runs,
    runs_table,
)
from sim.experiment.runner import Runner
from sim.experiment.scale_result import ADDED_LATER
from sim.experiment.study import runner_for

if TYPE_CHECKING:
    from sim.scenario import Scenario

SAMPLE = 20
"""Runs of a sweep that are done again unless another number is asked for."""


@dataclass(frozen=True)
class Mismatch:
    """The first figure that came out differently.

    Attributes
    ----------
    where
        Part of the study and replication, or the result file.
    name
        KPI, account, or position in the result.
    recorded, found
        Both values.
    """

    where: str
    name: str
    recorded: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.where}: {self.name} was recorded as {self.recorded!r}, now it is {self.found!r}"


@dataclass(frozen=True)
class Verification:
    """Outcome of doing a study again.

    Attributes
    ----------
    study
        Which one.
    compared
        Number of figures compared.
    first
        First mismatch; None if all digits are the same.
    notes
        Differences of version that may explain a mismatch.
    redone
        Which runs were done again; empty where all were.
    """

    study: str
    compared: int
    first: Mismatch | None
    notes: tuple[str, ...]
    redone: str = ""

    @property
    def ok(self) -> bool:
        """Say whether every digit is the same."""
        return self.first is None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``verify --json``."""
        first = None
        if self.first is not None:
            first = {
                "where": self.first.where,
                "name": self.first.name,
                "recorded": self.first.recorded,
                "found": self.first.found,
            }
        return {
            "ok": self.ok,
            "study": self.study,
            "compared": self.compared,
            "first": first,
            "notes": list(self.notes),
            "redone": self.redone,
        }


def verify(
    folder: Path | str,
    *,
    sample: int | None = SAMPLE,
    runner: Runner | None = None,
    workers: int | None = None,
) -> Verification:
    """Do a recorded study again from its own scenarios and seeds and compare every figure.

    Parameters
    ----------
    folder
        Folder of the record or of a sweep, or a bundle: a zip of the files of a record.
    sample
        Of a sweep, the number of runs to do again, spread evenly over it; None: all. Other studies are done
        again as a whole.
    runner, workers
        Who simulates; without a cache, or nothing would be done again.

    Raises
    ------
    RecordError
        If there is no finished record or its files have been changed.
    """
    with opened(folder) as place:
        if is_sweep(place):
            from sim.experiment.sweep.verifying import verify_sweep

            return verify_sweep(place, sample=sample, runner=runner, workers=workers)
        found = _verify_record(place, runner, workers)
        notes = _unchecked_note(place) if is_bundle(folder) else ()
        return replace(found, notes=(*found.notes, *notes))


def check_record(folder: Path | str) -> None:
    """Refuse what is no finished record, and one whose files have been changed; nothing is simulated.

    Raises
    ------
    RecordError
        Saying what is wrong.
    """
    with opened(folder) as place:
        if is_sweep(place):
            from sim.experiment.sweep.verifying import check_sweep

            check_sweep(place)
        else:
            _checked(place)


@contextmanager
def opened(folder: Path | str) -> Iterator[Path]:
    """Give the folder of a record, for a bundle one that it is unpacked into."""
    if not is_bundle(folder):
        yield Path(folder)
        return
    with unpacked(folder) as place:
        yield place


def is_sweep(folder: Path | str) -> bool:
    """Say whether a folder is that of a sweep."""
    path = Path(folder) / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("study") == "sweep"


def _checked(folder: Path) -> tuple[dict[str, Any], dict[str, Scenario]]:
    """Return manifest and scenarios of a finished record whose files are those that were written."""
    manifest = read_manifest(folder)
    read_runs(folder)
    check_files(folder)
    check_extras(folder)
    check_question(folder / MANIFEST, manifest)
    return manifest, _scenarios(folder, manifest)


def _unchecked_note(folder: Path) -> tuple[str, ...]:
    names = unchecked(folder, read_manifest(folder))
    return (f"the bundle has no checksum of {', '.join(names)}: nobody can tell if changed",) if names else ()


def _verify_record(folder: Path, runner: Runner | None, workers: int | None) -> Verification:
    manifest, scenarios = _checked(folder)
    recorded = read_runs(folder)
    with runner_for(runner, workers) as crew:
        again = ask_again(manifest, scenarios, crew)
    fresh = runs_table(again.runs)
    first = _first_row(recorded, fresh)
    if first is None:
        old = json.loads((folder / RESULT).read_text(encoding="utf-8"))
        first = _first_leaf(old, json.loads(json.dumps(again.as_dict())), "")
    return Verification(manifest["study"], len(recorded), first, version_notes(manifest))


def _scenarios(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Scenario]:
    from sim.scenario import ScenarioError, load

    found = {}
    for argument, birth in manifest["scenarios"].items():
        path = folder / birth["file"]
        try:
            scenario = load(path)
        except ScenarioError as error:
            raise RecordError(f"the record's scenario cannot be read: {error}") from error
        if scenario.hash != birth["hash"]:
            raise RecordError(f"{path} is not the scenario that was recorded (its values have another hash)")
        check_checksum(path, manifest["files"][birth["file"]])  # title, ranges, sources and grades
        found[argument] = scenario
    return found


def _first_row(recorded: Any, fresh: Any) -> Mismatch | None:
    keys = ["label", "replication", "scenario_hash", "seed", "kind", "channel", "name"]
    old = {tuple(row[:-2]): row[-2] for row in recorded.itertuples(index=False, name=None)}
    new = {tuple(row[:-2]): row[-2] for row in fresh.itertuples(index=False, name=None)}
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key) != new.get(key):
            at = dict(zip(keys, key, strict=True))
            name = f"{at['channel']}.{at['name']}" if at["channel"] else at["name"]
            return Mismatch(
                f"{at['label']}, replication {at['replication']}", name, old.get(key), new.get(key)
            )
    return None


def _first_leaf(old: Any, new: Any, place: str) -> Mismatch | None:
    if isinstance(old, dict) and isinstance(new, dict):
        names = [*old, *(name for name in new if name not in old and name not in ADDED_LATER)]
        pairs = [(f"{place}.{name}" if place else str(name), old.get(name), new.get(name)) for name in names]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = [(f"{place}[{index}]", a, b) for index, (a, b) in enumerate(zip(old, new, strict=True))]
    else:
        return None if old == new else Mismatch(RESULT, place, old, new)
    return next((found for name, a, b in pairs if (found := _first_leaf(a, b, name)) is not None), None)


def version_notes(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Say so where the model is no longer the one that was recorded."""
    notes = []
    if manifest.get("sources") != sources_stamp():
        notes.append(
            f"the model has changed since: it was {manifest.get('version')} ({manifest.get('sources')}), "
            f"now it is {sim.__version__} ({sources_stamp()})"
        )
    return tuple(notes)
