"""Own vans in a running world: which places, how many stops, who is paid."""

from __future__ import annotations

import numpy as np
import pytest

from sim.management.fleet import served_places
from sim.scenario import Scenario, ScenarioError, load
from sim.world import World, simulate
from tests.world.limits.fulfilment import WORLD
from tests.world.small import brief

RULES = WORLD[1]["fulfilment.fleet"]


def with_vans(**changes: float) -> Scenario:
    return brief("door_only", {"fulfilment.fleet": {**RULES, **changes}})  # type: ignore[dict-item]


def test_the_places_that_order_most_are_served_first() -> None:
    fleet = with_vans(share_of_places=0.5).fulfilment.fleet
    assert fleet is not None
    assert served_places(fleet, np.array([0.1, 0.4, 0.2, 0.3])).tolist() == [0.4, 0.3]


def test_vans_that_serve_no_place_change_nothing() -> None:
    none, courier = simulate(with_vans(share_of_places=0.0), 3), simulate(brief("door_only"), 3)
    assert none.ledger == courier.ledger
    assert none.kpis == courier.kpis


def test_every_trip_to_the_door_is_a_stop_where_vans_serve_all() -> None:
    world = World(with_vans(share_of_places=1.0), 3)
    world.live()
    assert world.fleet is not None
    trips = sum(world.flow.totals(node).sum() for node in ("door_trip", "failed_trip"))
    assert world.fleet.share == pytest.approx(1.0)
    # Stops are those of the measured days; what is under way at their end is driven later.
    assert world.fleet.stops == pytest.approx(trips, rel=0.15)
    assert world.fleet.stops < trips


def test_the_courier_is_paid_as_far_as_the_city_where_vans_serve_all() -> None:
    run = simulate(with_vans(share_of_places=1.0), 3)
    assert abs(run.accounts.get("last_mile", 0.0)) < 0.01
    assert run.accounts["line_haul"] == pytest.approx(simulate(brief("door_only"), 3).accounts["line_haul"])


def test_density_alone_decides() -> None:
    """The same orders in fewer places: fewer kilometres and vans, without a price that knows of volume."""
    few = simulate(with_vans(share_of_places=1.0).with_values({"market.places": 5}), 3)
    many = simulate(with_vans(share_of_places=1.0).with_values({"market.places": 60}), 3)
    assert few.kpis["fleet_cost_per_stop"] < 0.5 * many.kpis["fleet_cost_per_stop"]
    assert few.kpis["stops_per_van_day"] > many.kpis["stops_per_van_day"]


def test_a_shift_too_short_for_the_way_is_refused() -> None:
    with pytest.raises(ScenarioError, match="too short for the way"):
        with_vans(depot_km=100, shift_hours=8)


def test_shipped_vans_pay_from_some_density_on() -> None:
    """The story of the shipped scenario: dear at the brand's own density, far cheaper at a courier's."""
    from sim.scenario.tours import cost_per_stop

    fleet = load("own_fleet").fulfilment.fleet
    assert fleet is not None
    assert cost_per_stop(fleet, 40.0) > 8.0
    assert cost_per_stop(fleet, 5_000.0) < 0.25 * cost_per_stop(fleet, 40.0)
