"""From the order to the shopper's hands and back."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.schema.improvement import BadBatch
from sim.scenario.schema.parts import HOURS_PER_DAY, Law, Number, Part, Whole, field, increasing


def in_order(start: float, end: float) -> None:
    """Refuse a shift that ends before it starts."""
    if end <= start:
        raise ValueError(f"shift_end_hour ({end}) must follow shift_start_hour ({start})")


class PickingErrors(Part):
    """Parcels with the wrong lamp, or with one too few: more of them from strained or temporary hands."""

    wrong_rate: Number = field(
        "Share of parcels with a wrong lamp on an ordinary day.", "share", ge=0, le=0.5
    )
    short_rate: Number = field(
        "Share of parcels with a lamp missing on an ordinary day.", "share", ge=0, le=0.5
    )
    strain: Number = field(
        "Rise of both rates, as a multiple, for parcels packed by temporary hands or beyond capacity.",
        "ratio",
        ge=0,
        le=20,
    )
    replaced_share: Number = field(
        "Share of wrong parcels that are exchanged; the others are sent back for a refund.",
        "share",
        role="lever",
        ge=0,
        le=1,
    )
    replacement_hours: Law = field("Until the right or missing lamp has arrived.", "hours")

    @model_validator(mode="after")
    def _shares(self) -> PickingErrors:
        worst = (self.wrong_rate + self.short_rate) * (1.0 + self.strain)
        if worst > 1.0:
            raise ValueError(
                f"(wrong_rate + short_rate) * (1 + strain) is a share of parcels and should be at most 1"
                f" (found {worst:g})"
            )
        return self


class PackingGrade(Part):
    """A better way to pack than the plain one."""

    material_cost: Number = field("Boxes and padding of one order.", "yuan/order", ge=0, le=1000)
    breakage_per_handover: Number = field(
        "Chance that one pair of hands breaks an order's goods.", "share", ge=0, le=0.5
    )


class Learning(Part):
    """Packers get quicker with what the firm has packed so far (not the price path of an industry)."""

    share_per_doubling: Number = field(
        "Fall of the work on one order each time the orders packed so far double.", "share", ge=0, lt=0.9
    )
    reference_orders: Number = field(
        "Orders packed so far at which an order takes pick_pack_minutes.", "orders", gt=0, le=1e12
    )
    orders_before: Number = field("Orders packed before the history begins.", "orders", ge=0, le=1e12)


class Warehouse(Part):
    """Picking and packing in shifts."""

    shift_start_hour: Number = field("Hour at which packers start.", "hour of day", ge=0, lt=24)
    shift_end_hour: Number = field("Hour at which packers stop.", "hour of day", gt=0, le=24)
    pick_pack_minutes: Law = field("Work on one order.", "minutes/order")
    wage_per_hour: Number = field("Full cost of a packer.", "yuan/hour", ge=0, le=1000)
    target_utilisation: Number = field(
        "Busy share of packers' time that staffing aims at.", "share", role="lever", gt=0, lt=1
    )
    packing_material_cost: Number = field(
        "Protective packing of one order.", "yuan/order", role="lever", ge=0, le=1000
    )
    rent_per_m2_day: Number = field("Warehouse rent.", "yuan/m2-day", ge=0, le=100)
    base_area_m2: Number = field("Floor needed before the first order.", "m2", ge=0, le=1e6)
    area_m2_per_daily_order: Number = field(
        "Floor per order of an average day.", "m2/(order/day)", ge=0, le=1000
    )
    packing_grade: Literal["economy", "reinforced"] = Field(
        "economy",
        description="Packing in use; economy: packing_material_cost and breakage_per_handover hold.",
        json_schema_extra={"x-unit": "choice", "x-role": "lever", "x-basic": False},
    )
    reinforced_packing: PackingGrade | None = Field(
        None, description="What reinforced packing costs and spares; none: it is not to be had."
    )
    picking_errors: PickingErrors | None = Field(
        None, description="Wrong and short parcels; none: every parcel is packed right."
    )
    learning: Learning | None = Field(
        None, description="How work falls with experience; none: it stays as stated."
    )

    @model_validator(mode="after")
    def _shift(self) -> Warehouse:
        in_order(self.shift_start_hour, self.shift_end_hour)
        return self

    @model_validator(mode="after")
    def _packing(self) -> Warehouse:
        if self.packing_grade == "reinforced" and self.reinforced_packing is None:
            raise ValueError("packing_grade reinforced needs reinforced_packing (found none)")
        return self


class TariffTier(Part):
    """A monthly parcel count from which the courier charges another price."""

    from_parcels_per_month: Number = field(
        "Monthly parcels from which this price holds.", "parcels/month", ge=0, le=1e10
    )
    price: Number = field("Price of one parcel, door to door.", "yuan/parcel", ge=0, le=1000)


class PeakSlowdown(Part):
    """A network that all shippers share carries only so much on its best day; the rest waits."""

    capacity_ratio: Number = field(
        "Parcels that the network carries on its best day, relative to its mean day.", "ratio", gt=1, le=100
    )
    share_of_swing: Number = field(
        "Swing of all shippers' parcels relative to the swing of the brand's own calendar.",
        "ratio",
        ge=0,
        le=2,
    )


class Courier(Part):
    """The contract courier: price list, line-haul, last mile, failed and lost parcels."""

    tariff_tiers: list[TariffTier] = Field(
        description="Price per parcel by monthly volume.",
        min_length=1,
        json_schema_extra={"x-unit": "table", "x-role": "assumption", "x-basic": False},
    )
    last_mile_cost: Number = field(
        "Part of the price that pays the trip to the door.", "yuan/parcel", basic=True, ge=0, le=100
    )
    failed_attempt_rate: Number = field(
        "Share of first trips to the door that fail.", "share", basic=True, ge=0, le=0.95
    )
    failed_attempt_cost: Number = field(
        "Call and service caused by a failed trip, besides the second trip.", "yuan/failure", ge=0, le=1000
    )
    given_up_rate: Number = field(
        "Share of second trips that fail too; the parcel goes back.", "share", ge=0, le=1
    )
    lost_rate: Number = field("Share of parcels lost on the way.", "share", ge=0, le=0.5)
    line_haul_hours: Law = field("Truck to the city of the shopper.", "hours")
    last_mile_hours: Law = field("From the city depot to the door.", "hours")
    retry_hours: Law = field("Until the second trip.", "hours")
    peak_slowdown: PeakSlowdown | None = Field(
        None, description="What the network carries at most; none: any number, at any time."
    )

    @model_validator(mode="after")
    def _tiers(self) -> Courier:
        increasing(self.tariff_tiers, "from_parcels_per_month", "tariff_tiers")
        return self


class Refurbishment(Part):
    """Hands that test, clean and box what came back; what waits for them cannot be sold."""

    minutes: Law = field("Work on one returned order.", "minutes/order")
    wage_per_hour: Number = field("Full cost of a worker.", "yuan/hour", ge=0, le=1000)
    shift_start_hour: Number = field("Hour at which they start.", "hour of day", ge=0, lt=24)
    shift_end_hour: Number = field("Hour at which they stop.", "hour of day", gt=0, le=24)
    target_utilisation: Number = field(
        "Busy share of their time that staffing aims at.", "share", role="lever", gt=0, lt=1
    )
    benches: Whole | None = field(
        "Most people who can work at once; none: as many as are needed.",
        "people",
        role="lever",
        default=None,
        ge=1,
        le=100_000,
    )

    @model_validator(mode="after")
    def _shift(self) -> Refurbishment:
        in_order(self.shift_start_hour, self.shift_end_hour)
        return self


class Returns(Part):
    """What sending back costs and takes."""

    freight_cost: Number = field(
        "Freight of a returned parcel paid by the brand.", "yuan/parcel", ge=0, le=1000
    )
    handling_cost: Number = field(
        "Inspection and refurbishment of a returned order.", "yuan/order", ge=0, le=1000
    )
    decision_hours: Law = field("From receipt until the parcel is sent back.", "hours")
    transit_hours: Law = field("Way back to the warehouse.", "hours")
    refurbishment: Refurbishment | None = Field(
        None, description="Hands between return and stock; none: the handling cost covers them, at once."
    )


class Fleet(Part):
    """Own vans for the trip to the door in some places; the courier serves the others."""

    share_of_places: Number = field(
        "Share of the places served, those that order most first.", "share", role="lever", ge=0, le=1
    )
    place_area_km2: Number = field("Built-up area of one place.", "km2", gt=0, le=1e5)
    depot_km: Number = field("From the depot to the middle of the place.", "km", ge=0, le=1000)
    road_factor: Number = field("Way on the road relative to the straight line.", "ratio", ge=1, le=5)
    stop_minutes: Number = field(
        "Parking, walking and handing over at one stop.", "minutes/stop", ge=0, le=240
    )
    speed_km_per_hour: Number = field("Speed between stops.", "km/h", gt=0, le=200)
    shift_hours: Number = field("Time on the road of one van and day.", "hours", gt=0, le=24)
    driver_wage_per_hour: Number = field("Full cost of a driver.", "yuan/hour", ge=0, le=1000)
    van_cost_per_day: Number = field(
        "A van with its insurance and its wear by age.", "yuan/van-day", ge=0, le=1e5
    )
    van_cost_per_km: Number = field("Fuel and wear by use.", "yuan/km", ge=0, le=1000)

    @model_validator(mode="after")
    def _reaches(self) -> Fleet:
        there_and_back = 2.0 * self.depot_km * self.road_factor / self.speed_km_per_hour
        if there_and_back + self.stop_minutes / 60.0 >= self.shift_hours:
            raise ValueError(
                f"a shift of {self.shift_hours:g} hours is too short for the way to the place and back"
                f" ({there_and_back:.3g} hours) and one stop"
            )
        return self


class InstallationShares(Part):
    """Share of kept deliveries that are installed, by visitor type; a type left out installs by itself."""

    planner: Number = field("People who plan a renovation.", "share", default=0.0, ge=0, le=1)
    replacer: Number = field("People who replace a lamp.", "share", default=0.0, ge=0, le=1)
    hesitater: Number = field("People who hesitate.", "share", default=0.0, ge=0, le=1)
    deal_hunter: Number = field("People after a bargain.", "share", default=0.0, ge=0, le=1)
    gift_collector: Number = field("People after gifts.", "share", default=0.0, ge=0, le=1)
    trade_buyer: Number = field("Trade buyers.", "share", default=0.0, ge=0, le=1)


class Installation(Part):
    """Crews who come to the customer's home by appointment and put up what was delivered."""

    share: InstallationShares = Field(description="Who books it.")
    appointment_hours: Law = field("From delivery to the first date that suits the customer.", "hours")
    job_minutes: Law = field("Work on one order.", "minutes/job")
    travel_minutes: Number = field("Way to one job.", "minutes/job", ge=0, le=600)
    crew_size: Whole = field("People of a crew.", "people", ge=1, le=20)
    wage_per_hour: Number = field("Full cost of one of them.", "yuan/hour", ge=0, le=1000)
    shift_start_hour: Number = field("Hour at which crews start.", "hour of day", ge=0, lt=24)
    shift_end_hour: Number = field("Hour at which crews stop.", "hour of day", gt=0, le=24)
    target_utilisation: Number = field(
        "Busy share of crews' time that staffing aims at.", "share", role="lever", gt=0, lt=1
    )
    fee: Number = field("Paid by the customer for a finished job.", "yuan/job", role="lever", ge=0, le=1e5)
    failed_share: Number = field(
        "Share of appointments at which nobody opens or a part is missing; another date follows.",
        "share",
        ge=0,
        le=0.9,
    )
    return_factor: Number = field(
        "Return rate of installed orders relative to others.", "ratio", default=1.0, ge=0, le=1
    )

    @model_validator(mode="after")
    def _shift(self) -> Installation:
        in_order(self.shift_start_hour, self.shift_end_hour)
        return self


