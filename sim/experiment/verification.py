"""Doing a recorded study again and comparing it digit by digit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sim
from sim.experiment.cache import sources_stamp
from sim.experiment.comparison import compare
from sim.experiment.errors import RecordError
from sim.experiment.facts import check_facts
from sim.experiment.record import RESULT, read_manifest, read_runs, runs_table
from sim.experiment.replication import replicate
from sim.experiment.runner import Runner
from sim.experiment.scale_question import arguments_of
from sim.experiment.scaling import scale
from sim.experiment.study import runner_for

if TYPE_CHECKING:
    from sim.scenario import Scenario


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
    """

    study: str
    compared: int
    first: Mismatch | None
    notes: tuple[str, ...]

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
        }


def verify(folder: Path | str, *, runner: Runner | None = None, workers: int | None = None) -> Verification:
    """Do a recorded study again from its own scenarios and seeds and compare every figure.

    Parameters
    ----------
    folder
        Folder of the record.
    runner, workers
        Who simulates; without a cache, or nothing would be done again.

    Raises
    ------
    RecordError
        If the folder holds no finished record or its files have been changed.
    """
    manifest = read_manifest(folder)
    recorded = read_runs(folder)
    scenarios = _scenarios(Path(folder), manifest)
    with runner_for(runner, workers) as crew:
        again = _redo(manifest, scenarios, crew)
    fresh = runs_table(again.runs)
    first = _first_row(recorded, fresh)
    if first is None:
        old = json.loads((Path(folder) / RESULT).read_text(encoding="utf-8"))
        first = _first_leaf(old, json.loads(json.dumps(again.as_dict())), "")
    return Verification(manifest["study"], len(recorded), first, _notes(manifest))


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
        found[argument] = scenario
    return found


def _redo(manifest: Mapping[str, Any], scenarios: Mapping[str, Scenario], crew: Runner) -> Any:
    study, arguments = manifest["study"], manifest["arguments"]
    if study == "replicate":
        return replicate(scenarios["scenario"], runner=crew, **arguments)
    if study == "compare":
        return compare(scenarios["a"], scenarios["b"], runner=crew, **arguments)
    if study == "scale":
        return scale(scenarios["scenario"], runner=crew, **arguments_of(arguments, scenarios))
    if study == "facts":
        return check_facts(scenarios=scenarios, runner=crew, **arguments)
    raise RecordError(f"the record is of an unknown study '{study}'")


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
        names = [*old, *(name for name in new if name not in old)]
        pairs = [(f"{place}.{name}" if place else str(name), old.get(name), new.get(name)) for name in names]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = [(f"{place}[{index}]", a, b) for index, (a, b) in enumerate(zip(old, new, strict=True))]
    else:
        return None if old == new else Mismatch(RESULT, place, old, new)
    return next((found for name, a, b in pairs if (found := _first_leaf(a, b, name)) is not None), None)


def _notes(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    notes = []
    if manifest.get("sources") != sources_stamp():
        notes.append(
            f"the model has changed since: it was {manifest.get('version')} ({manifest.get('sources')}), "
            f"now it is {sim.__version__} ({sources_stamp()})"
        )
    return tuple(notes)
