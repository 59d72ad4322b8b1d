"""What limits are read from."""

from __future__ import annotations

from sim.run import Run


def funnel_orders(run: Run, source: str) -> int:
    return sum(row.orders for row in run.funnel if row.source == source)


def per_unit_goods(run: Run) -> float:
    """Goods cost over reference sales: the purchase factor times one minus the margin."""
    spent = run.accounts["goods"] + run.accounts.get("breakage_loss", 0) + run.accounts.get("lost_parcels", 0)
    return (spent + run.accounts.get("return_writedown", 0)) / -run.accounts["sales"]


def courier_price(run: Run) -> float:
    return run.accounts["line_haul"] / run.balance["parcels_sent"]