class ContactCauses(Part):
    """Calls to the service desk that something on the way causes, besides questions and broken goods."""

    per_late: Number = field(
        "Calls for a parcel that arrives after the promised time.", "contacts/parcel", ge=0, le=20
    )
    per_failed_trip: Number = field("Calls for a trip that found nobody.", "contacts/trip", ge=0, le=20)
    per_missing: Number = field("Calls for a parcel that was lost.", "contacts/parcel", ge=0, le=20)


class Fulfilment(Part):
    """From the order to the shopper's hands and back."""

    warehouse: Warehouse = Field(description="Picking and packing.")
    truck_departure_hours: list[Number] = field(
        "Hours of the day at which the truck leaves.",
        "hour of day",
        role="lever",
        min_length=1,
        max_length=24,
    )
    courier: Courier = Field(description="Contract courier.")
    breakage_per_handover: Number = field(
        "Chance that one pair of hands breaks an order's goods.", "share", ge=0, le=0.5
    )
    handovers_to_door: Whole = field(
        "Pairs of hands between the packing table and the door.", "hand-overs", ge=0, le=20
    )
    returns: Returns = Field(description="Reverse logistics.")
    promise_hours: Number = field(
        "Time from order to hands at which service is compared.", "hours", basic=True, gt=0, le=2000
    )
    fleet: Fleet | None = Field(None, description="Own vans; none: the courier makes every trip to the door.")
    installation: Installation | None = Field(
        None, description="Crews; none: customers install by themselves."
    )
    contact_causes: ContactCauses | None = Field(
        None, description="Calls caused on the way; none: questions and broken goods only."
    )
    bad_batch: BadBatch | None = Field(
        None, description="Days on which much more arrives broken; none: all days are alike."
    )

    @model_validator(mode="after")
    def _timetable(self) -> Fulfilment:
        hours = self.truck_departure_hours
        if any(not 0 <= hour < HOURS_PER_DAY for hour in hours) or sorted(set(hours)) != list(hours):
            raise ValueError("truck_departure_hours needs increasing hours of the day from 0 to below 24")
        return self
