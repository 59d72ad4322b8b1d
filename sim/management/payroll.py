"""What management pays for time and for things that are no parcel: hours, rents, hires."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Payment(NamedTuple):
    """Payments of one kind in one period.

    Attributes
    ----------
    account
        Expense account.
    layer
        Pickup layer, or empty.
    period
        Month of the history; negative before measuring starts.
    rate
        Yuan per unit of quantity.
    quantity
        Hours, point-days, hires: whatever the rate is for.
    channel, source
        Who caused it, where that is known when it is paid; else it is split by the work caused.
    """

    account: str
    layer: str
    period: int
    rate: float
    quantity: float
    channel: str = ""
    source: str = ""


class Payroll:
    """Collects payments by account, layer, period and rate.

    Parameters
    ----------
    period
        Tells the period of the present moment.
    """

    def __init__(self, period: Callable[[], int]) -> None:
        self._period = period
        self._sums: dict[tuple[str, str, int, float, str, str], float] = {}

    def pay(
        self,
        account: str,
        hours: float,
        rate: float,
        layer: str = "",
        *,
        channel: str = "",
        source: str = "",
    ) -> None:
        """Pay ``hours`` units at ``rate`` yuan each, now."""
        if hours:
            key = (account, layer, self._period(), rate, channel, source)
            self._sums[key] = self._sums.get(key, 0.0) + hours

    def payments(self) -> list[Payment]:
        """Return everything paid so far, in a fixed order."""
        return [
            Payment(account, layer, period, rate, quantity, channel, source)
            for (account, layer, period, rate, channel, source), quantity in sorted(self._sums.items())
        ]
