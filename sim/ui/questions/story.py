"""One order of a history, and orders that moved an account."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.ui.case import Case
from sim.ui.inputs import python_load
from sim.ui.question import SEED, Question, Stage, kind
from sim.ui.questions.year import YearQuestion

if TYPE_CHECKING:
    from sim.ui.sharing import SharingRunner

EVENTS = "events.csv"


def first_weeks(case: Case) -> Case:
    """Return the case cut down to the weeks that are logged."""
    from sim.experiment.order_story import shortened

    short = shortened(case.scenario()).horizon.days
    return case.changed({"horizon.days": short})


@kind("story")
@dataclass(frozen=True)
class StoryQuestion(Question):
    """One order: its steps and its receipt.

    Attributes
    ----------
    pick
        A kind of order (:data:`sim.experiment.order_story.KINDS`) or a number.
    """

    pick: str = "late"

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield the order; the log of a history is nothing that a runner keeps."""
        del runner
        from sim.experiment.order_story import story

        yield Stage(1, 1, story(self.case.scenario(), self.pick, seed=SEED))

    def command(self) -> str:
        """Return the command whose event log has the same steps and costs."""
        command = YearQuestion(first_weeks(self.case), 1).command()
        return f"{command} {shlex.join(['--events', EVENTS])}"

    def python(self) -> str:
        """Return the call of :func:`sim.experiment.order_story.story`."""
        return (
            "from sim.experiment.order_story import story\n"
            "from sim.scenario import load\n\n"
            f"scenario = {python_load(self.case)}\n"
            f"found = story(scenario, {self.pick!r}, seed={SEED})\n"
            "print(found['steps'], found['receipt'])\n"
        )


@kind("receipts")
@dataclass(frozen=True)
class ReceiptsQuestion(Question):
    """Orders that moved an account, each with its part.

    Attributes
    ----------
    account
        Account of the profit and loss.
    channel
        Channel of the orders; empty for all.
    """

    account: str = "last_mile"
    channel: str = ""

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield the orders."""
        del runner
        from sim.experiment.order_story import receipts_of_account

        found = receipts_of_account(self.case.scenario(), self.account, channel=self.channel, seed=SEED)
        yield Stage(1, 1, found)

    def command(self) -> str:
        """Return the command whose event log has the same orders."""
        return StoryQuestion(self.case).command()

    def python(self) -> str:
        """Return the call of :func:`sim.experiment.order_story.receipts_of_account`."""
        return (
            "from sim.experiment.order_story import receipts_of_account\n"
            "from sim.scenario import load\n\n"
            f"scenario = {python_load(self.case)}\n"
            f"found = receipts_of_account(\n    scenario, {self.account!r}, channel={self.channel!r},"
            f" seed={SEED}\n)\n"
            "print(found['orders'])\n"
        )
