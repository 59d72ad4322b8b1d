"""What is allowed and yet makes no economic sense: a warning each, with a way out.

One function per rule, named after it. A warning refuses nothing: a study may want to see just that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.segments import CHANNELS, LAYERS, ONLINE_CHANNELS
from sim.scenario.unit_economics import purchase_factor, source_economics, year_estimate

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import PickupLayer

HOURS_PER_DAY = 24.0
DAYS_PER_YEAR = 365.0
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
DWARFS = 3.0
"""A point's cost per parcel is called out of proportion above so many times the door's."""


@dataclass(frozen=True)
class SanityWarning:
    """Something allowed and yet uneconomic.

    Parameters
    ----------
    path
        Dotted path of the value to look at first.
    message
        What was found, with numbers.
    fix
        What would put it right.
    """

    path: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}; {self.fix}"


Rule = Callable[["Scenario"], Iterator[SanityWarning]]


def check(scenario: Scenario) -> list[SanityWarning]:
    """Apply every rule, in the order of the file."""
    return [warning for rule in RULES for warning in rule(scenario)]


def price_below_cost(scenario: Scenario) -> Iterator[SanityWarning]:
    """Goods cost more than they sell for."""
    year = year_estimate(scenario)
    products = scenario.products
    units = (
        year.online_orders * products.units_per_order_online
        + year.store_orders * products.units_per_order_store
    )
    cost = (1.0 - products.gross_margin) * purchase_factor(scenario, units)
    for name in CHANNELS:
        channel = getattr(scenario.channels, name)
        if channel is not None and channel.price_index <= cost:
            yield SanityWarning(
                f"channels.{name}.price_index",
                f"sells at {channel.price_index:.2f} of the reference price"
                f" what costs {cost:.2f} of it to buy",
                "raise price_index or products.gross_margin",
            )


def takes_above_margin(scenario: Scenario) -> Iterator[SanityWarning]:
    """Platform and payment together take more than the gross margin."""
    for name in ONLINE_CHANNELS:
        channel = getattr(scenario.channels, name)
        if channel is None:
            continue
        taken = channel.commission + channel.payment_cost
        margin = 1.0 - (1.0 - scenario.products.gross_margin) / channel.price_index
        if 0 < margin <= taken:
            yield SanityWarning(
                f"channels.{name}.commission",
                f"commission and payment take {taken:.1%} of sales, the margin is {margin:.1%}",
                "lower the commission, raise price_index or close the channel",
            )


def source_costs_more_than_it_brings(scenario: Scenario) -> Iterator[SanityWarning]:
    """An order costs more in traffic than it contributes."""
    for row in source_economics(scenario):
        if row.visits == 0:
            continue
        path = f"market.sources.{row.source}"
        if row.orders == 0:
            yield SanityWarning(
                f"{path}.conversion_rate",
                f"{row.visits:,.0f} visits a year end in no order",
                "raise conversion_rate or leave the source out",
            )
        elif row.traffic > max(row.contribution_before_traffic, 0.0):
            yield SanityWarning(
                f"{path}.cost_per_visit",
                f"an order costs {row.traffic:.1f} yuan of visits and contributes"
                f" {row.contribution_before_traffic:.1f} before them",
                "buy fewer visits or cheaper ones, or count on what first orders lead to",
            )
        elif row.contribution <= 0:
            yield SanityWarning(
                f"{path}.commission_on_sales",
                f"an order contributes {row.contribution:.1f} yuan after everything that follows it",
                "raise the margin or the basket, or leave the source out",
            )


def nobody_comes(scenario: Scenario) -> Iterator[SanityWarning]:
    """No visits at all."""
    if year_estimate(scenario).visits == 0:
        yield SanityWarning("market.sources", "nobody visits", "give a source visits_per_year above 0")


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


def peak_below_average(scenario: Scenario) -> Iterator[SanityWarning]:
    """The top days get less than ordinary days."""
    peak = scenario.market.peak
    uniform = peak.days / DAYS_PER_YEAR
    if scenario.mechanisms.seasonality and peak.share < uniform * (1.0 - 1e-3):
        yield SanityWarning(
            "market.peak.share",
            f"the peak's {peak.days} days get {peak.share:.2%} of the year,"
            f" as many ordinary days {uniform:.2%}",
            f"give at least {uniform:.4f}, or switch seasonality off",
        )


def own_parcels_per_point_day(scenario: Scenario, layer: PickupLayer) -> float:
    """Own parcels an average point gets on an average day, with all places alike (parcels/point-day)."""
    if layer.points == 0:
        return 0.0
    per_place = layer.points / scenario.market.places
    in_reach = 1.0 - (1.0 - layer.reach_per_point) ** max(per_place, 1.0)
    orders = year_estimate(scenario).online_orders * min(per_place, 1.0) * in_reach * layer.choice_share
    return orders / DAYS_PER_YEAR / layer.points


def _layers(scenario: Scenario) -> Iterator[tuple[str, PickupLayer, float, float]]:
    """Open layers with their path and an average point's own and all parcels a day."""
    for name in LAYERS:
        layer = getattr(scenario.pickup, name)
        if layer is not None and layer.points > 0:
            own = own_parcels_per_point_day(scenario, layer)
            others = layer.background_parcels_per_point_day if scenario.mechanisms.background_load else 0.0
            yield f"pickup.{name}", layer, own, own + others


