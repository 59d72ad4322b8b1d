"""Whose turn it is to draw: the pages of a server are drawn one after the other, first answers first.

All drawings share one interpreter. Ten that go on at once all end when the last one does; one after the other
the first ends after a tenth of that time, and the last no later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST = 2.0
"""Seconds after which a drawing goes on although another one has not given its turn back."""


@dataclass
class Turns:
    """The drawings of a server that are under way or wait.

    Parameters
    ----------
    longest
        See :data:`LONGEST`.
    """

    longest: float = LONGEST
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _drawing: Turn | None = None
    _waiting: list[Turn] = field(default_factory=list)

    def take(self, turn: Turn, pulse: float) -> Iterator[None]:
        """Yield once every pulse until it is this drawing's turn."""
        deadline = time.monotonic() + self.longest
        with self._changed:
            self._waiting.append(turn)
        try:
            while True:
                with self._changed:
                    is_next = self._changed.wait_for(lambda: self._is_next(turn), pulse)
                    if is_next or time.monotonic() > deadline:
                        self._drawing = turn
                        return
                yield
        finally:
            with self._changed:
                self._waiting.remove(turn)
                self._changed.notify_all()

    def give_back(self, turn: Turn) -> None:
        """Let another drawing go on; nothing happens where it is another's turn."""
        with self._changed:
            if self._drawing is turn:
                self._drawing = None
                self._changed.notify_all()

    def _is_next(self, turn: Turn) -> bool:
        first = min(self._waiting, key=lambda one: not one.is_urgent)  # of equals the one that came first
        return first is turn and self._drawing in (None, turn)


@dataclass(eq=False)
class Turn:
    """The turn of one drawing.

    Attributes
    ----------
    turns
        All drawings of the server.
    is_urgent
        Whether a visitor waits for a first answer to what was changed.
    """

    turns: Turns = field(default_factory=Turns)
    is_urgent: bool = True

    def take(self, pulse: float) -> Iterator[None]:
        """Yield once every pulse until this drawing may go on."""
        return self.turns.take(self, pulse)

    def give_back(self) -> None:
        """Let another drawing go on."""
        self.turns.give_back(self)
