"""Prices of auctioned visits over time: more bidders for a stock that grows or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.expected import visited
from sim.market.traffic import price_per_visit
from sim.scenario.days import DAYS_PER_YEAR
from sim.scenario.unit_economics import auction_price

if TYPE_CHECKING:
    from sim.market.day import Today
    from sim.market.forces.base import Setting
    from sim.scenario.schema import Source


class TrafficPrices(Force):
    """Rivals bid more from year to year and on campaign days; the stock on sale may grow as well.

    After ``t`` years rivals' bids are ``(1 + g)**t`` times as high and ``(1 + i)**t`` times as many visits
    are on sale, so as many visits are a smaller part of the stock. The price is that of a second-price
    auction against the best of these bids. The scenario's prices are those of the first day.
    """

    mechanism = "traffic_prices"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.traffic_prices
        assert rules is not None
        self._rules = rules
        market, horizon = self.scenario.market, self.scenario.horizon
        self._first_day = horizon.warmup_days if horizon.start == "mature" else 0
        self._sources: list[tuple[np.ndarray, Source, float]] = []
        for name in type(market.sources).model_fields:
            source = getattr(market.sources, name)
            if source is not None and source.auction is not None:
                rows = np.flatnonzero(visited(setting, name))
                self._sources.append((rows, source, price_per_visit(self.scenario, source)))
        self._campaign: dict[int, float] = {}
        for peak in (market.peak, market.second_peak):
            for day, date in enumerate(peak.dates if peak is not None else ()):
                assert peak is not None
                strength = peak.intensity * peak.fade**day
                self._campaign[date - 1] = 1.0 + (rules.peak_bid_factor - 1.0) * strength
        self._paid = self._planned = 0.0

    def open(self, today: Today) -> None:
        """Set today's prices."""
        years = max(today.day - self._first_day, 0) / DAYS_PER_YEAR
        bids = (1.0 + self._rules.bid_growth_per_year) ** years * self._campaign.get(today.date, 1.0)
        stock = (1.0 + self._rules.stock_growth_per_year) ** years
        for rows, source, price in self._sources:
            factor = bids * self._scarcer(source, price, stock)
            if factor != 1.0:
                today.click_price[rows] *= factor
            if today.measured:
                visits = float(today.rates.take(rows).sum())
                self._paid += visits * factor * price
                self._planned += visits * price

    def _scarcer(self, source: Source, price: float, stock: float) -> float:
        """Return the price of the same visits out of another stock relative to the first day's."""
        auction = source.auction
        if auction is None or stock == 1.0 or not self.scenario.mechanisms.ad_auction or price <= 0:
            return 1.0
        # At least as much is on sale as is bought: the brand then outbids everybody.
        on_sale = max(auction.inventory_visits_per_year * stock, source.visits_per_year)
        larger = auction.model_copy(update={"inventory_visits_per_year": on_sale})
        return auction_price(larger, source.visits_per_year) / price

    def figures(self) -> dict[str, float]:
        """Return what auctioned visits cost relative to the first day."""
        return {"click_price_index": self._paid / self._planned} if self._planned > 0 else {}
