"""Delivery time as visitors see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.market.forces.base import Force
from sim.scenario.segments import STORES, UNVISITED

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting


class DeliveryPromise(Force):
    """The shop shows how long recent orders took; every day beyond the reference costs log-odds of buying."""

    mechanism = "delivery_sensitivity"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        market = self.scenario.market
        sees = ~setting.in_channels(STORES) & ~setting.from_sources(*UNVISITED)
        self._sensitivity = market.wait_sensitivity * sees.astype(float)
        self._reference = market.reference_delivery_days
        self._shown = market.reference_delivery_days

    def open(self, today: Today) -> None:
        """Move the odds by the time shown."""
        today.shift -= self._sensitivity * (self._shown - self._reference)

    def close(self, yesterday: Yesterday) -> None:
        """Show the delivery time of the last days."""
        self._shown = yesterday.delivery_days
