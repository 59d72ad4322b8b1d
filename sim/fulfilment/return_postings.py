"""From counted parcels to postings: what was lost, broken, packed wrong, refused or sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.fulfilment.plan import installation_of
from sim.scenario.packing import material_cost
from sim.scenario.picking import errors_of
from sim.scenario.segments import STORES

if TYPE_CHECKING:
    from sim.fulfilment.postings import OrderPostings
    from sim.scenario import Scenario


def refunded_nodes(scenario: Scenario) -> tuple[str, ...]:
    """Return the nodes at which shoppers get their money back."""
    nodes = ("cancelled", "lost", "refused", "broken", "return_transit")
    return nodes if errors_of(scenario) is None else (*nodes, "wrong_back")


def post_losses_and_returns(orders: OrderPostings) -> None:
    """Post refunds, goods that are gone, goods that come back, their carriage and their handling."""
    returns = orders.scenario.fulfilment.returns
    for node in refunded_nodes(orders.scenario)[1:]:
        orders.post_by_class("refunds", "receivables", orders.refund(node))
    for account, node in (("lost_parcels", "lost"), ("breakage_loss", "broken")):
        orders.post_by_class(account, "goods", orders.goods_cost(orders.counts(node, "value")))
    carried = orders.counts("refused", "entries") + orders.counts("return_transit", "entries")
    opened = orders.counts("return_transit", "value")
    if errors_of(orders.scenario) is not None:
        carried = carried + orders.counts("wrong", "entries")
        opened = opened + orders.counts("wrong_back", "value")
        _post_exchanges(orders)
    _post_goods_back(orders, opened)
    online = np.array([c.segment.channel != STORES for c in orders.classes])
    orders.post_by_class("return_freight", "cash", carried * returns.freight_cost * online)
    orders.post_by_class("return_handling", "cash", carried * returns.handling_cost)


def _post_goods_back(orders: OrderPostings, opened: np.ndarray) -> None:
    """Post what goods that came back are worth: refused ones are unopened, of the others a share is resold.

    With hands that refurbish, opened goods are worth nothing until they have gone through these hands.
    """
    resale = orders.scenario.products.resale_share
    refused = orders.counts("refused", "value")
    if orders.scenario.fulfilment.returns.refurbishment is None:
        orders.post_by_class("stock", "goods", orders.goods_cost(refused + opened * resale))
        orders.post_by_class("return_writedown", "goods", orders.goods_cost(opened) * (1.0 - resale))
        return
    orders.post_by_class("stock", "goods", orders.goods_cost(refused))
    orders.post_by_class("return_writedown", "goods", orders.goods_cost(opened))
    again = orders.goods_cost(orders.counts("refurbished", "value")) * resale
    orders.post_by_class("stock", "return_writedown", again)


def _post_exchanges(orders: OrderPostings) -> None:
    """Post second parcels, and the loss of value of goods that were sent by mistake and come back."""
    each = orders.prices[:, None] + material_cost(orders.scenario)
    orders.post_by_class("reshipments", "cash", orders.counts("replaced", "entries") * each)
    exchanged = orders.counts("wrong", "value") - orders.counts("wrong_back", "value")
    lost_value = orders.goods_cost(exchanged) * (1.0 - orders.scenario.products.resale_share)
    orders.post_by_class("return_writedown", "stock", lost_value)


def post_installation(orders: OrderPostings) -> None:
    """Post what customers pay for finished installations; crews are paid by the hour."""
    rules = installation_of(orders.scenario)
    if rules is not None:
        done = orders.counts("installed", "entries")
        orders.post_by_class("cash", "installation_fees", done * rules.fee)
