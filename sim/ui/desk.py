"""Where pages leave questions and look up how far the answers are; one desk serves all visitors of a server.

Questions are worked on stage by stage. Before anybody gets a second stage everybody gets a first one; among
equals the one a visitor looks at first comes first, then the newest. A question that nobody looks at any more
is stopped. A later stage makes way for a first one, and a first one for what somebody looks at first. A
worker without anything of its own helps with the stage that is most urgent.

While the first answer of what somebody looks at first is under way, what they look at besides does not begin
for a moment: two histories at once take longer than one after the other to say the one thing that is waited
for.
"""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sim.ui.answer import Answer
from sim.ui.question import Question
from sim.ui.seat import Seat, Step

COMMAND = (sys.executable, "-m", "sim.ui.worker")
WORKERS = 2
MOST_ANSWERS = 400
MOST_VISITORS = 200
MOST_DEATHS = 2
"""Workers that one question may cost before it is given up."""
MOST_MEMORY = 1500.0
"""Megabytes above which a worker is replaced when its step ends."""
PRESSING = 3.0
"""Seconds for which a first answer that is awaited holds up drawings of what is only sharper."""
LATE = 0.3
"""Seconds after which a first stage is worth a helper."""
MOST_FALSE_STARTS = 5
START_PAUSE = 0.5
"""Seconds before a worker that could not even start is started again."""
PATIENCE = 20.0
"""Seconds after which a visitor who no longer asks has gone; a page that is loaded again is back before."""

DIED_ONCE = "a simulating process died and was replaced"
DIED_TWICE = "the simulating process died twice over this question"
CANNOT_START = "the simulating process cannot be started; the log of the server says why"


@dataclass(frozen=True)
class _Wish:
    """What a visitor looks at, the most urgent first, and when they last asked."""

    keys: tuple[str, ...]
    time: float


