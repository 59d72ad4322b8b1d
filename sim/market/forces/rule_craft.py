"""Skill in a platform's rules, worth little once they change."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.market.forces.base import Force
from sim.market.forces.experience import DAYS_PER_MONTH, Upkeep
from sim.market.forces.measured import MeasuredMean
from sim.scenario.days import DAYS_PER_YEAR

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting

SEARCH = "platform_search"


class RuleCraft(Force):
    """Specialists lift the brand in platform search; a change of the rules takes part of their skill away.

    The skill ``x`` is built up by spending like a side of the experience, ``dx/dt = d (b (1 - x) - x)``, and
    on each change, which comes on a day with the chance ``changes_per_year / 365``, only ``kept_share`` of it
    is left. A mature brand starts at the mean ``d b / (d (1 + b) + changes (1 - kept))``. Visits from
    platform search are ``(1 + gain x) / (1 + gain x_reference)`` times what they were.
    """

    mechanism = "rule_craft"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.rule_craft
        assert rules is not None
        self._rules = rules
        mature = self.scenario.horizon.start == "mature"
        self.craft = Upkeep(rules.craft, mature=mature)
        if mature:
            self.craft.level = self._usual()
        self._rows = setting.from_sources(SEARCH)
        self._change_per_day = min(rules.changes_per_year / DAYS_PER_YEAR, 1.0)
        self._seen = MeasuredMean()

    def _usual(self) -> float:
        rules = self._rules
        spent = rules.craft.budget_per_year / rules.craft.half_budget_per_year
        decay = -math.log(1.0 - rules.craft.decay_per_month) / DAYS_PER_MONTH
        lost = rules.changes_per_year / DAYS_PER_YEAR * (1.0 - rules.kept_share)
        return decay * spent / (decay * (1.0 + spent) + lost)

    def open(self, today: Today) -> None:
        """Change the rules, perhaps; let search send what the skill brings."""
        if self.setting.luck("rule change", today.day) < self._change_per_day:
            self.craft.level *= self._rules.kept_share
        gain = self._rules.search_gain
        today.rates[self._rows] *= (1.0 + gain * self.craft.level) / (
            1.0 + gain * self._rules.craft.reference_level
        )
        self._seen.note(self.craft.level, measured=today.measured)

    def close(self, yesterday: Yesterday) -> None:  # noqa: ARG002 - specialists cost the same on every day
        """Learn, forget and pay the specialists."""
        self.craft.pass_day()
        budget = self._rules.craft.budget_per_year
        self.setting.pay("rule_specialists", 1.0 / DAYS_PER_YEAR, budget, source=SEARCH)

    def figures(self) -> dict[str, float]:
        """Return the mean skill."""
        return self._seen.figures("rule_skill")
