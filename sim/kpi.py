"""The figures a run reports: what they mean, their unit, and which direction is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Kpi:
    """One figure.

    Attributes
    ----------
    name
        Stable identifier.
    unit
        Unit of the value.
    description
        What it means.
    better
        Which direction a manager prefers.
    per
        What it is divided by, or empty.
    """

    name: str
    unit: str
    description: str
    better: Literal["higher", "lower", "none"] = "none"
    per: str = ""


_TABLE = (
    Kpi("visits", "visits", "Visits in the measured period."),
    Kpi("orders", "orders", "Orders placed in the measured period, all channels.", "higher"),
    Kpi("orders_online", "orders", "Orders placed online.", "higher"),
    Kpi("orders_store", "orders", "Orders placed in stores.", "higher"),
    Kpi(
        "conversion_rate",
        "share",
        "First orders per visit (repeat and promoted orders left out).",
        "higher",
        "visit",
    ),
    Kpi("average_order_value", "yuan/order", "Paid value of an order.", "higher", "order"),
    Kpi("sales", "yuan", "Paid value of all orders less refunds.", "higher"),
    Kpi("contribution", "yuan", "Profit before financing.", "higher"),
    Kpi(
        "contribution_per_order", "yuan/order", "Profit before financing per order placed.", "higher", "order"
    ),
    Kpi("cost_per_order", "yuan/order", "All costs but financing per order placed.", "lower", "order"),
    Kpi("layer_parcels", "parcels", "Parcels sent to pickup points."),
    Kpi("layer_cost", "yuan", "All costs of the pickup layers less what other merchants pay.", "lower"),
    Kpi(
        "layer_cost_per_parcel",
        "yuan/parcel",
        "Cost of the pickup layers per parcel sent there.",
        "lower",
        "parcel",
    ),
    Kpi("community_parcels", "parcels", "Parcels sent to own staffed points."),
    Kpi("community_cost", "yuan", "All costs of own staffed points less what others pay.", "lower"),
    Kpi("partner_parcels", "parcels", "Parcels sent to partner points."),
    Kpi("partner_cost", "yuan", "All costs of partner points less what others pay.", "lower"),
    Kpi(
        "community_cost_per_parcel",
        "yuan/parcel",
        "Cost of own staffed points per parcel.",
        "lower",
        "parcel",
    ),
    Kpi("partner_cost_per_parcel", "yuan/parcel", "Cost of partner points per parcel.", "lower", "parcel"),
    Kpi(
        "door_last_mile_per_parcel",
        "yuan/parcel",
        "Trips to the door, failed ones included, per door parcel.",
        "lower",
        "parcel",
    ),
    Kpi(
        "share_in_hands",
        "share",
        "Online orders in the shopper's hands within the promised time.",
        "higher",
        "order",
    ),
    Kpi("door_share_in_hands", "share", "The same for door deliveries.", "higher", "order"),
    Kpi("layer_share_in_hands", "share", "The same for pickup.", "higher", "order"),
    Kpi("hours_to_hands", "hours", "Mean time from order to hands, online orders.", "lower", "order"),
    Kpi("points", "points", "Pickup points."),
    Kpi("parcels_per_point_day", "parcels/point-day", "The brand's own parcels per point and day.", "higher"),
    Kpi("managers", "people", "Managers of pickup layers, all levels."),
    Kpi("vacancy_share", "share", "Share of point-days without an attendant in post.", "lower"),
    Kpi("overflow_share", "share", "Parcels turned away by a full or shut point.", "lower", "parcel"),
    Kpi("return_share", "share", "Orders that came back (refused or returned whole).", "lower", "order"),
    Kpi("broken_share", "share", "Orders that arrived broken.", "lower", "order"),
    Kpi("lost_share", "share", "Orders lost on the way.", "lower", "order"),
    Kpi("cancelled_share", "share", "Orders cancelled for want of stock.", "lower", "order"),
    Kpi("solved_in_24h_share", "share", "Service contacts solved within 24 hours.", "higher", "contact"),
    Kpi("packer_utilisation", "share", "Busy share of packers' paid time."),
    Kpi("agent_utilisation", "share", "Busy share of agents' paid time."),
    Kpi("manager_utilisation", "share", "Busy share of area managers' time."),
    Kpi("closing_cash", "yuan", "Cash at the end of the measured period.", "higher"),
)

KPIS: dict[str, Kpi] = {kpi.name: kpi for kpi in _TABLE}
"""Every figure by name, in the order in which tables show them."""
