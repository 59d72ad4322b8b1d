"""The evidence bundle: a study's record and its brief in one file, with the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from sim.experiment.bundle import EXTRAS, extras_bytes
from sim.experiment.errors import RecordError
from sim.experiment.files import write_whole
from sim.experiment.record import MANIFEST, read_manifest

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest moment a zip file can write down: the bundle says nothing of when it was made."""

_MODE = 0o100644 << 16


def bundle_bytes(folder: Path | str, extra: Mapping[str, bytes]) -> bytes:
    """Return a zip file with a record's files at its root, and others beside them.

    The record's own manifest stands at the root, so that ``channelsim verify`` takes the bundle for the
    folder it was made of. Checksums of the others are in a file of their own, ``bundle.json``.

    Parameters
    ----------
    folder
        Folder of a finished record.
    extra
        Content of further files by name, such as ``brief.html``.

    Raises
    ------
    RecordError
        If the record is unfinished, lacks a file, or a further file has the name of one of its own.
    """
    root = Path(folder)
    manifest = read_manifest(root)
    if manifest.get("status") != "finished":
        raise RecordError(f"the record in {folder} was never finished")
    contents: dict[str, bytes] = {}
    for name in (MANIFEST, *manifest["files"]):
        try:
            contents[name] = (root / name).read_bytes()
        except OSError as error:
            raise RecordError(f"cannot read {root / name}: {error.strerror or error}") from error
    clash = sorted({EXTRAS, *contents} & extra.keys())
    if clash:
        raise RecordError(f"the record already has a file {clash[0]}")
    if extra:
        contents |= {**extra, EXTRAS: extras_bytes(extra)}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(contents):
            about = zipfile.ZipInfo(name, _EPOCH)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.create_system = 3
            about.external_attr = _MODE
            archive.writestr(about, contents[name], compresslevel=9)
    return stream.getvalue()


def write_bundle(path: Path, folder: Path | str, extra: Mapping[str, bytes]) -> None:
    """Write a bundle, whole or not at all; see :func:`bundle_bytes`."""
    write_whole(path, bundle_bytes(folder, extra))
