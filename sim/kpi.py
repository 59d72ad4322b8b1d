"""The figures a run reports: what they mean, their unit, and which direction is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.scenario.segments import LAYER_TITLES


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


def _of_layer(name: str, words: str) -> tuple[Kpi, ...]:
    """Return the figures that every pickup layer reports."""
    return (
        Kpi(f"{name}_parcels", "parcels", f"Parcels sent to {words}."),
        Kpi(f"{name}_cost", "yuan", f"All costs of {words} less what others pay.", "lower"),
        Kpi(f"{name}_cost_per_parcel", "yuan/parcel", f"Cost of {words} per parcel.", "lower", "parcel"),
        Kpi(
            f"{name}_share_in_hands",
            "share",
            f"Orders sent to {words} in the shopper's hands within the promised time.",
            "higher",
            "order",
        ),
    )


_LAYERS = tuple(kpi for name, words in LAYER_TITLES.items() for kpi in _of_layer(name, words))

_TABLE = (
    Kpi("visits", "visits", "Visits in the measured period."),
    Kpi("orders", "orders", "Orders placed in the measured period, all channels.", "higher"),
    Kpi("orders_online", "orders", "Orders placed online.", "higher"),
    Kpi("orders_store", "orders", "Orders placed in stores.", "higher"),
    Kpi(
        "promotion_order_share",
        "share",
        "Online orders placed on promotion days.",
        per="order",
    ),
    Kpi(
        "top_day_orders",
        "ratio",
        "Online orders of the busiest promotion day relative to the mean day.",
    ),
    Kpi(
        "top_day_sales",
        "ratio",
        "Online sales of the busiest promotion day, at its price, relative to the mean day.",
    ),
    Kpi(
        "conversion_rate",
        "share",
        "First orders per visit (repeat and promoted orders left out).",
        "higher",
        "visit",
    ),
    Kpi(
        "acquisition_cost",
        "yuan/order",
        "Spent on traffic per first order (repeat and promoted orders left out).",
        "lower",
        "order",
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
    *_LAYERS,
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
    Kpi(
        "on_time_share",
        "share",
        "Online orders in the shopper's hands within the promised time (share in hands).",
        "higher",
        "order",
    ),
    Kpi("delivery_success_share", "share", "First trips to the door that succeed.", "higher", "parcel"),
    Kpi("wrong_share", "share", "Delivered parcels with a wrong lamp.", "lower", "parcel"),
    Kpi("short_share", "share", "Delivered parcels with a lamp missing.", "lower", "parcel"),
    Kpi("return_share", "share", "Orders that came back (refused or returned whole).", "lower", "order"),
    Kpi("broken_share", "share", "Orders that arrived broken.", "lower", "order"),
    Kpi("lost_share", "share", "Orders lost on the way.", "lower", "order"),
    Kpi("cancelled_share", "share", "Orders cancelled for want of stock.", "lower", "order"),
    Kpi(
        "solved_share",
        "share",
        "Service contacts solved by the end of the measured period.",
        "higher",
        "contact",
    ),
    Kpi("solved_in_24h_share", "share", "Service contacts solved within 24 hours.", "higher", "contact"),
    Kpi(
        "satisfaction",
        "share",
        "Online orders on time, whole, packed right, and with every contact solved within 24 hours.",
        "higher",
        "order",
    ),
    Kpi(
        "installation_wait_hours", "hours", "From delivery to a crew at the door, first date.", "lower", "job"
    ),
    Kpi("crew_utilisation", "share", "Busy share of installation crews' paid time."),
    Kpi("dead_stock_orders", "orders", "Returned orders that still wait for hands at the end.", "lower"),
    Kpi("stops_per_van_day", "stops/van-day", "Stops of an own van on one day.", "higher"),
    Kpi("fleet_cost_per_stop", "yuan/stop", "Drivers, vans and kilometres per stop.", "lower", "stop"),
    Kpi("packer_utilisation", "share", "Busy share of packers' paid time."),
    Kpi("agent_utilisation", "share", "Busy share of agents' paid time."),
    Kpi("manager_utilisation", "share", "Busy share of area managers' time."),
    Kpi("chats", "chats", "Visitors who asked before deciding."),
    Kpi("won_orders", "orders", "Orders placed after an answer.", "higher"),
    Kpi("chats_per_order", "chats/order", "Chats before the sale per order.", "none", "order"),
    Kpi("answered_share", "share", "Chats answered before the visitor lost patience.", "higher", "chat"),
    Kpi("desk_utilisation", "share", "Busy share of the paid time of agents who answer before the sale."),
    Kpi("return_visit_orders", "orders", "Orders of visitors who had left without one.", "higher"),
    Kpi("showrooming_orders", "orders", "Orders on the web after a look in a store.", "higher"),
    Kpi("webrooming_orders", "orders", "Orders in a store after a look on the web.", "higher"),
    Kpi("rating", "share", "Mean rating of the shops on the web, by orders.", "higher"),
    Kpi("rating_at_end", "share", "Rating of the shops on the web on the last day, by orders.", "higher"),
    Kpi(
        "defect_share",
        "cases/order",
        "Broken, wrong and short parcels and failed first trips per order.",
        "lower",
        "order",
    ),
    Kpi("reported_defect_share", "cases/order", "The same as far as it is reported.", "lower", "order"),
    Kpi("team_skill", "share", "Skill of those who run the shops on the web, mean over the year.", "higher"),
    Kpi("mall_trust", "share", "Trust in the own mall; 1 is a platform's.", "higher"),
    Kpi("experience_index", "ratio", "Shopping experience on the web, 1 at the reference.", "higher"),
    Kpi("recommendation_precision", "share", "How good recommendations in the own mall are.", "higher"),
    Kpi("rival_price_index", "ratio", "Rivals' price relative to the reference."),
    Kpi("brand_equity", "ratio", "The brand's name; 1 is never seen below its price.", "higher"),
    Kpi("category_demand", "ratio", "Odds of buying on platforms by what is heard of all sellers.", "higher"),
    Kpi("rule_skill", "share", "Skill in the platform's rules, mean over the year.", "higher"),
    Kpi("turned_away_orders", "orders", "Orders that the filter on the web turned away, expected."),
    Kpi(
        "bought_visit_quality",
        "ratio",
        "Odds that a bought visit buys, relative to the scenario's.",
        "higher",
    ),
    Kpi("dealer_profit", "yuan/store-month", "What a dealer earns with a store in a month.", "higher"),
    Kpi("dealers_left_share", "share", "Stores that dealers have closed by the end.", "lower"),
    Kpi("price_gap_share", "share", "Buyers in stores turned away by the price on the web.", "lower"),
    Kpi("walkout_share", "share", "Store visitors who left because nobody could look after them.", "lower"),
    Kpi("server_loss_share", "share", "Visits to own servers turned away for want of capacity.", "lower"),
    Kpi("search_rank", "place", "Mean place in platform search that is sorted by sales.", "lower"),
    Kpi("search_gain", "ratio", "Visits from platform search over those at the usual place.", "higher"),
    Kpi("awareness_visits", "visits", "Visits of people who had seen the brand before.", "higher"),
    Kpi("invited_visits", "visits", "Visits by recommendation, less those kept away by warnings.", "higher"),
    Kpi("reproduction_number", "orders/order", "Orders that each order causes by recommendation.", "higher"),
    Kpi("mail_list", "customers", "Customers who get mails, mean over the year.", "higher"),
    Kpi("mail_click_rate", "share", "Visits per mail.", "higher", "mail"),
    Kpi("printed_pieces", "pieces", "Posters and catalogues printed."),
    Kpi("stale_offer_share", "share", "Readers about to buy whose printed offer no longer held.", "lower"),
    Kpi("rebate_share", "share", "Orders through the rebate alliance.", "none", "order"),
    Kpi("rebate_commission", "share", "Commission of the rebate alliance at the end.", "lower"),
    Kpi("habit_share", "share", "Returning customers who have got used to the rebate, at the end.", "lower"),
    Kpi("click_price_index", "ratio", "Price of auctioned visits relative to the first day.", "lower"),
    Kpi("assortment_store", "lamps", "Different lamps that a store can show.", "higher"),
    Kpi("assortment_online", "lamps", "Different lamps that shops on the web show.", "higher"),
    Kpi("stock_days", "days", "Goods on hand on average, in days of what is sold.", "lower"),
    Kpi("stockout_share", "share", "Days that end with nothing on hand.", "lower"),
    Kpi("coordinators", "people", "Managers above teams at head office, mean over the year.", "lower"),
    Kpi("lowest_cash", "yuan", "Lowest cash at the end of a month.", "higher"),
    Kpi("months_to_break_even", "months", "Months until all money spent since the start is back.", "lower"),
    Kpi("ruined", "share", "Histories in which cash falls below what the bank allows.", "lower"),
    Kpi("months_to_ruin", "months", "Months until it does, where it does.", "higher"),
    Kpi("closing_cash", "yuan", "Cash at the end of the measured period.", "higher"),
)

KPIS: dict[str, Kpi] = {kpi.name: kpi for kpi in _TABLE}
"""Every figure by name, in the order in which tables show them."""