def point_cost_dwarfs_door(scenario: Scenario) -> Iterator[SanityWarning]:
    """A point's fixed cost per parcel is out of proportion to the trip it saves."""
    courier = scenario.fulfilment.courier
    failing = courier.failed_attempt_rate if scenario.mechanisms.failed_delivery else 0.0
    door = courier.last_mile_cost + failing * (courier.last_mile_cost + courier.failed_attempt_cost)
    for path, layer, _, parcels in _layers(scenario):
        boss = layer.supervision.wage_per_month / layer.supervision.span / DAYS_PER_MONTH
        fixed = layer.site_fee_per_day + layer.attendant_hours_per_day * layer.attendant_wage_per_hour
        fixed += boss if scenario.mechanisms.supervision else 0.0
        if parcels == 0 or fixed / parcels > DWARFS * door:
            needed = fixed / door if door > 0 else float("inf")
            each = f"{fixed / parcels:.1f} yuan each" if parcels else "no parcel carries it"
            yield SanityWarning(
                f"{path}.background_parcels_per_point_day",
                f"a point costs {fixed:.0f} yuan a day for {parcels:.1f} parcels, {each};"
                f" the door costs {door:.2f}",
                f"pool other merchants' parcels (about {needed:.0f} a day carry it) or cut paid hours",
            )


def shelf_below_occupancy(scenario: Scenario) -> Iterator[SanityWarning]:
    """A point has fewer places than parcels that lie there on average (Little's law)."""
    for path, layer, _, parcels in _layers(scenario):
        lying = parcels * layer.dwell_hours.mean / HOURS_PER_DAY
        if scenario.mechanisms.shelf_limit and layer.shelf_places < lying:
            yield SanityWarning(
                f"{path}.shelf_places",
                f"{layer.shelf_places} places for {lying:.0f} parcels that lie there on average",
                "give more places, or shorten dwell_hours",
            )


def attendant_short_of_time(scenario: Scenario) -> Iterator[SanityWarning]:
    """Handing parcels over takes longer than the attendant is paid for."""
    for path, layer, _, parcels in _layers(scenario):
        needed = parcels * layer.handover_minutes / 60.0
        if layer.attendant_wage_per_hour > 0 and needed > layer.attendant_hours_per_day:
            yield SanityWarning(
                f"{path}.attendant_hours_per_day",
                f"handing over {parcels:.0f} parcels takes {needed:.1f} hours a day,"
                f" {layer.attendant_hours_per_day:g} are planned",
                "plan more hours; those needed are paid in any case",
            )


