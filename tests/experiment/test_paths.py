"""Growth paths: what each of them moves, what it leaves alone, and where it ends."""

from __future__ import annotations

import pytest

from sim.experiment import PATHS, ExperimentError, scenario_at
from sim.experiment.paths import why_not
from sim.market import expected_orders
from sim.market.places import cumulative_share
from sim.scenario import load
from sim.scenario.schema import Sources
from sim.scenario.segments import ONLINE_CHANNELS, points_of

DEMAND = (
    "visits_per_year",
    "inventory_visits_per_year",
    "tmall_orders_per_day",
    "vertical_orders_per_day",
)


@pytest.fixture(scope="module")
def brand():
    return load("community_pickup")


def moved(before, after):
    """Last words of the paths whose value differs."""
    old = {entry.path: entry.value for entry in before.entries()}
    return {entry.path for entry in after.entries() if old[entry.path] != entry.value}


def paid(scenario):
    """Sources that sell visits."""
    named = {name: getattr(scenario.market.sources, name) for name in Sources.model_fields}
    return [name for name, source in named.items() if source and (source.cost_per_visit or source.auction)]


def last_words(paths):
    return {path.rsplit(".", maxsplit=1)[-1] for path in paths}


@pytest.mark.parametrize("path", PATHS)
def test_volume_one_is_the_scenario_itself(brand, path):
    rung = scenario_at(brand, path, 1.0)
    assert rung.scenario.hash == brand.hash
    assert rung.volume == 1.0


@pytest.mark.parametrize("volume", [0.5, 2.0])
def test_densify_moves_demand_in_the_same_places(brand, volume):
    found = scenario_at(brand, "densify", volume).scenario
    assert last_words(moved(brand, found)) == set(DEMAND)
    assert expected_orders(found) / expected_orders(brand) == pytest.approx(volume, rel=0.01)
    assert (found.market.places, found.pickup.community.points) == (
        brand.market.places,
        brand.pickup.community.points,
    )


@pytest.mark.parametrize("volume", [0.5, 2.0, 4.0])
def test_replicate_multiplies_places_points_stores_and_demand(brand, volume):
    found = scenario_at(brand, "replicate", volume).scenario
    assert found.market.places == brand.market.places * volume
    assert found.market.potential_places == brand.market.potential_places * volume
    assert found.pickup.community.points == brand.pickup.community.points * volume
    assert found.channels.stores.count == max(1, round(brand.channels.stores.count * volume))
    assert expected_orders(found) / expected_orders(brand) == pytest.approx(volume, rel=1e-9)


def test_replicate_reports_the_volume_that_whole_places_allow(brand):
    small = brand.with_values({"market.places": 3})
    rung = scenario_at(small, "replicate", 0.5)
    assert rung.volume == pytest.approx(2 / 3)
    assert expected_orders(rung.scenario) / expected_orders(small) == pytest.approx(2 / 3, rel=0.05)


def test_expand_opens_the_best_places_first_and_finds_them_thinner(brand):
    market = brand.market
    found = scenario_at(brand, "expand", 4.0).scenario
    cv, potential = market.place_density_cv, market.potential_places
    ratio = cumulative_share(cv, potential, 4 * market.places) / cumulative_share(
        cv, potential, market.places
    )
    assert 1.0 < ratio < 4.0
    visits = "market.sources.platform_search.visits_per_year"
    assert found.value(visits) / brand.value(visits) == pytest.approx(ratio)
    assert (found.market.places, found.market.potential_places) == (4 * market.places, potential)
    alike = brand.with_values({"mechanisms.marginal_sites": False})
    assert scenario_at(alike, "expand", 4.0).scenario.value(visits) == pytest.approx(4 * brand.value(visits))


def test_expand_ends_where_the_places_end(brand):
    rung = scenario_at(brand, "expand", 11.0)
    assert not rung.reachable
    assert rung.reason == f"{11 * brand.market.places} places are needed, but there are only 400"


def test_fragment_moves_points_alone_and_counts_them(brand):
    rung = scenario_at(brand, "fragment", 2.0)
    assert moved(brand, rung.scenario) == {"pickup.community.points"}
    assert rung.size == 2 * brand.pickup.community.points


