"""What channels, stock and head office cost by the calendar, counted from a finished history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.management.cabinets import post_cabinets
from sim.management.equipment import post_equipment
from sim.management.it import post_servers
from sim.management.overhead import coordinators, post_coordination, post_steps
from sim.scenario.capacity import store_staff
from sim.scenario.schema.parts import DAYS_PER_YEAR, HOURS_PER_DAY
from sim.scenario.segments import ONLINE_CHANNELS, STORES, UNVISITED

if TYPE_CHECKING:
    from sim.accounting.tally import Tally
    from sim.management.payroll import Payment
    from sim.money import Ledger

HOURLY_ACCOUNTS = (
    "picking_wages",
    "return_handling",
    "service_wages",
    "presale_wages",
    "installation_wages",
    "fleet_drivers",
)
"""Accounts whose payments are hours of people who report to head office."""
MONTHS_PER_YEAR = 12.0


@dataclass(frozen=True)
class Goods:
    """Goods bought and held, in yuan.

    Attributes
    ----------
    sold
        Purchase cost of what was sold, by period.
    unit_cost
        Purchase cost of one unit, mean over what was sold.
    purchases
        Goods received, by period.
    opening
        Goods on hand at the start.
    held
        Goods on hand on average.
    """

    sold: np.ndarray
    unit_cost: float
    purchases: np.ndarray
    opening: float
    held: float


def staff_of_stores(tally: Tally) -> int:
    """Return the people on the payroll of one store; zero without stores."""
    stores = tally.scenario.channels.stores
    return 0 if stores is None else store_staff(stores, tally.planned_visits[STORES] * HOURS_PER_DAY)


def post_equipment_and_servers(tally: Tally, ledger: Ledger) -> float:
    """Post wear and purchases of equipment and the cost of servers; return the mean value of equipment."""
    visits: dict[tuple[str, str], np.ndarray] = {}
    for stream, number in zip(tally.world.trading.streams, tally.world.visits.T, strict=True):
        if stream.segment.source not in UNVISITED:
            key = (stream.segment.channel, stream.segment.source)
            visits[key] = visits.get(key, 0.0) + number.astype(float)
    post_servers(tally.scenario, ledger, visits, tally.planned_visits, tally.days)
    value = post_equipment(tally.scenario, ledger, tally.days)
    launched = tally.scenario.horizon.start == "launch"
    for layer in tally.world.layers.values():
        value += post_cabinets(ledger, layer, tally.payments, tally.days, from_nothing=launched)
    return value


def goods_of(tally: Tally, ledger: Ledger, sold: np.ndarray) -> Goods:
    """Return what was bought and held.

    Under pull the warehouse buys again what has left for good, under push what was received, less what came
    back and is sold again. Half way between reorder point and order-up-to level lies on hand at the start.

    Parameters
    ----------
    tally
        Counts of the finished history.
    ledger
        Open books, with the goods of orders and nothing else on the account ``stock``.
    sold
        Purchase cost of what was sold, by period.
    """
    stock, record = tally.scenario.products.stock, tally.world.stock_record
    units = tally.total("placed", "units") - tally.total("cancelled", "units")
    unit_cost = float(sold.sum()) / units if units > 0 else 0.0
    mean_days = (stock.reorder_days + stock.order_up_to_days) / 2.0
    opening = float(sold.sum() / tally.days.sum()) * mean_days
    out = -ledger.by_period("stock", tally.days.size)
    if stock.policy != "push":
        return Goods(sold, unit_cost, out, opening, opening)
    received = np.append(np.array(record.received), 0.0) * unit_cost
    return Goods(sold, unit_cost, received - (sold - out), opening, record.mean_units * unit_cost)


def post_stock_loss(tally: Tally, ledger: Ledger, goods: Goods) -> np.ndarray:
    """Post what goods lost on the shelf, and return what they had cost more than goods bought at the sale.

    The scenario's purchase cost is that of the day of the sale. What has lain since prices fell was bought
    dearer: that difference is paid to suppliers and written off. Goods that grew too old are sold off below
    cost, once.
    """
    products, record = tally.scenario.products, tally.world.stock_record
    if not tally.scenario.mechanisms.stock_ageing:
        return np.zeros(tally.days.size)
    dearer = np.append(np.array(record.price_loss(products)), 0.0) * goods.unit_cost
    ledger.post_array("stock_writedown", "stock", dearer)
    marked_down = np.append(np.array(record.aged_units), 0.0) * goods.unit_cost
    ledger.post_array("stock_writedown", "cash", marked_down * products.stock.markdown_share)
    return dearer


def post_shelf_floor(tally: Tally, ledger: Ledger) -> None:
    """Post the warehouse floor that goods on hand need beyond the floor by orders."""
    each = tally.scenario.products.stock.area_m2_per_thousand_units / 1000.0
    rent = tally.scenario.fulfilment.warehouse.rent_per_m2_day
    held = np.append(np.array(tally.world.stock_record.unit_days), 0.0)
    ledger.post_array("warehouse_rent", "cash", held * each * rent)


def people_at_work(tally: Tally, payments: list[Payment]) -> np.ndarray:
    """Return the people who report to head office, in full-time posts by period.

    Packers, agents, fitters and drivers by their paid hours, teams and store staff by number, and the head of
    every pyramid of a pickup layer.
    """
    month_hours = tally.scenario.service.working_hours_per_month * MONTHS_PER_YEAR / DAYS_PER_YEAR
    people = np.zeros(tally.days.size)
    for payment in payments:
        if payment.account in HOURLY_ACCOUNTS and 0 <= payment.period < tally.months:
            people[payment.period] += payment.quantity / (month_hours * tally.days[payment.period])
    channels = tally.scenario.channels
    standing = sum(1 for layer in tally.world.layers.values() if layer.pyramid.heads)
    if channels.stores is not None and channels.stores.dealers is None:
        standing += channels.stores.count * staff_of_stores(tally)
    open_shops = (getattr(channels, name) for name in ONLINE_CHANNELS)
    standing += sum(channel.team_size for channel in open_shops if channel is not None)
    return people + standing * (tally.days > 0)


def post_overhead(tally: Tally, ledger: Ledger, payments: list[Payment], parcels: np.ndarray) -> None:
    """Post lumps of fixed cost by volume, and managers above teams."""
    placed = tally.counts("placed", "entries")
    stores = tally.scenario.channels.stores
    days = tally.days
    daily = np.where(days > 0, days, np.inf)
    volumes = {
        "orders": placed.sum(axis=1) / daily,
        "orders_online": placed[:, tally.online].sum(axis=1) / daily,
        "parcels": parcels / daily,
        "stores": np.full(days.size, float(stores.count) if stores is not None else 0.0),
    }
    settled = tally.scenario.horizon.start == "mature" and tally.world.growth is None
    post_steps(tally.scenario, ledger, volumes, days, settled=settled)
    post_coordination(tally.scenario, ledger, people_at_work(tally, payments), days)


def managers_at_head_office(tally: Tally) -> float | None:
    """Return the managers above teams on an average day; none where nobody counts them."""
    rules = tally.scenario.management.coordination
    if rules is None or not tally.scenario.mechanisms.coordination:
        return None
    people = people_at_work(tally, tally.payments)
    heads = np.array([sum(coordinators(rules, number)) for number in people])
    return float((heads * tally.days).sum() / tally.days.sum())
