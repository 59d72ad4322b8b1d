"""Cost and contribution of an order from each source in closed form, before anything is simulated.

Expectations of the scenario's own rules at the reference delivery time, with every parcel to the door and
nobody waiting: what ``validate`` prints, and what a simulated year is held against by eye. No simulated
result uses it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from sim.scenario.segments import CHANNELS, REPEAT, STORES

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import Auction, Law, Source, VisitorType
    from sim.scenario.schema.channels import RefundTier

MONTHS = 12
MINUTES_PER_HOUR = 60.0
HIGHEST_CONVERSION = 0.999


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


@dataclass(frozen=True)
class _Stream:
    """Orders of one visitor type from one source in one channel, per year."""

    source: str
    channel: str
    kind: VisitorType
    visits: float
    orders: float


def mean_below(law: Law, share: float) -> float:
    """Mean of a random quantity given that it lies in its lowest ``share``.

    For a lognormal with mean m and log-deviation s it is ``m * Phi(z - s) / share`` with ``z =
    Phi^-1(share)``, the partial expectation of the lognormal.

    Parameters
    ----------
    law
        Distribution of the quantity.
    share
        Probability, above 0 and at most 1.

    Examples
    --------
    >>> from sim.scenario.schema import Law
    >>> round(mean_below(Law(law="uniform", mean=1.0, cv=3 ** -0.5), 0.5), 6)
    0.5
    """
    if not 0 < share <= 1:
        raise ValueError(f"a share should be above 0 and at most 1 (got {share})")
    mean, cv = law.mean, law.cv
    if share == 1 or law.law == "deterministic" or mean == 0:
        return mean
    if law.law == "lognormal":
        sigma = math.sqrt(math.log1p(cv * cv))
        normal = NormalDist()
        return mean * normal.cdf(normal.inv_cdf(share) - sigma) / share
    if law.law == "uniform":
        half = mean * cv * math.sqrt(3.0)
        return mean - half + share * half
    from scipy.special import gammainc, gammaincinv

    shape = 1.0 if law.law == "exponential" else 1.0 / (cv * cv)
    return mean * float(gammainc(shape + 1.0, gammaincinv(shape, share))) / share


def auction_price(auction: Auction, visits_per_year: float) -> float:
    """Average price of a visit when so many are bought (yuan/visit).

    The bid b that wins them satisfies ``inventory * F(b) = visits``; the winner pays the best rival bid, so
    the average price is ``E[rival | rival < b]`` (Vickrey 1961).

    Examples
    --------
    >>> from sim.scenario.schema import Auction
    >>> rivals = {"law": "lognormal", "mean": 3.02, "cv": 0.5}
    >>> round(auction_price(Auction(inventory_visits_per_year=35e6, rival_bid=rivals), 3.5e6), 2)
    1.2
    """
    share = visits_per_year / auction.inventory_visits_per_year
    return mean_below(auction.rival_bid, min(share, 1.0)) if share > 0 else 0.0


def price_of_visit(scenario: Scenario, source: Source) -> float:
    """Average price of a visit from a source, auctioned or flat (yuan/visit)."""
    if source.auction is not None and scenario.mechanisms.ad_auction:
        return auction_price(source.auction, source.visits_per_year)
    return source.cost_per_visit


def source_economics(scenario: Scenario) -> list[SourceEconomics]:
    """Cost and contribution of an average order of each source and channel, repeat buyers included."""
    streams = [*_first_orders(scenario)]
    streams += _repeat_orders(scenario, streams)
    prices = _Prices(scenario, streams)
    pairs = dict.fromkeys((stream.source, stream.channel) for stream in streams)
    return [
        prices.row(
            source, channel, [one for one in streams if (one.source, one.channel) == (source, channel)]
        )
        for source, channel in pairs
    ]


def fixed_costs(scenario: Scenario) -> dict[str, float]:
    """Costs of a year that do not follow orders, by name (yuan/year); pickup layers are not among them."""
    channels, warehouse = scenario.channels, scenario.fulfilment.warehouse
    costs = {
        "head office": scenario.management.head_office_cost_per_year,
        "warehouse base area": warehouse.base_area_m2 * warehouse.rent_per_m2_day * 365,
    }
    if channels.stores is not None:
        store = channels.stores
        rent = store.area_m2 * store.rent_per_m2_month
        costs["stores"] = store.count * MONTHS * (rent + store.staff_per_store * store.wage_per_month)
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
    return costs


def refund_share(tiers: list[RefundTier], sales_per_year: float) -> float:
    """Share of a platform's annual fee that is paid back at a level of yearly sales."""
    reached = [tier.refund_share for tier in tiers if sales_per_year >= tier.from_sales_per_year]
    return reached[-1] if reached else 0.0


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


