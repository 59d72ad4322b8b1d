"""Pickup layers and those who manage them."""

from __future__ import annotations

from pydantic import Field, model_validator

from sim.scenario.schema.parts import Law, Number, Part, Whole, field

ALL_STORES = 100_000


class Supervision(Part):
    """Area managers: what keeps them busy, how many there are, what gets lost on the way down."""

    span: Number = field(
        "Points (or managers) that one manager supervises.",
        "reports/manager",
        role="lever",
        basic=True,
        gt=1,
        le=10_000,
    )
    wage_per_month: Number = field("Full cost of an area manager.", "yuan/month", basic=True, ge=0, le=1e6)
    level_wage_factor: Number = field("Pay of a manager relative to the level below.", "ratio", ge=1, le=5)
    working_hours_per_month: Number = field("Working time of a manager.", "hours/month", gt=0, le=400)
    visits_per_point_month: Number = field(
        "Routine visits to a point.", "visits/month", role="lever", ge=0, le=60
    )
    visit_minutes: Law = field("One visit, travel included.", "minutes")
    hire_minutes: Law = field("Work on filling one vacancy.", "minutes")
    pay_run_minutes: Law = field("Monthly settlement with one point.", "minutes")
    exception_minutes: Law = field("Work on one dispute or missing parcel.", "minutes")
    survival_per_level: Number = field(
        "Share of intent that survives one management level.", "share", basic=True, gt=0, le=1
    )
    uncontrolled_exception_rate: Number = field(
        "Share of parcels that go wrong where no intent arrives.", "share", ge=0, le=1
    )


class PickupLayer(Part):
    """A layer of pickup points between the courier's depot and the shopper."""

    name: str = Field("", description="Name shown in tables; it changes no digit.", max_length=60)
    points: Whole = field(
        "Number of points, the best places first.", "points", role="lever", basic=True, ge=0, le=100_000
    )
    reach_per_point: Number = field(
        "Share of a place's shoppers within walking distance of one point.", "share", ge=0, le=1
    )
    choice_share: Number = field(
        "Share of shoppers in reach who choose to collect.", "share", basic=True, ge=0, le=1
    )
    tariff_discount: Number = field(
        "What the courier takes off for a parcel that stops at a point.", "yuan/parcel", ge=0, le=100
    )
    bulk_drop_cost: Number = field(
        "Bringing one parcel to a point together with others.", "yuan/parcel", ge=0, le=100
    )
    shelf_places: Whole = field("Parcels that fit into one point.", "places", role="lever", ge=0, le=100_000)
    dwell_hours: Law = field("How long a parcel waits to be collected.", "hours")
    uncollected_rate: Number = field("Share of parcels never collected; they go back.", "share", ge=0, le=1)
    handovers: Whole = field("Extra pairs of hands on the way through a point.", "hand-overs", ge=0, le=20)
    fee_per_parcel: Number = field(
        "Paid to the point's owner for each parcel.", "yuan/parcel", basic=True, ge=0, le=100
    )
    site_fee_per_day: Number = field("Rent paid to the property manager.", "yuan/point-day", ge=0, le=10_000)
    attendant_hours_per_day: Number = field(
        "Paid time of the attendant.", "hours/day", role="lever", basic=True, ge=0, le=24
    )
    attendant_wage_per_hour: Number = field("Wage of the attendant.", "yuan/hour", basic=True, ge=0, le=1000)
    handover_minutes: Number = field(
        "Attendant's work on handing over one parcel.", "minutes/parcel", ge=0, le=120
    )
    attrition_per_month: Number = field(
        "Chance that an attendant (or partner) leaves in a month.", "share/month", basic=True, ge=0, lt=1
    )
    absence_rate: Number = field("Share of days on which a point stays shut.", "share", ge=0, le=0.9)
    hire_cost: Number = field(
        "Advertising, papers and training of one attendant (or partner).", "yuan/hire", ge=0, le=1e5
    )
    recruiting_days: Law = field("Search for one attendant in an untouched labour pool.", "days")
    labour_pool_per_place: Number = field(
        "People of an average place who would take the job.", "people/place", gt=0, le=1e6
    )
    exception_rate: Number = field(
        "Share of parcels disputed, misplaced or missing under full control.", "share", ge=0, le=1
    )
    exception_cost: Number = field(
        "Compensation and calls for one exception.", "yuan/exception", ge=0, le=1000
    )
    background_parcels_per_point_day: Number = field(
        "Other merchants' parcels at a point.", "parcels/point-day", basic=True, ge=0, le=10_000
    )
    background_recharge: Number = field(
        "Share of the cost per parcel that other merchants pay for theirs.", "share", ge=0, le=3
    )
    promotion_orders_per_attendant_month: Number = field(
        "Orders an attendant (or leader) brings in by promoting.", "orders/month", ge=0, le=10_000
    )
    walk_repurchase_loss: Number = field(
        "Fall of the repurchase probability of those who had to walk.", "share", ge=0, le=1
    )
    capital_per_point: Number = field(
        "Paid once for a point: a cabinet, shelves, a sign.", "yuan/point", default=0.0, ge=0, le=1e7
    )
    life_years: Number = field(
        "Years until that is worn out; it is written off evenly.", "years", default=5.0, gt=0, le=50
    )
    running_cost_per_point_year: Number = field(
        "Power, service and repairs of a point.", "yuan/point-year", default=0.0, ge=0, le=1e6
    )
    commission_on_sales: Number = field(
        "Share of what shoppers pay, and do not get back, on orders collected here.",
        "share",
        default=0.0,
        ge=0,
        le=0.9,
    )
    promoted_collect_share: Number | None = field(
        "Share of promoted buyers who collect where they were won; left out: they choose like others.",
        "share",
        default=None,
        ge=0,
        le=1,
    )
    promotion_pool_per_place: Number | None = field(
        "Orders that promoting can win in an average place; left out: no end of them.",
        "orders/place-month",
        default=None,
        gt=0,
        le=1e7,
    )
    shopper_fee: Number = field(
        "Paid by the shopper for collecting.", "yuan/parcel", role="lever", default=0.0, ge=0, le=100
    )
    open_hours_per_day: Number = field(
        "Hours a day in which shoppers can collect.", "hours/day", default=24.0, gt=0, le=24
    )
    overdue_free_hours: Number = field(
        "Time after which a parcel that waits costs the shopper a fee.",
        "hours",
        role="lever",
        default=12.0,
        ge=0,
        le=8760,
    )
    overdue_fee: Number = field(
        "Fee for every step of time begun after that.", "yuan/step", role="lever", default=0.0, ge=0, le=100
    )
    overdue_step_hours: Number = field("Length of a step.", "hours/step", default=12.0, gt=0, le=8760)
    overdue_cap: Number = field("Highest fee for one parcel.", "yuan/parcel", default=3.0, ge=0, le=1000)
    supervision: Supervision | None = Field(
        None, description="Area managers; left out: points need none of their own."
    )

    @model_validator(mode="after")
    def _cap_holds_one_step(self) -> PickupLayer:
        if self.overdue_fee > self.overdue_cap:
            raise ValueError(
                f"overdue_fee ({self.overdue_fee:g}) must not exceed overdue_cap ({self.overdue_cap:g})"
            )
        return self


