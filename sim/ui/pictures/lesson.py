"""Charts of the lesson, large enough for the last row: predictions, and the truth drawn over them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.report.numbers import Value, decimals, plain, read, text
from sim.report.page import Column, Row, Table, table
from sim.ui.drawn import Drawn
from sim.ui.language import say
from sim.ui.pictures.growth import points_of
from sim.ui.pictures.picture import NothingToDrawError, Result, figure
from sim.ui.prediction import SIZES, WITHIN, Prediction, Truth, is_hit, middle
from sim.ui.style import CURRENT, GHOST, SECOND
from sim.ui.vocabulary import unit_name

if TYPE_CHECKING:
    import plotly.graph_objects as go

LARGE, LARGEST = 20, 24
"""Sizes of letters: capitals of 24 pixels on 1280 across are read at 6 m on a screen 2.4 m wide."""
_ALL = (SIZES[0], 1.0, *SIZES[1:])


def class_chart(
    predictions: Sequence[Prediction],
    truth: Truth | None = None,
    sizes: Sequence[float] = (),
    *,
    with_interval: bool = False,
) -> Drawn:
    """Draw what the class expects, and over it as much of the truth as was revealed.

    Parameters
    ----------
    predictions
        In any order; drawn without names.
    truth
        What was found; None before the first step of the reveal.
    sizes
        Sizes whose truth is revealed.
    with_interval
        Whether the intervals of the truth are drawn too.
    """
    shown = {} if truth is None else {size: truth.points[size] for size in sizes if size in truth.points}
    found = _axes(predictions, shown)
    _add_class(found, predictions)
    if shown and truth is not None:
        _add_truth(found, truth, shown, predictions, with_interval)
    medians = middle(predictions)
    title = (
        say("Cost per parcel by size: the class and the simulation")
        if shown
        else say("What the class expects")
    )
    reading = _reading(predictions, medians, shown)
    return Drawn(found, _table(title, predictions, medians, truth, shown), f"{title}: {reading}", reading)


def two_curves(now: Result, other: Result, other_name: str) -> Drawn:
    """Draw the lesson's curve in grey and another world or path in blue, in yuan.

    Raises
    ------
    NothingToDrawError
        If either reaches no size.
    """
    before, after = points_of(now, "average_cost"), points_of(other, "average_cost")
    if not before or not after:
        raise NothingToDrawError("no size can be reached")
    unit = unit_name(before[0][1].unit)
    found = figure(say("size, times today (logarithmic)"), f"{say('cost per parcel')} ({unit})")
    for points, name, colour, dash in (
        (before, say("the lesson’s curve"), GHOST, "dot"),
        (after, other_name, CURRENT, "solid"),
    ):
        _line(found, [(size, known.mean) for size, known in points], name, colour, dash)
    _size_axis(found, [size for size, _ in before])
    found.update_yaxes(rangemode="tozero")
    found.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.16, "x": 0})
    title = say("Cost per parcel by size")
    ends = {"name": other_name, "first": text(after[0][1]), "last": text(after[-1][1])}
    reading = say("{name}: from {first} to {last} yuan per parcel.", **ends)
    known = dict(after)
    heads = [Column(say("size")), Column(say("the lesson’s curve"), unit), Column(other_name, unit)]
    rows = [(f"×{size:g}", text(cost), text(known.get(size))) for size, cost in before]
    return Drawn(enlarged(found), table(title, heads, list(rows)), f"{title}: {reading}", reading)


def enlarged(found: Any) -> Any:
    """Return a chart with letters for a projector."""
    found.update_layout(font={"size": LARGE}, legend={"font": {"size": LARGE}})
    found.update_xaxes(title_font={"size": LARGE}, tickfont={"size": LARGE}, automargin=True)
    found.update_yaxes(title_font={"size": LARGE}, tickfont={"size": LARGE}, automargin=True)
    for note in found.layout.annotations:
        note.font.size = max(note.font.size or 0, LARGE)
    return found


def enlarged_causes(drawn: Drawn) -> Drawn:
    """Return the chart of causes with letters for a projector, and room for its numbers."""
    found = enlarged(drawn.figure)
    found.update_layout(margin={"l": 8, "r": 92, "t": 8, "b": 8})
    found.update_yaxes(title_text="", visible=True, title_standoff=0)
    found.update_yaxes(title_text=say("cause"))
    return Drawn(found, drawn.table, drawn.alt, drawn.reading)


def _axes(predictions: Sequence[Prediction], shown: dict[float, Value]) -> go.Figure:
    """Return axes whose height depends on what is shown only, so that it betrays nothing."""
    found = figure(say("size, times today (logarithmic)"), say("cost per parcel (today = 100)"))
    numbers = [float(number) for one in predictions for number in one.numbers]
    numbers += [known.mean for known in shown.values()]
    low, high = min([70.0, *numbers]), max([130.0, *numbers])
    found.update_yaxes(range=[max(low - 15.0, 0.0), high + 15.0])
    _size_axis(found, _ALL)
    found.add_hline(y=100, line={"color": f"rgb({GHOST})", "width": 1, "dash": "dot"})
    return found


def _size_axis(found: go.Figure, sizes: Sequence[float]) -> None:
    found.update_xaxes(
        type="log",
        tickvals=list(sizes),
        ticktext=[f"×{size:g}" for size in sizes],
        range=[math.log10(min(sizes) * 0.85), math.log10(max(sizes) * 1.35)],
    )


def _line(found: go.Figure, points: Sequence[tuple[float, float]], name: str, colour: str, dash: str) -> None:
    found.add_scatter(
        x=[size for size, _ in points],
        y=[cost for _, cost in points],
        name=name,
        mode="lines+markers",
        line={"color": f"rgb({colour})", "width": 4, "dash": dash},
        marker={"size": 13, "symbol": "circle" if dash == "solid" else "diamond"},
    )


def _add_class(found: go.Figure, predictions: Sequence[Prediction]) -> None:
    """Draw every prediction as a grey dash and their median as a dashed line through today."""
    if not predictions:
        return
    dots = [(size, number) for one in predictions for size, number in zip(SIZES, one.numbers, strict=True)]
    found.add_scatter(
        x=[size for size, _ in dots],
        y=[number for _, number in dots],
        mode="markers",
        name=say("each prediction"),
        marker={
            "symbol": "line-ew-open",
            "size": 26,
            "color": f"rgba({GHOST}, 0.8)",
            "line": {"width": 3, "color": f"rgba({GHOST}, 0.8)"},
        },
    )
    line = sorted([(1.0, 100.0), *middle(predictions).items()])
    _line(found, line, say("middle of the class"), SECOND, "dash")
    found.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.16, "x": 0})
    enlarged(found)


def _is_below(size: float, mean: float, medians: dict[float, float]) -> bool:
    """Whether a label, which stands to the right of its mark, goes below it: the class's line is above."""
    line = {1.0: 100.0, **medians}
    near = [line[one] for one in _ALL[_ALL.index(size) :][:2] if one in line] if size in _ALL else []
    return bool(medians and near) and sum(near) / len(near) > mean


