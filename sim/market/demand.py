"""The streams of visits and orders that a scenario implies, and their expected size in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.market.calendar import HOURS_PER_YEAR
from sim.market.choice import buying_probability, wait_sensitivity
from sim.market.pickup_choice import cover
from sim.scenario.segments import PROMOTION, REPEAT, STORES, Segment, open_layers, segments

if TYPE_CHECKING:
    from sim.scenario import Scenario

MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class Stream:
    """One segment's visits.

    Attributes
    ----------
    segment
        Channel, source and visitor type.
    visits_per_hour
        Mean rate over the year; for repeat buyers and promotion the rate of those who certainly order.
    reference_conversion
        Orders per visit at the reference price and delivery time; one for repeat buyers and promotion.
    basket_factor
        Basket value relative to the channel's own, at the reference price.
    price_index
        Selling price relative to the reference.
    """

    segment: Segment
    visits_per_hour: float
    reference_conversion: float
    basket_factor: float
    price_index: float


def _share(weights: object, name: str) -> float:
    total = sum(getattr(weights, key) for key in type(weights).model_fields)  # type: ignore[attr-defined]
    return getattr(weights, name) / total


def streams(scenario: Scenario) -> tuple[Stream, ...]:
    """Return the streams of all segments, in the order of :func:`sim.scenario.segments.segments`.

    Repeat buyers and promoted buyers start at rate zero here; their rates follow from the run.
    """
    market = scenario.market
    found = []
    for segment in segments(scenario):
        kind = getattr(market.visitor_types, segment.kind)
        channel = getattr(scenario.channels, segment.channel)
        if segment.source in (REPEAT, PROMOTION):
            rate, conversion = 0.0, 1.0
        else:
            source = getattr(market.sources, segment.source)
            share = _share(source.mix, segment.kind) * _share(source.landing, segment.channel)
            rate = source.visits_per_year * share / HOURS_PER_YEAR
            conversion = min(source.conversion_rate * kind.conversion, 0.999)
        found.append(Stream(segment, rate, conversion, kind.basket, channel.price_index))
    return tuple(found)


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
    if stream.segment.source in (REPEAT, PROMOTION):
        return 1.0
    market = scenario.market
    extra = 0.0 if stream.segment.channel == STORES else delivery_days - market.reference_delivery_days
    return buying_probability(
        stream.reference_conversion,
        stream.price_index,
        market.price_elasticity,
        extra,
        wait_sensitivity(scenario),
    )


def delivery_shares(scenario: Scenario) -> dict[str, float]:
    """Return the share of online orders that choose each way to the customer; the door takes the rest."""
    shares = {layer: cover(scenario, layer).adoption for layer in open_layers(scenario)}
    taken = sum(shares.values())
    if taken > 1.0:
        shares = {layer: share / taken for layer, share in shares.items()}
        taken = 1.0
    return {"door": 1.0 - taken, **shares}


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
        sum(
            staffed[name]
            * getattr(scenario.pickup, name).promotion_orders_per_attendant_month
            * survival[name]
            for name in staffed
        )
        * MONTHS_PER_YEAR
        / HOURS_PER_YEAR
    )


def expected_first_orders(scenario: Scenario) -> dict[Segment, float]:
    """Return first orders a year by segment at the reference delivery time."""
    days = scenario.market.reference_delivery_days
    return {
        stream.segment: stream.visits_per_hour * HOURS_PER_YEAR * conversion(scenario, stream, days)
        for stream in streams(scenario)
        if stream.segment.source not in (REPEAT, PROMOTION)
    }


def expected_repeat_orders(scenario: Scenario, kept_share: float = 1.0) -> dict[tuple[str, str], float]:
    """Return repeat orders a year by (channel, visitor type) in the mature state.

    If each kept order is followed by another one with probability ``p``, ``n`` first orders a year lead to
    ``n p / (1 - p)`` repeat orders (a geometric series).
    """
    shares = delivery_shares(scenario)
    totals: dict[tuple[str, str], float] = {}
    for segment, orders in expected_first_orders(scenario).items():
        ways = {"store": 1.0} if segment.channel == STORES else shares
        p = kept_share * sum(
            share * repurchase_probability(scenario, segment, way) for way, share in ways.items()
        )
        key = (segment.channel, segment.kind)
        totals[key] = totals.get(key, 0.0) + orders * p / (1.0 - p)
    return totals


def expected_orders(scenario: Scenario) -> float:
    """Return the orders of a mature year in closed form: first orders, repeat orders and promoted orders.

    Every point counts as staffed and every delivered order as kept; it sizes staff and stock and solves
    growth paths, and is never reported as a result.
    """
    first = sum(expected_first_orders(scenario).values())
    repeat = sum(expected_repeat_orders(scenario).values())
    layers = open_layers(scenario)
    staffed = {name: float(getattr(scenario.pickup, name).points) for name in layers}
    promoted = promotion_orders_per_hour(scenario, dict.fromkeys(layers, 1.0), staffed) * HOURS_PER_YEAR
    return first + repeat + promoted
