"""The desk and its workers: the command line's digits, fairness, and nothing lost when something dies."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import sim.ui.desk
from sim.cli import main
from sim.ui.answer import NOWHERE, Answer
from sim.ui.case import Case
from sim.ui.desk import CANNOT_START, DIED_ONCE, DIED_TWICE, LATE, PRESSING, Desk
from sim.ui.questions.compare import CompareQuestion
from sim.ui.questions.scale import ScaleQuestion
from sim.ui.questions.year import YearQuestion
from sim.ui.seat import Seat, Step
from tests.ui.planted_worker import DEADLY, ENDLESS, SLOW
from tests.ui.small import small

PLANTED = (sys.executable, str(Path(__file__).with_name("planted_worker.py")))


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.002)


def slow(number: int, days: int = SLOW) -> YearQuestion:
    """A question of its own whose histories take their time; it has five stages after a quick one."""
    case = Case("base").changed({"horizon.days": days, "market.places": 10 + number})
    return YearQuestion(case, replications=16)


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """Kept runs of this test only."""
    monkeypatch.setenv("CHANNELSIM_CACHE", str(tmp_path))


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A desk with planted workers."""
    found = Desk(command=PLANTED)
    yield found
    found.close()


def test_the_pages_have_the_digits_of_the_command_line(capsys, tmp_path):
    case = small(Case("community_pickup"))
    other = small(Case.of("community_pickup", {"pickup.community.points": 60}))
    questions = (
        YearQuestion(case, replications=3),
        ScaleQuestion(case, volumes=(1.0, 2.0), replications=2),
        CompareQuestion(other, other=case, replications=2),
    )
    desk = Desk()
    try:
        wait_for(lambda: all(answer.is_final for answer in desk.look_at("me", *questions)))
        answers = desk.look_at("me", *questions)
    finally:
        desk.close()
    assert [answer.message for answer in answers] == ["", "", ""]
    for name, one in (("before", case), ("after", other)):
        (tmp_path / f"{name}.yaml").write_text(one.scenario().to_yaml())
    for question, answer in zip(questions, answers, strict=True):
        line = [
            str(tmp_path / word) if word in ("before.yaml", "after.yaml") else word
            for word in shlex.split(question.command())[1:]
        ]
        assert main([*line, "--json", "--workers", "1", "--fresh"]) == 0
        assert answer.result is not None
        found = {name: value for name, value in answer.result.items() if name != "buckets"}
        expected = json.loads(capsys.readouterr().out)
        if isinstance(question, CompareQuestion):  # its scenarios are files here, and named after them
            for side, one in (("a", "before"), ("b", "after")):
                assert expected[side].pop("scenario") == one
                found[side] = {key: value for key, value in found[side].items() if key != "scenario"}
            del found["headline"], expected["headline"]
        assert found == expected


def test_everybody_gets_a_first_stage_before_anybody_gets_a_second(desk, monkeypatch):
    questions = [slow(number) for number in range(10)]
    forgotten: list[str] = []
    begin = desk._begin

    def noting(seat: Seat, key: str, *, helps: bool) -> None:
        if desk._answers[key].stage:
            at_work = {one.step.key for one in desk._seats if one.step is not None}
            forgotten.extend(
                one for one in desk._ranks() if not desk._answers[one].stage and one not in at_work
            )
        begin(seat, key, helps=helps)

    monkeypatch.setattr(desk, "_begin", noting)
    desk.workers = 0  # nothing begins before everybody has asked
    for number, question in enumerate(questions):
        desk.look_at(f"visitor {number}", question)
    desk.workers = 2

    def finished() -> bool:
        stages = [desk.look_at(f"visitor {n}", question)[0].stage for n, question in enumerate(questions)]
        return min(stages) >= 2

    wait_for(finished)
    assert forgotten == [], "a second stage was begun while nobody was at these first ones"


def test_what_a_visitor_looks_at_first_comes_first_and_the_newest_before_older(desk):
    desk.workers = 1
    order: list[str] = []
    take = desk._take

    def noting(seat, message):
        order.append(message["key"])
        take(seat, message)

    desk._take = noting
    first, second, newer = slow(1), slow(2), slow(3)
    desk.look_at("me", first, second)
    desk.look_at("you", newer)
    wait_for(lambda: len(order) >= 3)
    assert order[0] == first.key, "it was begun before anybody else asked"
    assert order[1:3] == [newer.key, second.key]


def test_a_first_stage_does_not_wait_for_a_later_one(desk):
    # Its quick stage is planted at once, then every history takes a minute.
    long = slow(1, ENDLESS)
    desk.look_at("me", long)
    wait_for(lambda: desk.look_at("me", long)[0].stage == 1)
    new = slow(2)
    wait_for(lambda: desk.look_at("you", new)[0].is_known, 20.0)
    assert desk.look_at("me", long)[0].stage == 1


