"""A filter that withholds the offer from those who come for gifts and deep discounts only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.expected import buying, orders_on
from sim.scenario.days import DAYS_PER_YEAR
from sim.scenario.segments import STORES, UNVISITED

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting

LEAST_SHARE = 1e-9
"""Somebody always slips through; keeps log-odds finite."""


class Admission(Force):
    """Of those who would buy on the web, a share by kind of visitor is not let have the offer.

    With ``h`` that share, ``1 - h`` times as many visits of the kind end in an order or a question. The
    visits themselves still come, are paid and load the servers. Those who come back by themselves are sorted
    out alike.
    """

    mechanism = "admission"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.admission
        assert rules is not None
        self._cost = rules.cost_per_year
        online = ~setting.in_channels(STORES)
        looking = ~setting.from_sources(*UNVISITED)
        let_in = np.array([1.0 - getattr(rules.turned_away, s.segment.kind) for s in setting.streams])
        self._let_in = np.where(online, np.maximum(let_in, LEAST_SHARE), 1.0)
        sorted_out = self._let_in < 1.0
        self._looking = np.flatnonzero(sorted_out & looking & (setting.conversions < 1.0))
        self._returning = np.flatnonzero(sorted_out & ~looking)
        self._turned_away = self._refused = 0.0

    def open(self, today: Today) -> None:
        """Withhold the offer."""
        self._refused = float(orders_on(self.setting, today) @ (1.0 - self._let_in))
        rows = self._looking
        before, kept = buying(self.setting.conversions[rows], today.shift[rows]), self._let_in[rows]
        today.shift[rows] += np.log(kept) + np.log1p(-before) - np.log1p(-kept * before)
        today.rates[self._returning] *= self._let_in[self._returning]

    def close(self, yesterday: Yesterday) -> None:
        """Count whom the day has turned away, and pay for telling them apart."""
        if yesterday.today.measured:
            self._turned_away += self._refused
        self.setting.pay("admission_filter", 1.0 / DAYS_PER_YEAR, self._cost)

    def figures(self) -> dict[str, float]:
        """Return the orders that were turned away."""
        return {"turned_away_orders": self._turned_away}
