"""The study of scale end to end on planted worlds: curves, levels, causes, other worlds, words and JSON."""

from __future__ import annotations

import json
import math

import pytest

from sim.experiment import PATHS, ExperimentError, Runner, scale
from sim.experiment.headline import EQUAL_SERVICE
from sim.experiment.scale_result import ScalePaths
from sim.scenario import load
from tests.experiment import planted

FALLING = planted.Curve(fixed=1e5, unit=20.0)
TURNING = planted.Curve(fixed=200_000.0, unit=5.0, growing=5e-4)
VOLUMES = (0.5, 1.0, 2.0, 4.0)
QUICK = {"path": "densify", "causes": False, "worlds": 0}


def on(curve, **luck):
    return Runner(1, simulate=planted.on(curve, **luck))


def test_average_marginal_and_elasticity_are_those_that_were_planted(door):
    with on(FALLING, common=0.0, own=0.0) as runner:
        found = scale(door, **QUICK, runner=runner)
    assert [step.orders.mean for step in found.steps] == pytest.approx([10_000 * v for v in VOLUMES])
    for step, volume in zip(found.steps, VOLUMES, strict=True):
        assert step.average_cost.mean == pytest.approx(planted.GOODS + FALLING.average(10_000 * volume))
        assert step.contribution.mean == pytest.approx(planted.RECEIPTS - step.average_cost.mean)
        assert sum(value.mean for value in step.by_bucket.values()) == pytest.approx(step.average_cost.mean)
    # Fixed cost spread thinner: the average falls, the marginal cost is flat and below it.
    assert found.steps[0].marginal_cost is None
    assert [step.marginal_cost.mean for step in found.steps[1:]] == pytest.approx([planted.GOODS + 20.0] * 3)
    whole = planted.Curve(fixed=1e5, unit=20.0 + planted.GOODS)
    assert found.elasticity.mean == pytest.approx(whole.elasticity(5_000, 40_000))
    assert (found.verdict, found.metric, found.against) == ("scalable", "cost_per_order", "")


def test_all_metrics_of_a_layer_are_reported_and_agree_in_direction(community):
    with on(FALLING) as runner:
        found = scale(community, **QUICK, runner=runner)
    assert found.metric == "layer_cost_per_parcel"
    assert list(found.metrics) == ["layer_cost_per_parcel", "cost_per_order", "contribution_per_order"]
    assert {one.curve.verdict for one in found.metrics.values()} == {"scalable"}
    profit = found.metrics["contribution_per_order"].average
    assert profit[0].mean < profit[-1].mean
    for step, value in zip(found.steps, profit, strict=True):
        assert step.contribution.mean == value.mean


def test_the_level_is_compared_with_the_door_at_every_volume(community):
    with on(FALLING, common=0.0, own=0.0) as runner:
        found = scale(community, **QUICK, runner=runner)
    # Orders are the same with and without the layer, so the extra cost is all of the layer's.
    for step, volume in zip(found.steps, VOLUMES, strict=True):
        assert step.incremental_cost.mean == pytest.approx(FALLING.average(10_000 * volume))
    assert found.against == "door"
    assert "but stays 22.50 to 40.00 yuan per parcel above the door at every volume tried" in found.headline
    assert "at equal service" in found.headline


def test_the_luck_of_baskets_is_no_cost_of_the_layer(community):
    def lucky(scenario, seed, **_):
        orders = planted.size_of(scenario)
        layer = {"pickup_sites": 4.0} if scenario.pickup.community else None
        own = int(scenario.hash[:6], 16) % 7
        parts = {"goods": 50.0 + own, "last_mile": 1.1, "breakage_loss": 0.0 if layer is None else 0.5}
        return planted.run_of(scenario, seed, orders, parts, layer)

    with Runner(1, simulate=lucky) as runner:
        found = scale(community, **QUICK, runner=runner)
    # Half a yuan of breakage on every order is two yuan on every fourth.
    assert [step.incremental_cost.mean for step in found.steps] == pytest.approx([6.0] * 4)


def test_turning_point_is_found_in_at_least_95_of_100_seeds(door):
    # A planted minimum at 20,000 orders; goods are a constant on top and do not move it.
    hits = 0
    with on(TURNING, common=0.02, own=0.002) as runner:
        for seed in range(100):
            turn = scale(door, **QUICK, seed=seed, runner=runner).turning_point
            hits += turn is not None and turn.low <= TURNING.lowest() <= turn.high
    assert TURNING.lowest() == pytest.approx(20_000)
    assert hits >= 95


