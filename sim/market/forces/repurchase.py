"""Buyers who come back by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import DAYS_PER_YEAR, HOURS_PER_DAY
from sim.market.demand import expected_repeat_orders, repurchase_probability
from sim.market.forces.base import Force
from sim.market.forces.expected import day_length
from sim.scenario.segments import REPEAT

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting

HIGHEST_CHANCE = 0.95
"""Not even the most loyal always come back."""


class Repurchase(Force):
    """A stock of buyers who will buy again, by channel and visitor type.

    Every kept order adds its repurchase probability to the stock; those in stock order after an exponential
    time. The orders that they place leave the stock. With ``service.recovery`` an order that was broken or
    lost adds ``won_back_share`` of it.
    """

    mechanism = "repurchase"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        scenario = self.scenario
        keys = sorted(expected_repeat_orders(scenario))
        position = {key: i for i, key in enumerate(keys)}
        self._keys = np.array([position[(c.segment.channel, c.segment.kind)] for c in setting.classes])
        self._probability = np.array(
            [repurchase_probability(scenario, c.segment, c.delivery) for c in setting.classes]
        )
        self._again = np.array([c.segment.source == REPEAT for c in setting.classes])
        rows = [
            (position[(s.segment.channel, s.segment.kind)], row)
            for row, s in enumerate(setting.streams)
            if s.segment.source == REPEAT
        ]
        self._stock_of_row = np.array([key for key, _ in rows], dtype=np.int64)
        self._rows = np.array([row for _, row in rows], dtype=np.int64)
        self._hours = scenario.market.repurchase.mean_days * HOURS_PER_DAY
        self._recovery = scenario.service.recovery
        self._mature = np.zeros(len(keys))
        if scenario.horizon.start == "mature":
            expected = expected_repeat_orders(scenario, setting.kept_share)
            days = scenario.market.repurchase.mean_days
            self._mature = np.array([expected[key] for key in keys]) * days / DAYS_PER_YEAR
        self.stock: np.ndarray | None = None
        """Buyers who will come back, by channel and visitor type."""

    def open(self, today: Today) -> None:
        """Set the rate of those who come back today."""
        if self.stock is None:
            # The probability of coming back moves the mature stock as it moves what joins it.
            loyalty = np.ones(self._mature.size)
            loyalty[self._stock_of_row] = today.loyalty[self._rows]
            self.stock = self._mature * today.growth * loyalty
        today.rates[self._rows] = self.stock[self._stock_of_row] / self._hours

    def close(self, yesterday: Yesterday) -> None:
        """Take out those who came back and add those who kept an order and will."""
        assert self.stock is not None
        loyalty = yesterday.today.loyalty[self.setting.stream_of_class]
        satisfied = yesterday.entered("kept")
        if self._recovery is not None:
            cases = yesterday.entered("broken") + yesterday.entered("lost")
            satisfied = satisfied + cases * self._recovery.won_back_share
            self.setting.pay_for_orders("goodwill", cases, self._recovery.cost_per_case)
        kept = satisfied * np.minimum(self._probability * loyalty, HIGHEST_CHANCE)
        back = np.where(self._again, yesterday.orders, 0)
        moved = yesterday.today.redirected
        if moved.any():
            hours = day_length(self.setting, yesterday.today)
            self.stock -= np.bincount(self._stock_of_row, moved[self._rows] * hours, self.stock.size)
        self.stock = np.maximum(self.stock - np.bincount(self._keys, back, self.stock.size), 0.0)
        self.stock += np.bincount(self._keys, kept, self.stock.size)
