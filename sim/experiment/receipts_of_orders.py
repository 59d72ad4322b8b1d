"""What one order caused in the books: its receipt.

The books hold sums. A receipt gives each order its part of every sum that has a channel and a source, in
proportion to what the posting is made of: parcels, trips, list value, what was kept. Where every parcel costs
the same, the part is exactly what this order cost (``caused``); where hours, visits or points are paid, it
is an even share of them (``share``). Over all orders the parts add up to the books. What has no source
(rents, teams, head office) belongs to no order and stands on no receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.money.accounts import CHART, GROUPS
from sim.scenario.segments import STORES

if TYPE_CHECKING:
    import pandas as pd

    from sim.run import Run
    from sim.scenario import Scenario

Weights = Callable[["pd.DataFrame", "Scenario"], Any]
FEN_PER_YUAN = 100.0


@dataclass(frozen=True)
class Driver:
    """What a posting is shared out by.

    Attributes
    ----------
    weigh
        Weight of each order; zero where the order has no part in it.
    at
        Step of the order at which it falls due, a node of the flow network.
    is_share
        Whether time, visits or places are paid, so that an order bears an even share.
    """

    weigh: Weights
    at: str
    is_share: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a receipt.

    Attributes
    ----------
    debit, credit
        Accounts of the posting.
    account, group
        The account of the profit and loss that it moves, and its group.
    yuan
        The order's part; below zero where a posting is taken back.
    at
        Step of the order at which it falls due.
    is_share
        See :class:`Driver`.
    """

    debit: str
    credit: str
    account: str
    group: str
    yuan: float
    at: str
    is_share: bool

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def came(orders: pd.DataFrame, *nodes: str) -> Any:
    """Return whether each order entered one of some nodes."""
    return np.any([orders[f"{node}_h"].notna() for node in nodes], axis=0)


def times(orders: pd.DataFrame, *nodes: str) -> Any:
    """Return how many of some nodes each order entered."""
    return np.sum([orders[f"{node}_h"].notna() for node in nodes], axis=0)


def _at(*nodes: str, by: str = "") -> Weights:
    """Weigh orders by how many of some nodes they entered: alike, or by a column."""
    return lambda orders, _: times(orders, *nodes) * (orders[by] if by else 1.0)


def _all(by: str = "") -> Weights:
    return lambda orders, _: orders[by] if by else np.ones(len(orders))


_LIST, _REFERENCE = "value_yuan", "reference_value_yuan"
_REFUNDED = ("cancelled", "lost", "refused", "broken", "return_transit", "wrong_back")


def _kept(orders: pd.DataFrame, _: Scenario) -> Any:
    return orders[_LIST] * ~came(orders, *_REFUNDED)


def _taken_from_stock(orders: pd.DataFrame, _: Scenario) -> Any:
    return orders[_REFERENCE] * ~came(orders, "cancelled")


def _freight(orders: pd.DataFrame, _: Scenario) -> Any:
    return times(orders, "refused", "return_transit", "wrong") * (orders["channel"] != STORES)


def _back_in_stock(orders: pd.DataFrame, scenario: Scenario) -> Any:
    """Weigh goods that can be sold again: refused ones, and opened ones as far as nobody refurbishes them."""
    opened = times(orders, "return_transit", "wrong_back") * scenario.products.resale_share
    if scenario.fulfilment.returns.refurbishment is not None:
        opened = 0.0 * opened
    return orders[_REFERENCE] * (times(orders, "refused") + opened)


def _exchanged(orders: pd.DataFrame, _: Scenario) -> Any:
    return orders[_REFERENCE] * (times(orders, "wrong") - times(orders, "wrong_back"))


def _last_mile(orders: pd.DataFrame, scenario: Scenario) -> Any:
    """Weigh parcels by what the courier charges for their last mile: less where a point takes them."""
    price = scenario.fulfilment.courier.last_mile_cost
    less = {name: getattr(scenario.pickup, name).tariff_discount for name in orders["layer"].unique() if name}
    return came(orders, "line_haul") * (price - orders["layer"].map(less).fillna(0.0))


def _at_depot(orders: pd.DataFrame) -> Any:
    return (orders["layer"] != "") & came(orders, "line_haul") & ~came(orders, "lost")


def _depot(orders: pd.DataFrame, _: Scenario) -> Any:
    return _at_depot(orders).astype(float)


