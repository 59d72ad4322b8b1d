"""The cost curve as an interactive chart, with the baseline as a grey ghost and the path revealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go

# Blue and vermilion: told apart by colour-blind eyes, legible on white and black; dash and name differ too.
COLOURS = {"current": "38, 132, 200", "second": "213, 94, 0", "ghost": "138, 143, 152"}
_HEIGHT = 330
_HEIGHT_OF_PLOT = 250
_LABEL_PIXELS = 19


@dataclass(frozen=True)
class Curve:
    """One curve of the chart.

    Attributes
    ----------
    words
        Its name, written at its end.
    result
        JSON object of ``scale``.
    look
        ``current``, ``second`` or ``ghost``.
    """

    words: str
    result: Mapping[str, Any]
    look: str


def cost_chart(curves: Sequence[Curve], volumes: Sequence[float]) -> go.Figure:
    """Draw average cost against volume, with the interval as a band where there is one.

    Parameters
    ----------
    curves
        What is known, the most important first; none at all draws an empty frame.
    volumes
        Sizes on the axis, also of curves that are not known yet.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for curve in reversed(curves):
        _draw(figure, curve)
    highest = max((value for curve in curves for value in _ends(curve)), default=1.0)
    _write_names(figure, curves, _HEIGHT_OF_PLOT / highest)
    orders = _orders(curves, volumes)
    figure.update_xaxes(
        type="log",
        tickvals=list(volumes),
        ticktext=[f"×{volume:g}{orders.get(volume, '')}" for volume in volumes],
        range=_log_range(volumes),
        title_text="volume relative to today (orders in the quarter), logarithmic",
        showgrid=False,
    )
    unit = next((_unit(curve.result) for curve in curves), "yuan/parcel")
    figure.update_yaxes(range=[0, 1.06 * highest], title_text=unit.replace("/", " per "), zeroline=True)
    figure.update_layout(
        height=_HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        hovermode="x unified",
        dragmode=False,
    )
    return figure


def _draw(figure: go.Figure, curve: Curve) -> None:
    steps = [step for step in curve.result["steps"] if step["average_cost"] is not None]
    colour = COLOURS[curve.look]
    x = [step["volume"] for step in steps]
    values = [step["average_cost"] for step in steps]
    if all(value["low"] is not None for value in values):
        figure.add_scatter(
            x=[*x, *reversed(x)],
            y=[*(value["high"] for value in values), *(value["low"] for value in reversed(values))],
            fill="toself",
            fillcolor=f"rgba({colour}, 0.22)",
            line={"width": 0},
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=x,
        y=[value["mean"] for value in values],
        name=curve.words,
        mode="lines+markers",
        line={
            "color": f"rgb({colour})",
            "width": 2 if curve.look == "ghost" else 3,
            "dash": {"current": "solid", "second": "dash", "ghost": "dot"}[curve.look],
        },
        marker={
            "color": f"rgb({colour})",
            "size": 6 if curve.look == "ghost" else 9,
            "symbol": "diamond" if curve.look == "second" else "circle",
        },
        customdata=[_interval(value) for value in values],
        hovertemplate="%{y:.2f}%{customdata}",
    )


def _write_names(figure: go.Figure, curves: Sequence[Curve], pixels_per_yuan: float) -> None:
    """Write each curve's name and last value at its end, pushed apart where they would lie on each other."""
    ends = sorted(((_last(curve), curve) for curve in curves), key=lambda end: end[0]["average_cost"]["mean"])
    free_from = float("-inf")
    for step, curve in ends:
        mean = step["average_cost"]["mean"]
        place = max(mean * pixels_per_yuan, free_from)
        free_from = place + _LABEL_PIXELS
        figure.add_annotation(
            x=_log10(step["volume"]),
            y=mean,
            yshift=place - mean * pixels_per_yuan,
            text=f"{curve.words} {mean:.2f}",
            xanchor="left",
            xshift=12,
            showarrow=False,
            font={"color": f"rgb({COLOURS[curve.look]})", "size": 14},
        )


def _last(curve: Curve) -> Mapping[str, Any]:
    found: Mapping[str, Any] = [step for step in curve.result["steps"] if step["average_cost"] is not None][
        -1
    ]
    return found


def _ends(curve: Curve) -> list[float]:
    values = [step["average_cost"] for step in curve.result["steps"] if step["average_cost"] is not None]
    return [value["mean"] if value["high"] is None else value["high"] for value in values]


def _interval(value: Mapping[str, Any]) -> str:
    if value["low"] is None:
        return " (one history, no interval)"
    return f" ({value['low']:.2f} to {value['high']:.2f})"


def _orders(curves: Sequence[Curve], volumes: Sequence[float]) -> dict[float, str]:
    if not curves:
        return {}
    from sim.report.numbers import compact

    found = {
        step["volume"]: step["orders"] for step in curves[0].result["steps"] if step["orders"] is not None
    }
    return {volume: f"<br>{compact(found[volume]['mean'])}" for volume in volumes if volume in found}


def _unit(result: Mapping[str, Any]) -> str:
    return next(
        (step["average_cost"]["unit"] for step in result["steps"] if step["average_cost"] is not None), "yuan"
    )


def _log_range(volumes: Sequence[float]) -> list[float]:
    low, high = _log10(min(volumes)), _log10(max(volumes))
    return [low - 0.06 * (high - low), high + 0.3 * (high - low)]


def _log10(number: float) -> float:
    from math import log10

    return log10(number)