def managers_short_of_time(scenario: Scenario) -> Iterator[SanityWarning]:
    """An area manager's jobs take longer than a month has hours."""
    if not scenario.mechanisms.supervision:
        return
    for path, layer, _, parcels in _layers(scenario):
        boss = layer.supervision
        leaving = layer.attrition_per_month if scenario.mechanisms.attrition else 0.0
        wrong = parcels * DAYS_PER_MONTH * layer.exception_rate if scenario.mechanisms.exceptions else 0.0
        minutes = boss.visits_per_point_month * boss.visit_minutes.mean + boss.pay_run_minutes.mean
        minutes += leaving * boss.hire_minutes.mean + wrong * boss.exception_minutes.mean
        hours = boss.span * minutes / 60.0
        if hours > boss.working_hours_per_month:
            fitting = boss.span * boss.working_hours_per_month / hours
            yield SanityWarning(
                f"{path}.supervision.span",
                f"{boss.span:g} points give a manager {hours:.0f} hours of work a month,"
                f" {boss.working_hours_per_month:g} are there",
                f"lower the span to about {max(fitting, 1.0):.0f}, or visit less often",
            )


def pool_too_small(scenario: Scenario) -> Iterator[SanityWarning]:
    """A place has fewer candidates than points."""
    for path, layer, _, _ in _layers(scenario):
        per_place = max(1.0, layer.points / scenario.market.places)
        if scenario.mechanisms.labour_pool and per_place >= layer.labour_pool_per_place:
            yield SanityWarning(
                f"{path}.labour_pool_per_place",
                f"{per_place:.0f} points in a place"
                f" and {layer.labour_pool_per_place:g} people who would work there:"
                " vacancies are never filled",
                "open fewer points in a place, or more places",
            )


def discount_above_last_mile(scenario: Scenario) -> Iterator[SanityWarning]:
    """The courier takes off more than the trip that is saved."""
    last_mile = scenario.fulfilment.courier.last_mile_cost
    for path, layer, _, _ in _layers(scenario):
        if layer.tariff_discount > last_mile:
            yield SanityWarning(
                f"{path}.tariff_discount",
                f"{layer.tariff_discount:g} yuan are taken off for a trip that costs {last_mile:g}",
                "lower the discount: a layer replaces the last mile only",
            )


def loses_money(scenario: Scenario) -> Iterator[SanityWarning]:
    """The year as a whole cannot pay its fixed cost."""
    year = year_estimate(scenario)
    if year.orders > 0 and year.contribution < year.fixed_cost:
        yield SanityWarning(
            "management.head_office_cost_per_year",
            f"orders contribute {year.contribution:,.0f} yuan a year"
            f" to a fixed cost of {year.fixed_cost:,.0f}",
            "sell more, raise the margin or cut fixed cost",
        )


def beyond_its_own_range(scenario: Scenario) -> Iterator[SanityWarning]:
    """A value lies outside what its own source calls plausible."""
    for entry in scenario.entries():
        if entry.range is not None and not entry.range[0] <= entry.value <= entry.range[1]:
            low, high = entry.range
            yield SanityWarning(
                entry.path,
                f"{entry.value:g} lies outside its plausible range, {low:g} to {high:g} ({entry.unit})",
                "stay inside, or give the range and source of the new value",
            )


def guesses(scenario: Scenario) -> Iterator[SanityWarning]:
    """Numbers that rest on judgement, or on nothing that is said."""
    numbers = [
        entry
        for entry in scenario.entries()
        if entry.role != "label"
        and isinstance(entry.value, int | float | list)
        and not isinstance(entry.value, bool)
    ]
    guessed = [entry for entry in numbers if entry.grade == "guess"]
    silent = [
        entry for entry in numbers if not entry.source and entry.layer not in ("schema default", "change")
    ]
    if silent:
        yield SanityWarning(
            silent[0].path,
            f"{len(silent)} of {len(numbers)} numbers say nothing of where they come from, this one first",
            "give {value, range, source, grade}",
        )
    if guessed:
        yield SanityWarning(
            guessed[0].path,
            f"{len(guessed)} of {len(numbers)} numbers are guesses, this one first",
            "trust no result that a sensitivity analysis over their ranges turns round",
        )


RULES: tuple[Rule, ...] = (
    nobody_comes,
    price_below_cost,
    takes_above_margin,
    source_costs_more_than_it_brings,
    loses_money,
    nobody_can_pack,
    courier_below_its_last_mile,
    reorder_below_lead_time,
    promise_below_transport,
    peak_below_average,
    point_cost_dwarfs_door,
    shelf_below_occupancy,
    attendant_short_of_time,
    managers_short_of_time,
    pool_too_small,
    discount_above_last_mile,
    beyond_its_own_range,
    guesses,
)
