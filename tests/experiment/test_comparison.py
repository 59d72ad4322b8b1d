"""Comparisons: exactly nothing against itself, sums that add up, and words that do not overstate."""

from __future__ import annotations

import pytest

from sim.experiment import ExperimentError, Runner, compare
from sim.experiment.statistics import NO_DIFFERENCE
from tests.experiment import planted

CURVE = planted.Curve(fixed=1e5, unit=20.0)


@pytest.fixture
def runner():
    with Runner(1, simulate=planted.on(CURVE)) as found:
        yield found


def test_a_scenario_differs_from_itself_by_exactly_zero(door, runner):
    found = compare(door, door, runner=runner)
    assert all((value.mean, value.low, value.high) == (0.0, 0.0, 0.0) for value in found.difference.values())
    assert all(step.yuan_per_order.mean == 0.0 for step in found.waterfall)
    assert found.headline.endswith("door_only against door_only: exactly equal.")


def test_the_waterfall_adds_up_to_the_change_of_contribution_per_order(door, community, runner):
    found = compare(door, community, runner=runner)
    change = found.difference["contribution_per_order"].mean
    assert sum(step.yuan_per_order.mean for step in found.waterfall) == pytest.approx(change, abs=1e-9)
    assert sum(step.yuan_per_order.mean for step in found.buckets()) == pytest.approx(change, abs=1e-9)
    # The planted layer costs the curve's 30 yuan on a quarter of the orders.
    assert change == pytest.approx(-planted.LAYER_SHARE * CURVE.average(10_000.0), rel=0.03)
    groups = {step.account: step.group for step in found.waterfall}
    assert groups["pickup_sites"] == "pickup"


def test_a_small_true_difference_shows_because_luck_is_shared(door):
    # Half a percent more cost under luck of 10%: invisible unpaired, clear when paired.
    dearer = door.with_values({"market.sources.platform_search.visits_per_year":
                               door.market.sources.platform_search.visits_per_year * 0.99})  # fmt: skip
    with Runner(1, simulate=planted.on(CURVE, common=0.10, own=0.0)) as runner:
        found = compare(door, dearer, replications=10, runner=runner)
    change = found.difference["cost_per_order"]
    assert change.is_above(0.0)
    assert not (found.b["cost_per_order"].low > found.a["cost_per_order"].high)
    assert found.pairing["cost_per_order"].variance_ratio < 0.2
    assert found.pairing["cost_per_order"].correlation > 0.99


def test_a_difference_within_chance_is_called_that(door):
    other = door.with_values({"fulfilment.promise_hours": 110})
    with Runner(1, simulate=planted.on(CURVE, own=0.05)) as runner:
        found = compare(door, other, replications=4, runner=runner)
    assert not found.difference["contribution_per_order"].is_detectable()
    assert NO_DIFFERENCE in found.headline


def test_json_has_the_agreed_keys(door, community, runner):
    found = compare(door, community, runner=runner).as_dict()
    assert {"a", "b", "difference", "waterfall"} <= found.keys()
    assert set(found["difference"]["orders"]) == {"mean", "low", "high", "unit", "n"}
    assert {"account", "yuan_per_order"} <= found["waterfall"][0].keys()
    assert found["a"]["scenario"] == "door_only"


def test_one_channel_alone(door, community, runner):
    found = compare(door, community, scope="tmall", runner=runner)
    brand = compare(door, community, runner=runner)
    # The planted channels are halves of the brand, in cost and in orders.
    assert found.headline.replace(" in tmall", "") == brand.headline
    with pytest.raises(ExperimentError, match="unknown scope of a comparison 'outlet'"):
        compare(door, community, scope="outlet", runner=runner)


def test_a_launch_year_is_not_compared_with_a_mature_one(door, runner):
    launch = door.with_values({"horizon.start": "launch"})
    with pytest.raises(ExperimentError, match="cannot mix years that start launch and mature"):
        compare(door, launch, runner=runner)
