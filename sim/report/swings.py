"""Bars of what each assumption does to an effect over its own range, as self-contained SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.report.frame import SIDE, WIDTH, Frame, caption, heading, level_axis
from sim.report.numbers import Value, compact, decimals, plain, read
from sim.report.svg import Drawing, Scale, wrapped

_ROW = 44.0


@dataclass(frozen=True)
class Bar:
    """One assumption.

    Attributes
    ----------
    words
        Its name.
    ends
        Its value at each end of its range, as written, and the change of the effect there.
    is_faint
        Whether neither end can be told from no change; it is drawn grey.
    """

    words: str
    ends: tuple[tuple[str, Value], ...]
    is_faint: bool


def bars_of(swings: Sequence[Mapping[str, Any]], target: str) -> list[Bar]:
    """Return the bars of a brief's swings for one target, as they are ordered."""
    found = []
    for swing in swings:
        ends = []
        for side in ("low", "high"):
            end = swing[side]
            change = None if end is None else read(end["change"][target])
            if change is not None:
                ends.append((f"{compact(end['value'])} {swing['unit']}", change))
        if ends:
            found.append(Bar(swing["path"], tuple(ends), bool(swing["within_noise"][target])))
    return found


def swing_chart(bars: Sequence[Bar], *, title: str, lead: str, unit: str, note: str) -> str:
    """Draw bars from the largest to the smallest.

    Parameters
    ----------
    bars
        What to draw; the two ends differ in colour, and each is labelled with the value it stands for.
    title, lead, note
        Heading, the line below it, small print.
    unit
        What the axis shows.

    Raises
    ------
    ValueError
        If there is nothing to draw.
    """
    if not bars:
        raise ValueError("swings need at least one assumption to draw")
    places = decimals([change for bar in bars for _, change in bar.ends])
    drawing = Drawing(WIDTH, 0, title, _described(bars, places, unit))
    top = heading(drawing, title, lead) + 18
    frame = Frame(300, top, WIDTH - 40, top + _ROW * len(bars))
    x = _scale(bars, frame)
    level_axis(drawing, frame, x, unit)
    for number, bar in enumerate(bars):
        _row(drawing, frame, x, frame.top + _ROW * number, bar)
    caption(drawing, frame.bottom + 66, note)
    return drawing.source()


def _scale(bars: Sequence[Bar], frame: Frame) -> Scale:
    ends = [0.0]
    for bar in bars:
        for _, change in bar.ends:
            ends += [change.mean - change.half_width, change.mean + change.half_width]
    low, high = min(ends), max(ends)
    pad = 0.3 * max(high - low, 1e-9)  # room for the labels of the ends
    return Scale(
        low - (pad if low < 0 else 0.04 * high),
        high + (pad if high > 0 else -0.04 * low),
        frame.left,
        frame.right,
    )


def _row(drawing: Drawing, frame: Frame, x: Scale, y: float, bar: Bar) -> None:
    for line, words in enumerate(lines := _split(bar.words, frame.left - SIDE - 14)):
        middle = y + _ROW / 2 + 4.5 - 7.5 * (len(lines) - 1) + 15 * line
        drawing.text(frame.left - 14, middle, words, "soft" if bar.is_faint else "ink", size=12, anchor="end")
    for side, (words, change) in enumerate(bar.ends):
        look = "third" if bar.is_faint else ("first", "second")[side]
        high = y + (5 if side == 0 else _ROW / 2 + 1)
        drawing.rectangle(x(0), high, x(change.mean) - x(0), _ROW / 2 - 6, look, rx=2, opacity=0.85)
        middle = high + (_ROW / 2 - 6) / 2
        reach = [x(change.mean - change.half_width), x(change.mean + change.half_width)]
        if change.half_width:
            drawing.line(reach[0], middle, reach[1], middle, "ink-line", stroke_width=1.2)
        is_left = change.mean < 0
        place = min(*reach, x(0)) - 6 if is_left else max(*reach, x(0)) + 6
        drawing.text(place, middle + 4, words, "ink halo", size=11, anchor="end" if is_left else "start")


def _split(path: str, width: float) -> list[str]:
    """Break a dotted path into at most two lines at its dots."""
    lines = wrapped(path.replace(".", ". "), 12, width, 2)
    return [line.replace(". ", ".") for line in lines]


def _described(bars: Sequence[Bar], places: int, unit: str) -> str:
    parts = [
        f"{bar.words}: "
        + ", ".join(f"{plain(change.mean, places, signed=True)} at {words}" for words, change in bar.ends)
        + (" (within noise)" if bar.is_faint else "")
        for bar in bars
    ]
    return f"Change of {unit}. {'; '.join(parts)}."
