"""Sheets of the lesson that are printed on A4 in grey: axes to draw on, and the class over the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from sim.report.html import document, element, wrap
from sim.ui.language import language, say
from sim.ui.prediction import SIZES, WITHIN, Prediction, Truth, middle

if TYPE_CHECKING:
    from sim.ui.case import Case

GREY = (
    ".line{border-bottom:1px solid var(--line);height:8mm}.box{border:1px solid var(--ink);height:12mm}"
    "td.box{min-width:22mm}.sheet td,.sheet th{font-size:11pt;text-align:center}"
    "svg text{font-family:inherit}.consent{border:1px solid var(--line);padding:2mm 3mm}"
)
ROOMY = "@media print{body{font-size:11.5pt}.small{font-size:9pt}h2{font-size:13pt}}"
"""For the sheet to predict on, which has a page to itself."""
_WIDTH, _HEIGHT = 640.0, 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 60.0, 620.0, 16.0, 250.0
_ALL = (SIZES[0], 1.0, *SIZES[1:])


class _Axes:
    """Where sizes and costs stand on a sheet: sizes logarithmic, costs from zero."""

    def __init__(self, highest: float) -> None:
        self.highest = math.ceil(highest / 50.0) * 50.0

    def x(self, size: float) -> float:
        share = math.log(size / _ALL[0]) / math.log(_ALL[-1] / _ALL[0])
        return _LEFT + 40.0 + share * (_RIGHT - _LEFT - 80.0)

    def y(self, cost: float) -> float:
        return _BOTTOM - cost / self.highest * (_BOTTOM - _TOP)


def class_drawing(predictions: Sequence[Prediction], truth: Truth | None = None) -> str:
    """Return axes with predictions as dashes, their middle dashed, and the truth as a solid line.

    Without both it is an empty sheet to draw on, with today's 100 marked.
    """
    numbers = [float(number) for one in predictions for number in one.numbers]
    numbers += [] if truth is None else [known.high or known.mean for known in truth.points.values()]
    axes = _Axes(max([200.0, *numbers]))
    parts = [*_grid(axes)]
    for one in predictions:
        for size, number in zip(SIZES, one.numbers, strict=True):
            parts.append(
                _stroke([(axes.x(size) - 12, axes.y(number)), (axes.x(size) + 12, axes.y(number))], "#777", 2)
            )
    if predictions:
        line = sorted([(1.0, 100.0), *middle(predictions).items()])
        parts.append(_stroke([(axes.x(size), axes.y(cost)) for size, cost in line], "#444", 2, "7 5"))
    if truth is not None:
        points = sorted(truth.points.items())
        parts.append(_stroke([(axes.x(size), axes.y(known.mean)) for size, known in points], "#000", 3))
        for size, known in points:
            parts.append(
                f'<circle cx="{axes.x(size):.1f}" cy="{axes.y(known.mean):.1f}" r="5"/>'
                f'<text x="{axes.x(size):.1f}" y="{axes.y(known.mean) - 12:.1f}" text-anchor="middle"'
                f' font-size="15" font-weight="600">{known.mean:.0f}</text>'
            )
    parts.append(f'<circle cx="{axes.x(1.0):.1f}" cy="{axes.y(100.0):.1f}" r="6"/>')
    label = say(
        "Cost per parcel by size, today = 100: simulated solid, middle of the class dashed, each a dash"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img"'
        f' fill="currentColor" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def _grid(axes: _Axes) -> list[str]:
    found = []
    for cost in range(0, int(axes.highest) + 1, 50):
        found.append(_stroke([(_LEFT, axes.y(cost)), (_RIGHT, axes.y(cost))], "#bbb", 1))
        found.append(
            f'<text x="{_LEFT - 8:g}" y="{axes.y(cost) + 5:.1f}" text-anchor="end"'
            f' font-size="14">{cost}</text>'
        )
    for size in _ALL:
        found.append(_stroke([(axes.x(size), _TOP), (axes.x(size), _BOTTOM)], "#bbb", 1))
        found.append(
            f'<text x="{axes.x(size):.1f}" y="{_BOTTOM + 20:g}" text-anchor="middle"'
            f' font-size="15">×{size:g}</text>'
        )
    words = say("size, times today (logarithmic); upwards: cost per parcel, today = 100")
    found.append(
        f'<text x="{(_LEFT + _RIGHT) / 2:g}" y="{_BOTTOM + 44:g}" text-anchor="middle" font-size="14">'
        f"{escape(words)}</text>"
    )
    return found


def _stroke(points: Sequence[tuple[float, float]], colour: str, width: float, dash: str = "") -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    look = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{look}/>'


def prediction_sheet(case: Case) -> str:
    """Return the sheet a participant fills in before the lock; nothing on it is a result."""
    world = case.scenario()
    layer = "pickup.community"
    day = world.value(f"{layer}.attendant_hours_per_day") * world.value(f"{layer}.attendant_wage_per_hour")
    facts = (
        say("{count} pickup points today, one in each compound", count=f"{world.value(f'{layer}.points'):g}"),
        say("{yuan} yuan a day for each point’s attendant, whatever comes", yuan=f"{day:g}"),
        say(
            "one manager for {count} points; managers have managers",
            count=f"{world.value(f'{layer}.supervision.span'):g}",
        ),
    )
    title = say("My prediction: does a layer of pickup points get cheaper as it grows?")
    body = [
        wrap("style", GREY + ROOMY),
        element("h1", title),
        element(
            "p",
            say(
                "Growth here is copying: twice the size means twice the compounds, each with a point"
                " and as many"
                " orders as one has today. Cost is that of one parcel through a point."
            ),
        ),
        wrap("ul", "".join(element("li", words) for words in facts)),
        element("h2", say("1. Draw the curve you expect through the dot")),
        wrap("figure", class_drawing(())),
        element("h2", say("2. Write your three numbers, and how sure you are")),
        wrap("table", _boxes(), css="sheet"),
        element(
            "p",
            say(
                "A hit is a number within {points} points of the simulation. “Sure?” is the chance"
                " you give to that.",
                points=f"{WITHIN:g}",
            ),
            css="soft",
        ),
        element("h2", say("3. Because …")),
        '<div class="line"></div>' * 3,
        element(
            "p", say("Initials: ______   Hand this in before the lock; nothing can be changed after it.")
        ),
        wrap(
            "footer",
            element(
                "p",
                say(
                    "Illustrative numbers: China about 2014, not calibrated. Not modelled: wages"
                    " that rise where labour"
                    " is thin, managers who leave, taxes, rivals who copy the points."
                ),
            ),
            css="soft small",
        ),
    ]
    return document(title, body, language="zh-Hans" if language() == "zh" else "en")


def _boxes() -> str:
    """Return the rows of the table that takes three numbers and three chances."""
    heads = "".join(element("th", f"×{size:g}") for size in SIZES)
    empty = '<td class="box"></td>' * len(SIZES)
    return (
        f"<tr><th></th>{heads}</tr><tr>{element('th', say('cost per parcel, today = 100'))}{empty}</tr>"
        f"<tr>{element('th', say('chance of a hit: 10, 30, 50, 70 or 90%'))}{empty}</tr>"
    )
