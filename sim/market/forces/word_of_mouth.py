"""Buyers who tell others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import HOURS_PER_DAY
from sim.market.forces.base import Force
from sim.market.forces.expected import Readiness, day_length, visited

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting

SOURCE = "word_of_mouth"


class WordOfMouth(Force):
    """A stock of people who were told: kept orders add to it, bad ones take from it, it comes with a delay.

    Of a stock ``W`` a share ``1 - exp(-1 / T)`` comes on a day. The visits are added to those that the source
    has by itself, and never take more than those away.
    """

    mechanism = "word_of_mouth"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.word_of_mouth
        assert rules is not None
        self._rules = rules
        self._leaves = -math.expm1(-1.0 / rules.delay_days)
        self._rows = np.flatnonzero(visited(setting, SOURCE))
        self._invited = Readiness(setting.conversions[self._rows])
        self._planned = setting.planned[self._rows]
        total = float(self._planned.sum())
        self._mix = self._planned / total if total > 0 else np.full(self._rows.size, 1.0 / self._rows.size)
        self._mature = self._steady() / self._leaves if self.scenario.horizon.start == "mature" else 0.0
        self.stock: float | None = None
        """People who were told and will come; below zero: who will be kept away."""
        self.invited_visits = 0.0
        """Visits of the measured time that were brought, less those kept away."""
        self._orders = self._told = self._came = self._bought = 0.0

    def _steady(self) -> float:
        """Return people told on a mean mature day, those told by buyers who were told themselves included."""
        setting, rules = self.setting, self._rules
        each = rules.invites_per_kept_order * setting.kept_share
        each -= rules.warnings_per_bad_order * setting.bad_share
        usual = setting.usual_orders
        visits = float(self._planned.sum()) * HOURS_PER_DAY
        caused = each * usual.from_source(SOURCE) / visits if visits > 0 else 0.0
        return usual.total * each / (1.0 - caused) if caused < 1.0 else usual.total * each

    def open(self, today: Today) -> None:
        """Send those who were told, or keep away those who were warned."""
        if self.stock is None:
            self.stock = self._mature * today.growth
        before = today.rates.take(self._rows)
        more = self.stock * self._leaves / HOURS_PER_DAY * self._mix
        after = np.maximum(before + more, 0.0)
        today.rates[self._rows] = after
        if today.measured:
            hours = day_length(self.setting, today)
            self.invited_visits += float((after - before).sum()) * hours
            self._came += float(after.sum()) * hours
            buys = self._invited.buying(today.shift.take(self._rows))
            self._bought += float(after @ buys) * hours

    def close(self, yesterday: Yesterday) -> None:
        """Take out those who came and add those who were told.

        A warm-up starts without orders under way, so until it is over the stock stays as it is.
        """
        assert self.stock is not None
        if not yesterday.today.measured:
            return
        rules, night = self._rules, self.setting.night(yesterday)
        told = rules.invites_per_kept_order * float(night.kept().sum())
        if rules.warnings_per_bad_order > 0:
            bad = float(night.failed().sum()) + float(yesterday.entered("cancelled").sum())
            told -= rules.warnings_per_bad_order * bad
        self.stock += told - self.stock * self._leaves
        self._told += told
        self._orders += float(yesterday.orders.sum())

    def figures(self) -> dict[str, float]:
        """Return visits by recommendation, and the orders that each order causes by it."""
        found = {"invited_visits": self.invited_visits}
        if self._orders > 0 and self._came > 0:
            found["reproduction_number"] = self._told / self._orders * self._bought / self._came
        return found
