"""What several forces want to know of the day that ended, worked out once for all of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.segments import CHANNELS

if TYPE_CHECKING:
    from sim.market.day import Yesterday
    from sim.market.forces.base import Setting


class Night:
    """Sums of the day that ended.

    They count orders, which are whole, so they are exact in whatever order they are added up.

    Parameters
    ----------
    setting
        The world.
    yesterday
        The day that ended.
    """

    def __init__(self, setting: Setting, yesterday: Yesterday) -> None:
        self._setting = setting
        self.yesterday = yesterday

    @cached_property
    def kept(self) -> np.ndarray:
        """Orders kept, by channel in the order of :data:`sim.scenario.segments.CHANNELS`."""
        return self._by_channel(self.yesterday.entered("kept"))

    @cached_property
    def failed(self) -> np.ndarray:
        """Orders broken or lost, by channel."""
        return self._by_channel(self.yesterday.entered("broken") + self.yesterday.entered("lost"))

    @cached_property
    def orders(self) -> np.ndarray:
        """Orders by stream."""
        return self._setting.per_stream(self.yesterday.orders)

    @cached_property
    def left(self) -> np.ndarray:
        """Visitors who left without an order, by stream."""
        return np.maximum(self.yesterday.visits - self.orders, 0.0)

    def _by_channel(self, by_class: np.ndarray) -> np.ndarray:
        return np.bincount(self._setting.channel_of_class, by_class, len(CHANNELS))
