"""Buyers who come back by themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import DAYS_PER_YEAR, HOURS_PER_DAY
from sim.market.demand import expected_repeat_orders, repurchase_probability
from sim.market.forces.base import Force
from sim.market.forces.expected import day_length
from sim.scenario.segments import KEPT, REPEAT, order_classes

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario

HIGHEST_CHANCE = 0.95
"""Not even the most loyal always come back."""


@lru_cache(maxsize=KEPT)
def _probabilities(scenario: Scenario) -> np.ndarray:
    """Return the probability that a kept order is followed by another one, by order class (read-only)."""
    found = np.array(
        [repurchase_probability(scenario, c.segment, c.delivery) for c in order_classes(scenario)]
    )
    found.setflags(write=False)
    return found


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
        key_of_stream = np.array([position[(s.segment.channel, s.segment.kind)] for s in setting.streams])
        self._keys = key_of_stream[setting.stream_of_class]
        self._probability = _probabilities(scenario)
        again = setting.from_sources(REPEAT)
        self._again = np.flatnonzero(again[setting.stream_of_class])
        self._keys_again = self._keys[self._again]
        self._rows = np.flatnonzero(again)
        self._stock_of_row = key_of_stream[self._rows]
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
        loyalty = yesterday.today.loyalty.take(self.setting.stream_of_class)
        satisfied = yesterday.entered("kept")
        if self._recovery is not None:
            cases = yesterday.entered("broken") + yesterday.entered("lost")
            satisfied = satisfied + cases * self._recovery.won_back_share
            self.setting.pay_for_orders("goodwill", cases, self._recovery.cost_per_case)
        kept = satisfied * np.minimum(self._probability * loyalty, HIGHEST_CHANCE)
        moved = yesterday.today.redirected
        if moved.any():
            hours = day_length(self.setting, yesterday.today)
            self.stock -= np.bincount(self._stock_of_row, moved[self._rows] * hours, self.stock.size)
        back = np.bincount(self._keys_again, yesterday.orders.take(self._again), self.stock.size)
        self.stock = np.maximum(self.stock - back, 0.0)
        self.stock += np.bincount(self._keys, kept, self.stock.size)
