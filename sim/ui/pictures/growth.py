"""Charts along a growth path: average and marginal cost, profit by size, level against the door, parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.report.numbers import Value, column, compact, decimals, plain, read
from sim.report.page import Column, Table, table
from sim.ui.drawn import Drawn
from sim.ui.language import say
from sim.ui.pictures.picture import Material, NothingToDrawError, Picture, Result, figure
from sim.ui.style import CURRENT, GHOST, SECOND, THIRD
from sim.ui.vocabulary import group_name, path_words, unit_name, verdict_words

if TYPE_CHECKING:
    import plotly.graph_objects as go

Points = Sequence[tuple[float, Value]]
_PALETTE = (CURRENT, SECOND, THIRD, "230, 159, 0", "204, 121, 167", "86, 180, 233", GHOST)
_MOST_BUCKETS = 6


def points_of(result: Result, name: str) -> list[tuple[float, Value]]:
    """Return (volume, value) of one quantity on every size that has it."""
    found = [(step["volume"], read(step.get(name))) for step in result["steps"]]
    return [(volume, known) for volume, known in found if known is not None]


def unit_of_cost(result: Result) -> str:
    """Return what the average cost is measured in."""
    return next((known.unit for _, known in points_of(result, "average_cost")), "yuan/order")


def add_line(
    found: go.Figure, points: Points, *, name: str, colour: str, dash: str = "solid", ghost: bool = False
) -> None:
    """Add a line with its interval as a band, and its name at its end."""
    if not points:
        return
    x = [volume for volume, _ in points]
    ends = [(known.low, known.high) for _, known in points]
    if all(low is not None and high is not None for low, high in ends) and not ghost:
        found.add_scatter(
            x=[*x, *reversed(x)],
            y=[*(high for _, high in ends), *(low for low, _ in reversed(ends))],
            mode="lines",  # a band has no corners to mark
            fill="toself",
            fillcolor=f"rgba({colour}, 0.2)",
            line={"width": 0},
            hoverinfo="skip",
        )
    found.add_scatter(
        x=x,
        y=[known.mean for _, known in points],
        name=name,
        mode="lines+markers",
        line={"color": f"rgb({colour})", "width": 2 if ghost else 3, "dash": dash},
        marker={"size": 6 if ghost else 8, "symbol": "diamond" if dash == "dash" else "circle"},
        hovertemplate="%{y:.2f}",
    )
    places = decimals([known for _, known in points])
    found.add_annotation(
        x=_log10(x[-1]),
        y=points[-1][1].mean,
        text=f"{name} {plain(points[-1][1].mean, min(places, 2))}",
        xanchor="left",
        xshift=9,
        showarrow=False,
        font={"color": f"rgb({colour})", "size": 13},
    )


def ladder_figure(result: Result, y_title: str) -> go.Figure:
    """Return an empty chart over the sizes of a study, said to be logarithmic."""
    volumes = [step["volume"] for step in result["steps"]]
    orders = dict(points_of(result, "orders"))
    labels = [f"×{v:g}" + (f"<br>{compact(orders[v].mean)}" if v in orders else "") for v in volumes]
    found = figure(
        say("size (today = ×1, logarithmic axis): {path}", path=path_words(result["path"])),
        y_title,
    )
    low, high = _log10(min(volumes)), _log10(max(volumes))
    found.update_xaxes(
        type="log",
        tickvals=volumes,
        ticktext=labels,
        range=[low - 0.05 * (high - low), high + 0.34 * (high - low)],
    )
    return found


def separate_names(found: go.Figure, height: float = 190.0, apart: float = 16.0) -> None:
    """Push the names at the ends of lines apart where they would lie on each other."""
    notes = sorted(found.layout.annotations, key=lambda note: note.y)
    if len(notes) < 2:
        return
    values = [end for trace in found.data if trace.y is not None for end in trace.y]
    span = max(values) - min(*values, 0.0) or 1.0
    free = float("-inf")
    for note in notes:
        place = note.y / span * height
        shift = max(place, free) - place
        note.yshift = shift
        free = place + shift + apart


def ladder_table(result: Result, names: Mapping[str, str], title: str, unit: str) -> Table:
    """Return one row per size with the quantities that the study has."""
    kept = [name for name in names if points_of(result, name)]
    heads = [Column(say("volume")), Column(say("orders"), say("orders"))]
    heads += [Column(names[name], "" if name == "orders" else unit_name(unit)) for name in kept]
    cells = [[f"×{step['volume']:g}" for step in result["steps"]]]
    cells += [column([read(step.get(name)) for step in result["steps"]]) for name in ("orders", *kept)]
    return table(title, heads, list(zip(*cells, strict=True)))


def _volume(material: Material) -> Drawn:
    assert material.scale is not None, "a picture of growth is drawn from a study of scale"
    result, unit = material.scale, unit_of_cost(material.scale)
    average, marginal = points_of(result, "average_cost"), points_of(result, "marginal_cost")
    if not average:
        raise NothingToDrawError("no size on this path can be reached")
    found = ladder_figure(result, f"{say('cost')} ({unit_name(unit)})")
    if material.scale_before is not None:
        before = points_of(material.scale_before, "average_cost")
        add_line(found, before, name=say("baseline"), colour=GHOST, dash="dot", ghost=True)
    add_line(found, marginal, name=say("marginal"), colour=SECOND, dash="dash")
    add_line(found, average, name=say("average"), colour=CURRENT)
    _turning_band(found, result)
    found.update_yaxes(rangemode="tozero")
    separate_names(found)
    title = say("Average and marginal cost by size")
    names = {"average_cost": say("average"), "marginal_cost": say("marginal")}
    reading = _volume_reading(result, average, marginal)
    return Drawn(found, ladder_table(result, names, title, unit), f"{title}: {reading}", reading)


def _volume_reading(result: Result, average: Points, marginal: Points) -> str:
    verdict = verdict_words(result["verdict"])
    first, last = average[0][1].mean, average[-1][1].mean
    if not marginal:
        return say(
            "Average cost goes from {first} to {last}: {verdict}.",
            first=f"{first:.2f}",
            last=f"{last:.2f}",
            verdict=verdict,
        )
    edge = marginal[-1][1].mean
    return say(
        "Average cost goes from {first} to {last}, while the last ones added cost {edge} each: {verdict}.",
        first=f"{first:.2f}",
        last=f"{last:.2f}",
        edge=f"{edge:.2f}",
        verdict=verdict,
    )


def _turning_band(found: go.Figure, result: Result) -> None:
    """Shade the interval of the turning point, where the study found one."""
    turn = read(result.get("turning_point"))
    sizes = [(step["volume"], read(step.get("orders"))) for step in result["steps"]]
    known = [(volume, orders.mean) for volume, orders in sizes if orders is not None]
    if (
        turn is None
        or turn.low is None
        or turn.high is None
        or result["elasticity_to"] != "orders"
        or not known
    ):
        return
    per_volume = known[-1][1] / known[-1][0]
    found.add_vrect(
        x0=turn.low / per_volume,
        x1=turn.high / per_volume,
        fillcolor=f"rgba({SECOND}, 0.15)",
        line_width=0,
        annotation_text=say("stops falling here"),
        annotation_position="top left",
    )


def _one_line(material: Material, name: str, *, y_title: str, title: str, unit: str, reading: str) -> Drawn:
    assert material.scale is not None, "a picture of growth is drawn from a study of scale"
    points = points_of(material.scale, name)
    if not points:
        raise NothingToDrawError("this scenario has nothing to draw here")
    found = ladder_figure(material.scale, f"{y_title} ({unit_name(unit)})")
    if material.scale_before is not None:
        before = points_of(material.scale_before, name)
        add_line(found, before, name=say("baseline"), colour=GHOST, dash="dot", ghost=True)
    add_line(found, points, name=say("now"), colour=CURRENT)
    separate_names(found)
    words = f"{reading} {points[0][1].mean:.2f} → {points[-1][1].mean:.2f} ({unit_name(unit)})."
    return Drawn(
        found, ladder_table(material.scale, {name: y_title}, title, unit), f"{title}: {words}", words
    )


def _profit_by_size(material: Material) -> Drawn:
    return _one_line(
        material,
        "contribution",
        y_title=say("profit before financing"),
        title=say("Profit per order by size"),
        unit="yuan/order",
        reading=say("Profit per order from the smallest to the largest size:"),
    )


def _incremental(material: Material) -> Drawn:
    assert material.scale is not None, "a picture of growth is drawn from a study of scale"
    return _one_line(
        material,
        "incremental_cost",
        y_title=say("cost above the door"),
        title=say("Against the door, by size"),
        unit=unit_of_cost(material.scale),
        reading=say("Above zero the door is cheaper:"),
    )


def _buckets(material: Material) -> Drawn:
    assert material.scale is not None, "a picture of growth is drawn from a study of scale"
    steps = [step for step in material.scale["steps"] if step.get("by_bucket")]
    if not steps:
        raise NothingToDrawError("this scenario has nothing to draw here")
    unit = unit_of_cost(material.scale)
    names = sorted(
        dict.fromkeys(name for step in steps for name in step["by_bucket"]),
        key=lambda name: -max(_mean(step, name) for step in steps),
    )[:_MOST_BUCKETS]
    title = say("What the cost is made of, by size")
    found = figure(say("size (today = ×1)"), f"{say('cost')} ({unit_name(unit)})")
    labels = [f"×{step['volume']:g}" for step in steps]
    for name, colour in zip(names, _PALETTE, strict=False):
        means = [_mean(step, name) for step in steps]
        found.add_bar(x=labels, y=means, name=group_name(name), marker={"color": f"rgb({colour})"})
    found.update_layout(barmode="relative", showlegend=True, legend={"orientation": "h", "y": -0.3})
    heads = [Column(say("cost"), words=True), *(Column(label, unit_name(unit)) for label in labels)]
    rows = [
        (group_name(name), *column([read(step["by_bucket"].get(name)) for step in steps])) for name in names
    ]
    reading = say(
        "{name} is the largest part: {first} at the smallest size, {last} at the largest.",
        name=group_name(names[0]),
        first=f"{_mean(steps[0], names[0]):.2f}",
        last=f"{_mean(steps[-1], names[0]):.2f}",
    )
    return Drawn(found, table(title, heads, list(rows)), f"{title}: {reading}", reading)


def _mean(step: Mapping[str, Any], name: str) -> float:
    known = read(step["by_bucket"].get(name))
    return 0.0 if known is None else known.mean


def _log10(number: float) -> float:
    from math import log10

    return log10(number)


VOLUME = Picture(
    "volume", lambda: say("Average and marginal cost by size"), lambda: say("Volume"), "scale", _volume
)
PROFIT_BY_SIZE = Picture(
    "growth", lambda: say("Profit per order by size"), lambda: say("Growth"), "scale", _profit_by_size
)
INCREMENTAL = Picture(
    "door", lambda: say("Against the door, by size"), lambda: say("Door"), "scale", _incremental
)
BUCKETS = Picture(
    "buckets", lambda: say("What the cost is made of, by size"), lambda: say("Cost parts"), "scale", _buckets
)