class StoreLayer(PickupLayer):
    """Collection in the brand's own stores."""

    points: Whole = field(
        "Stores that hand parcels out; never more than there are, so left out: all of them.",
        "stores",
        role="lever",
        default=ALL_STORES,
        ge=0,
        le=ALL_STORES,
    )
    impulse_share: Number = field(
        "Share of those who collect who buy something in the store besides.",
        "share",
        default=0.0,
        ge=0,
        le=1,
    )
    impulse_basket: Number = field(
        "Value of such a purchase relative to an ordinary one in the store.",
        "ratio",
        default=1.0,
        gt=0,
        le=10,
    )


class Pickup(Part):
    """Pickup layers; those left out are not offered at checkout."""

    community: PickupLayer | None = Field(
        None, description="Own staffed points run through property managers and guards."
    )
    partner: PickupLayer | None = Field(None, description="Counters of partner shops, paid by the parcel.")
    station: PickupLayer | None = Field(
        None, description="Parcel stations run by franchisees for all merchants, paid by the parcel."
    )
    locker: PickupLayer | None = Field(None, description="Parcel lockers, own or pooled.")
    leader: PickupLayer | None = Field(
        None, description="Group leaders, who sell to their neighbours and hand over for a share of sales."
    )
    store: StoreLayer | None = Field(None, description="Collection in the brand's own stores.")
    fee_sensitivity: Number = field(
        "Fall of the log-odds of collecting per yuan that it costs the shopper.",
        "1/yuan",
        default=0.0,
        ge=0,
        le=10,
    )
    hours_elasticity: Number = field(
        "Elasticity of the odds of collecting to opening hours.", "ratio", default=0.0, ge=0, le=5
    )
