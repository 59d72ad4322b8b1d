"""Profit and loss by channel: in yuan, per order, and account by account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.money.accounts import GROUPS, accounts_in
from sim.report.numbers import NOTHING, Value, half_width, plain, read
from sim.report.page import Column, Row, Table, table
from sim.report.run_result import SUBTOTALS, TOTAL
from sim.report.words import channel_title
from sim.scenario.segments import CHANNELS

_IN_THOUSANDS_FROM = 1e7
_STRONG = ("contribution", "profit")
_OF_CONTRIBUTION = "Contribution is the profit before financing."


def profit_table(result: Mapping[str, Any], orders: Value | None) -> Table:
    """Profit and loss by channel: money earned is positive, money spent negative, every column adds up.

    Parameters
    ----------
    result
        JSON object of ``run``.
    orders
        Orders of the brand, by which the total is divided; None where there are none.
    """
    lines = _Lines(result, orders)
    rows: list[Row | tuple[str, ...]] = [
        lines.row(title, SUBTOTALS[name], name) for name, title in _lines_of(result)
    ]
    notes = [f"{_OF_CONTRIBUTION} Means over the runs; the total has its 95% interval."]
    return table("Profit and loss by channel", lines.heads(), rows, notes)


def account_table(result: Mapping[str, Any], orders: Value | None) -> Table:
    """Every account by channel, below the group it belongs to."""
    lines = _Lines(result, orders)
    rows: list[Row | tuple[str, ...]] = []
    for name, title in _lines_of(result):
        accounts = [account for account in SUBTOTALS[name] if account in lines.total]
        if name not in _STRONG and len(accounts) > 1:
            rows += [lines.row(f"  {account.replace('_', ' ')}", [account]) for account in accounts]
        rows.append(Row(lines.row(title, SUBTOTALS[name], name).cells, "strong"))
    return table("Every account, by channel", lines.heads(), rows)


def per_order_table(result: Mapping[str, Any]) -> Table:
    """Profit and loss of an order, by channel."""
    per_order = result["per_order"]
    names = [name for name in _ordered(per_order) if name != TOTAL]
    heads = [Column("", words=True), *(Column(channel_title(name), "yuan/order") for name in names)]
    heads += [Column("total", "yuan/order"), Column("± 95%", "yuan/order")]
    rows: list[Row | tuple[str, ...]] = []
    for name, title in _lines_of(result):
        cells = [read(per_order[channel].get(name)) for channel in names]
        whole = read(per_order[TOTAL].get(name))
        error = half_width(whole, 2) if whole is not None and whole.half_width else NOTHING
        amounts = [_per_order(value) for value in (*cells, whole)]
        rows.append(Row((title, *amounts, error), "strong" if name in _STRONG else "plain"))
    notes = [
        "Each channel by its own orders; what belongs to the brand as a whole, and the total, by all orders."
    ]
    return table("The same per order", heads, rows, notes)


class _Lines:
    """Writes lines of a statement in the unit that suits its size."""

    def __init__(self, result: Mapping[str, Any], orders: Value | None) -> None:
        channels = result.get("accounts_by_channel") or {}
        self.names = _ordered(channels)
        self.columns = {name: {a: read(v) for a, v in channels[name].items()} for name in self.names}
        self.total = {name: read(value) for name, value in result["accounts"].items()}
        self.subtotals = result.get("subtotals") or {}
        self.orders = orders
        largest = max((abs(value.mean) for value in self.total.values() if value is not None), default=0.0)
        large = largest >= _IN_THOUSANDS_FROM
        self.factor, self.unit = (1e-3, "thousand yuan") if large else (1.0, "yuan")

    def heads(self) -> list[Column]:
        """Return the columns: channels, the brand's own, total, its error and per order."""
        heads = [Column("", words=True), *(Column(channel_title(name), self.unit) for name in self.names)]
        heads += [Column("total", self.unit), Column("± 95%", self.unit)]
        return [*heads, Column("per order", "yuan/order")]

    def row(self, title: str, accounts: Sequence[str], subtotal: str = "") -> Row:
        """Return one line: what some accounts earned."""
        known = read(self.subtotals.get(subtotal)) if subtotal else None
        whole = known or _earned([self.total.get(name) for name in accounts])
        cells = [
            _amount(_earned([own.get(name) for name in accounts]).mean * self.factor)
            for own in self.columns.values()
        ]
        scaled = whole.scaled(self.factor)
        error = half_width(scaled, 0) if scaled.half_width else NOTHING
        known_orders = self.orders is not None and self.orders.mean
        per_order = plain(whole.mean / self.orders.mean, 2) if self.orders and known_orders else NOTHING
        cells = [title, *cells, _amount(scaled.mean), error, per_order]
        return Row(tuple(cells), "strong" if subtotal in _STRONG else "plain")


def _lines_of(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the lines of a statement: the groups that occur, contribution and profit."""
    lines: list[tuple[str, str]] = []
    for group, title in GROUPS.items():
        if group == "financing":
            lines.append(("contribution", "Contribution"))
        if group != "balance" and any(name in result["accounts"] for name in accounts_in(group)):
            lines.append((group, title))
    return [*lines, ("profit", "Profit")]


def _ordered(channels: Mapping[str, Any]) -> list[str]:
    """Return channels in the order of the schema, others after them, the brand's own last."""
    known = [name for name in CHANNELS if name in channels]
    others = [name for name in channels if name and name not in CHANNELS]
    return [*known, *others, *(name for name in channels if not name)]


def _per_order(value: Value | None) -> str:
    return NOTHING if value is None or value.mean == 0 else plain(value.mean, 2)


def _amount(yuan: float) -> str:
    """Write an amount of a statement; nothing at all is a dash."""
    return plain(yuan, 0) if yuan else NOTHING


def _earned(amounts: Sequence[Value | None]) -> Value:
    """Sum of account balances with the sign of a statement; only a single one keeps its interval."""
    known = [value for value in amounts if value is not None]
    if len(known) == 1:
        return known[0].scaled(-1)
    return Value(-sum(value.mean for value in known), unit="yuan")
