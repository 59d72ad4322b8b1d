"""From the order to the shopper's hands and back."""

from __future__ import annotations

from pydantic import Field, model_validator

from sim.scenario.schema.parts import HOURS_PER_DAY, Law, Number, Part, Whole, field, increasing


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

    @model_validator(mode="after")
    def _shift(self) -> Warehouse:
        if self.shift_end_hour <= self.shift_start_hour:
            raise ValueError(
                f"shift_end_hour ({self.shift_end_hour}) must follow"
                f" shift_start_hour ({self.shift_start_hour})"
            )
        return self


class TariffTier(Part):
    """A monthly parcel count from which the courier charges another price."""

    from_parcels_per_month: Number = field(
        "Monthly parcels from which this price holds.", "parcels/month", ge=0, le=1e10
    )
    price: Number = field("Price of one parcel, door to door.", "yuan/parcel", ge=0, le=1000)


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

    @model_validator(mode="after")
    def _tiers(self) -> Courier:
        increasing(self.tariff_tiers, "from_parcels_per_month", "tariff_tiers")
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

    @model_validator(mode="after")
    def _timetable(self) -> Fulfilment:
        hours = self.truck_departure_hours
        if any(not 0 <= hour < HOURS_PER_DAY for hour in hours) or sorted(set(hours)) != list(hours):
            raise ValueError("truck_departure_hours needs increasing hours of the day from 0 to below 24")
        return self
