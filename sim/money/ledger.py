"""The double-entry ledger: every yuan leaves one account and arrives in another, once.

Rounding rule. Amounts are added up unrounded under their key (debit, credit, channel, source, layer,
period). When the books are closed each key rounds once to whole fen, half to even; before that it is
rounded to a millionth of a fen, so that neither the noise of binary fractions nor the order of postings
decides a tie. A key that rounds to zero stays out of the books.
"""

from __future__ import annotations

import math
import operator
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

_Key = tuple[str, str, str, str, str, int]


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


class Ledger:
    """Open books that take postings until they are closed."""

    def __init__(self) -> None:
        self._sums: dict[_Key, float] = {}
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
            self._add((debit, credit, channel, source, layer, _whole(period)), float(yuan))

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
        for period, amount in by_period:
            if not math.isfinite(amount):
                raise PostingError(
                    f"{debit} from {credit}: amount must be finite, found {amount} in period {period}"
                )
        for period, amount in by_period:
            if amount:
                self._add((debit, credit, channel, source, layer, period), amount)

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
        found = np.zeros(periods)
        for (debit, credit, whose, _, _, period), yuan in self._sums.items():
            if name in (debit, credit) and 0 <= period < periods and channel in (None, whose):
                found[period] += yuan if debit == name else -yuan
        return found

    def close(self) -> Books:
        """Round every key once and return the books; nothing can be posted afterwards.

        Raises
        ------
        PostingError
            If the books are closed already or an amount cannot be kept exact to the fen.
        """
        self._refuse_if_closed()
        rounded = ((key, to_fen(amount)) for key, amount in sorted(self._sums.items()))
        books = Books(tuple(Entry(*key, fen) for key, fen in rounded if fen))
        self._closed = True
        return books

    def _add(self, key: _Key, yuan: float) -> None:
        self._sums[key] = self._sums.get(key, 0.0) + yuan

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


def _whole(period: int) -> int:
    try:
        return operator.index(period)
    except TypeError:
        raise PostingError(f"period must be a whole number, found {period!r}") from None
