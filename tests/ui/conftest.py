"""Pages without processes behind them: a desk that answers at once, from small worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.ui.answer import Answer
from sim.ui.case import Case
from sim.ui.inputs import Inputs
from sim.ui.question import Question, Stage
from sim.ui.questions.year import YearQuestion
from sim.ui.sharing import SharingRunner
from tests.ui.small import small

REPLICATIONS = 2


def shrunk(question: Question) -> Question:
    """The same question about small worlds, with few histories."""
    cases = {
        one.name: small(value)
        for one in fields(question)
        if isinstance(value := getattr(question, one.name), Case)
    }
    most = {"replications": REPLICATIONS, "worlds": 0}
    return replace(question, **cases, **{name: n for name, n in most.items() if hasattr(question, name)})


@cache
def stages_of(question: Question) -> tuple[Stage, ...]:
    """Every stage of a small question, simulated once."""
    with SharingRunner(None) as runner:
        return tuple(Stage(*stage) for stage in question.stages(runner))


class StillDesk:
    """A desk whose answers are there at once, or at the stage that a test sets.

    Attributes
    ----------
    stage
        How many stages are known; None: all of them.
    message
        What goes wrong with every question; empty: nothing.
    asked
        Every question that was asked, in order.
    """

    compiled = True

    def __init__(self) -> None:
        self.stage: int | None = None
        self.message = ""
        self.asked: list[Question] = []
        self.left = 0

    def answer(self, question: Question) -> Answer:
        """What is known about a question."""
        self.asked.append(question)
        if self.message:
            return Answer(message=self.message)
        if self.stage == 0:
            return Answer()
        found = stages_of(shrunk(question))
        number = len(found) if self.stage is None else min(self.stage, len(found))
        stage = found[number - 1]
        return Answer(number, stage.done, stage.total, stage.result, stage.note)

    def look_at(self, _visitor: str, *questions: Question) -> tuple[Answer, ...]:
        """Answer at once."""
        return tuple(self.answer(question) for question in questions)

    look_also_at = look_at

    def moments(self, _seconds: float, _pulse: float) -> tuple[None, ...]:
        """Nothing more will come."""
        return ()

    def leave(self, _visitor: str) -> None:
        """Count those who leave."""
        self.left += 1


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> StillDesk:
    """Put a still desk in the place of the real one."""
    desk = StillDesk()
    monkeypatch.setattr("sim.ui.frame.shared_desk", lambda: desk)
    return desk


RunPage = Callable[..., AppTest]


@pytest.fixture
def run_page(still: StillDesk) -> RunPage:
    """Give a function that draws a page by its name, as a link opens it; ``inputs`` or ``link`` say which."""
    del still
    stages_of(shrunk(YearQuestion(Case())))  # a first compilation takes longer than a page may

    def run(name: str, inputs: Inputs | None = None, link: str = "") -> AppTest:
        page = AppTest.from_string(
            f"from sim.ui.pages import pages\npages()[{name!r}].draw()\n", default_timeout=60
        )
        word = link or (inputs.to_link() if inputs is not None else "")
        if word:
            page.query_params["s"] = word
        page.run()
        assert not page.exception, page.exception[0].stack_trace
        return page

    return run


def words(page: AppTest) -> str:
    """All text on a page."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "warning", "info", "success", "error")
    return "\n".join(str(part.value) for kind in kinds for part in getattr(page, kind))


FIELDS = ("slider", "number_input", "text_input", "selectbox", "toggle")


def latest(page: AppTest, name: str) -> str:
    """The key under which a field was drawn last."""
    keys = [part.key for kind in FIELDS for part in getattr(page, kind)]
    return next(key for key in keys if key is not None and key.partition("~")[0] == name)


def seen(page: AppTest) -> Any:
    """What a browser shows, to be reported later (``page._tree``) as by one that has not heard more."""
    for part in (part for kind in FIELDS for part in getattr(page, kind)):
        part._value = part.value
    return page._tree


def press(page: AppTest, key: str) -> AppTest:
    """Press a button by its key."""
    return page.button(key=key).click().run()
