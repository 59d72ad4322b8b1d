"""The evidence behind a year: the record of its histories in one file, which ``verify`` repeats."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.ui.question import SEED, Question, Stage, kind
from sim.ui.questions.year import YearQuestion

if TYPE_CHECKING:
    from sim.ui.sharing import SharingRunner


@kind("evidence")
@dataclass(frozen=True)
class EvidenceQuestion(Question):
    """The record of the histories behind a year, zipped.

    Attributes
    ----------
    replications
        Histories in the record.
    """

    replications: int = 5

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield the record as one zip file in base 64."""
        from sim.experiment import replicate
        from sim.experiment.brief import bundle_bytes

        with tempfile.TemporaryDirectory() as folder:
            replicate(
                self.case.scenario(), replications=self.replications, seed=SEED, runner=runner, out=folder
            )
            content = bundle_bytes(folder, {})
        yield Stage(self.replications, self.replications, {"zip": base64.b64encode(content).decode()})

    def command(self) -> str:
        """Return the command that writes the same record."""
        return f"{YearQuestion(self.case, self.replications).command()} --out evidence"

    def python(self) -> str:
        """Return the call that simulates the same histories."""
        return YearQuestion(self.case, self.replications).python()
