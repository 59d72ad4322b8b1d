"""Own vans on the last mile: what a day's stops in each place need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario.tours import day_of_vans

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from sim.management.office import Office
    from sim.scenario.schema import Fleet

HOURS_PER_DAY = 24.0


def served_places(fleet: Fleet, place_shares: np.ndarray) -> np.ndarray:
    """Return the shares of demand of the places that the vans serve, the largest first."""
    ordered = np.sort(place_shares)[::-1]
    return np.asarray(ordered[: round(fleet.share_of_places * ordered.size)])


class VanFleet:
    """Vans that serve some places; the courier serves the others.

    Every midnight the day's trips to the door, second ones included, are spread over the places in proportion
    to who lives there (systematic sampling: whole stops that add up). Drivers and vans are paid by whole
    shifts, so what a stop costs falls as more of them lie in one place on one day, and for no other reason.

    Parameters
    ----------
    office
        Where decisions are made.
    fleet
        Vans and places.
    place_shares
        Share of demand of every place.
    door
        Codes of the classes that go to the door by themselves; parcels sent on by a point are the courier's.

    Attributes
    ----------
    share
        Share of parcels to the door that the vans bring.
    stops, van_days
        Measured so far.
    """

    def __init__(self, office: Office, fleet: Fleet, place_shares: np.ndarray, door: np.ndarray) -> None:
        self.office = office
        self.fleet = fleet
        self.places = served_places(fleet, place_shares)
        self.share = float(self.places.sum())
        self.stops = 0.0
        self.van_days = 0.0
        self._door = door
        self._seen = 0

    def run(self) -> Generator[simpy.Event, Any, None]:
        """Pay for the vans of each day."""
        day = 0
        while True:
            yield self.office.timeout_until((day + 1) * HOURS_PER_DAY)
            trips = self._trips()
            if trips and self.places.size:
                self._drive(self._stops(trips, day))
            day += 1

    def _trips(self) -> int:
        flow = self.office.flow
        total = sum(int(flow.totals(node)[self._door].sum()) for node in ("door_trip", "failed_trip"))
        new, self._seen = total - self._seen, total
        # Counts begin anew when measuring starts.
        return new if new >= 0 else total

    def _stops(self, trips: int, day: int) -> np.ndarray:
        ends = np.concatenate([[0.0], np.cumsum(self.places)]) * trips
        return np.diff(np.floor(ends + self.office.luck("fleet stops", day)))

    def _drive(self, stops: np.ndarray) -> None:
        office, fleet = self.office, self.fleet
        vans, kilometres = day_of_vans(fleet, stops, office.scenario.mechanisms.tour_density)
        count = float(vans.sum())
        if office.measuring:
            self.stops += float(stops.sum())
            self.van_days += count
        office.payroll.pay("fleet_drivers", hours=count * fleet.shift_hours, rate=fleet.driver_wage_per_hour)
        office.payroll.pay("fleet_vans", hours=count, rate=fleet.van_cost_per_day)
        office.payroll.pay("fleet_kilometres", hours=float(kilometres.sum()), rate=fleet.van_cost_per_km)
