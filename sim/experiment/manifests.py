"""What a manifest has to hold before anybody relies on it: keys and their kinds, checked where it is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from sim.experiment.errors import RecordError

Kinds = Mapping[str, type]

_WORDS: Mapping[type, str] = {str: "a text", int: "a whole number", dict: "a mapping", list: "a list"}
BIRTH: Kinds = {"name": str, "hash": str, "file": str}
"""What a manifest says of a scenario."""


def check_keys(path: Path, found: Mapping[str, Any], wanted: Kinds, place: str = "") -> None:
    """Refuse a mapping of a manifest that lacks a key or has something of another kind there.

    Parameters
    ----------
    path
        The manifest.
    found
        The mapping.
    wanted
        Kind of each key that it has to have; further keys are let be.
    place
        Where in the manifest the mapping stands; empty for the manifest itself.

    Raises
    ------
    RecordError
        Naming the first key that is wrong.
    """
    for name, kind in wanted.items():
        dotted = f"{place}.{name}" if place else name
        if name not in found:
            raise RecordError(f"{path} is damaged: it has no '{dotted}'")
        check_kind(path, found[name], kind, dotted)


def check_kind(path: Path, value: Any, kind: type, place: str) -> None:
    """Refuse a value of a manifest that is of another kind; see :func:`check_keys`."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise RecordError(f"{path} is damaged: '{place}' should be {_WORDS[kind]}")


def check_inside(path: Path, name: str) -> None:
    """Refuse the name of a file that a record cannot hold: one that leads out of its folder.

    Raises
    ------
    RecordError
        If it is absolute or goes up.
    """
    places = (PurePosixPath(name), PureWindowsPath(name))
    if not name or any(one.is_absolute() or one.drive or ".." in one.parts for one in places):
        raise RecordError(f"{path} is damaged: '{name}' is no file of its folder")