def test_what_nobody_looks_at_is_stopped_and_what_somebody_looks_at_is_not(desk):
    left, shared, new = slow(1, ENDLESS), slow(2, ENDLESS), slow(3)
    desk.look_at("me", left)
    wait_for(lambda: desk.look_at("me", left)[0].stage == 1)
    desk.look_at("you", shared)
    desk.look_at("me", shared)
    wait_for(lambda: not any(seat.works_on(left.key) for seat in desk._seats))
    wait_for(lambda: any(seat.works_on(shared.key) for seat in desk._seats))
    wait_for(lambda: desk.look_at("you", shared)[0].stage == 1)
    desk.look_at("me", new)
    wait_for(lambda: desk.look_at("me", new)[0].is_final)
    wait_for(lambda: any(seat.works_on(shared.key) for seat in desk._seats))
    desk.leave("you")
    wait_for(lambda: all(seat.is_free for seat in desk._seats))
    assert desk._answers[left.key].stage == desk._answers[shared.key].stage == 1


def test_two_workers_share_one_question(desk):
    question = slow(1)
    desk.look_at("me", question)
    together = []

    def finished() -> bool:
        together.append(sum(seat.step is not None and seat.step.key == question.key for seat in desk._seats))
        return desk.look_at("me", question)[0].is_final

    wait_for(finished)
    assert max(together) == 2


def test_a_reload_finds_its_job_and_who_is_gone_is_forgotten(desk):
    desk.patience = 0.3
    question = slow(1)
    desk.look_at("before the reload", question)
    wait_for(lambda: desk.look_at("before the reload", question)[0].stage >= 2)
    known = desk.look_at("before the reload", question)[0]
    assert desk.look_at("after the reload", question)[0].stage >= known.stage
    wait_for(lambda: desk.look_at("after the reload", question)[0].is_final)
    assert "before the reload" not in desk._wishes


def test_a_worker_that_dies_is_said_replaced_and_its_question_answered(desk):
    question = slow(1, ENDLESS)
    desk.look_at("me", question)
    wait_for(lambda: desk.look_at("me", question)[0].stage == 1)
    seat = next(seat for seat in desk._seats if seat.works_on(question.key))
    os.kill(seat.process_id, signal.SIGKILL)
    wait_for(lambda: desk.look_at("me", question)[0].remark == DIED_ONCE)
    other = slow(2)
    wait_for(lambda: desk.look_at("me", question, other)[1].is_final)
    assert len({one.process_id for one in desk._seats} - {seat.process_id}) == 2


def test_a_question_that_kills_every_worker_is_given_up(desk):
    deadly, good = slow(1, DEADLY), slow(2)
    wait_for(lambda: all(answer.is_final for answer in desk.look_at("me", deadly, good)))
    lost, found = desk.look_at("me", deadly, good)
    assert lost.message == DIED_TWICE
    assert found.message == ""
    assert found.done == found.total == 16


def test_a_failure_belongs_to_its_question_alone(desk):
    wrong = ScaleQuestion(Case("base"), path="nowhere")
    good = slow(1)
    wait_for(lambda: all(answer.is_final for answer in desk.look_at("me", wrong, good)))
    failed, found = desk.look_at("me", wrong, good)
    assert "growth path" in failed.message
    assert found.message == ""


def test_a_worker_that_has_grown_too_large_is_replaced(desk):
    desk.workers, desk.most_memory = 1, 1.0
    question, next_one = slow(1), slow(2)
    desk.look_at("me", question)
    (first,) = [seat.process_id for seat in desk._seats]
    wait_for(lambda: desk.look_at("me", question)[0].stage >= 1)
    wait_for(lambda: desk.look_at("me", next_one)[0].is_known)
    assert first not in [seat.process_id for seat in desk._seats]


def test_a_worker_that_cannot_start_is_not_tried_for_ever(monkeypatch):
    monkeypatch.setattr(sim.ui.desk, "START_PAUSE", 0.0)
    desk = Desk(command=(sys.executable, "-c", "raise SystemExit(1)"))
    question = slow(1)
    wait_for(lambda: desk.look_at("me", question)[0].is_final)
    assert desk.look_at("me", question)[0].message == CANNOT_START
    desk.close()


def test_a_shipped_answer_is_there_at_once_and_only_for_its_own_question():
    question, other = slow(1), slow(2)
    shipped = Answer(1, 16, 16, {"kpis": {}})
    desk = Desk(command=PLANTED, shipped={question.key: shipped})
    try:
        assert desk.look_at("me", question) == (shipped,)
        assert not desk.look_at("me", other)[0].is_known
    finally:
        desk.close()


def test_equal_questions_have_equal_names():
    case = Case("base")
    assert YearQuestion(case).key == YearQuestion(case.changed({"market.places": 40})).key
    names = {
        YearQuestion(case).key,
        YearQuestion(case, replications=2).key,
        YearQuestion(case.changed({"market.places": 12})).key,
        ScaleQuestion(case).key,
        ScaleQuestion(case, path="replicate").key,
        CompareQuestion(case, other=Case("stores_only")).key,
        CompareQuestion(case, other=Case("tmall_only")).key,
    }
    assert len(names) == 7


