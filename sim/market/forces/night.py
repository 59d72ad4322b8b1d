"""What several forces want to know of the day that ended, worked out once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.segments import CHANNELS

if TYPE_CHECKING:
    from sim.market.day import Yesterday
    from sim.market.forces.base import Setting


class Night:
    """Sums of the day that ended.

    They count orders, which are whole, so they are exact in whatever order they are added up. What nobody
    asks for is not read.

    Parameters
    ----------
    setting
        The world.

    Attributes
    ----------
    yesterday
        The day that ended; none before the first night.
    """

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self.yesterday: Yesterday | None = None
        self._kept: np.ndarray | None = None
        self._failed: np.ndarray | None = None
        self._orders: np.ndarray | None = None
        self._left: np.ndarray | None = None

    def fall(self, yesterday: Yesterday) -> None:
        """Forget the night before."""
        self.yesterday = yesterday
        self._kept = self._failed = self._orders = self._left = None

    def kept(self) -> np.ndarray:
        """Return orders kept, by channel in the order of :data:`sim.scenario.segments.CHANNELS`."""
        if self._kept is None:
            self._kept = self._by_channel(self._day.entered("kept"))
        return self._kept

    def failed(self) -> np.ndarray:
        """Return orders broken or lost, by channel."""
        if self._failed is None:
            self._failed = self._by_channel(self._day.entered("broken") + self._day.entered("lost"))
        return self._failed

    def orders(self) -> np.ndarray:
        """Return orders by stream."""
        if self._orders is None:
            self._orders = self._setting.per_stream(self._day.orders)
        return self._orders

    def left(self) -> np.ndarray:
        """Return visitors who left without an order, by stream."""
        if self._left is None:
            self._left = np.maximum(self._day.visits - self.orders(), 0.0)
        return self._left

    @property
    def _day(self) -> Yesterday:
        assert self.yesterday is not None
        return self.yesterday

    def _by_channel(self, by_class: np.ndarray) -> np.ndarray:
        return np.bincount(self._setting.channel_of_class, by_class, len(CHANNELS))
