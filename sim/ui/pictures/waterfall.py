"""What the changes did to profit per order, step by step over the groups of accounts."""

from __future__ import annotations

from sim.report.numbers import Value, decimals, plain, read, text
from sim.report.page import Column, table
from sim.ui.drawn import Drawn
from sim.ui.language import say
from sim.ui.pictures.picture import Material, NothingToDrawError, Picture, figure
from sim.ui.style import CURRENT, GHOST, SECOND
from sim.ui.vocabulary import group_name, unit_name

UNIT = "yuan/order"


def _change(material: Material) -> Drawn:
    assert material.compare is not None, "a waterfall is drawn from a comparison"
    result = material.compare
    before = read(result["a"]["kpis"].get("contribution_per_order"))
    after = read(result["b"]["kpis"].get("contribution_per_order"))
    if before is None or after is None:
        raise NothingToDrawError("this scenario has nothing to draw here")
    steps = [
        (group_name(step["group"]), known)
        for step in result["buckets"]
        if (known := read(step["yuan_per_order"])) is not None and known.mean != 0
    ]
    steps.sort(key=lambda step: -abs(step[1].mean))
    rows: list[tuple[str, Value]] = [(say("baseline"), before), *steps, (say("now"), after)]
    places = decimals([known for _, known in rows])
    found = figure(say("step"), f"{say('profit before financing')} ({unit_name(UNIT)})")
    found.add_waterfall(
        x=[name for name, _ in rows],
        y=[known.mean for _, known in rows],
        measure=["absolute", *("relative" for _ in steps), "total"],
        text=[plain(known.mean, places, signed=0 < i < len(rows) - 1) for i, (_, known) in enumerate(rows)],
        textposition="outside",
        increasing={"marker": {"color": f"rgb({CURRENT})"}},
        decreasing={"marker": {"color": f"rgb({SECOND})"}},
        totals={"marker": {"color": f"rgb({GHOST})"}},
        connector={"line": {"color": f"rgb({GHOST})", "width": 1}},
    )
    title = say("What the changes did to profit per order")
    change = read(result["difference"].get("contribution_per_order"))
    reading = say("All together: {change} yuan per order.", change=text(change, signed=True))
    if change is not None and change.has_interval and not change.is_detectable and change.half_width > 0:
        reading = say(
            "All together: no detectable difference so far ({change}).", change=text(change, signed=True)
        )
    heads = [Column(say("step"), words=True), Column(say("profit before financing"), unit_name(UNIT))]
    cells = [
        (name, text(known, places, signed=0 < i < len(rows) - 1)) for i, (name, known) in enumerate(rows)
    ]
    return Drawn(found, table(title, heads, list(cells)), f"{title}: {reading}", reading)


CHANGE = Picture(
    "change",
    lambda: say("What the changes did to profit per order"),
    lambda: say("Changes"),
    "compare",
    _change,
)
