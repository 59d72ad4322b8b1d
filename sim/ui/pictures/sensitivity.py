"""Charts of sensitivity: tornado, elementary effects, shares of variance, and the worth of knowing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.report.numbers import Value, column, decimals, plain, read, text
from sim.report.page import Column, Row, Table, table
from sim.ui.assumption_words import assumption_name, end_words
from sim.ui.drawn import Drawn
from sim.ui.language import say
from sim.ui.pictures.picture import NothingToDrawError, Result, figure
from sim.ui.sentences_sensitivity import LEVELS, sensitivity_sentence
from sim.ui.style import CURRENT, GHOST, SECOND
from sim.ui.trail import grade_words
from sim.ui.units import unit_words
from sim.ui.vocabulary import kpi_name, unit_name

if TYPE_CHECKING:
    import plotly.graph_objects as go

TERMS = tuple(LEVELS.values())
GAP = "\u2002"
"""Space between the end of a bar and its words."""
MOST_BARS = 12
"""Bars of a chart; the table has all."""


def sensitivity_chart(result: Result) -> Drawn:
    """Draw a study of sensitivity, whatever its method.

    Raises
    ------
    NothingToDrawError
        If it looked at no assumption.
    """
    if not result["rows"]:
        raise NothingToDrawError("no assumption was looked at")
    draw = {"tornado": _tornado, "morris": _morris, "sobol": _sobol, "information": _information}
    found, heads, cells = draw[result["method"]](result)
    title = _title(result)
    rows = [
        Row(
            (assumption_name(row["path"]), f"`{row['path']}`", unit_words(row["unit"]), end_words(row, "low"),
             end_words(row, "high"), *numbers, _grade(row), _remark(row)),
            "faint" if row["within_noise"] else "plain",
        )
        for row, numbers in zip(result["rows"], cells, strict=True)
    ]  # fmt: skip
    every = [
        Column(say("assumption"), words=True), Column(say("path"), words=True),
        Column(say("unit"), words=True), Column(say("low end")), Column(say("high end")), *heads,
        Column(say("grade"), words=True), Column("", words=True),
    ]  # fmt: skip
    reading = _reading(result)
    alt = f"{title}. {sensitivity_sentence(result)} {reading}"
    return Drawn(found, table(title, every, list(rows), _notes(result)), alt, reading)


def _title(result: Result) -> str:
    name = kpi_name(result["metric"])
    return {
        "tornado": say("{figure} over the range of each assumption", figure=name),
        "morris": say("Elementary effects on {figure}", figure=name),
        "sobol": say("Where the uncertainty of {figure} comes from", figure=name),
        "information": say("What it is worth to know an assumption before deciding"),
    }[result["method"]]


def _reading(result: Result) -> str:
    more = max(0, len(result["rows"]) - MOST_BARS)
    words = {
        "tornado": say(
            "Each bar: one assumption over its own plausible range, the others as they are, on the same luck."
            " Hatched: low end; full: high end, with the 95% interval of their difference. Grey: noise."
        ),
        "morris": say(
            "To the right: it matters wherever the others stand. Upwards: how much depends on where they"
            " stand. Grey: within noise."
        ),
        "sobol": say(
            "Full: the share that would go if the assumption were known. Hatched: together with all others."
            " Lines: 95% intervals."
        ),
        "information": say(
            "What a decision gains on average if the assumption is known before. Lines: 95% intervals. Grey:"
            " within noise."
        ),
    }[result["method"]]
    return f"{words} {say('{count} shorter ones are in the table.', count=more)}" if more else words


def _notes(result: Result) -> list[str]:
    found = result["assumptions"]
    notes = [
        say(
            "{measured} of {available} assumptions with a range were looked at; {runs} runs.",
            measured=found["measured"],
            available=found["available"],
            runs=f"{result['runs']:,}",
        )
    ]
    if result["lost"]["worlds"]:
        notes.append(
            say(
                "{count} worlds gave no figure, such as {reason}",
                count=result["lost"]["worlds"],
                reason=result["lost"]["reasons"][0],
            )
        )
    return notes


def _grade(row: Mapping[str, Any]) -> str:
    return grade_words(row["grade"] if row["grade"] != "none" else "")


def _remark(row: Mapping[str, Any]) -> str:
    if row["within_noise"] is None:
        return say("noise not told")
    return say("within noise") if row["within_noise"] else ""


def labels(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return one name for each row, with its grade, no two alike."""
    names = [f"{assumption_name(row['path'])} [{_grade(row)}]" for row in rows]
    return [
        name if names.count(name) == 1 else f"{row['path'].replace('_', ' ')} [{_grade(row)}]"
        for name, row in zip(names, rows, strict=True)
    ]


