"""Trust that an own mall must earn and a platform lends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.measured import MeasuredMean
from sim.market.forces.remembered import Remembered
from sim.scenario.segments import UNVISITED

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting

MALL = "mall"


class EarnedTrust(Force):
    """Visitors of an own mall buy as readily as it is trusted.

    With good and bad orders ``g`` and ``b`` remembered, ``n = max(g - L b, 0)`` customers vouch for it
    and trust is ``T = 1 - (1 - n / (n + half)) (1 - w)``, where ``w`` is what a guarantee lends. The log-odds
    move by ``gap (T - reference)``. A platform's escrow and rules lend its shops full trust.
    """

    mechanism = "earned_trust"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.earned_trust
        assert rules is not None
        self._rules = rules
        self._memory = Remembered(setting, (MALL,), rules.memory_days)
        self._rows = np.flatnonzero(setting.in_channels(MALL) & ~setting.from_sources(*UNVISITED))
        self._guarantee = rules.guarantee
        self._lent = rules.guarantee.trust if rules.guarantee is not None else 0.0
        self._mall = np.flatnonzero(setting.in_channels(MALL))
        self._sources = [setting.streams[row].segment.source for row in self._mall]
        self._seen = MeasuredMean()

    @property
    def trust(self) -> float:
        """Trust in the mall, 0 to 1."""
        rules = self._rules
        vouching = max(float(self._memory.good[0] - rules.loss_ratio * self._memory.bad[0]), 0.0)
        return 1.0 - (1.0 - vouching / (vouching + rules.half_customers)) * (1.0 - self._lent)

    def open(self, today: Today) -> None:
        """Move the odds in the mall."""
        self._memory.open(today.growth)
        trust = self.trust
        today.shift[self._rows] += self._rules.gap * (trust - self._rules.reference_trust)
        self._seen.note(trust, measured=today.measured)

    def close(self, yesterday: Yesterday) -> None:
        """Hear of the day's orders and pay for the guarantee of those placed."""
        self._memory.add(yesterday)
        if self._guarantee is None:
            return
        orders = self.setting.night(yesterday).orders().take(self._mall).tolist()
        covered: dict[str, float] = {}
        for source, number in zip(self._sources, orders, strict=True):
            if number:
                covered[source] = covered.get(source, 0.0) + number
        rate = self._guarantee.cost_per_order
        for source, number in covered.items():
            self.setting.pay("guarantees", number, rate, channel=MALL, source=source)

    def figures(self) -> dict[str, float]:
        """Return mean trust in the mall."""
        return self._seen.figures("mall_trust")
