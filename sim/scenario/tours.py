"""Length of a van's tour, and how many vans a day's stops need.

The shortest tour through ``n`` random points of an area ``A`` tends to ``0.7124 sqrt(n A)`` (Beardwood,
Halton and Hammersley 1959; constant of Percus and Martin 1996). With few points the edge of the area adds to
it: a factor of ``1 + 0.87 / sqrt(n)`` meets the mean of optimal tours in a square within 1% from 10 to 200
points (0.909, 0.842, 0.804, 0.774 and 0.754 at 10, 25, 50, 100 and 200). How tours make delivery cheaper with
density is the continuous approximation of Daganzo (1984). Nothing here is a power of volume that somebody
chose: the square root is geometry.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.scenario.schema import Fleet

TOUR_CONSTANT = 0.7124
EDGE_EFFECT = 0.87
OUT_AND_BACK = 0.7652
"""Mean way from the middle of a unit square to a random point of it and back: 2 x 0.3826."""
MINUTES_PER_HOUR = 60.0


def tour_constant(points: np.ndarray) -> np.ndarray:
    """Return ``k(n)``: the mean length of the shortest tour relative to ``sqrt(n A)``.

    Examples
    --------
    >>> [round(float(k), 3) for k in tour_constant(np.array([10.0, 100.0, 1e8]))]
    [0.908, 0.774, 0.712]
    """
    return np.asarray(TOUR_CONSTANT * (1.0 + EDGE_EFFECT / np.sqrt(points)))


def local_kilometres(stops: np.ndarray, area_km2: float, dense: bool = True) -> np.ndarray:
    """Return the way within a place through its stops, from its middle and back to it, in straight lines.

    Parameters
    ----------
    stops
        Stops of a day, by place.
    area_km2
        Area of one place.
    dense
        Whether stops are joined to tours; if not, every stop is a trip out and back.

    Returns
    -------
    numpy.ndarray
        Kilometres. A tour is never longer than trips out and back, so one stop costs the same either way.

    Examples
    --------
    >>> local_kilometres(np.array([0.0, 1.0, 99.0]), 1.0).round(2).tolist()
    [0.0, 0.77, 7.74]
    """
    apart = OUT_AND_BACK * math.sqrt(area_km2) * stops
    if not dense:
        return np.asarray(apart)
    points = stops + 1.0
    return np.asarray(np.minimum(apart, tour_constant(points) * np.sqrt(points * area_km2)))


def day_of_vans(fleet: Fleet, stops: np.ndarray, dense: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Return the whole vans that a day's stops need in each place, and the kilometres they drive.

    Every van drives to its place and back (``2 x depot``), so what is left of its shift is for stops:
    ``vans = ceil((n t + L / v) / (shift - 2 depot / v))`` with ``L`` the local way, ``t`` the time at a stop
    and ``v`` the speed; distances on the road. With ``dense`` off every stop is a trip of its own from the
    depot and back.

    Parameters
    ----------
    fleet
        Vans and places.
    stops
        Stops of the day, shape (places,).
    dense
        Whether stops are joined to tours (``mechanisms.tour_density``).
    """
    hours_at_stops = stops * fleet.stop_minutes / MINUTES_PER_HOUR
    local = local_kilometres(stops, fleet.place_area_km2, dense) * fleet.road_factor
    there_and_back = 2.0 * fleet.depot_km * fleet.road_factor
    speed = fleet.speed_km_per_hour
    if dense:
        free = fleet.shift_hours - there_and_back / speed
        vans = np.ceil((hours_at_stops + local / speed) / free - 1e-9)
        return vans, local + vans * there_and_back
    driven = local + stops * there_and_back
    return np.ceil((hours_at_stops + driven / speed) / fleet.shift_hours - 1e-9), driven


def cost_per_stop(fleet: Fleet, stops_per_place_day: float, dense: bool = True) -> float:
    """Return what one stop costs where every day brings so many stops to a place (yuan/stop).

    Wages and vans are paid by whole vans, so the cost falls in steps.
    """
    vans, kilometres = day_of_vans(fleet, np.array([stops_per_place_day]), dense)
    per_van = fleet.shift_hours * fleet.driver_wage_per_hour + fleet.van_cost_per_day
    return float(vans[0] * per_van + kilometres[0] * fleet.van_cost_per_km) / stops_per_place_day
