"""One worker process as the desk sees it: what it is at, what it has begun, and its pipes."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from sim.ui.question import Question


@dataclass(frozen=True)
class Step:
    """One stage of one question.

    Attributes
    ----------
    ticket
        Number of the step, unique on a desk.
    key
        Name of the question.
    known
        How many stages are known already.
    place
        How far the latest of them is.
    helps
        Whether another worker has this step too.
    began
        When it was given out, by the monotonic clock.
    """

    ticket: int
    key: str
    known: int
    place: tuple[int, int]
    helps: bool
    began: float


class Seat:
    """A worker process.

    Parameters
    ----------
    command
        The words that start it.
    take
        Called with (seat, message) for every message, from a thread of its own.
    lose
        Called with the seat when the process has ended by itself.

    Attributes
    ----------
    step
        What it is at; None if it is free.
    begun
        Questions whose earlier stages it worked on.
    memory
        Megabytes when it last said so.
    is_compiled
        Whether the simulator is compiled; None until it says so.
    was_ready
        Whether it ever got as far as to take questions.
    is_stopping
        Whether it was asked to leave its step.
    """

    def __init__(
        self,
        command: Sequence[str],
        take: Callable[[Seat, Mapping[str, Any]], None],
        lose: Callable[[Seat], None],
    ) -> None:
        self.step: Step | None = None
        self.begun: set[str] = set()
        self.memory = 0.0
        self.is_compiled: bool | None = None
        self.was_ready = False
        self.is_stopping = False
        self._take, self._lose = take, lose
        self._is_closed = False
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self._process.stdout is not None, "its output is a pipe"
        threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True).start()

    @property
    def is_free(self) -> bool:
        """Whether it can begin a step."""
        return self.step is None

    @property
    def process_id(self) -> int:
        """Number of the process."""
        return self._process.pid

    def works_on(self, key: str) -> bool:
        """Whether it is at a question and will go on."""
        return self.step is not None and self.step.key == key and not self.is_stopping

    def begin(self, step: Step, question: Question) -> None:
        """Give it a step."""
        self.step, self.is_stopping = step, False
        self.begun.add(step.key)
        self._send(
            {
                "ticket": step.ticket,
                "key": step.key,
                "known": step.place,
                "helps": step.helps,
                "question": question.as_dict(),
            }
        )

    def stop(self) -> None:
        """Ask it to leave its step; it is free when it says so."""
        if self.step is not None and not self.is_stopping:
            self.is_stopping = True
            self._send({"stop": self.step.ticket})

    def end(self) -> None:
        """Note that its step has ended."""
        self.step, self.is_stopping = None, False

    def close(self) -> None:
        """End the process, at once if it is in the middle of something."""
        self._is_closed = True
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None, "its input is a pipe"
        with contextlib.suppress(
            BrokenPipeError, ValueError
        ):  # it has died; the listener says so to the desk
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def _listen(self, output: IO[str]) -> None:
        with output:
            for line in output:
                message = json.loads(line)
                self.memory = message.get("memory", self.memory)
                if message["event"] == "start":
                    self.is_compiled = message["compiled"]
                elif message["event"] == "ready":
                    self.is_compiled = self.was_ready = True
                else:
                    self._take(self, message)
        self._process.wait()
        if not self._is_closed:
            self._lose(self)
