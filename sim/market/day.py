"""One day of the market: what visitors meet in the morning, and what is known at midnight."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Today:
    """What visitors meet on one day, stream by stream. Forces change it before the shops open.

    Attributes
    ----------
    day
        Day of the history, 0 for its first (warm-up included).
    date
        Day of the calendar year, 0 for 1 January.
    measured
        Whether the day is measured.
    growth
        Size of demand relative to the scenario's own where a history grows; else 1.
    rates
        Visits per hour at mean demand, shape (streams,). Seasons come on top.
    shift
        Added to the log-odds of buying, 0 at reference conditions, shape (streams,).
    discount
        Share taken off the price today, shape (streams,); whoever sets it also moves ``shift``.
    basket
        Basket value relative to the stream's own, shape (streams,).
    click_price
        Price of a visit in yuan, shape (streams,).
    ask_first
        Share of those who would buy who want an answer first, shape (streams,).
    asks_per_win
        Visitors who ask for each one of them who would buy if answered, shape (streams,).
    redirected
        Orders per hour at mean demand of those who come back by themselves and today come by another way, at
        the stream that they left, shape (streams,).
    loyalty
        Probability that an order kept today is followed by another one, relative to the scenario's, shape
        (streams,).
    """

    day: int
    date: int
    measured: bool
    growth: float
    rates: np.ndarray
    shift: np.ndarray
    discount: np.ndarray
    basket: np.ndarray
    click_price: np.ndarray
    ask_first: np.ndarray
    asks_per_win: np.ndarray
    redirected: np.ndarray
    loyalty: np.ndarray

    @classmethod
    def at_reference(
        cls, *, day: int, date: int, measured: bool, growth: float, rates: np.ndarray, click_price: np.ndarray
    ) -> Today:
        """Return a day on which every force is at its reference."""
        zeros = np.zeros(rates.size)
        return cls(
            day=day,
            date=date,
            measured=measured,
            growth=growth,
            rates=rates * growth,
            shift=zeros,
            discount=zeros.copy(),
            basket=np.ones(rates.size),
            click_price=click_price.copy(),
            ask_first=zeros.copy(),
            asks_per_win=np.ones(rates.size),
            redirected=zeros.copy(),
            loyalty=np.ones(rates.size),
        )


@dataclass(frozen=True)
class Yesterday:
    """What is known at midnight about the day that ended.

    Attributes
    ----------
    today
        What visitors met on that day.
    visits
        Visits by stream.
    orders, values
        Orders and their value at the day's list price (yuan), by order class; both cohorts. Those won by an
        answer count when they are won.
    chats
        Visitors who asked before deciding, by order class.
    entered
        ``entered(node)``: orders that entered a node of the flow network since the midnight before, by
        order class.
    delivery_days
        Mean time from order to hands of the orders delivered in the last seven days; the reference time
        where there were none.
    """

    today: Today
    visits: np.ndarray
    orders: np.ndarray
    values: np.ndarray
    chats: np.ndarray
    delivery_days: float
    entered: Callable[[str], np.ndarray] = field(repr=False)
