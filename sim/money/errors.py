"""What can go wrong in the books."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class MoneyError(Exception):
    """Something about money is wrong: a posting, a price list or an audit rule."""


class UnknownAccountError(MoneyError):
    """An account that the chart of accounts does not have."""


class PostingError(MoneyError):
    """A posting that cannot stand: not finite, from an account to itself, or after the books were closed."""


class TariffError(MoneyError):
    """A price list that contradicts itself."""


class RuleError(MoneyError):
    """An audit rule that its tables or prices cannot answer."""


def nearest(word: str, allowed: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the closest allowed word, or an empty text when none is close.

    Examples
    --------
    >>> nearest("last_mlie", ["line_haul", "last_mile"])
    " Did you mean 'last_mile'?"
    >>> nearest("zzz", ["line_haul"])
    ''
    """
    matches = get_close_matches(word, list(allowed), n=1)
    return f" Did you mean {matches[0]!r}?" if matches else ""
