"""Worlds whose answer is known: nothing may rise where nothing can, and pickup must win where it must."""

from __future__ import annotations

import pytest

from sim.experiment import scenario_at
from sim.management.hierarchy import hierarchy
from sim.scenario import Scenario, load
from sim.world import simulate
from tests.world.small import brief

SHORT = {"horizon.days": 60, "horizon.warmup_days": 14}


def grown(scenario: Scenario, path: str, volume: float) -> Scenario:
    found = scenario_at(scenario, path, volume)
    return getattr(found, "scenario", found)


@pytest.mark.parametrize("volume", [2, 5, 10])
def test_flat_world_is_flat_from_three_hundred_to_three_thousand_points(volume: int) -> None:
    """Equal places, endless labour, whole intent: cost per parcel within 2%, managers as 1 / (span - 1)."""
    scenario = load("null_flat").with_values(SHORT)
    one, many = simulate(scenario, 3), simulate(grown(scenario, "replicate", volume), 3)
    assert many.kpis["points"] == volume * one.kpis["points"] == volume * 300
    assert many.kpis["layer_cost_per_parcel"] == pytest.approx(one.kpis["layer_cost_per_parcel"], rel=0.02)
    span = scenario.pickup.community.supervision.span
    # Rounding up adds less than one manager a level.
    spare = len(hierarchy(scenario, scenario.pickup.community, volume * 300).heads)
    exact = (many.kpis["points"] - 1) / (span - 1)
    assert exact - 1 <= many.kpis["managers"] <= exact + spare


def test_dense_world_beats_the_door() -> None:
    run = simulate(load("null_dense").with_values(SHORT), 3)
    assert run.kpis["layer_cost_per_parcel"] < run.kpis["door_last_mile_per_parcel"]


def closed_form(scenario: Scenario, own_per_day: float) -> float:
    """Cost per parcel of a community layer that is always staffed, by hand (yuan/parcel)."""
    layer, boss = scenario.pickup.community, scenario.pickup.community.supervision
    pyramid = hierarchy(scenario, layer, layer.points)
    daily = layer.attendant_hours_per_day * layer.attendant_wage_per_hour + layer.site_fee_per_day
    wages = sum(n * boss.wage_per_month * boss.level_wage_factor**i for i, n in enumerate(pyramid.heads))
    daily += wages / layer.points * 12 / 365
    others = layer.background_parcels_per_point_day
    loose = max(boss.uncontrolled_exception_rate, layer.exception_rate)
    wrong = layer.exception_rate * pyramid.survival + loose * (1 - pyramid.survival)
    each = layer.fee_per_parcel + wrong * layer.exception_cost
    return daily / (own_per_day + others) + each + layer.bulk_drop_cost


SETTLED = {
    "horizon.days": 120,
    "mechanisms.attrition": False,
    "mechanisms.absence": False,
    "mechanisms.shelf_limit": False,
    "mechanisms.seasonality": False,
    "mechanisms.marginal_sites": False,
    "pickup.community.uncollected_rate": 0.0,
    "fulfilment.courier.lost_rate": 0.0,
    "pickup.community.handover_minutes": 0.0,
}


@pytest.mark.parametrize("path", ["densify", "replicate", "expand", "fragment"])
def test_each_path_goes_where_the_closed_form_goes(path: str) -> None:
    """Sign and level along a path, whatever they are: nothing is tuned to a wanted answer."""
    scenario = brief("community_pickup", SETTLED | {"pickup.community.background_parcels_per_point_day": 2})
    levels = {}
    for volume in (1, 4):
        world = grown(scenario, path, volume)
        run = simulate(world, 6)
        own = run.kpis["parcels_per_point_day"]
        exact = closed_form(world, own)
        # Fees and exceptions of parcels under way at the end fall after the measured days, a pipeline of a
        # day's parcels in 120 days; what others pay follows their random number of parcels.
        parcels = run.kpis["points"] * 120 * (own + 2)
        assert run.kpis["layer_cost_per_parcel"] == pytest.approx(exact, rel=1 / 120 + 3 / parcels**0.5)
        levels[volume] = (run.kpis["layer_cost_per_parcel"], exact)
    simulated, expected = (levels[4][i] - levels[1][i] for i in (0, 1))
    assert simulated == pytest.approx(expected, abs=0.02 * levels[1][1] + 0.05 * abs(expected))


def test_all_prices_times_ten_change_no_slope() -> None:
    """Money has no natural unit: ten times every price is ten times every cost."""
    scenario = brief("community_pickup", {"horizon.days": 60})
    dearer = scenario.with_values(
        {
            entry.path: entry.value * 10
            for entry in scenario.entries()
            if (entry.unit or "").startswith("yuan")
            and isinstance(entry.value, int | float)
            and not entry.path.endswith(".cv")
        }
    )
    for volume in (1, 4):
        plain, times_ten = (simulate(grown(s, "replicate", volume), 2) for s in (scenario, dearer))
        for kpi in (
            "layer_cost_per_parcel",
            "cost_per_order",
            "contribution_per_order",
            "door_last_mile_per_parcel",
        ):
            # Every key of the books rounds to whole fen by half a fen at most, here tenfold.
            rounding = 10 * 0.005 * len(plain.ledger.entries) / plain.kpis["layer_parcels"]
            assert times_ten.kpis[kpi] == pytest.approx(10 * plain.kpis[kpi], abs=rounding)
            assert rounding < 0.01 * times_ten.kpis["layer_cost_per_parcel"]
        assert times_ten.kpis["orders"] == plain.kpis["orders"]
        assert times_ten.kpis["layer_parcels"] == plain.kpis["layer_parcels"]