def _shares(weights: object) -> dict[str, float]:
    values = {name: getattr(weights, name) for name in type(weights).model_fields}  # type: ignore[attr-defined]
    total = sum(values.values())
    return {name: value / total for name, value in values.items() if value > 0}


def buying_share(reference: float, price_index: float, price_elasticity: float, shift: float = 0.0) -> float:
    """Orders per visit under other conditions: a binary logit (McFadden 1974).

    The log-odds move from the reference by ``elasticity * ln(price index)`` and by ``shift``.
    """
    if reference <= 0:
        return 0.0
    odds = reference / (1.0 - reference) * math.exp(price_elasticity * math.log(price_index) + shift)
    return odds / (1.0 + odds)


def _first_orders(scenario: Scenario) -> Iterator[_Stream]:
    market = scenario.market
    for name in type(market.sources).model_fields:
        source = getattr(market.sources, name)
        if source is None:
            continue
        for channel, landing in _shares(source.landing).items():
            price = getattr(scenario.channels, channel).price_index
            for kind_name, weight in _shares(source.mix).items():
                kind = getattr(market.visitor_types, kind_name)
                visits = source.visits_per_year * landing * weight
                reference = min(source.conversion_rate * kind.conversion, HIGHEST_CONVERSION)
                orders = visits * buying_share(reference, price, market.price_elasticity)
                yield _Stream(name, channel, kind, visits, orders)


def _repeat_orders(scenario: Scenario, first: list[_Stream]) -> list[_Stream]:
    """Repeat orders of a mature year: n first orders lead to n p / (1 - p) of them, a geometric series."""
    if not scenario.mechanisms.repurchase:
        return []
    found = []
    for stream in first:
        states = _states(scenario, stream)
        p = min(scenario.market.repurchase.probability * stream.kind.repurchase, 0.95) * states["kept"]
        if p > 0:
            found.append(_Stream(REPEAT, stream.channel, stream.kind, 0.0, stream.orders * p / (1.0 - p)))
    return found


def _states(scenario: Scenario, stream: _Stream) -> dict[str, float]:
    """Shares of orders that end lost, refused, broken, returned and kept, and of first trips that fail."""
    on = scenario.mechanisms
    fulfilment = scenario.fulfilment
    back = min(scenario.products.return_rate * stream.kind.returns, 0.95) if on.returns else 0.0
    if stream.channel == STORES:
        return {
            "lost": 0.0,
            "failed": 0.0,
            "refused": 0.0,
            "broken": 0.0,
            "returned": back,
            "kept": 1.0 - back,
        }
    lost = fulfilment.courier.lost_rate
    failed = (1.0 - lost) * (fulfilment.courier.failed_attempt_rate if on.failed_delivery else 0.0)
    refused = failed * fulfilment.courier.given_up_rate
    whole = (
        (1.0 - fulfilment.breakage_per_handover) ** fulfilment.handovers_to_door
        if on.handover_breakage
        else 1.0
    )
    delivered = 1.0 - lost - refused
    broken, returned = delivered * (1.0 - whole), delivered * whole * back
    kept = delivered - broken - returned
    return {
        "lost": lost,
        "failed": failed,
        "refused": refused,
        "broken": broken,
        "returned": returned,
        "kept": kept,
    }


