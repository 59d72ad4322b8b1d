"""Parts: Parquet files that hold the finished runs, each written once and whole.

A part has one file per table. The file of ``runs`` is written last and names the others with their sizes and
checksums, so a part is either complete or does not count.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.errors import RecordError
from sim.experiment.sweep.blocks import Column, RunRecord, unpack
from sim.experiment.sweep.rows import KEYS, MEANINGS, RUNS

if TYPE_CHECKING:
    import duckdb

# Rows that are turned into a table at a time: enough to be quick, few enough to be small.
_ROWS_AT_ONCE = 200_000
_KINDS = {"number": "DOUBLE", "whole": "BIGINT", "switch": "BOOLEAN", "text": "VARCHAR"}
_MEMORY = "600MB"
_NAME = re.compile(r"(?P<table>[a-z]+)-(?P<shard>\d+of\d+)-(?P<number>\d{5})\.parquet\Z")
_ENTRY = "channelsim"


@dataclass(frozen=True)
class Part:
    """One committed part.

    Attributes
    ----------
    folder
        Where its files are.
    shard
        Label of the shard that wrote it, such as ``1of1``.
    number
        From 1 within the shard.
    siblings
        Size and checksum of its other files by name.
    content
        Hash of the rows of ``runs``.
    """

    folder: Path
    shard: str
    number: int
    siblings: Mapping[str, Mapping[str, Any]]
    content: str = ""

    def path(self, table: str) -> Path:
        """Return the file of a table."""
        return self.folder / f"{table}-{self.shard}-{self.number:05d}.parquet"

    def check(self, *, thoroughly: bool = False) -> None:
        """Check that all files are there and its own, and with ``thoroughly`` that no bit has changed.

        Raises
        ------
        RecordError
            With what to do about it.
        """
        for name, known in self.siblings.items():
            self._check_own(name)
            path = self.folder / name
            if not path.exists():
                raise _damaged(self, path, "is missing")
            if path.stat().st_size != known["bytes"] or (thoroughly and checksum(path) != known["sha256"]):
                raise _damaged(self, path, "is damaged")
        if thoroughly and not self._is_intact():
            raise _damaged(self, self.path(RUNS), "is damaged")

    def _check_own(self, sibling: str) -> None:
        """Refuse a copy under another number: its runs would count twice."""
        written = _NAME.match(sibling)
        if written is None or sibling == self.path(written["table"]).name:
            return
        own = f"{RUNS}-{written['shard']}-{written['number']}.parquet"
        raise RecordError(
            f"{self.path(RUNS)} was written as {own}, whose name it should bear: delete it if it is a copy, "
            "or rename it"
        )

    def _is_intact(self) -> bool:
        path = str(self.path(RUNS)).replace("'", "''")
        try:
            with database() as connection:
                return _content(connection, f"SELECT * FROM read_parquet('{path}')") == self.content
        except RecordError:
            return False


def _damaged(part: Part, path: Path, what: str) -> RecordError:
    pattern = part.path("*")
    return RecordError(
        f"{path} {what}; nothing else is lost: "
        f"delete {pattern}, and --resume simulates the runs of this part again"
    )


@contextmanager
def database(scratch: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open DuckDB with limited memory; its errors come as ours.

    Parameters
    ----------
    scratch
        Folder for what does not fit into memory.

    Raises
    ------
    RecordError
        For a full disk, a damaged file and whatever else it cannot do.
    """
    import duckdb

    try:
        with duckdb.connect() as connection:
            connection.execute(f"SET memory_limit = '{_MEMORY}'")
            connection.execute("SET threads = 1")  # rows keep their order, so equal tables are equal files
            if scratch is not None:
                connection.execute("SET temp_directory = $1", [str(scratch)])
            yield connection
    except duckdb.Error as error:
        words = str(error).strip().splitlines()[0]
        if "No space left" in words:
            words = "there is no space left on the disk"
        raise RecordError(words) from error


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# --- writing --------------------------------------------------------------------------------------


