"""A small drawing of a chart, made of its own numbers: light enough for eight of them in a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go

WIDTH, HEIGHT, PAD = 120.0, 54.0, 4.0


def thumbnail(figure: go.Figure, title: str) -> str:
    """Return a chart of bars or lines as a small SVG.

    Parameters
    ----------
    figure
        Chart with bars, waterfalls or scatter lines.
    title
        What it is, for screen readers.
    """
    marks = "".join(_marks(figure))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" '
        f'height="{HEIGHT:g}" role="img"><title>{escape(title)}</title>{marks}</svg>'
    )


def _marks(figure: go.Figure) -> Iterable[str]:
    bars = [trace for trace in figure.data if trace.type in ("bar", "waterfall")]
    lines = [trace for trace in figure.data if trace.type == "scatter" and trace.name]
    if bars:
        yield from _bars(bars[-1])
    if lines:
        yield from _lines(lines, is_log=figure.layout.xaxis.type == "log")


def _bars(trace: Any) -> Iterable[str]:
    heights = [value or 0.0 for value in (trace.x if trace.orientation == "h" else trace.y)]
    low, high = min(0.0, *heights), max(0.0, *heights)
    scale = (HEIGHT - 2 * PAD) / ((high - low) or 1.0)
    room = (WIDTH - 2 * PAD) / len(heights)
    colour = trace.marker.color if trace.type == "bar" else trace.increasing.marker.color
    for number, height in enumerate(heights):
        top = PAD + (high - max(height, 0.0)) * scale
        yield (
            f'<rect x="{PAD + number * room:.1f}" y="{top:.1f}" width="{0.7 * room:.1f}" '
            f'height="{max(abs(height) * scale, 0.8):.1f}" fill="{escape(str(colour))}"/>'
        )


def _lines(traces: Sequence[Any], *, is_log: bool) -> Iterable[str]:
    from math import log

    ys = [y for trace in traces for y in trace.y]
    xs = [log(x) if is_log else x for trace in traces for x in trace.x]
    low, high = min(0.0, *ys), max(ys)
    across = (WIDTH - 2 * PAD) / ((max(xs) - min(xs)) or 1.0)
    up = (HEIGHT - 2 * PAD) / ((high - low) or 1.0)
    for trace in traces:
        points = " ".join(
            f"{PAD + ((log(x) if is_log else x) - min(xs)) * across:.1f},{HEIGHT - PAD - (y - low) * up:.1f}"
            for x, y in zip(trace.x, trace.y, strict=True)
        )
        dash = ' stroke-dasharray="4 3"' if trace.line.dash in ("dash", "dot") else ""
        yield f'<polyline points="{points}" fill="none" stroke="{trace.line.color}" stroke-width="2"{dash}/>'
