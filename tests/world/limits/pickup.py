"""Pickup points, and what was there before them: demand, tiers, queues, failures, returns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.run import Run
from tests.world.limits.reading import courier_price, funnel_orders, per_unit_goods, price_of_visits

_BUSY = {
    "pickup.community.shelf_places": 8,
    "pickup.community.background_parcels_per_point_day": 6,
    "pickup.community.attrition_per_month": 0.3,
    "pickup.community.labour_pool_per_place": 3,
    "pickup.community.promotion_orders_per_attendant_month": 20,
    "pickup.community.promotion_pool_per_place": 30,
    "pickup.community.supervision.survival_per_level": 0.8,
    "pickup.community.exception_rate": 0.1,
    "market.places": 20,
    "market.traffic_prices": None,
    "market.repurchase.mean_days": 20,
    "market.wait_sensitivity": 0.3,
    "mechanisms.traffic_prices": False,  # so that the flat price of a visit stays flat over the year
}
"""A small world in which every mechanism has something to do."""
WORLD = ("community_pickup", _BUSY)

LIMITS: dict[str, Callable[[Run, Run], bool]] = {
    "seasonality": lambda on, off: on.months["orders"] != off.months["orders"],
    "ad_auction": lambda _, off: price_of_visits(off, "platform_ads") == pytest.approx(1.2, abs=1e-4),
    "delivery_sensitivity": lambda on, off: on.kpis["conversion_rate"] != off.kpis["conversion_rate"],
    "repurchase": lambda on, off: funnel_orders(on, "repeat") > 0 == funnel_orders(off, "repeat"),
    "purchase_tiers": lambda on, off: per_unit_goods(on) > per_unit_goods(off),
    "tariff_tiers": lambda on, off: courier_price(on) <= courier_price(off),
    "staff_queues": lambda on, off: "packer_utilisation" not in off.kpis and "packer_utilisation" in on.kpis,
    "failed_delivery": lambda _, off: off.kpis["door_last_mile_per_parcel"] == pytest.approx(1.1),
    "handover_breakage": lambda on, off: on.kpis["broken_share"] > 0 == off.kpis["broken_share"],
    # What was packed wrong or refused comes back all the same.
    "returns": lambda on, off: on.accounts["return_writedown"] > 3 * off.accounts.get("return_writedown", 0),
    "service_contacts": lambda on, off: (
        "question" in on.contacts and not {"question", "late", "failed", "missing"} & off.contacts.keys()
    ),
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
    "promotion_crowding": lambda on, off: funnel_orders(off, "promotion") > funnel_orders(on, "promotion"),
    "walk_penalty": lambda on, off: funnel_orders(off, "repeat") > funnel_orders(on, "repeat"),
}
