"""How many people: work to do over the time they have, in whole persons, at the utilisation aimed at."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import simpy

    from sim.management.office import Office

ENDLESS_SERVERS = 1_000_000
TRAILING_DAYS = 28


def heads(work_hours: float, shift_hours: float, utilisation: float) -> int:
    """Return the people needed for ``work_hours`` of work in one shift; at least one."""
    return max(1, math.ceil(work_hours / (shift_hours * utilisation) - 1e-9))


class Forecast:
    """Daily jobs at a station: a level learned from what came, shaped by the calendar that everybody knows.

    Parameters
    ----------
    level
        Jobs on a day of mean demand, before anything has come.
    demand_on
        Relative demand of a day of the history.
    frozen
        Keep the level for good (``--adjust none``).
    """

    def __init__(self, level: float, demand_on: Callable[[int], float], *, frozen: bool = False) -> None:
        self._level = level
        self._demand_on = demand_on
        self._frozen = frozen
        self._came: deque[tuple[float, float]] = deque(maxlen=TRAILING_DAYS)

    def observe(self, day: int, jobs: float) -> None:
        """Note that ``jobs`` came on ``day``."""
        self._came.append((jobs, self._demand_on(day)))

    def review(self) -> None:
        """Set the level to what came lately, relative to the calendar; once a full window has been seen."""
        if self._frozen or len(self._came) < TRAILING_DAYS:
            return
        demand = sum(weight for _, weight in self._came)
        if demand > 0:
            self._level = sum(jobs for jobs, _ in self._came) / demand

    def jobs_on(self, day: int) -> float:
        """Return the jobs expected on a day of the history."""
        return self._level * self._demand_on(day)


def run_shifts(
    office: Office,
    node: str,
    *,
    forecast: Forecast,
    hours_per_job: float,
    start_hour: float,
    end_hour: float,
    utilisation: float,
    wage_per_hour: float,
    account: str,
    review_days: int,
    finite: bool,
    at_most: int | None = None,
) -> Generator[simpy.Event, Any, None]:
    """Staff a station day by day: open with those planned, close at the end of the shift, pay their hours.

    Parameters
    ----------
    office
        Where decisions are made.
    node
        Station of the flow network.
    forecast
        Jobs expected a day.
    hours_per_job
        Mean work on one job.
    start_hour, end_hour
        Shift.
    utilisation
        Busy share aimed at.
    wage_per_hour
        Pay for an hour on shift, busy or idle.
    account
        Account of the wages.
    review_days
        Days between two looks at the forecast's level.
    finite
        Whole persons who can be busy; otherwise work never waits, and only hours worked are paid (at the
        utilisation aimed at).
    at_most
        Most people who find room, where there is a limit.
    """
    shift = end_hour - start_hour
    seen = 0
    day = 0
    if not finite:
        office.flow.set_servers(node, ENDLESS_SERVERS)
    while True:
        yield office.timeout_until(day * 24.0 + start_hour)
        if day % review_days == 0:
            forecast.review()
        people = heads(forecast.jobs_on(day) * hours_per_job, shift, utilisation)
        people = people if at_most is None else min(people, at_most)
        if finite:
            office.flow.set_servers(node, people)
        yield office.timeout_until(day * 24.0 + end_hour)
        came = office.flow.reading(node, "count")
        if finite:
            office.flow.set_servers(node, 0)
            office.payroll.pay(account, hours=people * shift, rate=wage_per_hour)
        else:
            office.payroll.pay(account, hours=(came - seen) * hours_per_job / utilisation, rate=wage_per_hour)
        forecast.observe(day, came - seen)
        seen = came
        day += 1
