"""The market at work: turns what visitors see into orders, slice by slice."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.market.calendar import DAYS_PER_YEAR, HOURS_PER_DAY, HOURS_PER_YEAR, hourly_demand
from sim.market.day import Today
from sim.market.demand import conversion
from sim.market.pickup_choice import delivery_shares, promoted_shares
from sim.market.trade import EACH, SPLIT, trade_slices
from sim.market.traffic import price_per_visit
from sim.scenario.segments import COUNTER, PROMOTION, STORES, OrderClass, deliveries
from sim.scenario.streams import streams

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.schema import Law

SLICE_HOURS = 1.0
TABLE_POINTS = 4097
METHODS = {"split": SPLIT, "each": EACH}


def stream_key(name: str) -> int:
    """Return the 64-bit key of a stream's draws: a hash of its name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def basket_table(law: Law) -> np.ndarray:
    """Return the row that the compiled code reads for a basket law.

    A lognormal law is stored as (-1, log-mean, log-deviation) and drawn exactly; any other law as its
    quantiles on an even grid of probabilities, read with linear interpolation and scaled to its exact mean.
    """
    row = np.zeros(TABLE_POINTS)
    if law.law == "lognormal":
        variance = math.log1p(law.cv * law.cv)
        row[:3] = -1.0, math.log(law.mean) - variance / 2.0, math.sqrt(variance)
        return row
    probability = np.linspace(0.0, 1.0, TABLE_POINTS)
    probability[-1] = 1.0 - 0.5 / TABLE_POINTS
    if law.law == "deterministic":
        row[:] = law.mean
    elif law.law == "exponential":
        row[:] = -law.mean * np.log1p(-probability)
    elif law.law == "uniform":
        half = law.mean * law.cv * math.sqrt(3.0)
        row[:] = law.mean - half + 2.0 * half * probability
    else:
        from scipy.special import gammaincinv

        shape = 1.0 / (law.cv * law.cv)
        row[:] = gammaincinv(shape, probability) * law.mean / shape
    mean = (row[:-1] + row[1:]).sum() / 2.0 / (TABLE_POINTS - 1)
    return row * (law.mean / mean) if mean > 0 else row


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
    classes
        Order classes; an order's class code is its position here.
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

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        classes: tuple[OrderClass, ...],
        first_day_hour: float,
        method: str = "split",
    ) -> None:
        self._scenario = scenario
        self._seed = np.uint64(seed)
        self._method = METHODS[method]
        self._offset = int(first_day_hour)
        self.streams = streams(scenario)
        self._demand = hourly_demand(scenario)
        self._by_date = self._demand.reshape(DAYS_PER_YEAR, HOURS_PER_DAY).mean(axis=1).tolist()
        self.rates = np.array([stream.visits_per_hour for stream in self.streams])
        self._keys = np.array([stream_key(stream.segment.name) for stream in self.streams], dtype=np.uint64)
        place = {stream.segment: row for row, stream in enumerate(self.streams)}
        self.stream_of_class = np.array([place[c.segment] for c in classes], dtype=np.int64)
        self._codes = {order_class: code for code, order_class in enumerate(classes)}
        self._baskets, self._scales, self._extra_units = self._basket_arrays()
        self._cuts, self._class_codes = self._delivery_arrays()
        self._buffers = self._new_buffers(4096)
        self._plan_choice()

    def _basket_arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        products = self._scenario.products
        store, online = basket_table(products.basket_store), basket_table(products.basket_online)
        in_store = [stream.segment.channel == STORES for stream in self.streams]
        tables = np.array([store if s else online for s in in_store])
        scales = np.array([stream.basket_factor * stream.price_index for stream in self.streams])
        units = [products.units_per_order_store if s else products.units_per_order_online for s in in_store]
        return tables, scales, np.array(units) - 1.0

    def _delivery_arrays(self) -> tuple[np.ndarray, np.ndarray]:
        usual, promoted = delivery_shares(self._scenario), promoted_shares(self._scenario)
        ways = max(len(deliveries(self._scenario, stream.segment)) for stream in self.streams)
        cuts = np.ones((len(self.streams), ways))
        codes = np.zeros((2, len(self.streams), ways), dtype=np.int64)
        for row, stream in enumerate(self.streams):
            names = deliveries(self._scenario, stream.segment)
            shares = promoted if stream.segment.source == PROMOTION else usual
            portions = [1.0] if names == (COUNTER,) else [shares[name] for name in names]
            cuts[row, : len(names)] = np.cumsum(portions)
            for cohort, measured in enumerate((True, False)):
                for way in range(ways):
                    name = names[min(way, len(names) - 1)]
                    codes[cohort, row, way] = self._codes[OrderClass(stream.segment, name, measured)]
        return cuts, codes

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

    def _plan_choice(self) -> None:
        """Work out the odds of buying at reference conditions."""
        reference = self._scenario.market.reference_delivery_days
        share = np.array([conversion(self._scenario, stream, reference) for stream in self.streams])
        self._certain = share >= 1.0
        self._odds = share / np.where(self._certain, 1.0, 1.0 - share)
        self.conversions = share
        prices = {stream.segment.source: 0.0 for stream in self.streams}
        for name in prices:
            source = getattr(self._scenario.market.sources, name, None)
            if source is not None:
                prices[name] = price_per_visit(self._scenario, source)
        self._click_prices = np.array([prices[stream.segment.source] for stream in self.streams])

    def morning(self, day: int, growth: float) -> Today:
        """Return what visitors meet on a day of the history while every force is at its reference."""
        return Today.at_reference(
            day=day,
            date=self._date(day),
            measured=day * HOURS_PER_DAY >= self._offset,
            growth=growth,
            rates=self.rates,
            click_price=self._click_prices,
        )

    def _date(self, day: int) -> int:
        """Return the day of the calendar year of a day of the history, 0 for 1 January."""
        return (day - self._offset // HOURS_PER_DAY) % DAYS_PER_YEAR

    def demand_on(self, day: int) -> float:
        """Return the relative demand of a day of the history (mean one over the year)."""
        return float(self._by_date[self._date(day)])

    def demand_at(self, hour: int, hours: int) -> np.ndarray:
        """Return the relative demand of ``hours`` slices from ``hour`` of the history on."""
        return self._demand[(np.arange(hour, hour + hours) - self._offset) % HOURS_PER_YEAR]

    def trade(self, today: Today) -> DayOfTrade:
        """Trade one day, hour by hour."""
        visits = np.zeros((HOURS_PER_DAY, len(self.streams)), dtype=np.int64)
        hour = today.day * HOURS_PER_DAY
        weights = self.demand_at(hour, HOURS_PER_DAY)
        codes = self._class_codes[0 if today.measured else 1]
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
                self._keys,
                self._baskets,
                self._scales * today.basket,
                self._extra_units,
                self._cuts,
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
        odds = self._odds * np.exp(today.shift)
        would_buy = np.where(self._certain, 1.0, odds / (1.0 + odds))
        first = np.where(self._certain, 0.0, today.ask_first)
        at_once = would_buy * (1.0 - first)
        return at_once, np.minimum(would_buy * first * today.asks_per_win, 1.0 - at_once)
