"""Closed books: what a ledger leaves behind, in whole fen, ready for questions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sim.money.accounts import CHART, account

if TYPE_CHECKING:
    import pandas as pd

Words = str | Collection[str] | None
"""A filter on a text field: one word, several, or None for all."""

Periods = int | Collection[int] | None
"""A filter on the period: one, several (a range, a set), or None for all."""


class Entry(NamedTuple):
    """One key of the books with its amount.

    Attributes
    ----------
    debit, credit
        Where the money went and where it came from.
    channel, source, layer, period
        What it belongs to.
    fen
        Amount in whole fen; below zero where reversals outweigh postings.
    """

    debit: str
    credit: str
    channel: str
    source: str
    layer: str
    period: int
    fen: int


@dataclass(frozen=True)
class Books:
    """The closed books of one run: immutable, comparable, picklable.

    Every balance is debit minus credit in whole fen: assets and expenses positive, income and liabilities
    negative.

    Attributes
    ----------
    entries
        One entry per key, sorted by key.
    """

    entries: tuple[Entry, ...]

    def balance(
        self,
        name: str,
        *,
        channel: Words = None,
        source: Words = None,
        layer: Words = None,
        period: Periods = None,
    ) -> int:
        """Balance of one account in fen, debit positive, over the entries that pass the filters.

        Raises
        ------
        UnknownAccountError
            If the chart has no such account.
        """
        return self.total((name,), channel=channel, source=source, layer=layer, period=period)

    def total(
        self,
        names: Iterable[str],
        *,
        channel: Words = None,
        source: Words = None,
        layer: Words = None,
        period: Periods = None,
    ) -> int:
        """Sum of the balances of several accounts in fen, debit positive.

        Raises
        ------
        UnknownAccountError
            If the chart lacks one of the accounts.
        """
        wanted = {account(name).name for name in names}
        chosen = self.select(channel=channel, source=source, layer=layer, period=period)
        return sum(((e.debit in wanted) - (e.credit in wanted)) * e.fen for e in chosen)

    def by_account(
        self,
        *,
        channel: Words = None,
        source: Words = None,
        layer: Words = None,
        period: Periods = None,
    ) -> dict[str, int]:
        """Balance in fen of every account touched, debit positive, in chart order."""
        sums: dict[str, int] = {}
        for e in self.select(channel=channel, source=source, layer=layer, period=period):
            sums[e.debit] = sums.get(e.debit, 0) + e.fen
            sums[e.credit] = sums.get(e.credit, 0) - e.fen
        return {name: sums[name] for name in CHART if name in sums}

    def in_yuan(
        self,
        *,
        channel: Words = None,
        source: Words = None,
        layer: Words = None,
        period: Periods = None,
    ) -> dict[str, float]:
        """As :meth:`by_account`, in yuan."""
        balances = self.by_account(channel=channel, source=source, layer=layer, period=period)
        return {name: fen / 100 for name, fen in balances.items()}

    def trial_balance(self) -> int:
        """Sum of all accounts' balances in fen; zero, or the books are broken."""
        return sum(self.by_account().values())

    def select(
        self,
        *,
        channel: Words = None,
        source: Words = None,
        layer: Words = None,
        period: Periods = None,
    ) -> Iterator[Entry]:
        """Iterate over the entries that pass the filters."""
        tests = [
            (_test(wanted), field)
            for field, wanted in ((2, channel), (3, source), (4, layer), (5, period))
            if wanted is not None
        ]
        chosen: Iterable[Entry] = self.entries
        for test, field in tests:
            chosen = [entry for entry in chosen if test(entry[field])]
        yield from chosen

    def over_all_periods(self) -> Books:
        """Return the same books with the entries of all periods as one, in period 0.

        They give every answer that asks for no period, from a fraction of the entries.
        """
        sums: dict[tuple[str, str, str, str, str], int] = {}
        for debit, credit, channel, source, layer, _, fen in self.entries:
            key = (debit, credit, channel, source, layer)
            sums[key] = sums.get(key, 0) + fen
        return Books(tuple(Entry(*key, 0, fen) for key, fen in sums.items()))

    def values(self, field: str) -> tuple[str | int, ...]:
        """Sorted distinct values of a field of :class:`Entry`, such as ``channel`` or ``period``."""
        return tuple(sorted({getattr(entry, field) for entry in self.entries}))

    def frame(self) -> pd.DataFrame:
        """The entries as a table: debit, credit, channel, source, layer, period, fen."""
        import pandas as pd

        table = pd.DataFrame(list(self.entries), columns=list(Entry._fields))
        return table.astype({"period": "int64", "fen": "int64"})

    def profit_and_loss(self) -> pd.DataFrame:
        """Profit and loss by channel in yuan; see :func:`sim.money.statement.profit_and_loss`."""
        from sim.money.statement import profit_and_loss

        return profit_and_loss(self)

    def cash_by_period(self) -> pd.DataFrame:
        """Cash by period in yuan; see :func:`sim.money.statement.cash_by_period`."""
        from sim.money.statement import cash_by_period

        return cash_by_period(self)


def _test(wanted: str | int | Collection[str] | Collection[int]) -> Callable[[object], bool]:
    if isinstance(wanted, str) or not isinstance(wanted, Iterable):
        return lambda found: found == wanted
    allowed = frozenset(wanted)
    return lambda found: found in allowed
