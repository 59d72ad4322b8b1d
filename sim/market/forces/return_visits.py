"""Visitors who leave and look again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import HOURS_PER_DAY
from sim.market.forces.base import Force
from sim.scenario.second_visits import is_first_visit
from sim.scenario.segments import RETURN_VISIT

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting


class ReturnVisits(Force):
    """A stock of people who will look again, by channel and visitor type.

    Of those who leave without an order a share joins the stock; they come back, unpaid, after an exponential
    time with the mean of the scenario. Who leaves once more may come back once more.
    """

    mechanism = "return_visits"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.return_visits
        assert rules is not None
        streams = setting.streams
        self._rows = np.flatnonzero(setting.from_sources(RETURN_VISIT))
        keys = [(streams[row].segment.channel, streams[row].segment.kind) for row in self._rows]
        position = {key: i for i, key in enumerate(keys)}
        # Those who leave from anywhere else, or never come back, are in a last column that is dropped.
        self._key_of_stream = np.array(
            [
                position.get((s.segment.channel, s.segment.kind), len(keys))
                if is_first_visit(s.segment) or s.segment.source == RETURN_VISIT
                else len(keys)
                for s in streams
            ],
            dtype=np.int64,
        )
        self._share = np.array([getattr(rules.share, kind) for _, kind in keys])
        self._hours = rules.mean_days * HOURS_PER_DAY
        self._mature = np.zeros(len(keys))
        if self.scenario.horizon.start == "mature":
            self._mature = setting.planned[self._rows] * self._hours
        self.stock: np.ndarray | None = None
        """People who will look again, by channel and visitor type."""

    def open(self, today: Today) -> None:
        """Set the rate of those who come back today."""
        if self.stock is None:
            self.stock = self._mature * today.growth
        today.rates[self._rows] = self.stock / self._hours

    def close(self, yesterday: Yesterday) -> None:
        """Take out those who came and add those who left and will come back."""
        assert self.stock is not None
        left = self.setting.night(yesterday).left()
        leaving = np.bincount(self._key_of_stream, left, self._share.size + 1)[:-1]
        waiting = np.maximum(self.stock - yesterday.visits.take(self._rows), 0.0)
        self.stock = waiting + self._share * leaving
