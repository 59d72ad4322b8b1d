"""What earlier buyers say in each shop on the web."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.measured import MeasuredMean
from sim.market.forces.remembered import Remembered
from sim.scenario.segments import ONLINE_CHANNELS, UNVISITED

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting


def rating(good: np.ndarray, bad: np.ndarray, loss_ratio: float, without: float) -> np.ndarray:
    """Return ratings between 0 and 1: one bad order weighs as much as ``loss_ratio`` good ones.

    Parameters
    ----------
    good, bad
        Orders remembered.
    loss_ratio
        Weight of a bad order.
    without
        Rating where there are no orders.

    Examples
    --------
    >>> rating(np.array([96.0, 0.0]), np.array([1.0, 0.0]), loss_ratio=4.0, without=0.9).tolist()
    [0.96, 0.9]
    """
    weight = good + loss_ratio * bad
    return np.where(weight > 0, good / np.where(weight > 0, weight, 1.0), without)


class Reviews(Force):
    """Rating and number of reviews of each shop on the web move the odds of buying there.

    With good and bad orders ``g`` and ``b`` remembered, the rating is ``g / (g + L b)`` and ``n = m (g + b)``
    reviews are on show; the log-odds move by ``s (rating - reference) + c (h(n) - h(reference))`` with
    ``h(n) = n / (n + half)``.
    """

    mechanism = "reviews"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.reviews
        assert rules is not None
        self._rules = rules
        channels = tuple(
            name for name in ONLINE_CHANNELS if getattr(self.scenario.channels, name) is not None
        )
        self._memory = Remembered(setting, channels, rules.memory_days, rules.bad_share_per_day_late)
        place = {name: i for i, name in enumerate(channels)}
        reading = [
            (row, place[s.segment.channel])
            for row, s in enumerate(setting.streams)
            if s.segment.channel in place and s.segment.source not in UNVISITED
        ]
        self._rows = np.array([row for row, _ in reading], dtype=np.int64)
        self._shop_of_row = np.array([shop for _, shop in reading], dtype=np.int64)
        good, bad = 1.0 - rules.reference_bad_share, rules.reference_bad_share
        self._reference = good / (good + rules.loss_ratio * bad)
        self._last = self._reference
        self._seen = MeasuredMean()

    def ratings(self) -> np.ndarray:
        """Return the rating of each shop on the web."""
        return rating(self._memory.good, self._memory.bad, self._rules.loss_ratio, self._reference)

    def open(self, today: Today) -> None:
        """Move the odds by what is on show."""
        rules = self._rules
        self._memory.open(today.growth)
        number = rules.review_share * (self._memory.good + self._memory.bad)
        worth = rules.count_gain * (self._told(number) - self._told(np.array(rules.reference_count)))
        shift = rules.sensitivity * (self.ratings() - self._reference) + worth
        today.shift[self._rows] += shift[self._shop_of_row]

    def _told(self, number: np.ndarray) -> np.ndarray:
        return number / (number + self._rules.half_count)

    def close(self, yesterday: Yesterday) -> None:
        """Hear of the day's orders."""
        self._memory.add(yesterday)
        good, bad = self._memory.good.sum(), self._memory.bad.sum()
        mean = rating(np.array(good), np.array(bad), self._rules.loss_ratio, self._reference)
        self._last = float(mean)
        self._seen.note(self._last, measured=yesterday.today.measured)

    def figures(self) -> dict[str, float]:
        """Return the rating over the shops, by their orders: the mean, and that of the last day."""
        return self._seen.figures("rating") | {"rating_at_end": self._last}
