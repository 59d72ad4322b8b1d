"""Price lists with steps, read at a scenario's own volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.channels import RefundTier


def purchase_factor(scenario: Scenario, units_per_year: float) -> float:
    """Purchase price relative to the reference at a yearly quantity (ratio)."""
    tiers = scenario.products.purchase_tiers
    if not scenario.mechanisms.purchase_tiers or not tiers:
        return 1.0
    reached = [tier.price_factor for tier in tiers if units_per_year >= tier.from_units_per_year]
    return reached[-1] if reached else tiers[0].price_factor


def parcel_price(scenario: Scenario, parcels_per_month: float) -> float:
    """Courier's price of a parcel at a monthly volume (yuan/parcel)."""
    tiers = scenario.fulfilment.courier.tariff_tiers
    if not scenario.mechanisms.tariff_tiers:
        return tiers[0].price
    reached = [tier.price for tier in tiers if parcels_per_month >= tier.from_parcels_per_month]
    return reached[-1] if reached else tiers[0].price


def refund_share(tiers: list[RefundTier], sales_per_year: float) -> float:
    """Share of a platform's annual fee that is paid back at a level of yearly sales."""
    reached = [tier.refund_share for tier in tiers if sales_per_year >= tier.from_sales_per_year]
    return reached[-1] if reached else 0.0