def test_three_noisy_runs_mostly_cannot_tell(door):
    """One scenario's luck proves nothing: of many seeds most leave it open, and none says that it rises."""
    with on(TURNING, own=0.2) as runner:
        found = [scale(door, **QUICK, replications=3, seed=seed, runner=runner) for seed in range(60)]
    open_ones = [one for one in found if one.verdict == "cannot_tell"]
    assert len(open_ones) > len(found) / 2
    assert all("cannot tell with 3 replications" in one.headline for one in open_ones)
    assert {one.verdict for one in found} <= {"cannot_tell", "scalable", "stops_scaling"}


@pytest.mark.parametrize(
    ("curve", "own", "verdict"),
    [
        (FALLING, 0.001, "scalable"),
        (planted.Curve(unit=1.0, growing=0.3, power=0.5), 0.001, "non_scalable"),
        (planted.Curve(unit=20.0), 0.001, "neutral"),
        (TURNING, 0.001, "stops_scaling"),
        (planted.Curve(unit=20.0), 0.2, "cannot_tell"),
    ],
)
def test_the_verdict_can_come_out_all_five_ways(door, curve, own, verdict):
    with on(curve, own=own) as runner:
        assert scale(door, **QUICK, runner=runner).verdict == verdict


def test_a_rung_out_of_reach_is_reported_and_the_others_answer(community):
    with on(FALLING) as runner:
        found = scale(community, **{**QUICK, "path": "expand"}, volumes=(1, 2, 50), runner=runner)
    assert [bool(step.not_reachable) for step in found.steps] == [False, False, True]
    assert found.steps[-1].as_dict()["average_cost"] is None
    assert found.verdict == "scalable"
    assert found.notes[0].startswith("volume 50 is not reachable: 2000 places are needed")


def test_points_and_concentration_are_sizes_of_their_own(community):
    with on(FALLING, common=0.0, own=0.0) as runner:
        points = scale(community, **{**QUICK, "path": "fragment"}, runner=runner)
        peak = scale(community, **{**QUICK, "path": "peak"}, runner=runner)
    assert points.as_dict()["elasticity_to"] == "points"
    assert peak.as_dict()["elasticity_to"] == "concentration"
    # Neither moves orders, and the planted cost depends on orders alone.
    assert (points.verdict, peak.verdict) == ("neutral", "neutral")
    assert all(step.marginal_cost is None for step in (*points.steps, *peak.steps))


def test_a_falling_price_counts_against_contribution_not_cost(door):
    def cheaper(scenario, seed, **_):
        orders = planted.size_of(scenario)
        discount = 5.0 * math.log2(orders / 5_000.0)
        return planted.run_of(scenario, seed, orders, {"goods": 50.0, "discounts": discount})

    with Runner(1, simulate=cheaper) as runner:
        found = scale(door, **QUICK, runner=runner)
        profit = scale(door, **QUICK, metric="contribution_per_order", runner=runner)
    assert found.verdict == "neutral"
    assert found.metrics["contribution_per_order"].curve.verdict == "non_scalable"
    assert profit.verdict == "non_scalable"
    assert profit.steps[0].average_cost.mean == pytest.approx(100.0)


def test_staff_of_volume_one_and_growth_within_a_history(door):
    with on(FALLING, common=0.0, own=0.0) as runner:
        policy = scale(door, **QUICK, runner=runner)
        stuck = scale(door, **QUICK, adjust="none", runner=runner)
        grown = scale(door, **QUICK, growth_months=12, runner=runner)
    extra = [
        b.average_cost.mean - a.average_cost.mean for a, b in zip(policy.steps, stuck.steps, strict=True)
    ]
    assert extra == pytest.approx([0.5, 0.0, 1.0, 3.0])
    assert grown.elasticity.mean == pytest.approx(policy.elasticity.mean)


def test_one_channel_alone(door):
    with on(FALLING, common=0.0, own=0.0) as runner:
        found = scale(door, **QUICK, scope="tmall", runner=runner)
        brand = scale(door, **QUICK, runner=runner)
    assert found.steps[0].orders.mean == pytest.approx(brand.steps[0].orders.mean / 2)
    assert found.steps[0].average_cost.mean == pytest.approx(brand.steps[0].average_cost.mean)
    assert "in tmall" in found.headline


def test_another_scenario_as_the_alternative(door, community):
    with on(FALLING) as runner:
        found = scale(community, **QUICK, against=door, runner=runner)
        usual = scale(community, **QUICK, runner=runner)
        alone = scale(community, **QUICK, against="none", runner=runner)
    assert found.against == "door_only"
    assert [step.incremental_cost is None for step in alone.steps] == [True] * 4
    for a, b in zip(found.steps, usual.steps, strict=True):
        assert a.incremental_cost.mean == pytest.approx(b.incremental_cost.mean, rel=0.05)


