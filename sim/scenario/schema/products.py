"""What is in a basket, what it costs to buy and when it is ordered."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.schema.parts import Law, Number, Part, Whole, field, increasing


class PurchaseTier(Part):
    """A yearly quantity from which suppliers charge another price."""

    from_units_per_year: Number = field(
        "Yearly quantity from which this price holds.", "units/year", ge=0, le=1e12
    )
    price_factor: Number = field("Purchase price relative to the reference.", "ratio", gt=0, le=5)


class Stock(Part):
    """When goods are ordered and how many."""

    reorder_days: Number = field(
        "Stock position, in days of expected sales, at which goods are ordered.",
        "days",
        role="lever",
        ge=0,
        le=365,
    )
    order_up_to_days: Number = field(
        "Stock position after ordering, in days of expected sales.", "days", role="lever", gt=0, le=730
    )
    lead_time_days: Law = field("Time until ordered goods arrive.", "days")
    policy: Literal["pull", "push"] = Field(
        "pull",
        description=(
            "pull: order when the position falls to the reorder point;"
            " push: the same quantity at fixed intervals, from a plan for the year."
        ),
        json_schema_extra={"x-unit": "choice", "x-role": "lever", "x-basic": False},
    )
    push_days: Whole = field(
        "Days between two shipments (push).", "days", role="lever", default=7, ge=1, le=365
    )
    push_plan: Number = field(
        "Planned quantity relative to expected sales (push).", "ratio", role="lever", default=1.0, ge=0, le=10
    )
    markdown_after_days: Number | None = field(
        "Age at which goods are marked down; none: never.",
        "days",
        role="lever",
        default=None,
        gt=0,
        le=3650,
    )
    markdown_share: Number = field(
        "Share of their purchase cost lost when goods are marked down.", "share", default=0.0, ge=0, le=1
    )
    area_m2_per_thousand_units: Number = field(
        "Floor for a thousand lamps on hand, beyond the floor by orders.",
        "m2/1000 units",
        default=0.0,
        ge=0,
        le=1e4,
    )

    @model_validator(mode="after")
    def _levels_in_order(self) -> Stock:
        if self.order_up_to_days <= self.reorder_days:
            raise ValueError(
                f"order_up_to_days ({self.order_up_to_days}) must exceed reorder_days ({self.reorder_days})"
            )
        return self


class Products(Part):
    """What is in a basket and what it costs to buy."""

    basket_online: Law = field("Value of an online order at the reference price.", "yuan/order", basic=True)
    basket_store: Law = field("Value of a store order at the reference price.", "yuan/order")
    units_per_order_online: Number = field(
        "Mean number of lamps in an online order.", "units/order", ge=1, le=1000
    )
    units_per_order_store: Number = field(
        "Mean number of lamps in a store order.", "units/order", ge=1, le=1000
    )
    gross_margin: Number = field(
        "Share of the reference price left after buying the goods.", "share", basic=True, ge=-1, lt=1
    )
    purchase_tiers: list[PurchaseTier] = Field(
        default_factory=list,
        description="Quantity breaks of suppliers.",
        json_schema_extra={"x-unit": "table", "x-role": "assumption", "x-basic": False},
    )
    return_rate: Number = field(
        "Share of delivered orders sent back within seven days.", "share", basic=True, ge=0, le=0.95
    )
    resale_share: Number = field(
        "Share of the goods' cost recovered from a returned order.", "share", ge=0, le=1
    )
    stock: Stock = Field(description="Replenishment.")
    range_lamps: Whole | None = field(
        "Different lamps in the whole range; online shops show all of them.",
        "lamps",
        role="lever",
        default=None,
        ge=1,
        le=1_000_000,
    )
    price_decline_per_year: Number = field(
        "Fall of the industry's prices, whatever the brand does; goods on the shelf lose as much.",
        "share/year",
        default=0.0,
        ge=0,
        lt=1,
    )

    @model_validator(mode="after")
    def _tiers(self) -> Products:
        increasing(self.purchase_tiers, "from_units_per_year", "purchase_tiers")
        return self
