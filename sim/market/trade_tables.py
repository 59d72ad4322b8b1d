"""What trade reads every day and what never changes within a scenario: streams, baskets, ways, odds."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import DAYS_PER_YEAR, HOURS_PER_DAY, hourly_demand
from sim.market.demand import conversion
from sim.market.pickup_choice import delivery_shares, promoted_shares
from sim.market.traffic import price_per_visit
from sim.scenario.segments import COUNTER, KEPT, PROMOTION, STORES, deliveries, order_classes
from sim.scenario.streams import streams

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.schema import Law
    from sim.scenario.streams import Stream

TABLE_POINTS = 4097


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
class TradeTables:
    """What a scenario says about trade, as the arrays that a day's trade reads; shared and never written to.

    Attributes
    ----------
    streams
        Streams of visits.
    demand
        Demand of each hour of the year relative to the mean hour, shape (8760,).
    demand_by_date
        Its mean by day of the year, 0 for 1 January.
    rates
        Visits per hour at mean demand, before any force has acted, shape (streams,).
    keys
        Keys of the streams' draws, uint64, shape (streams,).
    stream_of_class
        Position of the stream of each order class, shape (classes,).
    baskets, basket_rows
        Rows of :func:`basket_table`, shape (laws, points), and which of them is a stream's, shape (streams,).
    scales, extra_units
        Value relative to the basket law and mean units beyond the first, shape (streams,).
    cuts
        Cumulative shares of the ways to the customer, shape (streams, ways).
    class_codes
        Codes of the order classes, the measured ones first, shape (2, streams, ways).
    certain
        Whether a visit is sure to buy, shape (streams,).
    conversions, odds
        Orders per visit at reference conditions, as a share and as odds, shape (streams,).
    click_prices
        Price of a visit in yuan, shape (streams,).
    """

    streams: tuple[Stream, ...]
    demand: np.ndarray
    demand_by_date: tuple[float, ...]
    rates: np.ndarray
    keys: np.ndarray
    stream_of_class: np.ndarray
    baskets: np.ndarray
    basket_rows: np.ndarray
    scales: np.ndarray
    extra_units: np.ndarray
    cuts: np.ndarray
    class_codes: np.ndarray
    certain: np.ndarray
    conversions: np.ndarray
    odds: np.ndarray
    click_prices: np.ndarray


@lru_cache(maxsize=KEPT)
def trade_tables(scenario: Scenario) -> TradeTables:
    """Return the tables of a scenario; a code of an order class is its place in ``order_classes``."""
    rows = streams(scenario)
    demand = hourly_demand(scenario)
    by_date = demand.reshape(DAYS_PER_YEAR, HOURS_PER_DAY).mean(axis=1)
    cuts, class_codes, stream_of_class = _ways(scenario, rows)
    products = scenario.products
    in_store = np.array([stream.segment.channel == STORES for stream in rows])
    units = np.where(in_store, products.units_per_order_store, products.units_per_order_online)
    share = np.array(
        [conversion(scenario, stream, scenario.market.reference_delivery_days) for stream in rows]
    )
    certain = share >= 1.0
    found = TradeTables(
        streams=rows,
        demand=demand,
        demand_by_date=tuple(by_date.tolist()),
        rates=np.array([stream.visits_per_hour for stream in rows]),
        keys=np.array([stream_key(stream.segment.name) for stream in rows], dtype=np.uint64),
        stream_of_class=stream_of_class,
        baskets=np.array([basket_table(products.basket_store), basket_table(products.basket_online)]),
        basket_rows=np.where(in_store, 0, 1),
        scales=np.array([stream.basket_factor * stream.price_index for stream in rows]),
        extra_units=units - 1.0,
        cuts=cuts,
        class_codes=class_codes,
        certain=certain,
        conversions=share,
        odds=share / np.where(certain, 1.0, 1.0 - share),
        click_prices=_click_prices(scenario, rows),
    )
    for one in fields(found):
        table = getattr(found, one.name)
        if isinstance(table, np.ndarray):
            table.flags.writeable = False
    return found


def _ways(scenario: Scenario, rows: tuple[Stream, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cumulative shares of the ways, codes of the order classes, and the stream of each class."""
    usual, promoted = delivery_shares(scenario), promoted_shares(scenario)
    names = [deliveries(scenario, stream.segment) for stream in rows]
    ways = max(map(len, names))
    cuts = np.ones((len(rows), ways))
    for row, stream in enumerate(rows):
        shares = promoted if stream.segment.source == PROMOTION else usual
        portions = [1.0] if names[row] == (COUNTER,) else [shares[name] for name in names[row]]
        cuts[row, : len(portions)] = np.cumsum(portions)
    codes = np.full((2, len(rows), ways), -1, dtype=np.int64)
    place = {stream.segment: row for row, stream in enumerate(rows)}
    found = order_classes(scenario)
    stream_of_class = np.array([place[c.segment] for c in found], dtype=np.int64)
    for code, (c, row) in enumerate(zip(found, stream_of_class.tolist(), strict=True)):
        codes[0 if c.measured else 1, row, names[row].index(c.delivery)] = code
    for way in range(1, ways):  # a stream with fewer ways never draws one beyond its last
        codes[:, :, way] = np.where(codes[:, :, way] < 0, codes[:, :, way - 1], codes[:, :, way])
    return cuts, codes, stream_of_class


def _click_prices(scenario: Scenario, rows: tuple[Stream, ...]) -> np.ndarray:
    prices = {stream.segment.source: 0.0 for stream in rows}
    for name in prices:
        source = getattr(scenario.market.sources, name, None)
        if source is not None:
            prices[name] = price_per_visit(scenario, source)
    return np.array([prices[stream.segment.source] for stream in rows])
