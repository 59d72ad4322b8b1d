"""Two cases that meet the same shoppers: paired differences, and the accounts they come from."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from sim.ui.case import Case
from sim.ui.inputs import python_load
from sim.ui.question import SEED, Question, Stage, kind, quick, steps_up_to
from sim.ui.questions.year import QUICK_SECONDS, WEEKS_ONLY

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.ui.sharing import SharingRunner

YARDSTICK = "door_only"
"""Shipped scenario that others are compared with first."""


@kind("compare")
@dataclass(frozen=True)
class CompareQuestion(Question):
    """What a case changes against another one.

    Attributes
    ----------
    other
        What it is compared with; differences are ``case - other``.
    scope
        ``brand`` or a channel, for the waterfall.
    replications
        Histories of each behind the confirmed answer.
    """

    divisible: ClassVar[bool] = True

    other: Case = field(default_factory=Case)
    scope: str = "brand"
    replications: int = 24

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield four weeks first where years take long, then years."""
        both = self.other.scenario(), self.case.scenario()
        shorter = quick(self.other), quick(self.case)
        seconds = runner.takes(*both)
        if None not in shorter and (seconds is None or seconds > QUICK_SECONDS):
            a, b = (one.scenario() for one in shorter if one is not None)
            yield Stage(0, self.replications, self._compared(runner, a, b, 1), WEEKS_ONLY)
        for number in steps_up_to(self.replications):
            yield Stage(number, self.replications, self._compared(runner, *both, number))

    def _compared(self, runner: SharingRunner, a: Scenario, b: Scenario, replications: int) -> dict[str, Any]:
        """Return what ``compare --json`` prints, with the waterfall by group of accounts besides."""
        from sim.experiment import compare

        found = compare(a, b, replications=replications, seed=SEED, scope=self.scope, runner=runner)
        return {**found.as_dict(), "buckets": [step.as_dict() for step in found.buckets()]}

    def command(self) -> str:
        """Return the command that gives the same digits; changed cases have to be saved as files first."""
        words = ["channelsim", "compare", _file(self.other, "before"), _file(self.case, "after")]
        if self.scope != "brand":
            words += ["--scope", self.scope]
        return shlex.join([*words, "--replications", str(self.replications)])

    def python(self) -> str:
        """Return the call of :func:`sim.experiment.compare`."""
        return (
            "from sim.experiment import compare\n"
            "from sim.scenario import load\n\n"
            f"before = {python_load(self.other)}\n"
            f"after = {python_load(self.case)}\n"
            f"found = compare(before, after, replications={self.replications}, seed={SEED},"
            f" scope={self.scope!r})\n"
            "print(found.headline)\n"
        )


def _file(case: Case, name: str) -> str:
    """Return what a command calls a case: a shipped scenario, or the file that its YAML is saved as."""
    return f"{name}.yaml" if case.text or case.changes else case.base