def _collected(orders: pd.DataFrame, _: Scenario) -> Any:
    return _at_depot(orders) & ~orders["redirected"]


def _chats(orders: pd.DataFrame, _: Scenario) -> Any:
    return orders["asked_first"].astype(float)


_EACH = Driver(_all(), "placed", is_share=True)
_POINT = Driver(_depot, "line_haul", is_share=True)
DRIVERS: Mapping[tuple[str, str], Driver] = {
    ("receivables", "sales"): Driver(_all(_REFERENCE), "placed"),
    ("discounts", "receivables"): Driver(_all(_REFERENCE), "placed"),
    ("refunds", "receivables"): Driver(_at(*_REFUNDED, by=_LIST), "end"),
    ("goods", "stock"): Driver(_taken_from_stock, "goods"),
    ("stock", "goods"): Driver(_back_in_stock, "end"),
    ("lost_parcels", "goods"): Driver(_at("lost", by=_REFERENCE), "lost"),
    ("breakage_loss", "goods"): Driver(_at("broken", by=_REFERENCE), "broken"),
    ("return_writedown", "goods"): Driver(
        _at("return_transit", "wrong_back", by=_REFERENCE), "return_transit"
    ),
    ("return_writedown", "stock"): Driver(_exchanged, "wrong"),
    ("stock", "return_writedown"): Driver(_at("refurbished", by=_REFERENCE), "refurbished"),
    ("platform_commission", "receivables"): Driver(_kept, "placed"),
    ("payment_cost", "receivables"): Driver(_kept, "placed"),
    ("traffic_commission", "receivables"): Driver(_kept, "placed"),
    ("dealer_margin", "receivables"): Driver(_kept, "placed"),
    ("picking_wages", "cash"): Driver(_at("pick_pack"), "pick_pack", is_share=True),
    ("packing_material", "cash"): Driver(_at("pick_pack"), "pick_pack"),
    ("line_haul", "cash"): Driver(_at("line_haul"), "line_haul"),
    ("last_mile", "cash"): Driver(_last_mile, "line_haul"),
    ("failed_attempts", "cash"): Driver(_at("failed_trip"), "failed_trip"),
    ("fleet_drivers", "cash"): Driver(_at("door_trip"), "door_trip", is_share=True),
    ("fleet_vans", "cash"): Driver(_at("door_trip"), "door_trip", is_share=True),
    ("fleet_kilometres", "cash"): Driver(_at("door_trip"), "door_trip", is_share=True),
    ("pickup_drop", "cash"): Driver(_depot, "line_haul"),
    ("pickup_redirects", "cash"): Driver(lambda o, _: o["redirected"].astype(float), "door_trip"),
    ("pickup_fees", "cash"): Driver(_collected, "delivered", is_share=True),
    ("pickup_exceptions", "cash"): Driver(
        lambda o, _: o["exceptions"].astype(float), "delivered", is_share=True
    ),
    ("pickup_commission", "cash"): Driver(_kept, "delivered"),
    ("cash", "pickup_shopper_fees"): Driver(_collected, "delivered"),
    ("reshipments", "cash"): Driver(_at("replaced"), "replaced"),
    ("return_freight", "cash"): Driver(_freight, "end"),
    ("return_handling", "cash"): Driver(_at("refused", "return_transit", "wrong"), "end"),
    ("service_wages", "cash"): Driver(_at("service"), "service", is_share=True),
    ("presale_wages", "cash"): Driver(_chats, "placed", is_share=True),
    ("goodwill", "cash"): Driver(_at("broken", "lost"), "end"),
    ("oversold_orders", "cash"): Driver(_at("cancelled"), "cancelled"),
    ("installation_wages", "cash"): Driver(_at("installation"), "installation", is_share=True),
    ("cash", "installation_fees"): Driver(_at("installed"), "installed"),
}
"""Postings by debit and credit; all others with a source are shared by all orders of it, or by all that were
sent to a pickup layer where they belong to one."""


def driver_of(debit: str, credit: str, layer: str) -> Driver:
    """Return what a posting is shared out by."""
    return DRIVERS.get((debit, credit), _POINT if layer else _EACH)


