"""The streams of visits and orders that a scenario implies, and their expected size in closed form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import DAYS_PER_YEAR, HOURS_PER_DAY, HOURS_PER_YEAR, hourly_demand
from sim.market.choice import buying_probability, wait_sensitivity
from sim.market.pickup_choice import delivery_shares, promoted_per_month
from sim.scenario.days import promotion_days
from sim.scenario.segments import (
    COUNTER,
    KEPT,
    STORES,
    UNVISITED,
    Segment,
    open_layers,
    points_of,
)
from sim.scenario.streams import Stream, first_orders, streams

if TYPE_CHECKING:
    from sim.scenario import Scenario

MONTHS_PER_YEAR = 12


def conversion(scenario: Scenario, stream: Stream, delivery_days: float) -> float:
    """Return the probability that a visit of this stream ends in an order.

    Parameters
    ----------
    scenario
        The world.
    stream
        The visits.
    delivery_days
        Delivery time that visitors see; it does not matter in a store.
    """
    if stream.segment.source in UNVISITED:
        return 1.0
    market = scenario.market
    extra = 0.0 if stream.segment.channel == STORES else delivery_days - market.reference_delivery_days
    return buying_probability(
        stream.reference_conversion,
        stream.price_index,
        market.price_elasticity * stream.price_sensitivity,
        extra,
        wait_sensitivity(scenario),
    )


def repurchase_probability(scenario: Scenario, segment: Segment, delivery: str) -> float:
    """Return the probability that a kept order is followed by another one."""
    if not scenario.mechanisms.repurchase:
        return 0.0
    kind = getattr(scenario.market.visitor_types, segment.kind)
    probability = scenario.market.repurchase.probability * kind.repurchase
    layer = getattr(scenario.pickup, delivery, None)
    if layer is not None and scenario.mechanisms.walk_penalty:
        probability *= 1.0 - layer.walk_repurchase_loss
    return min(probability, 0.95)


def promotion_orders_per_hour(
    scenario: Scenario, survival: dict[str, float], staffed: dict[str, float]
) -> float:
    """Return the rate of orders that attendants bring in.

    Parameters
    ----------
    scenario
        The world.
    survival
        By layer, the share of management's intent that reaches an attendant.
    staffed
        By layer, the number of attendants in post.
    """
    if not scenario.mechanisms.promotion:
        return 0.0
    return (
        sum(promoted_per_month(scenario, name, staffed[name], survival[name]) for name in staffed)
        * MONTHS_PER_YEAR
        / HOURS_PER_YEAR
    )


@lru_cache(maxsize=KEPT)
def expected_first_orders(scenario: Scenario) -> Mapping[Segment, float]:
    """Return first orders a year by segment at the reference delivery time, promotion days included."""
    return MappingProxyType({one.stream.segment: one.orders for one in first_orders(scenario)})


@lru_cache(maxsize=KEPT)
def expected_repeat_orders(scenario: Scenario, kept_share: float = 1.0) -> Mapping[tuple[str, str], float]:
    """Return repeat orders a year by (channel, visitor type) in the mature state.

    If each kept order is followed by another one with probability ``p``, ``n`` first orders a year lead to
    ``n p / (1 - p)`` repeat orders (a geometric series).
    """
    shares = delivery_shares(scenario)
    returning: dict[tuple[str, str], float] = {}
    totals: dict[tuple[str, str], float] = {}
    for segment, orders in expected_first_orders(scenario).items():
        key = (segment.channel, segment.kind)
        if key not in returning:
            ways = {COUNTER: 1.0} if segment.channel == STORES else shares
            returning[key] = sum(
                share * repurchase_probability(scenario, segment, way) for way, share in ways.items()
            )
        p = kept_share * returning[key]
        totals[key] = totals.get(key, 0.0) + orders * p / (1.0 - p)
    return MappingProxyType(totals)


def expected_orders(scenario: Scenario) -> float:
    """Return the orders of a mature year in closed form: first orders, repeat orders and promoted orders.

    Every point counts as staffed and every delivered order as kept; it sizes staff and stock and solves
    growth paths, and is never reported as a result.
    """
    first = sum(expected_first_orders(scenario).values())
    repeat = sum(expected_repeat_orders(scenario).values())
    layers = open_layers(scenario)
    staffed = {name: float(points_of(scenario, name)) for name in layers}
    promoted = promotion_orders_per_hour(scenario, dict.fromkeys(layers, 1.0), staffed) * HOURS_PER_YEAR
    return first + repeat + promoted


@lru_cache(maxsize=KEPT)
def daily_orders(scenario: Scenario) -> np.ndarray:
    """Return the online orders expected on each date of a year relative to the mean day.

    Visits follow the calendar; on promotion days more of them buy. What a planner of staff and stock knows.

    Returns
    -------
    numpy.ndarray
        365 weights with mean one, read-only.
    """
    demand = hourly_demand(scenario).reshape(DAYS_PER_YEAR, HOURS_PER_DAY).mean(axis=1)
    days = promotion_days(scenario)
    if not days:
        demand.setflags(write=False)
        return demand
    elasticity = scenario.market.price_elasticity
    visited = [one for one in streams(scenario) if one.online and one.segment.source not in UNVISITED]
    usual = sum(one.visits_per_hour * one.buying_share(elasticity) for one in visited)
    again = expected_repeat_orders(scenario).items()
    steady = sum(orders for (channel, _), orders in again if channel != STORES) / HOURS_PER_YEAR
    for day in days:
        bought = sum(
            one.visits_on(day) * one.buying_share(elasticity, one.shift_on(day, elasticity))
            for one in visited
        )
        if usual > 0:
            demand[day.date] *= (bought + steady) / (usual + steady)
    weights = demand / demand.mean()
    weights.setflags(write=False)
    return weights
