"""The mean of a figure over measured days."""

from __future__ import annotations


class MeasuredMean:
    """Mean of a daily figure over the days that are measured.

    Examples
    --------
    >>> mean = MeasuredMean()
    >>> for value, measured in ((9.0, False), (1.0, True), (2.0, True)):
    ...     mean.note(value, measured=measured)
    >>> mean.figures("rating")
    {'rating': 1.5}
    """

    def __init__(self) -> None:
        self._sum = 0.0
        self._days = 0

    def note(self, value: float, *, measured: bool) -> None:
        """Note a day's figure."""
        if measured:
            self._sum += value
            self._days += 1

    def figures(self, name: str) -> dict[str, float]:
        """Return the mean under a name; nothing where no day was measured."""
        return {name: self._sum / self._days} if self._days else {}
