"""Two cases side by side as tables: every figure with its paired difference, and what differs in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.numbers import decimals, text
from sim.report.page import Column, Row, Table, table
from sim.ui.assumption_words import assumption_name
from sim.ui.changes import Change
from sim.ui.changes import written as value_written
from sim.ui.language import language, say, term
from sim.ui.levers import lever_at
from sim.ui.pictures.differences import PROFIT, pair, percent, verdict_on, written
from sim.ui.pictures.picture import Result
from sim.ui.units import unit_words
from sim.ui.vocabulary import kpi_name, unit_name

if TYPE_CHECKING:
    from sim.ui.case import Case

LONGEST_VALUE = 40


def kpi_table(result: Result, names: tuple[str, str]) -> Table:
    """Return every figure of both cases with unit, paired difference, percent and what it amounts to."""
    rows = []
    for name in result["difference"]:
        known = pair(result, name)
        if known is None:
            continue
        before, after, change = known
        places = decimals([before, after])
        cells = (
            kpi_name(name),
            unit_name(before.unit),
            text(before, places),
            text(after, places),
            written(change),
            percent(change, before),
            verdict_on(name, change),
        )
        rows.append(Row(cells, "strong" if name == PROFIT else "plain"))
    heads = [
        Column(say("figure"), words=True), Column(say("unit"), words=True),
        Column(names[0]), Column(names[1]), Column(say("difference")), Column(say("difference"), "%"),
        Column("", words=True),
    ]  # fmt: skip
    notes = [
        say(
            "Both meet the same shoppers, so differences are sharper than the two figures. Each interval"
            " holds for its own figure: of twenty that do not differ one is expected to look as if it did."
        )
    ]
    return table(say("{second} less {first}", first=names[0], second=names[1]), heads, list(rows), notes)


def differing(first: Case, second: Case) -> list[Change]:
    """Return every value in which two cases differ, in the order of the schema."""
    from sim.scenario import difference

    found = []
    for row in difference(first.scenario(), second.scenario()):
        lever = lever_at(row.path)
        found.append(Change(row.path, row.old, row.new, row.unit, lever.label if lever else ""))
    return found


def differing_table(changes: list[Change], names: tuple[str, str]) -> Table:
    """Return path, both values, unit and percent of every value that differs."""
    rows = [
        (
            _name(change),
            f"`{change.path}`",
            _short(value_written(change.old)),
            _short(value_written(change.new)),
            unit_words(change.unit),
            change.percent,
        )
        for change in changes
    ]
    heads = [
        Column(say("value"), words=True), Column(say("path"), words=True), Column(names[0]), Column(names[1]),
        Column(say("unit"), words=True), Column(say("difference"), "%"),
    ]  # fmt: skip
    return table(say("What differs between them"), heads, list(rows))


def _name(change: Change) -> str:
    """Name of what differs: of its lever, or its path as words, of which other languages have the end."""
    if change.label:
        return term(change.label)
    if language() == "en":
        return change.path.replace("_", " ").replace(".", " › ")
    return assumption_name(change.path)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_VALUE else f"{words[: LONGEST_VALUE - 1]}…"
