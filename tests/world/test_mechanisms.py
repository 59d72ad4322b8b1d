"""Every switch has a textbook limit: off, its effect is absent from the figures it should move."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.run import Run
from sim.scenario.schema import Mechanisms
from sim.world import simulate
from tests.world.small import brief

BUSY = {
    "pickup.community.shelf_places": 8,
    "pickup.community.background_parcels_per_point_day": 6,
    "pickup.community.attrition_per_month": 0.3,
    "pickup.community.labour_pool_per_place": 3,
    "pickup.community.promotion_orders_per_attendant_month": 20,
    "pickup.community.supervision.survival_per_level": 0.8,
    "pickup.community.exception_rate": 0.1,
    "market.places": 20,
    "market.repurchase.mean_days": 20,
    "market.wait_sensitivity": 0.3,
}
"""A small world in which every mechanism has something to do."""


def funnel_orders(run: Run, source: str) -> int:
    return sum(row.orders for row in run.funnel if row.source == source)


def per_unit_goods(run: Run) -> float:
    """Goods cost over reference sales: the purchase factor times one minus the margin."""
    spent = run.accounts["goods"] + run.accounts.get("breakage_loss", 0) + run.accounts.get("lost_parcels", 0)
    return (spent + run.accounts.get("return_writedown", 0)) / -run.accounts["sales"]


def courier_price(run: Run) -> float:
    return run.accounts["line_haul"] / run.balance["parcels_sent"]


LIMITS: dict[str, Callable[[Run, Run], bool]] = {
    "seasonality": lambda on, off: on.months["orders"] != off.months["orders"],
    "ad_auction": lambda _, off: (
        off.accounts["traffic_clicks"]
        == pytest.approx(
            1.2 * sum(row.visits for row in off.funnel if row.source == "platform_ads"), abs=0.02
        )
    ),
    "delivery_sensitivity": lambda on, off: on.kpis["conversion_rate"] != off.kpis["conversion_rate"],
    "repurchase": lambda on, off: funnel_orders(on, "repeat") > 0 == funnel_orders(off, "repeat"),
    "purchase_tiers": lambda on, off: per_unit_goods(on) > per_unit_goods(off),
    "tariff_tiers": lambda on, off: courier_price(on) <= courier_price(off),
    "staff_queues": lambda on, off: "packer_utilisation" not in off.kpis and "packer_utilisation" in on.kpis,
    "failed_delivery": lambda _, off: off.kpis["door_last_mile_per_parcel"] == pytest.approx(1.1),
    "handover_breakage": lambda on, off: on.kpis["broken_share"] > 0 == off.kpis["broken_share"],
    "returns": lambda on, off: on.accounts["return_writedown"] > 0 and "return_writedown" not in off.accounts,
    "service_contacts": lambda on, off: off.accounts["service_wages"] <= on.accounts["service_wages"],
    "marginal_sites": lambda on, off: on.kpis["overflow_share"] != off.kpis["overflow_share"],
    "labour_pool": lambda on, off: on.kpis["vacancy_share"] > off.kpis["vacancy_share"],
    "hiring_friction": lambda on, off: on.kpis["vacancy_share"] > 0 == off.kpis["vacancy_share"],
    "attrition": lambda on, off: on.accounts["pickup_hiring"] > 0 and "pickup_hiring" not in off.accounts,
    "absence": lambda on, off: on.kpis["overflow_share"] > off.kpis["overflow_share"],
    "supervision": lambda _, off: off.kpis["managers"] == 0 and "pickup_supervision" not in off.accounts,
    "control_loss": lambda on, off: on.accounts["pickup_exceptions"] > off.accounts["pickup_exceptions"],
    "exceptions": lambda on, off: (
        on.accounts["pickup_exceptions"] > 0 and "pickup_exceptions" not in off.accounts
    ),
    "shelf_limit": lambda on, off: on.kpis["overflow_share"] > off.kpis["overflow_share"],
    "background_load": lambda on, off: (
        on.accounts["pickup_recharge"] < 0 and "pickup_recharge" not in off.accounts
    ),
    "promotion": lambda on, off: funnel_orders(on, "promotion") > 0 == funnel_orders(off, "promotion"),
    "walk_penalty": lambda on, off: funnel_orders(off, "repeat") > funnel_orders(on, "repeat"),
}


@pytest.fixture(scope="module")
def with_everything() -> Run:
    return simulate(brief("community_pickup", BUSY), seed=12)


@pytest.mark.parametrize("mechanism", Mechanisms.model_fields)
def test_off_is_the_textbook_limit(mechanism: str, with_everything: Run) -> None:
    off = simulate(brief("community_pickup", BUSY | {f"mechanisms.{mechanism}": False}), seed=12)
    assert LIMITS[mechanism](with_everything, off)


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
    plain = simulate(brief("door_only"), seed=12)
    off = simulate(brief("door_only", {f"mechanisms.{mechanism}": False}), seed=12)
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
