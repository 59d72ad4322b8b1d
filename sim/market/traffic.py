"""What a visit costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.unit_economics import auction_price

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.schema import Auction, Source


def buy_at_auction(auction: Auction, visits_per_year: float) -> float:
    """Return the average price of a visit (yuan) in a second-price auction against the best rival.

    The price rises with the share of the stock bought because the next visit has to be taken from a rival who
    wants it more; see :func:`sim.scenario.unit_economics.auction_price`.

    Raises
    ------
    ValueError
        If as many visits are wanted as are on sale, or more.
    """
    if visits_per_year >= auction.inventory_visits_per_year:
        wanted, stock = f"{visits_per_year:,.0f}", f"{auction.inventory_visits_per_year:,.0f}"
        raise ValueError(f"{wanted} visits a year are wanted, but only {stock} are on sale")
    return auction_price(auction, visits_per_year)


def price_per_visit(scenario: Scenario, source: Source) -> float:
    """Return what one visit from ``source`` costs on average, in yuan."""
    if source.auction is not None and scenario.mechanisms.ad_auction:
        return buy_at_auction(source.auction, source.visits_per_year)
    return source.cost_per_visit
