"""What work the way of an order brings to whom, and when: what planners know before anything has happened."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.fulfilment.chances import contact_rate
from sim.fulfilment.chat_desk import CHAT_DESK
from sim.fulfilment.durations import DAY
from sim.fulfilment.installation import job_stretch
from sim.fulfilment.plan import installation_of
from sim.scenario.contacts import calls_per_parcel
from sim.scenario.experience import work_factor
from sim.scenario.picking import errors_of
from sim.scenario.presale import expected_chats_per_day, presale_of
from sim.scenario.streams import first_orders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.scenario import Scenario


@dataclass(frozen=True)
class Work:
    """Work at one station.

    Attributes
    ----------
    node
        Station.
    jobs_per_day
        On a mean day.
    minutes
        Mean work on one job.
    wage_per_hour
        Pay of one server of the station, which may be a crew.
    account
        Account of the pay.
    rules
        Part of the scenario with the shift, the utilisation aimed at and perhaps a number of benches.
    days_after_order
        Mean time from the order to the job.
    """

    node: str
    jobs_per_day: float
    minutes: float
    wage_per_hour: float
    account: str
    rules: Any
    days_after_order: float = 0.0


def work_on_the_way(
    scenario: Scenario, sized_for: Scenario, online_per_day: float, shares: Mapping[str, float]
) -> list[Work]:
    """Return the work of packers, agents, chat desk, refurbishers and crews.

    Parameters
    ----------
    scenario
        The world.
    sized_for
        Scenario whose volume planners expect.
    online_per_day
        Online orders of a mean day there.
    shares
        Share of online orders by way to the customer.
    """
    warehouse = scenario.fulfilment.warehouse
    minutes = warehouse.pick_pack_minutes.mean * work_factor(sized_for, online_per_day)
    found = [
        Work("pick_pack", online_per_day, minutes, warehouse.wage_per_hour, "picking_wages", warehouse),
        _agents(scenario, online_per_day, shares),
    ]
    presale = presale_of(scenario)
    if presale is not None:
        wage = presale.wage_per_month / presale.working_hours_per_month
        chats, minutes = expected_chats_per_day(sized_for), presale.handling_minutes.mean
        found.append(Work(CHAT_DESK, chats, minutes, wage, "presale_wages", presale))
    return [*found, *_refurbishers(scenario, online_per_day), *_crews(scenario, online_per_day)]


def days_to_hands(scenario: Scenario) -> float:
    """Return about how long a parcel takes to the door, in days: to the next truck, line-haul, last mile.

    Who comes at any time waits on average ``sum(g ** 2) / (2 x 24)`` hours for the next of the trucks that
    leave at gaps of ``g`` hours.
    """
    fulfilment = scenario.fulfilment
    departures = [*fulfilment.truck_departure_hours, fulfilment.truck_departure_hours[0] + DAY]
    to_truck = sum((later - earlier) ** 2 for earlier, later in pairwise(departures)) / (2.0 * DAY)
    courier = fulfilment.courier
    return (to_truck + courier.line_haul_hours.mean + courier.last_mile_hours.mean) / DAY


def mean_over_orders(scenario: Scenario, value_of: Callable[[str], float]) -> float:
    """Return the mean of what a visitor type stands for over first orders, repeat buyers like the others."""
    rows = first_orders(scenario)
    orders = sum(row.orders for row in rows)
    return sum(row.orders * value_of(row.stream.segment.kind) for row in rows) / orders if orders > 0 else 0.0


def _agents(scenario: Scenario, online_per_day: float, shares: Mapping[str, float]) -> Work:
    service, errors = scenario.service, errors_of(scenario)
    calls = sum(share * contact_rate(scenario, way) for way, share in shares.items())
    calls += calls_per_parcel(scenario) + (errors.wrong_rate + errors.short_rate if errors else 0.0)
    wage = service.wage_per_month / service.working_hours_per_month
    return Work(
        "service",
        online_per_day * calls,
        service.handling_minutes.mean,
        wage,
        "service_wages",
        service,
        days_to_hands(scenario),
    )


def _refurbishers(scenario: Scenario, online_per_day: float) -> list[Work]:
    returns = scenario.fulfilment.returns
    rules = returns.refurbishment
    if rules is None:
        return []
    kinds = scenario.market.visitor_types
    share = scenario.products.return_rate if scenario.mechanisms.returns else 0.0
    back = online_per_day * share * mean_over_orders(scenario, lambda kind: getattr(kinds, kind).returns)
    later = days_to_hands(scenario) + (returns.decision_hours.mean + returns.transit_hours.mean) / DAY
    return [
        Work(
            "refurbishment",
            back,
            rules.minutes.mean,
            rules.wage_per_hour,
            "return_handling",
            rules,
            later,
        )
    ]


def _crews(scenario: Scenario, online_per_day: float) -> list[Work]:
    rules = installation_of(scenario)
    if rules is None:
        return []
    booked = mean_over_orders(scenario, lambda kind: getattr(rules.share, kind))
    jobs = online_per_day * booked / (1.0 - rules.failed_share)
    minutes = rules.job_minutes.mean * job_stretch(rules)
    later = days_to_hands(scenario) + rules.appointment_hours.mean / DAY
    wage = rules.crew_size * rules.wage_per_hour
    return [Work("installation", jobs, minutes, wage, "installation_wages", rules, later)]
