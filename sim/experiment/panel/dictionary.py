"""What every column of a panel means, with its unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Meaning:
    """One column: its name, its unit (empty for words) and what it holds."""

    name: str
    unit: str
    text: str


_WHERE = (
    Meaning("history", "", "Number of the simulated history, from 0."),
    Meaning("week", "week", "Week of the measured period, from 1; it starts on 1 January."),
    Meaning("source", "", "Source of visitors; those without visits of their own are orders that follow."),
)
TABLES: Mapping[str, tuple[Meaning, ...]] = {
    "panel": (
        *_WHERE,
        Meaning("days", "days", "Length of the week; the last one may be cut short."),
        Meaning(
            "spend",
            "yuan",
            "Paid to bring visitors: visits when they came; commissions, mails and print of a month spread"
            " over its days like the source's sales.",
        ),
        Meaning("visits", "visits", "Visits that the source sent."),
        Meaning("orders", "orders", "Orders placed in these visits: last click."),
        Meaning("sales", "yuan", "Paid for these orders, before refunds."),
        Meaning(
            "price_index", "ratio", "Price where the source's visitors land relative to the reference price."
        ),
        Meaning("promotion_days", "days", "Promotion days in the week."),
        Meaning("promotion", "flag", "1 if the week has a promotion day, else 0."),
    ),
    "budgets": (
        Meaning("week", "week", "Week of the measured period, from 1."),
        Meaning("source", "", "Source whose visits are bought one by one."),
        Meaning("budget", "ratio", "Visits bought relative to the scenario's own."),
    ),
    "truth": (
        Meaning("source", "", "Source that was taken out of the paired world."),
        Meaning("figure", "", "What was measured over the whole period."),
        Meaning("credit", "", "last_click, incremental (lost without the source) or ratio of the two."),
        Meaning("mean", "see unit", "Mean over histories."),
        Meaning("low", "see unit", "Lower end of the 95% interval; empty with one history."),
        Meaning("high", "see unit", "Upper end."),
        Meaning("unit", "", "Unit of the three."),
        Meaning("n", "histories", "Number of histories."),
    ),
    "truth_by_week": (
        *_WHERE,
        Meaning("incremental_orders", "orders", "Orders of this week, of all sources, lost without it."),
        Meaning("incremental_sales", "yuan", "Paid for them, before refunds."),
        Meaning("last_click_orders", "orders", "Orders of this week that last click books to it."),
    ),
}
"""Columns of every table, in order."""


def columns_of(table: str) -> list[str]:
    """Return the columns of a table."""
    return [meaning.name for meaning in TABLES[table]]


def dictionary() -> dict[str, list[dict[str, str]]]:
    """Return the meaning of every column by table, as plain data."""
    return {table: [asdict(meaning) for meaning in meanings] for table, meanings in TABLES.items()}
