"""A process that simulates for the pages: what it is asked and what it found are lines of JSON on its pipes.

It takes one step at a time: the next stage of a question. Between steps it keeps the questions it has begun
where they stopped. A step can be stopped while it runs; histories that were finished are kept in the shared
store. The process ends when its input ends, so it never outlives the server that started it.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections import OrderedDict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.jobs import Simulate
    from sim.ui.question import Stage
    from sim.ui.sharing import Pace

MOST_BEGUN = 12
"""Questions that a worker keeps where they stopped; one that was let go begins again from the store."""
NICENESS = 5
"""Workers give way to the server that draws and to the browser on the same machine."""
AGAIN = 0.02
"""Seconds after which a stop that came at a bad moment comes again."""
_ENDED = None


class _Stopped(BaseException):
    """Raised in the main thread when a step is stopped; no error that a study could report."""


class Worker:
    """Takes one step at a time.

    Parameters
    ----------
    simulate
        Another simulation than the product's own (a module-level function).
    pace
        What it expects of its own speed.
    """

    def __init__(self, simulate: Simulate | None = None, pace: Pace | None = None) -> None:
        self._simulate = simulate
        self._pace = pace
        self._steps: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._begun: OrderedDict[tuple[str, bool], Iterator[tuple[tuple[int, int], Stage]]] = OrderedDict()
        self._lock = threading.Lock()
        self._ticket: int | None = None
        self._unwanted: set[int] = set()
        self._output: IO[str] = sys.stdout

    def live(self) -> None:
        """Work until the input ends."""
        self._output, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
        signal.signal(signal.SIGINT, self._on_interrupt)
        threading.Thread(target=self._listen, daemon=True).start()
        from sim.compilation import is_compiled

        self._write({"event": "start", "compiled": self._simulate is not None or is_compiled()})
        from sim.experiment.keeping import KeptRuns
        from sim.ui.sharing import Pace

        self._cache, self._pace = KeptRuns(), self._pace or Pace()
        if self._simulate is None:
            import_module("sim.ui.warm")  # everything is loaded and has run before the first question
        self._write({"event": "ready", "memory": memory()})
        while (step := self._steps.get()) is not _ENDED:
            self._step(step)

    def _step(self, step: dict[str, Any]) -> None:
        """Work on a step and say what came of it; whatever happens, exactly one message is written."""
        ticket, place = step["ticket"], (step["key"], step["helps"])
        message: dict[str, Any] = {"event": "stopped"}
        # A stop may come between any two instructions until the ticket is put down, and comes once: whoever
        # raises it puts the ticket down first. So nothing is raised behind this block; no message is lost.
        with contextlib.suppress(_Stopped):
            try:
                self._take_up(ticket)
                message = self._next(step)
            except Exception as error:  # noqa: BLE001 - what went wrong belongs to this question
                traceback.print_exc()
                message = {"event": "failed", "message": str(error) or type(error).__name__}
            self._ticket = None
        with self._lock:
            self._unwanted = {later for later in self._unwanted if later > ticket}
        if message["event"] != "found":
            self._begun.pop(place, None)
        self._write({**message, "ticket": ticket, "key": step["key"], "memory": memory()})

    def _take_up(self, ticket: int) -> None:
        """Hold a ticket: from now on a stop is heard."""
        with self._lock:
            if ticket in self._unwanted:
                raise _Stopped
            self._ticket = ticket

    def _next(self, step: dict[str, Any]) -> dict[str, Any]:
        """Return the first stage beyond those that are known."""
        place = step["key"], step["helps"]
        if place not in self._begun:
            self._begun[place] = placed(self._stages(step))
        self._begun.move_to_end(place)
        while len(self._begun) > MOST_BEGUN:
            self._begun.popitem(last=False)
        for reached, stage in self._begun[place]:
            if stage.done >= stage.total:
                self._begun.pop(place, None)
            if reached > tuple(step["known"]):
                return {"event": "found", "place": reached, **stage._asdict()}
        self._begun.pop(place, None)
        return {"event": "failed", "message": "the question ended without a confirmed answer"}

    def _stages(self, step: dict[str, Any]) -> Iterator[Stage]:
        from sim.ui.question import question_of
        from sim.ui.sharing import SharingRunner

        runner = SharingRunner(self._cache, self._simulate, pace=self._pace, shortest_first=step["helps"])
        return question_of(step["question"]).stages(runner)

    def _on_interrupt(self, _signal: int, frame: FrameType | None) -> None:
        """Leave the step, but let a module load to its end: one that is left half loaded stays broken."""
        if self._ticket is None or self._ticket not in self._unwanted:
            return
        if _is_importing(frame):
            later = threading.Timer(AGAIN, self._stop, args=(self._ticket,))
            later.daemon = True
            later.start()
            return
        self._ticket = None
        raise _Stopped

    def _listen(self) -> None:
        for line in sys.stdin:
            message = json.loads(line)
            if "stop" in message:
                self._stop(message["stop"])
            else:
                self._steps.put(message)
        os._exit(0)  # the server is gone: nobody waits for the history that is under way

    def _stop(self, ticket: int) -> None:
        with self._lock:
            self._unwanted.add(ticket)
            if ticket == self._ticket:
                _interrupt_main_thread()

    def _write(self, message: dict[str, Any]) -> None:
        self._output.write(json.dumps(message, allow_nan=False) + "\n")
        self._output.flush()


def placed(stages: Iterator[Stage]) -> Iterator[tuple[tuple[int, int], Stage]]:
    """Say of every stage how far it is: the histories behind it, and its number among stages with as many.

    Two workers on the same question need not have the same stages: who is fast leaves out the quick one. So
    stages are told apart by how far they are, not by how many came before. Whatever is a stage in shape
    becomes one.
    """
    from sim.ui.question import Stage

    done, same = -1, 0
    for one in stages:
        stage = Stage(*one)
        same = same + 1 if stage.done == done else 0
        done = stage.done
        yield (done, same), stage


def memory() -> float:
    """Return this process's memory in megabytes; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _is_importing(frame: FrameType | None) -> bool:
    """Whether a module is being loaded somewhere below a frame."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib."):
            return True
        frame = frame.f_back
    return False


def _interrupt_main_thread() -> None:
    main = threading.main_thread().ident
    assert main is not None, "the main thread has started"
    signal.pthread_kill(main, signal.SIGINT)


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    Worker().live()
