"""Owners and the bank: money put in on the way, the overdraft and its price, and running out of money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.money import Ledger
    from sim.scenario import Scenario

DAYS_PER_YEAR = 365.0
MONTHS_COMPARED = 3
"""Owners compare sales of this many months with those of the first so many."""


def growth_seen(sales: np.ndarray, demand: np.ndarray, month: int) -> float:
    """Return how much sales have grown by the start of a month, seasons apart.

    Sales over the calendar's demand of the last three months before, relative to the same of the first three
    months; zero while there is nothing to compare.

    Parameters
    ----------
    sales
        Net sales by month, in yuan.
    demand
        Demand that the calendar explains, by month, in any unit.
    month
        The month, counted from 0.

    Examples
    --------
    >>> growth_seen(np.array([1.0, 2.0, 1.0, 2.0, 4.0, 2.0]), np.array([1.0, 2.0, 1.0, 1.0, 2.0, 1.0]), 6)
    1.0
    """
    span = min(MONTHS_COMPARED, month // 2)
    if span == 0:
        return 0.0
    early, late = slice(0, span), slice(month - span, month)
    before, then = sales[early].sum() / demand[early].sum(), sales[late].sum() / demand[late].sum()
    return float(then / before - 1.0) if before > 0 else 0.0


def post_funding(scenario: Scenario, ledger: Ledger, sales: np.ndarray, demand: np.ndarray) -> np.ndarray:
    """Post the rounds of funding that come about.

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books.
    sales, demand
        As in :func:`growth_seen`.

    Returns
    -------
    numpy.ndarray
        Money put in, in yuan by month.
    """
    put_in = np.zeros(sales.size)
    for planned in scenario.finance.funding_rounds:
        month = planned.month - 1
        if month >= sales.size:
            continue
        if planned.needs_growth == 0 or growth_seen(sales, demand, month) >= planned.needs_growth:
            put_in[month] += planned.amount
    ledger.post_array("cash", "owners_equity", put_in)
    return put_in


def post_overdraft(scenario: Scenario, ledger: Ledger, days: np.ndarray) -> None:
    """Post what the bank charges for an overdraft, month by month, on the mean of its two ends.

    The charge of one month makes the overdraft of the next. Nothing is charged, and any overdraft is allowed,
    with ``mechanisms.cash_limit`` off or without a credit line.

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books that hold everything else.
    days
        Length of the months in days.
    """
    finance = scenario.finance
    if finance.credit_line is None or not scenario.mechanisms.cash_limit:
        return
    balance, charges = 0.0, np.zeros(days.size)
    for month, change in enumerate(ledger.by_period("cash", days.size)):
        # Opening cash is part of the first month's change; it is there from the start.
        before = balance + finance.opening_cash if month == 0 else balance
        overdrawn = max(-before, 0.0) + max(-(balance + change), 0.0)
        charges[month] = overdrawn / 2.0 * finance.overdraft_cost_per_year * days[month] / DAYS_PER_YEAR
        balance += change - charges[month]
    ledger.post_array("overdraft_interest", "cash", charges)


def month_of_ruin(scenario: Scenario, cash: np.ndarray) -> int | None:
    """Return the month, from 1, at whose end cash is below what the bank allows; none where it never is.

    Parameters
    ----------
    scenario
        The world.
    cash
        Cash at the end of each month, in yuan.
    """
    line = scenario.finance.credit_line
    if line is None or not scenario.mechanisms.cash_limit:
        return None
    below = np.flatnonzero(cash < -line)
    return int(below[0]) + 1 if below.size else None


def month_of_break_even(cash: np.ndarray, put_in: np.ndarray) -> int | None:
    """Return the month, from 1, from which on all that owners have put in is back in the bank for good.

    Parameters
    ----------
    cash
        Cash at the end of each month, in yuan.
    put_in
        What owners have put in by month, opening cash included.
    """
    earned = cash - np.cumsum(put_in)
    if earned[-1] < 0:
        return None
    short = np.flatnonzero(earned < 0)
    return int(short[-1]) + 2 if short.size else 1
