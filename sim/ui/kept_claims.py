"""Verdicts on the claims that come with the program, and whether today's model still stands behind them.

``results/reference/claims.csv`` has one row for each claim and named world: claim, world, outcome, effect,
low, high, unit, n, verdict, plausible, draws and version (that of the model's sources; unknown where the
column is missing). What cannot be told is left empty.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.experiment.cache import sources_stamp
from sim.shipped_files import shipped_file

OUTCOMES = ("holds", "fails", "cannot tell")
VERDICTS = ("holds", "depends", "fails", "cannot tell")


@dataclass(frozen=True)
class KeptWorld:
    """What came out in one named world.

    Attributes
    ----------
    name
        The world.
    outcome
        ``holds``, ``fails`` or ``cannot tell``.
    effect
        KPI object of the effect.
    """

    name: str
    outcome: str
    effect: Mapping[str, Any]


@dataclass(frozen=True)
class KeptClaim:
    """What was found about a claim.

    Attributes
    ----------
    verdict
        One of :data:`VERDICTS`.
    worlds
        Its named worlds, the scenario's own first.
    plausible
        Share of plausible worlds in which it holds; None where it was not kept.
    draws
        Plausible worlds behind the share.
    """

    verdict: str
    worlds: tuple[KeptWorld, ...]
    plausible: float | None
    draws: int


@dataclass(frozen=True)
class Kept:
    """All that was kept.

    Attributes
    ----------
    claims
        By id; empty where nothing was kept.
    version
        Version of the model's sources; empty where it was not written down.
    """

    claims: Mapping[str, KeptClaim]
    version: str = ""

    @property
    def is_current(self) -> bool:
        """Whether today's model is the one that gave these results."""
        return bool(self.version) and sources_stamp().startswith(self.version.rpartition("-")[2])


def claims_file() -> Path:
    """Return the kept table: that of a source tree, or the copy inside an installed package."""
    return shipped_file("results", "reference", "claims.csv")


def kept_claims(file: Path | None = None) -> Kept:
    """Return the kept verdicts; none where the file is missing or no such table."""
    path = claims_file() if file is None else file
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, UnicodeDecodeError, ValueError, KeyError):
        return Kept({})


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Kept:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found: dict[str, KeptClaim] = {}
    for row in rows:
        before = found.get(row["claim"])
        worlds = (*(before.worlds if before is not None else ()), _world(row))
        found[row["claim"]] = KeptClaim(
            _among(row["verdict"], VERDICTS),
            worlds,
            _number(row["plausible"]),
            int(_number(row["draws"]) or 0),
        )
    versions = {row.get("version") or "" for row in rows}
    return Kept(found, versions.pop() if len(versions) == 1 else "")


def _world(row: Mapping[str, str]) -> KeptWorld:
    effect = {name: _number(row[name]) for name in ("low", "high")}
    mean = _number(row["effect"])
    if mean is None:
        raise ValueError(f"claim {row['claim']} has no effect")
    return KeptWorld(
        row["world"],
        _among(row["outcome"], OUTCOMES),
        {"mean": mean, **effect, "unit": row["unit"], "n": int(_number(row["n"]) or 0)},
    )


def _among(word: str, allowed: tuple[str, ...]) -> str:
    if word not in allowed:
        raise ValueError(f"'{word}' is none of {', '.join(allowed)}")
    return word


def _number(text: str) -> float | None:
    return float(text) if text else None
