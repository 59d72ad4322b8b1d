"""A still desk whose histories are planted: curves and causes are known in closed form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sim.ui.answer import Answer
from sim.ui.question import Question, Stage
from sim.ui.sharing import SharingRunner
from tests.ui.conftest import StillDesk

_BEGUN: dict[tuple[int, Question], tuple[Iterator[Stage], list[Stage]]] = {}
"""Questions that were begun, by simulation, and their stages so far: tests share what they simulate."""


class PlantedDesk(StillDesk):
    """A desk that answers real questions, at once, from a planted simulation.

    Parameters
    ----------
    simulate
        A module-level function in the place of the product's own simulation; see
        ``tests/experiment/planted.py``.
    """

    def __init__(self, simulate: Callable[..., Any]) -> None:
        super().__init__()
        self.simulate = simulate

    def answer(self, question: Question) -> Answer:
        """What is known about a question."""
        self.asked.append(question)
        if self.message:
            return Answer(message=self.message)
        if self.stage == 0:
            return Answer()
        found = self._stages_of(question)
        return Answer(len(found), *found[-1])

    def _stages_of(self, question: Question) -> list[Stage]:
        """Return the stages up to the one that the test sets; later ones are not simulated."""
        place = id(self.simulate), question
        if place not in _BEGUN:
            _BEGUN[place] = question.stages(SharingRunner(None, self.simulate)), []
        rest, found = _BEGUN[place]
        while self.stage is None or len(found) < self.stage:
            stage = next(rest, None)
            if stage is None:
                break
            found.append(Stage(*stage))
        return found if self.stage is None else found[: self.stage]
