"""The brand's name, worn down by low prices and slow to recover."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.measured import MeasuredMean
from sim.scenario.days import DAYS_PER_YEAR, promotion_days
from sim.scenario.segments import STORES, UNVISITED

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting

HOURS_PER_DAY = 24.0
SETTLING_YEARS = 5
LEAST = 1e-6
"""Keeps the logarithm finite."""


class BrandEquity(Force):
    """Visitors who see goods below their price remember what the brand is worth to itself.

    A day's exposure ``x`` is the sum over the visits on the web of the share taken off the price, divided by
    the visits of a mean day. The name ``B`` follows ``dB = (1 - B) / recovery - worn x B`` a day, so a price
    that stays low by ``x`` settles at ``1 / (1 + recovery worn x)``. The log-odds of buying move by
    ``worth ln B`` in every channel.
    """

    mechanism = "brand_equity"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.brand_equity
        assert rules is not None
        self._rules = rules
        self._worn = -rules.worn_per_discount_day
        self._still_missing = math.exp(-1.0 / rules.recovery_days)
        self._rows = ~setting.from_sources(*UNVISITED)
        self._web = self._rows & ~setting.in_channels(STORES)
        self._prices = np.array([stream.price_index for stream in setting.streams])
        rates = setting.planned
        self._usual = float(rates[self._web].sum()) * HOURS_PER_DAY
        self._seen = MeasuredMean()
        self.equity = self._settled(rates) if self.scenario.horizon.start == "mature" else 1.0

    def _settled(self, rates: np.ndarray) -> float:
        """Return the name of a brand that has had such years before, on the day the history begins."""
        plan = np.full(DAYS_PER_YEAR, float(rates[self._web] @ self._off(0.0)[self._web]))
        plan *= HOURS_PER_DAY / self._usual if self._usual > 0 else 0.0
        for day in promotion_days(self.scenario):
            off = np.array([stream.discount_on(day) for stream in self.setting.streams])
            seen = float(rates[self._web] @ self._off(off)[self._web]) * HOURS_PER_DAY / self._usual
            plan[day.date] = day.visits * DAYS_PER_YEAR * seen
        first = -self.scenario.horizon.warmup_days
        exposures = plan.tolist()
        equity = 1.0
        for day_number in range(first - SETTLING_YEARS * DAYS_PER_YEAR, first):
            equity = self._next(equity, exposures[day_number % DAYS_PER_YEAR])
        return equity

    def _off(self, discount: np.ndarray | float) -> np.ndarray:
        """Return the share by which visitors see the price below the reference."""
        return np.maximum(1.0 - self._prices * (1.0 - discount), 0.0)

    def _next(self, equity: float, exposure: float) -> float:
        worn = equity * math.exp(self._worn * exposure)
        return max(1.0 - (1.0 - worn) * self._still_missing, LEAST)

    def open(self, today: Today) -> None:
        """Move the odds everywhere by what the name is worth."""
        today.shift[self._rows] += self._rules.worth * math.log(self.equity)
        self._seen.note(self.equity, measured=today.measured)

    def close(self, yesterday: Yesterday) -> None:
        """Let the day's prices sink in."""
        today = yesterday.today
        usual = self._usual * today.growth
        if usual > 0:
            off = self._off(today.discount)[self._web]
            self.equity = self._next(self.equity, float(yesterday.visits[self._web] @ off) / usual)

    def figures(self) -> dict[str, float]:
        """Return the mean of the name."""
        return self._seen.figures("brand_equity")
