"""The double-entry ledger: every yuan leaves one account and arrives in another, once.

Rounding rule. Amounts are added up unrounded under their key (debit, credit, channel, source, layer,
period). When the books are closed each key rounds once to whole fen, half to even; before that it is
rounded to a millionth of a fen, so that neither the noise of binary fractions nor the order of postings
decides a tie. A key that rounds to zero stays out of the books.
"""

from __future__ import annotations

import math
import operator
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.money.accounts import account
from sim.money.books import Books, Entry
from sim.money.errors import PostingError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

FEN_PER_YUAN = 100
_TIE_DIGITS = 6
_LARGEST_FEN = 2**53  # whole numbers above it are no longer exact in a float

_NEAR_A_TIE = 1e-5  # in fen: farther away than what is cut off before rounding can change

_Key = tuple[str, str, str, str, str]

Place = tuple[str, str, str]
"""What a posting belongs to: channel, source and layer, each empty for the brand as a whole."""


def to_fen(yuan: float) -> int:
    """Round an amount to whole fen, half to even.

    Parameters
    ----------
    yuan
        Amount in yuan.

    Raises
    ------
    PostingError
        If the amount is not finite or too large to be exact to the fen (about 90 trillion yuan).

    Examples
    --------
    >>> to_fen(0.005), to_fen(0.015), to_fen(1.005), to_fen(-0.025)
    (0, 2, 100, -2)
    """
    fen = yuan * FEN_PER_YUAN
    if not abs(fen) <= _LARGEST_FEN:  # also true for nan
        raise PostingError(f"{yuan!r} yuan cannot be kept exact to the fen")
    return round(round(fen, _TIE_DIGITS))


def all_to_fen(yuan: Sequence[float]) -> list[int]:
    """Round each amount as :func:`to_fen` does, all at once.

    Parameters and errors as in :func:`to_fen`.

    Examples
    --------
    >>> all_to_fen([0.005, 0.015, 1.005, -0.025])
    [0, 2, 100, -2]
    """
    fen = np.array(yuan, dtype=np.float64) * FEN_PER_YUAN
    whole = np.rint(fen)
    doubtful = ~(np.abs(fen) <= _LARGEST_FEN) | (np.abs(np.abs(fen - whole) - 0.5) < _NEAR_A_TIE)
    for i in np.flatnonzero(doubtful).tolist():
        whole[i] = to_fen(yuan[i])
    found: list[int] = whole.astype(np.int64).tolist()
    return found


