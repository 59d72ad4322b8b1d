"""Pickup points at work: vacancies, absence, labour pools, other merchants' parcels."""

from __future__ import annotations

import numpy as np
import pytest

from sim.flow import Lognormal, Network
from sim.scenario.schema import Mechanisms, Sources
from sim.world import World, simulate
from tests.world.small import brief

ALWAYS_OPEN = {
    "mechanisms.attrition": False,
    "mechanisms.absence": False,
    "mechanisms.seasonality": False,
    "mechanisms.repurchase": False,
    "mechanisms.promotion": False,
}


def layer_of(scenario, seed: int = 3):
    world = World(scenario, seed)
    world.live()
    return world, world.layers["community"]


def test_vacancies_last_as_long_as_hiring_takes() -> None:
    """Vacancy share = d / (d + tenure), with d days to hire and 1/a days of tenure (renewal reward)."""
    scenario = brief(
        "community_pickup",
        {
            "horizon.days": 365,
            "market.places": 200,
            "pickup.community.points": 200,
            "pickup.community.attrition_per_month": 0.2,
            "pickup.community.recruiting_days": 20.0,
            "mechanisms.supervision": False,
            "mechanisms.labour_pool": False,
            "market.sources.platform_search.visits_per_year": 100_000,
        },
    )
    run = simulate(scenario, 8)
    daily = 1 - 0.8 ** (24 / 730)
    # A point that is filled within a day can lose its attendant at the next morning; it was vacant 20 whole
    # days.
    expected = 20.0 / (20.0 + 1 / daily)
    leavings = 200 * 365 * daily * (1 - expected)
    noise = expected * (1 - expected) / np.sqrt(leavings) * np.sqrt(1 + 1)
    assert abs(run.kpis["vacancy_share"] - expected) < 4 * noise + 0.5 * daily


def test_hiring_without_friction_leaves_no_vacancy() -> None:
    run = simulate(brief("community_pickup", {"mechanisms.hiring_friction": False}), 3)
    assert run.kpis["vacancy_share"] == 0.0
    assert run.accounts["pickup_hiring"] > 0


def test_stayers_need_no_hires() -> None:
    run = simulate(brief("community_pickup", {"mechanisms.attrition": False}), 3)
    assert run.kpis["vacancy_share"] == 0.0
    assert "pickup_hiring" not in run.accounts


def test_a_used_up_labour_pool_slows_hiring() -> None:
    _, layer = layer_of(
        brief(
            "community_pickup",
            {
                "mechanisms.attrition": False,
                "mechanisms.marginal_sites": False,
                "pickup.community.labour_pool_per_place": 4,
                "market.places": 10,
                "pickup.community.points": 30,
            },
        )
    )
    assert layer._scarcity(0) == pytest.approx(4.0)
    layer.staffed[layer.place_of_point == 0] = False
    assert layer._scarcity(0) == pytest.approx(1.0)
    layer.office.scenario.mechanisms.model_copy()
    _, crowded = layer_of(
        brief(
            "community_pickup",
            {
                "mechanisms.attrition": False,
                "mechanisms.marginal_sites": False,
                "pickup.community.labour_pool_per_place": 2,
                "market.places": 10,
                "pickup.community.points": 30,
            },
        )
    )
    assert crowded._scarcity(0) is None


def test_absent_attendants_turn_parcels_away() -> None:
    absent = {
        "mechanisms.attrition": False,
        "mechanisms.shelf_limit": False,
        "pickup.community.absence_rate": 0.25,
        "horizon.days": 90,
    }
    run = simulate(brief("community_pickup", absent), 3)
    parcels = run.kpis["layer_parcels"]
    points, days = run.kpis["points"], 90 + 14
    # Parcels of one point and day share their luck: the effective number of draws is that of point-days.
    noise = np.sqrt(0.25 * 0.75 / min(points * days, parcels)) * 2
    assert abs(run.kpis["overflow_share"] - 0.25) < 4 * noise
    calm = simulate(brief("community_pickup", absent | {"mechanisms.absence": False}), 3)
    assert calm.kpis["overflow_share"] == 0.0


