"""Where pages leave questions and look up how far the answers are; one desk serves all visitors."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from sim.ui.question import STAGES, Question

MOST_ANSWERS = 500
MOST_VISITORS = 200
COMMAND = (sys.executable, "-m", "sim.ui.worker")


@dataclass(frozen=True)
class Answer:
    """What is known about a question so far.

    Attributes
    ----------
    replications
        Histories of each size behind ``result``; 0 where nothing is known yet.
    result
        JSON object of ``scale``; None where nothing is known yet.
    message
        Why there will be no answer; empty otherwise.
    """

    replications: int = 0
    result: dict[str, Any] | None = None
    message: str = ""

    @property
    def is_final(self) -> bool:
        """Whether nothing more will come."""
        return self.replications == STAGES[-1] or bool(self.message)


@dataclass
class Desk:
    """Questions, answers, and the process that works on them.

    The newest question comes first; one that no visitor looks at any more is given up.
    """

    command: Sequence[str] = COMMAND
    compiled: bool = True
    _answers: OrderedDict[str, Answer] = field(default_factory=OrderedDict)
    _waiting: OrderedDict[str, Question] = field(default_factory=OrderedDict)
    _wanted: OrderedDict[str, frozenset[str]] = field(default_factory=OrderedDict)
    _current: str | None = None
    _is_giving_up: bool = False
    _process: subprocess.Popen[str] | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def look_at(self, visitor: str, *questions: Question) -> tuple[Answer, ...]:
        """Return what is known about the questions a visitor looks at, the most urgent first.

        Questions that are new are worked on; those the visitor no longer looks at are given up, unless
        somebody else looks at them.
        """
        with self._lock:
            self._wanted[visitor] = frozenset(question.key for question in questions)
            self._wanted.move_to_end(visitor)
            while len(self._wanted) > MOST_VISITORS:
                self._wanted.popitem(last=False)
            for question in reversed(questions):
                self._want(question)
            self._drop_unwanted()
            self._work()
            return tuple(self._answers[question.key] for question in questions)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            process.wait(timeout=10)

    def _want(self, question: Question) -> None:
        key = question.key
        known = self._answers.setdefault(key, Answer())
        self._answers.move_to_end(key)
        if known.is_final or key == self._current:
            return
        self._waiting[key] = question
        self._waiting.move_to_end(key, last=False)
        while len(self._answers) > MOST_ANSWERS:
            self._answers.popitem(last=False)

    def _drop_unwanted(self) -> None:
        wanted = frozenset().union(*self._wanted.values())
        for key in [key for key in self._waiting if key not in wanted]:
            del self._waiting[key]
        if self._current is not None and self._current not in wanted and not self._is_giving_up:
            self._is_giving_up = True
            self._send({"give_up": self._current})

    def _work(self) -> None:
        if self._process is None or self._process.poll() is not None:
            self._start()
        if self._current is None and self._waiting:
            self._current, question = self._waiting.popitem(last=False)
            self._is_giving_up = False
            self._send({"ask": asdict(question)})

    def _start(self) -> None:
        self._current = None
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self._process.stdout is not None, "its output is a pipe"
        threading.Thread(target=self._listen, args=(self._process, self._process.stdout), daemon=True).start()

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process is not None, "the process was started"
        assert self._process.stdin is not None, "its input is a pipe"
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return  # it has died; the listener says so to whoever waits

    def _listen(self, process: subprocess.Popen[str], output: IO[str]) -> None:
        with output:
            for line in output:
                with self._lock:
                    self._take(json.loads(line))
        with self._lock:
            if process.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.close()
            process.wait()
            if self._process is process and self._current is not None:
                self._settle(
                    self._current, "the simulating process ended unexpectedly; move a lever to go on"
                )

    def _take(self, message: dict[str, Any]) -> None:
        event = message["event"]
        if event == "start":
            self.compiled = message["compiled"]
        elif event == "found":
            self.compiled = True
            self._answers[message["key"]] = Answer(message["replications"], message["result"])
            if message["replications"] == STAGES[-1]:
                self._settle(message["key"])
        elif event == "failed":
            self._settle(message["key"], message["message"])
        elif event == "given_up":
            self._settle(message["key"])

    def _settle(self, key: str, message: str = "") -> None:
        """Go on to the next question."""
        if message:
            self._answers[key] = Answer(message=message)
        if key != self._current:
            return
        self._current = None
        if self._process is not None and self._process.poll() is None:
            self._work()
