"""What is known about a question so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NOWHERE = (-1, 0)
"""The place before every stage."""


@dataclass(frozen=True)
class Answer:
    """What is known about a question so far.

    Attributes
    ----------
    stage
        How many stages were found so far; 0 where nothing is known yet.
    done, total
        Histories behind it, of how many; ``total`` is 0 where nothing is known yet.
    result
        Plain data of the study; None where nothing is known yet.
    note
        What limits it; empty where nothing does.
    message
        Why there will be no answer; empty otherwise.
    remark
        What happened on the way that a reader should know, such as a worker that died.
    place
        How far it is, as workers count it: histories behind the stage, and its number among stages with as
        many.
    """

    stage: int = 0
    done: int = 0
    total: int = 0
    result: dict[str, Any] | None = None
    note: str = ""
    message: str = ""
    remark: str = ""
    place: tuple[int, int] = NOWHERE

    @property
    def is_known(self) -> bool:
        """Whether there is something to draw."""
        return self.result is not None

    @property
    def is_final(self) -> bool:
        """Whether nothing more will come."""
        return bool(self.message) or (self.is_known and self.done >= self.total)

    @property
    def certainty(self) -> tuple[int, str, str]:
        """What changes when there is something new to draw."""
        return self.stage, self.message, self.remark
