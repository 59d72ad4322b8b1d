"""Money with its timing: opening cash and stock, purchases, payouts by platforms, interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import DAYS_PER_YEAR
from sim.scenario.segments import STORES

if TYPE_CHECKING:
    from sim.accounting.tally import Tally
    from sim.fulfilment.postings import OrderPostings
    from sim.money import Ledger


def post_capital(tally: Tally, ledger: Ledger, orders: OrderPostings) -> None:
    """Post opening cash and stock, purchases and their payment, payouts by platforms, and interest."""
    scenario, finance = tally.scenario, tally.scenario.finance
    goods = orders.goods_cost(tally.counts("placed", "value") - tally.counts("cancelled", "value")).sum(
        axis=1
    )
    per_day = goods.sum() / tally.days.sum()
    stock_days = (scenario.products.stock.reorder_days + scenario.products.stock.order_up_to_days) / 2.0
    opening_stock = per_day * stock_days
    ledger.post("cash", "owners_equity", finance.opening_cash)
    ledger.post("stock", "owners_equity", opening_stock)
    ledger.post_array("stock", "payables", goods)
    ledger.post_array("payables", "cash", delayed(goods, tally.days, finance.supplier_credit_days))
    tied = opening_stock
    for name in type(scenario.channels).model_fields:
        channel = getattr(scenario.channels, name)
        if channel is None:
            continue
        mine = np.array([c.segment.channel == name for c in tally.classes])
        net = orders.net_value()[:, mine].sum(axis=1)
        wait = 0.0 if name == STORES else channel.settlement_days
        ledger.post_array("cash", "receivables", delayed(net, tally.days, wait), channel=name)
        tied += net.sum() / tally.days.sum() * wait + (0.0 if name == STORES else channel.deposit)
    tied -= per_day * finance.supplier_credit_days
    if tied > 0:
        ledger.post_array(
            "interest", "cash", tied * finance.capital_cost_per_year * tally.days / DAYS_PER_YEAR
        )


def delayed(amounts: np.ndarray, days: np.ndarray, delay: float) -> np.ndarray:
    """Return when amounts that arise evenly within periods are paid if payment takes ``delay`` days.

    Parameters
    ----------
    amounts
        Amounts by period; those of a period without length arise at its moment.
    days
        Lengths of the periods.
    delay
        Days until payment; what falls after the last period stays unpaid.
    """
    starts = np.concatenate([[0.0], np.cumsum(days)[:-1]])
    ends = np.cumsum(days)
    paid = np.zeros_like(amounts)
    for amount, start, length in zip(amounts, starts, days, strict=True):
        if amount == 0 or length == 0:
            continue
        overlap = np.minimum(ends, start + length + delay) - np.maximum(starts, start + delay)
        paid += amount * np.clip(overlap, 0.0, None) / length
    return paid
