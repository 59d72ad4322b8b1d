"""How many parcels are packed wrong: more on days when the crew is strained or hired for the day."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from sim.scenario.picking import error_rates, strained_share

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import simpy

    from sim.management.office import Office
    from sim.scenario.schema import PickingErrors, Warehouse

HOURS_PER_DAY = 24.0
REGULAR_CREW_DAYS = 28
"""The regular crew is the mean of this many days; people beyond it are temporary."""
NOTABLE_CHANGE = 0.02
"""Change of the rates, relative to themselves, from which the network is told."""


class ParcelsUnderWay:
    """Parcels between packing table and customer, with how many of them are wrong and short, well mixed."""

    def __init__(self) -> None:
        self.parcels = 0.0
        self.wrong = 0.0
        self.short = 0.0

    def add(self, parcels: float, rates: tuple[float, float]) -> None:
        """Send parcels on their way, of which these shares are wrong and short."""
        self.parcels += parcels
        self.wrong += parcels * rates[0]
        self.short += parcels * rates[1]

    def take(self, parcels: float) -> None:
        """Take parcels out that have arrived."""
        left = max(1.0 - parcels / self.parcels, 0.0) if self.parcels > 0 else 0.0
        self.parcels, self.wrong, self.short = self.parcels * left, self.wrong * left, self.short * left

    def rates(self) -> tuple[float, float] | None:
        """Return the shares of wrong and of short ones; None where nothing is under way."""
        return (self.wrong / self.parcels, self.short / self.parcels) if self.parcels > 0 else None


def watch_picking(
    office: Office,
    rules: PickingErrors,
    warehouse: Warehouse,
    hours_per_job: float,
    tell: Callable[[float, float], None],
) -> Generator[simpy.Event, Any, None]:
    """Follow the strain on packers day by day, and say what share of arriving parcels is wrong, and short.

    Parameters
    ----------
    office
        Where decisions are made.
    rules
        Rates of error.
    warehouse
        Shift of the packers.
    hours_per_job
        Mean work on one order.
    tell
        Takes the shares of wrong and of short parcels among those that arrive from now on.
    """
    start_hour, end_hour = warehouse.shift_start_hour, warehouse.shift_end_hour
    crews: deque[float] = deque(maxlen=REGULAR_CREW_DAYS)
    pool, told = ParcelsUnderWay(), error_rates(rules, 0.0)
    packed = arrived = 0.0
    day = 0
    while True:
        yield office.timeout_until(day * HOURS_PER_DAY + (start_hour + end_hour) / 2.0)
        people = office.flow.reading("pick_pack", "servers")
        crews.append(people)
        yield office.timeout_until(day * HOURS_PER_DAY + end_hour)
        total, out = office.flow.reading("pick_pack", "count"), office.flow.reading("delivered", "count")
        came, arrivals = total - packed, out - arrived
        packed, arrived = total, out
        regular = sum(crews) / len(crews)
        work = came * hours_per_job
        pool.add(came, error_rates(rules, strained_share(people, regular, work, end_hour - start_hour)))
        pool.take(arrivals)
        now = pool.rates() or error_rates(rules, 0.0)
        if any(abs(new - old) > NOTABLE_CHANGE * old for new, old in zip(now, told, strict=True)):
            tell(*now)
            told = now
        day += 1
