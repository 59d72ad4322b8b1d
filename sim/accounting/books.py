"""Post everything that happened in a finished history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.accounting.capital import post_capital
from sim.fulfilment.postings import OrderPostings
from sim.management.postings import LayerPostings, post_payments, spread_rents
from sim.market.calendar import DAYS_PER_YEAR
from sim.market.postings import post_fees, post_takes, post_traffic
from sim.money import Books, Ledger

if TYPE_CHECKING:
    from sim.accounting.tally import Tally


def keep_books(tally: Tally) -> Books:
    """Post everything that happened and close."""
    ledger, scenario, world = Ledger(), tally.scenario, tally.world
    parcels = np.asarray(tally.statistics.counts("line_haul", "entries"), dtype=float).sum(axis=1)
    orders = OrderPostings(scenario, ledger, tally.classes, tally.counts, parcels, tally.days)
    orders.post()
    post_takes(scenario, ledger, tally.classes, orders.net_value())
    post_traffic(scenario, ledger, world.trading.streams, world.visits)
    payments = world.payroll.payments()
    activity = {"picking_wages": tally.activity("pick_pack"), "service_wages": tally.activity("service")}
    activity |= {name: tally.activity(f"{name}_depot") for name in world.layers}
    post_payments(ledger, payments, tally.months, activity)
    for name, layer in world.layers.items():
        own = tally.counts(f"{name}_collected", "entries").sum(axis=1)
        wrong = tally.counts(f"{name}_exception", "entries").sum(axis=1)
        LayerPostings(scenario, ledger, tally.months).post(layer, payments, own, wrong, activity[name])
    online = float(tally.counts("placed", "entries")[:, tally.online].sum())
    spread_rents(scenario, ledger, tally.days, online / tally.days.sum())
    years = tally.days.sum() / DAYS_PER_YEAR
    post_fees(scenario, ledger, _sales_per_year(tally, orders.net_value(), years), years, tally.months - 1)
    post_capital(tally, ledger, orders)
    return ledger.close()


def _sales_per_year(tally: Tally, net_value: np.ndarray, years: float) -> dict[str, float]:
    sales: dict[str, float] = {}
    for column, order_class in enumerate(tally.classes):
        channel = order_class.segment.channel
        sales[channel] = sales.get(channel, 0.0) + float(net_value[:, column].sum()) / years
    return sales