def test_all_paths_side_by_side_without_a_single_verdict(community):
    with on(FALLING) as runner:
        found = scale(community, runner=runner)
    assert isinstance(found, ScalePaths)
    assert [one.path for one in found.paths] == list(PATHS)
    assert {one.replications for one in found.paths} == {3}
    assert all(not one.causes for one in found.paths)
    assert set(found.as_dict()) == {"paths"}


def test_a_path_that_does_not_apply_says_so_in_the_table(door):
    with on(FALLING) as runner:
        found = {one.path: one for one in scale(door, runner=runner).paths}
    assert found["fragment"].steps == ()
    assert found["fragment"].headline.startswith("Not applicable: the scenario has no pickup layer")
    assert found["densify"].verdict == "scalable"


def test_json_has_the_agreed_keys_and_is_plain(community):
    with on(FALLING) as runner:
        found = scale(community, path="densify", worlds=4, runner=runner).as_dict()
    assert {
        "scenario", "metric", "path", "steps", "elasticity", "elasticity_to", "minimum_efficient_scale",
        "turning_point", "verdict", "headline", "against", "causes", "plausible_worlds",
    } <= found.keys()  # fmt: skip
    step_keys = {
        "volume",
        "orders",
        "average_cost",
        "marginal_cost",
        "incremental_cost",
        "contribution",
        "by_bucket",
    }
    assert all(step_keys <= step.keys() for step in found["steps"])
    assert found["size_range"] == pytest.approx([found["steps"][n]["orders"]["mean"] for n in (0, -1)])
    assert found["service_gap"].keys() == {"share", "hours"}
    assert (abs(found["service_gap"]["share"]) <= EQUAL_SERVICE) == found["equal_service"]
    assert set(found["elasticity"]) == {"mean", "low", "high", "unit", "n"}
    assert found["causes"][-1]["mechanism"] == "unattributed"
    assert found["plausible_worlds"]["n"] == 4
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["start"] == "mature"


def test_runs_are_shared_between_the_parts_of_a_study(community):
    with Runner(1, simulate=planted.mechanisms) as runner:
        scale(community, **QUICK, runner=runner)
        assert runner.simulated == 4 * 5 * 2
        scale(community, path="densify", worlds=0, runner=runner)
        # Nothing and each of ten mechanisms off once and briefly; the two that matter, the others together
        # and all off five times; at two sizes each.
        assert runner.simulated == 4 * 5 * 2 + 2 * (11 + 2 * 5 + 5 + 5)


def test_digits_do_not_depend_on_workers(community):
    def answer(workers):
        with Runner(workers, simulate=planted.on(FALLING)) as runner:
            return scale(community, path="densify", worlds=4, keep=2, runner=runner).as_dict()

    assert answer(1) == answer(2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"path": "grow"}, "unknown growth path 'grow'"),
        ({"metric": "cost"}, "unknown metric 'cost'"),
        ({"metric": "layer_cost_per_parcel"}, "does not apply"),
        ({"scope": "community"}, "has no such pickup layer"),
        ({"volumes": (1.0,)}, "at least two different volumes"),
        ({"volumes": (1.0, 1.0)}, "at least two different volumes"),
        ({"adjust": "some"}, "unknown way to adjust"),
        ({"against": "doors"}, "did you mean door"),
        ({"against": "door"}, "no pickup layer"),
        ({"growth_months": 0}, "at least 1 month"),
        ({"growth_months": 12, "path": "expand"}, "paths densify and replicate"),
        ({"replications": 0}, "at least 1 replication"),
        ({"replications": -1}, "at least 1 replication"),
    ],
)
def test_a_senseless_request_is_refused_with_what_is_allowed(door, arguments, message):
    with on(FALLING) as runner, pytest.raises(ExperimentError, match=message):
        scale(door, **{"path": "densify", **arguments}, runner=runner)
    assert runner.simulated == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"path": "densify", "shapley": ["nosuch"]}, "unknown mechanism in play 'nosuch'"),
        ({"path": "densify", "shapley": ["ranking"], "causes": False}, "causes, which are off"),
        ({"shapley": ["ranking"]}, "causes, which are off"),
    ],
)
def test_mechanisms_are_checked_before_the_ladder_is_climbed(community, arguments, message):
    with on(planted.Curve(fixed=1e5, unit=20.0)) as runner:
        with pytest.raises(ExperimentError, match=message):
            scale(community, runner=runner, **arguments)
        assert runner.simulated == 0


def test_a_channel_that_is_closed_is_no_scope():
    with on(FALLING) as runner, pytest.raises(ExperimentError, match="does not open this channel"):
        scale(load("tmall_only"), path="densify", scope="vertical", runner=runner)
    assert runner.simulated == 0
