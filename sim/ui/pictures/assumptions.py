"""Pictures of what is assumed: how numbers are founded, and four worlds side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.experiment.fourfold import CELLS
from sim.report.numbers import Value, decimals, read, shown, text
from sim.report.page import Column, table
from sim.ui.drawn import Drawn
from sim.ui.evidence import FAIR, GUESSED, KINDS, STRONG, UNSAID, WEAK, kind_short, kind_words, room_words
from sim.ui.language import say
from sim.ui.pictures.picture import NothingToDrawError, Result, figure
from sim.ui.style import CURRENT, GHOST, SECOND, THIRD
from sim.ui.vocabulary import kpi_name, unit_name

if TYPE_CHECKING:
    import plotly.graph_objects as go

_LOOKS = {
    GUESSED: (SECOND, ""),
    UNSAID: (GHOST, "/"),
    WEAK: ("230, 159, 0", "x"),
    FAIR: (CURRENT, "."),
    STRONG: (THIRD, "\\"),
}
"""Colour and hatching of each foundation."""


def foundations(counts: Mapping[str, Mapping[str, int]]) -> Drawn:
    """Draw how many numbers of each room are guessed, and how many rest on something.

    Parameters
    ----------
    counts
        Of :func:`sim.ui.evidence.counts`.
    """
    total = sum(sum(row.values()) for row in counts.values())
    if not total:
        raise NothingToDrawError("there are no numbers")
    title = say("What the numbers rest on")
    found = figure(say("numbers"), say("room"))
    names = [room_words(room) for room in counts]
    for kind in KINDS:
        colour, hatching = _LOOKS[kind]
        found.add_bar(
            y=names,
            x=[row[kind] for row in counts.values()],
            name=kind_short(kind),
            orientation="h",
            marker={
                "color": f"rgb({colour})",
                "pattern": {"shape": hatching, "size": 5, "fillmode": "overlay"},
            },
        )
    found.update_layout(
        barmode="stack", showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    )
    found.update_yaxes(autorange="reversed", showgrid=False, automargin=True)
    guessed = sum(row[GUESSED] for row in counts.values())
    founded = sum(row[STRONG] + row[FAIR] + row[WEAK] for row in counts.values())
    reading = say(
        "Of {total} numbers {guessed} are guesses and {founded} rest on a source; each has a grade.",
        total=f"{total:,}",
        guessed=f"{guessed:,}",
        founded=f"{founded:,}",
    )
    heads = [Column(say("room"), words=True), *(Column(kind_words(kind)) for kind in KINDS)]
    rows = [
        (name, *(str(row[kind]) for kind in KINDS)) for name, row in zip(names, counts.values(), strict=True)
    ]
    return Drawn(found, table(title, heads, list(rows)), f"{title}. {reading}", reading)


# --- four worlds ----------------------------------------------------------------------------------


def four_worlds(result: Result) -> Drawn:
    """Draw the figure for default and own levers, one line for each world.

    Parameters
    ----------
    result
        Of :func:`sim.experiment.fourfold.fourfold`, as plain data.
    """
    cells = {name: _shown(result["cells"][name]) for name in CELLS}
    change = {name: _shown(found) for name, found in result["contrasts"].items()}
    unit = unit_name(cells["default"].unit)
    name = kpi_name(result["metric"])
    title = say("{figure} in four worlds", figure=name)
    found = figure(say("levers"), f"{name} ({unit})")
    x = [say("default levers"), say("my levers")]
    _line(found, x, [cells["default"], cells["levers"]], say("default assumptions"), GHOST, "dot", "circle")
    _line(found, x, [cells["assumptions"], cells["both"]], say("my assumptions"), CURRENT, "solid", "diamond")
    found.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"}, font={"size": 13}
    )
    found.update_xaxes(range=[-0.35, 1.35])
    places = decimals(list(cells.values()))
    heads = [Column(say("world"), words=True), Column(name, unit)]
    rows = [(cell_words(cell), text(cells[cell], places)) for cell in CELLS]
    rows += [(contrast_words(one), text(value, places, signed=True)) for one, value in change.items()]
    reading = _reading(change, unit, places)
    said = "; ".join(": ".join(row) for row in rows)
    return Drawn(found, table(title, heads, list(rows)), f"{title}: {said} ({unit})", reading)


def _shown(found: object) -> Value:
    known = read(found)
    assert known is not None, "a study of four worlds has all its values"
    return shown(known)


def _line(
    found: go.Figure,
    x: Sequence[str],
    values: Sequence[Value],
    name: str,
    colour: str,
    dash: str,
    marker: str,
) -> None:
    found.add_scatter(
        x=list(x),
        y=[value.mean for value in values],
        name=name,
        mode="lines+markers",
        line={"color": f"rgb({colour})", "width": 3, "dash": dash},
        marker={"size": 10, "symbol": marker},
        error_y={"type": "data", "array": [value.half_width for value in values], "thickness": 1.5},
        hovertemplate="%{y:.3f}",
    )


def cell_words(cell: str) -> str:
    """Name of one of the four results."""
    return {
        "default": say("default levers, default assumptions"),
        "levers": say("my levers, default assumptions"),
        "assumptions": say("default levers, my assumptions"),
        "both": say("my levers, my assumptions"),
    }[cell]


def contrast_words(name: str) -> str:
    """Name of a difference between the four results."""
    return {
        "levers_in_default_world": say("what my levers change, in the default world"),
        "levers_in_my_world": say("what my levers change, in my world"),
        "assumptions_with_default_levers": say("what my assumptions change, with default levers"),
        "assumptions_with_my_levers": say("what my assumptions change, with my levers"),
        "interaction": say("interaction: the levers' change in my world less that in the default one"),
    }[name]


def _reading(change: Mapping[str, Value], unit: str, places: int) -> str:
    here, there = change["levers_in_default_world"], change["levers_in_my_world"]
    values = {
        "here": text(here, places, signed=True),
        "there": text(there, places, signed=True),
        "unit": unit,
    }
    if change["interaction"].is_detectable:
        return say(
            "My levers change it by {here} in the default world, by {there} in mine ({unit}): it depends.",
            **values,
        )
    if not change["interaction"].has_interval:
        return say(
            "My levers change it by {here} in the default world, by {there} in mine ({unit}).", **values
        )
    return say(
        "My levers change it by {here} in the default world, by {there} in mine ({unit}): no detectable"
        " dependence on the assumptions.",
        **values,
    )
