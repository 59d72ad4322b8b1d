"""Build and call the hand-written C twin (`tandem.c`) through ctypes; it reads the table in place."""

import ctypes
import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.luck import DECIDE_EVERY, HEADWAY, NODES, Luck, Tally

SOURCE = Path(__file__).with_name("tandem.c")
BUILD_FOLDER = Path(__file__).resolve().parents[1] / "results" / "build"
FLAGS = ("-O3", "-std=c11", "-shared", "-fPIC")

_doubles = ctypes.POINTER(ctypes.c_double)
_bytes = ctypes.POINTER(ctypes.c_int8)
_count = ctypes.c_int64 * len(NODES)
_hours = ctypes.c_double * len(NODES)


class _LuckTable(ctypes.Structure):
    _fields_ = (
        ("orders", ctypes.c_int64),
        ("arrival", _doubles),
        ("pick", _doubles),
        ("courier", _doubles),
        ("dwell", _doubles),
        ("back", _doubles),
        ("agent", _doubles),
        ("collects", _bytes),
        ("returns", _bytes),
    )


class _CTally(ctypes.Structure):
    _fields_ = (
        ("entries", _count),
        ("departures", _count),
        ("hours", _hours),
        ("decisions", ctypes.c_int64),
        ("changes", ctypes.c_int64),
    )


class CTwin:
    """The compiled twin: `prepare` once per table, then `run`."""

    def __init__(self, library: ctypes.CDLL, compiler: str) -> None:
        self.compiler = compiler
        self._run = library.tandem_run
        self._run.argtypes = [ctypes.POINTER(_LuckTable)] + [ctypes.c_double] * 3 + [ctypes.POINTER(_CTally)]
        self._run.restype = ctypes.c_int
        self._draw = library.tandem_draw
        self._draw.argtypes = [kind for _, kind in _LuckTable._fields_[1:]] + [
            ctypes.c_int64,
            ctypes.c_double,
            ctypes.c_uint64,
        ]
        self._draw.restype = ctypes.c_int64

    def prepare(self, luck: Luck) -> _LuckTable:
        """Point at the arrays of the table; the caller keeps them alive."""

        def address(values: np.ndarray) -> object:
            kind = _bytes if values.dtype == np.int8 else _doubles
            if not values.flags.c_contiguous:
                raise ValueError("the C twin needs contiguous arrays")
            return values.ctypes.data_as(kind)

        names = [name for name, _ in _LuckTable._fields_[1:]]
        return _LuckTable(luck.orders, *(address(getattr(luck, name)) for name in names))

    def run(self, table: _LuckTable, horizon: float, daily: bool) -> Tally:
        """Simulate (0, horizon] hours and return the tally."""
        out = _CTally()
        every = DECIDE_EVERY if daily else 0.0
        if self._run(ctypes.byref(table), horizon, HEADWAY, every, ctypes.byref(out)):
            raise MemoryError("the C twin ran out of memory")
        return Tally(
            dict(zip(NODES, out.entries, strict=True)),
            dict(zip(NODES, out.departures, strict=True)),
            dict(zip(NODES, out.hours, strict=True)),
            int(out.decisions),
            int(out.changes),
        )

    def run_own(self, horizon: float, daily: bool, seed: int, spare: "OwnLuck") -> Tally:
        """Draw a table in C (xoshiro256++) and simulate it: the twin with its own luck."""
        arrays = [spare.arrays[name].ctypes.data_as(kind) for name, kind in _LuckTable._fields_[1:]]
        orders = self._draw(*arrays, spare.room, horizon, seed)
        if orders < 0:
            raise MemoryError("the table for the C twin's own luck is too small")
        return self.run(_LuckTable(orders, *arrays), horizon, daily)


class OwnLuck:
    """Arrays for a table that the C twin fills itself; `room` orders."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.arrays = {
            name: np.zeros(room, dtype=np.int8 if kind is _bytes else np.float64)
            for name, kind in _LuckTable._fields_[1:]
        }


def build() -> CTwin | None:
    """Compile the twin if a C compiler exists (once per source and flags); None when there is none."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    key = hashlib.sha256(SOURCE.read_bytes() + " ".join((compiler, *FLAGS)).encode()).hexdigest()[:16]
    target = BUILD_FOLDER / f"tandem-{key}.so"
    if not target.exists():
        BUILD_FOLDER.mkdir(parents=True, exist_ok=True)
        # Under a name of its own first: another process may be building, or about to load, the same file.
        with tempfile.TemporaryDirectory(dir=BUILD_FOLDER) as folder:
            built = Path(folder) / target.name
            subprocess.run([compiler, *FLAGS, "-o", str(built), str(SOURCE), "-lm"], check=True)
            built.replace(target)
    version = subprocess.run([compiler, "--version"], check=True, capture_output=True, text=True).stdout
    name = version.splitlines()[0] if version else compiler
    return CTwin(ctypes.CDLL(str(target)), f"{name} {' '.join(FLAGS[:1])}")
