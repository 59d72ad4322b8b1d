"""Why unit cost changes between two sizes: the part of every mechanism, and the sum that they make."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from sim.report.numbers import Value, decimals, plain, read, text
from sim.report.page import Column, Row, Table, table
from sim.report.waterfall import ordered
from sim.ui.accounts import TERMS as ACCOUNT_WORDS
from sim.ui.accounts import account_name
from sim.ui.drawn import Drawn
from sim.ui.language import say
from sim.ui.pictures.growth import points_of, unit_of_cost
from sim.ui.pictures.picture import NothingToDrawError, Result, figure
from sim.ui.style import CURRENT, GHOST, SECOND
from sim.ui.switches import mechanism_words
from sim.ui.vocabulary import mechanism_name, unit_name

_WIDTH = 20
_MOST_PARTS = 4
_REMAINDERS = ("interaction", "unattributed")
TERMS = frozenset(mechanism_words() | ACCOUNT_WORDS)


def causes_bars(result: Result) -> Drawn:
    """Draw one bar for every cause, with its interval, and below them the change that they add up to.

    Parameters
    ----------
    result
        Result of ``scale`` along one path with causes.

    Raises
    ------
    NothingToDrawError
        If it has no causes, as where fewer than two sizes can be reached.
    """
    rows, total = parts_of(result)
    if not rows:
        raise NothingToDrawError("there are no causes: fewer than two sizes were reached")
    unit = unit_name(unit_of_cost(result))
    names = [*(_wrapped(mechanism_name(name)) for name, _ in rows), f"<b>{_wrapped(say('total change'))}</b>"]
    values = [*(value for _, value in rows), total]
    looks = [_look(name, value) for name, value in rows] + [(GHOST, 0.9, "")]
    places = decimals([value for _, value in rows])
    found = figure(f"{say('part in the change of unit cost')} ({unit})", say("mechanism"))
    found.add_bar(
        x=[value.mean for value in values],
        y=names,
        orientation="h",
        marker={
            "color": [f"rgba({colour}, {opacity})" for colour, opacity, _ in looks],
            "pattern": {"shape": [shape for _, _, shape in looks], "size": 5},
            "line": {"color": [f"rgb({colour})" for colour, _, _ in looks], "width": 1.2},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [0 if value.high is None else value.high - value.mean for value in values],
            "arrayminus": [0 if value.low is None else value.mean - value.low for value in values],
            "color": f"rgb({GHOST})",
        },
        hovertemplate="%{y}: %{x:.2f}<extra></extra>",
    )
    _write_values(found, names, values, places)
    found.update_yaxes(autorange="reversed", automargin=True, title_text=say("mechanism"), title_standoff=12)
    found.update_xaxes(zeroline=True, zerolinecolor=f"rgb({GHOST})", showgrid=True)
    found.update_layout(bargap=0.25)
    title = say("Why unit cost changes from ×{low} to ×{high}", **_ends(result))
    reading = _reading(rows, total, unit, places)
    return Drawn(found, _table(result, title, rows, total), f"{title}: {reading}", reading)


def parts_of(result: Result) -> tuple[list[tuple[str, Value]], Value]:
    """Return causes, the largest first and what no single mechanism explains last, and the total change.

    The total is the difference of average cost between the ends of the ladder, not the sum of the parts.
    """
    found = [(cause["mechanism"], read(cause["yuan_per_order"])) for cause in result.get("causes") or []]
    points = points_of(result, "average_cost")
    sign = -1.0 if result["metric"] == "contribution_per_order" else 1.0
    change = sign * (points[-1][1].mean - points[0][1].mean) if points else 0.0
    return ordered([(name, value) for name, value in found if value is not None]), Value(change)


def _look(name: str, value: Value) -> tuple[str, float, str]:
    """Return colour, opacity and pattern: what is within noise is pale, what is no mechanism hatched."""
    shape = "/" if name in _REMAINDERS else ""
    if value.has_interval and not value.is_detectable:
        return GHOST, 0.3, shape
    return (SECOND if value.mean > 0 else CURRENT), 0.85, shape


def _write_values(found: Any, names: list[str], values: list[Value], places: int) -> None:
    """Write every number at the right edge, where no whisker crosses it."""
    for name, value in zip(names, values, strict=True):
        found.add_annotation(
            x=1.0,
            xref="paper",
            xanchor="left",
            xshift=4,
            y=name,
            text=plain(value.mean, places, signed=True),
            showarrow=False,
            font={"size": 12},
        )
    found.update_layout(margin={"l": 8, "r": 52, "t": 8, "b": 8})


def _wrapped(words: str) -> str:
    return "<br>".join(textwrap.wrap(words, _WIDTH)) if words.isascii() else words


def _ends(result: Result) -> dict[str, str]:
    points = points_of(result, "average_cost")
    return {"low": f"{points[0][0]:g}", "high": f"{points[-1][0]:g}"}


def _reading(rows: list[tuple[str, Value]], total: Value, unit: str, places: int) -> str:
    seen = [(name, value) for name, value in rows if value.is_detectable and name not in _REMAINDERS]
    parts = sum(value.mean for _, value in rows)
    shown = plain(sum(round(value.mean, places) for _, value in rows), places, signed=True)
    found = {
        "parts": plain(parts, places, signed=True),
        "total": plain(total.mean, places, signed=True),
        "unit": unit,
    }
    adding = (
        say("The parts add up to {parts}; the average changes by {total} ({unit}).", **found)
        if shown == found["parts"]
        else say(
            "The parts add up to {parts} (each is rounded: as printed, to {shown}); the average changes"
            " by {total} ({unit}).",
            shown=shown,
            **found,
        )
    )
    if not seen:
        return adding
    name, value = max(seen, key=lambda row: abs(row[1].mean))
    largest = say("{name} does most: {amount}.", name=mechanism_name(name), amount=text(value, signed=True))
    return f"{largest} {adding}"


def _table(result: Result, title: str, rows: list[tuple[str, Value]], total: Value) -> Table:
    known = {cause["mechanism"]: cause for cause in result["causes"]}
    places = decimals([value for _, value in rows])
    lines: list[Row] = []
    for name, value in rows:
        seen = value.is_detectable or not value.has_interval
        words = _detail(known[name]) if seen else say("within noise")
        lines.append(Row((mechanism_name(name), text(value, places, signed=True), words)))
    parts = sum(value.mean for _, value in rows)
    lines.append(Row((say("sum of the parts"), plain(parts, places, signed=True), ""), "strong"))
    lines.append(Row((say("total change"), plain(total.mean, places, signed=True), ""), "strong"))
    heads = [
        Column(say("mechanism"), words=True),
        Column(say("part"), unit_name(unit_of_cost(result))),
        Column(say("largest parts"), words=True),
    ]
    notes = [
        say(
            "Part: the change with everything on less the change with this mechanism off, on the same luck."
            " Interaction: what mechanisms do only together. Unattributed: what remains with all of them off."
        )
    ]
    return table(title, heads, list(lines), notes)


def _detail(cause: Mapping[str, Any]) -> str:
    """Return the members of a group, or the largest accounts of what no mechanism explains."""
    if cause.get("members"):
        return ", ".join(mechanism_name(name) for name in cause["members"])
    accounts = [
        (name, value)
        for name, found in (cause.get("by_account") or {}).items()
        if (value := read(found)) is not None
    ]
    accounts.sort(key=lambda row: -abs(row[1].mean))
    return ", ".join(
        f"{account_name(name)} {plain(value.mean, 2, signed=True)}" for name, value in accounts[:_MOST_PARTS]
    )