def write_part(folder: Path, shard: str, number: int, tables: Sequence[str], blocks: Iterable[bytes]) -> Part:
    """Write one part; it counts when this returns.

    Parameters
    ----------
    folder
        Folder of the parts.
    shard, number
        Its name.
    tables
        Tables to write besides ``runs``.
    blocks
        Packed runs, in the order in which their rows shall stand.

    Raises
    ------
    RecordError, OSError
        If the disk does not take it; then there is no such part.
    """
    empty = Part(folder, shard, number, {})
    with database(folder) as connection:
        builder = _Builder(connection, tables)
        for block in blocks:
            builder.add(*unpack(block))
        builder.flush()
        siblings = {}
        for table in tables:
            path = empty.path(table)
            copy_whole(connection, f'SELECT * FROM "{table}"', path)
            siblings[path.name] = {"bytes": path.stat().st_size, "sha256": checksum(path)}
        part = Part(folder, shard, number, siblings)
        commit(connection, f'SELECT * FROM "{RUNS}"', part)
    return part


def commit(connection: duckdb.DuckDBPyConnection, query: str, part: Part) -> None:
    """Write the table of runs of a part, whose other files are in their places: now it counts."""
    entry = {"siblings": dict(part.siblings), "content": _content(connection, query)}
    copy_whole(connection, query, part.path(RUNS), entry)


