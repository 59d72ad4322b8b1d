"""The books of the first history, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.ui.inputs import python_load
from sim.ui.question import SEED, Question, Stage, kind, quick
from sim.ui.questions.year import QUICK_SECONDS, WEEKS_ONLY, YearQuestion

if TYPE_CHECKING:
    from sim.ui.sharing import SharingRunner


@kind("books")
@dataclass(frozen=True)
class BooksQuestion(Question):
    """The ledger of the first history of a study."""

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield a quarter first where a year takes long, then the year; ledgers are not kept by a runner."""
        from sim.experiment.book_trails import keep_books_of

        scenario, shorter = self.case.scenario(), quick(self.case)
        seconds = runner.takes(scenario)
        if shorter is not None and (seconds is None or seconds > QUICK_SECONDS):
            yield Stage(0, 1, keep_books_of(shorter.scenario(), SEED), WEEKS_ONLY)
        yield Stage(1, 1, keep_books_of(scenario, SEED))

    def command(self) -> str:
        """Return the command whose profit and loss has the same figures and accounts."""
        return YearQuestion(self.case, 1).command() + " --json"

    def python(self) -> str:
        """Return the lines that give the same ledger."""
        return (
            "from sim.experiment.seeds import replication_seed\n"
            "from sim.scenario import load\n"
            "from sim.world import simulate\n\n"
            f"scenario = {python_load(self.case)}\n"
            f"run = simulate(scenario, replication_seed({SEED}, 0))\n"
            "print(run.books)  # debit, credit, channel, source, layer, period, fen\n"
        )
