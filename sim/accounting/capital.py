"""Money with its timing: opening balances, purchases, deposits, payouts by platforms, interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.schema.parts import DAYS_PER_YEAR
from sim.scenario.segments import CHANNELS, STORES

if TYPE_CHECKING:
    from sim.accounting.tally import Tally
    from sim.money import Ledger


class Capital:
    """Posts money that is paid at another time than it is earned or spent.

    A brand long in business (``horizon.start: mature``) begins with what the end of a year like this one
    leaves behind: goods, deposits, payouts under way and bills unpaid. A launched one begins with its opening
    cash alone and has to buy the rest.

    Parameters
    ----------
    tally
        Counts of the finished history.
    ledger
        Open books that hold everything but the postings made here.
    """

    def __init__(self, tally: Tally, ledger: Ledger) -> None:
        self.scenario = tally.scenario
        self.ledger = ledger
        self.days = tally.days
        growth = tally.world.growth
        launched = tally.scenario.horizon.start == "launch"
        self._launched = launched
        # Share of this history's payments under way that was under way when it began.
        self._before = 0.0 if launched else 1.0 if growth is None else growth.factor(0.0)

    def post(self, purchases: np.ndarray, stock: float) -> None:
        """Post opening cash, stock, bills, payouts and deposits.

        Parameters
        ----------
        purchases
            Goods received by period, in yuan.
        stock
            Value of the goods on hand at the start, in yuan.
        """
        finance, ledger = self.scenario.finance, self.ledger
        ledger.post("cash", "owners_equity", finance.opening_cash)
        ledger.post_array("stock", "payables", purchases)
        paid, earlier = self._paid(purchases, finance.supplier_credit_days)
        ledger.post_array("payables", "cash", paid)
        ledger.post("owners_equity", "payables", earlier)
        if self._launched:
            first = np.zeros_like(purchases)
            moment = np.searchsorted(np.cumsum(self.days), finance.supplier_credit_days, side="right")
            ledger.post("stock", "payables", stock)
            if moment < first.size - 1:
                first[moment] = stock
                ledger.post_array("payables", "cash", first)
        else:
            ledger.post("stock", "owners_equity", stock)
        for name in CHANNELS:
            if getattr(self.scenario.channels, name) is not None:
                self._payouts(name, self.settlement_days(name))
                source = "cash" if self._launched else "owners_equity"
                ledger.post("deposits", source, self.deposit(name), channel=name)

    def _payouts(self, channel: str, wait: float) -> None:
        """Post payouts of what shoppers paid less what was taken off on the way."""
        owed = self.ledger.by_period("receivables", self.days.size, channel=channel)
        paid, earlier = self._paid(owed, wait)
        self.ledger.post_array("cash", "receivables", paid, channel=channel)
        self.ledger.post("receivables", "owners_equity", earlier, channel=channel)

    def _paid(self, amounts: np.ndarray, delay: float) -> tuple[np.ndarray, float]:
        """Return payments by period, those for the time before included, and the sum of the latter."""
        later = delayed(amounts, self.days, delay)
        earlier = self._before * under_way(amounts, self.days, delay)
        return later + earlier, float(earlier.sum())

    def settlement_days(self, name: str) -> float:
        """Return the days from a sale to its payout; stores are paid at once."""
        return 0.0 if name == STORES else getattr(self.scenario.channels, name).settlement_days

    def deposit(self, name: str) -> float:
        """Return what a channel locks up at its platform or landlord (yuan)."""
        channel = getattr(self.scenario.channels, name)
        if name != STORES:
            return float(channel.deposit)
        if channel.dealers is not None:
            return 0.0
        rent = channel.count * channel.area_m2 * channel.rent_per_m2_month
        return float(rent * channel.rent_deposit_months)

    def interest(self, sales: dict[str, np.ndarray], goods: np.ndarray, things: float) -> None:
        """Post the price of the money tied up on average.

        Parameters
        ----------
        sales
            Net sales by channel, in yuan by period.
        goods
            Purchase cost of goods sold, in yuan by period.
        things
            Mean value of stock and equipment, in yuan.
        """
        length = self.days.sum()
        tied = things
        for name in CHANNELS:
            if getattr(self.scenario.channels, name) is not None:
                sold = sales[name].sum() if name in sales else 0.0
                tied += sold / length * self.settlement_days(name) + self.deposit(name)
        finance = self.scenario.finance
        tied -= goods.sum() / length * finance.supplier_credit_days
        if tied > 0:
            yearly = tied * finance.capital_cost_per_year
            self.ledger.post_array("interest", "cash", yearly * self.days / DAYS_PER_YEAR)


def delayed(amounts: np.ndarray, days: np.ndarray, delay: float) -> np.ndarray:
    """Return when amounts that arise evenly within periods are paid if payment takes ``delay`` days.

    Parameters
    ----------
    amounts
        Amounts by period; those of a period without length stay unpaid.
    days
        Lengths of the periods.
    delay
        Days until payment; what falls after the last period stays unpaid.

    Examples
    --------
    >>> delayed(np.array([30.0, 60.0]), np.array([30.0, 30.0]), 10.0).tolist()
    [20.0, 50.0]
    """
    ends = np.cumsum(days)
    return _paid_later(amounts, days, np.concatenate([[0.0], ends[:-1]]), ends, delay)


def _paid_later(
    amounts: np.ndarray, days: np.ndarray, starts: np.ndarray, ends: np.ndarray, delay: float
) -> np.ndarray:
    """Return :func:`delayed` for periods whose starts and ends are known."""
    paid = np.zeros_like(amounts)
    for amount, start, length in zip(amounts.tolist(), starts.tolist(), days.tolist(), strict=True):
        if amount == 0 or length == 0 or start + delay >= ends[-1] or start + length + delay <= 0:
            continue
        overlap = np.minimum(ends, start + length + delay) - np.maximum(starts, start + delay)
        paid += amount * np.clip(overlap, 0.0, None) / length
    return paid


def under_way(amounts: np.ndarray, days: np.ndarray, delay: float) -> np.ndarray:
    """Return payments for the time before, had every history before been like this one.

    What such a history leaves unpaid at its end is paid in the next one.

    Parameters
    ----------
    amounts, days, delay
        As in :func:`delayed`.

    Examples
    --------
    >>> under_way(np.array([30.0, 60.0]), np.array([30.0, 30.0]), 10.0).tolist()
    [20.0, 0.0]
    """
    length = float(days.sum())
    ends = np.cumsum(days)
    starts = np.concatenate([[0.0], ends[:-1]])
    paid = np.zeros_like(amounts)
    shift = delay - length
    while shift > -length:
        paid += _paid_later(amounts, days, starts, ends, shift)
        shift -= length
    return paid
