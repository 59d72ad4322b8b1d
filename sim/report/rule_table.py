"""By which rule each account is moved: the table.

The rules are those of docs/model.md, one sentence each. ``{channel}``, ``{layer}`` and ``{source}`` stand for
every one of them that a scenario has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """How an account comes to its amount.

    Attributes
    ----------
    words
        The equation, in words.
    paths
        Where its assumptions stand; the first moves the account most directly.
    where
        File of the program that applies it.
    """

    words: str
    paths: tuple[str, ...]
    where: str


_ORDERS, _BACK = "sim/fulfilment/postings.py", "sim/fulfilment/return_postings.py"
_CALENDAR, _TAKE = "sim/management/postings.py", "sim/market/postings.py"
_STAFF, _POINTS = "sim/management/staffing.py", "sim/management/points.py"
_BASKETS = ("products.basket_online", "products.basket_store")

RULES: Mapping[str, Rule] = {
    "sales": Rule("list value of the order / price index of its channel", _BASKETS, _ORDERS),
    "refunds": Rule(
        "what was paid for orders that were cancelled, lost, refused, broken or sent back",
        ("products.return_rate", "fulfilment.breakage_per_handover", "fulfilment.courier.given_up_rate"),
        _BACK,
    ),
    "discounts": Rule(
        "value at the reference price - price paid, promotions included",
        ("channels.{channel}.price_index", "market.peak.discount", "market.second_peak.discount"),
        _ORDERS,
    ),
    "goods": Rule(
        "(1 - margin) x tier factor of the year's units x value at the reference price; taken back for goods"
        " that can be sold again",
        ("products.gross_margin", "products.purchase_tiers", "products.resale_share"),
        _ORDERS,
    ),
    "stock_writedown": Rule(
        "goods on hand x fall of prices, and goods grown old x markdown",
        ("products.price_decline_per_year", "products.stock"),
        "sim/management/stock_age.py",
    ),
    "platform_commission": Rule(
        "commission x what shoppers paid and did not get back", ("channels.{channel}.commission",), _TAKE
    ),
    "payment_cost": Rule(
        "payment cost x what shoppers paid and did not get back", ("channels.{channel}.payment_cost",), _TAKE
    ),
    "platform_fee": Rule(
        "fee of the year - refund at the level of sales that was reached",
        ("channels.{channel}.annual_fee", "channels.{channel}.refund_tiers"),
        _TAKE,
    ),
    "traffic_clicks": Rule(
        "visits x price of a visit; where visits are auctioned, the mean of the rival bids that were beaten",
        ("market.sources.{source}.cost_per_visit", "market.sources.{source}.auction"),
        _TAKE,
    ),
    "traffic_commission": Rule(
        "commission x what the sent shoppers paid and did not get back",
        ("market.sources.{source}.commission_on_sales", "market.rebate"),
        _TAKE,
    ),
    "traffic_mail": Rule("mails x cost of a mail", ("market.email",), "sim/market/forces/email.py"),
    "traffic_film": Rule(
        "cost of the film, once", ("market.awareness.film",), "sim/market/forces/awareness.py"
    ),
    "traffic_print": Rule(
        "printed pieces x cost of a piece", ("market.print_media",), "sim/market/forces/print_media.py"
    ),
    "offer_compensation": Rule(
        "outdated offers that were honoured x compensation",
        ("market.print_media",),
        "sim/market/forces/print_media.py",
    ),
    "rule_specialists": Rule(
        "budget for learning a platform's rules, by the calendar",
        ("market.rule_craft",),
        "sim/market/forces/rule_craft.py",
    ),
    "picking_wages": Rule(
        "people x hours of a shift x wage, busy or idle; people = work expected / (shift x utilisation"
        " aimed at)",
        (
            "fulfilment.warehouse.wage_per_hour",
            "fulfilment.warehouse.pick_pack_minutes",
            "fulfilment.warehouse.target_utilisation",
        ),
        _STAFF,
    ),
    "packing_material": Rule(
        "parcels packed x cost of the box", ("fulfilment.warehouse.packing_material_cost",), _ORDERS
    ),
    "warehouse_rent": Rule(
        "(base area + area per daily order x orders a day + area of goods on hand) x rent x days",
        (
            "fulfilment.warehouse.rent_per_m2_day",
            "fulfilment.warehouse.base_area_m2",
            "fulfilment.warehouse.area_m2_per_daily_order",
            "products.stock.area_m2_per_thousand_units",
        ),
        _CALENDAR,
    ),
    "line_haul": Rule(
        "parcels x (tariff at the month's parcels - last mile)",
        ("fulfilment.courier.tariff_tiers", "fulfilment.courier.last_mile_cost"),
        _ORDERS,
    ),
    "last_mile": Rule(
        "parcels x (last mile - discount of the pickup layer)",
        ("fulfilment.courier.last_mile_cost", "pickup.{layer}.tariff_discount"),
        _ORDERS,
    ),
    "failed_attempts": Rule(
        "trips that found nobody x (last mile + call)",
        (
            "fulfilment.courier.failed_attempt_cost",
            "fulfilment.courier.failed_attempt_rate",
            "fulfilment.courier.last_mile_cost",
        ),
        _ORDERS,
    ),
    "fleet_drivers": Rule(
        "vans on the road x hours of a shift x wage",
        ("fulfilment.fleet.driver_wage_per_hour", "fulfilment.fleet"),
        "sim/management/fleet.py",
    ),
    "fleet_vans": Rule(
        "vans on the road x price of a day",
        ("fulfilment.fleet.van_cost_per_day", "fulfilment.fleet"),
        "sim/management/fleet.py",
    ),
    "fleet_kilometres": Rule(
        "kilometres of the tours x cost of a kilometre",
        ("fulfilment.fleet.van_cost_per_km", "fulfilment.fleet"),
        "sim/management/fleet.py",
    ),
    "pickup_drop": Rule("parcels brought to points x drop", ("pickup.{layer}.bulk_drop_cost",), _ORDERS),
    "pickup_attendants": Rule(
        "each point and month: the larger of hours on the roster and hours of handing over, x wage",
        (
            "pickup.{layer}.attendant_wage_per_hour",
            "pickup.{layer}.attendant_hours_per_day",
            "pickup.{layer}.handover_minutes",
        ),
        _POINTS,
    ),
    "pickup_sites": Rule(
        "points x days x site fee", ("pickup.{layer}.site_fee_per_day", "pickup.{layer}.points"), _POINTS
    ),
    "pickup_capital": Rule(
        "points x days x capital / life / 365",
        ("pickup.{layer}.capital_per_point", "pickup.{layer}.life_years"),
        _POINTS,
    ),
    "pickup_running": Rule(
        "points x days x upkeep / 365", ("pickup.{layer}.running_cost_per_point_year",), _POINTS
    ),
    "pickup_fees": Rule(
        "parcels collected, those of other merchants too, x fee", ("pickup.{layer}.fee_per_parcel",), _ORDERS
    ),
    "pickup_commission": Rule(
        "commission x what shoppers of the layer paid and did not get back",
        ("pickup.{layer}.commission_on_sales",),
        _ORDERS,
    ),
    "pickup_hiring": Rule(
        "people hired x cost of a hire",
        ("pickup.{layer}.hire_cost", "pickup.{layer}.attrition_per_month"),
        _POINTS,
    ),
    "pickup_supervision": Rule(
        "managers of each level x months x wage; managers = points / span, rounded up, level by level",
        (
            "pickup.{layer}.supervision.wage_per_month",
            "pickup.{layer}.supervision.span",
            "pickup.{layer}.supervision.level_wage_factor",
        ),
        "sim/management/hierarchy.py",
    ),
    "pickup_exceptions": Rule(
        "disputed parcels, those of other merchants too, x cost",
        ("pickup.{layer}.exception_cost", "pickup.{layer}.exception_rate"),
        _ORDERS,
    ),
    "pickup_redirects": Rule(
        "parcels sent on to the door x last mile",
        ("fulfilment.courier.last_mile_cost", "pickup.{layer}.shelf_places"),
        _ORDERS,
    ),
    "pickup_shopper_fees": Rule(
        "- parcels collected x fee that the shopper pays", ("pickup.{layer}.shopper_fee",), _ORDERS
    ),
    "pickup_overdue_income": Rule(
        "- all parcels at the points x mean fee of late collectors",
        ("pickup.{layer}.overdue_fee", "pickup.{layer}.overdue_free_hours"),
        "sim/management/overdue.py",
    ),
    "pickup_recharge": Rule(
        "- recharge x cost of the points x others' parcels / all parcels",
        ("pickup.{layer}.background_recharge", "pickup.{layer}.background_parcels_per_point_day"),
        _CALENDAR,
    ),
    "breakage_loss": Rule(
        "purchase cost of what broke",
        ("fulfilment.breakage_per_handover", "fulfilment.handovers_to_door"),
        _BACK,
    ),
    "lost_parcels": Rule("purchase cost of what was lost", ("fulfilment.courier.lost_rate",), _BACK),
    "return_freight": Rule(
        "parcels that come back x freight", ("fulfilment.returns.freight_cost", "products.return_rate"), _BACK
    ),
    "return_handling": Rule(
        "parcels that come back x handling, and paid hours of those who refurbish",
        ("fulfilment.returns.handling_cost", "fulfilment.returns.refurbishment", "products.return_rate"),
        _BACK,
    ),
    "reshipments": Rule(
        "second parcels x (tariff of the month + box)",
        ("fulfilment.warehouse.picking_errors.wrong_rate", "fulfilment.warehouse.picking_errors.short_rate"),
        _BACK,
    ),
    "return_writedown": Rule(
        "purchase cost of opened goods x share that cannot be sold again",
        ("products.resale_share", "products.return_rate"),
        _BACK,
    ),
    "service_wages": Rule(
        "agents x hours of a shift x wage, busy or idle",
        ("service.wage_per_month", "service.contacts_per_order", "service.handling_minutes"),
        _STAFF,
    ),
    "presale_wages": Rule(
        "agents before the sale x hours of a shift x wage, busy or idle",
        ("service.presale.wage_per_month", "service.presale.ask_first", "service.presale.handling_minutes"),
        _STAFF,
    ),
    "guarantees": Rule(
        "orders of the own mall x cost of the guarantee",
        ("market.earned_trust.guarantee",),
        "sim/market/forces/trust.py",
    ),
    "goodwill": Rule(
        "broken and lost orders x cost of an apology",
        ("service.recovery",),
        "sim/market/forces/repurchase.py",
    ),
    "oversold_orders": Rule(
        "orders cancelled for want of stock x fine",
        ("management.systems.oversold_cost_per_order",),
        "sim/market/forces/integration.py",
    ),
    "installation_wages": Rule(
        "crews x people x hours of a shift x wage, busy or idle",
        ("fulfilment.installation.wage_per_hour", "fulfilment.installation"),
        _STAFF,
    ),
    "installation_fees": Rule("- installations done x fee", ("fulfilment.installation.fee",), _BACK),
    "quality_projects": Rule(
        "projects x cost of a project", ("management.quality",), "sim/management/quality.py"
    ),
    "system_link": Rule(
        "yearly cost of the link between systems",
        ("management.systems.link_cost_per_year",),
        "sim/market/forces/integration.py",
    ),
    "team_training": Rule(
        "budget of training, by the calendar",
        ("management.team.training",),
        "sim/market/forces/team_skill.py",
    ),
    "experience_spend": Rule(
        "budgets of choice, content and ease of use, by the calendar",
        ("market.experience",),
        "sim/market/forces/experience.py",
    ),
    "admission_filter": Rule(
        "yearly cost of the filter", ("market.admission.cost_per_year",), "sim/market/forces/admission.py"
    ),
    "data_analysts": Rule(
        "yearly cost of analysts", ("market.own_data.analyst_cost_per_year",), "sim/market/forces/own_data.py"
    ),
    "channel_team": Rule(
        "people x wage x months",
        ("channels.{channel}.team_wage_per_month", "channels.{channel}.team_size"),
        _CALENDAR,
    ),
    "channel_running": Rule(
        "yearly running cost, by the calendar", ("channels.{channel}.running_cost_per_year",), _CALENDAR
    ),
    "channel_build": Rule(
        "price of the shop / life, while it serves",
        ("channels.{channel}.build",),
        "sim/management/equipment.py",
    ),
    "channel_servers": Rule(
        "capacity x price of a year, or visits x price of rent",
        ("channels.{channel}.servers",),
        "sim/management/it.py",
    ),
    "store_rent": Rule(
        "stores x area x rent x months",
        ("channels.stores.rent_per_m2_month", "channels.stores.count", "channels.stores.area_m2"),
        _CALENDAR,
    ),
    "store_wages": Rule(
        "stores x people x wage x months",
        ("channels.stores.wage_per_month", "channels.stores.count", "channels.stores.staff_per_store"),
        _CALENDAR,
    ),
    "store_fitout": Rule(
        "stores x fit-out / life, while it serves",
        ("channels.stores.fit_out", "channels.stores.count"),
        "sim/management/equipment.py",
    ),
    "dealer_margin": Rule(
        "margin x what shoppers paid in stores and did not get back",
        ("channels.stores.dealers.margin",),
        _TAKE,
    ),
    "dealer_subsidy": Rule(
        "stores that are open x months x subsidy",
        ("channels.stores.dealers.subsidy_per_store_month",),
        "sim/market/forces/dealers.py",
    ),
    "head_office": Rule("yearly cost, by the calendar", ("management.head_office_cost_per_year",), _CALENDAR),
    "overhead_steps": Rule(
        "lumps of fixed cost that the busiest month so far calls for",
        ("management.steps",),
        "sim/management/overhead.py",
    ),
    "coordination": Rule(
        "managers above teams x wage; managers = people / span, rounded up, level by level",
        (
            "management.coordination.wage_per_month",
            "management.coordination.span",
            "management.coordination.level_wage_factor",
        ),
        "sim/management/overhead.py",
    ),
    "interest": Rule(
        "(opening stock + unpaid sales + deposits - supplier credit) x rate, if above zero",
        ("finance.capital_cost_per_year", "finance.supplier_credit_days"),
        "sim/accounting/capital.py",
    ),
    "overdraft_interest": Rule(
        "(overdraft before the month + after it) / 2 x rate",
        ("finance.overdraft_cost_per_year",),
        "sim/management/financing.py",
    ),
}
"""Rules by account of the profit and loss."""
