"""Tables of ``compare --without-source``: what last click credits, and what would truly be lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.money.accounts import GROUPS
from sim.report.compare import NO_DIFFERENCE
from sim.report.numbers import Value, column, plain, read, shown, text
from sim.report.page import Column, Page, Row, Table, Text, table
from sim.report.words import ILLUSTRATIVE, STARTS, runs_behind
from sim.scenario.segments import SECOND_VISITS, UNVISITED

_THOUSAND = 1e-3
_SMALLEST_ORDERS = 0.5
_LOAD = (
    "visits",
    "chats",
    "return_share",
    "on_time_share",
    "solved_in_24h_share",
    "packer_utilisation",
    "agent_utilisation",
    "desk_utilisation",
    "search_rank",
    "rating",
    "reproduction_number",
    "awareness_visits",
    "invited_visits",
)
"""Figures that show what else a source does: load on people, service, and what feeds on sales."""
_FIGURES = (
    ("orders", "orders", 1.0),
    ("sales", "thousand yuan", _THOUSAND),
    ("contribution", "thousand yuan", _THOUSAND),
    ("profit", "thousand yuan", _THOUSAND),
)


def incrementality_page(result: Mapping[str, Any]) -> Page:
    """Report what sources are worth.

    Parameters
    ----------
    result
        JSON object of ``compare --without-source`` or ``compare --panel``.

    Returns
    -------
    Page
        The answer for each source in a sentence; last click beside the truth; for a single source also where
        the orders are booked, which accounts carry the difference, and what else the source moves.
    """
    sources = result["sources"]
    first = read(sources[0]["incremental"]["orders"])
    blocks: list[Table | Text] = [Text(source["headline"], "headline") for source in sources]
    blocks.append(worth_table(sources))
    if len(sources) == 1:
        blocks += [booked_table(sources[0]), group_table(sources[0])]
        if any(name in sources[0]["kpis"] for name in _LOAD):
            blocks.append(load_table(sources[0]))
    start = STARTS.get(result.get("start", ""), "")
    birth = f"{start.capitalize()}; seed {result.get('seed')}."
    blocks.append(Text(f"{runs_behind(first.n if first else None)} {birth} {ILLUSTRATIVE}", "faint"))
    return Page(tuple(blocks))


def worth_table(sources: Sequence[Mapping[str, Any]]) -> Table:
    """Orders, sales, contribution, profit and return on spend of each source: last click and truth."""
    heads = [
        Column("source", words=True),
        Column("figure", words=True),
        Column("unit", words=True),
        Column("last click"),
        Column("lost without it"),
        Column("ratio"),
    ]
    rows: list[Row] = []
    for source in sources:
        name = _name(source["source"])
        for figure, unit, factor in _FIGURES:
            cells = [
                _scaled(read(source[credit].get(figure)), factor) for credit in ("last_click", "incremental")
            ]
            ratio = read(source["ratios"].get(figure))
            written = (*column(cells), text(ratio))
            rows.append(
                Row((name, figure, unit, *written), "strong" if figure == "contribution" else "plain")
            )
        if source.get("roas"):
            cells = [read(source["roas"]), read(source["incremental_roas"])]
            ratio = read(source["ratios"].get("sales"))
            rows.append(Row((name, "sales per yuan spent", "yuan/yuan", *column(cells), text(ratio))))
    notes = [
        "Last click: what is booked to the source that sent the visit of the order; costs of the whole brand"
        " and of financing are booked to none.",
        "Lost without it: the same shoppers in the same world without the source; all orders, whoever they"
        " are booked to, after fulfilment, returns and service. Below zero it would be gained.",
        "No ratio where last click books a loss. Sales are after refunds; spend is what last click books as"
        " traffic.",
    ]
    return table("Last click and truth", heads, list(rows), notes)


def booked_table(source: Mapping[str, Any]) -> Table:
    """The orders lost without a source, by the source that last click books them to."""
    found = [(name, read(value)) for name, value in source["booked_to"].items()]
    known = [(name, value) for name, value in found if value is not None]
    large = [one for one in known if abs(one[1].mean) + one[1].half_width >= _SMALLEST_ORDERS]
    cells = column([value for _, value in large])
    rows = [
        Row(
            (_name(name), _why(name, source["source"]), cell, _seen(value)),
            "plain" if value.is_detectable or not value.has_interval else "faint",
        )
        for (name, value), cell in zip(large, cells, strict=True)
    ]
    total = read(source["incremental"]["orders"])
    rows.append(Row(("all", "", text(total), ""), "strong"))
    heads = [
        Column("booked to", words=True),
        Column("", words=True),
        Column("lost", "orders"),
        Column("", words=True),
    ]
    return table("Where the lost orders are booked", heads, list(rows), ["The lines add up."])


def group_table(source: Mapping[str, Any]) -> Table:
    """The contribution lost, by group of accounts; the last line is their sum."""
    found = [(name, read(value)) for name, value in source["groups"].items()]
    known = [(name, value.scaled(_THOUSAND)) for name, value in found if value is not None]
    cells = column([value for _, value in known], signed=True)
    rows = [
        Row(
            (GROUPS.get(name, name), cell, _seen(value)),
            "plain" if value.is_detectable or not value.has_interval else "faint",
        )
        for (name, value), cell in zip(known, cells, strict=True)
    ]
    total = read(source["incremental"]["contribution"])
    if total is not None:
        rows.append(Row(("contribution", text(total.scaled(_THOUSAND), signed=True), ""), "strong"))
    heads = [Column("", words=True), Column("lost", "thousand yuan"), Column("", words=True)]
    notes = [
        "Contribution lost without the source; costs that would be saved are negative. The lines add up."
    ]
    return table("What the lost contribution is made of", heads, list(rows), notes)


def load_table(source: Mapping[str, Any]) -> Table:
    """What else the source moves: load on people, service, ranks and talk."""
    rows = []
    for name in _LOAD:
        value = read(source["kpis"].get(name))
        if value is not None:
            value = shown(value)
            rows.append(
                Row(
                    (name.replace("_", " "), value.unit, text(value, signed=True), _seen(value)),
                    "plain" if value.is_detectable or not value.has_interval else "faint",
                )
            )
    heads = [
        Column("figure", words=True),
        Column("unit", words=True),
        Column("with it less without"),
        Column("", words=True),
    ]
    return table("What else the source moves", heads, list(rows))


def panel_page(result: Mapping[str, Any], folder: str) -> Page:
    """Report a panel: its truth, and which files hold what.

    Parameters
    ----------
    result
        JSON object of ``compare --panel``.
    folder
        Where the tables are.
    """
    rows = [
        Row((f"{name}.csv, {name}.parquet", plain(len(table_rows), 0)))
        for name, table_rows in result["tables"].items()
    ]
    files = table(
        f"Tables in {folder}",
        [Column("file", words=True), Column("rows")],
        list(rows),
        ["Columns and units: manifest.json, dictionary. channelsim verify does the panel again."],
    )
    swing = result["plan"]["swing"]
    words = (
        f"Visits are bought week by week by a plan of their own: up to {swing:.0%} more or less than the"
        f" scenario says, independent over weeks and sources (seed {result['plan']['seed']})."
    )
    return incrementality_page(result) + Page((files, Text(words, "plain")))


def _name(source: str) -> str:
    return source.replace("_", " ")


def _why(booked_to: str, lost: str) -> str:
    if booked_to == lost:
        return "last click"
    if booked_to in UNVISITED:
        return "came back or was brought later"
    return "looked again or elsewhere" if booked_to in SECOND_VISITS else "another source"


def _seen(value: Value) -> str:
    return "" if value.is_detectable or not value.has_interval else NO_DIFFERENCE


def _scaled(value: Value | None, factor: float) -> Value | None:
    return None if value is None else value.scaled(factor)
