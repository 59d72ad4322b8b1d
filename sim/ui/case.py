"""What is studied: a shipped scenario, or an uploaded one held as text, and what was changed about it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import Scenario

Value = float | int | bool | str | None
"""What a change may set: a number, a switch, a word, or None to take an optional part out."""

DEFAULT_BASE = "community_pickup"
MOST_CHANGES = 200
MOST_TEXT = 300_000
"""Characters of an uploaded scenario; the longest shipped one, written out whole, has about 90,000."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_PATH = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+){0,9}")
_LONGEST_WORD = 60


class InputError(ValueError):
    """Inputs that make no scenario; the message says what was found and what is allowed."""


@dataclass(frozen=True)
class Case:
    """One scenario as a visitor made it.

    Attributes
    ----------
    base
        Name of a shipped scenario, or of the uploaded one.
    text
        YAML of the uploaded scenario; empty for a shipped one. It is data: it names no file but shipped
        scenarios and runs nothing.
    changes
        Values that differ from it, by path, sorted; kept as pairs so that a case is hashable.

    Raises
    ------
    InputError
        If the name is not a shipped scenario's, the text too long, or a change no plain value.
    """

    base: str = DEFAULT_BASE
    text: str = ""
    changes: tuple[tuple[str, Value], ...] = ()

    def __post_init__(self) -> None:
        if len(self.text) > MOST_TEXT:
            raise InputError(
                f"an uploaded scenario may have {MOST_TEXT:,} characters (found {len(self.text):,})"
            )
        if not _NAME.fullmatch(self.base):
            raise InputError(f"'{self.base[:60]}' is no name of a scenario: letters, digits, _ and - only")
        if not self.text and self.base not in _shipped():
            raise InputError(f"there is no shipped scenario '{self.base}'; there are {', '.join(_shipped())}")
        if len(self.changes) > MOST_CHANGES:
            raise InputError(f"at most {MOST_CHANGES} values can be changed (found {len(self.changes)})")
        for path, value in self.changes:
            check(path, value)
        object.__setattr__(self, "changes", tuple(sorted(self.changes)))

    @classmethod
    def of(cls, base: str, changes: Mapping[str, Value] | None = None, text: str = "") -> Case:
        """Return the case with these changes."""
        return cls(base, text, tuple((changes or {}).items()))

    @property
    def origin(self) -> Case:
        """The same without changes."""
        return Case(self.base, self.text)

    def scenario(self) -> Scenario:
        """Return the scenario, loaded and validated.

        Raises
        ------
        sim.scenario.ScenarioError
            With every problem found.
        """
        return _loaded(self)

    def changed(self, values: Mapping[str, Value]) -> Case:
        """Return another case with these values; a value equal to the base's own is no change.

        Raises
        ------
        InputError
            If a value is no plain value.
        sim.scenario.ScenarioError
            If the base itself cannot be loaded.
        """
        changes = {**dict(self.changes), **values}
        own = self.origin.scenario()
        kept = {path: value for path, value in changes.items() if not _is_own(own, path, value)}
        return Case.of(self.base, kept, self.text)

    def overrides(self) -> list[str]:
        """Return the changes as ``--set`` takes them."""
        return [f"{path}={json.dumps(value, ensure_ascii=False)}" for path, value in self.changes]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data from which :meth:`from_dict` makes the case again."""
        found: dict[str, Any] = {"base": self.base}
        if self.text:
            found["text"] = self.text
        if self.changes:
            found["changes"] = dict(self.changes)
        return found

    @classmethod
    def from_dict(cls, data: Any) -> Case:
        """Return the case that :meth:`as_dict` wrote.

        Raises
        ------
        InputError
            If it did not.
        """
        if not isinstance(data, dict) or not set(data) <= {"base", "text", "changes"}:
            raise InputError("these are no inputs of a scenario: base, text and changes are")
        base, text, changes = data.get("base"), data.get("text", ""), data.get("changes", {})
        if not (isinstance(base, str) and isinstance(text, str) and isinstance(changes, dict)):
            raise InputError("base and text should be texts, and changes values by path")
        return cls.of(base, changes, text)


def is_finite(value: float) -> bool:
    """Whether a number is one that a model can count with: neither endless nor longer than a machine's."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def check(path: Any, value: Any) -> None:
    """Check that a change names a path and gives it a plain value.

    Raises
    ------
    InputError
        If it does not.
    """
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        raise InputError(f"'{str(path)[:60]}' is no path of a scenario")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int | float):
        if not is_finite(value):
            raise InputError(f"{path} should be a finite number (found {str(value)[:60]})")
    elif not isinstance(value, str) or not re.fullmatch(rf"[A-Za-z0-9_ -]{{0,{_LONGEST_WORD}}}", value):
        raise InputError(f"{path} should be a number, a switch or a word (found {str(value)[:60]!r})")


def _is_own(own: Scenario, path: str, value: Value) -> bool:
    """Whether a scenario has this value already; an unknown path is left for validation to name."""
    from sim.scenario import UnknownPathError

    try:
        found = own.value(path)
    except UnknownPathError:
        return False
    if isinstance(found, dict) and set(found) >= {"law", "mean"}:
        return bool(found["law"] == "deterministic" and found["mean"] == value)
    return bool(found == value and isinstance(found, bool) == isinstance(value, bool))


@lru_cache(maxsize=1)
def _shipped() -> tuple[str, ...]:
    from sim.scenario.shipped import names

    return tuple(names())


@lru_cache(maxsize=128)
def _loaded(case: Case) -> Scenario:
    from sim.scenario import load, loads

    if case.text:
        return loads(case.text, case.overrides(), name=case.base)
    return load(case.base, case.overrides())
