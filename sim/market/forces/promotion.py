"""Orders brought in by the attendants of pickup points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.demand import promotion_orders_per_hour
from sim.market.forces.base import Force
from sim.scenario.segments import PROMOTION, UNVISITED

if TYPE_CHECKING:
    from sim.market.day import Today
    from sim.market.forces.base import Setting


class Promotion(Force):
    """Attendants in post bring orders, as far as management's intent reaches them.

    Promoted orders are spread like the first orders of the same channel and visitor type.
    """

    mechanism = "promotion"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._rows = np.flatnonzero(setting.from_sources(PROMOTION))
        likeness = [
            [
                (other.segment.channel, other.segment.kind)
                == (setting.streams[row].segment.channel, setting.streams[row].segment.kind)
                and other.segment.source not in UNVISITED
                for other in setting.streams
            ]
            for row in self._rows
        ]
        self._likeness = np.array(likeness, dtype=float).reshape(self._rows.size, len(setting.streams))
        self._conversions = setting.conversions

    def open(self, today: Today) -> None:
        """Set the rate of promoted orders."""
        attendants = self.setting.attendants()
        survival = {name: share for name, (_, share) in attendants.items()}
        staffed = {name: number for name, (number, _) in attendants.items()}
        promoted = promotion_orders_per_hour(self.scenario, survival, staffed)
        orders = self._likeness @ (today.rates * self._conversions)
        total = orders.sum()
        today.rates[self._rows] = promoted * orders / total if total > 0 else 0.0
