"""One run's rows packed into bytes: what travels from a worker and what the journal keeps.

A block is a head in JSON (which run, how it ended) and, compressed, the columns' names and raw numbers. Text
is kept as codes into a list of its different values. Nothing in it is ever executed when it is read.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

DONE, FAILED = "done", "failed"
_LENGTH = struct.Struct("<I")
_KINDS = {"number": "<f8", "whole": "<i8", "switch": "|b1", "text": "<i4"}


@dataclass(frozen=True)
class Column:
    """One column of one run's rows.

    Attributes
    ----------
    kind
        ``number``, ``whole``, ``switch`` or ``text``.
    data
        Numbers, or codes into ``words``; a code of -1 is nothing.
    words
        Different texts of a text column.
    """

    kind: str
    data: np.ndarray
    words: tuple[str, ...] = ()

    @classmethod
    def numbers(cls, values: Sequence[float] | np.ndarray) -> Column:
        """Column of numbers."""
        return cls("number", np.asarray(values, dtype="<f8"))

    @classmethod
    def wholes(cls, values: Sequence[int] | np.ndarray) -> Column:
        """Column of whole numbers."""
        return cls("whole", np.asarray(values, dtype="<i8"))

    @classmethod
    def switches(cls, values: Sequence[bool] | np.ndarray) -> Column:
        """Column of yes and no."""
        return cls("switch", np.asarray(values, dtype="|b1"))

    @classmethod
    def texts(cls, values: Sequence[str]) -> Column:
        """Column of texts."""
        codes: dict[str, int] = {}
        data = np.fromiter((codes.setdefault(value, len(codes)) for value in values), "<i4", len(values))
        return cls("text", data, tuple(codes))


Rows = Mapping[str, Column]


@dataclass(frozen=True)
class RunRecord:
    """Which run it was and how it ended.

    Attributes
    ----------
    point, replication
        Place in the design.
    seed
        Seed of the history; equal for equal replications of all points.
    run_id
        Hash of what determines the run: model version, resolved scenario, seed and options.
    scenario_hash
        Name of the resolved scenario; empty where there is none.
    model_version
        Version of the model.
    status
        ``done`` or ``failed``.
    error_kind, error_message, error_traceback
        What went wrong; empty where nothing did.
    """

    point: int
    replication: int
    seed: int
    run_id: str
    scenario_hash: str
    model_version: str
    status: str = DONE
    error_kind: str = ""
    error_message: str = ""
    error_traceback: str = ""

    @property
    def place(self) -> tuple[int, int]:
        """Point and replication: what names the run within its sweep."""
        return self.point, self.replication


def pack(record: RunRecord, tables: Mapping[str, Rows]) -> bytes:
    """Return a run as bytes."""
    described: dict[str, Any] = {}
    raw = []
    for table, rows in tables.items():
        described[table] = [
            [name, column.kind, int(column.data.size), list(column.words)] for name, column in rows.items()
        ]
        raw += [np.ascontiguousarray(column.data).tobytes() for column in rows.values()]
    body = zlib.compress(b"".join((_framed(described), *raw)), 1)
    return _framed(asdict(record)) + body


def record_of(block: bytes) -> RunRecord:
    """Return which run bytes hold, without unpacking its rows.

    Raises
    ------
    ValueError
        If they hold none.
    """
    try:
        return RunRecord(**_unframed(block)[0])
    except (struct.error, TypeError) as error:
        raise ValueError(f"not a packed run: {error}") from error


def unpack(block: bytes) -> tuple[RunRecord, dict[str, dict[str, Column]]]:
    """Return the run that bytes hold, and its rows.

    Raises
    ------
    ValueError
        If they hold none.
    """
    try:
        head, start = _unframed(block)
        content = zlib.decompress(block[start:])
        described, at = _unframed(content)
        tables: dict[str, dict[str, Column]] = {}
        for table, columns in described.items():
            tables[table] = {}
            for name, kind, size, words in columns:
                dtype = np.dtype(_KINDS[kind])
                tables[table][name] = Column(kind, np.frombuffer(content, dtype, size, at), tuple(words))
                at += size * dtype.itemsize
        return RunRecord(**head), tables
    except (zlib.error, struct.error, KeyError, TypeError) as error:
        raise ValueError(f"not a packed run: {error}") from error


def _framed(data: Any) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return _LENGTH.pack(len(text)) + text


def _unframed(content: bytes) -> tuple[Any, int]:
    """Return what a frame holds, and where it ends."""
    (length,) = _LENGTH.unpack_from(content)
    end = _LENGTH.size + length
    return json.loads(content[_LENGTH.size : end]), end
