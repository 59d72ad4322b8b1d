"""The ways of orders from source to end, and the queues that they met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.ui.inputs import python_load
from sim.ui.question import SEED, Question, Stage, kind, quick, steps_up_to
from sim.ui.questions.year import QUICK_SECONDS, WEEKS_ONLY, YearQuestion

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.ui.sharing import SharingRunner


@kind("ways")
@dataclass(frozen=True)
class WaysQuestion(Question):
    """Orders by source, channel, way and end, and queues by week, over several histories.

    Attributes
    ----------
    replications
        Histories behind the confirmed answer; they are the first ones of a year's study.
    """

    replications: int = 5

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield a quarter first where a year takes long, then years."""
        shorter = quick(self.case)
        seconds = runner.takes(self.case.scenario())
        own = _told_runner(runner)
        if shorter is not None and (seconds is None or seconds > QUICK_SECONDS):
            yield Stage(0, self.replications, _told(shorter.scenario(), 1, own), WEEKS_ONLY)
        for number in steps_up_to(self.replications):
            yield Stage(number, self.replications, _told(self.case.scenario(), number, own))

    def command(self) -> str:
        """Return the command whose funnel has the same orders by channel and source."""
        return YearQuestion(self.case, self.replications).command() + " --json"

    def python(self) -> str:
        """Return the call of :func:`sim.experiment.ways.ways`."""
        return (
            "from sim.experiment.ways import ways\n"
            "from sim.scenario import load\n\n"
            f"scenario = {python_load(self.case)}\n"
            f"found = ways(scenario, replications={self.replications}, seed={SEED})\n"
            "print(found.as_dict()['links'])\n"
        )


def _told_runner(runner: SharingRunner) -> SharingRunner:
    """Return a runner whose histories are told, with a store of its own where the given one has a store."""
    from sim.experiment.keeping import KeptRuns
    from sim.experiment.ways import simulate_told
    from sim.ui.sharing import SharingRunner

    if runner.cache is None:
        return SharingRunner(None, simulate_told)
    kept = KeptRuns()
    kept.folder = kept.folder.with_name(f"{kept.folder.name}-told")
    return SharingRunner(kept, simulate_told)


def _told(scenario: Scenario, replications: int, runner: SharingRunner) -> dict[str, Any]:
    from sim.experiment.ways import ways

    return ways(scenario, replications=replications, seed=SEED, runner=runner).as_dict()
