"""A warning: something allowed and yet uneconomic, with a way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class SanityWarning:
    """Something allowed and yet uneconomic.

    Parameters
    ----------
    path
        Dotted path of the value to look at first.
    message
        What was found, with numbers.
    fix
        What would put it right.
    reason
        Why the scenario wants it so, in its own words; empty where it says nothing. A warning with a reason
        is a note.
    """

    path: str
    message: str
    fix: str
    reason: str = ""

    def __str__(self) -> str:
        if self.reason:
            return f"{self.path}: {self.message} (why: {self.reason})"
        return f"{self.path}: {self.message}; {self.fix}"


Rule = Callable[["Scenario"], Iterator[SanityWarning]]
