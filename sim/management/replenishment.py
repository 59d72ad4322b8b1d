"""Buying goods: when the position falls to the reorder point, or week by week from a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import simpy

from sim.management.draws import from_law

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from sim.management.office import Office
    from sim.scenario.schema import Stock

HOURS_PER_DAY = 24.0


@dataclass
class Item:
    """Goods of one kind.

    Attributes
    ----------
    node
        Stock node of the flow network.
    on_order
        Units ordered and not yet received.
    arrival
        Happens when the next delivery comes in.
    deliveries
        Hour and units of every delivery so far.
    """

    node: str
    on_order: int = 0
    arrival: simpy.Event | None = None
    deliveries: list[tuple[float, int]] = field(default_factory=list)


def stock_levels(stock: Stock, units_per_day: float) -> tuple[int, int]:
    """Return reorder point and order-up-to level in units."""
    reorder_at = round(stock.reorder_days * units_per_day)
    return reorder_at, max(round(stock.order_up_to_days * units_per_day), reorder_at + 1)


def supply(
    office: Office,
    item: Item,
    stock: Stock,
    ahead: Callable[[], float],
    planned: Callable[[], float],
) -> Generator[simpy.Event, Any, None]:
    """Return the process that buys goods by the scenario's policy.

    Parameters
    ----------
    office, item, stock
        As in :func:`replenish`.
    ahead
        Expected sales of a day at the moment of a decision, for pull.
    planned
        Sales of a mean day of the year as planned, for push.
    """
    if stock.policy == "push":
        return push(office, item, stock, planned)
    return replenish(office, item, stock, ahead)


def push(
    office: Office, item: Item, stock: Stock, units_per_day: Callable[[], float]
) -> Generator[simpy.Event, Any, None]:
    """Buy the planned quantity at fixed intervals, whatever is on hand and whatever sells.

    The plan spreads a year's expected sales evenly: it knows neither seasons nor what happens on the way.
    Parameters as in :func:`supply`. Parts of a unit are carried over to the next shipment.
    """
    item.arrival = office.event()
    number, owed = 0, 0.0
    while True:
        owed += stock.push_plan * units_per_day() * stock.push_days
        quantity = int(owed)
        owed -= quantity
        if quantity > 0:
            item.on_order += quantity
            lead_time = from_law(stock.lead_time_days, office, "lead time", number) * HOURS_PER_DAY
            office.process(_arrive(office, item, quantity, lead_time))
        number += 1
        yield office.timeout(stock.push_days * HOURS_PER_DAY)


def replenish(
    office: Office, item: Item, stock: Stock, units_per_day: Callable[[], float]
) -> Generator[simpy.Event, Any, None]:
    """Keep the stock position (on hand and on order) above the reorder point: an (s, S) policy.

    Parameters
    ----------
    office
        Where decisions are made.
    item
        The goods.
    stock
        The policy, in days of sales.
    units_per_day
        Expected sales of a day, at the moment of the decision.
    """
    item.arrival = office.event()
    number = 0
    while True:
        reorder_at, order_up_to = stock_levels(stock, units_per_day())
        # An arrival leaves the position as it is but moves units from the order book to the shelf, so the
        # level at which the position falls to the reorder point moves with it.
        low = office.level_falls_to(item.node, reorder_at - item.on_order)
        yield low | item.arrival
        office.forget(low)
        quantity = order_up_to - item.on_order - int(office.flow.reading(item.node, "level"))
        if quantity < order_up_to - reorder_at:
            continue
        item.on_order += quantity
        lead_time = from_law(stock.lead_time_days, office, "lead time", number) * HOURS_PER_DAY
        office.process(_arrive(office, item, quantity, lead_time))
        number += 1


def _arrive(office: Office, item: Item, quantity: int, lead_time: float) -> Generator[simpy.Event, Any, None]:
    yield office.timeout(lead_time)
    item.on_order -= quantity
    item.deliveries.append((office.now, quantity))
    office.flow.receive(item.node, quantity)
    arrived, item.arrival = item.arrival, office.event()
    if arrived is not None:
        arrived.succeed()
