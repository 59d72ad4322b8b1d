"""A mature year as a whole: contribution of all orders, and what is paid whether anybody orders or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.capacity import planned_visits_per_hour, store_staff, yearly_servers, yearly_wear
from sim.scenario.schema.parts import HOURS_PER_DAY
from sim.scenario.segments import CHANNELS, STORES
from sim.scenario.unit_economics.source import MONTHS, source_economics
from sim.scenario.unit_economics.tiers import refund_share

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class YearEstimate:
    """A mature year in closed form (yuan/year; orders/year)."""

    online_orders: float
    store_orders: float
    visits: float
    contribution: float
    fixed_cost: float

    @property
    def orders(self) -> float:
        """Orders of all channels."""
        return self.online_orders + self.store_orders

    @property
    def profit_per_order(self) -> float:
        """Contribution less fixed cost, in yuan per order; zero where nothing is sold."""
        return (self.contribution - self.fixed_cost) / self.orders if self.orders else 0.0


def fixed_costs(scenario: Scenario) -> dict[str, float]:
    """Costs of a year that do not follow orders, by name (yuan/year); pickup layers are not among them."""
    channels, warehouse = scenario.channels, scenario.fulfilment.warehouse
    costs = {
        "head office": scenario.management.head_office_cost_per_year,
        "warehouse base area": warehouse.base_area_m2 * warehouse.rent_per_m2_day * 365,
    }
    if channels.stores is not None and channels.stores.dealers is not None:
        subsidy = channels.stores.dealers.subsidy_per_store_month
        costs["dealers"] = channels.stores.count * MONTHS * subsidy
    elif channels.stores is not None:
        store = channels.stores
        rent = store.area_m2 * store.rent_per_m2_month
        people = store_staff(store, planned_visits_per_hour(scenario, STORES) * HOURS_PER_DAY)
        costs["stores"] = store.count * MONTHS * (rent + people * store.wage_per_month)
        costs["stores"] += store.count * yearly_wear(store.fit_out)
    sales: dict[str, float] = {}
    for row in source_economics(scenario):
        sales[row.channel] = sales.get(row.channel, 0.0) + row.revenue * row.orders
    for name in CHANNELS:
        channel = getattr(channels, name)
        if channel is None or name == STORES:
            continue
        fee = channel.annual_fee * (1.0 - refund_share(channel.refund_tiers, sales.get(name, 0.0)))
        costs[name] = (
            channel.team_size * channel.team_wage_per_month * MONTHS + fee + channel.running_cost_per_year
        )
        costs[name] += yearly_wear(channel.build) + yearly_servers(scenario, name)
    return costs


def year_estimate(scenario: Scenario) -> YearEstimate:
    """Orders, contribution and fixed cost of a mature year in closed form, without pickup layers."""
    rows = source_economics(scenario)
    store = sum(row.orders for row in rows if row.channel == STORES)
    return YearEstimate(
        online_orders=sum(row.orders for row in rows) - store,
        store_orders=store,
        visits=sum(row.visits for row in rows),
        contribution=sum(row.contribution * row.orders for row in rows),
        fixed_cost=sum(fixed_costs(scenario).values()),
    )
