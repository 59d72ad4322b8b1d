"""The cost curve: average and marginal cost against size, as self-contained SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from sim.report.frame import (
    SIDE,
    WIDTH,
    Frame,
    Rung,
    caption,
    heading,
    knows_sizes,
    reached_rungs,
    small_print,
)
from sim.report.numbers import Value, compact, decimals, plain, read, text
from sim.report.svg import Drawing, Scale, text_width, tick_words, ticks, wrapped
from sim.report.words import METRICS, PATHS, SIZES

_PLOT_HEIGHT = 340.0


def cost_curve(result: Mapping[str, Any], *, title: str = "", note: str = "") -> str:
    """Draw average and marginal cost against size.

    Parameters
    ----------
    result
        Result of ``scale`` along one path, with at least two rungs that were reached.
    title
        Heading; the metric and path in words if empty.
    note
        Small print; what the intervals are if empty.

    Returns
    -------
    str
        Source of the drawing: average cost with a band for its interval, marginal cost between neighbouring
        rungs, the turning point as an upright band, the smallest efficient size as a mark on the axis.

    Raises
    ------
    ValueError
        If fewer than two rungs can be drawn.
    """
    rungs = reached_rungs(result)
    if len(rungs) < 2:
        raise ValueError("a cost curve needs at least two rungs that were reached")
    metric = METRICS.get(result["metric"], result["metric"].replace("_", " "))
    path = result.get("path", "")
    title = title or f"{metric[0].upper()}{metric[1:]} when {PATHS.get(path, path)}"
    unit = rungs[0].average.unit or "yuan"
    headline = result.get("headline") or ""
    drawing = Drawing(WIDTH, 0, title, _described(headline, rungs, unit))
    top = heading(drawing, title, headline) + 32
    frame = Frame(84, top, WIDTH - 150, top + _PLOT_HEIGHT)
    x, y = _size_scale(rungs, frame), _cost_scale(rungs, frame)
    _cost_axis(drawing, frame, y, unit)
    if knows_sizes(result):
        grows = SIZES.get(result.get("elasticity_to", "orders"), "size")
        _turning_point(drawing, frame, x, read(result.get("turning_point")))
        _efficient_from(drawing, frame, x, read(result.get("minimum_efficient_scale")))
        _size_axis(drawing, frame, x, rungs, f"{grows}, logarithmic; × is volume relative to the scenario")
    else:
        _size_axis(drawing, frame, x, rungs, "volume relative to the scenario, logarithmic")
    inside = drawing.clip("cs-window", frame.left, frame.top, frame.right - frame.left, frame.height)
    _marginal(drawing, x, y, rungs, inside)
    _average(drawing, x, y, rungs, inside)
    _end_labels(drawing, frame, y, rungs, result.get("against") or "the alternative")
    caption(drawing, frame.bottom + 88, note or small_print(rungs[0].average))
    return drawing.source()


def _size_scale(rungs: Sequence[Rung], frame: Frame) -> Scale:
    low, high = rungs[0].size, rungs[-1].size
    pad = (high / low) ** 0.06
    return Scale(low / pad, high * pad, frame.left, frame.right, is_log=True)


def _cost_scale(rungs: Sequence[Rung], frame: Frame) -> Scale:
    ends = [e for r in rungs for e in (r.average.mean, r.average.low, r.average.high) if e is not None]
    ends += [rung.even for rung in rungs if rung.even is not None]
    low, high = min(ends), max(ends)
    span = max(high - low, 0.02 * max(abs(low), abs(high)), 1e-9)
    for rung in rungs:  # a wild marginal cost must not flatten the curve it belongs to
        if rung.marginal is not None and low - 2 * span <= rung.marginal.mean <= high + 2 * span:
            ends.append(rung.marginal.mean)
    low, high = min(ends), max(ends)
    pad = 0.12 * max(high - low, span)
    low = 0.0 if 0 <= low < 0.5 * high else low - pad
    return Scale(low, high + pad, frame.bottom, frame.top)


def _cost_axis(drawing: Drawing, frame: Frame, y: Scale, unit: str) -> None:
    marks = ticks(y.low, y.high, 8)
    for number, words in zip(marks, tick_words(marks), strict=True):
        drawing.line(frame.left, y(number), frame.right, y(number), "axis" if number == 0 else "grid")
        drawing.text(frame.left - 10, y(number) + 4, words, "soft", size=12, anchor="end")
    drawing.text(SIDE, frame.top - 14, unit, "soft", size=12)


def _size_axis(drawing: Drawing, frame: Frame, x: Scale, rungs: Sequence[Rung], words: str) -> None:
    drawing.line(frame.left, frame.bottom, frame.right, frame.bottom, "axis")
    for rung in rungs:
        place = x(rung.size)
        drawing.line(place, frame.bottom, place, frame.bottom + 5, "axis")
        drawing.text(place, frame.bottom + 20, compact(rung.size), size=12.5, anchor="middle")
        drawing.text(place, frame.bottom + 36, f"×{rung.volume:g}", "soft", size=11.5, anchor="middle")
    drawing.text(frame.middle, frame.bottom + 58, words, "soft", size=12, anchor="middle")


def _turning_point(drawing: Drawing, frame: Frame, x: Scale, point: Value | None) -> None:
    if point is None:
        return
    low = x(point.low if point.low is not None else point.mean)
    high = x(point.high if point.high is not None else point.mean)
    drawing.rectangle(low, frame.top, high - low, frame.height, "mark", opacity=0.13)
    drawing.line(x(point.mean), frame.top, x(point.mean), frame.bottom, "mark-line", stroke_dasharray="2 4")
    words = f"stops scaling at {compact(point.mean)}"
    if point.low is not None and point.high is not None:
        words += f" ({compact(point.low)} to {compact(point.high)})"
    half = text_width(words, 12.5) / 2
    place = min(max((low + high) / 2, frame.left + 60 + half), frame.right - half)
    drawing.text(place, frame.top - 10, words, "mark", size=12.5, anchor="middle", bold=True)


def _efficient_from(drawing: Drawing, frame: Frame, x: Scale, size: Value | None) -> None:
    if size is None or not x.low <= size.mean <= x.high:
        return
    place, foot = x(size.mean), frame.bottom - 1
    drawing.path([(place, foot - 10), (place - 6, foot), (place + 6, foot)], "mark gap", closed=True)
    anchor, offset = ("start", 10) if place < frame.middle else ("end", -10)
    words = f"within 5% of the lowest from {compact(size.mean)}"
    drawing.text(place + offset, foot - 6, words, "mark halo", size=11.5, anchor=anchor)


def _average(drawing: Drawing, x: Scale, y: Scale, rungs: Sequence[Rung], inside: str) -> None:
    even = [(x(r.size), y(r.even)) for r in rungs if r.even is not None]
    if len(even) > 1:
        drawing.path(even, "third-line", stroke_width=2.5, stroke_dasharray="1 6", stroke_linecap="round")
    upper = [(x(r.size), y(r.average.mean if r.average.high is None else r.average.high)) for r in rungs]
    lower = [(x(r.size), y(r.average.mean if r.average.low is None else r.average.low)) for r in rungs]
    drawing.path([*upper, *reversed(lower)], "first", closed=True, opacity=0.2, clip_path=inside)
    points = [(x(r.size), y(r.average.mean)) for r in rungs]
    drawing.path(points, "first-line", stroke_width=3, stroke_linejoin="round")
    places = decimals([r.average for r in rungs])
    for (px, py), rung in zip(points, rungs, strict=True):
        if rung.average.low is not None and rung.average.high is not None:
            drawing.whisker(px, y(rung.average.low), y(rung.average.high), "first-line", stroke_width=1.5)
        drawing.circle(px, py, 5, "first gap", stroke_width=1.5)
        above = min(y(rung.average.mean if rung.average.high is None else rung.average.high), py - 6) - 8
        words = plain(rung.average.mean, places)
        drawing.text(px, above, words, "first halo", size=13, anchor="middle", bold=True)


def _marginal(drawing: Drawing, x: Scale, y: Scale, rungs: Sequence[Rung], inside: str) -> None:
    for before, after in pairwise(rungs):
        value = after.marginal
        if value is None:
            continue
        left, right = x(before.size), x(after.size)
        if value.low is not None and value.high is not None:
            high, low = y(value.high), y(value.low)
            drawing.rectangle(left, high, right - left, low - high, "second", opacity=0.14, clip_path=inside)
        if y.low <= value.mean <= y.high:
            level = y(value.mean)
            drawing.line(left, level, right, level, "second-line", stroke_width=2.5, stroke_dasharray="7 4")
        else:
            _beyond(drawing, (left + right) / 2, y, value)


def _beyond(drawing: Drawing, place: float, y: Scale, value: Value) -> None:
    """Point to a value outside the window and write it."""
    down = -1 if value.mean > y.high else 1
    edge = y.end + 4 if down < 0 else y.start - 16
    tip, base = edge + down * 5, edge - down * 5
    drawing.path([(place - 6, base), (place + 6, base), (place, tip)], "second", closed=True)
    drawing.text(
        place + 11,
        edge + 5,
        f"marginal {plain(value.mean, decimals([value]))}, off the chart",
        "second halo",
        size=11.5,
    )


def _end_labels(drawing: Drawing, frame: Frame, y: Scale, rungs: Sequence[Rung], against: str) -> None:
    last = rungs[-1]
    labels = [("average", last.average, "first")]
    if last.marginal is not None and y.low <= last.marginal.mean <= y.high:
        labels.append(("marginal", last.marginal, "second"))
    if last.even is not None and len([r for r in rungs if r.even is not None]) > 1:
        labels.append(("break-even", Value(last.even, unit=last.average.unit), "third"))
    below = frame.top
    for words, value, look in sorted(labels, key=lambda label: y(label[1].mean)):
        place = max(y(value.mean), below)
        below = place + 38
        drawing.text(frame.right + 14, place - 2, words, look, size=13.5, bold=True)
        under = text(value)
        if words == "break-even":
            under = wrapped(f"{under} with {against}", 12, WIDTH - frame.right - 22, 1)[0]
        drawing.text(frame.right + 14, place + 14, under, look, size=12)


def _described(headline: str, rungs: Sequence[Rung], unit: str) -> str:
    points = "; ".join(f"{compact(r.size)}: average {text(r.average)} {unit}" for r in rungs)
    return f"{headline} {points}.".strip()
