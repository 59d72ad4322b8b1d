"""Whose turn it is to draw, and what a page does while others wait for a first answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from sim.ui import sheet as sheets
from sim.ui.answer import Answer
from sim.ui.case import Case
from sim.ui.inputs import Inputs
from sim.ui.questions.year import YearQuestion
from sim.ui.sheet import Sheet
from sim.ui.turns import Turn, Turns

PULSE = 0.01


def taken(turn: Turn) -> None:
    """Wait for a turn."""
    for _ in turn.take(PULSE):
        pass


def in_turn(turn: Turn, drawn: list[str], name: str) -> threading.Thread:
    """Wait for a turn in a thread of its own, note its name, and give it back."""

    def draw() -> None:
        taken(turn)
        drawn.append(name)
        turn.give_back()

    thread = threading.Thread(target=draw)
    thread.start()
    while turn not in turn.turns._waiting:
        time.sleep(0.001)
    return thread


def test_first_answers_are_drawn_first_and_equals_in_the_order_they_came():
    turns, drawn = Turns(longest=60.0), []
    mine = Turn(turns)
    taken(mine)
    threads = [
        in_turn(Turn(turns, is_urgent=False), drawn, "sharper"),
        in_turn(Turn(turns), drawn, "first"),
        in_turn(Turn(turns), drawn, "second"),
    ]
    assert not drawn, "one draws, the others wait"
    mine.give_back()
    for thread in threads:
        thread.join(10.0)
    assert drawn == ["first", "second", "sharper"]


def test_who_holds_a_turn_may_take_it_again_and_gives_back_only_their_own():
    turns = Turns(longest=60.0)
    mine, yours = Turn(turns), Turn(turns)
    taken(mine)
    taken(mine)
    yours.give_back()
    waiting = yours.take(PULSE)
    next(waiting)
    mine.give_back()
    assert list(waiting) == []
    mine.give_back()
    assert turns._drawing is yours


def test_a_drawing_that_ends_while_it_waits_leaves_the_queue():
    turns = Turns(longest=60.0)
    mine, gone, last = Turn(turns), Turn(turns), Turn(turns)
    taken(mine)
    waiting = gone.take(PULSE)
    next(waiting)
    waiting.close()
    mine.give_back()
    taken(last)
    assert not turns._waiting


def test_nobody_waits_for_ever_for_a_turn_that_is_not_given_back():
    turns = Turns(longest=0.05)
    taken(Turn(turns))
    began = time.monotonic()
    taken(Turn(turns))
    assert 0.05 <= time.monotonic() - began < 10.0


class Waited:
    """A desk with an answer at a known stage, at which somebody else waits for so many looks."""

    def __init__(self, answer: Answer, looks: int) -> None:
        self.answer, self.looks = answer, looks

    def look_also_at(self, _visitor: str, *questions: YearQuestion) -> tuple[Answer, ...]:
        return (self.answer,) * len(questions)

    def moments(self, _seconds: float, _pulse: float) -> Iterator[None]:
        yield from [None] * 10

    def others_wait(self, _visitor: str) -> bool:
        self.looks -= 1
        return self.looks >= 0


@pytest.mark.parametrize(
    ("answer", "looks_left"),
    [(Answer(1, 0, 24, {}), -1), (Answer(), 3), (Answer(message="failed"), -1)],
    ids=["known", "unknown", "failed"],
)
def test_a_page_with_its_answer_lets_others_see_theirs_before_it_draws_the_rest(
    monkeypatch, answer, looks_left
):
    monkeypatch.setattr(sheets, "_notice_moves", lambda: False)
    desk, turn = Waited(answer, 3), Turn()
    page = Sheet("decide", Inputs(), desk, "me", turn)
    page.ask(YearQuestion(Case()))
    page.go_on()
    page.give_way()
    assert desk.looks == looks_left, "who has no answer does not wait for others'"
    assert turn.is_urgent is (looks_left == 3)
    assert turn.turns._drawing is turn, "it goes on"
    desk.looks = 3
    if not turn.is_urgent:
        page.give_way()
        assert desk.looks == 3, "a page gives way once"
