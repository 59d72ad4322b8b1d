"""Rules about pickup points and those who manage them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.sanity.warning import SanityWarning
from sim.scenario.segments import open_layers, points_of
from sim.scenario.unit_economics import year_estimate

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import PickupLayer

HOURS_PER_DAY = 24.0
DAYS_PER_YEAR = 365.0
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
DWARFS = 3.0
"""A point's cost per parcel is called out of proportion above so many times the door's."""


def own_parcels_per_point_day(scenario: Scenario, name: str) -> float:
    """Own parcels an average point gets on an average day, with all places alike (parcels/point-day)."""
    layer, points = getattr(scenario.pickup, name), points_of(scenario, name)
    if points == 0:
        return 0.0
    per_place = points / scenario.market.places
    in_reach = 1.0 - (1.0 - layer.reach_per_point) ** max(per_place, 1.0)
    orders = year_estimate(scenario).online_orders * min(per_place, 1.0) * in_reach * layer.choice_share
    return float(orders / DAYS_PER_YEAR / points)


def _layers(scenario: Scenario) -> Iterator[tuple[str, PickupLayer, float, float]]:
    """Open layers with their path and an average point's own and all parcels a day."""
    for name in open_layers(scenario):
        layer = getattr(scenario.pickup, name)
        own = own_parcels_per_point_day(scenario, name)
        others = layer.background_parcels_per_point_day if scenario.mechanisms.background_load else 0.0
        yield f"pickup.{name}", layer, own, own + others


def point_cost_dwarfs_door(scenario: Scenario) -> Iterator[SanityWarning]:
    """A point's fixed cost per parcel is out of proportion to the trip it saves."""
    courier = scenario.fulfilment.courier
    failing = courier.failed_attempt_rate if scenario.mechanisms.failed_delivery else 0.0
    door = courier.last_mile_cost + failing * (courier.last_mile_cost + courier.failed_attempt_cost)
    for path, layer, _, parcels in _layers(scenario):
        boss = layer.supervision
        fixed = layer.site_fee_per_day + layer.attendant_hours_per_day * layer.attendant_wage_per_hour
        yearly = layer.capital_per_point / layer.life_years + layer.running_cost_per_point_year
        fixed += yearly / DAYS_PER_YEAR
        if boss is not None and scenario.mechanisms.supervision:
            fixed += boss.wage_per_month / boss.span / DAYS_PER_MONTH
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
        if layer.attendant_wage_per_hour > 0 and needed > layer.attendant_hours_per_day > 0:
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
        if boss is None:
            continue
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
        per_place = max(1.0, points_of(scenario, path.rpartition(".")[2]) / scenario.market.places)
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