def test_background_load_equals_an_explicit_crowd() -> None:
    """Other merchants' parcels as a morning draw against the same parcels as entities on the same shelf.

    One point, 14 places, about 10 taken by others: the share of our parcels turned away must agree.
    """
    places, dwell, own_rate, others_rate = 14, 18.0, 0.06, 0.5
    others = [name for name in Sources.model_fields if name != "platform_search"]
    quiet = {f"mechanisms.{name}": False for name in Mechanisms.model_fields}
    scenario = brief(
        "community_pickup",
        quiet
        | {f"market.sources.{name}": None for name in others}
        | {
            "mechanisms.shelf_limit": True,
            "mechanisms.background_load": True,
            "horizon.days": 365,
            "market.places": 1,
            "market.potential_places": 1,
            "pickup.community.points": 1,
            "pickup.community.reach_per_point": 1.0,
            "pickup.community.choice_share": 1.0,
            "pickup.community.shelf_places": places,
            "pickup.community.background_parcels_per_point_day": others_rate * 24,
            "market.sources.platform_search.visits_per_year": own_rate * 8760 / 0.0125,
            "fulfilment.courier.lost_rate": 0.0,
        },
    )
    shares, parcels = [], 0.0
    for seed in range(8):
        run = simulate(scenario, seed)
        shares.append(run.kpis["overflow_share"])
        parcels += run.kpis["layer_parcels"]
    net = Network()
    net.source("own", rate=parcels / 8 / 8760, to="shelf", entity_class="own")
    net.source("others", rate=others_rate, to="shelf", entity_class="others")
    net.shelf("shelf", places=places, dwell=Lognormal(dwell, 0.5), to="done", on_full="away")
    net.sink("done")
    net.sink("away")
    net.count("shelf")
    explicit = []
    for seed in range(20):
        flow = net.start(seed)
        flow.advance(8760.0)
        turned, came = (flow.counts("shelf", what)[:, 0].sum() for what in ("overflows", "entries"))
        explicit.append(turned / came)
    noise = np.sqrt(np.var(shares, ddof=1) / 8 + np.var(explicit, ddof=1) / 20)
    assert np.mean(explicit) > 0.02
    assert abs(np.mean(shares) - np.mean(explicit)) < 3 * noise + 0.1 * np.mean(explicit)


def test_managers_are_servers_whose_work_is_theirs() -> None:
    """Offered work over capacity: visits, pay runs, hires and exceptions, each with its mean time."""
    scenario = brief("community_pickup", ALWAYS_OPEN | {"horizon.days": 120})
    world, layer = layer_of(scenario)
    rules = layer.rules.supervision
    per_month = {
        "visit": rules.visits_per_point_month * rules.visit_minutes.mean,
        "pay_run": rules.pay_run_minutes.mean,
    }
    counts = {
        job: world.flow.reading(f"community!{job}_done", "count")
        for job in ("hire", "visit", "pay_run", "exception")
    }
    days = world.flow.now / 24
    assert counts["visit"] == pytest.approx(
        layer.count * rules.visits_per_point_month * days / (730 / 24), rel=0.02
    )
    assert counts["hire"] == 0
    stats = world.flow.statistics()["community_managers"]
    stretch = 730 / rules.working_hours_per_month
    own = world.flow.counts("community_exception", "entries").sum()
    exceptions = (counts["exception"] * 120 / days + own) * rules.exception_minutes.mean
    routine = sum(per_month.values()) * layer.count * 120 / (730 / 24)
    offered = (routine + exceptions) / 60 * stretch / (120 * 24 * layer.pyramid.area_managers)
    assert stats.utilisation == pytest.approx(offered, rel=0.06)


def test_overloaded_managers_leave_points_vacant_longer() -> None:
    changes = {
        "pickup.community.attrition_per_month": 0.3,
        "horizon.days": 120,
        "pickup.community.supervision.visits_per_point_month": 2,
    }
    normal = simulate(brief("community_pickup", changes), 3)
    stretched = simulate(
        brief(
            "community_pickup",
            changes
            | {
                "pickup.community.supervision.span": 40,
                "pickup.community.supervision.visit_minutes.mean": 300,
            },
        ),
        3,
    )
    assert normal.kpis["manager_utilisation"] < 0.95 < stretched.kpis["manager_utilisation"]
    assert stretched.kpis["vacancy_share"] > 1.2 * normal.kpis["vacancy_share"]
