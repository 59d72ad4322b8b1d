"""A record in one file: a zip with ``manifest.json`` at its root, opened with care.

A bundle comes from somebody else. Nothing in it may be written outside the folder it is unpacked into, and
nothing may fill the disk.
"""

from __future__ import annotations

import hashlib
import json
import stat
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from sim.experiment.errors import RecordError
from sim.experiment.files import as_json
from sim.experiment.manifests import Kinds, check_inside, check_keys, check_kind
from sim.experiment.record import MANIFEST, check_checksum

EXTRAS = "bundle.json"
"""Checksums of the files that a bundle holds beside those of the record, whose own are in its manifest."""
_EXTRAS_KEYS: Kinds = {"format": int, "files": dict}
_FORMAT = 1
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


def extras_bytes(extra: Mapping[str, bytes]) -> bytes:
    """Return the file with the checksums of what a bundle holds beside the record."""
    checksums = {name: hashlib.sha256(extra[name]).hexdigest() for name in sorted(extra)}
    return as_json({"format": _FORMAT, "files": checksums}).encode()


def check_extras(folder: Path | str) -> None:
    """Hold what an unpacked bundle has beside the record against its checksums, if it has any.

    Raises
    ------
    RecordError
        If a file is missing or not the one that was packed, or the checksums cannot be read.
    """
    for name, checksum in _extras(Path(folder)).items():
        check_checksum(Path(folder) / name, checksum)


def unchecked(folder: Path | str, manifest: Mapping[str, Any]) -> list[str]:
    """Return the files of an unpacked bundle that no checksum covers."""
    place = Path(folder)
    known = {MANIFEST, EXTRAS, *manifest["files"], *_extras(place)}
    found = (path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())
    return sorted(name for name in found if name not in known)


def _extras(folder: Path) -> dict[str, str]:
    path = folder / EXTRAS
    if not path.exists():  # bundles from before there were checksums of them
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RecordError(f"cannot read {path}: {error}") from error
    check_kind(path, found, dict, EXTRAS)
    check_keys(path, found, _EXTRAS_KEYS)
    for name, checksum in found["files"].items():
        check_inside(path, name)
        check_kind(path, checksum, str, f"files.{name}")
    checksums: dict[str, str] = found["files"]
    return checksums


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
