"""How long goods lie, and what they lose meanwhile."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from sim.management.office import Office
    from sim.management.replenishment import Item
    from sim.scenario.schema import Products

DAYS_PER_YEAR = 365.0
HOURS_PER_DAY = 24.0


class StockRecord:
    """Goods on hand at the end of every measured day, first in, first out.

    Parameters
    ----------
    periods
        Number of measured periods.
    opening
        Units on hand at the start of the history; they count as new then.
    markdown_after_days
        Age at which units are marked down; none: never.

    Attributes
    ----------
    opening
        Units on hand at the start of the history.
    unit_days
        Sum of units on hand over days, by period.
    days, empty_days
        Measured days, and those that ended with nothing on hand.
    aged_units
        Units that reached the age of a markdown, by period.
    received
        Units received, by period.
    """

    def __init__(self, periods: int, opening: int, markdown_after_days: float | None) -> None:
        self.opening = opening
        self._batches: deque[list[float]] = deque([[0.0, float(opening), 0.0]])  # hour, units, marked down
        self._markdown_after = markdown_after_days
        self._level = float(opening)
        self._deliveries_seen = 0
        self.unit_days = [0.0] * periods
        self.aged_units = [0.0] * periods
        self.received = [0.0] * periods
        self.days = self.empty_days = 0

    def note(self, now: float, level: float, deliveries: list[tuple[float, int]], period: int) -> None:
        """Note the end of a day.

        Parameters
        ----------
        now
            Hours since the start of the history.
        level
            Units on hand.
        deliveries
            Moment and units of every delivery so far.
        period
            Month that ends now or is under way; days of a negative one are not measured.
        """
        arrived = deliveries[self._deliveries_seen :]
        self._deliveries_seen = len(deliveries)
        self._batches.extend([hour, float(units), 0.0] for hour, units in arrived)
        new = float(sum(units for _, units in arrived))
        self._take(self._level + new - level)
        self._level = level
        aged = self._age(now)
        if 0 <= period < len(self.unit_days):
            self.days += 1
            self.empty_days += level <= 0
            self.unit_days[period] += level
            self.aged_units[period] += aged
            self.received[period] += new

    def _take(self, units: float) -> None:
        """Take the oldest units out."""
        while units > 0 and self._batches:
            oldest = self._batches[0]
            taken = min(oldest[1], units)
            oldest[1] -= taken
            units -= taken
            if oldest[1] <= 0:
                self._batches.popleft()

    def _age(self, now: float) -> float:
        """Return the units that have become too old since the last look."""
        if self._markdown_after is None:
            return 0.0
        aged = 0.0
        for batch in self._batches:
            if now - batch[0] < self._markdown_after * HOURS_PER_DAY:
                break
            if not batch[2]:
                batch[2] = 1.0
                aged += batch[1]
        return aged

    @property
    def mean_units(self) -> float:
        """Units on hand on an average measured day."""
        return sum(self.unit_days) / self.days if self.days else 0.0

    def price_loss(self, products: Products) -> list[float]:
        """Return what falling prices took from goods on hand, in units' worth by period.

        Prices that fall by the share ``d`` a year fall by ``1 - (1 - d)^(1/365)`` a day.
        """
        daily = 1.0 - (1.0 - products.price_decline_per_year) ** (1.0 / DAYS_PER_YEAR)
        return [units * daily for units in self.unit_days]


def watch_stock(office: Office, item: Item, record: StockRecord) -> Generator[simpy.Event, Any, None]:
    """Note what is on hand at the end of every day."""
    while True:
        yield office.timeout(HOURS_PER_DAY)
        level = float(office.flow.reading(item.node, "level"))
        record.note(office.now, level, item.deliveries, office.period if office.measuring else -1)
