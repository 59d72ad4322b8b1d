"""The birth certificate of a sweep: written before its first run, the same for all sessions and shards."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sim
from sim.experiment.cache import sources_stamp
from sim.experiment.errors import RecordError
from sim.experiment.files import as_json, write_whole
from sim.experiment.manifests import BIRTH, Kinds, check_inside, check_keys, check_kind
from sim.experiment.record import MANIFEST, PACKAGES, source_commit
from sim.experiment.seeds import replication_seeds
from sim.experiment.sweep.design import Point, hash_of
from sim.experiment.sweep.parts import copy_whole, database
from sim.experiment.sweep.plan import Plan
from sim.experiment.sweep.rows import MEANINGS, RUNS
from sim.kpi import KPIS
from sim.money.accounts import CHART

if TYPE_CHECKING:
    from sim.scenario import Scenario

FORMAT = 1
STUDY = "sweep"
SCENARIO = "scenario.yaml"
DESIGN = "design.parquet"
DICTIONARY = "dictionary.json"
KEYS: Kinds = {
    "plan": dict,
    "scenario": dict,
    "design": dict,
    "parameters": list,
    "most_points": int,
    "replications": int,
    "seed": int,
    "seeds": list,
    "tables": list,
    "version": str,
    "sources": str,
}
"""What a manifest has to hold for its sweep to be read and gone on with."""
# What has to be equal for two sessions to belong to one sweep.
_SAME = ("plan", "scenario", "design", "sources")


def manifest_of(plan: Plan, scenario: Scenario, points: Sequence[Point]) -> dict[str, Any]:
    """Return the manifest of a sweep.

    Parameters
    ----------
    plan
        What was asked for.
    scenario
        Its scenario, resolved.
    points
        Its points; of an adaptive design, those of the first batch.
    """
    written = plan.as_dict()
    table = written["design"].get("table")
    if table is not None and table.get("file") is not None:
        table.pop("rows", None)  # they are in the design
    adaptive = plan.design.adaptive
    most = len(points) if adaptive is None else adaptive.max_points
    return {
        "format": FORMAT,
        "study": STUDY,
        "plan": written,
        "scenario": {"name": scenario.name, "hash": scenario.hash, "file": SCENARIO},
        "design": {"method": plan.design.method, "hash": hash_of(points), "file": DESIGN},
        "parameters": list(dict.fromkeys(path for point in points for path, _ in point.values)),
        "most_points": most,
        "replications": plan.replications,
        "seed": plan.seed,
        "seeds": list(replication_seeds(plan.seed, plan.replications)),
        "tables": [RUNS, *plan.tables],
        "schema_version": scenario.schema_version,
        "version": sim.__version__,
        "sources": sources_stamp(),
        "commit": source_commit(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: importlib.metadata.version(name) for name in (*PACKAGES, "duckdb")},
        "dictionary": DICTIONARY,
        # The hash of the scenario is that of its values; this is of its text, with ranges and sources too.
        "files": {SCENARIO: hashlib.sha256(scenario.to_yaml().encode()).hexdigest()},
    }


def refuse_another(folder: Path, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Refuse to go on with a sweep that is another one.

    Raises
    ------
    RecordError
        Naming what differs.
    """
    differing = [key for key in _SAME if found.get(key) != wanted[key]]
    if not differing:
        return
    if differing == ["sources"]:
        raise RecordError(
            f"the model has changed since the sweep in {folder} began "
            f"({found.get('version')}, {found.get('sources')}); its runs would not go together. "
            "Choose another folder"
        )
    raise RecordError(
        f"{folder} holds another sweep: it has another {' and '.join(differing)}; choose another folder"
    )


