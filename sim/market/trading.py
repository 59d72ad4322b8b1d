"""The market at work: turns what visitors see into orders, slice by slice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.market.calendar import DAYS_PER_YEAR, HOURS_PER_DAY, HOURS_PER_YEAR
from sim.market.day import Today
from sim.market.trade import EACH, SPLIT, trade_slices
from sim.market.trade_tables import trade_tables

if TYPE_CHECKING:
    from sim.scenario import Scenario

SLICE_HOURS = 1.0
METHODS = {"split": SPLIT, "each": EACH}


@dataclass(frozen=True)
class People:
    """Those who do something on a day: orders, or visitors with a question.

    Attributes
    ----------
    times
        Moments in hours of the history.
    classes
        Order class codes.
    units
        Lamps in the basket.
    values
        Value of the basket at the day's list price in yuan.
    births
        Keys of their luck.
    """

    times: np.ndarray
    classes: np.ndarray
    units: np.ndarray
    values: np.ndarray
    births: np.ndarray

    def where(self, chosen: np.ndarray) -> People:
        """Return copies of those at some positions."""
        return People(
            self.times.take(chosen),
            self.classes.take(chosen),
            self.units.take(chosen),
            self.values.take(chosen),
            self.births.take(chosen),
        )

    def kept(self) -> People:
        """Return a copy that outlives the day: the arrays are views of buffers used again tomorrow."""
        return self.where(np.arange(self.times.size))

    def hand_in(self, flow: Any, source: str) -> None:
        """Hand them over to a source of the flow network."""
        if self.times.size:
            flow.hand_in(
                source,
                self.times,
                classes=self.classes,
                units=self.units,
                values=self.values,
                births=self.births,
            )


@dataclass(frozen=True)
class DayOfTrade:
    """What a day brought.

    Attributes
    ----------
    visits
        Visits by stream.
    orders
        Those who bought at once.
    chats
        Those who asked before deciding.
    """

    visits: np.ndarray
    orders: People
    chats: People


class Trading:
    """Visits and orders of one history.

    Parameters
    ----------
    scenario
        The world.
    seed
        Seed of the replication (0 to 2**64 - 1).
    first_day_hour
        Hour of the history that is 1 January, 0:00 (the length of the warm-up).
    method
        "split" draws the number of buyers at once, "each" visit by visit: the same law, a test oracle.

    Attributes
    ----------
    streams
        Streams of visits.
    rates
        Visits per hour at mean demand by stream, before any force has acted.
    stream_of_class
        Position of the stream of each order class.
    conversions
        Orders per visit at reference conditions by stream.
    """

    def __init__(self, scenario: Scenario, seed: int, first_day_hour: float, method: str = "split") -> None:
        self._seed = np.uint64(seed)
        self._method = METHODS[method]
        self._offset = int(first_day_hour)
        self._tables = tables = trade_tables(scenario)
        self.streams = tables.streams
        self.rates = tables.rates
        self.stream_of_class = tables.stream_of_class
        self.conversions = tables.conversions
        self._buffers = self._new_buffers(4096)

    @staticmethod
    def _new_buffers(size: int) -> tuple[np.ndarray, ...]:
        return (
            np.empty(size),
            np.empty(size, np.int64),
            np.empty(size, np.int64),
            np.empty(size),
            np.empty(size, np.uint64),
            np.empty(size, np.uint8),
        )

    def morning(self, day: int, growth: float) -> Today:
        """Return what visitors meet on a day of the history while every force is at its reference."""
        return Today.at_reference(
            day=day,
            date=self._date(day),
            measured=day * HOURS_PER_DAY >= self._offset,
            growth=growth,
            rates=self.rates,
            click_price=self._tables.click_prices,
        )

    def _date(self, day: int) -> int:
        """Return the day of the calendar year of a day of the history, 0 for 1 January."""
        return (day - self._offset // HOURS_PER_DAY) % DAYS_PER_YEAR

    def demand_on(self, day: int) -> float:
        """Return the relative demand of a day of the history (mean one over the year)."""
        return self._tables.demand_by_date[self._date(day)]

    def demand_at(self, hour: int, hours: int) -> np.ndarray:
        """Return the relative demand of ``hours`` slices from ``hour`` of the history on."""
        return self._tables.demand[(np.arange(hour, hour + hours) - self._offset) % HOURS_PER_YEAR]

    def trade(self, today: Today) -> DayOfTrade:
        """Trade one day, hour by hour."""
        visits = np.zeros((HOURS_PER_DAY, len(self.streams)), dtype=np.int64)
        hour = today.day * HOURS_PER_DAY
        weights, tables = self.demand_at(hour, HOURS_PER_DAY), self._tables
        codes = tables.class_codes[0 if today.measured else 1]
        conversions, asks = self._choices(today)
        while True:
            # Slices are numbered from 1 January, so a longer warm-up changes nobody's luck in the year
            # itself; the number wraps into unsigned space before that day.
            found = trade_slices(
                self._seed,
                hour - self._offset,
                weights,
                SLICE_HOURS,
                today.rates,
                conversions,
                asks,
                tables.keys,
                tables.baskets,
                tables.basket_rows,
                tables.scales * today.basket,
                tables.extra_units,
                tables.cuts,
                codes,
                self._method,
                visits,
                *self._buffers,
            )
            if found >= 0:
                break
            self._buffers = self._new_buffers(2 * self._buffers[0].size)
        times, classes, units, values, births, asked = (buffer[:found] for buffer in self._buffers)
        people = People(times + self._offset * SLICE_HOURS, classes, units, values, births)
        at_once, later = np.flatnonzero(asked == 0), np.flatnonzero(asked)
        if not later.size:
            return DayOfTrade(visits.sum(axis=0), people, people.where(later))
        return DayOfTrade(visits.sum(axis=0), people.where(at_once), people.where(later))

    def _choices(self, today: Today) -> tuple[np.ndarray, np.ndarray]:
        """Return who buys at once and who asks first, as shares of visits by stream."""
        certain = self._tables.certain
        odds = self._tables.odds * np.exp(today.shift)
        would_buy = np.where(certain, 1.0, odds / (1.0 + odds))
        first = np.where(certain, 0.0, today.ask_first)
        at_once = would_buy * (1.0 - first)
        return at_once, np.minimum(would_buy * first * today.asks_per_win, 1.0 - at_once)
