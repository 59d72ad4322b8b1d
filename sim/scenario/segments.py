"""The kinds of orders a scenario can produce: channel, source, visitor type and way to the customer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

KEPT = 64
"""Scenarios whose streams, classes and closed forms are remembered; a study meets few at a time."""
STORES = "stores"
PRINT = "posters"
"""Source of readers of posters and catalogues."""
ONLINE_CHANNELS = ("tmall", "vertical", "mall")
CHANNELS = (STORES, *ONLINE_CHANNELS)
LAYER_TITLES = {
    "community": "own staffed points",
    "partner": "partner points",
    "station": "parcel stations",
    "locker": "parcel lockers",
    "leader": "group leaders",
    "store": "own stores",
}
"""Every kind of pickup layer, in the order of the schema, as a sentence names it."""
LAYERS = tuple(LAYER_TITLES)
COUNTER = "counter"
"""Way of goods that are bought in a store and carried home."""
REPEAT = "repeat"
"""Pseudo-source of buyers who come back by themselves."""
PROMOTION = "promotion"
"""Pseudo-source of buyers brought by the attendants of pickup points."""
IMPULSE = "impulse"
"""Pseudo-source of buyers in a store who came to collect an order."""
UNVISITED = (REPEAT, PROMOTION, IMPULSE)
"""Pseudo-sources that bring orders and no visits that could also leave."""
RETURN_VISIT = "return_visit"
"""Pseudo-source of visitors who left without an order and look again."""
SHOWROOMING = "showrooming"
"""Pseudo-source of visitors to the web who looked in a store first."""
WEBROOMING = "webrooming"
"""Pseudo-source of visitors to a store who looked on the web first."""
SECOND_VISITS = (RETURN_VISIT, SHOWROOMING, WEBROOMING)
"""Pseudo-sources of visits that nobody sent: they follow from visits that ended without an order."""


@dataclass(frozen=True)
class Segment:
    """Where a stream of orders comes from: a channel, a source and a visitor type."""

    channel: str
    source: str
    kind: str

    @property
    def name(self) -> str:
        """Stable name; it enters the keys of random draws."""
        return f"{self.channel}/{self.source}/{self.kind}"


def in_person(segment: Segment) -> bool:
    """Return whether a segment's visitors stand in the shop that they come to.

    Those who read in print of a store do so at home: as long as they do not buy, no store has seen them.
    """
    return not (segment.channel == STORES and segment.source == PRINT)


@dataclass(frozen=True)
class OrderClass:
    """A segment together with its way to the customer and its cohort.

    ``measured`` tells orders placed in the measured period from those that only fill the pipeline before it.
    """

    segment: Segment
    delivery: str
    measured: bool

    @property
    def name(self) -> str:
        """Name of the entity class in the flow network."""
        cohort = "" if self.measured else "~"
        return f"{cohort}{self.segment.name}/{self.delivery}"


@lru_cache(maxsize=KEPT)
def open_layers(scenario: Scenario) -> tuple[str, ...]:
    """Return the pickup layers that have at least one point."""
    return tuple(name for name in LAYERS if points_of(scenario, name) > 0)


def points_of(scenario: Scenario, name: str) -> int:
    """Return the points of a pickup layer; 0 where it is left out.

    Parcels can be collected in the stores that there are, so that layer has at most as many points as stores.
    """
    layer = getattr(scenario.pickup, name)
    if layer is None:
        return 0
    if name != "store":
        return int(layer.points)
    stores = scenario.channels.stores
    return 0 if stores is None else min(int(layer.points), stores.count)


def buys_on_impulse(scenario: Scenario) -> bool:
    """Return whether some of those who collect an order in a store buy something there besides."""
    layer = scenario.pickup.store
    return layer is not None and points_of(scenario, "store") > 0 and layer.impulse_share > 0


def segments(scenario: Scenario) -> tuple[Segment, ...]:
    """Return every stream of orders, in the fixed order of the schema (never of the file)."""
    market = scenario.market
    found: list[Segment] = []
    for source_name in type(market.sources).model_fields:
        source = getattr(market.sources, source_name)
        if source is None:
            continue
        for channel in CHANNELS:
            if getattr(source.landing, channel) <= 0:
                continue
            found.extend(
                Segment(channel, source_name, kind)
                for kind in type(source.mix).model_fields
                if any(getattr(mix, kind) > 0 for mix in (source.mix, source.mix_at_peak) if mix is not None)
            )
    found.extend(_second_visits(scenario, {(segment.channel, segment.kind) for segment in found}))
    kinds = {(segment.channel, segment.kind) for segment in found}
    sold_in = {REPEAT: CHANNELS, PROMOTION: ONLINE_CHANNELS}
    if buys_on_impulse(scenario):
        sold_in[IMPULSE] = (STORES,)
    for pseudo, channels in sold_in.items():
        for channel in channels:
            found.extend(
                Segment(channel, pseudo, kind)
                for kind in type(market.visitor_types).model_fields
                if (channel, kind) in kinds
            )
    return tuple(found)


def web_share(scenario: Scenario, channel: str) -> float:
    """Return the share of those who cross from a store to the web that lands on a channel."""
    block = scenario.market.cross_channel
    if block is None or channel == STORES or getattr(scenario.channels, channel) is None:
        return 0.0
    weights = block.showrooming_landing
    shops = [name for name in ONLINE_CHANNELS if getattr(scenario.channels, name) is not None]
    total = sum(getattr(weights, name) for name in shops)
    return float(getattr(weights, channel) / total) if total > 0 else 0.0


def _second_visits(scenario: Scenario, first: set[tuple[str, str]]) -> list[Segment]:
    """Return the segments of second visits, given the channel and visitor type of the first ones."""
    market, on = scenario.market, scenario.mechanisms
    kinds = tuple(type(market.visitor_types).model_fields)
    found: list[Segment] = []
    if market.return_visits is not None and on.return_visits:
        found.extend(
            Segment(channel, RETURN_VISIT, kind)
            for channel in CHANNELS
            for kind in kinds
            if (channel, kind) in first and getattr(market.return_visits.share, kind) > 0
        )
    block, stores = market.cross_channel, scenario.channels.stores
    if block is None or not on.cross_channel or stores is None:
        return found
    for channel in ONLINE_CHANNELS:
        if web_share(scenario, channel) * block.showrooming_share > 0:
            found.extend(Segment(channel, SHOWROOMING, kind) for kind in kinds if (STORES, kind) in first)
    if block.webrooming_share > 0 and stores.count > 0:
        found.extend(
            Segment(STORES, WEBROOMING, kind)
            for kind in kinds
            if any((channel, kind) in first for channel in ONLINE_CHANNELS)
        )
    return found


def deliveries(scenario: Scenario, segment: Segment) -> tuple[str, ...]:
    """Return the ways in which a segment's orders can reach the customer."""
    return (COUNTER,) if segment.channel == STORES else ("door", *open_layers(scenario))


@lru_cache(maxsize=KEPT)
def order_classes(scenario: Scenario) -> tuple[OrderClass, ...]:
    """Return every class of orders: first the measured ones, then those of the warm-up."""
    return tuple(
        OrderClass(segment, delivery, measured)
        for measured in (True, False)
        for segment in segments(scenario)
        for delivery in deliveries(scenario, segment)
    )