def read_manifest(folder: Path | str) -> dict[str, Any]:
    """Return the manifest of a sweep.

    Raises
    ------
    RecordError
        If there is none, it cannot be read, is of another format or study, or lacks what a sweep has to have.
    """
    path = Path(folder) / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise RecordError(f"{folder} holds no {MANIFEST}, so it is not the folder of a sweep") from None
    except (OSError, ValueError) as error:
        raise RecordError(f"cannot read {path}: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("study") != STUDY:
        found = manifest.get("study") if isinstance(manifest, dict) else None
        raise RecordError(f"{path} is of another study ({found}), not of a sweep")
    if manifest.get("format") != FORMAT:
        raise RecordError(
            f"{path} has format {manifest.get('format')}; this version reads and writes {FORMAT}. "
            f"Use channelsim {manifest.get('version', 'of that time')}, or sweep anew into another folder"
        )
    _check_manifest(path, manifest)
    return manifest


def _check_manifest(path: Path, manifest: Mapping[str, Any]) -> None:
    check_keys(path, manifest, KEYS)
    check_keys(path, manifest["scenario"], BIRTH, "scenario")
    check_inside(path, manifest["scenario"]["file"])
    check_keys(path, manifest["design"], {"method": str, "hash": str, "file": str}, "design")
    for name, kind in (("parameters", str), ("tables", str), ("seeds", int)):
        for index, value in enumerate(manifest[name]):
            check_kind(path, value, kind, f"{name}.{index}")
    check_kind(path, manifest.get("files", {}), dict, "files")


def write_description(folder: Path, manifest: Mapping[str, Any], scenario: Scenario) -> None:
    """Write scenario, data dictionary and, last, the manifest: all that is there before the first run."""
    write_whole(folder / SCENARIO, scenario.to_yaml().encode())
    write_whole(folder / DICTIONARY, as_json(dictionary(manifest["tables"], manifest["parameters"])).encode())
    write_whole(folder / MANIFEST, as_json(manifest).encode())


def dictionary(tables: Sequence[str], parameters: Sequence[str]) -> dict[str, Any]:
    """Return what every column, figure, account and parameter means, with units."""
    from sim.scenario.fields import spec_of

    return {
        "tables": {table: [asdict(meaning) for meaning in MEANINGS[table]] for table in tables},
        "parameters": [
            {"path": path, "unit": spec_of(path).unit, "text": spec_of(path).description}
            for path in parameters
        ],
        "kpis": [
            {"kpi": kpi.name, "unit": kpi.unit, "text": kpi.description, "better": kpi.better}
            for kpi in KPIS.values()
        ],
        "accounts": [
            {"account": one.name, "kind": one.kind, "group": one.group, "text": one.description}
            for one in (CHART.values() if "ledger" in tables else ())
        ],
    }


# --- the design on disk ---------------------------------------------------------------------------


def write_design(folder: Path, parameters: Sequence[str], points: Sequence[Point]) -> None:
    """Write the points: number, batch and one column per parameter; nothing where a point leaves it alone."""
    import pandas as pd

    frame: dict[str, Any] = {
        "point": pd.array([point.number for point in points], dtype="Int32"),
        "batch": pd.array([point.batch for point in points], dtype="Int32"),
    }
    rows = [dict(point.values) for point in points]
    for path in parameters:
        frame[path] = _column([row.get(path, _ABSENT) for row in rows])
    with database() as connection:
        connection.register("design", pd.DataFrame(frame))
        copy_whole(connection, "SELECT * FROM design", folder / DESIGN, {"hash": hash_of(points)})


_ABSENT = object()


def _column(values: list[Any]) -> Any:
    """Return values with one type: switches, whole numbers, numbers, or texts as the plan writes them."""
    import pandas as pd

    given = [value for value in values if value is not _ABSENT]
    if given and all(isinstance(value, bool) for value in given):
        kind = "boolean"
    elif given and all(isinstance(value, int) and not isinstance(value, bool) for value in given):
        kind = "Int64"
    elif given and all(isinstance(value, int | float) and not isinstance(value, bool) for value in given):
        kind = "Float64"
    else:
        texts = [
            value if isinstance(value, str) or value is _ABSENT else json.dumps(value) for value in values
        ]
        return pd.Series([None if text is _ABSENT else text for text in texts], dtype="string")
    return pd.array([pd.NA if value is _ABSENT else value for value in values], dtype=kind)


def read_points(folder: Path, parameters: Sequence[str]) -> tuple[Point, ...]:
    """Return the points of an adaptive design as far as it has come."""
    columns = ", ".join(f'"{name}"' for name in ("point", "batch", *parameters))
    with database() as connection:
        query = f"SELECT {columns} FROM read_parquet($1) ORDER BY point"
        rows = connection.execute(query, [str(folder / DESIGN)]).fetchall()
    return tuple(Point(row[0], tuple(zip(parameters, row[2:], strict=True)), row[1]) for row in rows)
