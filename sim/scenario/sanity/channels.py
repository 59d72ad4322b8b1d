"""Rules about what channels charge, cost and earn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.sanity.warning import SanityWarning
from sim.scenario.segments import CHANNELS, ONLINE_CHANNELS
from sim.scenario.streams import share
from sim.scenario.unit_economics import fixed_costs, purchase_factor, source_economics, year_estimate

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


DAYS_PER_YEAR = 365.0
STRANGERS = ("search_engine", "navigation_portal", "game_video", "rebate_alliance", "posters")
"""Sources whose visitors need not know the brand."""


def _by_channel(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Orders and sales of a year by channel (orders, yuan)."""
    found: dict[str, tuple[float, float]] = {}
    for row in source_economics(scenario):
        orders, sales = found.get(row.channel, (0.0, 0.0))
        found[row.channel] = orders + row.orders, sales + row.orders * row.revenue
    return found


def purchase_cost(scenario: Scenario) -> float:
    """Return what goods cost to buy at the scenario's own volume, relative to the reference price."""
    year, products = year_estimate(scenario), scenario.products
    units = (
        year.online_orders * products.units_per_order_online
        + year.store_orders * products.units_per_order_store
    )
    return (1.0 - products.gross_margin) * purchase_factor(scenario, units)


def price_below_cost(scenario: Scenario) -> Iterator[SanityWarning]:
    """Goods cost more than they sell for."""
    cost = purchase_cost(scenario)
    for name in CHANNELS:
        channel = getattr(scenario.channels, name)
        if channel is not None and channel.price_index <= cost:
            yield SanityWarning(
                f"channels.{name}.price_index",
                f"sells at {channel.price_index:.2f} of the reference price"
                f" what costs {cost:.2f} of it to buy",
                "raise price_index or products.gross_margin",
            )


def takes_above_margin(scenario: Scenario) -> Iterator[SanityWarning]:
    """Platform and payment together take more than the gross margin."""
    for name in ONLINE_CHANNELS:
        channel = getattr(scenario.channels, name)
        if channel is None:
            continue
        taken = channel.commission + channel.payment_cost
        margin = 1.0 - (1.0 - scenario.products.gross_margin) / channel.price_index
        if 0 < margin <= taken:
            yield SanityWarning(
                f"channels.{name}.commission",
                f"commission and payment take {taken:.1%} of sales, the margin is {margin:.1%}",
                "lower the commission, raise price_index or close the channel",
            )


def channel_hardly_visited(scenario: Scenario) -> Iterator[SanityWarning]:
    """An open channel gets less than an order a day."""
    year = _by_channel(scenario)
    for name in CHANNELS:
        orders, _ = year.get(name, (0.0, 0.0))
        if getattr(scenario.channels, name) is not None and orders < DAYS_PER_YEAR:
            yield SanityWarning(
                f"channels.{name}",
                f"is open and gets {orders:,.0f} orders a year",
                f"land more visits there (market.sources.*.landing.{name}) or close it",
            )


def fees_above_sales(scenario: Scenario) -> Iterator[SanityWarning]:
    """A channel costs more in fees, wages and upkeep than it sells."""
    year, fixed = _by_channel(scenario), fixed_costs(scenario)
    for name in CHANNELS:
        orders, sales = year.get(name, (0.0, 0.0))
        if orders > 0 and fixed.get(name, 0.0) > sales:
            yield SanityWarning(
                f"channels.{name}",
                f"costs {fixed[name]:,.0f} yuan a year before its first order and sells for {sales:,.0f}",
                "close it, or bring it visitors",
            )


def mall_trusted_like_a_platform(scenario: Scenario) -> Iterator[SanityWarning]:
    """Strangers buy as readily in the own mall as on the platform that vouches for its sellers."""
    sources = scenario.market.sources
    if scenario.channels.mall is None or sources.platform_search is None:
        return
    platform = sources.platform_search.conversion_rate
    for name in STRANGERS:
        source = getattr(sources, name)
        if source is None or share(source.landing, "mall") <= 0.5 or source.conversion_rate < platform:
            continue
        yield SanityWarning(
            f"market.sources.{name}.conversion_rate",
            f"{source.conversion_rate:.2%} of the strangers who are sent to the own mall buy,"
            f" {platform:.2%} of those who search on the platform",
            "lower it: a mall of one's own has to earn the trust that a platform lends",
        )


def loses_money(scenario: Scenario) -> Iterator[SanityWarning]:
    """The year as a whole cannot pay its fixed cost."""
    year = year_estimate(scenario)
    if year.orders > 0 and year.contribution < year.fixed_cost:
        yield SanityWarning(
            "management.head_office_cost_per_year",
            f"orders contribute {year.contribution:,.0f} yuan a year"
            f" to a fixed cost of {year.fixed_cost:,.0f}",
            "sell more, raise the margin or cut fixed cost",
        )
