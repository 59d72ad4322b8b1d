"""Tables of a closed history: balances by field, the funnel by source, the monthly series."""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.money import CHART, Entry, accounts_in, net_sales, total_cost
from sim.run import Funnel

if TYPE_CHECKING:
    from sim.accounting.tally import Tally
    from sim.money import Books


def balances_by(books: Books, *fields: str) -> dict[Any, dict[str, int]]:
    """Return balances in fen by account (debit positive) for every value of one field, or pair of two."""
    key_of = itemgetter(*map(Entry._fields.index, fields))
    found: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in books.entries:
        debit, credit, *_, fen = entry
        sums = found[key_of(entry)]
        sums[debit] += fen
        sums[credit] -= fen
    return {key: dict(sums) for key, sums in found.items()}


def in_yuan(balances: dict[str, int]) -> dict[str, float]:
    """Return balances in yuan, in the order of the chart of accounts."""
    return {name: balances[name] / 100.0 for name in CHART if name in balances}


def profit_accounts(accounts: dict[str, float]) -> dict[str, float]:
    """Return income and expense accounts only."""
    return {name: yuan for name, yuan in accounts.items() if CHART[name].kind in ("income", "expense")}


def funnel(tally: Tally, books: Books) -> tuple[Funnel, ...]:
    """Return visits, orders, sales and traceable cost by channel and source."""
    visits: dict[tuple[str, str], int] = {}
    for stream, number in zip(
        tally.world.trading.streams, tally.world.visits.sum(axis=0).tolist(), strict=True
    ):
        key = (stream.segment.channel, stream.segment.source)
        visits[key] = visits.get(key, 0) + int(number)
    orders: dict[tuple[str, str], int] = {}
    for key, number in zip(tally.pairs, tally.counts("placed", "entries").sum(axis=0).tolist(), strict=True):
        orders[key] = orders.get(key, 0) + int(number)
    by_pair = balances_by(books, "channel", "source")
    traffic = accounts_in("traffic")
    rows = []
    for (channel, source), number in visits.items():
        if number == 0 and orders.get((channel, source), 0) == 0:
            continue
        balances = by_pair.get((channel, source), {})
        rows.append(
            Funnel(
                channel,
                source,
                number,
                orders.get((channel, source), 0),
                net_sales(balances) / 100.0,
                total_cost(balances) / 100.0,
                sum(balances.get(name, 0) for name in traffic) / 100.0,
            )
        )
    return tuple(rows)


def balances_by_month(tally: Tally, books: Books) -> list[dict[str, int]]:
    """Return what each measured month adds to the balances, in fen by account (debit positive)."""
    by_month = balances_by(books, "period")
    return [by_month.get(month, {}) for month in range(tally.months)]


def series(tally: Tally, balances: list[dict[str, int]]) -> dict[str, list[float]]:
    """Return the monthly series.

    Parameters
    ----------
    tally
        Counts of the finished history.
    balances
        As :func:`balances_by_month` returns them.
    """
    placed = tally.counts("placed", "entries").sum(axis=1)
    cash = np.cumsum([found.get("cash", 0) / 100.0 for found in balances])
    return {
        "month": [float(month + 1) for month in range(tally.months)],
        "visits": tally.world.visits.sum(axis=1).astype(float).tolist(),
        "orders": placed[: tally.months].tolist(),
        "sales": [net_sales(found) / 100.0 for found in balances],
        "cost": [total_cost(found) / 100.0 for found in balances],
        "cash": cash.tolist(),
    }
