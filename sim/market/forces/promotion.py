"""Orders brought in by the attendants of pickup points."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.market.demand import promotion_orders_per_hour
from sim.market.forces.base import Force
from sim.scenario.segments import KEPT, PROMOTION, UNVISITED
from sim.scenario.streams import streams

if TYPE_CHECKING:
    from sim.market.day import Today
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario


@lru_cache(maxsize=KEPT)
def _likeness(scenario: Scenario) -> np.ndarray:
    """Return ones where promoted orders of a stream are spread like visits of another, else zeros."""
    found = [stream.segment for stream in streams(scenario)]
    promoted = [one for one in found if one.source == PROMOTION]
    likeness = np.zeros((len(promoted), len(found)))
    for i, here in enumerate(promoted):
        for j, other in enumerate(found):
            if other.kind == here.kind and other.channel == here.channel and other.source not in UNVISITED:
                likeness[i, j] = 1.0
    likeness.setflags(write=False)
    return likeness


class Promotion(Force):
    """Attendants in post bring orders, as far as management's intent reaches them.

    Promoted orders are spread like the first orders of the same channel and visitor type.
    """

    mechanism = "promotion"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._rows = np.flatnonzero(setting.from_sources(PROMOTION))
        self._likeness = _likeness(self.scenario)
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
