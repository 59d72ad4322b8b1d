"""Growth within a history, and sizes that stay as they were."""

from __future__ import annotations

import numpy as np
import pytest

from sim.growth import Growth
from sim.world import World, simulate
from tests.world.small import brief

STILL = {
    "horizon.days": 360,
    "mechanisms.seasonality": False,
    "mechanisms.repurchase": False,
    "mechanisms.promotion": False,
    "mechanisms.delivery_sensitivity": False,
}


def test_growth_ends_at_the_scenarios_own_demand() -> None:
    growth = Growth(months=12, volume=4)
    assert growth.factor(-3) == growth.factor(0) == pytest.approx(0.25)
    assert growth.factor(182.5) == pytest.approx(0.5)
    assert growth.factor(365) == growth.factor(1000) == pytest.approx(1.0)


def test_orders_grow_as_planned() -> None:
    scenario = brief(changes=STILL)
    steady = simulate(scenario, 3)
    growing = simulate(scenario, 3, growth=Growth(months=12, volume=4))
    share = np.mean([Growth(12, 4).factor(day) for day in np.arange(360) + 0.5])
    expected = steady.kpis["orders"] * share
    assert abs(growing.kpis["orders"] - expected) < 4 * np.sqrt(2 * expected)
    months = growing.months["orders"]
    assert months[10] > 2.5 * months[0]


def test_new_points_open_with_a_vacancy_and_the_hierarchy_grows() -> None:
    changes = STILL | {"market.places": 80, "pickup.community.points": 80, "mechanisms.marginal_sites": False}
    scenario = brief("community_pickup", changes)
    world = World(scenario, 4, growth=Growth(months=12, volume=4, opening=True))
    layer = world.layers["community"]
    world.run(until=24.0 * 20)
    assert layer.open_points == 20
    assert layer.pyramid.heads == (1,)
    world.live()
    assert 70 < layer.open_points <= 80
    assert layer.pyramid.heads == (4, 1)
    growing = simulate(scenario, 4, growth=Growth(months=12, volume=4, opening=True))
    steady = simulate(scenario, 4)
    assert growing.kpis["vacancy_share"] > steady.kpis["vacancy_share"]
    assert growing.accounts["pickup_sites"] < 0.75 * steady.accounts["pickup_sites"]
    assert growing.balance["orders_open"] == 0


def test_sizes_that_stay_are_overrun() -> None:
    small = brief(changes=STILL | {"horizon.days": 60})
    visits = small.market.sources.platform_search.visits_per_year
    large = small.with_values({"market.sources.platform_search.visits_per_year": visits * 6})
    adjusted, left = simulate(large, 5), simulate(large, 5, sized_for=small)
    assert left.accounts["picking_wages"] < adjusted.accounts["picking_wages"]
    assert left.kpis["cancelled_share"] > adjusted.kpis["cancelled_share"] == 0.0
    assert left.kpis["hours_to_hands"] > adjusted.kpis["hours_to_hands"]
