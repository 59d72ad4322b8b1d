"""The whole scenario and the rules that join its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.schema.channels import Channels
from sim.scenario.schema.company import Finance, Horizon, Management, Service
from sim.scenario.schema.fulfilment import Fulfilment
from sim.scenario.schema.market import Market, Source
from sim.scenario.schema.mechanisms import Mechanisms
from sim.scenario.schema.parts import Part
from sim.scenario.schema.pickup import Pickup
from sim.scenario.schema.products import Products


class RulesBroken(ValueError):  # noqa: N818 - read by validation, which makes a problem of each
    """Several rules that join parts are broken.

    Attributes
    ----------
    reasons
        What is wrong, one sentence each.
    """

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(self.reasons))


class ScenarioModel(Part):
    """One brand in one market: everything a run needs except the seed."""

    schema_version: Literal[1] = Field(description="Version of this format.")
    title: str = Field(description="What the scenario is about, in one line.", min_length=1, max_length=200)
    horizon: Horizon = Field(default_factory=Horizon, description="Time.")
    market: Market = Field(description="Demand.")
    channels: Channels = Field(description="Ways of selling.")
    products: Products = Field(description="Goods.")
    fulfilment: Fulfilment = Field(description="Logistics.")
    pickup: Pickup = Field(default_factory=Pickup, description="Pickup layers.")
    service: Service = Field(description="After-sales service.")
    management: Management = Field(description="Decisions.")
    finance: Finance = Field(description="Money.")
    mechanisms: Mechanisms = Field(default_factory=Mechanisms, description="Switches of effects.")

    @model_validator(mode="after")
    def _parts_fit_each_other(self) -> ScenarioModel:
        broken = [*self._closed_landings(), *self._unknown_visitors(), *self._missing_stores()]
        broken += self._sold_out_auctions()
        if broken:
            raise RulesBroken(broken)
        return self

    def _closed_landings(self) -> Iterator[str]:
        for name, source in self._open_sources():
            for channel in type(source.landing).model_fields:
                if getattr(source.landing, channel) > 0 and getattr(self.channels, channel) is None:
                    yield (
                        f"market.sources.{name}.landing.{channel} sends visitors to a channel that is not"
                        f" open; set it to 0, take the source out, or open channels.{channel}"
                    )

    def _unknown_visitors(self) -> Iterator[str]:
        for name, source in self._open_sources():
            for part in ("mix", "mix_at_peak"):
                mix = getattr(source, part)
                for kind in type(mix).model_fields if mix is not None else ():
                    if getattr(mix, kind) > 0 and getattr(self.market.visitor_types, kind) is None:
                        yield (
                            f"market.sources.{name}.{part}.{kind} names visitors"
                            " that market.visitor_types does not describe"
                        )

    def _missing_stores(self) -> Iterator[str]:
        if self.pickup.store is not None and self.channels.stores is None:
            yield "pickup.store needs stores to collect in; found channels.stores: null"

    def _sold_out_auctions(self) -> Iterator[str]:
        for name, source in self._open_sources():
            if source.auction is None or not self.mechanisms.ad_auction:
                continue
            stock = source.auction.inventory_visits_per_year
            if source.visits_per_year >= stock:
                yield (
                    f"market.sources.{name}.visits_per_year ({source.visits_per_year:g}) must stay below"
                    f" the visits on sale to all bidders, {stock:g}"
                )

    def _open_sources(self) -> Iterator[tuple[str, Source]]:
        for name in type(self.market.sources).model_fields:
            source = getattr(self.market.sources, name)
            if source is not None:
                yield name, source
