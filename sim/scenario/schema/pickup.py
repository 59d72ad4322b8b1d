"""Pickup layers and those who manage them."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.parts import Law, Number, Part, Whole, field


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
        "Orders an attendant brings in by promoting.", "orders/month", ge=0, le=10_000
    )
    walk_repurchase_loss: Number = field(
        "Fall of the repurchase probability of those who had to walk.", "share", ge=0, le=1
    )
    supervision: Supervision = Field(description="Area managers.")


class Pickup(Part):
    """Pickup layers; those left out are not offered at checkout."""

    community: PickupLayer | None = Field(
        None, description="Own staffed points run through property managers and guards."
    )
    partner: PickupLayer | None = Field(None, description="Counters of partner shops and stations.")
