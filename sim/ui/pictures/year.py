"""Charts of a year: profit by channel, where the money goes, orders, sources, service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sim.report.numbers import text
from sim.report.page import Column, table
from sim.ui.drawn import Drawn
from sim.ui.language import say
from sim.ui.pictures.picture import (
    Bar,
    Material,
    NothingToDrawError,
    Picture,
    Result,
    bar_table_rows,
    bars,
    described,
    value,
)
from sim.ui.vocabulary import channel_name, group_name, kpi_name, source_name, unit_name

_TOTAL = "total"
MOST_SOURCES = 8
_SERVICE = (
    "share_in_hands",
    "satisfaction",
    "solved_in_24h_share",
    "answered_share",
    "delivery_success_share",
    "vacancy_share",
    "overflow_share",
    "return_share",
)


def rows_of(
    material: Material, names: Iterable[str], find: Callable[[Result, str], Any], title: Callable[[str], str]
) -> list[Bar]:
    """Return the bars of what a result has, with the baseline's value beside each.

    Raises
    ------
    NothingToDrawError
        If it has none of them.
    """
    assert material.run is not None, "a picture of a year is drawn from a year"
    found = []
    for name in names:
        now = value(find(material.run, name))
        if now is not None:
            before = value(find(material.run_before, name)) if material.run_before is not None else None
            found.append(Bar(title(name), now, before, name))
    if not found:
        raise NothingToDrawError("this scenario has nothing to draw here")
    return found


def drawn(
    rows: list[Bar],
    *,
    title: str,
    reading: str,
    names: str,
    unit: str,
    values: str,
    sideways: bool = False,
    signed: bool = False,
) -> Drawn:
    """Return a bar chart with its table."""
    heads = [Column(names, words=True), Column(say("now"), unit_name(unit))]
    if any(row.before is not None for row in rows):
        heads.append(Column(say("baseline"), unit_name(unit)))
    figure = bars(rows, names=names, values=f"{values} ({unit_name(unit)})", sideways=sideways, signed=signed)
    return Drawn(
        figure, table(title, heads, list(bar_table_rows(rows))), f"{title}: {described(rows, unit)}", reading
    )


def _profit_of(result: Result, channel: str) -> Any:
    return result["per_order"].get(channel, {}).get("contribution")


def _profit(material: Material) -> Drawn:
    assert material.run is not None, "a picture of a year is drawn from a year"
    names = [*(name for name in material.run["per_order"] if name not in ("", _TOTAL)), _TOTAL]
    rows = rows_of(material, names, _profit_of, channel_name)
    own = rows[:-1] or rows
    best = max(own, key=lambda row: row.now.mean)
    worst = min(own, key=lambda row: row.now.mean)
    return drawn(
        rows,
        title=say("Profit per order by channel"),
        reading=say(
            "An order in {best} leaves {high} yuan before financing, one in {worst} {low}; the whole brand"
            " also carries its head office.",
            best=best.name,
            high=text(best.now),
            worst=worst.name,
            low=text(worst.now),
        ),
        names=say("channel"),
        unit="yuan/order",
        values=say("profit before financing"),
        signed=True,
    )


def _cost_of(result: Result, group: str) -> Any:
    found = value(result["per_order"].get(_TOTAL, {}).get(group))
    return None if found is None else found.scaled(-1.0)


def _money(material: Material) -> Drawn:
    assert material.run is not None, "a picture of a year is drawn from a year"
    known = [
        name
        for name in material.run["per_order"].get(_TOTAL, {})
        if name not in ("sales", "contribution", "profit", "financing")
    ]
    rows = rows_of(material, known, _cost_of, group_name)
    rows.sort(key=lambda row: -row.now.mean)
    return drawn(
        rows,
        title=say("Where the money of an order goes"),
        reading=say(
            "Of every order {first} takes most ({amount} yuan), then {second}.",
            first=rows[0].name,
            amount=text(rows[0].now),
            second=rows[min(1, len(rows) - 1)].name,
        ),
        names=say("cost"),
        unit="yuan/order",
        values=say("cost"),
        sideways=True,
    )


def _orders(material: Material) -> Drawn:
    assert material.run is not None, "a picture of a year is drawn from a year"
    rows = rows_of(
        material, material.run["orders_by_channel"], lambda r, n: r["orders_by_channel"].get(n), channel_name
    )
    most = max(rows, key=lambda row: row.now.mean)
    total = sum(row.now.mean for row in rows)
    return drawn(
        rows,
        title=say("Orders by channel"),
        reading=say(
            "{name} places {share} of {total} orders.",
            name=most.name,
            share=f"{100 * most.now.mean / total:.0f}%" if total else "-",
            total=f"{total:,.0f}",
        ),
        names=say("channel"),
        unit="orders",
        values=say("orders placed"),
    )


def _source_orders(result: Result, source: str) -> Any:
    return next((row["orders"] for row in result["funnel_by_source"] if row["source"] == source), None)


def _sources(material: Material) -> Drawn:
    assert material.run is not None, "a picture of a year is drawn from a year"
    names = [row["source"] for row in material.run["funnel_by_source"]]
    rows = rows_of(material, names, _source_orders, source_name)
    rows.sort(key=lambda row: -row.now.mean)
    rows = rows[:MOST_SOURCES]
    return drawn(
        rows,
        title=say("Where orders come from"),
        reading=say(
            "{first} brings most orders ({amount}), then {second}.",
            first=rows[0].name,
            amount=f"{rows[0].now.mean:,.0f}",
            second=rows[min(1, len(rows) - 1)].name,
        ),
        names=say("source"),
        unit="orders",
        values=say("orders placed"),
        sideways=True,
    )


def _service(material: Material) -> Drawn:
    rows = rows_of(material, _SERVICE, lambda result, name: result["kpis"].get(name), kpi_name)
    return drawn(
        rows,
        title=say("How well shoppers are served"),
        reading=say("{name}: {share}%.", name=rows[0].name, share=text(rows[0].now)),
        names=say("figure"),
        unit="%",
        values=say("share"),
        sideways=True,
    )


PROFIT = Picture(
    "profit", lambda: say("Profit per order by channel"), lambda: say("Channels"), "run", _profit
)
MONEY = Picture("money", lambda: say("Where the money of an order goes"), lambda: say("Money"), "run", _money)
ORDERS = Picture("orders", lambda: say("Orders by channel"), lambda: say("Orders"), "run", _orders)
SOURCES = Picture("sources", lambda: say("Where orders come from"), lambda: say("Sources"), "run", _sources)
SERVICE = Picture(
    "service", lambda: say("How well shoppers are served"), lambda: say("Service"), "run", _service
)
