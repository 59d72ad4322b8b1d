"""What became of orders since yesterday, as the market hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.market.calendar import HOURS_PER_DAY
from sim.scenario.presale import presale_of

if TYPE_CHECKING:
    from sim.market.trading import People
    from sim.scenario import Scenario

SEEN_DELIVERY_DAYS = 7
"""Visitors see the mean delivery time of this many days."""


class Outcomes:
    """Reads counts of the flow network once a day and returns what was added.

    Counts begin anew when measuring starts; what happened on the very day before is then not heard of.

    Parameters
    ----------
    scenario
        The world.
    flow
        Running flow network.
    classes
        Number of order classes; their codes come first in the network.
    """

    def __init__(self, scenario: Scenario, flow: Any, classes: int) -> None:
        self._wins = presale_of(scenario) is not None
        self._reference_days = scenario.market.reference_delivery_days
        self._flow = flow
        self._classes = classes
        self._before: dict[str, tuple[np.ndarray, int]] = {}
        self._answers: dict[str, tuple[float, np.ndarray]] = {}
        self._deliveries: list[tuple[float, float]] = []

    def entered(self, node: str) -> np.ndarray:
        """Return orders that entered ``node`` since this was asked at an earlier moment, by class.

        Whoever asks at the same moment hears the same.
        """
        asked, found = self._answers.get(node, (-1.0, None))
        if found is not None and asked == self._flow.now:
            return found
        now = self._flow.totals(node)[: self._classes]
        total = int(now.sum())
        before, counted = self._before.get(node, (0, 0))
        self._before[node] = now, total
        # Fewer than before: counting has begun anew.
        found = (now if total < counted else now - before).astype(float)
        self._answers[node] = (self._flow.now, found)
        return found

    def won(self, chats: People) -> tuple[np.ndarray, np.ndarray]:
        """Return orders won by an answer since this was asked last and about their value (yuan), by class.

        Parameters
        ----------
        chats
            Visitors who asked today; an order counts with their mean basket, which is quicker to know than
            its own. Chats are over within minutes, so hardly any is won on a day on which nobody asked.
        """
        if not self._wins:
            return np.zeros(self._classes), np.zeros(self._classes)
        number = self.entered("won")
        asked = np.bincount(chats.classes, minlength=self._classes)
        values = np.bincount(chats.classes, chats.values, self._classes)
        return number, number * values / np.maximum(asked, 1)

    def won_value(self) -> np.ndarray:
        """Return the value of all orders won by an answer so far (yuan), by class."""
        if not self._wins:
            return np.zeros(self._classes)
        return np.asarray(self._flow.totals("won", "value")[: self._classes])

    def delivery_days(self) -> float:
        """Return the mean delivery time of the last days, or the reference while there is none."""
        total = self._flow.reading("delivered", "total_age")
        number = self._flow.reading("delivered", "aged")
        if self._deliveries and number < self._deliveries[-1][1]:
            self._deliveries.clear()
        self._deliveries.append((total, number))
        earlier = self._deliveries[max(len(self._deliveries) - 1 - SEEN_DELIVERY_DAYS, 0)]
        if number <= earlier[1]:
            return self._reference_days
        return float((total - earlier[0]) / (number - earlier[1]) / HOURS_PER_DAY)
