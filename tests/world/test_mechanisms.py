"""Every switch has a textbook limit: off, its effect is absent from the figures it should move."""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType

import pytest

from sim.run import Run
from sim.scenario.schema import Mechanisms
from sim.world import simulate
from tests.world.limits import AREAS
from tests.world.small import brief

CASES = [(area, mechanism) for area in AREAS for mechanism in area.LIMITS]


@lru_cache(maxsize=1)
def with_everything(area: ModuleType) -> Run:
    name, values = area.WORLD
    return simulate(brief(name, values), seed=12)


def test_every_mechanism_has_a_limit() -> None:
    assert sorted(mechanism for _, mechanism in CASES) == sorted(Mechanisms.model_fields)


@pytest.mark.parametrize(("area", "mechanism"), CASES, ids=[mechanism for _, mechanism in CASES])
def test_off_is_the_textbook_limit(area: ModuleType, mechanism: str) -> None:
    name, values = area.WORLD
    off = simulate(brief(name, values | {f"mechanisms.{mechanism}": False}), seed=12)
    assert area.LIMITS[mechanism](with_everything(area), off)


@pytest.mark.parametrize(
    "mechanism",
    [
        "labour_pool",
        "absence",
        "marginal_sites",
        "promotion",
        "walk_penalty",
        "shelf_limit",
        "background_load",
        "control_loss",
        "exceptions",
        "supervision",
        "hiring_friction",
        "attrition",
    ],
)
def test_pickup_mechanisms_leave_a_brand_without_points_alone(mechanism: str) -> None:
    # People who look online first buy in a store only where there is one: there places matter without points.
    still = {"mechanisms.cross_channel": False}
    plain = simulate(brief("door_only", still), seed=12)
    off = simulate(brief("door_only", still | {f"mechanisms.{mechanism}": False}), seed=12)
    assert off.kpis == plain.kpis
    assert off.ledger == plain.ledger


def test_without_any_pickup_mechanism_points_cost_rent_wage_and_fee() -> None:
    """All mechanisms off: the layer's cost per parcel is plain arithmetic."""
    changes = {f"mechanisms.{name}": False for name in Mechanisms.model_fields}
    scenario = brief("community_pickup", changes | {"horizon.days": 60})
    run = simulate(scenario, seed=3)
    layer, points, days = scenario.pickup.community, 40, 60
    parcels = run.kpis["layer_parcels"]
    daily = layer.attendant_hours_per_day * layer.attendant_wage_per_hour + layer.site_fee_per_day
    lost = scenario.fulfilment.courier.lost_rate
    each = layer.bulk_drop_cost + layer.fee_per_parcel
    found = run.kpis["layer_cost"]
    # Parcels in the pipeline at the end are collected after the measured time and pay their fee all the same.
    assert found == pytest.approx(points * days * daily + parcels * each, rel=lost)
