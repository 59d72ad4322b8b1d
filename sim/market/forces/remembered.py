"""Orders that went well and badly, as far as shoppers remember them."""

from __future__ import annotations

import math
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from sim.market.demand import expected_first_orders, expected_repeat_orders
from sim.scenario.schema.parts import DAYS_PER_YEAR
from sim.scenario.segments import CHANNELS, KEPT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.market.day import Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario


@lru_cache(maxsize=KEPT)
def orders_per_day(scenario: Scenario, kept_share: float) -> Mapping[str, float]:
    """Return orders of a mean day by channel in the mature state, in closed form."""
    found: dict[str, float] = {}
    for segment, orders in expected_first_orders(scenario).items():
        found[segment.channel] = found.get(segment.channel, 0.0) + orders / DAYS_PER_YEAR
    for (channel, _), orders in expected_repeat_orders(scenario, kept_share).items():
        found[channel] = found.get(channel, 0.0) + orders / DAYS_PER_YEAR
    return MappingProxyType(found)


class Remembered:
    """Orders that went well and badly in some channels, forgotten exponentially.

    An order that is kept went well, unless it came late; one that was lost or broken went badly. Every day
    adds its orders and multiplies what is remembered by ``exp(-1 / memory_days)``.

    Parameters
    ----------
    setting
        The world.
    channels
        Channels kept apart.
    memory_days
        Mean time until an order is forgotten.
    bad_share_per_day_late
        Share of kept orders that disappoint for each day of delivery time beyond the reference.

    Attributes
    ----------
    good, bad
        Orders remembered by channel.
    """

    def __init__(
        self,
        setting: Setting,
        channels: tuple[str, ...],
        memory_days: float,
        bad_share_per_day_late: float = 0.0,
    ) -> None:
        scenario = setting.scenario
        self._setting = setting
        self._mine = np.array([CHANNELS.index(name) for name in channels], dtype=np.int64)
        self._late_per_day = bad_share_per_day_late
        self._reference_days = scenario.market.reference_delivery_days
        self._kept = math.exp(-1.0 / memory_days)
        self.good = self.bad = np.zeros(len(channels))
        if scenario.horizon.start == "mature":
            daily = orders_per_day(scenario, setting.kept_share)
            # A day's orders over one minus what is kept: the sum of a geometric series.
            remembered = np.array([daily.get(name, 0.0) for name in channels]) / (1.0 - self._kept)
            self.good = remembered * setting.kept_share
            self.bad = remembered * setting.bad_share
        self._grown = False

    def open(self, growth: float) -> None:
        """Scale what is remembered at the very start to the size that demand has then."""
        if not self._grown:
            self.good, self.bad = self.good * growth, self.bad * growth
            self._grown = True

    def add(self, yesterday: Yesterday) -> None:
        """Forget a little and add the day's orders."""
        night = self._setting.night(yesterday)
        kept, failed = night.kept().take(self._mine), night.failed().take(self._mine)
        days = max(yesterday.delivery_days - self._reference_days, 0.0)
        late = min(self._late_per_day * days, 1.0)
        if late == 0.0:
            self.good = self.good * self._kept + kept
            self.bad = self.bad * self._kept + failed
        else:
            self.good = self.good * self._kept + kept * (1.0 - late)
            self.bad = self.bad * self._kept + failed + kept * late
