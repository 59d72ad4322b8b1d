"""A record in one file: a zip with ``manifest.json`` at its root, opened with care.

A bundle comes from somebody else. Nothing in it may be written outside the folder it is unpacked into, and
nothing may fill the disk.
"""

from __future__ import annotations

import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

from sim.experiment.errors import RecordError
from sim.experiment.record import MANIFEST

MOST_FILES = 1_000
MOST_BYTES = 1_000_000_000
"""Largest sum of unpacked sizes: a record of thousands of runs has a few megabytes."""
_CHUNK = 1 << 20
_ENCRYPTED = 0x1


def is_bundle(path: Path | str) -> bool:
    """Say whether a path is a file that wants to be a bundle, and not a folder."""
    return Path(path).is_file()


@contextmanager
def unpacked(path: Path | str) -> Iterator[Path]:
    """Unpack a bundle into a temporary folder that goes away afterwards.

    Parameters
    ----------
    path
        A zip of the files of a record.

    Raises
    ------
    RecordError
        If it is no zip, has no manifest at its root, or holds what a record does not: a path that leads
        outside, a link, an encrypted file, too many files, or more bytes than :data:`MOST_BYTES`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = _checked(Path(path), archive)
            with tempfile.TemporaryDirectory(prefix="channelsim-bundle-") as folder:
                _unpack(Path(path), archive, members, Path(folder))
                yield Path(folder)
    except (zipfile.BadZipFile, EOFError) as error:
        raise RecordError(
            f"{path} is neither the folder of a record nor a bundle (a zip): {error}"
        ) from error


def _checked(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [info for info in archive.infolist() if not info.is_dir()]
    names = [info.filename for info in members]
    if MANIFEST not in names:
        raise RecordError(f"{path} holds no {MANIFEST} at its root, so it is not the bundle of a study")
    if len(members) > MOST_FILES:
        raise RecordError(f"{path} holds {len(members):,} files; a bundle has at most {MOST_FILES:,}")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise RecordError(f"{path} holds '{twice}' twice")
    size = sum(info.file_size for info in members)
    if size > MOST_BYTES:
        raise RecordError(f"{path} unpacks to {size:,} bytes; a bundle has at most {MOST_BYTES:,}")
    for info in members:
        reason = _refused(info)
        if reason:
            raise RecordError(f"{path}: '{info.filename}' {reason}; nothing was unpacked")
    return members


def _refused(info: zipfile.ZipInfo) -> str:
    """Say why a member is not unpacked; empty if it may be."""
    name = info.filename
    places = (PurePosixPath(name), PureWindowsPath(name))
    if "\\" in name or any(place.is_absolute() or ".." in place.parts for place in places) or places[1].drive:
        return "leads outside the bundle"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is a link or a device"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    return ""


def _unpack(path: Path, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path) -> None:
    """Write the members, counting bytes as they come: a header may lie about its size."""
    left = MOST_BYTES
    for info in members:
        target = folder / info.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, target.open("wb") as sink:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise RecordError(f"{path} unpacks to more than {MOST_BYTES:,} bytes")
                sink.write(chunk)
