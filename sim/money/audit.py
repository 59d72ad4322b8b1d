"""An audit that does not trust the ledger: recompute every account from records and compare.

Paired postings always balance, so a trial balance cannot see a posting that was dropped, doubled or
altered. The audit starts from records made elsewhere (one row per order, per kind of paid hours, per
purchase) and a rule-book: how much of what, at which price, ends up in which account. Where the records and
the books differ by more than rounding, it says where.

Rounding. The books round once per key, the audit once per cell (account and the chosen fields). A cell may
therefore differ by half a fen for each entry in it plus half a fen of its own; anything beyond is a
finding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.money.accounts import CHART, account
from sim.money.errors import RuleError, nearest
from sim.money.ledger import to_fen

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.money.books import Books

FIELDS = ("channel", "source", "layer", "period")
_NOTHING: Mapping[str, str | int] = {"channel": "", "source": "", "layer": "", "period": 0}

Quantity = str | Callable[["pd.DataFrame"], Any] | None
Rate = float | str | Callable[["pd.DataFrame", Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Rule:
    """One line of the rule-book: quantity times rate of the rows of a table goes to an account.

    Attributes
    ----------
    account
        Account of the chart.
    sign
        +1 where the rule debits the account, -1 where it credits it.
    table
        Name of the table of records.
    quantity
        Column to multiply the rate with, a function of the chosen rows, or None to count rows.
    rate
        Yuan per unit of the quantity: a number, the name of a price, the name of a column, or a function of
        the chosen rows and the prices (for price lists and prices by channel).
    where
        Column to wanted value, or to a set, list or tuple of wanted values; all must hold.
    fields
        Where the posting's channel, source, layer and period come from: field to column. A field that is
        not named comes from the column of the same name, or is empty (period 0) when the table has none or
        the column named here is ``""``.
    """

    account: str
    sign: int
    table: str
    quantity: Quantity = None
    rate: Rate = 1.0
    where: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        account(self.account)
        if self.sign not in (1, -1):
            raise RuleError(
                f"rule for {self.account}: sign must be 1 (debit) or -1 (credit), found {self.sign!r}"
            )
        for name in self.fields:
            if name not in FIELDS:
                raise RuleError(f"rule for {self.account}: unknown field {name!r}.{nearest(name, FIELDS)}")


def transfer(
    debit: str, credit: str, table: str, quantity: Quantity = None, rate: Rate = 1.0, **more: Any
) -> list[Rule]:
    """Return the two rules of money that moves from ``credit`` to ``debit``; ``more`` as in :class:`Rule`."""
    return [Rule(debit, 1, table, quantity, rate, **more), Rule(credit, -1, table, quantity, rate, **more)]


@dataclass(frozen=True)
class Finding:
    """A cell in which the books and the records disagree.

    Attributes
    ----------
    account
        Account of the chart.
    cell
        Field to value, for the fields the audit was asked to tell apart.
    books_fen, records_fen
        Balance in the books and as recomputed, debit positive, in fen.
    reason
        What is wrong, in words.
    """

    account: str
    cell: Mapping[str, str | int]
    books_fen: int
    records_fen: int
    reason: str

    def __str__(self) -> str:
        place = "".join(f" {name}={value}" for name, value in self.cell.items() if value != "")
        return (
            f"{self.account}{place}: books {self.books_fen / 100:,.2f} yuan, "
            f"records {self.records_fen / 100:,.2f} yuan ({self.reason})"
        )


def recompute(
    rules: Iterable[Rule], tables: Mapping[str, pd.DataFrame], prices: Mapping[str, Any] | None = None
) -> dict[str, int]:
    """Recompute the balance of every account that a rule names.

    Parameters
    ----------
    rules
        The rule-book.
    tables
        Records by name.
    prices
        Prices by name, for rules whose rate is a name; functions get the whole mapping.

    Returns
    -------
    dict
        Account to balance in fen, debit positive, in chart order.

    Raises
    ------
    RuleError
        If a rule asks for a table, column or price that is not there, or an amount is not finite.
    """
    cells = _cells(list(rules), tables, prices or {}, ())
    sums = {name: to_fen(yuan) for (name, _), yuan in cells.items()}
    return {name: sums[name] for name in CHART if name in sums}


def audit(
    books: Books,
    rules: Iterable[Rule],
    tables: Mapping[str, pd.DataFrame],
    prices: Mapping[str, Any] | None = None,
    *,
    by: Sequence[str] = (),
    unaudited: Collection[str] = (),
) -> list[Finding]:
    """Compare closed books with an independent recomputation.

    Parameters
    ----------
    books
        The books to check.
    rules, tables, prices
        As in :func:`recompute`.
    by
        Fields to tell apart (``channel``, ``source``, ``layer``, ``period``): the more, the sharper.
    unaudited
        Accounts left out on purpose. An account with entries and neither a rule nor a place here is a
        finding.

    Returns
    -------
    list of Finding
        Empty when the books hold; in chart order otherwise.

    Raises
    ------
    RuleError
        As in :func:`recompute`, and for an unknown field or a rule for an account that is left out.
    """
    for name in by:
        if name not in FIELDS:
            raise RuleError(f"unknown field {name!r}.{nearest(name, FIELDS)} Allowed: {', '.join(FIELDS)}.")
    book = list(rules)
    ruled = {rule.account for rule in book}
    for name in unaudited:
        if account(name).name in ruled:
            raise RuleError(f"{name} is left out of the audit and has a rule")
    records = {cell: to_fen(yuan) for cell, yuan in _cells(book, tables, prices or {}, tuple(by)).items()}
    balances, entries = _book_cells(books, tuple(by))

    order = {name: position for position, name in enumerate(CHART)}
    findings = []
    for cell in sorted(records.keys() | balances.keys(), key=lambda c: (order[c[0]], tuple(map(str, c[1])))):
        name, place = cell
        if name in unaudited:
            continue
        found, wanted = balances.get(cell, 0), records.get(cell, 0)
        if name not in ruled:
            reason = "no rule covers this account"
        elif 2 * abs(found - wanted) > entries.get(cell, 0) + 1:
            reason = (
                f"{abs(found - wanted) / 100:,.2f} yuan beyond rounding over {entries.get(cell, 0)} entries"
            )
        else:
            continue
        findings.append(Finding(name, dict(zip(by, place, strict=True)), found, wanted, reason))
    return findings


_Cell = tuple[str, tuple[str | int, ...]]


def _book_cells(books: Books, by: tuple[str, ...]) -> tuple[dict[_Cell, int], dict[_Cell, int]]:
    balances: dict[_Cell, int] = defaultdict(int)
    entries: dict[_Cell, int] = defaultdict(int)
    for entry in books.entries:
        place = tuple(getattr(entry, name) for name in by)
        for name, fen in ((entry.debit, entry.fen), (entry.credit, -entry.fen)):
            balances[name, place] += fen
            entries[name, place] += 1
    return dict(balances), dict(entries)


def _cells(
    rules: list[Rule], tables: Mapping[str, pd.DataFrame], prices: Mapping[str, Any], by: tuple[str, ...]
) -> dict[_Cell, float]:
    """Yuan by cell, debit positive. The places of a table are told apart once for all its rules."""
    sums: dict[_Cell, float] = defaultdict(float)
    known: dict[tuple[str, ...], tuple[NDArray[np.intp], list[tuple[str | int, ...]]]] = {}
    for rule in rules:
        table = _table(rule, tables)
        columns = tuple(_column_of_field(rule, table, name) for name in by)
        if (rule.table, *columns) not in known:
            known[rule.table, *columns] = _places(rule, table, columns, by)
        place_of_row, places = known[rule.table, *columns]

        chosen = _chosen(rule, table)
        rows = table if chosen.all() else table[chosen]
        yuan = rule.sign * _quantity(rule, rows) * _rate(rule, rows, prices)
        if not np.isfinite(yuan).all():
            raise RuleError(f"rule for {rule.account} on {rule.table}: an amount is not finite")
        by_place = np.bincount(place_of_row[chosen], weights=yuan, minlength=len(places))
        for place in np.flatnonzero(by_place).tolist():
            sums[rule.account, places[place]] += float(by_place[place])
        if not by:
            sums[rule.account, ()] += 0.0  # an account with rules and no rows is zero, not absent
    return sums


def _places(
    rule: Rule, table: pd.DataFrame, columns: tuple[str, ...], by: tuple[str, ...]
) -> tuple[NDArray[np.intp], list[tuple[str | int, ...]]]:
    """Place number of each row, and what the places are."""
    import pandas as pd

    numbers = np.zeros(len(table), dtype=np.intp)
    places: list[tuple[str | int, ...]] = [()]
    for column, name in zip(columns, by, strict=True):
        if not column:
            places = [(*place, _NOTHING[name]) for place in places]
            continue
        codes, values = pd.factorize(_column(rule, table, column))
        if (codes < 0).any():
            raise RuleError(f"rule for {rule.account}: column {column!r} of {rule.table!r} has empty cells")
        seen, numbers = np.unique(numbers * len(values) + codes, return_inverse=True)
        words = values.tolist()
        places = [(*places[pair // len(words)], words[pair % len(words)]) for pair in seen.tolist()]
    return numbers, places


def _column_of_field(rule: Rule, table: pd.DataFrame, name: str) -> str:
    """Column that a field comes from, empty where the table has none."""
    return rule.fields.get(name, name if name in table.columns else "")


def _table(rule: Rule, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    if rule.table not in tables:
        raise RuleError(f"rule for {rule.account}: no table {rule.table!r}.{nearest(rule.table, tables)}")
    return tables[rule.table]


def _chosen(rule: Rule, table: pd.DataFrame) -> NDArray[np.bool_]:
    chosen = np.ones(len(table), dtype=bool)
    for column, wanted in rule.where.items():
        found = _column(rule, table, column)
        if isinstance(wanted, set | frozenset | list | tuple):
            chosen &= np.isin(found, list(wanted))
        else:
            chosen &= found == wanted
    return chosen


def _column(rule: Rule, rows: pd.DataFrame, column: str) -> NDArray[Any]:
    if column not in rows.columns:
        raise RuleError(
            f"rule for {rule.account}: table {rule.table!r} has no column {column!r}."
            f"{nearest(column, rows.columns)}"
        )
    return np.asarray(rows[column])


def _quantity(rule: Rule, rows: pd.DataFrame) -> NDArray[np.float64]:
    if rule.quantity is None:
        return np.ones(len(rows))
    if isinstance(rule.quantity, str):
        return _column(rule, rows, rule.quantity).astype(np.float64)
    return np.broadcast_to(np.asarray(rule.quantity(rows), dtype=np.float64), (len(rows),))


def _rate(rule: Rule, rows: pd.DataFrame, prices: Mapping[str, Any]) -> NDArray[np.float64]:
    if callable(rule.rate):
        found = rule.rate(rows, prices)
    elif not isinstance(rule.rate, str):
        found = rule.rate
    elif rule.rate in prices:
        found = prices[rule.rate]
    elif rule.rate in rows.columns:
        found = rows[rule.rate]
    else:
        known = [*prices, *rows.columns]
        raise RuleError(
            f"rule for {rule.account}: no price or column {rule.rate!r}.{nearest(rule.rate, known)}"
        )
    return np.broadcast_to(np.asarray(found, dtype=np.float64), (len(rows),))
