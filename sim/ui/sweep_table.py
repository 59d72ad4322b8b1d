"""The runs of a sweep as tables: points with intervals, chosen by range, and as a file to take away."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report.numbers import NOTHING, Value, column
from sim.report.page import Column, Table, table
from sim.report.sensitivity import number
from sim.ui.language import say
from sim.ui.units import unit_words
from sim.ui.vocabulary import kpi_name, unit_name

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.sweep import Swept


@dataclass(frozen=True)
class Chosen:
    """A range of one parameter: only points inside are shown.

    Attributes
    ----------
    path
        The parameter; empty: all points.
    low, high
        Ends of the range, both inside.
    """

    path: str = ""
    low: float = -math.inf
    high: float = math.inf

    def of(self, points: pd.DataFrame) -> pd.DataFrame:
        """Return the points inside."""
        if not self.path:
            return points
        return points[points[self.path].between(self.low, self.high)].reset_index(drop=True)


def numeric_parameters(points: pd.DataFrame, parameters: Sequence[str]) -> list[str]:
    """Return the parameters whose values are numbers at every point, and not all alike."""
    import pandas as pd

    return [
        path
        for path in parameters
        if pd.api.types.is_numeric_dtype(points[path])
        and not pd.api.types.is_bool_dtype(points[path])
        and points[path].notna().all()
        and points[path].nunique() > 1
    ]


def figures_of(swept: Swept) -> list[str]:
    """Return the figures that the tables have, profit first."""
    from sim.experiment.sweep.parts import database, parts_in
    from sim.experiment.sweep.store import PARTS
    from sim.kpi import KPIS

    paths = [str(part.path("kpis")) for part in parts_in(swept.folder / PARTS)]
    if not paths:
        return []
    with database() as connection:
        rows = connection.execute("SELECT DISTINCT kpi FROM read_parquet($1)", [paths]).fetchall()
    there = {str(row[0]) for row in rows}
    first = [name for name in ("contribution_per_order", "cost_per_order") if name in there]
    return [*first, *(name for name in KPIS if name in there and name not in first)]


def parameter_name(path: str) -> str:
    """Name of a parameter with its unit, for an axis."""
    from sim.scenario.fields import UnknownPathError, spec_of

    words = " › ".join(path.replace("_", " ").split(".")[-2:])
    try:
        unit = spec_of(path).unit
    except UnknownPathError:
        return words
    return f"{words} ({unit_words(unit)})" if unit else words


def values_of(points: pd.DataFrame) -> list[Value]:
    """Return the figure of each point with its interval."""
    return [
        Value(float(row.mean_), _end(row.low), _end(row.high), str(row.unit), int(row.n))
        for row in points.rename(columns={"mean": "mean_"}).itertuples()
    ]


def _end(value: Any) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def points_table(points: pd.DataFrame, parameters: Sequence[str], figure: str) -> Table:
    """Return one row per point: its parameters, the figure with interval, and the runs behind it."""
    values = values_of(points)
    written = column(values)
    rows = [
        (str(row["point"]), *(_cell(row[path]) for path in parameters), cell, str(value.n))
        for (_, row), cell, value in zip(points.iterrows(), written, values, strict=True)
    ]
    unit = unit_name(values[0].unit) if values else ""
    heads = [
        Column(say("point")), *(Column(parameter_name(path)) for path in parameters),
        Column(kpi_name(figure), unit), Column(say("runs")),
    ]  # fmt: skip
    return table(say("{figure} by point", figure=kpi_name(figure)), heads, list(rows))


def _cell(value: Any) -> str:
    import pandas as pd

    if pd.isna(value):
        return NOTHING
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return number(float(value))
