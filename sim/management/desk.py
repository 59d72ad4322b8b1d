"""Calls to the service desk about parcels that are late, were not handed over, or never come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.management.draws import poisson_number
from sim.scenario.contacts import calls_per_event, late_share

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from sim.management.office import Office

HOURS_PER_DAY = 24.0
COUNTED_AT = {"failed": "failed_trip", "missing": "lost"}


class Desk:
    """Calls caused on the way, which come besides the parcel's own way through the network.

    Every midnight the day's failed trips and lost parcels are counted; those who call do so on the next day.
    How many parcels of the day arrived late follows from how long they took on average
    (:func:`sim.scenario.contacts.late_share`): the network tells the mean age at delivery, not each one.

    Parameters
    ----------
    office
        Where decisions are made.
    job_classes
        Entity class of each cause's calls.
    source
        Node at which calls come in.

    Attributes
    ----------
    calls
        Calls by cause and period.
    """

    def __init__(self, office: Office, job_classes: dict[str, str], source: str) -> None:
        self.office = office
        self.rates = calls_per_event(office.scenario)
        # Only causes that can bring calls have a class in the network.
        self._codes = {cause: office.flow.plan.class_code[job_classes[cause]] for cause in self.rates}
        self.source = source
        self.calls: dict[str, dict[int, int]] = {cause: {} for cause in self.rates}
        self._seen: dict[str, float] = {}

    def run(self) -> Generator[simpy.Event, Any, None]:
        """Hand the calls of each day to the agents."""
        day = 0
        while True:
            yield self.office.timeout_until((day + 1) * HOURS_PER_DAY)
            self._call({cause: rate * self._events(cause) for cause, rate in self.rates.items()}, day)
            day += 1

    def _events(self, cause: str) -> float:
        if cause != "late":
            return self._new(COUNTED_AT[cause], "count")
        hours, parcels = self._new("delivered", "total_age"), self._new("delivered", "aged")
        return parcels * late_share(self.office.scenario, hours / parcels) if parcels > 0 else 0.0

    def _new(self, node: str, what: str) -> float:
        """Return how far a reading has grown since it was last looked at."""
        key = f"{node} {what}"
        reading = self.office.flow.reading(node, what)
        before = self._seen.get(key, 0.0)
        self._seen[key] = reading
        # Ages are counted anew when measuring starts.
        return reading - before if reading >= before else reading

    def _call(self, means: dict[str, float], day: int) -> None:
        """Let those call who do so on a day, as many as the means by cause make likely."""
        office, period = self.office, self.office.period
        moments: list[np.ndarray] = []
        classes: list[np.ndarray] = []
        for cause, mean in means.items():
            number = poisson_number(office.luck(f"calls {cause}", day), mean) if mean > 0 else 0
            if number == 0:
                continue
            self.calls[cause][period] = self.calls[cause].get(period, 0) + number
            of_cause = office.luck_of_each(f"calls {cause} moment", day, number)
            of_cause.sort()
            moments.append(of_cause)
            classes.append(np.full(number, self._codes[cause]))
        if moments:
            times = office.now + HOURS_PER_DAY * np.concatenate(moments)
            office.flow.hand_in(self.source, times, classes=np.concatenate(classes))
