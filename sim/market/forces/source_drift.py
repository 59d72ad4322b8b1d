"""Bought sources whose visitors buy more readily at some times than at others."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.expected import visited
from sim.market.traffic import price_per_visit

if TYPE_CHECKING:
    from sim.market.day import Today
    from sim.market.forces.base import Setting

_NORMAL = NormalDist()


class SourceDrift(Force):
    """The log-odds of buying of each bought source wander around those of the scenario.

    A stationary first-order autoregression (the daily skeleton of Uhlenbeck & Ornstein 1930): with
    ``k = exp(-1 / memory)`` the departure is ``x' = k x + s sqrt(1 - k**2) z`` with ``z`` standard normal,
    and the log-odds move by ``x - s**2 / 2``, so that the mean of the odds is the scenario's. A mature
    history starts somewhere in the long-run law, which nobody knows in advance; a launch starts at the
    scenario's rate. Sources that cost neither by the visit nor by the sale stay as they are.
    """

    mechanism = "source_drift"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.source_drift
        assert rules is not None
        self._spread = rules.spread
        self._kept = math.exp(-1.0 / rules.memory_days)
        self._fresh = rules.spread * math.sqrt(1.0 - self._kept**2)
        sources = self.scenario.market.sources
        self._rows: dict[str, np.ndarray] = {}
        for name in type(sources).model_fields:
            source = getattr(sources, name)
            if source is None:
                continue
            if source.commission_on_sales > 0 or price_per_visit(self.scenario, source) > 0:
                self._rows[name] = np.flatnonzero(visited(setting, name))
        mature = self.scenario.horizon.start == "mature"
        self.departure = {name: self._spread * self._draw(name, -1) if mature else 0.0 for name in self._rows}
        """Departure of each source's log-odds, before the correction of the mean."""
        self._orders = self._planned = 0.0

    def _draw(self, name: str, day: int) -> float:
        return _NORMAL.inv_cdf(self.setting.luck(f"drift of {name}", day))

    def open(self, today: Today) -> None:
        """Let every source wander on, and move the odds of its visitors."""
        for name, rows in self._rows.items():
            departure = self._kept * self.departure[name] + self._fresh * self._draw(name, today.day)
            self.departure[name] = departure
            shift = departure - self._spread**2 / 2.0
            today.shift[rows] += shift
            if today.measured:
                planned = float(today.rates[rows] @ self.setting.conversions[rows])
                self._planned += planned
                self._orders += planned * math.exp(shift)

    def figures(self) -> dict[str, float]:
        """Return the mean odds of bought visits relative to the scenario's."""
        return {"bought_visit_quality": self._orders / self._planned} if self._planned > 0 else {}
