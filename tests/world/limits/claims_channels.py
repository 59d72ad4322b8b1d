"""Stores that dealers run, and shoppers in stores who know the web's price."""

from __future__ import annotations

from collections.abc import Callable

from sim.run import Run

_DEALT = {
    "horizon.days": 60,
    "market.sources.store_footfall.visits_per_year": 60_000,
    "channels.stores.count": 8,
    "channels.stores.dealers.margin": 0.2,
    "channels.stores.dealers.review_days": 30,
    "channels.stores.dealers.leaving_share": 0.3,
    "channels.stores.dealers.subsidy_per_store_month": 500,
    "market.price_gap.sensitivity": 2.0,
}
WORLD = ("dealers", _DEALT)


LIMITS: dict[str, Callable[[Run, Run], bool]] = {
    "dealer_exit": lambda on, off: (
        on.kpis["dealers_left_share"] > 0 == off.kpis["dealers_left_share"]
        and on.orders_by_channel["stores"] < off.orders_by_channel["stores"]
        and 0 < on.accounts["dealer_subsidy"] < off.accounts["dealer_subsidy"]
    ),
    "price_gap": lambda on, off: (
        on.kpis["price_gap_share"] > 0
        and "price_gap_share" not in off.kpis
        and on.orders_by_channel["stores"] < off.orders_by_channel["stores"]
        and on.kpis["showrooming_orders"] > off.kpis["showrooming_orders"]
    ),
}