@dataclass
class Desk:
    """Questions, answers, and the workers that get from the one to the other.

    Parameters
    ----------
    command
        The words that start a worker.
    workers
        How many of them.
    shipped
        Confirmed answers that came with the program, by the key of their question.
    patience, most_memory
        See :data:`PATIENCE` and :data:`MOST_MEMORY`.
    """

    command: Sequence[str] = COMMAND
    workers: int = WORKERS
    shipped: Mapping[str, Answer] = field(default_factory=dict)
    patience: float = PATIENCE
    most_memory: float = MOST_MEMORY
    _answers: OrderedDict[str, Answer] = field(default_factory=OrderedDict)
    _questions: dict[str, Question] = field(default_factory=dict)
    _asked: dict[str, float] = field(default_factory=dict)
    _deaths: dict[str, int] = field(default_factory=dict)
    _wishes: OrderedDict[str, _Wish] = field(default_factory=OrderedDict)
    _seats: list[Seat] = field(default_factory=list)
    _tickets: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _news: threading.Condition = field(init=False)
    _is_closed: bool = False
    _false_starts: int = 0

    def __post_init__(self) -> None:
        self._news = threading.Condition(self._lock)

    # --- what pages call --------------------------------------------------------------------------

    def open(self) -> Desk:
        """Start the workers, so that they are warm before the first question; return the desk."""
        with self._lock:
            self._staff()
        return self

    @property
    def compiled(self) -> bool:
        """Whether the simulator is compiled already (the first time takes about half a minute)."""
        return all(seat.is_compiled is not False for seat in self._seats)

    def look_at(self, visitor: str, *questions: Question) -> tuple[Answer, ...]:
        """Return what is known about the questions a visitor looks at, the most urgent first.

        What is new is worked on; what the visitor no longer looks at is stopped, unless somebody else does.
        """
        return self._look(visitor, questions, keeps=False)

    def look_also_at(self, visitor: str, *questions: Question) -> tuple[Answer, ...]:
        """Return what is known about more questions, after those the visitor looks at already."""
        return self._look(visitor, questions, keeps=True)

    def moments(self, seconds: float, pulse: float) -> Iterator[None]:
        """Yield for so long whenever a worker has said something, whatever about, and once every pulse."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            yield
            with self._news:
                self._news.wait(min(left, pulse))
        yield

    def others_wait(self, visitor: str) -> bool:
        """Whether somebody else has just asked and has no answer yet to what they look at first."""
        now = time.monotonic()
        with self._lock:
            heads = [wish.keys[0] for name, wish in self._wishes.items() if name != visitor and wish.keys]
            return any(
                not self._answers[key].stage and not self._answers[key].message
                for key in heads
                if key in self._answers and now - self._asked.get(key, 0.0) < PRESSING
            )

    def leave(self, visitor: str) -> None:
        """Stop what only this visitor looks at."""
        with self._lock:
            self._wishes.pop(visitor, None)
            self._work()

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            self._is_closed = True
            seats, self._seats = self._seats, []
        for seat in seats:
            seat.close()

    # --- wishes -----------------------------------------------------------------------------------

    def _look(self, visitor: str, questions: Sequence[Question], *, keeps: bool) -> tuple[Answer, ...]:
        keys = tuple(question.key for question in questions)
        with self._lock:
            before = self._wishes[visitor].keys if keeps and visitor in self._wishes else ()
            wished = tuple(dict.fromkeys((*before, *keys)))
            self._wishes[visitor] = _Wish(wished, time.monotonic())
            self._wishes.move_to_end(visitor)
            while len(self._wishes) > MOST_VISITORS:
                self._wishes.popitem(last=False)
            for key, question in zip(keys, questions, strict=True):
                self._note(key, question)
            self._work()
            return tuple(self._answers[key] for key in keys)

    def _note(self, key: str, question: Question) -> None:
        if key not in self._answers:
            self._answers[key] = self.shipped.get(key, Answer())
        self._answers.move_to_end(key)
        if key not in self._questions:
            self._questions[key] = question
            self._asked[key] = time.monotonic()

    def _ranks(self) -> dict[str, int]:
        """Return the unanswered questions somebody looks at, each with its best place on anybody's list."""
        now = time.monotonic()
        for visitor in [name for name, wish in self._wishes.items() if now - wish.time > self.patience]:
            del self._wishes[visitor]
        ranks: dict[str, int] = {}
        for wish in self._wishes.values():
            for rank, key in enumerate(wish.keys):
                if key in self._answers and not self._answers[key].is_final:
                    ranks[key] = min(rank, ranks.get(key, rank))
        return ranks

    # --- work -------------------------------------------------------------------------------------

    def _work(self) -> None:
        """Give every worker the step it should be at."""
        if self._is_closed:
            return
        self._staff()
        ranks = self._ranks()
        self._forget()
        for seat in self._seats:
            if seat.step is not None and self._is_idle_work(seat.step, ranks):
                seat.stop()
        queue = sorted(ranks, key=lambda key: self._urgency(key, ranks))
        waiting = [key for key in queue if not any(seat.works_on(key) for seat in self._seats)]
        for key in list(waiting):
            free = [seat for seat in self._seats if seat.is_free]
            shared = self._first_stage_to_share() if free and self._answers[key].stage else ""
            if shared:
                self._begin(free[0], shared, helps=True)
            elif free and not (ranks[key] and self._is_first_answer_coming(ranks)):
                self._begin(max(free, key=lambda seat: key in seat.begun), key, helps=False)
                waiting.remove(key)
        first_stages = [key for key in waiting if self._answers[key].stage == 0]
        self._make_way(len(first_stages), sum(ranks[key] == 0 for key in first_stages), ranks)
        self._help(queue)

    def _urgency(self, key: str, ranks: Mapping[str, int]) -> tuple[int, int, float]:
        return self._answers[key].stage, ranks[key], -self._asked[key]

    def _is_idle_work(self, step: Step, ranks: Mapping[str, int]) -> bool:
        """Whether nobody needs the end of a step: nobody looks, or it is known already."""
        return step.key not in ranks or self._answers[step.key].stage > step.known

    def _make_way(self, first_stages: int, heads: int, ranks: Mapping[str, int]) -> None:
        """Stop the steps that can wait longest, until so many first stages that wait find a worker free.

        A first stage of what somebody looks at besides makes way for heads only: for first stages of what
        somebody looks at first.
        """
        at_work = [(seat, seat.step) for seat in self._seats if seat.step is not None]
        leaving = sum(seat.is_stopping for seat, _ in at_work)
        going_on = [(seat, step) for seat, step in at_work if not seat.is_stopping]
        later = [(seat, step) for seat, step in going_on if step.helps or step.known > 0]
        later.sort(key=lambda one: (one[1].helps, one[1].known), reverse=True)
        besides = [one for one in going_on if one not in later and ranks.get(one[1].key, 0) > 0]
        besides.sort(key=lambda one: one[1].began, reverse=True)
        stopped = later[: max(first_stages - leaving, 0)]
        stopped += besides[: max(heads - leaving - len(stopped), 0)]
        for seat, _ in stopped:
            seat.stop()

    def _is_first_answer_coming(self, ranks: Mapping[str, int]) -> bool:
        """Whether a worker has just begun the first stage of what somebody looks at first."""
        return any(
            ranks.get(step.key) == 0 and self._has_just_begun(step) and not seat.is_stopping
            for seat in self._seats
            if (step := seat.step) is not None
        )

    @staticmethod
    def _has_just_begun(step: Step) -> bool:
        return not step.known and time.monotonic() - step.began < LATE

    def _can_be_shared(self, step: Step) -> bool:
        """Whether a step has work for two: a first stage may be one short history."""
        question = self._questions.get(step.key)
        return not self._has_just_begun(step) or (question is not None and question.divisible)

    def _first_stage_to_share(self) -> str:
        """Return a question whose first stage two can share, or is long in coming, and has no helper yet.

        It comes before anybody's second stage.
        """
        for seat in self._seats:
            step = seat.step
            if step is None or step.known or seat.is_stopping or not self._can_be_shared(step):
                continue
            if sum(one.step is not None and one.step.key == step.key for one in self._seats) == 1:
                return step.key
        return ""

    def _help(self, queue: Sequence[str]) -> None:
        """Let workers without a step help with the most urgent one that nobody helps with yet."""
        for seat in self._seats:
            if not seat.is_free:
                continue
            for key in queue:
                hands = [one for one in self._seats if one.step is not None and one.step.key == key]
                if len(hands) != 1 or hands[0].is_stopping:
                    continue
                step = hands[0].step
                if step is not None and self._can_be_shared(step):
                    self._begin(seat, key, helps=True)
                    break

    def _begin(self, seat: Seat, key: str, *, helps: bool) -> None:
        answer = self._answers[key]
        step = Step(next(self._tickets), key, answer.stage, answer.place, helps, time.monotonic())
        seat.begin(step, self._questions[key])

    def _staff(self) -> None:
        """Start workers until there are as many as there should be."""
        while len(self._seats) < self.workers and not self._is_closed:
            self._seats.append(Seat(self.command, self._take, self._lose))

    def _forget(self) -> None:
        """Forget the oldest answers that nobody looks at."""
        watched = {key for wish in self._wishes.values() for key in wish.keys}
        for key in list(self._answers):
            if len(self._answers) <= MOST_ANSWERS:
                break
            if key not in watched:
                for store in (self._answers, self._questions, self._asked, self._deaths):
                    store.pop(key, None)

    # --- what workers say ---------------------------------------------------------------------------

    def _take(self, seat: Seat, message: Mapping[str, Any]) -> None:
        """Take what a worker found; called from the thread that listens to it."""
        with self._lock:
            step = seat.step
            if step is None or message.get("ticket") != step.ticket:
                return
            seat.end()
            known = self._answers.get(step.key)
            if message["event"] == "found" and known is not None and tuple(message["place"]) > known.place:
                self._answers[step.key] = Answer(
                    stage=known.stage + 1,
                    place=tuple(message["place"]),
                    done=message["done"],
                    total=message["total"],
                    result=message["result"],
                    note=message["note"],
                    remark=known.remark,
                )
            elif message["event"] == "failed" and known is not None:
                self._answers[step.key] = replace(known, message=message["message"])
            self._news.notify_all()
            if seat.memory > self.most_memory:
                self._seats.remove(seat)
                threading.Thread(target=seat.close, daemon=True).start()
            self._work()

    def _lose(self, seat: Seat) -> None:
        """Replace a worker that has died; called from the thread that listened to it."""
        if not seat.was_ready:
            time.sleep(START_PAUSE)
        with self._lock:
            self._news.notify_all()
            if seat not in self._seats:
                return
            self._seats.remove(seat)
            self._false_starts = 0 if seat.was_ready else self._false_starts + 1
            if self._false_starts >= MOST_FALSE_STARTS:
                self._give_up()
                return
            if seat.was_ready and seat.step is not None and seat.step.key in self._answers:
                self._mourn(seat.step.key)
            self._work()

    def _mourn(self, key: str) -> None:
        """Say of a question that a worker died over it; the second time it is given up."""
        self._deaths[key] = self._deaths.get(key, 0) + 1
        if self._deaths[key] >= MOST_DEATHS:
            self._answers[key] = replace(self._answers[key], message=DIED_TWICE)
        else:
            self._answers[key] = replace(self._answers[key], remark=DIED_ONCE)

    def _give_up(self) -> None:
        """Answer every question with the news that no worker can be started."""
        self._is_closed = True
        for key, answer in self._answers.items():
            if not answer.is_final:
                self._answers[key] = replace(answer, message=CANNOT_START)
