"""What a year brings: every figure and the profit and loss by channel, with intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.ui.inputs import python_load
from sim.ui.question import SEED, Question, Stage, kind, quick, steps_up_to

if TYPE_CHECKING:
    from sim.ui.sharing import SharingRunner

QUICK_SECONDS = 0.8
"""Where a year takes longer than this, four weeks are shown first."""
WEEKS_ONLY = "one history of four mean weeks only"


@kind("run")
@dataclass(frozen=True)
class YearQuestion(Question):
    """Replicated figures and the profit and loss by channel.

    Attributes
    ----------
    replications
        Histories behind the confirmed answer.
    """

    replications: int = 24

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield four weeks first where a year takes long, then years."""
        from sim.experiment import replicate
        from sim.report.run_result import of_replicated

        scenario = self.case.scenario()
        shorter = quick(self.case)
        seconds = runner.takes(scenario)
        if shorter is not None and (seconds is None or seconds > QUICK_SECONDS):
            found = replicate(shorter.scenario(), replications=1, seed=SEED, runner=runner)
            yield Stage(0, self.replications, of_replicated(found), WEEKS_ONLY)
        for number in steps_up_to(self.replications):
            found = replicate(scenario, replications=number, seed=SEED, runner=runner)
            yield Stage(number, self.replications, of_replicated(found))

    def words(self) -> list[str]:
        """Return the options of ``channelsim run``."""
        return ["--replications", str(self.replications)]

    def python(self) -> str:
        """Return the call of :func:`sim.experiment.replicate`."""
        return (
            "from sim.experiment import replicate\n"
            "from sim.report.run_result import of_replicated\n"
            "from sim.scenario import load\n\n"
            f"scenario = {python_load(self.case)}\n"
            f"found = replicate(scenario, replications={self.replications}, seed={SEED}, workers=None)\n"
            "print(of_replicated(found)['kpis'])\n"
        )
