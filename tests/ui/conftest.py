"""Answers for the page without a process behind it: small worlds, simulated once."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from sim.experiment import Runner, scale
from sim.ui.desk import Answer
from sim.ui.question import STAGES, Question
from tests.ui.small import FEW_VISITS

DAYS = 7


@cache
def simulated(
    path: str, changes: tuple[tuple[str, float], ...], replications: int = STAGES[-1]
) -> dict[str, Any]:
    """The result of a question in a small world of a week."""
    question = Question(path, {**FEW_VISITS, **dict(changes)}, days=DAYS)
    with Runner(1) as runner:
        return scale(question.world(), runner=runner, **question.arguments(min(replications, 2))).as_dict()


class StillDesk:
    """A desk whose answers are there at once, or at the stage that a test sets."""

    compiled = True
    stage = STAGES[-1]
    message = ""

    def look_at(self, _visitor: str, *questions: Question) -> tuple[Answer, ...]:
        """Answer every question at the present stage."""
        if self.message:
            return tuple(Answer(message=self.message) for _ in questions)
        if self.stage == 0:
            return tuple(Answer() for _ in questions)
        return tuple(
            Answer(self.stage, simulated(one.path, tuple(sorted(one.changes.items())), self.stage))
            for one in questions
        )


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> StillDesk:
    """Put a still desk in the place of the real one."""
    import streamlit as st

    st.cache_resource.clear()
    still = StillDesk()
    monkeypatch.setattr("sim.ui.desk.Desk", lambda: still)
    return still
