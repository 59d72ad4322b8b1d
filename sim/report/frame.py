"""What the charts have in common: heading, caption, axes, and the rungs of a ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.report.numbers import Value, compact, read
from sim.report.svg import Drawing, Scale, tick_words, ticks, wrapped
from sim.report.words import ILLUSTRATIVE, runs_behind

WIDTH = 880.0
SIDE = 28.0
_DROWNED = 0.25  # half-widths above this share of the average cost tell nothing


@dataclass(frozen=True)
class Frame:
    """The window of a chart in which numbers are drawn, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """Middle of its width."""
        return (self.left + self.right) / 2

    @property
    def height(self) -> float:
        """Its height."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Rung:
    """One size of a ladder as a chart needs it.

    Attributes
    ----------
    volume
        Relative to the scenario's own.
    size
        Orders, points or concentration; the relative volume where the result does not say.
    average, marginal
        Average cost here, and marginal cost from the rung below to here.
    even
        Average cost at which this size would be as cheap as what it is compared with; None where that is not
        known well enough to be drawn.
    """

    volume: float
    size: float
    average: Value
    marginal: Value | None
    even: float | None

    @property
    def words(self) -> str:
        """How a chart names it."""
        return f"Volume ×{self.volume:g} ({compact(self.size)})"


def knows_sizes(result: Mapping[str, Any]) -> bool:
    """Say whether the rungs of a result carry the size that grows along its path."""
    is_orders = result.get("elasticity_to", "orders") == "orders"
    return is_orders or any(step.get("size") is not None for step in result.get("steps") or [])


def reached_rungs(result: Mapping[str, Any]) -> list[Rung]:
    """Rungs of a result of ``scale`` that were reached, from small to large."""
    found = []
    for step in result.get("steps") or []:
        average = read(step.get("average_cost"))
        size = _size(step, result.get("elasticity_to", "orders"))
        if average is None or size is None:
            continue
        marginal = read(step.get("marginal_cost"))
        found.append(
            Rung(step["volume"], size, average, marginal, _even(average, read(step.get("incremental_cost"))))
        )
    return sorted(found, key=lambda rung: rung.size)


def _even(average: Value, incremental: Value | None) -> float | None:
    """Average cost less what is paid above the alternative, unless chance drowns it."""
    if incremental is None or incremental.half_width > _DROWNED * abs(average.mean):
        return None
    return average.mean - incremental.mean


def _size(step: Mapping[str, Any], elasticity_to: str) -> float | None:
    """Orders, or what else grows along the path; the relative volume where the result does not say."""
    if elasticity_to == "orders":
        orders = read(step.get("orders"))
        return None if orders is None else orders.mean
    size = read(step.get("size"))
    return float(step["volume"]) if size is None else size.mean


def heading(drawing: Drawing, title: str, lead: str) -> float:
    """Write title and lead; return the height at which they end."""
    y = 38.0
    for line in wrapped(title, 19, WIDTH - 2 * SIDE, 2):
        drawing.text(SIDE, y, line, size=19, bold=True)
        y += 24
    for line in wrapped(lead, 13.5, WIDTH - 2 * SIDE, 3):
        drawing.text(SIDE, y, line, "soft", size=13.5)
        y += 19
    return y - 10


def caption(drawing: Drawing, y: float, words: str) -> None:
    """Write the small print below a chart and end the drawing there."""
    for line in wrapped(words, 11.5, WIDTH - 2 * SIDE, 3):
        drawing.text(SIDE, y, line, "soft", size=11.5)
        y += 16
    drawing.height = y + 4


def small_print(value: Value) -> str:
    """What the intervals of a chart rest on, and what kind of numbers they are."""
    return f"{runs_behind(value.n)} {ILLUSTRATIVE}".strip()


def level_axis(drawing: Drawing, frame: Frame, x: Scale, words: str) -> None:
    """Draw a horizontal axis below a frame, with grid lines."""
    marks = ticks(x.low, x.high, 6)
    for number, written in zip(marks, tick_words(marks), strict=True):
        drawing.line(x(number), frame.top, x(number), frame.bottom, "axis" if number == 0 else "grid")
        drawing.text(x(number), frame.bottom + 18, written, "soft", size=12, anchor="middle")
    drawing.text(frame.middle, frame.bottom + 38, words, "soft", size=12, anchor="middle")
