"""A verdict in numbers: slope, level, turning point, plausible worlds; and all growth paths side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.report.numbers import NOTHING, Value, column, compact, plain, read, shown, text
from sim.report.page import Column, Row, Table, table
from sim.ui.growth import metric_name
from sim.ui.language import say, term
from sim.ui.pictures.picture import Result
from sim.ui.vocabulary import path_words, size_name, unit_name, verdict_words


def verdict_table(result: Result) -> Table:
    """Return slope, level, turning point and efficient scale of one growth path, each with its interval."""
    elasticity = read(result["elasticity"])
    size = size_name(result["elasticity_to"])
    rows: list[tuple[str, str, str]] = [(say("verdict"), verdict_words(result["verdict"]), "")]
    if elasticity is not None:
        rows.append((say("elasticity to {size}", size=size), text(elasticity, signed=True), say("% per %")))
        rows.append((say("per doubling of {size}", size=size), doubling(elasticity), "%"))
    for name, words in (
        ("turning_point", say("stops falling at a size of")),
        ("minimum_efficient_scale", say("within 5% of the lowest cost from")),
    ):
        found = read(result.get(name))
        if found is not None:
            rows.append((words, _sized(found), size))
    rows += _level_rows(result)
    heads = [Column("", words=True), Column(say("value")), Column(say("unit"), words=True)]
    return table(say("The verdict in numbers"), heads, list(rows))


def _level_rows(result: Result) -> list[tuple[str, str, str]]:
    steps = [step for step in result["steps"] if step.get("incremental_cost") is not None]
    if not steps:
        return []
    found = [read(step["incremental_cost"]) for step in steps]
    unit = next(value.unit for value in found if value is not None)
    return [
        (say("above the alternative at ×{volume}", volume=f"{step['volume']:g}"), cell, unit_name(unit))
        for step, cell in zip(steps, column(found, signed=True), strict=True)
    ]


def doubling(elasticity: Value) -> str:
    """Write by how many percent cost moves when size doubles, with its interval.

    Examples
    --------
    >>> doubling(Value(-1.0, -2.0, 0.0))
    '-50.0 (-75.0 to 0.0)'
    """
    written = plain(_percent(elasticity.mean), 1, signed=True)
    if elasticity.low is None or elasticity.high is None:
        return written
    low, high = (plain(_percent(end), 1, signed=True) for end in (elasticity.low, elasticity.high))
    return say("{value} ({low} to {high})", value=written, low=low, high=high)


def _percent(elasticity: float) -> float:
    return float(100 * (2.0**elasticity - 1.0))


def _sized(value: Value) -> str:
    written = compact(value.mean)
    if value.low is None or value.high is None or value.low == value.high:
        return written
    return say("{value} ({low} to {high})", value=written, low=compact(value.low), high=compact(value.high))


def worlds_words(result: Result) -> str:
    """Say in how many plausible worlds the verdict holds; empty where none were drawn."""
    worlds = result.get("plausible_worlds")
    if not worlds:
        return ""
    share = read(worlds)
    if share is None:
        return say("Plausible worlds: no share, because there is no verdict to hold.")
    seen = shown(share)
    return say(
        "The verdict “{verdict}” holds in {held} of {count} plausible worlds ({share}%, interval {low} to"
        " {high}%), with {varied} assumptions drawn from their ranges all at once.",
        verdict=verdict_words(worlds["verdict"]),
        held=round(share.mean * (share.n or 0)),
        count=share.n,
        share=plain(seen.mean, 0),
        low=NOTHING if seen.low is None else plain(seen.low, 0),
        high=NOTHING if seen.high is None else plain(seen.high, 0),
        varied=worlds["varied"],
    )


def worlds_table(result: Result) -> Table:
    """Return the number of plausible worlds by verdict, those that could not be simulated last."""
    worlds = result["plausible_worlds"]
    rows = [(verdict_words(name), str(count)) for name, count in worlds["counts"].items()]
    if worlds["lost"]:
        rows.append((say("could not be simulated"), str(worlds["lost"])))
    heads = [Column(say("verdict"), words=True), Column(say("worlds"))]
    return table(say("Plausible worlds by verdict"), heads, list(rows))


def paths_table(found: Mapping[str, Result], reasons: Mapping[str, str], metric: str, chosen: str) -> Table:
    """Return one row for every growth path.

    Parameters
    ----------
    found
        Results of ``scale`` by path, of those that are known.
    reasons
        By path, in the order of the rows: why it does not apply; empty where it does.
    metric
        Metric of all of them.
    chosen
        Path that the page shows; its row is strong.
    """
    rows: list[Row] = []
    for path, reason in reasons.items():
        cells = _path_cells(found.get(path), reason)
        rows.append(Row((path_words(path), *cells), "strong" if path == chosen else "plain"))
    heads = [
        Column(say("growth path"), words=True),
        Column(say("per doubling"), "%"),
        Column(say("verdict"), words=True),
        Column(say("lowest")),
        Column(say("highest")),
        Column(say("remark"), words=True),
    ]
    notes = [
        say(
            "Size is orders; where points are added it is points, where the year crowds it is how much busier"
            " the peak is."
        )
    ]
    title = say("{metric} along every growth path", metric=metric_name(metric))
    return table(title, heads, list(rows), notes)


def _path_cells(result: Result | None, reason: str) -> tuple[str, ...]:
    if reason:
        remark = say("does not apply: {reason}", reason=term(reason))
        return NOTHING, NOTHING, NOTHING, NOTHING, remark
    if result is None:
        return NOTHING, say("not simulated yet"), NOTHING, NOTHING, ""
    elasticity = read(result["elasticity"])
    low, high = _ends(result["steps"])
    remark = ""
    turn = read(result.get("turning_point"))
    if turn is not None:
        remark = say("turns at {size}", size=_sized(turn))
    elif any(step.get("not_reachable") for step in result["steps"]):
        remark = say("not every size can be reached")
    slope = NOTHING if elasticity is None else doubling(elasticity)
    return slope, verdict_words(result["verdict"]), low, high, remark


def _ends(steps: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    known = [value for step in steps if (value := read(step.get("average_cost"))) is not None]
    if not known:
        return NOTHING, NOTHING
    cells = column([min(known, key=lambda one: one.mean), max(known, key=lambda one: one.mean)])
    return cells[0], cells[1]
