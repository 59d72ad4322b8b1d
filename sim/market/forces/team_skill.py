"""How well the shops on the web are run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.market.forces.base import Force
from sim.market.forces.experience import Upkeep
from sim.market.forces.measured import MeasuredMean
from sim.scenario.schema.parts import DAYS_PER_YEAR
from sim.scenario.segments import ONLINE_CHANNELS, UNVISITED

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting


class TeamSkill(Force):
    """Pay and training build a skill that leavers take away; it moves the odds of buying.

    The level follows the law of a side of the experience, ``dx/dt = d ((B / H) (1 - x) - x)``, and the
    log-odds of buying on the web move by ``gain (x - reference)``.
    """

    mechanism = "team_skill"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.management.team
        assert rules is not None
        self._rules = rules
        self.skill = Upkeep(rules.training, mature=self.scenario.horizon.start == "mature")
        self._rows = setting.in_channels(*ONLINE_CHANNELS) & ~setting.from_sources(*UNVISITED)
        self._seen = MeasuredMean()

    def open(self, today: Today) -> None:
        """Serve visitors as well as people can."""
        rules = self._rules
        today.shift[self._rows] += rules.buying_gain * (self.skill.level - rules.training.reference_level)
        self._seen.note(self.skill.level, measured=today.measured)

    def close(self, yesterday: Yesterday) -> None:  # noqa: ARG002 - people are paid alike on every day
        """Learn, lose people, and pay for both."""
        self.skill.pass_day()
        self.setting.pay("team_training", 1.0 / DAYS_PER_YEAR, self._rules.training.budget_per_year)

    def figures(self) -> dict[str, float]:
        """Return the mean skill."""
        return self._seen.figures("team_skill")
