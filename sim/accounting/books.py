"""Post everything that happened in a finished history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.accounting.capital import Capital
from sim.accounting.upkeep import (
    goods_of,
    post_equipment_and_servers,
    post_overhead,
    post_shelf_floor,
    post_stock_loss,
    staff_of_stores,
)
from sim.accounting.work import fleet_share, work_on_the_way
from sim.fulfilment.postings import OrderPostings
from sim.management.financing import post_funding, post_overdraft
from sim.management.postings import LayerPostings, post_payments, spread_rents
from sim.market.calendar import HOURS_PER_DAY, hourly_demand
from sim.market.forces.platform_take import PlatformTake
from sim.market.postings import post_fees, post_takes, post_traffic, years_of
from sim.money import Books, Ledger
from sim.scenario.segments import ONLINE_CHANNELS

if TYPE_CHECKING:
    from sim.accounting.tally import Tally


def keep_books(tally: Tally) -> Books:
    """Post everything that happened and close."""
    ledger, scenario, world = Ledger(), tally.scenario, tally.world
    parcels = np.asarray(tally.statistics.counts("line_haul", "entries"), dtype=float).sum(axis=1)
    counted = (tally.classes, tally.counts, parcels, tally.days, world.discounts)
    orders = OrderPostings(scenario, ledger, *counted, fleet_share=fleet_share(tally))
    orders.post()
    net_value = orders.net_value()
    post_takes(scenario, ledger, tally.classes, net_value, _commission_factors(tally))
    post_traffic(ledger, world.trading.streams, world.clicks)
    payments = tally.payments
    activity = work_on_the_way(tally)
    activity |= {name: tally.activity(f"{name}_depot") for name in world.layers}
    post_payments(ledger, payments, tally.months, activity)
    for name, layer in world.layers.items():
        own = tally.counts(f"{name}_collected", "entries").sum(axis=1)
        wrong = tally.counts(f"{name}_exception", "entries").sum(axis=1)
        LayerPostings(scenario, ledger, tally.months).post(layer, payments, own, wrong, activity[name])
    online = float(tally.counts("placed", "entries")[:, tally.online].sum())
    spread_rents(scenario, ledger, tally.days, online / tally.days.sum(), staff_of_stores(tally))
    post_overhead(tally, ledger, payments, parcels)
    sales = _by_channel(tally, net_value)
    post_fees(scenario, ledger, sales, tally.days, _rating(tally))
    _post_capital(tally, ledger, orders, sales)
    return ledger.close()


def _post_capital(tally: Tally, ledger: Ledger, orders: OrderPostings, sales: dict[str, np.ndarray]) -> None:
    """Post goods, equipment, payments with their timing, and what owners and bank add and take."""
    sold = orders.goods_cost(tally.counts("placed", "value") - tally.counts("cancelled", "value")).sum(axis=1)
    goods = goods_of(tally, ledger, sold)
    dearer = post_stock_loss(tally, ledger, goods)
    post_shelf_floor(tally, ledger)
    book_value = post_equipment_and_servers(tally, ledger)
    capital = Capital(tally, ledger)
    capital.post(goods.purchases + dearer, goods.opening)
    capital.interest(sales, sold, goods.held + book_value)
    months = tally.months
    total = sum(sales.values(), np.zeros(tally.days.size))
    post_funding(tally.scenario, ledger, total[:months], demand_by_month(tally))
    post_overdraft(tally.scenario, ledger, tally.days[:months])


def demand_by_month(tally: Tally) -> np.ndarray:
    """Return the demand that the calendar explains, by measured month, in mean days."""
    by_day = hourly_demand(tally.scenario).reshape(-1, HOURS_PER_DAY).mean(axis=1)
    lengths = tally.days[: tally.months]
    history = np.resize(by_day, round(lengths.sum()))
    return np.add.reduceat(history, np.concatenate([[0], np.cumsum(lengths)[:-1]]).round().astype(int))


def _rating(tally: Tally) -> float | None:
    """Return the share of satisfied customers, where a refund asks for it and somebody was served."""
    shops = (getattr(tally.scenario.channels, name) for name in ONLINE_CHANNELS)
    if not any(shop is not None and shop.refund_min_rating > 0 for shop in shops):
        return None
    return tally.service.get("satisfaction")


def _by_channel(tally: Tally, amounts: np.ndarray) -> dict[str, np.ndarray]:
    """Sum amounts by period and class to amounts by period, for each channel."""
    found: dict[str, np.ndarray] = {}
    for column, order_class in enumerate(tally.classes):
        channel = order_class.segment.channel
        found[channel] = found.get(channel, 0.0) + amounts[:, column]
    return found


def _commission_factors(tally: Tally) -> dict[str, np.ndarray]:
    """Return commissions relative to the scenario's by period, for platforms whose terms change."""
    years = years_of(tally.days)
    return {
        name: force.factors_by_year(name, years)
        for force in tally.world.forces
        if isinstance(force, PlatformTake)
        for name in force.commission_factors
    }
