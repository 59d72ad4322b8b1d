"""The chart of accounts: every place where a yuan can be, and the bucket it is shown in.

Balances are *debit minus credit* everywhere in the project: assets and expenses are positive, liabilities,
equity and income negative. A group is one bucket of a statement or a waterfall. The accounts of a pickup
layer exist once; which layer a posting belongs to is a field of the posting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sim.money.errors import UnknownAccountError, nearest

Kind = Literal["asset", "liability", "equity", "income", "expense"]

BALANCE_KINDS: tuple[Kind, ...] = ("asset", "liability", "equity")
"""Kinds that carry over from one period to the next; the others make the profit."""

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "sales": "Net sales",
        "goods": "Goods",
        "platform": "Platform and payment",
        "traffic": "Traffic",
        "warehouse": "Warehouse",
        "transport": "Line-haul",
        "last_mile": "Last mile",
        "pickup": "Pickup layers",
        "losses": "Breakage and loss",
        "returns": "Returns",
        "service": "Service",
        "channel": "Channel teams",
        "stores": "Stores",
        "overhead": "Head office",
        "financing": "Financing",
        "balance": "Balance sheet",
    }
)
"""Buckets in the order of a statement, with the title shown to readers."""


@dataclass(frozen=True)
class Account:
    """One account of the chart.

    Attributes
    ----------
    name
        Stable name used in postings and result files.
    kind
        Whether it is an asset, a liability, equity, income or an expense.
    group
        Bucket of statements and waterfalls, a key of :data:`GROUPS`.
    description
        What a posting on its natural side means.
    """

    name: str
    kind: Kind
    group: str
    description: str

    @property
    def title(self) -> str:
        """Name for tables: ``platform_commission`` becomes ``Platform commission``."""
        return self.name.replace("_", " ").capitalize()


_ACCOUNTS = (
    Account("cash", "asset", "balance", "Money in the bank; below zero it is an overdraft."),
    Account(
        "receivables", "asset", "balance", "Sales that a platform or payment provider has yet to pay out."
    ),
    Account("deposits", "asset", "balance", "Refundable deposits held by platforms."),
    Account("stock", "asset", "balance", "Goods on hand or on the way, at purchase cost."),
    Account("equipment", "asset", "balance", "Fit-out of stores, shops, pickup cabinets, less wear."),
    Account("payables", "liability", "balance", "Goods received and not yet paid."),
    Account(
        "refunds_due", "liability", "balance", "Money owed to shoppers for returned, refused or lost orders."
    ),
    Account("owners_equity", "equity", "balance", "What the owners put in."),
    Account("sales", "income", "sales", "Orders at the reference price."),
    Account("refunds", "income", "sales", "Money given back to shoppers (reduces sales)."),
    Account("discounts", "income", "sales", "Reference price minus price paid (reduces sales)."),
    Account("goods", "expense", "goods", "Purchase cost of the goods sold."),
    Account(
        "stock_writedown", "expense", "goods", "Value that goods lost on the shelf, by lower prices and age."
    ),
    Account("platform_commission", "expense", "platform", "The platform's share of sales."),
    Account("payment_cost", "expense", "platform", "The payment provider's share of sales."),
    Account(
        "platform_fee", "expense", "platform", "Yearly fees of platforms, after refunds earned by sales."
    ),
    Account("traffic_clicks", "expense", "traffic", "Visits bought one by one."),
    Account("traffic_commission", "expense", "traffic", "Share of sales paid to whoever sent the buyer."),
    Account("traffic_mail", "expense", "traffic", "Mails to customers."),
    Account("traffic_film", "expense", "traffic", "Making and placing a film meant to go viral."),
    Account("traffic_print", "expense", "traffic", "Print and delivery of posters and catalogues."),
    Account(
        "offer_compensation", "expense", "traffic", "Printed terms honoured after they had ceased to hold."
    ),
    Account(
        "rule_specialists", "expense", "traffic", "People who study a platform's rules to be found there."
    ),
    Account("picking_wages", "expense", "warehouse", "Paid hours of packers, busy or idle."),
    Account("packing_material", "expense", "warehouse", "Boxes and padding."),
    Account("warehouse_rent", "expense", "warehouse", "Floor of the warehouse."),
    Account("line_haul", "expense", "transport", "Courier price without the trip to the door."),
    Account("last_mile", "expense", "last_mile", "The courier's trip to the door."),
    Account(
        "failed_attempts",
        "expense",
        "last_mile",
        "Trips to the door that found nobody, and the calls after them.",
    ),
    Account("fleet_drivers", "expense", "last_mile", "Paid hours of own drivers, busy or idle."),
    Account("fleet_vans", "expense", "last_mile", "Own vans by the day."),
    Account("fleet_kilometres", "expense", "last_mile", "Fuel and wear of own vans."),
    Account("pickup_drop", "expense", "pickup", "Bringing parcels to a point together with others."),
    Account("pickup_attendants", "expense", "pickup", "Paid hours of attendants."),
    Account("pickup_sites", "expense", "pickup", "Rent of the points."),
    Account("pickup_capital", "expense", "pickup", "Wear of cabinets and signs, written off evenly."),
    Account("pickup_running", "expense", "pickup", "Power, service and repairs of the points."),
    Account("pickup_fees", "expense", "pickup", "Fee per parcel to the owner of the point."),
    Account("pickup_commission", "expense", "pickup", "Share of sales to whoever sells and hands over."),
    Account("pickup_hiring", "expense", "pickup", "Finding and training attendants or partners."),
    Account("pickup_supervision", "expense", "pickup", "Area managers."),
    Account("pickup_exceptions", "expense", "pickup", "Disputed, misplaced and missing parcels."),
    Account(
        "pickup_redirects",
        "expense",
        "pickup",
        "Parcels sent on to the door because a point was full or shut.",
    ),
    Account("pickup_shopper_fees", "income", "pickup", "Paid by shoppers for collecting (reduces cost)."),
    Account("pickup_overdue_income", "income", "pickup", "Paid by shoppers who collect late (reduces cost)."),
    Account(
        "pickup_recharge", "income", "pickup", "Paid by other merchants for their parcels (reduces cost)."
    ),
    Account("breakage_loss", "expense", "losses", "Goods broken on the way."),
    Account("lost_parcels", "expense", "losses", "Goods lost on the way."),
    Account("return_freight", "expense", "returns", "Carriage of what comes back."),
    Account("return_handling", "expense", "returns", "Inspection and refurbishment."),
    Account("reshipments", "expense", "returns", "Second parcels for what was packed wrong or short."),
    Account("return_writedown", "expense", "returns", "Value that returned goods have lost."),
    Account("service_wages", "expense", "service", "Paid hours of service agents, busy or idle."),
    Account("presale_wages", "expense", "service", "Paid hours of agents who answer before a sale."),
    Account("guarantees", "expense", "service", "Guarantees that lend trust to an own mall."),
    Account("goodwill", "expense", "service", "Winning back buyers whose order went badly."),
    Account(
        "oversold_orders", "expense", "service", "Fines and apologies for orders cancelled for want of stock."
    ),
    Account("quality_projects", "expense", "overhead", "Projects against causes of complaints."),
    Account("system_link", "expense", "overhead", "System that links shops, purchasing and stock."),
    Account("team_training", "expense", "channel", "Extra pay and training of those who run shops."),
    Account("experience_spend", "expense", "overhead", "Looking after choice, content and ease of use."),
    Account("admission_filter", "expense", "channel", "People and data that keep bargain seekers out."),
    Account("data_analysts", "expense", "channel", "People and tools that work on an own mall's data."),
    Account("installation_wages", "expense", "service", "Paid hours of installation crews, busy or idle."),
    Account("installation_fees", "income", "service", "Paid by customers for installation (reduces cost)."),
    Account("channel_team", "expense", "channel", "People who run a channel."),
    Account("channel_running", "expense", "channel", "Hosting, upkeep and the like."),
    Account("channel_build", "expense", "channel", "Wear of a shop that the brand has built."),
    Account("channel_servers", "expense", "channel", "Capacity of the brand's own servers, used or idle."),
    Account("store_rent", "expense", "stores", "Rent of the stores."),
    Account("store_wages", "expense", "stores", "People in the stores."),
    Account("store_fitout", "expense", "stores", "Wear of the stores' fit-out."),
    Account("dealer_margin", "expense", "stores", "Dealers' share of what shoppers paid in their stores."),
    Account("dealer_subsidy", "expense", "stores", "Paid to dealers for showing, advice and service."),
    Account("head_office", "expense", "overhead", "Running the brand."),
    Account("overhead_steps", "expense", "overhead", "Lumps of fixed cost that volume has called for."),
    Account("coordination", "expense", "overhead", "Managers above teams."),
    Account("interest", "expense", "financing", "Price of the money tied up."),
    Account("overdraft_interest", "expense", "financing", "What the bank charges for an overdraft."),
)

CHART: Mapping[str, Account] = MappingProxyType({account.name: account for account in _ACCOUNTS})
"""Every account by name, in the order of a statement."""


def account(name: str) -> Account:
    """Return the account called ``name``.

    Raises
    ------
    UnknownAccountError
        If the chart has no such account; the message names the nearest one.
    """
    try:
        return CHART[name]
    except (KeyError, TypeError):
        raise UnknownAccountError(
            f"unknown account {name!r}.{nearest(str(name), CHART) or ' See sim.money.CHART for all of them.'}"
        ) from None


def accounts_in(*groups: str) -> tuple[str, ...]:
    """Return the names of the accounts in one or more groups, in statement order.

    Examples
    --------
    >>> accounts_in("goods", "transport")
    ('goods', 'stock_writedown', 'line_haul')
    """
    for group in groups:
        if group not in GROUPS:
            raise UnknownAccountError(
                f"unknown group {group!r}.{nearest(group, GROUPS)} Allowed: {', '.join(GROUPS)}."
            )
    return tuple(name for name, found in CHART.items() if found.group in groups)


COST_ACCOUNTS: tuple[str, ...] = tuple(
    name for name, found in CHART.items() if found.group not in ("sales", "financing", "balance")
)
"""Accounts that make up cost per order: all of the profit and loss but net sales and financing."""

SALES_ACCOUNTS: tuple[str, ...] = accounts_in("sales")
"""Accounts that make up net sales."""

CONTRIBUTION_ACCOUNTS: tuple[str, ...] = (*SALES_ACCOUNTS, *COST_ACCOUNTS)
"""Accounts that make up contribution, the profit before financing."""


def total_cost(amounts: Mapping[str, float]) -> float:
    """Sum the cost accounts of a mapping of account to amount (debit positive), in the mapping's own unit."""
    return sum(amounts.get(name, 0) for name in COST_ACCOUNTS)


def net_sales(amounts: Mapping[str, float]) -> float:
    """Sales less refunds and discounts of a mapping of account to amount (debit positive): above zero."""
    return -sum(amounts.get(name, 0) for name in SALES_ACCOUNTS)


def contribution(amounts: Mapping[str, float]) -> float:
    """Profit before financing of a mapping of account to amount (debit positive), positive for a profit."""
    return -sum(amounts.get(name, 0) for name in CONTRIBUTION_ACCOUNTS)


def by_group(amounts: Mapping[str, float]) -> dict[str, float]:
    """Sum a mapping of account to amount by group, in statement order; groups without an entry are left out.

    Examples
    --------
    >>> by_group({"goods": 60.0, "failed_attempts": 0.5, "last_mile": 1.5})
    {'goods': 60.0, 'last_mile': 2.0}
    """
    sums: dict[str, float] = {}
    for group in GROUPS:
        inside = [amounts[name] for name in accounts_in(group) if name in amounts]
        if inside:
            sums[group] = sum(inside)
    return sums
