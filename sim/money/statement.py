"""Statements made from closed books: profit and loss, cash by period, balance sheet.

In a statement money earned is positive and money spent negative, so that every column adds up from top to
bottom. Everything is summed in whole fen and turned into yuan last: what adds up in the books adds up in
the table.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sim.money.accounts import CHART, GROUPS, accounts_in

if TYPE_CHECKING:
    import pandas as pd

    from sim.money.books import Books

SHARED = "shared"
"""Column of postings that belong to no single channel."""

_RESULTS_AFTER = {"goods": "Gross profit", "overhead": "Contribution", "financing": "Profit"}
_STATEMENT_GROUPS = tuple(group for group in GROUPS if group != "balance")


def profit_and_loss(books: Books, *, every_account: bool = False) -> pd.DataFrame:
    """Profit and loss by channel.

    Parameters
    ----------
    books
        Closed books.
    every_account
        Keep accounts and groups that were never touched.

    Returns
    -------
    pandas.DataFrame
        One row per line from top to bottom with the columns ``group`` (key of the group, empty for
        results), ``line`` (account name, group title, or one of Gross profit, Contribution, Profit),
        ``kind`` (``account``, ``subtotal`` or ``result``), one column per channel in yuan (``shared`` for
        what belongs to none) and ``total``. Contribution is the profit before financing.
    """
    import pandas as pd

    columns = _channel_columns(books)
    earned: dict[str, dict[str, int]] = {
        name: dict.fromkeys(columns, 0) for group in _STATEMENT_GROUPS for name in accounts_in(group)
    }
    touched = set()
    for entry in books.entries:
        column = entry.channel or SHARED
        for name, fen in ((entry.debit, -entry.fen), (entry.credit, entry.fen)):
            if name in earned:
                earned[name][column] += fen
                touched.add(name)

    rows: list[dict[str, object]] = []
    running = dict.fromkeys(columns, 0)
    for group in _STATEMENT_GROUPS:
        shown = [name for name in accounts_in(group) if every_account or name in touched]
        subtotal = {column: sum(earned[name][column] for name in shown) for column in columns}
        rows += [_row(group, name, "account", earned[name]) for name in shown]
        if shown:
            rows.append(_row(group, GROUPS[group], "subtotal", subtotal))
        for column in columns:
            running[column] += subtotal[column]
        if group in _RESULTS_AFTER:
            rows.append(_row("", _RESULTS_AFTER[group], "result", running))
    return pd.DataFrame(rows, columns=["group", "line", "kind", *columns, "total"])


def cash_by_period(books: Books) -> pd.DataFrame:
    """Where cash came from and went to, by period.

    Returns
    -------
    pandas.DataFrame
        Indexed by every ``period`` from the first to the last of the books; one column in yuan for each
        account that cash was exchanged with (received positive), then ``change`` and ``closing``.
    """
    import pandas as pd

    flows: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for entry in books.entries:
        if entry.debit == "cash":
            flows[entry.credit][entry.period] += entry.fen
        elif entry.credit == "cash":
            flows[entry.debit][entry.period] -= entry.fen
    seen = [entry.period for entry in books.entries]
    periods = range(min(seen), max(seen) + 1) if seen else range(0)
    columns = {name: [flows[name][period] for period in periods] for name in CHART if name in flows}
    table = pd.DataFrame(columns, index=pd.Index(periods, name="period", dtype="int64"), dtype="int64")
    table["change"] = table.sum(axis=1).astype("int64")
    table["closing"] = table["change"].cumsum()
    return table / 100


def balance_sheet(books: Books) -> pd.DataFrame:
    """What the brand owns and owes at the end of the books.

    Returns
    -------
    pandas.DataFrame
        Rows with ``kind`` (``asset``, ``liability``, ``equity`` or ``total``), ``line`` and ``yuan``.
        Liabilities and equity are shown positive, profit is a line of equity, and the two totals are equal.
    """
    import pandas as pd

    balances = books.by_account()
    rows: list[tuple[str, str, int]] = []
    sums = {"asset": 0, "claims": 0}
    for name, found in CHART.items():
        if found.group != "balance" or name not in balances:
            continue
        side, sign = ("asset", 1) if found.kind == "asset" else ("claims", -1)
        rows.append((found.kind, name, sign * balances[name]))
        sums[side] += sign * balances[name]
    profit = -sum(fen for name, fen in balances.items() if CHART[name].group != "balance")
    rows.append(("equity", "profit", profit))
    sums["claims"] += profit
    rows += [("total", "assets", sums["asset"]), ("total", "liabilities and equity", sums["claims"])]
    table = pd.DataFrame(rows, columns=["kind", "line", "yuan"])
    table["yuan"] = table["yuan"] / 100
    return table


def _channel_columns(books: Books) -> list[str]:
    channels = sorted({entry.channel for entry in books.entries if entry.channel})
    return [*channels, SHARED] if any(not entry.channel for entry in books.entries) else channels


def _row(group: str, line: str, kind: str, fen: dict[str, int]) -> dict[str, object]:
    yuan = {column: amount / 100 for column, amount in fen.items()}
    return {"group": group, "line": line, "kind": kind, **yuan, "total": sum(fen.values()) / 100}
