"""One writer at a time: a sweep's folder is held by the process that works in it.

The system itself lets a lock go when its process ends, however it ends, so there are no stale locks.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.experiment.errors import RecordError
from sim.experiment.sweep.shard import Shard

_NAME = re.compile(r"\.lock-(\d+)of(\d+)\Z")


class FolderLock:
    """Holds a folder for one shard, or for the whole sweep.

    Parameters
    ----------
    folder
        The sweep's folder.
    shard
        What is going to be worked on.

    Raises
    ------
    RecordError
        If another process works in the folder on runs that this one would touch.
    """

    def __init__(self, folder: Path, shard: Shard) -> None:
        self._path = folder / f".lock-{shard.label}"
        with _gate(folder):
            for path in folder.glob(".lock-*"):
                self._refuse_beside(path, folder, shard)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            owner = {
                "pid": os.getpid(),
                "host": socket.gethostname(),
                "since": time.strftime("%Y-%m-%d %H:%M"),
            }
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, json.dumps(owner).encode(), 0)

    @staticmethod
    def _refuse_beside(path: Path, folder: Path, shard: Shard) -> None:
        name = _NAME.match(path.name)
        if name is None or shard.goes_with(Shard(int(name[1]), int(name[2]))):
            return
        if is_held(path):
            raise RecordError(
                f"another sweep is at work in {folder} ({_owner(path)}); wait for it or choose another folder"
            )
        path.unlink(missing_ok=True)  # of a process that is gone

    def release(self) -> None:
        """Let the folder go."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)


def is_held(path: Path) -> bool:
    """Say whether a living process holds a lock file."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _owner(path: Path) -> str:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
        return f"process {owner['pid']} on {owner['host']}, since {owner['since']}"
    except (OSError, ValueError, KeyError):
        return "process unknown"


@contextmanager
def _gate(folder: Path) -> Iterator[None]:
    """Let one process at a time look at the locks."""
    handle = os.open(folder / ".gate", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
