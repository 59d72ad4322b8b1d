"""Charts of a sweep: a figure against one parameter or two, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.report.numbers import Value, decimals, plain
from sim.report.sensitivity import number
from sim.ui.drawn import Drawn
from sim.ui.language import say
from sim.ui.pictures.picture import NothingToDrawError, figure
from sim.ui.style import CURRENT, GHOST, SECOND, THIRD
from sim.ui.sweep_table import parameter_name, points_table, values_of
from sim.ui.vocabulary import kpi_name, unit_name

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

MOST_LINES = 4
"""Values of a second parameter that get a line each; more are told by colour."""
LOOKS = (
    (CURRENT, "solid", "circle"),
    (SECOND, "dash", "x"),
    (THIRD, "dot", "diamond"),
    (GHOST, "dashdot", "square"),
)


def sweep_chart(
    points: pd.DataFrame, parameters: Sequence[str], kpi: str, across: str, beside: str = ""
) -> Drawn:
    """Draw a figure against a parameter.

    Parameters
    ----------
    points
        Of :meth:`sim.experiment.sweep.Swept.by_point`, those that are chosen.
    parameters
        All parameters of the design, for the table.
    kpi
        The figure.
    across
        Parameter of the level axis.
    beside
        A second parameter: a line for each of its values, or colours where there are many; empty: none.

    Raises
    ------
    NothingToDrawError
        If no point is left.
    """
    if points.empty:
        raise NothingToDrawError("no point is left")
    ordered = points.sort_values(across, kind="stable")
    values = values_of(ordered)
    unit = unit_name(values[0].unit)
    name = kpi_name(kpi)
    found = figure(parameter_name(across), f"{name} ({unit})" if unit else name)
    others = [path for path in parameters if path not in (across, beside)]
    if not beside:
        _line(found, ordered[across], values, name, LOOKS[0], joined=not others)
    elif ordered[beside].nunique() <= MOST_LINES:
        _lines(found, ordered, across, beside, joined=not others)
    else:
        _coloured(found, ordered, values, across, beside)
    top = max(range(len(values)), key=lambda i: values[i].mean)
    low = min(range(len(values)), key=lambda i: values[i].mean)
    places = decimals(values)
    reading = say(
        "{count} points, each a mean over its histories with a 95% interval. Highest: {high} at {high_at};"
        " lowest: {low} at {low_at}.",
        count=f"{len(values):,}",
        high=plain(values[top].mean, places),
        high_at=number(float(ordered[across].iloc[top])),
        low=plain(values[low].mean, places),
        low_at=number(float(ordered[across].iloc[low])),
    )
    if others:
        reading += " " + say("{count} other parameters vary too, so points scatter.", count=len(others))
    shown = points_table(points, parameters, kpi)
    return Drawn(found, shown, f"{shown.title}. {reading}", reading)


def _line(
    found: go.Figure, x: Any, values: Sequence[Value], name: str, look: tuple[str, str, str], *, joined: bool
) -> None:
    colour, dash, symbol = look
    found.add_scatter(
        x=[float(one) for one in x],
        y=[value.mean for value in values],
        mode="lines+markers" if joined else "markers",
        name=name,
        line={"color": f"rgb({colour})", "width": 2.5, "dash": dash},
        marker={"size": 9, "symbol": symbol, "color": f"rgb({colour})"},
        error_y=_whiskers(values, colour),
    )


def _lines(found: go.Figure, points: pd.DataFrame, across: str, beside: str, *, joined: bool) -> None:
    for look, (level, rows) in zip(LOOKS, points.groupby(beside, sort=True), strict=False):
        _line(found, rows[across], values_of(rows), number(float(level)), look, joined=joined)
    found.update_layout(
        showlegend=True,
        legend={
            "title": {"text": parameter_name(beside)},
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
        },
    )


def _coloured(
    found: go.Figure, points: pd.DataFrame, values: Sequence[Value], across: str, beside: str
) -> None:
    found.add_scatter(
        x=[float(one) for one in points[across]],
        y=[value.mean for value in values],
        mode="markers",
        marker={
            "size": 10,
            "color": [float(one) for one in points[beside]],
            "colorscale": "Cividis",
            "showscale": True,
            "colorbar": {"title": {"text": parameter_name(beside), "side": "right"}, "thickness": 12},
        },
        error_y=_whiskers(values, GHOST),
    )


def _whiskers(values: Sequence[Value], colour: str) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [0 if value.high is None else value.high - value.mean for value in values],
        "arrayminus": [0 if value.low is None else value.mean - value.low for value in values],
        "color": f"rgb({colour})",
        "thickness": 1.5,
    }
