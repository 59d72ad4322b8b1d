"""The twin curve of the page about growth: average and marginal cost, beside a grey curve to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.numbers import Value, column, compact, read, text
from sim.report.page import Column, Table, table
from sim.ui.drawn import Drawn
from sim.ui.language import say
from sim.ui.pictures.growth import add_line, ladder_figure, points_of, separate_names, unit_of_cost
from sim.ui.pictures.picture import NothingToDrawError, Result
from sim.ui.style import CURRENT, GHOST, SECOND
from sim.ui.vocabulary import size_name, unit_name, verdict_words

if TYPE_CHECKING:
    import plotly.graph_objects as go

PROFIT = "contribution_per_order"


def twin_curve(result: Result, beside: Result | None = None, beside_name: str = "") -> Drawn:
    """Draw average and marginal cost by size with the turning point where the study found one.

    Parameters
    ----------
    result
        Result of ``scale`` along one path.
    beside
        Another one of the same metric, drawn in grey; None: nothing beside it.
    beside_name
        What the grey curve is called.

    Raises
    ------
    NothingToDrawError
        If no size on the path can be reached.
    """
    average, marginal = points_of(result, "average_cost"), points_of(result, "marginal_cost")
    if not average:
        raise NothingToDrawError("no size on this path can be reached")
    what = say("profit before financing") if result["metric"] == PROFIT else say("cost")
    unit = unit_name(unit_of_cost(result))
    found = ladder_figure(result, f"{what} ({unit})")
    before = points_of(beside, "average_cost") if beside is not None else []
    add_line(found, before, name=beside_name, colour=GHOST, dash="dot", ghost=True)
    add_line(found, marginal, name=say("marginal"), colour=SECOND, dash="dash")
    add_line(found, average, name=say("average"), colour=CURRENT)
    found.update_traces(mode="lines", selector={"fill": "toself"})  # a band has no points of its own
    found.update_yaxes(rangemode="tozero")
    separate_names(found, height=260.0)
    add_turning_point(found, result)
    reading = _reading(result, average[0][1], average[-1][1], marginal[-1][1] if marginal else None)
    title = say("Average and marginal cost by size")
    return Drawn(
        found, _table(title, result, dict(before), beside_name, unit), f"{title}: {reading}", reading
    )


def turning_words(result: Result) -> str:
    """Write the turning point with its interval; empty where there is none."""
    turn = read(result.get("turning_point"))
    if turn is None:
        return ""
    words = f"{compact(turn.mean)} {size_name(result['elasticity_to'])}"
    if turn.low is None or turn.high is None:
        return words
    return say("{size} ({low} to {high})", size=words, low=compact(turn.low), high=compact(turn.high))


def volume_at(result: Result, size: float) -> float:
    """Return the volume at which a study has some size, straight between its rungs in log and log.

    Beyond the ladder it is the volume of the nearest rung.
    """
    import numpy as np

    rungs = [(known.mean, volume) for volume, known in points_of(result, "orders")]
    sizes, volumes = zip(*rungs, strict=True)
    return float(np.exp(np.interp(np.log(size), np.log(sizes), np.log(volumes))))


def add_turning_point(found: go.Figure, result: Result) -> None:
    """Shade the interval of the turning point and mark its middle; the axis has orders, so no other size."""
    turn = read(result.get("turning_point"))
    if turn is None or turn.low is None or turn.high is None or result["elasticity_to"] != "orders":
        return
    low, middle, high = (volume_at(result, max(size, 1.0)) for size in (turn.low, turn.mean, turn.high))
    found.add_vrect(x0=low, x1=high, fillcolor=f"rgba({SECOND}, 0.14)", line_width=0, layer="below")
    found.add_vline(x=middle, line={"color": f"rgb({SECOND})", "width": 1.5, "dash": "dot"})
    found.add_annotation(
        x=0.01,
        xref="paper",
        y=0.02,
        yref="paper",
        xanchor="left",
        yanchor="bottom",
        text=say("stops falling at {size}", size=turning_words(result)),
        showarrow=False,
        font={"color": f"rgb({SECOND})", "size": 12},
    )


def _table(title: str, result: Result, before: dict[float, Value], beside_name: str, unit: str) -> Table:
    steps = result["steps"]
    columns = {
        say("average"): [read(step.get("average_cost")) for step in steps],
        say("marginal"): [read(step.get("marginal_cost")) for step in steps],
    }
    if before:
        columns[beside_name] = [before.get(step["volume"]) for step in steps]
    heads = [Column(say("volume")), Column(say("orders"), say("orders"))]
    heads += [Column(name, unit) for name in columns]
    cells = [[f"×{step['volume']:g}" for step in steps], column([read(step.get("orders")) for step in steps])]
    cells += [column(values) for values in columns.values()]
    notes = [
        say(
            "Marginal: what each one more costs between the size above and this one, the difference of"
            " total cost."
        )
    ]
    return table(title, heads, list(zip(*cells, strict=True)), notes)


def _reading(result: Result, first: Value, last: Value, edge: Value | None) -> str:
    verdict = verdict_words(result["verdict"])
    ends = {"first": text(first), "last": text(last), "verdict": verdict}
    if edge is None:
        return say("The average goes from {first} to {last}: {verdict}.", **ends)
    if edge.mean < last.mean:
        return say(
            "The average goes from {first} to {last}: {verdict}. The last ones added cost {edge} each, less"
            " than the average, and pull it down.",
            edge=text(edge),
            **ends,
        )
    return say(
        "The average goes from {first} to {last}: {verdict}. The last ones added cost {edge} each, more than"
        " the average, and pull it up.",
        edge=text(edge),
        **ends,
    )
