"""Default or my levers in the default or my world: four results and their interaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from sim.ui.case import Case
from sim.ui.inputs import python_load
from sim.ui.question import SEED, Question, Stage, kind, quick, steps_up_to
from sim.ui.questions.year import QUICK_SECONDS, WEEKS_ONLY, YearQuestion

if TYPE_CHECKING:
    from sim.ui.sharing import SharingRunner


@kind("fourfold")
@dataclass(frozen=True)
class FourfoldQuestion(Question):
    """The four combinations of levers and assumptions.

    The case itself has both; ``default`` has nothing changed.

    Attributes
    ----------
    default, levers, assumptions
        The other three.
    metric
        Figure that is compared.
    replications
        Histories of each behind the confirmed answer.
    """

    divisible: ClassVar[bool] = True

    default: Case = field(default_factory=Case)
    levers: Case = field(default_factory=Case)
    assumptions: Case = field(default_factory=Case)
    metric: str = "contribution_per_order"
    replications: int = 5

    @property
    def cases(self) -> tuple[Case, Case, Case, Case]:
        """The four, in the order of :data:`sim.experiment.fourfold.CELLS`."""
        return self.default, self.levers, self.assumptions, self.case

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield four weeks first where years take long, then years."""
        from sim.experiment.fourfold import fourfold

        worlds = [case.scenario() for case in self.cases]
        shorter = [quick(case) for case in self.cases]
        seconds = runner.takes(*worlds)
        if None not in shorter and (seconds is None or seconds > QUICK_SECONDS):
            a, b, c, d = (case.scenario() for case in shorter if case is not None)
            first = fourfold(a, b, c, d, metric=self.metric, replications=1, seed=SEED, runner=runner)
            yield Stage(0, self.replications, first.as_dict(), WEEKS_ONLY)
        a, b, c, d = worlds
        for number in steps_up_to(self.replications):
            found = fourfold(a, b, c, d, metric=self.metric, replications=number, seed=SEED, runner=runner)
            yield Stage(number, self.replications, found.as_dict())

    def command(self) -> str:
        """Return the commands that give the four results."""
        return "\n".join(YearQuestion(case, self.replications).command() for case in self.cases)

    def python(self) -> str:
        """Return the call of :func:`sim.experiment.fourfold.fourfold`."""
        names = ("default", "levers", "assumptions", "both")
        loads = "".join(
            f"{name} = {python_load(case)}\n" for name, case in zip(names, self.cases, strict=True)
        )
        return (
            "from sim.experiment.fourfold import fourfold\n"
            "from sim.scenario import load\n\n"
            f"{loads}"
            f"found = fourfold(\n    {', '.join(names)},\n    metric={self.metric!r},"
            f" replications={self.replications}, seed={SEED},\n)\n"
            "print(found.as_dict())\n"
        )
