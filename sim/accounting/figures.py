"""Every figure of a closed history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.accounting.layer_figures import layer_figures
from sim.accounting.shopper_figures import shopper_figures
from sim.money import accounts_in, contribution, net_sales, total_cost
from sim.scenario.segments import UNVISITED

if TYPE_CHECKING:
    from sim.accounting.tally import Tally
    from sim.money import Books


def figures(tally: Tally, books: Books, by_month: list[dict[str, int]]) -> dict[str, float]:
    """Return every figure that applies.

    Parameters
    ----------
    tally
        Counts of the finished history.
    books
        Its closed books; periods need not be told apart.
    by_month
        What each measured month adds to the balances, in fen by account.
    """
    orders = tally.total("placed")
    online = float(tally.counts("placed", "entries")[:, tally.online].sum())
    balances = books.by_account()
    profit = contribution(balances) / 100.0
    cost = total_cost(balances) / 100.0
    paid = tally.total("placed", "value") - float(tally.world.discounts.sum())
    found = {
        "visits": float(_real_visits(tally)),
        "orders": orders,
        "orders_online": online,
        "orders_store": orders - online,
        "sales": net_sales(balances) / 100.0,
        "contribution": profit,
        "closing_cash": sum(sums.get("cash", 0) for sums in by_month) / 100.0,
        "points": float(sum(layer.count for layer in tally.world.layers.values())),
        "managers": float(sum(layer.pyramid.managers for layer in tally.world.layers.values())),
    }
    if orders > 0:
        found |= {
            "contribution_per_order": profit / orders,
            "cost_per_order": cost / orders,
            "average_order_value": paid / orders,
            "return_share": (tally.total("return_transit") + tally.total("refused")) / orders,
            "broken_share": tally.total("broken") / orders,
            "lost_share": tally.total("lost") / orders,
            "cancelled_share": tally.total("cancelled") / orders,
        }
    if found["visits"] > 0:
        found["conversion_rate"] = _first_orders(tally) / found["visits"]
    if _first_orders(tally) > 0:
        traffic = sum(balances.get(name, 0) for name in accounts_in("traffic"))
        found["acquisition_cost"] = traffic / 100.0 / _first_orders(tally)
    for force in tally.world.forces:
        found |= force.figures()
    return found | tally.service | shopper_figures(tally) | layer_figures(tally, books)


def _real_visits(tally: Tally) -> float:
    real = [s.segment.source not in UNVISITED for s in tally.world.trading.streams]
    return float(tally.world.visits[:, real].sum())


def _first_orders(tally: Tally) -> float:
    first = [c.segment.source not in UNVISITED for c in tally.classes]
    return float(tally.counts("placed", "entries")[:, first].sum())
