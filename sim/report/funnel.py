"""From visits to orders: what each source brings and costs, and what each channel's sales are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.report.numbers import Value, column, read, shown, text
from sim.report.page import Column, Row, Table, table
from sim.report.run_result import TOTAL
from sim.report.words import channel_title
from sim.scenario.segments import CHANNELS, UNVISITED

_MONEY = ("cost_per_order", "contribution_per_order", "acquisition_cost")
_THOUSAND = 1e-3
_FEWEST = 30.0  # orders, below which a mean per order says nothing


def funnel_table(rows: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, Any]] = ()) -> Table:
    """Visits to orders by source and channel, with what an order from there costs and leaves.

    Parameters
    ----------
    rows
        Rows by channel and source.
    sources
        Rows by source over all channels; shown above the rows of a source that sends to several.

    Raises
    ------
    ValueError
        If a row counts no visits or orders.
    """
    heads = [
        Column("source", words=True),
        Column("channel", words=True),
        Column("visits"),
        Column("orders"),
        Column("orders per visit", "%"),
        Column("sales", "thousand yuan"),
        Column("cost", "yuan/order"),
        Column("contribution", "yuan/order"),
        Column("acquisition", "yuan/order"),
    ]
    found = _in_order(rows, sources)
    shares = column(
        [None if row["source"] in UNVISITED else _shown(read(row.get("conversion"))) for row in found]
    )
    sales = column([_thousands(read(row.get("sales"))) for row in found])
    money = [column([_per_order(row, name) for row in found]) for name in _MONEY]
    cells = []
    for i, row in enumerate(found):
        visits, orders = read(row["visits"]), read(row["orders"])
        if visits is None or orders is None:
            raise ValueError(f"the funnel row of {row['source']} counts no visits or orders")
        whole = not row["channel"]
        place = "all" if whole else channel_title(row["channel"])
        numbers = (text(visits), text(orders), shares[i], sales[i], *(own[i] for own in money))
        cells.append(Row((row["source"].replace("_", " "), place, *numbers), "strong" if whole else "plain"))
    notes = [
        "Cost that can be traced to a source; head office, rents and the like are in the tables above only.",
        "Acquisition is what was paid to bring the visitors, over the orders they placed (first orders).",
        f"Fewer than {_FEWEST:.0f} orders: no figure per order.",
    ]
    return table("From visits to orders, by source", heads, list(cells), notes)


def identity_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Sales as visits times orders per visit times value of an order, by channel."""
    places = {row["channel"]: row for row in rows}
    names = [name for name in (*CHANNELS, TOTAL) if name in places]
    chosen = [places[name] for name in names]
    heads = [
        Column("channel", words=True),
        Column("visits"),
        Column("× orders per visit", "%"),
        Column("× value of an order", "yuan/order"),
        Column("= sales", "thousand yuan"),
    ]
    shares = column([_shown(read(row["orders_per_visit"])) for row in chosen])
    values = column([read(row["sales_per_order"]) for row in chosen])
    sales = column([_thousands(read(row["sales"])) for row in chosen])
    cells = [
        Row(
            (channel_title(name), text(read(row["visits"])), shares[i], values[i], sales[i]),
            "strong" if name == TOTAL else "plain",
        )
        for i, (name, row) in enumerate(zip(names, chosen, strict=True))
    ]
    notes = [
        "Repeat and promoted orders count as orders, though nobody had to be brought for them. Values are"
        " after refunds."
    ]
    return table("What sales are made of", heads, list(cells), notes)


def _in_order(
    rows: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return sources by their orders, each followed by its channels where it has several."""
    size: dict[str, float] = {}
    for row in rows:
        size[row["source"]] = size.get(row["source"], 0.0) + row["orders"]["mean"]
    found: list[Mapping[str, Any]] = []
    for source in sorted(size, key=lambda name: -size[name]):
        own = sorted((row for row in rows if row["source"] == source), key=lambda row: -row["orders"]["mean"])
        if len(own) > 1:
            found += [row for row in sources if row["source"] == source]
        found += own
    return found


def _per_order(row: Mapping[str, Any], name: str) -> Value | None:
    return read(row.get(name)) if row["orders"]["mean"] >= _FEWEST else None


def _shown(value: Value | None) -> Value | None:
    return None if value is None else shown(value)


def _thousands(value: Value | None) -> Value | None:
    return None if value is None else value.scaled(_THOUSAND, "thousand")