def _content(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """Return a hash of the rows of a query: a file cannot hold its own checksum."""
    rows = connection.execute(f"SELECT * FROM ({query}) ORDER BY point, replication").fetchall()
    return hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()


def copy_whole(
    connection: duckdb.DuckDBPyConnection, query: str, path: Path, entry: Mapping[str, Any] | None = None
) -> None:
    """Write the rows of a query as one Parquet file that is whole or not there."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    options = "FORMAT parquet, COMPRESSION zstd"
    if entry is not None:
        text = json.dumps(entry).replace("'", "''")
        options += f", KV_METADATA {{{_ENTRY}: '{text}'}}"
    place = str(temporary).replace("'", "''")
    try:
        connection.execute(f"COPY ({query}) TO '{place}' ({options})")
        move_durably(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def move_durably(temporary: Path, path: Path) -> None:
    """Move a finished file to its place so that a crash of the machine cannot undo it."""
    _to_disk(temporary)
    temporary.replace(path)
    _to_disk(path.parent)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Builder:
    """Collects the rows of runs and hands them to DuckDB many at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
        self._connection = connection
        self._tables = (RUNS, *tables)
        self._pending: dict[str, list[tuple[RunRecord, Mapping[str, Column]]]] = {
            table: [] for table in self._tables
        }
        self._rows = 0
        for table in self._tables:
            kinds = [f'"{one.name}" {one.kind}' for one in MEANINGS[table] if "*" not in one.name]
            connection.execute(f'CREATE TABLE "{table}" ({", ".join(kinds)})')

    def add(self, record: RunRecord, tables: Mapping[str, Mapping[str, Column]]) -> None:
        """Take the rows of one run."""
        self._pending[RUNS].append((record, {}))
        self._rows += 1
        for table, rows in tables.items():
            self._pending[table].append((record, rows))
            self._rows += next(iter(rows.values())).data.size
        if self._rows >= _ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Hand over what has been collected."""
        import pandas as pd

        for table, pending in self._pending.items():
            if not pending:
                continue
            if table == RUNS:
                names = [field.name for field in fields(RunRecord)]
                frame = pd.DataFrame([astuple(record) for record, _ in pending], columns=names)
            else:
                frame = _frame(pending)
            self._widen(table, frame, pending[0][1])
            self._connection.register("incoming", frame)
            columns = ", ".join(_selected(name, pending[0][1]) for name in frame.columns)
            self._connection.execute(f'INSERT INTO "{table}" BY NAME SELECT {columns} FROM incoming')
            self._connection.unregister("incoming")
            pending.clear()
        self._rows = 0

    def _widen(self, table: str, frame: Any, rows: Mapping[str, Column]) -> None:
        """Add the columns that this model's rows have beyond the fixed ones."""
        info = self._connection.execute(f"PRAGMA table_info('{table}')").fetchall()
        known = {str(row[1]) for row in info}
        for name in frame.columns:
            if name not in known:
                kind = _KINDS[rows[name].kind]
                self._connection.execute(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {kind}')


def _selected(name: str, rows: Mapping[str, Column]) -> str:
    """Return a column of a query; a number that is not one is nothing."""
    if name in rows and rows[name].kind == "number":
        return f'CASE WHEN isnan("{name}") THEN NULL ELSE "{name}" END AS "{name}"'
    return f'"{name}"'


def _frame(pending: Sequence[tuple[RunRecord, Mapping[str, Column]]]) -> Any:
    """Return the rows of several runs as one table; texts stay codes into one list of words."""
    import pandas as pd

    sizes = [next(iter(rows.values())).data.size for _, rows in pending]
    columns: dict[str, Any] = {}
    for key in KEYS:
        values = [getattr(record, key) for record, _ in pending]
        if isinstance(values[0], str):
            columns[key] = _categorical(np.repeat(np.arange(len(values)), sizes), values)
        else:
            columns[key] = np.repeat(np.array(values, dtype=np.int64), sizes)
    for name, first in pending[0][1].items():
        parts = [rows[name] for _, rows in pending]
        if first.kind != "text":
            columns[name] = np.concatenate([part.data for part in parts])
            continue
        words: dict[str, int] = {}
        codes = []
        for part in parts:
            places = np.array([words.setdefault(word, len(words)) for word in part.words] + [-1], dtype="<i4")
            codes.append(places[part.data])  # a code of -1 finds the last place, which is nothing
        columns[name] = pd.Categorical.from_codes(np.concatenate(codes), list(words))
    return pd.DataFrame(columns)


def _categorical(codes: np.ndarray, values: Sequence[str]) -> Any:
    import pandas as pd

    words: dict[str, int] = {}
    places = np.array([words.setdefault(value, len(words)) for value in values], dtype=np.int64)
    return pd.Categorical.from_codes(places[codes], list(words))


# --- reading --------------------------------------------------------------------------------------


def parts_in(folder: Path, shard: str | None = None) -> list[Part]:
    """Return the committed parts of a folder, in the order of their names.

    Parameters
    ----------
    folder
        Folder of the parts.
    shard
        Only those of one shard.

    Raises
    ------
    RecordError
        If one of them cannot be read.
    """
    found = []
    with database() as connection:
        for path in sorted(folder.glob(f"{RUNS}-*.parquet")):
            name = _NAME.match(path.name)
            if name is None or (shard is not None and name["shard"] != shard):
                continue
            found.append(_read(connection, Part(folder, name["shard"], int(name["number"]), {})))
    return found


def _read(connection: duckdb.DuckDBPyConnection, part: Part) -> Part:
    import duckdb

    try:
        rows = connection.execute(
            "SELECT decode(value) FROM parquet_kv_metadata($1) WHERE decode(key) = $2",
            [str(part.path(RUNS)), _ENTRY],
        ).fetchall()
        entry = json.loads(rows[0][0])
        return replace(part, siblings=entry["siblings"], content=entry["content"])
    except (duckdb.Error, LookupError, ValueError) as error:
        raise _damaged(part, part.path(RUNS), "is damaged") from error


def remove_leftovers(folder: Path, shard: str | None = None) -> None:
    """Remove what a crash has left: half-written files, and tables of parts that were never committed."""
    for path in folder.glob(".*.tmp"):
        name = _NAME.match(path.name.lstrip(".").rpartition(".parquet")[0] + ".parquet")
        if shard is None or (name is not None and name["shard"] == shard):
            path.unlink(missing_ok=True)
    for path in folder.glob("*.parquet"):
        name = _NAME.match(path.name)
        if name is None or name["table"] == RUNS or (shard is not None and name["shard"] != shard):
            continue
        if not (folder / f"{RUNS}-{name['shard']}-{name['number']}.parquet").exists():
            path.unlink(missing_ok=True)
