"""The ways the brand sells."""

from __future__ import annotations

from pydantic import Field, model_validator

from sim.scenario.schema.parts import Number, Part, Whole, field, increasing


class RefundTier(Part):
    """A yearly sales level from which the platform refunds part of its annual fee."""

    from_sales_per_year: Number = field(
        "Yearly sales from which this refund holds.", "yuan/year", ge=0, le=1e12
    )
    refund_share: Number = field("Share of the annual fee paid back.", "share", ge=0, le=1)


class OnlineChannel(Part):
    """A shop on the web: a platform's or the brand's own."""

    name: str = Field("", description="Name shown in tables; it changes no digit.", max_length=60)
    price_index: Number = field(
        "Selling price relative to the reference price.",
        "ratio",
        role="lever",
        basic=True,
        default=1.0,
        gt=0,
        le=5,
    )
    commission: Number = field("Platform's share of sales.", "share", basic=True, ge=0, le=0.9)
    payment_cost: Number = field("Payment provider's share of sales.", "share", ge=0, le=0.2)
    annual_fee: Number = field("Yearly technical service fee.", "yuan/year", ge=0, le=1e8)
    refund_tiers: list[RefundTier] = Field(
        default_factory=list,
        description="Refunds of the annual fee by yearly sales.",
        json_schema_extra={"x-unit": "table", "x-role": "assumption", "x-basic": False},
    )
    deposit: Number = field("Refundable deposit locked up at the platform.", "yuan", ge=0, le=1e8)
    settlement_days: Number = field("Days from delivery until the platform pays out.", "days", ge=0, le=180)
    team_size: Whole = field("People who run this shop.", "people", role="lever", ge=0, le=10_000)
    team_wage_per_month: Number = field("Full cost of one of them.", "yuan/month", ge=0, le=1e6)
    running_cost_per_year: Number = field(
        "Hosting, upkeep and the like.", "yuan/year", default=0.0, ge=0, le=1e9
    )

    @model_validator(mode="after")
    def _tiers(self) -> OnlineChannel:
        increasing(self.refund_tiers, "from_sales_per_year", "refund_tiers")
        return self


class StoresChannel(Part):
    """Physical stores, all alike."""

    name: str = Field("", description="Name shown in tables; it changes no digit.", max_length=60)
    count: Whole = field("Number of stores.", "stores", role="lever", ge=0, le=100_000)
    price_index: Number = field(
        "Selling price relative to the reference price.", "ratio", role="lever", default=1.0, gt=0, le=5
    )
    area_m2: Number = field("Floor of one store.", "m2", ge=0, le=1e5)
    rent_per_m2_month: Number = field("Rent.", "yuan/m2-month", ge=0, le=1e4)
    staff_per_store: Whole = field(
        "People on the payroll of one store.", "people", role="lever", ge=0, le=1000
    )
    wage_per_month: Number = field("Full cost of one of them.", "yuan/month", ge=0, le=1e6)
    payment_cost: Number = field("Card provider's share of sales.", "share", ge=0, le=0.2)


class Channels(Part):
    """The four ways the brand sells; those left out are closed."""

    stores: StoresChannel | None = Field(None, description="Physical stores.")
    tmall: OnlineChannel | None = Field(None, description="Tmall flagship store.")
    vertical: OnlineChannel | None = Field(None, description="Vertical lighting platform.")
    mall: OnlineChannel | None = Field(None, description="Self-built mall.")
