"""The kinds of orders a scenario can produce: channel, source, visitor type and way to the customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

STORES = "stores"
ONLINE_CHANNELS = ("tmall", "vertical", "mall")
CHANNELS = (STORES, *ONLINE_CHANNELS)
LAYERS = ("community", "partner")
REPEAT = "repeat"
"""Pseudo-source of buyers who come back by themselves."""
PROMOTION = "promotion"
"""Pseudo-source of buyers brought by the attendants of pickup points."""


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


def open_layers(scenario: Scenario) -> tuple[str, ...]:
    """Return the pickup layers that have at least one point."""
    layers = []
    for name in LAYERS:
        layer = getattr(scenario.pickup, name)
        if layer is not None and layer.points > 0:
            layers.append(name)
    return tuple(layers)


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
                if getattr(source.mix, kind) > 0
            )
    kinds = {(segment.channel, segment.kind) for segment in found}
    for pseudo in (REPEAT, PROMOTION):
        for channel in CHANNELS:
            if pseudo == PROMOTION and channel == STORES:
                continue
            found.extend(
                Segment(channel, pseudo, kind)
                for kind in type(market.visitor_types).model_fields
                if (channel, kind) in kinds
            )
    return tuple(found)


def deliveries(scenario: Scenario, segment: Segment) -> tuple[str, ...]:
    """Return the ways in which a segment's orders can reach the customer."""
    return ("store",) if segment.channel == STORES else ("door", *open_layers(scenario))


def order_classes(scenario: Scenario) -> tuple[OrderClass, ...]:
    """Return every class of orders: first the measured ones, then those of the warm-up."""
    return tuple(
        OrderClass(segment, delivery, measured)
        for measured in (True, False)
        for segment in segments(scenario)
        for delivery in deliveries(scenario, segment)
    )