class Ledger:
    """Open books that take postings until they are closed."""

    def __init__(self) -> None:
        self._numbers: dict[_Key, int] = {}
        self._sums: defaultdict[int, dict[int, float]] = defaultdict(dict)  # by period and number of the key
        self._known: set[tuple[str, str]] = set()
        self._closed = False

    def post(
        self,
        debit: str,
        credit: str,
        yuan: float,
        *,
        channel: str = "",
        source: str = "",
        layer: str = "",
        period: int = 0,
    ) -> None:
        """Move an amount from the account ``credit`` to the account ``debit``.

        Parameters
        ----------
        debit, credit
            Names from the chart of accounts: where the money goes and where it comes from.
        yuan
            Amount in yuan, unrounded. Zero leaves no trace. A negative amount takes back an earlier
            posting: it stays under the same key, so a posting and its reversal leave nothing.
        channel, source, layer
            What the posting belongs to; empty for the brand as a whole.
        period
            Whole number of the period (month).

        Raises
        ------
        UnknownAccountError
            If the chart has no such account.
        PostingError
            If the amount is not finite, both accounts are the same, the period is no whole number, or the
            books are closed.
        """
        self._check_pair(debit, credit)
        if not math.isfinite(yuan):
            raise PostingError(f"{debit} from {credit}: amount must be finite, found {yuan!r}")
        if yuan != 0:
            number = self._number((debit, credit, channel, source, layer))
            self._add(_whole(period), (number,), (float(yuan),))

    def post_array(
        self,
        debit: str,
        credit: str,
        yuan: ArrayLike,
        *,
        channel: str = "",
        source: str = "",
        layer: str = "",
        first_period: int = 0,
    ) -> None:
        """Post one amount per period.

        Parameters
        ----------
        yuan
            Amounts in yuan, shape (periods,); the first belongs to ``first_period``.
        debit, credit, channel, source, layer
            As in :meth:`post`.

        Raises
        ------
        UnknownAccountError, PostingError
            As in :meth:`post`; also for an array that is not one-dimensional. Nothing is posted then.
        """
        self._check_pair(debit, credit)
        amounts = np.asarray(yuan, dtype=np.float64)
        if amounts.ndim != 1:
            raise PostingError(f"{debit} from {credit}: amounts need shape (periods,), found {amounts.shape}")
        by_period = list(enumerate(amounts.tolist(), _whole(first_period)))
        _check_finite(debit, credit, by_period)
        number = (self._number((debit, credit, channel, source, layer)),)
        for period, amount in by_period:
            self._add(period, number, (amount,))

    def post_table(self, debit: str, credit: str, yuan: ArrayLike, places: Sequence[Place]) -> None:
        """Post one amount per period and place, the same as :meth:`post_array` column by column.

        Parameters
        ----------
        debit, credit
            As in :meth:`post`.
        yuan
            Amounts in yuan, shape (periods, places); the first row belongs to period 0.
        places
            Channel, source and layer of each column; a place may come more than once.

        Raises
        ------
        UnknownAccountError, PostingError
            As in :meth:`post`; also for an array of another shape. Nothing is posted then.
        """
        self._check_pair(debit, credit)
        amounts = np.asarray(yuan, dtype=np.float64)
        if amounts.ndim != 2 or amounts.shape[1] != len(places):
            raise PostingError(
                f"{debit} from {credit}: amounts need shape (periods, {len(places)}), found {amounts.shape}"
            )
        if not np.isfinite(amounts).all():
            for column in amounts.T.tolist():
                _check_finite(debit, credit, list(enumerate(column)))
        used = np.flatnonzero(amounts.any(axis=0))
        numbers = [self._number((debit, credit, *places[column])) for column in used.tolist()]
        for period, row in enumerate(amounts[:, used].tolist()):
            self._add(period, numbers, row)

    def by_period(self, name: str, periods: int, *, channel: str | None = None) -> np.ndarray:
        """Return what has been posted to an account so far, in yuan, unrounded, debit positive.

        Parameters
        ----------
        name
            Account of the chart.
        periods
            Periods to tell apart, from 0; postings to others are left out.
        channel
            Only postings of this channel ("" is the brand as a whole); none: all.

        Returns
        -------
        numpy.ndarray
            Shape (periods,).

        Raises
        ------
        UnknownAccountError
            If the chart has no such account.
        """
        account(name)
        signs = {
            number: 1.0 if debit == name else -1.0
            for (debit, credit, whose, _, _), number in self._numbers.items()
            if name in (debit, credit) and channel in (None, whose)
        }
        found = [0.0] * periods
        for period in range(periods):
            for number, yuan in self._sums.get(period, {}).items():
                if number in signs:
                    found[period] += signs[number] * yuan
        return np.array(found)

    def close(self) -> Books:
        """Round every key once and return the books; nothing can be posted afterwards.

        Raises
        ------
        PostingError
            If the books are closed already or an amount cannot be kept exact to the fen.
        """
        self._refuse_if_closed()
        periods = sorted(self._sums.items())
        posted = [
            (key, period, amounts[number])
            for key, number in sorted(self._numbers.items())
            for period, amounts in periods
            if number in amounts
        ]
        rounded = all_to_fen([yuan for _, _, yuan in posted])
        books = Books(
            tuple(
                Entry(*key, period, fen) for (key, period, _), fen in zip(posted, rounded, strict=True) if fen
            )
        )
        self._closed = True
        return books

    def _number(self, key: _Key) -> int:
        """Return the number that stands for a key, so that words are compared once and not by period."""
        return self._numbers.setdefault(key, len(self._numbers))

    def _add(self, period: int, numbers: Iterable[int], yuan: Iterable[float]) -> None:
        """Add amounts of a period under the numbers of their keys; zero leaves no trace."""
        sums = self._sums[period]
        for number, amount in zip(numbers, yuan, strict=True):
            if amount:
                sums[number] = sums.get(number, 0.0) + amount

    def _check_pair(self, debit: str, credit: str) -> None:
        self._refuse_if_closed()
        if (debit, credit) in self._known:
            return
        account(debit)
        account(credit)
        if debit == credit:
            raise PostingError(f"a posting needs two accounts, found {debit} on both sides")
        self._known.add((debit, credit))

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise PostingError("the books are closed; a new ledger takes new postings")


def _check_finite(debit: str, credit: str, by_period: Sequence[tuple[int, float]]) -> None:
    # A sum is finite only if every part is.
    if math.isfinite(sum(amount for _, amount in by_period)):
        return
    for period, amount in by_period:
        if not math.isfinite(amount):
            raise PostingError(
                f"{debit} from {credit}: amount must be finite, found {amount} in period {period}"
            )


def _whole(period: int) -> int:
    try:
        return operator.index(period)
    except TypeError:
        raise PostingError(f"period must be a whole number, found {period!r}") from None
