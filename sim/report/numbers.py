"""Numbers as people read them: with their unit, as many digits as their error leaves, and the error itself.

Result files hold a simulated value as ``{"mean", "low", "high", "unit", "n"}``. Everything here takes that,
a plain number, or None for what does not apply.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NOTHING = "-"
MOST_DECIMALS = 4
_BARE_DIGITS = 3  # significant digits of a number without an interval


@dataclass(frozen=True)
class Value:
    """A number with its interval, ready to be written.

    Attributes
    ----------
    mean
        The number.
    low, high
        Ends of its 95% interval; None where there is none.
    unit
        Unit of all three; empty when unknown.
    n
        Replications or draws behind it; None for a number that was not simulated.
    """

    mean: float
    low: float | None = None
    high: float | None = None
    unit: str = ""
    n: int | None = None

    @property
    def has_interval(self) -> bool:
        """Whether there is an interval."""
        return self.low is not None and self.high is not None

    @property
    def half_width(self) -> float:
        """Half the length of the interval; zero without one."""
        return (self.high - self.low) / 2 if self.low is not None and self.high is not None else 0.0

    @property
    def is_detectable(self) -> bool:
        """Whether the interval leaves zero out (for differences)."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    @property
    def is_skewed(self) -> bool:
        """Whether the mean sits visibly off the middle of the interval."""
        if self.low is None or self.high is None or self.high <= self.low:
            return False
        return abs((self.low + self.high) / 2 - self.mean) > 0.05 * (self.high - self.low)

    def scaled(self, factor: float, unit: str | None = None) -> Value:
        """Return the value times a factor, in another unit if one is given."""
        ends = [None if end is None else end * factor for end in (self.low, self.high)]
        if factor < 0:
            ends.reverse()
        return Value(self.mean * factor, ends[0], ends[1], self.unit if unit is None else unit, self.n)


def read(found: Any, unit: str = "") -> Value | None:
    """Read a value from a result: a KPI object, a number, an object with ``as_dict``, or None.

    Raises
    ------
    TypeError
        If it is none of these.
    """
    if found is None or isinstance(found, Value):
        return found
    if hasattr(found, "as_dict"):
        found = found.as_dict()
    if isinstance(found, Mapping):
        if found["mean"] is None:
            return None
        return Value(
            float(found["mean"]),
            found.get("low"),
            found.get("high"),
            found.get("unit") or unit,
            found.get("n"),
        )
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise TypeError(f"a value should be a number or a KPI object, found {found!r}")
    return Value(float(found), unit=unit)


def shown(value: Value) -> Value:
    """Return the value in the unit that is shown: shares become percent."""
    return value.scaled(100, "%") if value.unit == "share" else value


def decimals(values: Iterable[Value | None]) -> int:
    """Decimals for a group of values: two digits of the typical error, else three of the numbers.

    Money is never written finer than a fen.

    Examples
    --------
    >>> decimals([Value(12.3, 12.1, 12.6)]), decimals([Value(1234.0, 1200.0, 1268.0)]), decimals([Value(0.5)])
    (2, 0, 3)
    """
    found = [value for value in values if value is not None]
    widths = sorted(value.half_width for value in found if value.half_width > 0)
    most = 2 if any(value.unit.startswith("yuan") for value in found) else MOST_DECIMALS
    if widths:
        return _clip(1 - math.floor(math.log10(widths[len(widths) // 2])), most)
    sizes = [abs(value.mean) for value in found if value.mean != 0]
    if not sizes or all(size == round(size) for size in sizes):
        return 0
    return _clip(_BARE_DIGITS - 1 - math.floor(math.log10(max(sizes))), most)


def text(value: Value | None, places: int | None = None, *, signed: bool = False, unit: bool = False) -> str:
    """Write a value: ``12.34 ± 0.24``, ``12.3 (11.0 to 15.2)`` where the interval is skewed, ``-`` for None.

    Parameters
    ----------
    value
        What to write, in its own unit (see :func:`shown` for shares).
    places
        Decimals; chosen from the interval if None.
    signed
        Write a plus sign too.
    unit
        Append the unit.

    Examples
    --------
    >>> text(Value(12.3456, 12.1, 12.6, "yuan/order", 5), unit=True)
    '12.35 ± 0.25 yuan/order'
    >>> text(Value(1234567.0)), text(None)
    ('1,234,567', '-')
    """
    if value is None:
        return NOTHING
    places = decimals([value]) if places is None else places
    written = plain(value.mean, places, signed=signed)
    if value.low is not None and value.high is not None:
        written += interval(value, places)
    suffix = value.unit if value.unit == "%" else f" {value.unit}"
    return f"{written}{suffix}" if unit and value.unit else written


def interval(value: Value, places: int) -> str:
    """Write the interval alone, to stand behind its mean; empty where there is none or it has no length."""
    if value.low is None or value.high is None or value.low == value.high:
        return ""
    if value.is_skewed:
        return f" ({plain(value.low, places)} to {plain(value.high, places)})"
    return f" ± {half_width(value, places)}"


def half_width(value: Value, places: int) -> str:
    """Write half an interval; one too short for the decimals is below their last digit, not zero."""
    written = plain(value.half_width, places)
    return (
        f"<{10.0**-places:.{places}f}"
        if value.half_width > 0 and float(written.replace(",", "")) == 0
        else written
    )


def column(values: Iterable[Value | None], *, signed: bool = False, most: int = MOST_DECIMALS) -> list[str]:
    """Write a column of values of one unit with the same number of decimals."""
    found = list(values)
    places = min(decimals(found), most)
    return [text(value, places, signed=signed) for value in found]


def plain(number: float, places: int, *, signed: bool = False) -> str:
    """Write a number with thousands separators; a zero has no sign.

    Examples
    --------
    >>> plain(-0.001, 2), plain(1234.5, 1), plain(0.25, 1, signed=True)
    ('0.00', '1,234.5', '+0.2')
    """
    rounded = round(number, places) + 0.0
    return f"{rounded:{'+' if signed and rounded else ''},.{places}f}"


def compact(number: float) -> str:
    """Write a count for an axis or a sentence in at most four characters and a letter.

    Examples
    --------
    >>> compact(950), compact(51_234), compact(1_250_000), compact(0.5)
    ('950', '51.2k', '1.25M', '0.5')
    """
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size * (10 if letter == "k" else 0.9995):  # three digits of 999,999 are 1M
            return f"{number / size:.3g}{letter}"
    return f"{number:,.0f}" if abs(number) >= 1000 or number == round(number) else f"{number:.3g}"


def _clip(places: int, most: int) -> int:
    return max(0, min(most, places))