Part = tuple["go.Figure", list[Column], list[tuple[str, ...]]]


def _tornado(result: Result) -> Part:
    rows = result["rows"][:MOST_BARS]
    unit, base = unit_name(result["unit"]), read(result["base"])
    assert base is not None, "a study that ran has a figure at the scenario's own values"
    swings = [_known(row["swing"]) for row in result["rows"]]
    found = figure(f"{kpi_name(result['metric'])} ({unit})", "")
    names = labels(rows)
    for side, colour, pattern in (("low", CURRENT, "/"), ("high", SECOND, "")):
        ends = [row[side]["result"]["mean"] for row in rows]
        colours = [_colour(row, colour) for row in rows]
        found.add_bar(
            x=[end - base.mean for end in ends],
            y=names,
            base=base.mean,
            orientation="h",
            name=say("low end") if side == "low" else say("high end"),
            customdata=[[end, end_words(row, side)] for end, row in zip(ends, rows, strict=True)],
            hovertemplate="%{y}: %{customdata[0]:.4g} · %{customdata[1]}<extra></extra>",
            error_x=_whiskers(swings[: len(rows)]) if side == "high" else None,
            marker={
                "color": colours,
                "pattern": {"shape": pattern, "fillmode": "replace", "size": 6},
                "line": {"color": colours, "width": 1.5},
            },
        )
    reach = [_end_labels(found, rows, names, swings, base.mean, side) for side in ("low", "high")]
    found.add_scatter(
        x=[base.mean, base.mean],
        y=[names[0], names[-1]],
        mode="lines",
        line={"color": f"rgb({GHOST})", "width": 2},
        name=say("as it is: {value}", value=text(base, decimals([base]))),
    )
    _sideways(found)
    found.update_layout(barmode="overlay", bargap=0.3, showlegend=True)
    found.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    _room(found, [*reach[0], *reach[1]], base.mean)
    written = column(swings, signed=True)
    ends_of = [
        tuple(plain(row[side]["result"]["mean"], decimals(swings)) for side in ("low", "high"))
        for row in result["rows"]
    ]
    cells: list[tuple[str, ...]] = [(*two, swing) for two, swing in zip(ends_of, written, strict=True)]
    heads = [
        Column(say("figure at the low end"), unit), Column(say("figure at the high end"), unit),
        Column(say("high less low"), unit),
    ]  # fmt: skip
    return found, heads, cells


