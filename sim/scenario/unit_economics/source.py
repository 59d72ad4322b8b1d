"""Cost and contribution of an average order from each source and channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.days import promotion_days
from sim.scenario.segments import REPEAT, STORES
from sim.scenario.streams import first_orders
from sim.scenario.unit_economics.outcomes import HIGHEST_CHANCE, Outcomes, outcomes
from sim.scenario.unit_economics.tiers import parcel_price, purchase_factor
from sim.scenario.unit_economics.traffic import price_of_visit

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import VisitorType

MONTHS = 12
MINUTES_PER_HOUR = 60.0


@dataclass(frozen=True)
class SourceEconomics:
    """What an average order from one source brings and costs, in yuan per order unless said otherwise.

    Parameters
    ----------
    source, channel
        Where the order comes from and where it is placed; the source of repeat buyers is ``repeat``.
    visits, orders
        Per year; repeat buyers have no visits.
    revenue
        Paid and kept: refunds for lost, refused, broken and returned orders are taken off.
    goods
        Purchase price of what was sold, less what comes back and is sold again.
    platform, payment, commission
        Shares of revenue taken by the platform, the payment provider and whoever sent the buyer.
    traffic
        Visits paid for.
    fulfilment
        Picking, packing, floor, courier, second trips, returns and after-sale contacts.
    """

    source: str
    channel: str
    visits: float
    orders: float
    revenue: float
    goods: float
    platform: float
    payment: float
    commission: float
    traffic: float
    fulfilment: float

    @property
    def contribution_before_traffic(self) -> float:
        """What is left before visits are paid (yuan/order)."""
        return self.contribution + self.traffic

    @property
    def contribution(self) -> float:
        """What an order leaves for fixed cost and profit (yuan/order)."""
        taken = self.goods + self.platform + self.payment + self.commission + self.traffic + self.fulfilment
        return self.revenue - taken


@dataclass(frozen=True)
class _Orders:
    """A year's orders of one visitor type from one source in one channel."""

    source: str
    channel: str
    kind: VisitorType
    visits: float
    orders: float
    discount: float


def source_economics(scenario: Scenario) -> list[SourceEconomics]:
    """Cost and contribution of an average order of each source and channel, repeat buyers included."""
    found = _first_orders(scenario)
    found += _repeat_orders(scenario, found)
    prices = _Prices(scenario, found)
    pairs: dict[tuple[str, str], list[_Orders]] = {}
    for one in found:
        pairs.setdefault((one.source, one.channel), []).append(one)
    return [prices.row(source, channel, mine) for (source, channel), mine in pairs.items()]


def _first_orders(scenario: Scenario) -> list[_Orders]:
    kinds = scenario.market.visitor_types
    return [
        _Orders(
            one.stream.segment.source,
            one.stream.segment.channel,
            getattr(kinds, one.stream.segment.kind),
            one.visits,
            one.orders,
            one.discount,
        )
        for one in first_orders(scenario)
    ]


def _repeat_orders(scenario: Scenario, first: list[_Orders]) -> list[_Orders]:
    """Repeat orders of a mature year: n first orders lead to n p / (1 - p) of them, a geometric series."""
    if not scenario.mechanisms.repurchase:
        return []
    # Repeat buyers come by the calendar like everybody else, and so meet promotion days as often as visits.
    met = sum(day.visits * day.discount for day in promotion_days(scenario))
    found = []
    for one in first:
        kept = outcomes(scenario, one.channel, one.kind).kept
        p = min(scenario.market.repurchase.probability * one.kind.repurchase, HIGHEST_CHANCE) * kept
        if p > 0:
            again = one.orders * p / (1.0 - p)
            discount = 0.0 if one.channel == STORES else met
            found.append(_Orders(REPEAT, one.channel, one.kind, 0.0, again, discount))
    return found


class _Prices:
    """What things cost at the scenario's own volume."""

    def __init__(self, scenario: Scenario, found: list[_Orders]) -> None:
        self.scenario = scenario
        products = scenario.products
        store = sum(one.orders for one in found if one.channel == STORES)
        online = sum(one.orders for one in found) - store
        units = online * products.units_per_order_online + store * products.units_per_order_store
        self.cost_share = (1.0 - products.gross_margin) * purchase_factor(scenario, units)
        self.parcel = parcel_price(scenario, online / MONTHS)

    def row(self, source: str, channel: str, found: list[_Orders]) -> SourceEconomics:
        """Average order of one source in one channel."""
        scenario = self.scenario
        visits, orders = sum(one.visits for one in found), sum(one.orders for one in found)
        revenue = goods = fulfilment = 0.0
        for one in found:
            weight = one.orders / orders if orders else 1.0 / len(found)
            ends = outcomes(scenario, channel, one.kind)
            listed = self._basket(channel) * one.kind.basket
            price = getattr(scenario.channels, channel).price_index * (1.0 - one.discount)
            back = ends.refused + ends.returned * scenario.products.resale_share
            revenue += weight * listed * price * ends.kept
            goods += weight * listed * self.cost_share * (1.0 - back)
            fulfilment += weight * self._fulfilment(channel, ends)
        shop = getattr(scenario.channels, channel)
        dealers = shop.dealers if channel == STORES else None
        dealt = None if dealers is None else dealers.margin
        taken = getattr(scenario.market.sources, source, None)
        clicks = price_of_visit(scenario, taken) * visits if taken is not None else 0.0
        return SourceEconomics(
            source=source,
            channel=channel,
            visits=visits,
            orders=orders,
            revenue=revenue,
            goods=goods,
            platform=revenue * ((dealt or 0.0) if channel == STORES else shop.commission),
            payment=revenue * (shop.payment_cost if dealt is None else 0.0),
            commission=revenue * (taken.commission_on_sales if taken is not None else 0.0),
            traffic=clicks / orders if orders else 0.0,
            fulfilment=fulfilment,
        )

    def _basket(self, channel: str) -> float:
        """Mean value of an order at the reference price (yuan)."""
        products = self.scenario.products
        return (products.basket_store if channel == STORES else products.basket_online).mean

    def _fulfilment(self, channel: str, ends: Outcomes) -> float:
        """Warehouse, courier, second trips, returns and contacts of an average order (yuan)."""
        scenario = self.scenario
        returns = scenario.fulfilment.returns
        carried = ends.refused + ends.returned
        if channel == STORES:
            return carried * returns.handling_cost
        warehouse, courier = scenario.fulfilment.warehouse, scenario.fulfilment.courier
        hours = warehouse.pick_pack_minutes.mean / MINUTES_PER_HOUR / warehouse.target_utilisation
        floor = warehouse.area_m2_per_daily_order * warehouse.rent_per_m2_day
        packed = hours * warehouse.wage_per_hour + warehouse.packing_material_cost + floor
        second_trip = courier.last_mile_cost + courier.failed_attempt_cost
        sent_back = carried * (returns.freight_cost + returns.handling_cost)
        return packed + self.parcel + ends.failed * second_trip + sent_back + self._talk(ends)

    def _talk(self, ends: Outcomes) -> float:
        """Agents' time for an average order (yuan)."""
        service = self.scenario.service
        rate = service.contacts_per_order if self.scenario.mechanisms.service_contacts else 0.0
        contacts = ends.broken + (ends.kept + ends.returned) * rate
        paid = service.wage_per_month / service.working_hours_per_month / service.target_utilisation
        return contacts * service.handling_minutes.mean / MINUTES_PER_HOUR * paid
