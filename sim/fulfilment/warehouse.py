"""From the shop's order book to the truck: goods in stock, picking and packing, departures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.flow import Deterministic, Timetable
from sim.fulfilment.durations import DAY, MINUTE, in_hours
from sim.scenario.segments import COUNTER

if TYPE_CHECKING:
    from sim.fulfilment.plan import Draft


def draw_warehouse(draft: Draft) -> None:
    """Draw ``orders > placed > goods > pick_pack > truck``; packers are set by management."""
    net, fulfilment = draft.net, draft.scenario.fulfilment
    net.source("orders", rate=None, to="placed")
    net.delay("placed", Deterministic(0.0), to="goods")
    net.stock(
        "goods",
        on_hand=draft.plan.opening_stock,
        on_empty="cancelled",
        to=draft.by_way(lambda way: draft.settled if way == COUNTER else "pick_pack"),
    )
    net.station(
        "pick_pack",
        servers=0,
        service=in_hours(fulfilment.warehouse.pick_pack_minutes, MINUTE * draft.plan.work_factor),
        to="truck",
    )
    departures = Timetable(tuple(fulfilment.truck_departure_hours), period=DAY)
    net.gate("truck", every=departures, to="sorting" if draft.plan.held_days else "line_haul")
    draft.count("placed", "cancelled", "pick_pack")
