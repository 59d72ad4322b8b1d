"""The record of a study: a folder from which every number can be traced and made again.

The manifest is written before the first run, the tables after the last, each of them whole or not at all.

- ``manifest.json``: study, arguments, seeds, versions, platform, status, checksums, meaning of columns
- ``<argument>/<scenario>.yaml``: each scenario with all values resolved
- ``result.json``: what the command prints with ``--json``
- ``runs.parquet``: one row per run and figure
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sim
from sim.experiment.cache import sources_stamp
from sim.experiment.errors import RecordError
from sim.experiment.files import as_json, write_whole
from sim.experiment.manifests import BIRTH, Kinds, check_inside, check_keys, check_kind
from sim.experiment.metrics import unit_of
from sim.experiment.study import LabelledRun, Recipe

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
MANIFEST = "manifest.json"
RESULT = "result.json"
RUNS = "runs.parquet"
KEYS: Kinds = {
    "status": str,
    "study": str,
    "arguments": dict,
    "scenarios": dict,
    "version": str,
    "sources": str,
    "files": dict,
}
"""What a manifest has to hold for its study to be done again."""
PACKAGES = ("simpy", "numpy", "scipy", "pandas", "numba", "pydantic")
COLUMNS: Mapping[str, str] = {
    "label": "Part of the study the run belongs to.",
    "replication": "Number of the replication, from zero; equal numbers met the same luck.",
    "scenario_hash": "Name of the resolved scenario.",
    "seed": "Seed of the run.",
    "kind": "kpi, account (yuan; expenses positive, income negative) or orders.",
    "channel": "Channel of an account or of orders; empty for the whole brand.",
    "name": "KPI or account.",
    "value": "Its value.",
    "unit": "Unit of the value.",
}


@dataclass
class Record:
    """A record that is being written; without a folder it keeps nothing."""

    folder: Path | None
    manifest: dict[str, Any]

    def keep(self, table: str, rows: pd.DataFrame) -> None:
        """Write a further table of the study, as ``<table>.csv`` and ``<table>.parquet``.

        Raises
        ------
        RecordError
            If the folder cannot be written.
        """
        if self.folder is None:
            return
        try:
            write_whole(self.folder / f"{table}.csv", rows.to_csv(index=False, lineterminator="\n").encode())
            write_parquet(self.folder / f"{table}.parquet", rows)
            for name in (f"{table}.csv", f"{table}.parquet"):
                self.manifest["files"][name] = _checksum(self.folder / name)
        except OSError as error:
            raise RecordError(
                f"cannot write the record in {self.folder}: {error.strerror or error}"
            ) from error

    def finish(self, result: Mapping[str, Any], runs: Sequence[LabelledRun]) -> None:
        """Write the tables and mark the record as finished.

        Raises
        ------
        RecordError
            If the folder cannot be written.
        """
        if self.folder is None:
            return
        try:
            write_whole(self.folder / RESULT, as_json(result).encode())
            write_runs(self.folder / RUNS, runs)
            for name in (RESULT, RUNS):
                self.manifest["files"][name] = _checksum(self.folder / name)
            self.manifest["status"] = "finished"
            self.manifest["runs"] = len(runs)
            write_whole(self.folder / MANIFEST, as_json(self.manifest).encode())
        except OSError as error:
            raise RecordError(
                f"cannot write the record in {self.folder}: {error.strerror or error}"
            ) from error


@contextmanager
def recording(out: Path | str | None, recipe: Recipe) -> Iterator[Record]:
    """Open a record: the manifest and the scenarios are on disk before anything runs.

    Parameters
    ----------
    out
        Folder, made if need be; None keeps no record.
    recipe
        What is going to be done.

    Raises
    ------
    RecordError
        If the folder holds the record of something else or cannot be written.
    """
    if out is None:
        yield Record(None, {})
        return
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        manifest = _manifest(recipe)
        _refuse_another(folder, manifest)
        for argument, scenario in recipe.scenarios.items():
            path = folder / manifest["scenarios"][argument]["file"]
            path.parent.mkdir(exist_ok=True)
            write_whole(path, scenario.to_yaml().encode())
            manifest["files"][manifest["scenarios"][argument]["file"]] = _checksum(path)
        write_whole(folder / MANIFEST, as_json(manifest).encode())
    except OSError as error:
        raise RecordError(f"cannot write a record in {folder}: {error.strerror or error}") from error
    yield Record(folder, manifest)


def _manifest(recipe: Recipe) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "status": "started",
        "study": recipe.study,
        "arguments": dict(recipe.arguments),
        "scenarios": {
            argument: {
                "name": scenario.name,
                "hash": scenario.hash,
                "file": f"{argument}/{_file_name(scenario.name)}.yaml",
            }
            for argument, scenario in recipe.scenarios.items()
        },
        "version": sim.__version__,
        "sources": sources_stamp(),
        "commit": source_commit(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "columns": dict(COLUMNS),
        "files": {},
    }


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", name).strip(".") or "scenario"


def source_commit() -> dict[str, Any] | None:
    """Return commit and cleanliness of the source tree; None outside one."""
    root = Path(__file__).resolve().parents[2]

    def ask(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(root), *words], capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        return {"id": ask("rev-parse", "HEAD"), "clean": ask("status", "--porcelain", "--", "sim") == ""}
    except (OSError, subprocess.CalledProcessError):
        return None


def _refuse_another(folder: Path, manifest: Mapping[str, Any]) -> None:
    if not (folder / MANIFEST).exists():
        return
    old = read_manifest(folder)
    same = all(old.get(key) == manifest[key] for key in ("study", "arguments", "scenarios"))
    if not same:
        raise RecordError(
            f"{folder} already holds the record of another study ({old.get('study')}); choose another folder"
        )


def read_manifest(folder: Path | str) -> dict[str, Any]:
    """Return the manifest of a record.

    Raises
    ------
    RecordError
        If there is none, it cannot be read, or lacks what a record has to have.
    """
    path = Path(folder) / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecordError(f"{folder} holds no {MANIFEST}, so it is not the record of a study") from None
    except (OSError, ValueError) as error:
        raise RecordError(f"cannot read {path}: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise RecordError(f"{path} has format {found}, not {FORMAT}")
    _check_manifest(path, manifest)
    return manifest


def _check_manifest(path: Path, manifest: Mapping[str, Any]) -> None:
    check_keys(path, manifest, KEYS)
    for argument, birth in manifest["scenarios"].items():
        check_kind(path, birth, dict, f"scenarios.{argument}")
        check_keys(path, birth, BIRTH, f"scenarios.{argument}")
        check_inside(path, birth["file"])
    for name, checksum in manifest["files"].items():
        check_kind(path, checksum, str, f"files.{name}")
        check_inside(path, name)
    expected = [birth["file"] for birth in manifest["scenarios"].values()]
    for name in [*expected, *((RESULT, RUNS) if manifest["status"] == "finished" else ())]:
        if name not in manifest["files"]:
            raise RecordError(f"{path} is damaged: it has no checksum of {name}")


def _checksum(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise RecordError(f"cannot read {path}: {error.strerror or error}") from error


def runs_table(runs: Sequence[LabelledRun]) -> pd.DataFrame:
    """Return every figure of every run, one row each, with the columns of :data:`COLUMNS`."""
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for run in runs:
        summary = run.summary
        birth = (run.label, run.replication, summary.scenario_hash, summary.seed)
        rows += [(*birth, "kpi", "", name, value, unit_of(name)) for name, value in summary.kpis.items()]
        rows += [(*birth, "account", "", name, value, "yuan") for name, value in summary.accounts.items()]
        for channel, accounts in summary.accounts_by_channel.items():
            rows += [(*birth, "account", channel, name, value, "yuan") for name, value in accounts.items()]
        rows += [
            (*birth, "orders", name, "orders", value, "orders")
            for name, value in summary.orders_by_channel.items()
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def write_runs(path: Path, runs: Sequence[LabelledRun]) -> None:
    """Write the table of runs as one Parquet file."""
    write_parquet(path, runs_table(runs))


def write_parquet(path: Path, table: pd.DataFrame) -> None:
    """Write a table as one Parquet file that is whole or not there."""
    import duckdb

    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        part = Path(folder) / path.name
        with duckdb.connect() as connection:
            connection.register("rows_to_write", table)
            connection.sql("SELECT * FROM rows_to_write").write_parquet(str(part))
        part.replace(path)


def check_files(folder: Path | str) -> None:
    """Hold every file of a record that is no scenario against its checksum.

    Scenarios come after they were loaded, with :func:`check_checksum`: a changed value has words of its own.

    Raises
    ------
    RecordError
        If one is missing or not the one that was written.
    """
    manifest = read_manifest(folder)
    scenarios = {birth["file"] for birth in manifest["scenarios"].values()}
    for name, checksum in manifest["files"].items():
        if name not in scenarios:
            check_checksum(Path(folder) / name, checksum)


def check_checksum(path: Path, checksum: str) -> None:
    """Hold one file of a record or a bundle against its checksum.

    Raises
    ------
    RecordError
        If it is missing or not the one that was written.
    """
    if not path.is_file():
        raise RecordError(f"{path} is missing, though the record has it")
    if _checksum(path) != checksum:
        raise RecordError(f"{path} has changed since it was written")


def read_runs(folder: Path | str) -> pd.DataFrame:
    """Return the table of runs of a finished record.

    Raises
    ------
    RecordError
        If the table is missing, damaged or not the one that was written.
    """
    import duckdb

    path = Path(folder) / RUNS
    manifest = read_manifest(folder)
    if manifest.get("status") != "finished" or not path.exists():
        raise RecordError(f"the record in {folder} was never finished")
    if manifest["files"].get(RUNS) != _checksum(path):
        raise RecordError(f"{path} has changed since it was written")
    with duckdb.connect() as connection:
        return connection.read_parquet(str(path)).df()
