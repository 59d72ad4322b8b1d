"""Waterfall charts: from one level to another, step by step, as self-contained SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sim.money.accounts import GROUPS
from sim.report.frame import SIDE, WIDTH, Frame, caption, heading, level_axis, reached_rungs, small_print
from sim.report.numbers import Value, decimals, read, text
from sim.report.svg import Drawing, Scale, wrapped
from sim.report.words import METRICS, PATHS, mechanism

_ROW = 34.0
_REMAINDERS = ("smaller", "interaction", "unattributed")


@dataclass(frozen=True)
class Bar:
    """One row of a waterfall: a level, or a step from the level above it."""

    words: str
    value: Value
    is_level: bool = False


def causes(result: Mapping[str, Any], *, title: str = "", note: str = "") -> str:
    """Draw what each mechanism does to unit cost between the ends of a ladder.

    Parameters
    ----------
    result
        Result of ``scale`` along one path with its causes.
    title
        Heading; the metric and the two volumes in words if empty.
    note
        Small print; how causes are measured if empty.

    Returns
    -------
    str
        Source of the drawing: cost at the smallest size, one bar for each mechanism with its interval
        (rising and falling differ in colour and in the sign that is written), cost at the largest size.

    Raises
    ------
    ValueError
        If the result has no causes or fewer than two rungs.
    """
    found = [(cause["mechanism"], read(cause["yuan_per_order"])) for cause in result.get("causes") or []]
    steps = ordered([(name, value) for name, value in found if value is not None])
    rungs = reached_rungs(result)
    if not steps or len(rungs) < 2:
        raise ValueError("there are no causes to draw; run scale along one path with causes")
    first, last = rungs[0], rungs[-1]
    metric = METRICS.get(result["metric"], result["metric"].replace("_", " "))
    title = title or f"Why {metric} changes from volume ×{first.volume:g} to ×{last.volume:g}"
    bars = [
        Bar(first.words, first.average, True),
        *(Bar(mechanism(name), value) for name, value in steps),
        Bar(last.words, last.average, True),
    ]
    words = (
        "Each mechanism is switched off in turn, on the same luck; interaction is what they do only together."
    )
    path = PATHS.get(result.get("path", ""), "")
    lead = f"Along the path on which {path}" if path else ""
    return waterfall(
        bars, title=title, lead=lead, note=note or f"{words} {small_print(first.average)}", cost=True
    )


def change(result: Mapping[str, Any], *, title: str = "", note: str = "") -> str:
    """Draw where two scenarios differ in contribution per order, by group of accounts.

    Parameters
    ----------
    result
        Result of ``compare``.
    title, note
        As in :func:`causes`.

    Raises
    ------
    ValueError
        If the two have no contribution per order.
    """
    sides = [read(result[side]["kpis"].get("contribution_per_order")) for side in "ab"]
    if sides[0] is None or sides[1] is None:
        raise ValueError("there is no contribution per order to compare")
    names = [result[side]["scenario"] for side in "ab"]
    bars = [Bar(names[0], sides[0], True), *_group_bars(result["waterfall"]), Bar(names[1], sides[1], True)]
    note = (
        note
        or f"Intervals of groups of several accounts are at most as wide as drawn. {small_print(sides[0])}"
    )
    title = title or f"Contribution per order: from {names[0]} to {names[1]}"
    return waterfall(bars, title=title, lead=result.get("headline", ""), note=note, cost=False)


def ordered(steps: Sequence[tuple[str, Value]]) -> list[tuple[str, Value]]:
    """Sort causes: mechanisms by size, then interaction, then what no mechanism explains."""

    def rank(step: tuple[str, Value]) -> tuple[int, float]:
        name, value = step
        kinds = [number for number, kind in enumerate(_REMAINDERS, 1) if name.startswith(kind)]
        return (kinds[0] if kinds else 0, -abs(value.mean))

    return sorted(steps, key=rank)


def waterfall(bars: Sequence[Bar], *, title: str, lead: str, note: str, cost: bool) -> str:
    """Draw bars from top to bottom.

    Parameters
    ----------
    bars
        Levels and the steps between them, with values of one unit.
    title, lead, note
        Heading, the line below it, small print.
    cost
        Whether a rise is bad: rising steps then have the colour of costs.
    """
    unit = bars[0].value.unit or "yuan"
    drawing = Drawing(WIDTH, 0, title, _described(bars, unit))
    top = heading(drawing, title, lead) + 18
    frame = Frame(246, top, WIDTH - 170, top + _ROW * len(bars))
    ends = _ends(bars)
    x = _scale(bars, ends, frame)
    level_axis(drawing, frame, x, unit)
    places = decimals([bar.value for bar in bars if not bar.is_level] or [bar.value for bar in bars])
    for number, (bar, (start, end)) in enumerate(zip(bars, ends, strict=True)):
        y = frame.top + _ROW * number
        look = "third" if bar.is_level else "second" if (bar.value.mean > 0) == cost else "first"
        _bar(drawing, x, y, bar, start, end, look)
        for line, words in enumerate(lines := wrapped(bar.words, 13, frame.left - SIDE - 14, 2)):
            middle = y + 21.5 - 7.5 * (len(lines) - 1) + 15 * line
            drawing.text(frame.left - 14, middle, words, size=13, anchor="end", bold=bar.is_level)
        written = text(bar.value, places, signed=not bar.is_level)
        drawing.text(
            frame.right + 14, y + 21.5, written, "ink" if bar.is_level else look, size=12.5, bold=bar.is_level
        )
    for number, ((_, end), _) in enumerate(pairwise(ends)):
        y = frame.top + _ROW * number + 28
        drawing.line(x(end), y, x(end), y + 12, "axis", stroke_dasharray="2 2")
    caption(drawing, frame.bottom + 66, note)
    return drawing.source()


def _group_bars(steps: Sequence[Mapping[str, Any]]) -> list[Bar]:
    groups: dict[str, list[Value]] = {}
    for step in steps:
        value = read(step["yuan_per_order"])
        if value is not None:
            groups.setdefault(step["group"], []).append(value)
    return [Bar(GROUPS.get(name, name), _summed(values)) for name, values in groups.items()]


def _summed(values: Sequence[Value]) -> Value:
    """Sum of values; the half-widths add up too, which no dependence between them can exceed."""
    mean, reach = sum(v.mean for v in values), sum(v.half_width for v in values)
    if not all(v.has_interval for v in values):
        return Value(mean, None, None, values[0].unit, values[0].n)
    return Value(mean, mean - reach, mean + reach, values[0].unit, values[0].n)


def _ends(bars: Sequence[Bar]) -> list[tuple[float, float]]:
    """Where each bar starts and ends; a level starts where it ends."""
    found, level = [], 0.0
    for bar in bars:
        start = bar.value.mean if bar.is_level else level
        level = bar.value.mean if bar.is_level else level + bar.value.mean
        found.append((start, level))
    return found


def _scale(bars: Sequence[Bar], ends: Sequence[tuple[float, float]], frame: Frame) -> Scale:
    points = [point for pair in ends for point in pair]
    for bar, (_, end) in zip(bars, ends, strict=True):
        points += [end - bar.value.half_width, end + bar.value.half_width]
    low, high = min(points), max(points)
    pad = 0.06 * max(high - low, 0.02 * max(abs(low), abs(high)), 1e-9)
    low = 0.0 if 0 <= low < 0.25 * high else low - pad
    return Scale(low, high + pad, frame.left, frame.right)


def _bar(drawing: Drawing, x: Scale, y: float, bar: Bar, start: float, end: float, look: str) -> None:
    if not bar.is_level:
        drawing.rectangle(x(start), y + 6, x(end) - x(start), 22, look, rx=2, opacity=0.85)
    if bar.value.half_width:
        reach = (x(end - bar.value.half_width), x(end + bar.value.half_width))
        drawing.line(reach[0], y + 17, reach[1], y + 17, "ink-line", stroke_width=1.3)
        for place in reach:
            drawing.line(place, y + 12.5, place, y + 21.5, "ink-line", stroke_width=1.3)
    if bar.is_level:
        drawing.path(
            [(x(end), y + 8), (x(end) + 9, y + 17), (x(end), y + 26), (x(end) - 9, y + 17)],
            "ink gap",
            closed=True,
        )


def _described(bars: Sequence[Bar], unit: str) -> str:
    return "; ".join(f"{bar.words}: {text(bar.value, signed=not bar.is_level)} {unit}" for bar in bars) + "."
