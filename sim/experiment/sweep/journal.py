"""The journal of a sweep: runs that are finished and not yet in a part, each whole or not at all.

A file that only grows. Every record has its length and checksum in front; what a crash leaves of the last one
is cut off when the journal is opened again.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.experiment.sweep.blocks import FAILED, record_of

_HEAD = struct.Struct("<II")
MAGIC = b"channelsim journal 1\n"


class Journal:
    """Packed runs on disk, found again by point and replication.

    Parameters
    ----------
    path
        The file, made if it is not there. One process writes it at a time.

    Raises
    ------
    OSError
        If it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._places: dict[tuple[int, int], tuple[int, int]] = {}
        self._failed: set[tuple[int, int]] = set()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            self._end = self._recover()
        except BaseException:
            os.close(self._file)
            raise

    def _recover(self) -> int:
        """Read what is there and cut off what is torn; return where the next record goes."""
        content = self.path.read_bytes()
        if not content.startswith(MAGIC):
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, MAGIC, 0)
            os.fsync(self._file)
            return len(MAGIC)
        at = len(MAGIC)
        while at + _HEAD.size <= len(content):
            length, checksum = _HEAD.unpack_from(content, at)
            block = content[at + _HEAD.size : at + _HEAD.size + length]
            if len(block) < length or zlib.crc32(block) != checksum:
                break
            self._note(block, at + _HEAD.size)
            at += _HEAD.size + length
        os.ftruncate(self._file, at)
        return at

    def _note(self, block: bytes, at: int) -> None:
        record = record_of(block)
        self._places[record.place] = (at, len(block))
        if record.status == FAILED:
            self._failed.add(record.place)

    @property
    def places(self) -> set[tuple[int, int]]:
        """Runs in the journal, by point and replication."""
        return set(self._places)

    @property
    def failed(self) -> set[tuple[int, int]]:
        """Those of them that failed."""
        return set(self._failed)

    @property
    def size(self) -> int:
        """Bytes of the runs."""
        return self._end - len(MAGIC)

    def append(self, blocks: Sequence[bytes]) -> None:
        """Keep packed runs; when this returns, they survive a crash.

        Raises
        ------
        OSError
            If the disk does not take them; the journal then holds what it held before.
        """
        content = b"".join(
            part for block in blocks for part in (_HEAD.pack(len(block), zlib.crc32(block)), block)
        )
        try:
            write_all(self._file, content, self._end)
            os.fsync(self._file)
        except OSError:
            os.ftruncate(self._file, self._end)
            raise
        at = self._end
        for block in blocks:
            self._note(block, at + _HEAD.size)
            at += _HEAD.size + len(block)
        self._end = at

    def blocks(self) -> Iterator[bytes]:
        """Yield packed runs in the order of the design, one in memory at a time."""
        for place in sorted(self._places):
            at, length = self._places[place]
            yield os.pread(self._file, length, at)

    def clear(self) -> None:
        """Forget all runs: they are in a part."""
        os.ftruncate(self._file, len(MAGIC))
        os.fsync(self._file)
        self._end = len(MAGIC)
        self._places.clear()
        self._failed.clear()

    def close(self) -> None:
        """Let the file go; an empty journal leaves none behind."""
        os.close(self._file)
        if not self._places:
            self.path.unlink(missing_ok=True)


def write_all(file: int, content: bytes, at: int) -> None:
    """Write bytes at a place of a file, however many calls the system needs for it."""
    view = memoryview(content)
    while view:
        written = os.pwrite(file, view, at)
        view, at = view[written:], at + written
