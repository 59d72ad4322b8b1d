"""Looking at a sweep while another process is at work in it: nothing is written, locked or cut off."""

from __future__ import annotations

import json
import os
import socket
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.errors import RecordError
from sim.experiment.sweep.blocks import FAILED, record_of
from sim.experiment.sweep.journal import MAGIC
from sim.experiment.sweep.result import open_sweep

FOLDER_VARIABLE = "CHANNELSIM_RESULTS"
"""Where pages look for sweeps; ``channelsim ui --results DIR`` sets it."""
_HEAD = struct.Struct("<II")


@dataclass(frozen=True)
class Progress:
    """How far a sweep has come.

    Attributes
    ----------
    runs
        Runs of the design as it stands; an adaptive one may still grow.
    done, failed
        Runs that ended well, and that did not.
    in_tables
        Runs of both kinds that the tables have already; the others are in the journal and follow.
    is_running
        Whether a process of this machine is at work in the folder.
    """

    runs: int
    done: int
    failed: int
    in_tables: int
    is_running: bool

    @property
    def left(self) -> int:
        """Runs that have not ended."""
        return max(0, self.runs - self.done - self.failed)


def progress_of(folder: Path | str) -> Progress:
    """Return how far a sweep has come, runs that no table has yet included.

    Parameters
    ----------
    folder
        What ``sweep`` writes, finished or not.

    Raises
    ------
    RecordError
        If it is not the folder of a sweep, or a part of it is damaged.
    """
    place = Path(folder)
    swept = open_sweep(place)
    counts = swept.counts()
    in_tables = sum(counts.values())
    fresh = dict(in_journals(place))
    if in_tables and fresh:
        told = swept.runs()
        for point, replication in zip(told["point"], told["replication"], strict=True):
            fresh.pop((int(point), int(replication)), None)
    failed = sum(fresh.values())
    return Progress(
        runs=swept.total,
        done=counts["done"] + len(fresh) - failed,
        failed=counts["failed"] + failed,
        in_tables=in_tables,
        is_running=is_running(place),
    )


def in_journals(folder: Path) -> Iterator[tuple[tuple[int, int], bool]]:
    """Yield the runs in the journals of all shards and whether each failed; a torn end is left out."""
    for path in sorted(folder.glob(".journal-*")):
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # it was emptied and put away between the two looks
            continue
        if not content.startswith(MAGIC):
            continue
        at = len(MAGIC)
        while at + _HEAD.size <= len(content):
            length, checksum = _HEAD.unpack_from(content, at)
            block = content[at + _HEAD.size : at + _HEAD.size + length]
            if len(block) < length or zlib.crc32(block) != checksum:
                break
            record = record_of(block)
            yield record.place, record.status == FAILED
            at += _HEAD.size + length


def is_running(folder: Path | str) -> bool:
    """Say whether a living process of this machine holds the folder.

    The lock itself is not touched: a look must never be in the way of a sweep that starts.
    """
    for path in Path(folder).glob(".lock-*"):
        try:
            owner = json.loads(path.read_text(encoding="utf-8"))
            is_here, number = owner["host"] == socket.gethostname(), int(owner["pid"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if is_here and _is_alive(number):
            return True
    return False


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is there and belongs to somebody else
        return True
    return True


def sweeps_under(root: Path | str, depth: int = 2) -> list[Path]:
    """Return the folders of sweeps under a folder, the newest first.

    A link that leads out of the folder is not followed.

    Parameters
    ----------
    root
        Folder of results.
    depth
        How many levels down they may lie.
    """
    home = Path(root).resolve()
    found: list[tuple[int, Path]] = []
    for pattern in ("/".join(["*"] * level) for level in range(1, depth + 1)):
        for path in home.glob(f"{pattern}/manifest.json"):
            folder = path.parent.resolve()
            if not folder.is_relative_to(home) or not path.resolve().is_relative_to(home):
                continue
            try:
                open_sweep(folder)
                found.append((path.stat().st_mtime_ns, folder))
            except (RecordError, OSError):  # the record of another study, or of another version
                continue
    return [folder for _, folder in sorted(dict.fromkeys(found), reverse=True)]
