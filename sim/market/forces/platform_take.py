"""Terms of a platform that rise from year to year, the more so the more the brand depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.scenario.schema.parts import DAYS_PER_YEAR
from sim.scenario.segments import ONLINE_CHANNELS

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting

OWN_ADVERTISING = ("platform_ads",)
"""Sources that the platform itself sells."""


class PlatformTake(Force):
    """A platform sets its terms anew every New Year.

    After a year in which the share ``d`` of the brand's orders, by value, was placed on a platform, its
    commission is ``1 + d x commission_per_year`` times what it was, and the price of its own advertising
    ``1 + d x ad_price_per_year`` times. The first measured year has the scenario's own terms.

    Attributes
    ----------
    commission_factors
        Commission relative to the scenario's, by channel: one number per year begun.
    """

    mechanism = "platform_take"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._drifts = {}
        for name in ONLINE_CHANNELS:
            channel = getattr(self.scenario.channels, name)
            if channel is not None and channel.take_drift is not None:
                self._drifts[name] = channel.take_drift
        self._streams = {name: self._advertising_on(name) for name in self._drifts}
        self._classes = {
            name: np.array([c.segment.channel == name for c in setting.classes]) for name in self._drifts
        }
        self.commission_factors = {name: [1.0] for name in self._drifts}
        self._ad_factor = dict.fromkeys(self._drifts, 1.0)
        self._values = np.zeros(len(setting.classes))
        self._days = 0

    def _advertising_on(self, channel: str) -> np.ndarray:
        return self.setting.in_channels(channel) & self.setting.from_sources(*OWN_ADVERTISING)

    def open(self, today: Today) -> None:
        """Charge this year's price for the platform's own advertising."""
        for name, rows in self._streams.items():
            today.click_price[rows] *= self._ad_factor[name]

    def close(self, yesterday: Yesterday) -> None:
        """Add the day to the year's orders; set new terms at New Year."""
        if not yesterday.today.measured:
            return
        self._values += yesterday.values
        self._days += 1
        if self._days % DAYS_PER_YEAR == 0:
            everything = self._values.sum()
            for name, drift in self._drifts.items():
                mine = self._values[self._classes[name]].sum()
                share = float(mine / everything) if everything > 0 else 0.0
                terms = self.commission_factors[name]
                terms.append(terms[-1] * (1.0 + share * drift.commission_per_year))
                self._ad_factor[name] *= 1.0 + share * drift.ad_price_per_year
            self._values[:] = 0.0

    def factors_by_year(self, channel: str, years: np.ndarray) -> np.ndarray:
        """Return a channel's commission relative to the scenario's in each of some years (0 is the first)."""
        known = self.commission_factors.get(channel, [1.0])
        return np.array(known)[np.minimum(years, len(known) - 1)]