def _add_truth(
    found: go.Figure,
    truth: Truth,
    shown: dict[float, Value],
    predictions: Sequence[Prediction],
    with_interval: bool,
) -> None:
    """Draw the truth with its numbers, each on the side of its mark where the class's line is not."""
    points = sorted((size, known.mean) for size, known in shown.items())
    medians = middle(predictions)
    _line(found, points, say("simulated"), CURRENT, "solid")
    if with_interval:
        found.data[-1].error_y = {
            "type": "data",
            "symmetric": False,
            "array": [_reach(shown[size].high, mean) for size, mean in points],
            "arrayminus": [_reach(mean, shown[size].low) for size, mean in points],
            "thickness": 3,
            "width": 10,
        }
    for size, mean in points:
        yuan = plain(mean / 100.0 * truth.today.mean, 2)
        found.add_annotation(
            x=math.log10(size),
            y=mean,
            text=f"<b>{mean:.0f}</b> ({yuan})",
            showarrow=False,
            xanchor="left",
            xshift=22,
            yshift=-17 if _is_below(size, mean, medians) else 17,
            font={"size": LARGEST, "color": f"rgb({CURRENT})"},
        )
    found.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.16, "x": 0})
    enlarged(found)


def _reach(high: float | None, low: float | None) -> float:
    return 0.0 if high is None or low is None else high - low


def _reading(
    predictions: Sequence[Prediction], medians: dict[float, float], shown: dict[float, Value]
) -> str:
    largest = max(shown, default=0.0)
    at = SIZES.index(largest) if largest in SIZES else None
    if at is None or not predictions:
        if not medians:
            return say("The number in bold has today = 100; in brackets stand yuan per parcel.")
        low, high = (f(one.numbers[-1] for one in predictions) for f in (min, max))
        return say(
            "At four times today’s size the class expects {low} to {high}, in the middle {middle}.",
            low=low,
            high=high,
            middle=f"{medians[SIZES[-1]]:.0f}",
        )
    mean = shown[largest].mean
    hits = sum(is_hit(one.numbers[at], mean) for one in predictions)
    return say(
        "At ×{size} it is {truth}; the middle of the class said {middle}. {hits} of {count} are within"
        " {points} points.",
        size=f"{largest:g}",
        truth=f"{mean:.0f}",
        middle=f"{medians[largest]:.0f}",
        hits=hits,
        count=len(predictions),
        points=f"{WITHIN:g}",
    )


def _table(
    title: str,
    predictions: Sequence[Prediction],
    medians: dict[float, float],
    truth: Truth | None,
    shown: dict[float, Value],
) -> Table:
    heads = [Column(say("size"))]
    if predictions:
        heads += [
            Column(say("lowest prediction")),
            Column(say("middle of the class")),
            Column(say("highest prediction")),
        ]
    if shown:
        heads += [
            Column(say("simulated"), say("today = 100")),
            Column(say("simulated"), unit_name("yuan/parcel")),
        ]
    rows: list[tuple[str, ...] | Row] = []
    for size in _ALL:
        row = [f"×{size:g}"]
        if predictions:
            numbers = [one.numbers[SIZES.index(size)] for one in predictions] if size in SIZES else []
            row += (
                [str(min(numbers)), f"{medians[size]:g}", str(max(numbers))] if numbers else ["", "100", ""]
            )
        if shown and truth is not None:
            known = shown.get(size)
            yuan = None if known is None else known.scaled(truth.today.mean / 100.0, "yuan/parcel")
            row += ["", ""] if yuan is None else [text(known, 1), text(yuan, decimals([yuan]))]
        rows.append(tuple(row))
    return table(title, heads, rows)


def against_the_door(result: Result) -> list[tuple[float, Value]]:
    """Return what a parcel costs above the door at each size that has it."""
    return [
        (step["volume"], known)
        for step in result["steps"]
        if (known := read(step.get("incremental_cost"))) is not None
    ]