def seat_at(step: Step | None, *, is_stopping: bool = False) -> Seat:
    """A seat without a process, at a step."""
    seat = object.__new__(Seat)
    seat.step, seat.is_stopping = step, is_stopping
    return seat


def test_a_first_stage_that_is_long_in_coming_gets_the_next_free_worker():
    desk = Desk(command=PLANTED)
    long_ago = time.monotonic() - 2 * LATE
    first = Step(1, "a question", 0, NOWHERE, False, long_ago)
    helped = replace(first, helps=True)
    for seats, expected in (
        ([seat_at(first), seat_at(None)], "a question"),
        ([seat_at(replace(first, began=time.monotonic())), seat_at(None)], ""),
        ([seat_at(replace(first, known=1)), seat_at(None)], ""),
        ([seat_at(first, is_stopping=True), seat_at(None)], ""),
        ([seat_at(first), seat_at(helped)], ""),
    ):
        desk._seats = seats
        assert desk._first_stage_to_share() == expected


def two_seats() -> Desk:
    """A desk with two workers that never answer."""
    desk = Desk(command=PLANTED)
    desk._seats = [seat_at(None), seat_at(None)]
    for seat in desk._seats:
        seat.begun, seat.memory = set(), 0.0
    return desk


def at_work(desk: Desk) -> list[str]:
    """Names of the questions that workers are at."""
    return [seat.step.key for seat in desk._seats if seat.step is not None]


def test_two_share_a_first_stage_of_several_histories_before_anybody_begins_a_second(monkeypatch):
    monkeypatch.setattr(Seat, "_send", lambda *_: None)
    desk = two_seats()
    year, curve = slow(1), ScaleQuestion(Case("base"))
    desk.look_at("me", year, curve)
    step = desk._seats[0].step
    assert step is not None
    assert step.key == year.key
    found = {"event": "found", "ticket": step.ticket, "place": (0, 0), "done": 0, "total": 16}
    desk._take(desk._seats[0], {**found, "result": {}, "note": ""})
    assert desk.look_at("me", year)[0].stage == 1
    desk.look_also_at("me", curve)
    assert at_work(desk) == [curve.key, curve.key]
    assert [seat.step.helps for seat in desk._seats if seat.step is not None] == [False, True]


def test_who_has_an_answer_knows_that_somebody_else_waits_for_a_first_one(monkeypatch):
    monkeypatch.setattr(Seat, "_send", lambda *_: None)
    desk = two_seats()
    mine, yours = slow(1), slow(2)
    desk.look_at("me", mine)
    assert not desk.others_wait("me"), "I am no other"
    desk.look_at("you", yours)
    assert desk.others_wait("me")
    desk._answers[yours.key] = Answer(1, 0, 16, {})
    assert not desk.others_wait("me")
    assert desk.others_wait("you")
    desk._asked[mine.key] -= PRESSING
    assert not desk.others_wait("you"), "nobody is held up for long"


def test_what_is_looked_at_besides_makes_way_for_what_somebody_looks_at_first(monkeypatch):
    monkeypatch.setattr(Seat, "_send", lambda *_: None)
    desk = two_seats()
    first, besides = slow(1), slow(2)
    desk._answers[first.key] = Answer(1, 0, 16, {})
    desk.look_at("me", first, besides)
    assert set(at_work(desk)) == {first.key, besides.key}
    desk.look_at("you", slow(3))
    desk.look_at("they", slow(4))
    assert all(seat.is_stopping for seat in desk._seats), "a later stage, and what I look at besides"
    desk = two_seats()
    desk.look_at("me", slow(3))
    desk.look_at("you", slow(4))
    desk.look_at("they", slow(5))
    assert not any(seat.is_stopping for seat in desk._seats), "equals wait for each other"


def test_what_is_looked_at_first_is_simulated_alone_for_a_moment(monkeypatch):
    monkeypatch.setattr(Seat, "_send", lambda *_: None)
    first, besides = slow(1), slow(2)
    desk = two_seats()
    desk.look_at("me", first, besides)
    assert at_work(desk) == [first.key], "two histories at once take longer than one"
    step = desk._seats[0].step
    assert step is not None
    desk._seats[0].step = replace(step, began=time.monotonic() - 2 * LATE)
    desk.look_at("me", first, besides)
    assert at_work(desk) == [first.key, besides.key], "what takes long does not hold up the rest"

    desk = two_seats()
    desk.look_at("me", first)
    desk.look_at("you", besides)
    assert at_work(desk) == [first.key, besides.key], "others have their first question, too"


def test_who_waits_is_woken_by_news_and_not_kept_for_ever(desk):
    began = time.monotonic()
    assert len(list(desk.moments(0.2, 0.05))) >= 3
    assert time.monotonic() - began >= 0.2
    question = slow(1)
    desk.look_at("me", question)
    for _ in desk.moments(60.0, 60.0):
        if desk.look_at("me", question)[0].is_known:
            break
    assert desk.look_at("me", question)[0].is_known
    assert time.monotonic() - began < 60.0