def profit_account(debit: str, credit: str) -> str:
    """Return the account of the profit and loss that a posting moves; empty where it moves none.

    Of two such accounts it is the debited one: goods become breakage.

    >>> profit_account("line_haul", "cash"), profit_account("receivables", "sales")
    ('line_haul', 'sales')
    """
    for name in (debit, credit):
        if CHART[name].group != "balance":
            return name
    return ""


class Receipts:
    """The receipts of all measured orders of one history.

    Parameters
    ----------
    scenario
        What was simulated.
    run
        What came out, simulated with ``log=True``.

    Raises
    ------
    ValueError
        If the run has no table of orders.
    """

    def __init__(self, scenario: Scenario, run: Run) -> None:
        if run.orders is None:
            raise ValueError("receipts need the table of orders: simulate with log=True")
        self._scenario = scenario
        self.orders = run.orders
        self._sums: dict[tuple[str, str, str, str, str], float] = {}
        for entry in run.ledger.entries:
            if entry.source:
                key = (entry.debit, entry.credit, entry.channel, entry.source, entry.layer)
                self._sums[key] = self._sums.get(key, 0.0) + entry.fen / FEN_PER_YUAN

    def parts(
        self, channel: str, source: str, account: str = ""
    ) -> Iterator[tuple[tuple[str, str], Driver, pd.Series]]:
        """Yield postings of a channel and source with each order's part in yuan.

        Parameters
        ----------
        channel, source
            Where the orders come from.
        account
            Only postings from or to this account.

        Yields
        ------
        tuple
            Debit and credit, what it was shared by, and yuan by the index of the orders concerned.
        """
        mine = self.orders[(self.orders["channel"] == channel) & (self.orders["source"] == source)]
        for (debit, credit, of, whence, layer), yuan in self._sums.items():
            if (of, whence) != (channel, source) or (account and account not in (debit, credit)):
                continue
            if not profit_account(debit, credit):
                continue
            concerned = mine[mine["layer"] == layer] if layer else mine
            driver = driver_of(debit, credit, layer)
            weights = concerned[_LIST] * 0.0 + driver.weigh(concerned, self._scenario)
            if len(concerned) and weights.sum() <= 0:
                # Paid, though no order of this source came by: agents answered people who left.
                driver, weights = _EACH, weights + 1.0
            if len(concerned):
                yield (debit, credit), driver, weights * (yuan / weights.sum())

    def of(self, place: int) -> list[Line]:
        """Return the receipt of the order at a place of the table, in the order of a statement."""
        order = self.orders.loc[place]
        found = []
        for (debit, credit), driver, parts in self.parts(order["channel"], order["source"]):
            yuan = float(parts.get(place, 0.0))
            if yuan != 0.0:
                account = profit_account(debit, credit)
                group = CHART[account].group
                found.append(Line(debit, credit, account, group, yuan, driver.at, driver.is_share))
        rank = {name: number for number, name in enumerate(CHART)}
        groups = list(GROUPS)
        return sorted(found, key=lambda line: (groups.index(line.group), rank[line.account], line.credit))

    def of_account(self, account: str, channel: str, most: int) -> list[tuple[int, float]]:
        """Return places and parts of orders that an account was moved by, the largest of each source first.

        Parameters
        ----------
        account
            Account of the profit and loss; a debit counts up, a credit down.
        channel
            Channel of the orders; empty for all of them.
        most
            How many at most, spread over sources.
        """
        import pandas as pd

        tables: list[Any] = []
        pairs = self.orders[["channel", "source"]].drop_duplicates().itertuples(index=False, name=None)
        for of, source in pairs:
            if channel and of != channel:
                continue
            total = pd.Series(dtype=float)
            for (debit, _), _, parts in self.parts(of, source, account):
                total = total.add(parts if debit == account else -parts, fill_value=0.0)
            total = total[total.abs() > 0.0]
            if len(total):
                tables.append(total)
        tables.sort(key=lambda one: -float(one.abs().sum()))
        picked = [
            (int(place), float(one.loc[place]))
            for rank in range(most)
            for one in tables
            for place in one.index[rank : rank + 1]
        ]
        return picked[:most]


def left_by(lines: list[Line]) -> float:
    """Return what an order leaves before financing and before what belongs to no order, in yuan."""
    total = 0.0
    for line in lines:
        sides = ((line.credit, 1.0), (line.debit, -1.0))
        total += sum(sign * line.yuan for name, sign in sides if CHART[name].group != "balance")
    return total
