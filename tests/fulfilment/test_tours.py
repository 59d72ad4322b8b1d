"""Tours against optimal ones that were solved elsewhere, and what density does to the cost of a stop."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.scenario.schema import Fleet
from sim.scenario.tours import OUT_AND_BACK, cost_per_stop, day_of_vans, local_kilometres, tour_constant

FLEET = Fleet(
    share_of_places=1,
    place_area_km2=100,
    depot_km=5,
    road_factor=1.25,
    stop_minutes=4,
    speed_km_per_hour=25,
    shift_hours=9,
    driver_wage_per_hour=25,
    van_cost_per_day=80,
    van_cost_per_km=0.8,
)
OPTIMAL = {10: 0.909, 25: 0.842, 50: 0.804, 100: 0.774, 200: 0.754}
"""Mean length of the optimal tour over sqrt(n A) in a square (solved exactly, 95% half-width below 0.012)."""


@pytest.mark.parametrize(("points", "ratio"), OPTIMAL.items())
def test_tour_constant_meets_optimal_tours(points: int, ratio: float) -> None:
    assert tour_constant(np.array([points]))[0] == pytest.approx(ratio, rel=0.01)


def test_tour_constant_ends_in_the_constant_of_random_tours() -> None:
    assert tour_constant(np.array([1e10]))[0] == pytest.approx(0.7124, abs=1e-4)


def test_way_out_and_back_is_twice_the_mean_distance_from_the_middle_of_a_square() -> None:
    assert pytest.approx(2 * 0.3825979, abs=1e-4) == OUT_AND_BACK


def test_one_stop_costs_the_same_in_a_tour_and_alone() -> None:
    one = np.array([1.0])
    for dense, apart in zip(day_of_vans(FLEET, one, True), day_of_vans(FLEET, one, False), strict=True):
        assert dense == pytest.approx(apart)


def test_a_tour_is_never_longer_than_trips_out_and_back() -> None:
    stops = np.arange(0.0, 300.0)
    dense, apart = local_kilometres(stops, 50.0), local_kilometres(stops, 50.0, dense=False)
    assert (dense <= apart + 1e-12).all()
    assert (np.diff(dense) > 0).all()


def test_four_times_the_density_halves_the_way_between_stops() -> None:
    few, many = local_kilometres(np.array([2_500.0, 10_000.0]), 100.0)
    assert (many / 10_000) / (few / 2_500) == pytest.approx(0.5, rel=0.01)


def test_vans_fit_their_shift() -> None:
    stops = np.arange(1.0, 500.0)
    vans, kilometres = day_of_vans(FLEET, stops)
    hours = stops * FLEET.stop_minutes / 60 + kilometres / FLEET.speed_km_per_hour
    assert (hours <= vans * FLEET.shift_hours + 1e-6).all()
    assert (hours > (vans - 1) * FLEET.shift_hours - 2 * FLEET.depot_km * FLEET.road_factor / 25).all()


def test_cost_of_a_stop_by_hand() -> None:
    """Fifty stops: one van, 3.33 hours at doors and the rest on a tour of 51 points."""
    tour = 0.7124 * (1 + 0.87 / math.sqrt(51)) * math.sqrt(51 * 100) * 1.25
    kilometres = tour + 2 * 5 * 1.25
    vans = math.ceil((50 * 4 / 60 + tour / 25) / (9 - 12.5 / 25))
    by_hand = (vans * (9 * 25 + 80) + kilometres * 0.8) / 50
    assert cost_per_stop(FLEET, 50.0) == pytest.approx(by_hand)


def test_density_alone_makes_a_stop_cheaper() -> None:
    assert cost_per_stop(FLEET, 400.0) < cost_per_stop(FLEET, 100.0) < cost_per_stop(FLEET, 10.0)
    apart = [cost_per_stop(FLEET, stops, dense=False) for stops in (2_000.0, 20_000.0)]
    assert apart[1] == pytest.approx(apart[0], rel=0.02)
