"""What can be wrong with a scenario, and how it is said: one line each, with place, finding and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_QUOTE = 60


@dataclass(frozen=True)
class Mark:
    """A place in a text: file as shown to the user, line and column from one; line 0 is no line at all."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Problem:
    """One reason why a scenario is refused.

    Parameters
    ----------
    file
        File (or ``--set``) in which the problem was found; empty for a change made in code.
    line, column
        Place in the file, counted from one; None where a problem has no place, such as a missing file.
    path
        Dotted path of the field, such as ``channels.tmall.commission``; empty for the file as a whole.
    message
        What was found and what is allowed.
    """

    file: str
    line: int | None
    column: int | None
    path: str
    message: str

    @classmethod
    def at(cls, mark: Mark | None, path: str, message: str, *, file: str = "") -> Problem:
        """Problem at a place, or in a file as a whole where there is no place."""
        if mark is None:
            return cls(file, None, None, path, message)
        return cls(mark.file, mark.line or None, mark.column or None, path, message)

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part not in (None, ""))
        return ": ".join(part for part in (place, self.path, self.message) if part)


class ScenarioError(Exception):
    """A scenario that cannot be used; carries every problem found, sorted by file and line.

    Parameters
    ----------
    problems
        At least one problem.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        unique = dict.fromkeys(problems)
        self.problems: tuple[Problem, ...] = tuple(
            sorted(unique, key=lambda one: (one.file, one.line or 0, one.column or 0))
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


def quoted(value: Any) -> str:
    """Show what was found, shortened to one line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 3] + "..."


def nearest(word: str, known: Sequence[str]) -> str:
    """Ready-made hint with the nearest known word, or an empty text when none is near.

    >>> nearest("comission", ["commission", "deposit"])
    "; did you mean 'commission'?"
    """
    lowered = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.6)
    return f"; did you mean '{lowered[close[0]]}'?" if close else ""


def listed(words: Sequence[str], *, limit: int = 12) -> str:
    """Allowed words as a readable list, shortened where there are many."""
    shown = ", ".join(words[:limit])
    return shown if len(words) <= limit else f"{shown} and {len(words) - limit} more"
