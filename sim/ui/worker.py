"""The process that simulates for the pages: questions and answers are lines of JSON on its pipes.

It ends when its input ends, so it never outlives the server that started it. A question can be given up
while it is being worked on; what it had found so far stays known.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import queue
import signal
import sys
import threading
import traceback
from typing import Any

from sim.ui.question import STAGES, Question

_ENDED = None


class _GivenUp(BaseException):
    """Raised in the main thread when nobody waits for the answer; no error that a run could report."""


class Worker:
    """Answers one question at a time; everything it simulates it remembers."""

    def __init__(self) -> None:
        self._questions: queue.Queue[Question | None] = queue.Queue()
        self._lock = threading.Lock()
        self._current: str | None = None
        self._unwanted: set[str] = set()
        self._is_ending = False

    def live(self) -> None:
        """Work until the input ends."""
        signal.signal(signal.SIGINT, self._on_interrupt)
        threading.Thread(target=self._listen, daemon=True).start()
        from sim.compilation import is_compiled

        self._write({"event": "start", "compiled": is_compiled()})
        _start_warm_processes()
        from sim.experiment import Runner
        from sim.experiment.keeping import KeptRuns

        with Runner(None, cache=KeptRuns()) as runner:
            while (question := self._questions.get()) is not _ENDED and not self._is_ending:
                self._answer(runner, question)

    def _answer(self, runner: Any, question: Question) -> None:
        key = question.key
        try:
            with self._lock:
                if key in self._unwanted:
                    self._unwanted.discard(key)
                    raise _GivenUp
                self._current = key
            self._simulate(runner, question)
        except _GivenUp:
            self._write({"event": "given_up", "key": key})
        except Exception as error:  # noqa: BLE001 - whatever went wrong belongs to this question, not to the others
            traceback.print_exc()
            self._write({"event": "failed", "key": key, "message": str(error) or type(error).__name__})
        finally:
            with self._lock:
                self._current = None
                self._unwanted.discard(key)

    def _simulate(self, runner: Any, question: Question) -> None:
        from sim.experiment import scale

        world = question.world()
        for replications in STAGES:
            found = scale(world, runner=runner, **question.arguments(replications))
            self._write(
                {
                    "event": "found",
                    "key": question.key,
                    "replications": replications,
                    "result": found.as_dict(),
                }
            )

    def _on_interrupt(self, *_: object) -> None:
        if self._current is not None and self._current in self._unwanted:
            raise _GivenUp

    def _listen(self) -> None:
        for line in sys.stdin:
            message = json.loads(line)
            if "give_up" in message:
                with self._lock:
                    self._unwanted.add(message["give_up"])
                    if message["give_up"] == self._current:
                        _interrupt_main_thread()
            else:
                self._questions.put(Question(**message["ask"]))
        with self._lock:  # the server is gone
            self._is_ending = True
            if self._current is not None:
                self._unwanted.add(self._current)
                _interrupt_main_thread()
        self._questions.put(_ENDED)

    def _write(self, message: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def _interrupt_main_thread() -> None:
    main = threading.main_thread().ident
    assert main is not None, "the main thread has started"
    signal.pthread_kill(main, signal.SIGINT)


def _start_warm_processes() -> None:
    """Start the process that workers are copied from with everything loaded, compiled code included."""
    if os.name != "posix":
        return
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sim.ui.warm", "sim.experiment.jobs"])
    forkserver.ensure_running()


if __name__ == "__main__":
    Worker().live()
