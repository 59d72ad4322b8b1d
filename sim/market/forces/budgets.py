"""Budgets for paid visits that follow what the sources earned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.traffic import price_per_visit
from sim.scenario.segments import STORES

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario.streams import Stream

LARGEST_SHARE_OF_STOCK = 0.99
"""No more of an auction's visits can be bought: its price has no upper end."""


def kept_margin(setting: Setting, stream: Stream) -> float:
    """Return what is left of a yuan paid, after goods, platform, payment and whoever sent the buyer."""
    scenario, segment = setting.scenario, stream.segment
    channel = getattr(scenario.channels, segment.channel)
    taken = channel.payment_cost + (0.0 if segment.channel == STORES else channel.commission)
    source = getattr(scenario.market.sources, segment.source, None)
    taken += source.commission_on_sales if source is not None else 0.0
    return float(1.0 - taken - (1.0 - scenario.products.gross_margin) / channel.price_index)


class BudgetReview(Force):
    """Management compares paid sources every few weeks and moves money.

    ``marginal`` buys a share less of the worst source and spends the money saved on the best one.
    ``roi_stop`` stops buying a source whose orders leave less than the limit after traffic, for good: nothing
    more is learned about it. With a share for trials so much of the source is still bought, and all of it
    again once its orders leave enough. Only measured days count; what visits cost at another volume follows
    the source's auction.

    Attributes
    ----------
    bought
        Visits of each paid source relative to plan.
    """

    mechanism = "budget_review"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rule = self.scenario.management.budget_rule
        assert rule is not None
        self._rule = rule
        self._sources = {}
        for stream in setting.streams:
            name = stream.segment.source
            source = getattr(self.scenario.market.sources, name, None)
            if source is not None and price_per_visit(self.scenario, source) > 0:
                self._sources[name] = source
        self._prices = {name: price_per_visit(self.scenario, one) for name, one in self._sources.items()}
        self.bought = dict.fromkeys(self._sources, 1.0)
        self._rows = {name: self._streams_of(name) for name in self.bought}
        self._most = {name: self._largest(name) for name in self.bought}
        self._margin = np.array([kept_margin(setting, stream) for stream in setting.streams])
        index = np.array([stream.price_index for stream in setting.streams])
        self._goods_share = (1.0 - self.scenario.products.gross_margin) / index
        self._now = dict(self._prices)
        self._forget()

    def _forget(self) -> None:
        self._days = 0
        size = len(self.setting.streams)
        self._visits, self._orders, self._earned, self._spent = (np.zeros(size) for _ in range(4))

    def _streams_of(self, source: str) -> np.ndarray:
        return self.setting.from_sources(source)

    def _largest(self, name: str) -> float:
        """Return the most that can be bought of a source, relative to plan."""
        source = self._sources[name]
        if source.auction is None or not self.scenario.mechanisms.ad_auction:
            return self._rule.most
        stock = LARGEST_SHARE_OF_STOCK * source.auction.inventory_visits_per_year
        return min(self._rule.most, max(stock / source.visits_per_year, 1.0))

    def _price(self, name: str) -> float:
        """Return the price of a visit at the volume bought, in yuan."""
        source = self._sources[name]
        visits = source.visits_per_year * self.bought[name]
        return price_per_visit(self.scenario, source.model_copy(update={"visits_per_year": visits}))

    def open(self, today: Today) -> None:
        """Buy as many visits as were decided, at their price."""
        for name, rows in self._rows.items():
            bought = self.bought[name]
            if bought != 1.0:
                today.rates[rows] *= bought
                if bought > 0:
                    today.click_price[rows] *= self._now[name] / self._prices[name]

    def close(self, yesterday: Yesterday) -> None:
        """Note what sources brought; decide when it is time."""
        today = yesterday.today
        if not today.measured:
            return
        self._visits += yesterday.visits
        self._orders += self.setting.per_stream(yesterday.orders)
        values = self.setting.per_stream(yesterday.values)
        self._earned += values * (self._margin - today.discount * (self._margin + self._goods_share))
        self._spent += yesterday.visits * today.click_price
        self._days += 1
        if self._days >= self._rule.review_days:
            self._decide()
            self._now = {name: self._price(name) for name in self.bought if self.bought[name] > 0}
            self._forget()

    def _decide(self) -> None:
        """Move money, or stop."""
        marks = {name: self._mark(rows) for name, rows in self._rows.items() if self._spent[rows].sum() > 0}
        if self._rule.rule == "roi_stop":
            for name, mark in marks.items():
                too_little = mark < self._rule.least_contribution_per_order
                self.bought[name] = self._rule.trial_share if too_little else 1.0
            return
        if len(marks) < 2:
            return
        worst, best = min(marks, key=lambda n: marks[n]), max(marks, key=lambda n: marks[n])
        if marks[worst] == marks[best]:
            return
        money = self._rule.moved_share * float(self._spent[self._rows[worst]].sum())
        more = money / float(self._spent[self._rows[best]].sum())
        self.bought[worst] *= 1.0 - self._rule.moved_share
        self.bought[best] = min(self.bought[best] * (1.0 + more), self._most[best])

    def _mark(self, rows: np.ndarray) -> float:
        """Return what a source is judged by."""
        orders = float(self._orders[rows].sum())
        if self._rule.aim == "conversion":
            return orders / float(self._visits[rows].sum())
        left = float(self._earned[rows].sum() - self._spent[rows].sum())
        return left / orders if orders > 0 else -np.inf
