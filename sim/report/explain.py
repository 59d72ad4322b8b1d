"""Tables of ``explain`` and ``validate``: where values come from, what looks wrong, what sources earn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.report.numbers import NOTHING
from sim.report.page import Column, Page, Row, Table, Text, table
from sim.report.words import ILLUSTRATIVE, channel_title

if TYPE_CHECKING:
    from sim.scenario import Entry
    from sim.scenario.explaining import Difference
    from sim.scenario.sanity import SanityWarning
    from sim.scenario.unit_economics import SourceEconomics

_LONGEST_LIST = 3
_LONGEST_TEXT = 28


def explain_page(title: str, entries: Iterable[Entry]) -> Page:
    """Report every value with its unit, plausible range, grade, the layer that set it, and its source.

    Parameters
    ----------
    title
        What is explained: name and title of the scenario.
    entries
        Rows of :func:`sim.scenario.explain`.
    """
    sources: dict[str, int] = {}
    rows = []
    for entry in entries:
        number = str(sources.setdefault(entry.source, len(sources) + 1)) if entry.source else ""
        place = f"{entry.layer}:{entry.line}" if entry.line else entry.layer
        rows.append(
            Row(
                (
                    entry.path,
                    written(entry.value),
                    entry.unit,
                    _range(entry.range),
                    entry.grade,
                    place,
                    number,
                ),
                "strong" if entry.layer == "--set" else "plain",
            )
        )
    heads = [
        Column("path", words=True), Column("value"), Column("unit", words=True), Column("plausible"),
        Column("grade", words=True), Column("set by", words=True), Column("source"),
    ]  # fmt: skip
    listed = [f"[{number}] {source}" for source, number in sources.items()]
    notes = ["Grades: A strong, B fair, C weak evidence, guess: judgement. Plausible: lowest to highest."]
    return Page((Text(title, "headline"), table("", heads, list(rows), [*notes, *listed])))


def difference_page(name_a: str, name_b: str, rows: Sequence[Difference]) -> Page:
    """Report the values in which two scenarios differ."""
    headline = Text(f"{name_b} against {name_a}: {_count(len(rows), 'value')} differ", "headline")
    if not rows:
        return Page((Text(f"{name_a} and {name_b} describe the same world.", "headline"),))
    heads = [
        Column("path", words=True), Column(name_a), Column(name_b), Column("unit", words=True),
        Column("set by", words=True), Column("meaning", words=True),
    ]  # fmt: skip
    cells = [
        (
            row.path,
            written(row.old),
            written(row.new),
            row.unit,
            row.new_layer or row.old_layer,
            row.description,
        )
        for row in rows
    ]
    return Page((headline, table("", heads, list(cells))))


def validate_page(name: str, warnings: Sequence[SanityWarning], economics: Sequence[SourceEconomics]) -> Page:
    """Report a valid scenario: what looks uneconomic, each with a fix, and what each source should earn.

    Parameters
    ----------
    name
        Name of the scenario.
    warnings
        Objects with ``path``, ``message`` and ``fix``.
    economics
        Rows of :func:`sim.scenario.unit_economics.source_economics`.
    """
    blocks: list[Table | Text] = []
    notes = [w for w in warnings if w.reason]
    alarms = [w for w in warnings if not w.reason]
    if alarms:
        blocks.append(Text(f"{name} is valid, with {_count(len(alarms), 'warning')}.", "warning"))
        blocks += [Text(f"{w.path}: {w.message}. Fix: {w.fix}.".replace("..", "."), "plain") for w in alarms]
    else:
        blocks.append(Text(f"{name} is valid, and nothing looks uneconomic.", "good"))
    blocks += [Text(f"{w.path}: {w.message}. Why: {w.reason}.".replace("..", "."), "plain") for w in notes]
    if economics:
        blocks.append(economics_table(economics))
    return Page(tuple(blocks))


def economics_table(rows: Sequence[SourceEconomics]) -> Table:
    """Expected cost and contribution of an order from each source in closed form, before any simulation."""
    money = ("revenue", "goods", "platform", "traffic", "fulfilment", "contribution")
    heads = [Column("source", words=True), Column("channel", words=True)]
    heads += [Column("visits", "visits/year"), Column("orders", "orders/year")]
    heads += [Column(name, "yuan/order") for name in money]
    cells = []
    for row in rows:
        counts = (f"{row.visits:,.0f}" if row.visits else NOTHING, f"{row.orders:,.0f}")
        taken = (row.platform + row.payment, row.commission + row.traffic)
        amounts = (row.revenue, row.goods, *taken, row.fulfilment, row.contribution)
        words = (row.source.replace("_", " "), channel_title(row.channel))
        cells.append((*words, *counts, *(f"{yuan:,.2f}" for yuan in amounts)))
    notes = [
        "Platform includes payment, traffic includes commission. In closed form from the scenario's values;",
        "a run adds queues, steps, congestion, fixed cost and luck.",
    ]
    return table("What an order from each source should leave", heads, list(cells), [*notes, ILLUSTRATIVE])


def written(value: Any) -> str:
    """Write a scenario's value: switches as on and off, long lists by their first numbers.

    Examples
    --------
    >>> written(True), written(0.05), written(14500000.0), written([1, 2, 3, 4])
    ('on', '0.05', '14,500,000', '1, 2, 3 ... (4)')
    """
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return f"{value:,.0f}" if value == round(value) else f"{value:,.6g}"
    if isinstance(value, list | tuple):
        first = ", ".join(written(item) for item in value[:_LONGEST_LIST])
        return first if len(value) <= _LONGEST_LIST else f"{first} ... ({len(value)})"
    words = str(value)
    return words if len(words) <= _LONGEST_TEXT else f"{words[: _LONGEST_TEXT - 3].rstrip()}..."


def _range(ends: tuple[float, float] | None) -> str:
    return f"{written(ends[0])} to {written(ends[1])}" if ends else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
