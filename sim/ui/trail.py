"""The trail of a figure in words and tables: its check, its ledger lines, its receipts, its assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.experiment.book_trails import CONTRIBUTION, COST, TOTAL, Counted, Trail
from sim.report.explain import written
from sim.report.numbers import NOTHING, Value, plain, text
from sim.report.page import Column, Row, Table, table
from sim.scenario.segments import LAYERS
from sim.ui.accounts import account_name
from sim.ui.language import say, term
from sim.ui.stops import stop_name
from sim.ui.units import unit_words
from sim.ui.vocabulary import channel_name, group_name, kpi_name, source_name, unit_name

if TYPE_CHECKING:
    from sim.scenario import Entry

MOST_LINES = 200
"""Ledger lines that are shown; the file to download has all of them."""
_PER_PARCEL = "_cost_per_parcel"
GRADES = ("A", "B", "C", "guess")


def figure_name(figure: str) -> str:
    """Name of a figure: a group of accounts, or a figure of ``run``."""
    if figure in (COST, CONTRIBUTION) or figure.endswith(_PER_PARCEL):
        return kpi_name(figure)
    return group_name(figure)


def counted_name(part: Counted) -> str:
    """Name of a part that is worked out from counts."""
    return say("{account}, of these parcels", account=account_name(part.what))


def check_words(trail: Trail) -> str:
    """Say what the lines add up to, and by how much the figure differs from that."""
    per = say("parcels") if trail.unit.endswith("parcel") else say("orders")
    whole = say(
        "{yuan} yuan over {count} {per} are {value}.",
        yuan=plain(trail.total, 2),
        count=plain(trail.divisor, 0),
        per=per,
        value=plain(trail.total / trail.divisor, 4),
    )
    if abs(trail.off) < 0.005:
        return f"{whole} {say('The lines add up to the figure: the difference is below half a fen.')}"
    return f"{whole} " + say(
        "The figure is {value}: {off} apart. Please report this.",
        value=plain(trail.value, 4),
        off=plain(trail.off, 4, signed=True),
    )


def mean_words(found: Value | None, unit: str) -> str:
    """Say what the figure is over many histories, beside that of the first."""
    if found is None:
        return ""
    if found.n == 1 or not found.has_interval:
        return ""
    return say(
        "The mean of {n} histories is {value} {unit}.", n=found.n, value=text(found), unit=unit_name(unit)
    )


def counted_words(trail: Trail) -> list[str]:
    """Say how each part that is worked out from counts comes about."""
    return [
        say(
            "{name}: {count} x {each} yuan = {yuan} yuan. They stand in that account among all others'.",
            name=counted_name(one),
            count=plain(one.count, 0),
            each=plain(one.each, 2),
            yuan=plain(one.yuan, 2),
        )
        for one in trail.counted
    ]


def lines_table(found: Sequence[Mapping[str, Any]], most: int | None = MOST_LINES) -> Table:
    """Return ledger lines as a table, the sum below; with ``most`` the smaller ones in one row."""
    heads = [
        Column(say("debit"), words=True), Column(say("credit"), words=True),
        Column(say("channel"), words=True),
        Column(say("source"), words=True), Column(say("pickup layer"), words=True),
        Column(say("month")), Column(say("amount"), unit_name("yuan")),
    ]  # fmt: skip
    shown = list(found if most is None else found[:most])
    rows: list[tuple[str, ...] | Row] = [
        (
            account_name(line["debit"]),
            account_name(line["credit"]),
            channel_name(line["channel"]),
            source_name(line["source"]) if line["source"] else NOTHING,
            stop_name(line["layer"]) if line["layer"] in LAYERS else NOTHING,
            str(line["month"]),
            plain(line["yuan"], 2),
        )
        for line in shown
    ]
    rest = list(found)[len(shown) :]
    if rest:
        words = say("{count} smaller lines", count=len(rest))
        rows.append((words, "", "", "", "", "", plain(sum(line["yuan"] for line in rest), 2)))
    total = plain(sum(line["yuan"] for line in found), 2)
    rows.append(Row((say("together"), "", "", "", "", "", total), "strong"))
    return table("", heads, rows)


def receipts_table(orders: Sequence[Mapping[str, Any]]) -> Table:
    """Return orders that moved an account as a table."""
    heads = [
        Column(say("order")), Column(say("channel"), words=True), Column(say("source"), words=True),
        Column(say("fulfilment"), words=True), Column(say("in the end"), words=True),
        Column(say("value"), unit_name("yuan")), Column(say("on this account"), unit_name("yuan")),
    ]  # fmt: skip
    rows: list[tuple[str, ...] | Row] = [
        (
            str(order["number"]),
            stop_name(order["channel"]),
            source_name(order["source"]),
            stop_name(order["delivery"]),
            stop_name(order["end"]),
            plain(order["value"], 2),
            plain(order["yuan"], 4),
        )
        for order in orders
    ]
    return table("", heads, rows)


def assumptions_table(entries: Sequence[Entry]) -> Table:
    """Return the assumptions of a rule: value, unit, range, grade, source."""
    heads = [
        Column(say("assumption"), words=True), Column(say("value")), Column(say("unit"), words=True),
        Column(say("plausible")), Column(say("grade"), words=True), Column(say("source"), words=True),
    ]  # fmt: skip
    rows: list[tuple[str, ...] | Row] = [
        (
            f"`{entry.path}`",
            written(entry.value),
            unit_words(entry.unit),
            range_words(entry),
            grade_words(entry.grade),
            entry.source or NOTHING,
        )
        for entry in entries
    ]
    return table("", heads, rows)


def range_words(entry: Entry) -> str:
    """Write the plausible range of an assumption; nothing where none is given."""
    if entry.range is None:
        return NOTHING
    return say("{low} to {high}", low=written(entry.range[0]), high=written(entry.range[1]))


def grade_words(grade: str) -> str:
    """Write the grade of an assumption: its letter, guess, or who set it without saying what it rests on."""
    if grade in GRADES[:3]:
        return grade
    if grade == GRADES[3]:
        return term("guess")
    if grade == "schema default":
        return say("neutral default")
    return say("yours, no source") if grade in ("set by --set", "set by change") else say("no source given")


def scope_words(channel: str) -> str:
    """Name of the channel of a figure."""
    return say("whole brand") if channel == TOTAL else channel_name(channel)
