"""What an own mall learns from the history of its customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.measured import MeasuredMean
from sim.market.forces.remembered import Remembered
from sim.scenario.schema.parts import DAYS_PER_YEAR

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting

MALL = "mall"


class OwnData(Force):
    """Recommendations in the mall get better the more customers it knows.

    With ``n`` customers whose history is not out of date, precision is ``q = n / (n + half)``. Baskets in the
    mall are ``1 + a q`` times as large and the probability of coming back is ``1 + r q`` times as high.
    """

    mechanism = "own_data"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.own_data
        assert rules is not None
        self._rules = rules
        self._known = Remembered(setting, (MALL,), rules.memory_days)
        self._rows = np.flatnonzero(setting.in_channels(MALL))
        self._seen = MeasuredMean()

    @property
    def precision(self) -> float:
        """How good recommendations are, 0 to 1."""
        known = float(self._known.good[0])
        return known / (known + self._rules.half_customers)

    def open(self, today: Today) -> None:
        """Recommend."""
        self._known.open(today.growth)
        precision = self.precision
        today.basket[self._rows] *= 1.0 + self._rules.basket_gain * precision
        today.loyalty[self._rows] *= 1.0 + self._rules.repurchase_gain * precision
        self._seen.note(precision, measured=today.measured)

    def close(self, yesterday: Yesterday) -> None:
        """Learn from the day's orders and pay those who do."""
        self._known.add(yesterday)
        self.setting.pay(
            "data_analysts", 1.0 / DAYS_PER_YEAR, self._rules.analyst_cost_per_year, channel=MALL
        )

    def figures(self) -> dict[str, float]:
        """Return mean precision."""
        return self._seen.figures("recommendation_precision")
