"""Competitors who follow the brand's prices on the web."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.measured import MeasuredMean
from sim.scenario.segments import STORES, UNVISITED

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting


class Rivals(Force):
    """Rivals' price follows the brand's with a lag, not below their cost, and takes back what a cut has won.

    With the brand's mean paid price ``P`` relative to the reference, rivals head for
    ``max(P**reaction, cost)`` and get there exponentially. The log-odds of buying on the web move by
    ``cross elasticity * ln(rivals' price)``, for each kind of visitor times its price sensitivity; the
    brand's own price acts by ``market.price_elasticity``.
    """

    mechanism = "rivals"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.rivals
        assert rules is not None
        self._rules = rules
        online = ~setting.in_channels(STORES)
        visited = ~setting.from_sources(*UNVISITED)
        self._online_class = online[setting.stream_of_class].astype(float)
        prices = np.array([s.price_index for s in setting.streams])
        self._price_of_class = prices[setting.stream_of_class]
        sensitivity = np.array([s.price_sensitivity for s in setting.streams])
        self._follows = rules.cross_elasticity * sensitivity * (online & visited)
        self._still = math.exp(-1.0 / rules.lag_days)
        orders = setting.planned * setting.conversions * (online & visited)
        ours = float((orders * prices).sum() / orders.sum()) if orders.sum() > 0 else 1.0
        self._log_price = self._aim(ours) if self.scenario.horizon.start == "mature" else 0.0
        self._seen = MeasuredMean()

    def _aim(self, ours: float) -> float:
        """Return the log of the price that rivals head for when ours is so high."""
        return max(self._rules.reaction * math.log(ours), math.log(self._rules.least_price_index))

    @property
    def price_index(self) -> float:
        """Rivals' price relative to the reference."""
        return math.exp(self._log_price)

    def open(self, today: Today) -> None:
        """Move the odds on the web by rivals' price."""
        today.shift += self._follows * self._log_price
        self._seen.note(self.price_index, measured=today.measured)

    def close(self, yesterday: Yesterday) -> None:
        """Let rivals see what shoppers paid."""
        listed, discount = yesterday.values * self._online_class, yesterday.today.discount
        paid = listed.sum()
        if paid <= 0:
            return
        if discount.any():
            paid = (listed * (1.0 - discount.take(self.setting.stream_of_class))).sum()
        ours = float(paid / (listed / self._price_of_class).sum())
        aim = self._aim(ours)
        self._log_price = aim + (self._log_price - aim) * self._still

    def figures(self) -> dict[str, float]:
        """Return rivals' mean price."""
        return self._seen.figures("rival_price_index")