def _morris(result: Result) -> Part:
    rows, unit = result["rows"], unit_name(result["unit"])
    found = figure(
        say("mean size of its effects, mu* ({unit})", unit=unit),
        say("spread of its effects, sigma ({unit})", unit=unit),
    )
    names = labels(rows)
    sizes = [_known(row["mu_star"]) for row in rows]
    for is_noise, symbol in ((False, "circle"), (True, "circle-open")):
        picked = [i for i, row in enumerate(rows) if bool(row["within_noise"]) == is_noise]
        found.add_scatter(
            x=[sizes[i].mean for i in picked],
            y=[rows[i]["sigma"] for i in picked],
            mode="markers+text",
            text=[names[i].rpartition(" [")[0] if i < MOST_BARS // 2 else "" for i in picked],
            hovertext=[names[i] for i in picked],
            textposition="top center",
            name=say("within noise") if is_noise else say("stands out"),
            marker={"size": 10, "symbol": symbol, "color": f"rgb({GHOST if is_noise else CURRENT})"},
            error_x=_whiskers([sizes[i] for i in picked]),
        )
    found.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    found.update_xaxes(rangemode="tozero")
    found.update_yaxes(rangemode="tozero")
    means = column([_known(row["mu"]) for row in rows], signed=True)
    spreads = column([Value(row["sigma"]) for row in rows])
    cells = list(zip(column(sizes), means, spreads, strict=True))
    heads = [
        Column(say("mean size (mu*)"), unit),
        Column(say("mean (mu)"), unit),
        Column(say("spread (sigma)"), unit),
    ]
    return found, heads, [tuple(row) for row in cells]


def _sobol(result: Result) -> Part:
    rows = result["rows"][:MOST_BARS]
    names = labels(rows)
    found = figure(say("share of the variance (%)"), "")
    for index, colour, pattern, name in (
        ("S1", CURRENT, "", say("alone (S1)")), ("ST", SECOND, "/", say("with all others (ST)")),
    ):  # fmt: skip
        values = [_known(row[index]).scaled(100.0, "%") for row in rows]
        found.add_bar(
            x=[value.mean for value in values],
            y=names,
            orientation="h",
            name=name,
            error_x=_whiskers(values),
            marker={
                "color": [_colour(row, colour) for row in rows],
                "pattern": {"shape": pattern, "fillmode": "replace", "size": 6},
                "line": {"color": [_colour(row, colour) for row in rows], "width": 1.5},
            },
        )
    _sideways(found)
    found.update_layout(barmode="group", showlegend=True)
    found.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    cells: list[tuple[str, ...]] = [
        tuple(text(_known(row[index]).scaled(100.0, "%"), 0) for index in ("S1", "ST"))
        for row in result["rows"]
    ]
    return found, [Column(say("alone (S1)"), "%"), Column(say("with all others (ST)"), "%")], cells


def _information(result: Result) -> Part:
    rows = result["rows"][:MOST_BARS]
    unit = unit_name(result["everything"]["unit"])
    found = figure(say("worth of knowing it ({unit})", unit=unit), "")
    values = [_known(row["value"]) for row in rows]
    found.add_bar(
        x=[value.mean for value in values],
        y=labels(rows),
        orientation="h",
        error_x=_whiskers(values),
        marker={"color": [_colour(row, CURRENT) for row in rows]},
    )
    _sideways(found)
    found.update_xaxes(rangemode="tozero")
    written = column([_known(row["value"]) for row in result["rows"]])
    return found, [Column(say("worth of knowing it"), unit)], [(one,) for one in written]


def _end_labels(
    found: go.Figure,
    rows: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    swings: Sequence[Value],
    base: float,
    side: str,
) -> list[float]:
    """Write the input values at the ends of the bars, beyond their whiskers; return where they stand."""
    for_left: tuple[list[float], list[str], list[str]] = ([], [], [])
    for_right: tuple[list[float], list[str], list[str]] = ([], [], [])
    for row, name, swing in zip(rows, names, swings, strict=False):
        end = row[side]["result"]["mean"]
        other = row["high" if side == "low" else "low"]["result"]["mean"]
        is_left = end < base or (end == base and other > base)
        if (end - base) * (other - base) > 0 and abs(end - base) < abs(other - base):
            is_left = not is_left  # both ends on one side: the nearer one is named on the other
            end = base
        beyond = swing.half_width if side == "high" and end != base else 0.0
        where, labelled, words = for_left if is_left else for_right
        where.append(min(end, base) - beyond if is_left else max(end, base) + beyond)
        labelled.append(name)
        words.append(f"{end_words(row, side)}{GAP}" if is_left else f"{GAP}{end_words(row, side)}")
    for (where, labelled, words), place in ((for_left, "middle left"), (for_right, "middle right")):
        found.add_scatter(
            x=where, y=labelled, text=words, mode="text", textposition=place, showlegend=False,
            cliponaxis=False, hoverinfo="skip", textfont={"size": 12},
        )  # fmt: skip
    return [*for_left[0], *for_right[0]]


def _known(value: Any) -> Value:
    found = read(value)
    assert found is not None, "a row of a study has all its values"
    return found


def _colour(row: Mapping[str, Any], colour: str) -> str:
    return f"rgb({GHOST})" if row["within_noise"] else f"rgb({colour})"


def _whiskers(values: Sequence[Value]) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [0 if value.high is None else max(0.0, value.high - value.mean) for value in values],
        "arrayminus": [0 if value.low is None else max(0.0, value.mean - value.low) for value in values],
        "color": f"rgb({GHOST})",
        "thickness": 1.5,
    }


def _sideways(found: go.Figure) -> None:
    found.update_yaxes(
        title_text=say("assumption [grade]"), autorange="reversed", showgrid=False, automargin=True
    )
    found.update_xaxes(showgrid=True)


def _room(found: go.Figure, ends: Sequence[float], base: float) -> None:
    """Leave room for the words at the ends of bars; those at the right have it however wide the chart is."""
    low, high = min(*ends, base), max(*ends, base)
    pad = 0.12 * ((high - low) or abs(base) or 1.0)
    found.update_xaxes(range=[low - pad, high + pad])
    right = [words for trace in found.data if trace.textposition == "middle right" for words in trace.text]
    found.update_layout(margin={"r": max([8, *(7 * len(words) - 12 for words in right)])})


def decisions_table(result: Result) -> Table:
    """Return what each choice brings on average over plausible worlds; for the worth of knowing."""
    written = column([_known(value) for value in result["decisions"].values()])
    rows = [
        (name, cell, say("best as far as is known") if name == result["best"] else "")
        for name, cell in zip(result["decisions"], written, strict=True)
    ]
    heads = [
        Column(say("choice"), words=True), Column(say("expected"), unit_name(result["everything"]["unit"])),
        Column("", words=True),
    ]  # fmt: skip
    return table(
        say("What could be chosen, over {count} plausible worlds", count=result["worlds"]), heads, list(rows)
    )
