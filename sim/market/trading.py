"""The market at work: turns what visitors see into orders, slice by slice."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import HOURS_PER_YEAR, hourly_demand
from sim.market.choice import wait_sensitivity
from sim.market.demand import conversion, delivery_shares, streams
from sim.market.trade import EACH, SPLIT, trade_slices
from sim.scenario.segments import PROMOTION, REPEAT, STORES, OrderClass, deliveries

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
    rates
        Visits per hour by stream; repeat and promotion rates are set during the run.
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
        self.rates = np.array([stream.visits_per_hour for stream in self.streams])
        self.growth = 1.0
        self._keys = np.array([stream_key(stream.segment.name) for stream in self.streams], dtype=np.uint64)
        self._conversions = np.zeros(len(self.streams))
        self._codes = {order_class: code for code, order_class in enumerate(classes)}
        self._baskets, self._scales, self._extra_units = self._basket_arrays()
        self._cuts, self._class_codes = self._delivery_arrays()
        self._buffers = self._new_buffers(4096)
        self._plan_choice()
        self.see(scenario.market.reference_delivery_days)

    def _basket_arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        products = self._scenario.products
        store, online = basket_table(products.basket_store), basket_table(products.basket_online)
        in_store = [stream.segment.channel == STORES for stream in self.streams]
        tables = np.array([store if s else online for s in in_store])
        scales = np.array([stream.basket_factor * stream.price_index for stream in self.streams])
        units = [products.units_per_order_store if s else products.units_per_order_online for s in in_store]
        return tables, scales, np.array(units) - 1.0

    def _delivery_arrays(self) -> tuple[np.ndarray, np.ndarray]:
        shares = delivery_shares(self._scenario)
        ways = max(len(deliveries(self._scenario, stream.segment)) for stream in self.streams)
        cuts = np.ones((len(self.streams), ways))
        codes = np.zeros((2, len(self.streams), ways), dtype=np.int64)
        for row, stream in enumerate(self.streams):
            names = deliveries(self._scenario, stream.segment)
            portions = [1.0] if names == ("store",) else [shares[name] for name in names]
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
        )

    def _plan_choice(self) -> None:
        """Work out the odds of buying at the reference delivery time, and how they fall with a longer one."""
        market = self._scenario.market
        reference = market.reference_delivery_days
        share = np.array([conversion(self._scenario, stream, reference) for stream in self.streams])
        self._certain = share >= 1.0
        self._odds = share / np.where(self._certain, 1.0, 1.0 - share)
        online = np.array([stream.segment.channel != STORES for stream in self.streams])
        self._sensitivity = wait_sensitivity(self._scenario) * (online & ~self._certain)
        sources = [stream.segment.source for stream in self.streams]
        self._repeat_rows = {
            (stream.segment.channel, stream.segment.kind): row
            for row, stream in enumerate(self.streams)
            if stream.segment.source == REPEAT
        }
        self._promoted_rows = np.flatnonzero([source == PROMOTION for source in sources])
        # Promoted orders are spread like the first orders of the same channel and visitor type.
        likeness = [
            [
                (other.segment.channel, other.segment.kind) == (stream.segment.channel, stream.segment.kind)
                and other.segment.source not in (REPEAT, PROMOTION)
                for other in self.streams
            ]
            for stream in self.streams
            if stream.segment.source == PROMOTION
        ]
        self._likeness = np.array(likeness, dtype=float).reshape(self._promoted_rows.size, len(self.streams))

    def see(self, delivery_days: float) -> None:
        """Show visitors the delivery time that recent orders took (days)."""
        extra = delivery_days - self._scenario.market.reference_delivery_days
        odds = self._odds * np.exp(-self._sensitivity * extra)
        self._conversions = np.where(self._certain, 1.0, odds / (1.0 + odds))

    def set_returning(self, repeat: dict[tuple[str, str], float], promoted: float) -> None:
        """Set the rates of buyers who come back and of those whom attendants bring.

        Parameters
        ----------
        repeat
            Orders per hour by (channel, visitor type).
        promoted
            Orders per hour of all attendants together; they are spread like the other online orders.
        """
        for key, rate in repeat.items():
            self.rates[self._repeat_rows[key]] = rate
        if promoted > 0:
            orders = self._likeness @ (self.rates * self._conversions)
            total = orders.sum()
            self.rates[self._promoted_rows] = promoted * orders / total if total > 0 else 0.0
        else:
            self.rates[self._promoted_rows] = 0.0

    def demand_at(self, hour: int, hours: int) -> np.ndarray:
        """Return the relative demand of ``hours`` slices from ``hour`` of the history on."""
        return self._demand[(np.arange(hour, hour + hours) - self._offset) % HOURS_PER_YEAR]

    def trade(self, hour: int, hours: int, measured: bool) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """Trade ``hours`` slices from ``hour`` of the history on.

        Returns
        -------
        visits
            By slice and stream.
        orders
            Times (h), class codes, units, paid values (yuan) and births of the orders.
        """
        visits = np.zeros((hours, len(self.streams)), dtype=np.int64)
        weights = self.demand_at(hour, hours) * self.growth
        codes = self._class_codes[0 if measured else 1]
        while True:
            # Slices are numbered from 1 January, so a longer warm-up changes nobody's luck in the year
            # itself; the number wraps into unsigned space before that day.
            found = trade_slices(
                self._seed,
                hour - self._offset,
                weights,
                SLICE_HOURS,
                self.rates,
                self._conversions,
                self._keys,
                self._baskets,
                self._scales,
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
        times, classes, units, values, births = (buffer[:found] for buffer in self._buffers)
        return visits, (times + self._offset * SLICE_HOURS, classes, units, values, births)
