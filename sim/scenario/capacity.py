"""How much a channel can show and whom it can serve, from what its scenario says.

Market, management and closed forms read the same numbers here: lamps on a store's floor, people behind its
counter, visits that the brand's own servers stand.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.scenario.schema.parts import DAYS_PER_YEAR, HOURS_PER_DAY
from sim.scenario.segments import CHANNELS, STORES, UNVISITED, in_person
from sim.scenario.streams import streams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import Counter, Investment, Servers, StoresChannel
    from sim.scenario.streams import Stream

DAYS_PER_MONTH = DAYS_PER_YEAR / 12.0


def assortment(scenario: Scenario, channel: str) -> float | None:
    """Return the number of different lamps that a channel can show; none where the scenario does not say.

    A shop on the web shows the whole range, a store no more than its floor holds.
    """
    whole = scenario.products.range_lamps
    if whole is None or channel != STORES:
        return whole
    stores = scenario.channels.stores
    if stores is None or stores.lamps_per_m2 is None:
        return float(whole)
    return min(float(whole), stores.area_m2 * stores.lamps_per_m2)


def opening_hours(counter: Counter) -> float:
    """Return the hours a day for which a store is open."""
    return counter.close_hour - counter.open_hour


def store_staff(stores: StoresChannel, visits_per_day: float) -> int:
    """Return the people on the payroll of one store.

    Parameters
    ----------
    stores
        The stores; ``staff_per_store`` is the least.
    visits_per_day
        Visits expected in all stores on a mean day. Where the counter has a target utilisation, so many
        are hired that their working time at that utilisation looks after all of them.

    Examples
    --------
    >>> from sim.scenario.schema import Counter, StoresChannel
    >>> hours = {"open_hour": 9, "close_hour": 21, "working_hours_per_month": 182.5}
    >>> counter = Counter(**hours, visitors_per_staff_hour=2, target_utilisation=0.5)
    >>> money = {"rent_per_m2_month": 0, "wage_per_month": 0, "payment_cost": 0}
    >>> stores = StoresChannel(count=1, area_m2=100, staff_per_store=2, counter=counter, **money)
    >>> store_staff(stores, 12), store_staff(stores, 30)
    (2, 5)
    """
    counter = stores.counter
    if counter is None or counter.target_utilisation is None or stores.count == 0:
        return stores.staff_per_store
    each = counter.working_hours_per_month / DAYS_PER_MONTH * counter.visitors_per_staff_hour
    needed = visits_per_day / stores.count / (each * counter.target_utilisation)
    return max(stores.staff_per_store, math.ceil(needed - 1e-9))


def counter_capacity(counter: Counter, staff: int) -> float:
    """Return the visits that one store can look after in an hour, with ``staff`` people on its payroll."""
    on_duty = staff * counter.working_hours_per_month / DAYS_PER_MONTH / opening_hours(counter)
    return on_duty * counter.visitors_per_staff_hour


def server_capacity(servers: Servers, visits_per_hour: float) -> float:
    """Return the visits that servers stand in an hour; infinite where capacity is rented as needed.

    Parameters
    ----------
    servers
        The machines.
    visits_per_hour
        Visits expected in a mean hour of the year.
    """
    if servers.sizing == "elastic":
        return math.inf
    if servers.sizing == "fixed":
        assert servers.capacity_visits_per_hour is not None
        return servers.capacity_visits_per_hour
    return servers.capacity_factor * visits_per_hour


def planned_visits(expected: Iterable[Stream]) -> dict[str, float]:
    """Return the visits of each channel in a mean hour of the year, as a scenario's streams expect them."""
    found = dict.fromkeys(CHANNELS, 0.0)
    for stream in expected:
        if stream.segment.source not in UNVISITED and in_person(stream.segment):
            found[stream.segment.channel] += stream.visits_per_hour
    return found


def planned_visits_per_hour(scenario: Scenario, channel: str) -> float:
    """Return the visits of one channel in a mean hour of the year, as the scenario expects them."""
    return planned_visits(streams(scenario))[channel]


def yearly_wear(bought: Investment | None) -> float:
    """Return what something bought to last loses in a year (yuan)."""
    return 0.0 if bought is None else bought.cost / bought.life_years


def yearly_servers(scenario: Scenario, channel: str) -> float:
    """Return what the servers of a channel cost in a year of expected visits (yuan).

    Rented capacity is paid by the visit: one visit fills the capacity of one visit an hour for an hour.
    """
    servers = getattr(scenario.channels, channel).servers
    if servers is None:
        return 0.0
    hourly = planned_visits_per_hour(scenario, channel)
    switched_on = scenario.mechanisms.it_capacity
    traffic = hourly * HOURS_PER_DAY * DAYS_PER_YEAR * servers.cost_per_thousand_visits / 1000.0
    capacity = server_capacity(servers, hourly) if switched_on else math.inf
    if math.isinf(capacity):
        premium = servers.elastic_price_factor if switched_on else 1.0
        return float(traffic + hourly * servers.cost_per_capacity_year * premium)
    return float(traffic + capacity * servers.cost_per_capacity_year)
