"""Where the runs of a sweep are kept while it is at work: the journal first, then parts."""

from __future__ import annotations

import errno
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from sim.experiment.errors import RecordError
from sim.experiment.sweep.blocks import DONE, FAILED, record_of, unpack
from sim.experiment.sweep.journal import Journal
from sim.experiment.sweep.lock import FolderLock
from sim.experiment.sweep.parts import (
    Part,
    commit,
    database,
    parts_in,
    remove_leftovers,
    write_part,
)
from sim.experiment.sweep.rows import RUNS
from sim.experiment.sweep.shard import Shard

PARTS = "parts"
# A part is written when the journal holds this much, which is a few hundred thousand rows, ...
_PART_BYTES = 24_000_000
_PART_RUNS = 5_000
# ... or after this long, so that others can look at a slow sweep; ever more rarely, so that files stay few.
_PART_SECONDS = 600.0
_PART_SHARE = 0.1

Place = tuple[int, int]


class Store:
    """The folder of one sweep, held by this process for one shard.

    Parameters
    ----------
    folder
        The sweep's folder; it is there.
    shard
        Which runs are ours.
    tables
        Tables that are kept besides ``runs``.
    lock
        What holds the folder; the store lets it go.

    Raises
    ------
    RecordError
        If a part is damaged.
    OSError
        If the disk refuses.
    """

    def __init__(self, folder: Path, shard: Shard, tables: Sequence[str], lock: FolderLock) -> None:
        self.folder = folder
        self.shard = shard
        self.tables = tuple(tables)
        self._parts = folder / PARTS
        self._began = self._written = time.monotonic()
        self._lock = lock
        self._parts.mkdir(exist_ok=True)
        remove_leftovers(self._parts, None if shard.is_whole else shard.label)
        parts = parts_in(self._parts)
        for part in parts:
            part.check(thoroughly=shard.is_whole or part.shard == shard.label)
        self._number = max((part.number for part in parts if part.shard == shard.label), default=0)
        self._ended = statuses(parts)
        self._journal = Journal(folder / f".journal-{shard.label}")
        kept = self._journal.places
        if kept and kept <= self._ended.keys():  # written into a part just before a crash
            self._journal.clear()
        failed = self._journal.failed
        self._ended |= {place: FAILED if place in failed else DONE for place in self._journal.places}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def ended(self) -> Mapping[Place, str]:
        """Status of every run that has ended, by point and replication."""
        return self._ended

    def add(self, blocks: Sequence[bytes]) -> int:
        """Keep packed runs, each once; return how many of them failed.

        Raises
        ------
        RecordError
            If the disk does not take them; what was kept before stays.
        """
        fresh: dict[Place, bytes] = {}
        failed = 0
        for block in blocks:
            record = record_of(block)
            if record.place in self._ended or record.place in fresh:
                continue  # a lost worker's run, which came after all
            fresh[record.place] = block
            failed += record.status == FAILED
        try:
            self._journal.append(list(fresh.values()))
        except OSError as error:
            raise disk_error(self.folder, error) from error
        self._ended |= {place: record_of(block).status for place, block in fresh.items()}
        if self._is_due():
            self.flush()
        return failed

    def _is_due(self) -> bool:
        now = time.monotonic()
        if self._journal.size >= _PART_BYTES or len(self._journal.places) >= _PART_RUNS:
            return True
        return now - self._written > max(_PART_SECONDS, _PART_SHARE * (now - self._began))

    def flush(self) -> None:
        """Write what the journal holds as a part.

        Raises
        ------
        RecordError
            If the disk does not take it; the journal keeps it then.
        """
        if not self._journal.places:
            return
        self._number += 1
        try:
            write_part(self._parts, self.shard.label, self._number, self.tables, self._journal.blocks())
            self._journal.clear()
        except OSError as error:
            raise disk_error(self.folder, error) from error
        except RecordError as error:
            raise RecordError(f"cannot write in {self.folder}: {error}; {_KEPT}") from error
        self._written = time.monotonic()

    def forget_failed(self) -> int:
        """Take failed runs out, so that they are simulated again; return how many there were."""
        self.flush()
        failed = [place for place, status in self._ended.items() if status == FAILED]
        parts = parts_in(self._parts, None if self.shard.is_whole else self.shard.label)
        for part in parts:
            with database() as connection:
                query = "SELECT count(*) FROM read_parquet($1) WHERE status = $2"
                (count,) = connection.execute(query, [str(part.path(RUNS)), FAILED]).fetchone() or (0,)
                if count:
                    path = str(part.path(RUNS)).replace("'", "''")
                    kept = f"SELECT * FROM read_parquet('{path}') WHERE status <> '{FAILED}'"
                    commit(connection, kept, part)
        self._ended = {place: status for place, status in self._ended.items() if status != FAILED}
        return len(failed)

    def figures(self, kpi: str) -> dict[Place, float]:
        """Return one KPI of every run that has it, by point and replication."""
        found: dict[Place, float] = {}
        paths = [str(part.path("kpis")) for part in parts_in(self._parts)]
        if paths:
            with database() as connection:
                query = "SELECT point, replication, value FROM read_parquet($1) WHERE kpi = $2"
                rows = connection.execute(query, [paths, kpi]).fetchall()
            found = {(point, replication): value for point, replication, value in rows}
        for block in self._journal.blocks():
            record, tables = unpack(block)
            if "kpis" in tables:
                names, values = tables["kpis"]["kpi"], tables["kpis"]["value"]
                for code, value in zip(names.data.tolist(), values.data.tolist(), strict=True):
                    if names.words[code] == kpi:
                        found[record.place] = value
        return found

    def close(self) -> None:
        """Let the folder go; what is in the journal stays there."""
        self._journal.close()
        self._lock.release()


_KEPT = "every finished run is kept, and --resume goes on from there"


def disk_error(folder: Path, error: OSError, *, kept: bool = True) -> RecordError:
    """Return an error of the disk in words, and that nothing is lost where there is something to lose."""
    full = error.errno == errno.ENOSPC
    reason = "there is no space left on the disk" if full else (error.strerror or str(error)).lower()
    return RecordError(f"cannot write in {folder}: {reason}{'; ' + _KEPT if kept else ''}")


def statuses(parts: Sequence[Part]) -> dict[Place, str]:
    """Return the status of every run in some parts, by point and replication."""
    found: dict[Place, str] = {}
    with database() as connection:
        for part in parts:
            query = "SELECT point, replication, status FROM read_parquet($1)"
            rows = connection.execute(query, [str(part.path(RUNS))]).fetchall()
            found |= {(point, replication): status for point, replication, status in rows}
    return found
