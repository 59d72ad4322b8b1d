"""Joining shards, and making one sorted file per table of many parts."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import RecordError
from sim.experiment.files import as_json, write_whole
from sim.experiment.record import MANIFEST
from sim.experiment.sweep.lock import FolderLock
from sim.experiment.sweep.manifest import DESIGN, DICTIONARY, SCENARIO, read_manifest, refuse_another
from sim.experiment.sweep.parts import Part, checksum, commit, copy_whole, database, parts_in
from sim.experiment.sweep.result import Swept, open_sweep
from sim.experiment.sweep.rows import RUNS
from sim.experiment.sweep.shard import WHOLE
from sim.experiment.sweep.store import PARTS, disk_error

if TYPE_CHECKING:
    import duckdb


def merge(folders: Sequence[Path | str], out: Path | str, *, csv: bool = False) -> Swept:
    """Join the folders of shards into one; a single folder becomes one sorted file per table.

    A merged folder is the folder of a sweep like any other. Equal runs give equal files, byte for byte.

    Parameters
    ----------
    folders
        Folders of one sweep; a run that is in several is taken once, and a good one rather than a failed one.
    out
        Another folder, for all of it.
    csv
        Also write every table as CSV, beside the parts.

    Raises
    ------
    RecordError
        If the folders are of different sweeps, runs are missing or contradict each other, a part is damaged,
        or ``out`` already holds something.
    """
    sources = [Path(folder) for folder in folders]
    if not sources:
        raise RecordError("name at least one folder to merge")
    target = Path(out)
    manifests = [read_manifest(folder) for folder in sources]
    for folder, manifest in zip(sources[1:], manifests[1:], strict=True):
        refuse_another(folder, manifest, manifests[0])
    if (target / MANIFEST).exists():
        raise RecordError(f"{target} already holds a study; choose another folder for what is merged")
    parts = {index: _checked_parts(folder) for index, folder in enumerate(sources)}
    try:
        target.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(target, WHOLE)
        try:
            (target / PARTS).mkdir(exist_ok=True)
            with database(target) as connection:
                _accept(connection, parts, manifests[0], sources)
                _write(connection, parts, manifests[0]["tables"], target, csv=csv)
            for name in (DESIGN, DICTIONARY, SCENARIO):
                shutil.copyfile(sources[0] / name, target / name)
            merged = {**manifests[0], "merged": len(sources)}
            write_whole(target / MANIFEST, as_json(merged).encode())
        finally:
            lock.release()
    except OSError as error:
        raise disk_error(target, error, kept=False) from error
    return open_sweep(target)


def _checked_parts(folder: Path) -> list[Part]:
    parts = parts_in(folder / PARTS)
    for part in parts:
        part.check(thoroughly=True)
    return parts


def _accept(
    connection: duckdb.DuckDBPyConnection,
    parts: Mapping[int, Sequence[Part]],
    manifest: Mapping[str, Any],
    sources: Sequence[Path],
) -> None:
    """Choose the folder that each run is taken from, as the table ``accepted``."""
    connection.execute(
        "CREATE TABLE found "
        "(folder INTEGER, point INTEGER, replication INTEGER, run_id VARCHAR, status VARCHAR)"
    )
    for index, ours in parts.items():
        if ours:
            query = "INSERT INTO found SELECT $1, point, replication, run_id, status FROM read_parquet($2)"
            connection.execute(query, [index, [str(part.path(RUNS)) for part in ours]])
    clash = connection.execute(
        "SELECT point, replication FROM found WHERE status = 'done' GROUP BY point, replication "
        "HAVING count(DISTINCT run_id) > 1 ORDER BY ALL LIMIT 1"
    ).fetchone()
    if clash is not None:
        raise RecordError(f"point {clash[0]}, replication {clash[1]} is not the same run in all folders")
    connection.execute(
        "CREATE TABLE accepted AS SELECT point, replication, first(folder ORDER BY status, folder) AS folder "
        "FROM found GROUP BY point, replication"
    )
    (there,) = connection.execute("SELECT count(*) FROM accepted").fetchone() or (0,)
    design = str(sources[0] / DESIGN)
    (points,) = connection.execute("SELECT count(*) FROM read_parquet($1)", [design]).fetchone() or (0,)
    wanted = int(points) * int(manifest["replications"])
    if there < wanted:
        raise RecordError(
            f"{wanted - there:,} of {wanted:,} runs are in none of the folders; "
            "--resume the shards that are not finished, then merge"
        )


def _write(
    connection: duckdb.DuckDBPyConnection,
    parts: Mapping[int, Sequence[Part]],
    tables: Sequence[str],
    target: Path,
    *,
    csv: bool,
) -> None:
    """Write one file per table, sorted by run; within a run, rows stay as they were."""
    merged = Part(target / PARTS, WHOLE.label, 1, {})
    siblings: dict[str, dict[str, Any]] = {}
    for table in [name for name in tables if name != RUNS] + [RUNS]:
        query = _joined(parts, table)
        path = merged.path(table)
        if table == RUNS:
            commit(connection, query, replace(merged, siblings=siblings))
        else:
            copy_whole(connection, query, path)
            siblings[path.name] = {"bytes": path.stat().st_size, "sha256": checksum(path)}
        if csv:
            name = str(target / f"{table}.csv").replace("'", "''")
            connection.execute(f"COPY ({query}) TO '{name}' (FORMAT csv, HEADER)")


def _joined(parts: Mapping[int, Sequence[Part]], table: str) -> str:
    """Return a query for the accepted rows of one table."""
    pieces = []
    for index, ours in parts.items():
        if ours:
            paths = ", ".join("'" + str(part.path(table)).replace("'", "''") + "'" for part in ours)
            pieces.append(
                f"SELECT t.* FROM read_parquet([{paths}], union_by_name = true, file_row_number = true) AS t "
                f"SEMI JOIN (FROM accepted WHERE folder = {index}) AS a USING (point, replication)"
            )
    rows = " UNION ALL BY NAME ".join(pieces)
    return f"SELECT * EXCLUDE (file_row_number) FROM ({rows}) ORDER BY point, replication, file_row_number"
