"""What would have to be true for a verdict on scale to be another: the quick brief of a growth path."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.ui.inputs import command_words, python_load
from sim.ui.portions import UNDERWAY, in_portions
from sim.ui.question import QUARTER, SEED, Question, Stage, kind

if TYPE_CHECKING:
    from sim.experiment.runner import Runner
    from sim.ui.sharing import SharingRunner

HISTORIES = 200
"""About as many histories as a quick brief takes; a quarter each."""
TERMS = (UNDERWAY,)


@kind("conditions")
@dataclass(frozen=True)
class ConditionsQuestion(Question):
    """The conditions in the quick brief of a growth path: what turns its verdict, and what it rests on.

    Attributes
    ----------
    path
        Growth path.
    replications
        Histories of each size.
    """

    divisible: ClassVar[bool] = True

    path: str = "densify"
    replications: int = 3

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield how far the study came, then the brief as ``report --json`` prints it."""
        yield from in_portions(runner, HISTORIES, self._brief)

    def _brief(self, runner: Runner) -> dict[str, Any]:
        from sim.experiment import scale
        from sim.experiment.brief import QUICK, gather

        scenario = self.case.scenario()
        if scenario.horizon.days > QUARTER:
            scenario = scenario.with_values({"horizon.days": QUARTER})
        with tempfile.TemporaryDirectory(prefix="channelsim-") as folder:
            scale(
                scenario,
                path=self.path,
                replications=self.replications,
                seed=SEED,
                causes=False,
                worlds=QUICK.worlds,
                runner=runner,
                out=Path(folder),
            )
            return gather(folder, runner=runner, effort=QUICK).as_dict()

    def command(self) -> str:
        """Return the command that makes the same brief."""
        words = ["--path", self.path, "--replications", str(self.replications), "--quick", "--json"]
        return shlex.join(command_words(self.case, "report", *words))

    def python(self) -> str:
        """Return the calls that make the same brief."""
        days = min(self.case.scenario().horizon.days, QUARTER)
        return (
            "from sim.experiment import scale\n"
            "from sim.experiment.brief import QUICK, gather\n"
            "from sim.experiment.runner import Runner\n"
            "from sim.scenario import load\n\n"
            f"scenario = {python_load(self.case)}\n"
            f'scenario = scenario.with_values({{"horizon.days": {days}}})\n'
            "with Runner() as runner:\n"
            f"    scale(scenario, path={self.path!r}, replications={self.replications}, seed={SEED},\n"
            '          causes=False, worlds=QUICK.worlds, runner=runner, out="study")\n'
            '    found = gather("study", runner=runner, effort=QUICK)\n'
            'print(found.as_dict()["flips"])\n'
        )