class _Prices:
    """What things cost at the scenario's own volume."""

    def __init__(self, scenario: Scenario, streams: list[_Stream]) -> None:
        self.scenario = scenario
        products = scenario.products
        store = sum(one.orders for one in streams if one.channel == STORES)
        online = sum(one.orders for one in streams) - store
        units = online * products.units_per_order_online + store * products.units_per_order_store
        self.cost_share = (1.0 - products.gross_margin) * purchase_factor(scenario, units)
        self.parcel = parcel_price(scenario, online / MONTHS)

    def row(self, source: str, channel: str, streams: list[_Stream]) -> SourceEconomics:
        """Average order of one source in one channel."""
        scenario = self.scenario
        visits, orders = sum(one.visits for one in streams), sum(one.orders for one in streams)
        revenue = goods = fulfilment = 0.0
        for stream in streams:
            weight = stream.orders / orders if orders else 1.0 / len(streams)
            states = _states(scenario, stream)
            value, cost = self._value(stream)
            back = states["refused"] + states["returned"] * scenario.products.resale_share
            revenue += weight * value * states["kept"]
            goods += weight * cost * (1.0 - back)
            fulfilment += weight * self._fulfilment(channel, states)
        shop = getattr(scenario.channels, channel)
        taken = getattr(scenario.market.sources, source, None)
        clicks = price_of_visit(scenario, taken) * visits if taken is not None else 0.0
        return SourceEconomics(
            source=source,
            channel=channel,
            visits=visits,
            orders=orders,
            revenue=revenue,
            goods=goods,
            platform=revenue * (0.0 if channel == STORES else shop.commission),
            payment=revenue * shop.payment_cost,
            commission=revenue * (taken.commission_on_sales if taken is not None else 0.0),
            traffic=clicks / orders if orders else 0.0,
            fulfilment=fulfilment,
        )

    def _value(self, stream: _Stream) -> tuple[float, float]:
        """Price paid for an order and purchase price of what is in it."""
        products = self.scenario.products
        basket = products.basket_store if stream.channel == STORES else products.basket_online
        reference = basket.mean * stream.kind.basket
        return reference * getattr(
            self.scenario.channels, stream.channel
        ).price_index, reference * self.cost_share

    def _fulfilment(self, channel: str, states: dict[str, float]) -> float:
        scenario = self.scenario
        returns, service = scenario.fulfilment.returns, scenario.service
        carried = states["refused"] + states["returned"]
        if channel == STORES:
            return carried * returns.handling_cost
        warehouse, courier = scenario.fulfilment.warehouse, scenario.fulfilment.courier
        hours = warehouse.pick_pack_minutes.mean / MINUTES_PER_HOUR / warehouse.target_utilisation
        floor = warehouse.area_m2_per_daily_order * warehouse.rent_per_m2_day
        packed = hours * warehouse.wage_per_hour + warehouse.packing_material_cost + floor
        second_trip = courier.last_mile_cost + courier.failed_attempt_cost
        rate = service.contacts_per_order if scenario.mechanisms.service_contacts else 0.0
        contacts = states["broken"] + (states["kept"] + states["returned"]) * rate
        paid = service.wage_per_month / service.working_hours_per_month / service.target_utilisation
        talk = contacts * service.handling_minutes.mean / MINUTES_PER_HOUR * paid
        sent_back = carried * (returns.freight_cost + returns.handling_cost)
        return packed + self.parcel + states["failed"] * second_trip + sent_back + talk


def purchase_factor(scenario: Scenario, units_per_year: float) -> float:
    """Purchase price relative to the reference at a yearly quantity (ratio)."""
    tiers = scenario.products.purchase_tiers
    if not scenario.mechanisms.purchase_tiers or not tiers:
        return 1.0
    reached = [tier.price_factor for tier in tiers if units_per_year >= tier.from_units_per_year]
    return reached[-1] if reached else tiers[0].price_factor


def parcel_price(scenario: Scenario, parcels_per_month: float) -> float:
    """Courier's price of a parcel at a monthly volume (yuan/parcel)."""
    tiers = scenario.fulfilment.courier.tariff_tiers
    if not scenario.mechanisms.tariff_tiers:
        return tiers[0].price
    reached = [tier.price for tier in tiers if parcels_per_month >= tier.from_parcels_per_month]
    return reached[-1] if reached else tiers[0].price
