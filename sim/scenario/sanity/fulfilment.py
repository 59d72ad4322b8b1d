"""Rules about packing, stock, trucks and the courier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.sanity.warning import SanityWarning

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def nobody_can_pack(scenario: Scenario) -> Iterator[SanityWarning]:
    """The shift is too short for an order, or every truck leaves before anything is packed."""
    warehouse = scenario.fulfilment.warehouse
    shift = warehouse.shift_end_hour - warehouse.shift_start_hour
    work = warehouse.pick_pack_minutes.mean / 60.0
    if scenario.mechanisms.staff_queues and work > shift:
        yield SanityWarning(
            "fulfilment.warehouse.shift_end_hour",
            f"an order takes {work:.1f} hours to pack and the shift lasts {shift:.1f}",
            "lengthen the shift or shorten pick_pack_minutes",
        )
    last = scenario.fulfilment.truck_departure_hours[-1]
    if last < warehouse.shift_start_hour:
        yield SanityWarning(
            "fulfilment.truck_departure_hours",
            f"the last truck leaves at {last:g}, before packers start at {warehouse.shift_start_hour:g}:"
            " everything waits for the next day",
            "let a truck leave after the shift has started",
        )


def courier_below_its_last_mile(scenario: Scenario) -> Iterator[SanityWarning]:
    """The courier charges less than the trip to the door costs."""
    courier = scenario.fulfilment.courier
    for index, tier in enumerate(courier.tariff_tiers):
        if tier.price < courier.last_mile_cost:
            yield SanityWarning(
                f"fulfilment.courier.tariff_tiers.{index}.price",
                f"{tier.price:g} yuan a parcel is less than the trip to the door, {courier.last_mile_cost:g}",
                "raise the price or lower last_mile_cost",
            )


def reorder_below_lead_time(scenario: Scenario) -> Iterator[SanityWarning]:
    """Stock is ordered so late that it runs out before the delivery arrives."""
    stock = scenario.products.stock
    if stock.reorder_days < stock.lead_time_days.mean:
        yield SanityWarning(
            "products.stock.reorder_days",
            f"goods are ordered with stock for {stock.reorder_days:g} days"
            f" and take {stock.lead_time_days.mean:g}",
            "reorder earlier: at least lead_time_days, with some days of safety",
        )


def promise_below_transport(scenario: Scenario) -> Iterator[SanityWarning]:
    """The promise is shorter than the way."""
    courier = scenario.fulfilment.courier
    way = courier.line_haul_hours.mean + courier.last_mile_hours.mean
    if scenario.fulfilment.promise_hours < way:
        yield SanityWarning(
            "fulfilment.promise_hours",
            f"{scenario.fulfilment.promise_hours:g} hours are promised"
            f" and the way alone takes {way:g} on average",
            "promise longer, or shorten line_haul_hours",
        )
