"""Ctrl-C: once finishes what runs, twice stops at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Whether somebody has asked to stop.

    Attributes
    ----------
    asked
        True after the first signal.
    """

    def __init__(self) -> None:
        self.asked = False

    def signalled(self, *_: int | FrameType | None) -> None:
        """Take note of a signal.

        Raises
        ------
        KeyboardInterrupt
            At the second one.
        """
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Answer Ctrl-C and a request to end (SIGTERM) with a note instead of an error, in the main thread."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before: dict[signal.Signals, Callable[..., object] | int | None] = {
        number: signal.signal(number, stop.signalled) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, answer in before.items():
            signal.signal(number, answer)
