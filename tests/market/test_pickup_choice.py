"""Who collects where: one layer alone, several at once, fees, hours, and leaders who share a pond."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sim.market.pickup_choice import (
    attraction,
    choice_probability,
    coverage,
    delivery_shares,
    promoted_per_month,
    promoted_shares,
    spread,
)
from sim.market.places import served_shares
from sim.scenario import Scenario, load
from sim.world import simulate
from tests.world.small import brief


def several(**changes: object) -> Scenario:
    """Return the lockers' world with partner shops and leaders beside them."""
    partner, leader = (load(name).pickup for name in ("partner_pickup", "group_leaders"))
    plain = {
        "pickup.partner": partner.partner.model_dump(),
        "pickup.leader": leader.leader.model_dump(),
    }
    return brief("lockers", plain | {name.replace("__", "."): value for name, value in changes.items()})


def test_one_layer_alone_is_reach_times_share() -> None:
    scenario = load("community_pickup")
    layer = scenario.pickup.community
    reach = 1.0 - (1.0 - layer.reach_per_point) ** spread(layer.points, scenario.market.places)
    choosers = served_shares(scenario) * reach * layer.choice_share
    assert coverage(scenario)["community"].adoption == choosers.sum()
    assert delivery_shares(scenario) == {"door": 1.0 - choosers.sum(), "community": choosers.sum()}


def test_shares_are_those_of_enumerating_who_reaches_what() -> None:
    """Sum over all combinations of reach, in every place, with logit weights among what is there."""
    scenario = several()
    names = ("partner", "locker", "leader")
    weights = {name: getattr(scenario.pickup, name).choice_share for name in names}
    weights = {name: share / (1.0 - share) for name, share in weights.items()}
    found = dict.fromkeys(("door", *names), 0.0)
    for place, share in enumerate(served_shares(scenario)):
        reach = {}
        for name in names:
            layer = getattr(scenario.pickup, name)
            points = spread(layer.points, scenario.market.places)[place]
            reach[name] = 1.0 - (1.0 - layer.reach_per_point) ** points
        for there in product((True, False), repeat=len(names)):
            chance, options = share, {"door": 1.0}
            for name, inside in zip(names, there, strict=True):
                chance *= reach[name] if inside else 1.0 - reach[name]
                if inside:
                    options[name] = weights[name]
            for name, weight in options.items():
                found[name] += chance * weight / sum(options.values())
    shares = delivery_shares(scenario)
    assert set(shares) == set(found)
    assert all(shares[name] == pytest.approx(found[name], rel=1e-12) for name in found)


def test_a_second_layer_takes_from_the_first_and_from_the_door() -> None:
    both = several(pickup__leader=None)
    alone = delivery_shares(both.with_values({"pickup.partner": None}))
    shares = delivery_shares(both)
    assert shares["locker"] < alone["locker"]
    assert shares["door"] < alone["door"]
    assert shares["locker"] + shares["partner"] > alone["locker"]
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-12)


def test_two_layers_that_everybody_would_choose_halve_the_shoppers() -> None:
    assert choice_probability("locker", ("partner",), {"locker": 1.0, "partner": 1.0}) == pytest.approx(0.5)
    everywhere = several(
        pickup__leader=None,
        pickup__locker__reach_per_point=1.0,
        pickup__locker__choice_share=1.0,
        pickup__partner__reach_per_point=1.0,
        pickup__partner__choice_share=1.0,
    )
    shares = delivery_shares(everywhere)
    assert shares["locker"] == pytest.approx(shares["partner"]) == pytest.approx(0.5)
    assert shares["door"] >= 0.0


def test_fee_and_hours_move_the_odds_as_far_as_the_scenario_says() -> None:
    scenario = load("stations")
    share = scenario.pickup.station.choice_share
    dear = scenario.with_values({"pickup.station.shopper_fee": 2.0})
    assert attraction(dear, "station") == share
    sensitive = dear.with_values({"pickup.fee_sensitivity": 0.5})
    odds = share / (1 - share) * np.exp(-1.0)
    assert attraction(sensitive, "station") == pytest.approx(odds / (1 + odds))
    hours = scenario.with_values({"pickup.hours_elasticity": 1.0})
    odds = share / (1 - share) * scenario.pickup.station.open_hours_per_day / 24.0
    assert attraction(hours, "station") == pytest.approx(odds / (1 + odds))


def test_leaders_of_one_place_share_a_pond() -> None:
    changes = {"mechanisms.marginal_sites": False, "market.places": 10, "pickup.leader.points": 30}
    scenario = load("group_leaders").with_values(changes)
    layer = scenario.pickup.leader
    each, pond = layer.promotion_orders_per_attendant_month, layer.promotion_pool_per_place
    expected = 10 * pond * (1 - np.exp(-3 * each / pond))
    assert promoted_per_month(scenario, "leader", 30.0, 1.0) == pytest.approx(expected)
    # Few leaders, or a pond without end, bring each what one brings alone.
    assert promoted_per_month(scenario, "leader", 0.01, 1.0) == pytest.approx(0.01 * each, rel=1e-3)
    endless = scenario.with_values({"pickup.leader.promotion_pool_per_place": None})
    assert promoted_per_month(endless, "leader", 30.0, 1.0) == 30 * each


def test_what_a_leader_sells_is_collected_there() -> None:
    scenario = load("group_leaders")
    assert promoted_shares(scenario) == pytest.approx({"door": 0.0, "leader": 1.0})
    half = scenario.with_values({"pickup.leader.promoted_collect_share": 0.5})
    usual = delivery_shares(half)["leader"]
    assert promoted_shares(half)["leader"] == pytest.approx(0.5 + 0.5 * usual)
    quiet = scenario.with_values({"pickup.leader.promoted_collect_share": None})
    assert promoted_shares(quiet) == delivery_shares(quiet)


def test_simulated_parcels_follow_the_shares() -> None:
    scenario = several(mechanisms__promotion=False, horizon__days=60)
    run = simulate(scenario, seed=6)
    shares = delivery_shares(scenario)
    orders = run.kpis["orders_online"]
    for name in ("partner", "locker", "leader"):
        expected = orders * shares[name]
        lost = scenario.fulfilment.courier.lost_rate + 0.002
        assert abs(run.kpis[f"{name}_parcels"] - expected) < 4 * np.sqrt(expected) + lost * expected
    total = sum(run.kpis[f"{name}_cost"] for name in ("partner", "locker", "leader"))
    assert run.kpis["layer_cost"] == pytest.approx(total)
