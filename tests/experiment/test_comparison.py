"""Comparisons: exactly nothing against itself, sums that add up, and words that do not overstate."""

from __future__ import annotations

import dataclasses
import json

import pytest

from sim.experiment import ExperimentError, Runner, compare
from sim.experiment.seeds import replication_seeds
from sim.experiment.statistics import NO_DIFFERENCE
from sim.report.compare import compare_page
from sim.report.page import markdown
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


PER_ORDER = {"cost_per_order", "contribution_per_order"}
IDLE_HOURS = 111


def without_orders(seeds=None, channels=("tmall", "stores")):
    """A planted world whose scenario of `IDLE_HOURS` sells nothing in some channels, with some seeds."""
    usual = planted.on(CURVE)

    def simulate(scenario, seed, **options):
        run = usual(scenario, seed, **options)
        if scenario.fulfilment.promise_hours != IDLE_HOURS or (seeds is not None and seed not in seeds):
            return run
        orders = {name: 0.0 if name in channels else count for name, count in run.orders_by_channel.items()}
        kpis = {
            name: value for name, value in run.kpis.items() if name not in PER_ORDER or sum(orders.values())
        }
        return dataclasses.replace(
            run, kpis={**kpis, "orders": sum(orders.values())}, orders_by_channel=orders
        )

    return simulate


@pytest.mark.parametrize(("idle", "said"), [((0, 1, 2), "3 of 3"), ((1,), "1 of 3")])
@pytest.mark.parametrize("turned", [False, True])
def test_where_nothing_is_sold_figures_per_order_do_not_apply(door, idle, said, turned):
    seeds = replication_seeds(1, 3)
    shut = door.with_values({"fulfilment.promise_hours": IDLE_HOURS}).renamed("shut")
    sides = (shut, door) if turned else (door, shut)
    with Runner(1, simulate=without_orders([seeds[number] for number in idle])) as runner:
        found = compare(*sides, replications=3, runner=runner)
    assert (found.waterfall, found.buckets()) == ((), ())
    assert found.headline == (
        f"Contribution per order is not applicable: shut has no orders in {said} replications, "
        "so figures per order and the waterfall are left out."
    )
    assert not PER_ORDER & found.difference.keys()
    change = found.difference["orders"].mean
    assert change > 0 if turned else change < 0
    written = found.as_dict()
    json.dumps(written, allow_nan=False)
    said_on_the_page = markdown(compare_page(written))
    assert found.headline in said_on_the_page
    assert "change of contribution" not in said_on_the_page


def test_a_channel_that_sells_nothing_has_no_waterfall_of_its_own(door):
    shut = door.with_values({"fulfilment.promise_hours": IDLE_HOURS}).renamed("shut")
    with Runner(1, simulate=without_orders(channels=("tmall",))) as runner:
        found = compare(door, shut, scope="tmall", runner=runner)
        assert compare(door, shut, scope="stores", runner=runner).waterfall
    assert found.waterfall == ()
    assert found.headline == (
        "Contribution per order in tmall is not applicable: shut has no orders in 5 of 5 replications, "
        "so the waterfall is left out."
    )
    assert found.difference.keys() >= PER_ORDER
