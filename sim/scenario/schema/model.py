"""The whole scenario and the rules that join its parts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.schema.channels import Channels
from sim.scenario.schema.company import Finance, Horizon, Management, Service
from sim.scenario.schema.fulfilment import Fulfilment
from sim.scenario.schema.market import Market
from sim.scenario.schema.mechanisms import Mechanisms
from sim.scenario.schema.parts import Part
from sim.scenario.schema.pickup import Pickup
from sim.scenario.schema.products import Products


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
    def _sources_land_somewhere(self) -> ScenarioModel:
        for name in type(self.market.sources).model_fields:
            source = getattr(self.market.sources, name)
            if source is None:
                continue
            for channel in type(source.landing).model_fields:
                if getattr(source.landing, channel) > 0 and getattr(self.channels, channel) is None:
                    raise ValueError(
                        f"market.sources.{name}.landing.{channel} sends visitors"
                        " to a channel that is not open"
                    )
            for part in ("mix", "mix_at_peak"):
                mix = getattr(source, part)
                for kind in type(mix).model_fields if mix is not None else ():
                    if getattr(mix, kind) > 0 and getattr(self.market.visitor_types, kind) is None:
                        raise ValueError(
                            f"market.sources.{name}.{part}.{kind} names visitors"
                            " that market.visitor_types does not describe"
                        )
        return self

    @model_validator(mode="after")
    def _stores_hand_parcels_out(self) -> ScenarioModel:
        if self.pickup.store is not None and self.channels.stores is None:
            raise ValueError("pickup.store needs stores to collect in; found channels.stores: null")
        return self

    @model_validator(mode="after")
    def _auctions_have_enough(self) -> ScenarioModel:
        for name in type(self.market.sources).model_fields:
            source = getattr(self.market.sources, name)
            if source is None or source.auction is None or not self.mechanisms.ad_auction:
                continue
            stock = source.auction.inventory_visits_per_year
            if source.visits_per_year >= stock:
                raise ValueError(
                    f"market.sources.{name}.visits_per_year ({source.visits_per_year:g}) must stay below"
                    f" the visits on sale to all bidders, {stock:g}"
                )
        return self
