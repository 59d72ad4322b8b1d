"""Promotion days: other visitors, readier to buy, at a lower price."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.scenario.days import promotion_days
from sim.scenario.segments import CHANNELS, KEPT, STORES, UNVISITED
from sim.scenario.streams import streams

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario


@lru_cache(maxsize=KEPT)
def _changes(scenario: Scenario) -> dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return more visits, shift of the log-odds and discount of each promotion day by stream, by date."""
    come, elasticity = streams(scenario), scenario.market.price_elasticity
    visited = np.array([one.segment.source not in UNVISITED for one in come], dtype=float)
    found = {}
    for day in promotion_days(scenario):
        more = np.array([one.visits_on(day) - one.visits_per_hour for one in come])
        shift = np.array([one.shift_on(day, elasticity) for one in come]) * visited
        found[day.date] = more, shift, np.array([one.discount_on(day) for one in come])
    return found


class PromotionDays(Force):
    """On the days of a peak each source sends its promotion visitors, who pay less and decide at once.

    A day of strength ``s`` moves a source's mix of visitors by ``s`` towards its mix of promotion days,
    multiplies the odds of buying by ``peak_conversion**s`` and takes the day's discount off the price in the
    online shops, which moves the odds by ``price_elasticity * ln(1 - discount)``. How many visits come is the
    calendar's business; here they only change in kind.
    """

    mechanism = "promotion_days"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._days = _changes(self.scenario)
        self._online = np.flatnonzero(setting.channel_of_class != CHANNELS.index(STORES))
        self.orders: list[float] = []
        """Online orders of each measured day."""
        self.sales: list[float] = []
        """What was paid for them, in yuan."""
        self._promoted: list[bool] = []

    def open(self, today: Today) -> None:
        """Change who comes, how readily they buy and what they pay."""
        promotion = self._days.get(today.date)
        if promotion is None:
            return
        more, shift, discount = promotion
        today.rates += more * today.growth
        today.shift += shift
        today.discount = 1.0 - (1.0 - today.discount) * (1.0 - discount)

    def close(self, yesterday: Yesterday) -> None:
        """Note the online orders of a measured day and what was paid for them."""
        if yesterday.today.measured:
            paid, discount = yesterday.values, yesterday.today.discount
            if discount.any():
                paid = paid * (1.0 - discount.take(self.setting.stream_of_class))
            self.orders.append(float(yesterday.orders.take(self._online).sum()))
            self.sales.append(float(paid.take(self._online).sum()))
            self._promoted.append(yesterday.today.date in self._days)

    def figures(self) -> dict[str, float]:
        """Return the share of online orders placed on promotion days, and the busiest of them."""
        orders, sales = np.array(self.orders), np.array(self.sales)
        on = np.array(self._promoted, dtype=bool)
        if not on.any() or orders.sum() == 0:
            return {}
        return {
            "promotion_order_share": float(orders[on].sum() / orders.sum()),
            "top_day_orders": float(orders[on].max() / orders.mean()),
            "top_day_sales": float(sales[on].max() / sales.mean()),
        }