@pytest.mark.parametrize("volume", [1.2, 2.0])
def test_bought_traffic_meets_the_target(brand, volume):
    found = scenario_at(brand, "buy_traffic", volume).scenario
    assert expected_orders(found) / expected_orders(brand) == pytest.approx(volume, rel=1e-8)
    assert moved(brand, found) == {f"market.sources.{name}.visits_per_year" for name in paid(brand)}


def test_bought_traffic_ends_with_the_visits_on_sale_or_with_none_left_to_drop(brand):
    assert "visits that platform_ads has on sale" in scenario_at(brand, "buy_traffic", 4.0).reason
    assert scenario_at(brand, "buy_traffic", 0.5).reason.startswith("without any bought visit")


@pytest.mark.parametrize("volume", [0.5, 2.0])
def test_cut_price_meets_the_target(brand, volume):
    found = scenario_at(brand, "cut_price", volume).scenario
    assert expected_orders(found) / expected_orders(brand) == pytest.approx(volume, rel=1e-8)
    shops = [name for name in ONLINE_CHANNELS if getattr(brand.channels, name) is not None]
    assert moved(brand, found) == {f"channels.{name}.price_index" for name in shops}
    assert (found.channels.tmall.price_index < 1.0) == (volume > 1.0)


def test_a_price_cut_ends_where_hardly_anyone_is_left_to_persuade(brand):
    dull = brand.with_values({"market.price_elasticity": -0.1})
    assert scenario_at(dull, "cut_price", 4.0).reason.startswith("even at 5% of the price")


def test_peak_concentrates_the_same_year(brand):
    rung = scenario_at(brand, "peak", 2.0)
    assert moved(brand, rung.scenario) == {"market.peak.share"}
    assert rung.size == pytest.approx(2 * brand.market.peak.share / (brand.market.peak.days / 365))
    assert "at most 90%" in scenario_at(brand, "peak", 40.0).reason


@pytest.mark.parametrize(
    ("path", "changes", "reason"),
    [
        ("fragment", {"pickup.community": None}, "no pickup layer"),
        ("peak", {"mechanisms.seasonality": False}, "seasonality is off"),
        ("cut_price", {"market.price_elasticity": 0.0}, "price moves no orders"),
        ("buy_traffic", {}, "no source sells visits"),
    ],
)
def test_a_path_that_moves_nothing_says_so(brand, path, changes, reason):
    unpaid = {f"market.sources.{name}": None for name in paid(brand)} if path == "buy_traffic" else {}
    scenario = brand.with_values(changes | unpaid)
    assert reason in why_not(scenario, path)
    with pytest.raises(ExperimentError, match=reason):
        scenario_at(scenario, path, 2.0)


def test_wrong_words_and_volumes_are_refused(brand):
    with pytest.raises(ExperimentError, match=r"unknown growth path 'densfy'.*did you mean densify\?"):
        scenario_at(brand, "densfy", 2.0)
    with pytest.raises(ExperimentError, match="above 0"):
        scenario_at(brand, "densify", 0.0)


def test_points_in_stores_follow_the_stores():
    scenario = load("store_pickup")
    count = scenario.channels.stores.count
    assert points_of(scenario, "store") == count
    double = scenario_at(scenario, "replicate", 2.0).scenario
    assert points_of(double, "store") == double.channels.stores.count == 2 * count
    few = scenario.with_values({"pickup.store.points": 5})
    assert points_of(few, "store") == 5
    assert points_of(scenario_at(few, "replicate", 2.0).scenario, "store") == 10
    assert "a store is more than a point" in why_not(scenario, "fragment")


@pytest.mark.parametrize(
    ("name", "layer"), [("lockers", "locker"), ("stations", "station"), ("group_leaders", "leader")]
)
def test_every_layer_that_stands_by_itself_can_be_split_up(name, layer):
    scenario = load(name)
    points = points_of(scenario, layer)
    rung = scenario_at(scenario, "fragment", 2.0)
    assert rung.size == points_of(rung.scenario, layer) == 2 * points
