"""What shoppers on the web think of all sellers together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.market.forces.base import Force
from sim.market.forces.measured import MeasuredMean
from sim.market.forces.remembered import Remembered
from sim.scenario.segments import ONLINE_CHANNELS, UNVISITED

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting

MALL = "mall"


class CategoryTrust(Force):
    """Bad orders of any seller make shoppers wary of all.

    With the brand's own share of bad orders remembered ``b``, that of the other sellers ``o``, of whom the
    share ``m`` has the brand's quality, and the brand's weight ``w``, shoppers expect
    ``e = w b + (1 - w) (m b + (1 - m) o)``. The log-odds of buying on platforms move by
    ``-sensitivity (e - reference)``, in the own mall by ``mall_share`` of it.
    """

    mechanism = "category_trust"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.category_trust
        assert rules is not None
        self._rules = rules
        channels = tuple(
            name for name in ONLINE_CHANNELS if getattr(self.scenario.channels, name) is not None
        )
        self._own = Remembered(setting, channels, rules.memory_days)
        visited = ~setting.from_sources(*UNVISITED)
        platforms = tuple(name for name in channels if name != MALL)
        self._platforms = visited & setting.in_channels(*platforms)
        self._mall = visited & setting.in_channels(MALL)
        self._seen = MeasuredMean()

    @property
    def expected_bad_share(self) -> float:
        """Share of bad orders that shoppers expect of any seller."""
        rules = self._rules
        good, bad = float(self._own.good.sum()), float(self._own.bad.sum())
        own = bad / (good + bad) if good + bad > 0 else rules.reference_bad_share
        others = rules.imitation * own + (1.0 - rules.imitation) * rules.others_bad_share
        return rules.brand_weight * own + (1.0 - rules.brand_weight) * others

    def open(self, today: Today) -> None:
        """Move the odds on the web."""
        rules = self._rules
        self._own.open(today.growth)
        shift = -rules.sensitivity * (self.expected_bad_share - rules.reference_bad_share)
        today.shift[self._platforms] += shift
        today.shift[self._mall] += rules.mall_share * shift
        self._seen.note(math.exp(shift), measured=today.measured)

    def close(self, yesterday: Yesterday) -> None:
        """Hear of the day's orders."""
        self._own.add(yesterday)

    def figures(self) -> dict[str, float]:
        """Return the odds of buying on platforms relative to those at the reference."""
        return self._seen.figures("category_demand")
