"""The reference tables: small results that are kept with the sources and compared by a test.

They guard against a change of results that nobody meant. The histories are short (``horizon.days`` below), so
these are no figures to quote; the documents quote whole years.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "results" / "reference"

SEED = 1
BRIEF = {"horizon.days": 28, "horizon.warmup_days": 14}
SCALED = ("community_pickup", "partner_pickup")
PATHS = ("densify", "replicate", "expand", "fragment")
VOLUMES = (0.5, 1.0, 2.0)
REPLICATIONS = 2
TOLERANCE = 1e-9

KPI_COLUMNS = ("scenario", "figure", "unit", "value")
VERDICT_COLUMNS = (
    "scenario", "path", "volume", "orders", "average_cost", "against_door", "elasticity", "elasticity_low",
    "elasticity_high", "verdict",
)  # fmt: skip
Row = tuple[str, ...]


def kpi_rows() -> Iterator[Row]:
    """Yield the figures of every shipped scenario: four weeks of January, one history."""
    from sim.kpi import KPIS
    from sim.scenario import load, shipped
    from sim.world import simulate

    for name in shipped():
        run = simulate(load(name).with_values(BRIEF), seed=SEED)
        for figure, value in run.kpis.items():
            yield name, figure, KPIS[figure].unit, _written(value)


def verdict_rows() -> Iterator[Row]:
    """Yield the verdicts of the pickup scenarios: four weeks, three sizes, two histories each."""
    from sim.experiment import Runner, scale
    from sim.scenario import load

    with Runner(1) as crew:
        for name in SCALED:
            world = load(name).with_values(BRIEF)
            for path in PATHS:
                found = scale(
                    world,
                    path=path,
                    volumes=VOLUMES,
                    replications=REPLICATIONS,
                    seed=SEED,
                    causes=False,
                    worlds=0,
                    runner=crew,
                )
                slope = found.elasticity
                ends = (
                    ("", "", "")
                    if slope is None
                    else (_written(slope.mean), _written(slope.low), _written(slope.high))
                )
                for step in found.steps:
                    orders, average, extra = step.orders, step.average_cost, step.incremental_cost
                    values = [_written(None if one is None else one.mean) for one in (orders, average, extra)]
                    yield name, path, f"{step.volume:g}", *values, *ends, found.verdict


def _written(value: float | None) -> str:
    """Write a number so that reading it gives the same number; whole ones without a point."""
    if value is None:
        return ""
    return str(round(value)) if value == round(value) and abs(value) < 2**53 else repr(float(value))


TABLES = {"kpis.csv": (KPI_COLUMNS, kpi_rows), "verdicts.csv": (VERDICT_COLUMNS, verdict_rows)}
"""Reference tables by file name: columns, and what makes the rows."""


def write(name: str) -> None:
    """Make a reference table anew."""
    columns, rows = TABLES[name]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows())
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / name).write_text(text.getvalue(), encoding="utf-8")


def kept(name: str) -> list[Row]:
    """Return the rows of a table as it is kept, without its head."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def differences(before: Sequence[Row], now: Sequence[Row]) -> list[str]:
    """Return what differs between two tables: counts must be equal, other numbers within 1e-9 relative."""
    found = [
        f"{' '.join(old[:2])}: {old} was kept, now it is {new}"
        for old, new in zip(before, now, strict=False)
        if len(old) != len(new) or not all(_same(a, b) for a, b in zip(old, new, strict=True))
    ]
    if len(before) != len(now):
        found.append(f"{len(before)} rows were kept, now there are {len(now)}")
    return found


def _same(a: str, b: str) -> bool:
    if a == b:
        return True
    try:
        first, second = float(a), float(b)
    except ValueError:
        return False
    if first.is_integer() and second.is_integer():
        return False
    return math.isclose(first, second, rel_tol=TOLERANCE)
