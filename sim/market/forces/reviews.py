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


def rating(good: float, bad: float, loss_ratio: float, without: float) -> float:
    """Return a rating between 0 and 1: one bad order weighs as much as ``loss_ratio`` good ones.

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
    >>> rating(96.0, 1.0, loss_ratio=4.0, without=0.9), rating(0.0, 0.0, loss_ratio=4.0, without=0.9)
    (0.96, 0.9)
    """
    weight = good + loss_ratio * bad
    return good / weight if weight > 0 else without


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
        # Who reads no reviews reads those of a last shop, which has none.
        self._shop_of_stream = np.array(
            [
                len(channels)
                if s.segment.source in UNVISITED
                else place.get(s.segment.channel, len(channels))
                for s in setting.streams
            ],
            dtype=np.int64,
        )
        self._told_at_reference = self._told(rules.reference_count)
        good, bad = 1.0 - rules.reference_bad_share, rules.reference_bad_share
        self._reference = good / (good + rules.loss_ratio * bad)
        self._last = self._reference
        self._seen = MeasuredMean()

    def ratings(self) -> np.ndarray:
        """Return the rating of each shop on the web."""
        shops = zip(self._memory.good.tolist(), self._memory.bad.tolist(), strict=True)
        return np.array([self._rating(good, bad) for good, bad in shops])

    def open(self, today: Today) -> None:
        """Move the odds by what is on show."""
        rules = self._rules
        self._memory.open(today.growth)
        shift = []
        for good, bad in zip(self._memory.good.tolist(), self._memory.bad.tolist(), strict=True):
            told = self._told(rules.review_share * (good + bad))
            worth = rules.count_gain * (told - self._told_at_reference)
            shift.append(rules.sensitivity * (self._rating(good, bad) - self._reference) + worth)
        today.shift += np.array([*shift, 0.0]).take(self._shop_of_stream)

    def _told(self, number: float) -> float:
        return number / (number + self._rules.half_count)

    def _rating(self, good: float, bad: float) -> float:
        return rating(good, bad, self._rules.loss_ratio, self._reference)

    def close(self, yesterday: Yesterday) -> None:
        """Hear of the day's orders."""
        self._memory.add(yesterday)
        self._last = self._rating(float(self._memory.good.sum()), float(self._memory.bad.sum()))
        self._seen.note(self._last, measured=yesterday.today.measured)

    def figures(self) -> dict[str, float]:
        """Return the rating over the shops, by their orders: the mean, and that of the last day."""
        return self._seen.figures("rating") | {"rating_at_end": self._last}
