"""What limits are read from."""

from __future__ import annotations

from sim.run import Run
from sim.scenario import Scenario
from sim.scenario.segments import UNVISITED
from sim.scenario.streams import streams


def funnel_orders(run: Run, source: str) -> int:
    return sum(row.orders for row in run.funnel if row.source == source)


def price_of_visits(run: Run, source: str) -> float:
    """What a visit from a source cost on average."""
    paid = run.ledger.total(["traffic_clicks"], source=source) / 100.0
    return paid / sum(row.visits for row in run.funnel if row.source == source)


def funnel_visits(run: Run, channel: str, source: str | None = None) -> int:
    """Visits of people who could also leave: buyers who come back by themselves are none."""
    rows = (row for row in run.funnel if row.channel == channel and row.source not in UNVISITED)
    return sum(row.visits for row in rows if source in (None, row.source))


def planned_per_hour(scenario: Scenario, channel: str) -> float:
    """Visits of a mean hour that the scenario's streams expect on a channel."""
    mine = [stream for stream in streams(scenario) if stream.segment.channel == channel]
    return sum(stream.visits_per_hour for stream in mine if stream.segment.source not in UNVISITED)


def per_unit_goods(run: Run) -> float:
    """Goods cost over reference sales: the purchase factor times one minus the margin."""
    spent = run.accounts["goods"] + run.accounts.get("breakage_loss", 0) + run.accounts.get("lost_parcels", 0)
    return (spent + run.accounts.get("return_writedown", 0)) / -run.accounts["sales"]


def courier_price(run: Run) -> float:
    return run.accounts["line_haul"] / run.balance["parcels_sent"]
