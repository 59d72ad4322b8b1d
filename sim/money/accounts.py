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
    Account("payables", "liability", "balance", "Goods received and not yet paid."),
    Account(
        "refunds_due", "liability", "balance", "Money owed to shoppers for returned, refused or lost orders."
    ),
    Account("owners_equity", "equity", "balance", "What the owners put in."),
    Account("sales", "income", "sales", "Orders at the reference price."),
    Account("refunds", "income", "sales", "Money given back to shoppers (reduces sales)."),
    Account("discounts", "income", "sales", "Reference price minus price paid (reduces sales)."),
    Account("goods", "expense", "goods", "Purchase cost of the goods sold."),
    Account("platform_commission", "expense", "platform", "The platform's share of sales."),
    Account("payment_cost", "expense", "platform", "The payment provider's share of sales."),
    Account(
        "platform_fee", "expense", "platform", "Yearly fees of platforms, after refunds earned by sales."
    ),
    Account("traffic_clicks", "expense", "traffic", "Visits bought one by one."),
    Account("traffic_commission", "expense", "traffic", "Share of sales paid to whoever sent the buyer."),
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
    Account("pickup_drop", "expense", "pickup", "Bringing parcels to a point together with others."),
    Account("pickup_attendants", "expense", "pickup", "Paid hours of attendants."),
    Account("pickup_sites", "expense", "pickup", "Rent of the points."),
    Account("pickup_fees", "expense", "pickup", "Fee per parcel to the owner of the point."),
    Account("pickup_hiring", "expense", "pickup", "Finding and training attendants or partners."),
    Account("pickup_supervision", "expense", "pickup", "Area managers."),
    Account("pickup_exceptions", "expense", "pickup", "Disputed, misplaced and missing parcels."),
    Account(
        "pickup_redirects",
        "expense",
        "pickup",
        "Parcels sent on to the door because a point was full or shut.",
    ),
    Account(
        "pickup_recharge", "income", "pickup", "Paid by other merchants for their parcels (reduces cost)."
    ),
    Account("breakage_loss", "expense", "losses", "Goods broken on the way."),
    Account("lost_parcels", "expense", "losses", "Goods lost on the way."),
    Account("return_freight", "expense", "returns", "Carriage of what comes back."),
    Account("return_handling", "expense", "returns", "Inspection and refurbishment."),
    Account("return_writedown", "expense", "returns", "Value that returned goods have lost."),
    Account("service_wages", "expense", "service", "Paid hours of service agents, busy or idle."),
    Account("channel_team", "expense", "channel", "People who run a channel."),
    Account("channel_running", "expense", "channel", "Hosting, upkeep and the like."),
    Account("store_rent", "expense", "stores", "Rent of the stores."),
    Account("store_wages", "expense", "stores", "People in the stores."),
    Account("head_office", "expense", "overhead", "Running the brand."),
    Account("interest", "expense", "financing", "Price of the money tied up."),
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
    >>> accounts_in("transport", "last_mile")
    ('line_haul', 'last_mile', 'failed_attempts')
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

CONTRIBUTION_ACCOUNTS: tuple[str, ...] = (*accounts_in("sales"), *COST_ACCOUNTS)
"""Accounts that make up contribution, the profit before financing."""


def total_cost(amounts: Mapping[str, float]) -> float:
    """Sum the cost accounts of a mapping of account to amount (debit positive), in the mapping's own unit."""
    return sum(amounts.get(name, 0) for name in COST_ACCOUNTS)


def net_sales(amounts: Mapping[str, float]) -> float:
    """Sales less refunds and discounts of a mapping of account to amount (debit positive): above zero."""
    return -sum(amounts.get(name, 0) for name in accounts_in("sales"))


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
