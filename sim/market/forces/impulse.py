"""Purchases of those who come to a store to collect an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import HOURS_PER_DAY
from sim.market.forces.base import Force
from sim.scenario.segments import IMPULSE, buys_on_impulse

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario


class Impulse(Force):
    """A share of those who collected in a store yesterday counts as buyers there today.

    They are spread over the visitor types like those who collected, as far as stores know these types, and
    pay ``impulse_basket`` times an ordinary basket.
    """

    mechanism = "promotion"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.pickup.store
        assert rules is not None, "the force acts only where stores hand parcels out"
        self._share = rules.impulse_share * (1.0 - rules.uncollected_rate)
        self._basket = rules.impulse_basket
        self._rows = np.flatnonzero(setting.from_sources(IMPULSE))
        kinds = [setting.streams[row].segment.kind for row in self._rows]
        of_kind = [[c.segment.kind == kind for c in setting.classes] for kind in kinds]
        self._of_kind = np.array(of_kind, dtype=float).reshape(self._rows.size, len(setting.classes))
        self._buyers = np.zeros(self._rows.size)

    @classmethod
    def acts_in(cls, scenario: Scenario) -> bool:
        """Return whether those who collect in stores buy there, and the mechanism is on."""
        return scenario.mechanisms.promotion and buys_on_impulse(scenario)

    def open(self, today: Today) -> None:
        """Let them come over the day; the season that trading adds is in their number already."""
        season = self.setting.demand_on(today.day)
        if season > 0:
            today.rates[self._rows] = self._buyers / HOURS_PER_DAY / season
        today.basket[self._rows] *= self._basket

    def close(self, yesterday: Yesterday) -> None:
        """Count those who collected."""
        collected = yesterday.entered("store_collected")
        by_kind = self._of_kind @ collected
        known = by_kind.sum()
        self._buyers = self._share * by_kind * (collected.sum() / known if known > 0 else 0.0)
