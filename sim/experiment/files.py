"""Files that are either whole or not there."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from sim.experiment.errors import RecordError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that no reader ever meets half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def check_place(path: Path) -> None:
    """Refuse a file that could not be written in the end, before minutes are spent on it.

    Raises
    ------
    RecordError
        If its folder does not exist, or it is a folder itself.
    """
    if not path.parent.is_dir():
        raise RecordError(f"cannot write {path}: there is no folder {path.parent}")
    if path.is_dir():
        raise RecordError(f"cannot write {path}: it is a folder")


def _umask() -> int:
    """Return the mask of new files' modes; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def as_json(data: Any) -> str:
    """Return JSON text; numbers keep every digit, and what JSON cannot say (NaN) is an error."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
