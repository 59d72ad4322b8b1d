"""Streams of visits: who comes from where to which channel, and how readily they buy.

The one list that the market trades from and that the closed forms sum over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sim.scenario.days import PromotionDay, promotion_days
from sim.scenario.second_visits import conversion_after, is_first_visit, visits_after
from sim.scenario.segments import KEPT, SECOND_VISITS, STORES, UNVISITED, Segment, segments

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

HOURS_PER_YEAR = 8760
HIGHEST_CONVERSION = 0.999


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
    peak_visits_per_hour
        Rate at mean demand with the visitors of a promotion day in full strength.
    peak_odds
        Odds of buying on a promotion day in full strength relative to other days, its discount apart.
    price_sensitivity
        Effect of price on the odds of buying relative to the market's own.
    """

    segment: Segment
    visits_per_hour: float
    reference_conversion: float
    basket_factor: float
    price_index: float
    peak_visits_per_hour: float
    peak_odds: float
    price_sensitivity: float = 1.0

    @property
    def online(self) -> bool:
        """Whether the order is placed on the web."""
        return self.segment.channel != STORES

    def visits_on(self, day: PromotionDay) -> float:
        """Return the rate on a promotion day at mean demand (visits/hour)."""
        return self.visits_per_hour + day.strength * (self.peak_visits_per_hour - self.visits_per_hour)

    def discount_on(self, day: PromotionDay) -> float:
        """Return the share taken off the price on a promotion day; stores take nothing off."""
        return day.discount if self.online else 0.0

    def shift_on(self, day: PromotionDay, price_elasticity: float) -> float:
        """Return what a promotion day adds to the log-odds of buying: its pull and its lower price."""
        pull = day.strength * math.log(self.peak_odds)
        cheaper = price_elasticity * self.price_sensitivity * math.log(1.0 - self.discount_on(day))
        return pull + cheaper

    def buying_share(self, price_elasticity: float, shift: float = 0.0) -> float:
        """Return orders per visit at the channel's price; ``shift`` is added to the log-odds."""
        elasticity = price_elasticity * self.price_sensitivity
        return buying_share(self.reference_conversion, self.price_index, elasticity, shift)


@dataclass(frozen=True)
class FirstOrders:
    """A stream's year at the reference delivery time.

    Attributes
    ----------
    stream
        Whose year.
    visits, orders
        Per year.
    discount
        Share taken off the list price of an average order.
    """

    stream: Stream
    visits: float
    orders: float
    discount: float


@lru_cache(maxsize=KEPT)
def streams(scenario: Scenario) -> tuple[Stream, ...]:
    """Return the streams of all segments, in the order of :func:`sim.scenario.segments.segments`.

    Repeat buyers and promoted buyers start at rate zero here; their rates follow from the run. Second visits
    have their mature size; it follows from the run as well.
    """
    market = scenario.market
    found = []
    for segment in segments(scenario):
        kind = getattr(market.visitor_types, segment.kind)
        price = getattr(scenario.channels, segment.channel).price_index
        if segment.source in UNVISITED:
            found.append(Stream(segment, 0.0, 1.0, kind.basket, price, 0.0, 1.0, kind.price_sensitivity))
            continue
        if segment.source in SECOND_VISITS:
            first = [stream for stream in found if is_first_visit(stream.segment)]
            usual = visits_after(scenario, segment, first)
            convert = conversion_after(scenario, segment, first)
            sensitivity = kind.price_sensitivity
            found.append(Stream(segment, usual, convert, kind.basket, price, usual, 1.0, sensitivity))
            continue
        source = getattr(market.sources, segment.source)
        landing = source.visits_per_year * share(source.landing, segment.channel) / HOURS_PER_YEAR
        conversion = min(source.conversion_rate * kind.conversion, HIGHEST_CONVERSION)
        found.append(
            Stream(
                segment,
                landing * share(source.mix, segment.kind),
                conversion,
                kind.basket,
                price,
                landing * share(source.mix_at_peak or source.mix, segment.kind),
                source.peak_conversion,
                kind.price_sensitivity,
            )
        )
    return tuple(found)


@lru_cache(maxsize=KEPT)
def first_orders(scenario: Scenario) -> tuple[FirstOrders, ...]:
    """Return a year of every stream of visits at the reference delivery time, promotion days included."""
    days, elasticity = promotion_days(scenario), scenario.market.price_elasticity
    promoted = sum(day.visits for day in days)
    found = []
    for stream in streams(scenario):
        if stream.segment.source in UNVISITED:
            continue
        visits = stream.visits_per_hour * (1.0 - promoted)
        orders = visits * stream.buying_share(elasticity)
        taken_off = 0.0
        for day in days:
            come = stream.visits_on(day) * day.visits
            shift = stream.shift_on(day, elasticity)
            buy = come * stream.buying_share(elasticity, shift)
            visits, orders = visits + come, orders + buy
            taken_off += buy * stream.discount_on(day)
        discount = taken_off / orders if orders > 0 else 0.0
        found.append(FirstOrders(stream, visits * HOURS_PER_YEAR, orders * HOURS_PER_YEAR, discount))
    return tuple(found)


def share(weights: object, name: str) -> float:
    """Return one of the normalised weights of a mix or of a landing.

    Examples
    --------
    >>> from sim.scenario.schema import Landing
    >>> share(Landing(tmall=0.6, mall=0.2), "mall")
    0.25
    """
    names = type(weights).model_fields  # type: ignore[attr-defined]
    return float(getattr(weights, name) / sum(getattr(weights, key) for key in names))


def buying_share(reference: float, price_index: float, price_elasticity: float, shift: float = 0.0) -> float:
    """Orders per visit under other conditions: a binary logit (McFadden 1974).

    The log-odds move from the reference by ``elasticity * ln(price index)`` and by ``shift``.
    """
    if reference <= 0:
        return 0.0
    odds = reference / (1.0 - reference) * math.exp(price_elasticity * math.log(price_index) + shift)
    return odds / (1.0 + odds)
