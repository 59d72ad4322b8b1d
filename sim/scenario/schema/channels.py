"""The ways the brand sells."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.schema.dealers import Dealers
from sim.scenario.schema.parts import Number, Part, Whole, field, increasing


class RefundTier(Part):
    """A yearly sales level from which the platform refunds part of its annual fee."""

    from_sales_per_year: Number = field(
        "Yearly sales from which this refund holds.", "yuan/year", ge=0, le=1e12
    )
    refund_share: Number = field("Share of the annual fee paid back.", "share", ge=0, le=1)


class Investment(Part):
    """Something bought once that serves for years."""

    cost: Number = field("Price.", "yuan", role="lever", ge=0, le=1e10)
    life_years: Number = field(
        "Years until it has to be bought again; it loses value evenly.", "years", gt=0, le=50
    )


class TakeDrift(Part):
    """How a platform's terms change from one calendar year to the next."""

    commission_per_year: Number = field(
        "Rise of the commission after a year in which everything was sold here.",
        "share/year",
        default=0.0,
        ge=0,
        le=2,
    )
    ad_price_per_year: Number = field(
        "Rise of the price of the platform's own advertising after such a year.",
        "share/year",
        default=0.0,
        ge=0,
        le=2,
    )


class Servers(Part):
    """Machines that a shop of one's own runs on."""

    sizing: Literal["fixed", "planned", "elastic"] = Field(
        "planned",
        description=(
            "fixed: as many as are said; planned: so many times the mean hour's expected visits;"
            " elastic: rented hour by hour, as many as visits need."
        ),
        json_schema_extra={"x-unit": "choice", "x-role": "lever", "x-basic": False},
    )
    capacity_visits_per_hour: Number | None = field(
        "Visits that can be served in one hour (fixed).",
        "visits/hour",
        role="lever",
        default=None,
        gt=0,
        le=1e9,
    )
    capacity_factor: Number = field(
        "Capacity relative to the visits expected in a mean hour of the year (planned).",
        "ratio",
        role="lever",
        default=4.0,
        gt=0,
        le=1000,
    )
    cost_per_capacity_year: Number = field(
        "Price of a year of capacity for one visit an hour.", "yuan/(visit/hour)-year", ge=0, le=1e6
    )
    elastic_price_factor: Number = field(
        "Price of an hour of rented capacity relative to owned capacity.",
        "ratio",
        default=1.0,
        gt=0,
        le=100,
    )
    cost_per_thousand_visits: Number = field(
        "Traffic and power for visits, whoever they are.",
        "yuan/1000 visits",
        default=0.0,
        ge=0,
        le=1e5,
    )

    @model_validator(mode="after")
    def _fixed_needs_a_size(self) -> Servers:
        if self.sizing == "fixed" and self.capacity_visits_per_hour is None:
            raise ValueError("sizing fixed needs capacity_visits_per_hour; planned and elastic do not")
        return self


class Counter(Part):
    """How many visitors the people in a store can look after."""

    open_hour: Number = field("Hour at which stores open.", "hour of day", ge=0, lt=24)
    close_hour: Number = field("Hour at which stores close.", "hour of day", gt=0, le=24)
    working_hours_per_month: Number = field("Working time of one of the staff.", "hours/month", gt=0, le=400)
    visitors_per_staff_hour: Number = field(
        "Visitors that one of the staff can look after in an hour.", "visits/hour", gt=0, le=1000
    )
    target_utilisation: Number | None = field(
        "Busy share of the staff's time above which stores hire; none: staff stay as they are.",
        "share",
        role="lever",
        default=None,
        gt=0,
        lt=1,
    )

    @model_validator(mode="after")
    def _hours(self) -> Counter:
        if self.close_hour <= self.open_hour:
            raise ValueError(f"close_hour ({self.close_hour:g}) must follow open_hour ({self.open_hour:g})")
        return self


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
    refund_min_rating: Number = field(
        "Share of satisfied customers below which nothing of the annual fee is refunded.",
        "share",
        default=0.0,
        ge=0,
        le=1,
    )
    deposit: Number = field("Refundable deposit locked up at the platform.", "yuan", ge=0, le=1e8)
    settlement_days: Number = field("Days from delivery until the platform pays out.", "days", ge=0, le=180)
    team_size: Whole = field("People who run this shop.", "people", role="lever", ge=0, le=10_000)
    team_wage_per_month: Number = field("Full cost of one of them.", "yuan/month", ge=0, le=1e6)
    running_cost_per_year: Number = field(
        "Hosting, upkeep and the like.", "yuan/year", default=0.0, ge=0, le=1e9
    )
    build: Investment | None = Field(None, description="Building the shop.")
    servers: Servers | None = Field(
        None, description="Machines of the brand's own; none: the platform's, free and endless."
    )
    take_drift: TakeDrift | None = Field(
        None, description="Terms that change from year to year; none: they stay."
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
    fit_out: Investment | None = Field(None, description="Fitting out and opening one store.")
    rent_deposit_months: Number = field(
        "Rent locked up at the landlord.", "months of rent", default=0.0, ge=0, le=36
    )
    lamps_per_m2: Number | None = field(
        "Lamps that can be shown on a square metre; none: the whole range fits.",
        "lamps/m2",
        default=None,
        gt=0,
        le=1000,
    )
    counter: Counter | None = Field(
        None, description="Who looks after visitors; none: everybody is looked after."
    )
    dealers: Dealers | None = Field(None, description="Dealers who run the stores; none: the brand does.")


class Channels(Part):
    """The four ways the brand sells; those left out are closed."""

    stores: StoresChannel | None = Field(None, description="Physical stores.")
    tmall: OnlineChannel | None = Field(None, description="Tmall flagship store.")
    vertical: OnlineChannel | None = Field(None, description="Vertical lighting platform.")
    mall: OnlineChannel | None = Field(None, description="Self-built mall.")
