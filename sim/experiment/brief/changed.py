"""What was changed: every value in which a study's scenario differs from what it is measured against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.scenario import load
from sim.scenario.explaining import Difference, difference
from sim.scenario.shipped import names

if TYPE_CHECKING:
    from sim.scenario import Scenario

BASE = "base"


@dataclass(frozen=True)
class Changed:
    """One value, or one whole part that only one of the two has.

    Attributes
    ----------
    path
        Dotted path.
    old, new
        Values; None where the part is left out.
    unit
        Unit of both.
    percent
        Change relative to the size of the old value; None where there is no such number.
    values
        Number of values in a whole part that was added or taken out; 1 for a single value.
    """

    path: str
    old: Any
    new: Any
    unit: str
    percent: float | None
    values: int = 1

    def as_dict(self) -> dict[str, Any]:
        """Return an element of ``changed.rows``."""
        return {
            "path": self.path,
            "old": self.old,
            "new": self.new,
            "unit": self.unit,
            "percent": self.percent,
            "values": self.values,
        }


def baseline_of(scenario: Scenario) -> Scenario:
    """Return what a scenario is measured against: the shipped one it changes, else the base.

    A scenario that has the name of a shipped one and other values is that one, changed.
    """
    if scenario.name in names() and scenario.name != BASE:
        shipped = load(scenario.name)
        if shipped.hash != scenario.hash:
            return shipped
    return load(BASE)


def changes_between(old: Scenario, new: Scenario) -> tuple[Changed, ...]:
    """Return what differs, with whole parts that only one of the two has as one row each."""
    return _gathered(difference(old, new), _parts_of(old), _parts_of(new))


def _parts_of(scenario: Scenario) -> set[str]:
    """Return every part of a scenario that has at least one value."""
    found: set[str] = set()
    for entry in scenario.entries():
        names_of = entry.path.split(".")
        found.update(".".join(names_of[:length]) for length in range(1, len(names_of)))
    return found


def _gathered(rows: list[Difference], old_parts: set[str], new_parts: set[str]) -> tuple[Changed, ...]:
    found: dict[str, Changed] = {}
    for row in rows:
        if row.old is not None and row.new is not None:
            found[row.path] = Changed(row.path, row.old, row.new, row.unit, _percent(row.old, row.new))
            continue
        part = _outermost(row.path, old_parts if row.old is None else new_parts)
        if part == row.path:
            found[part] = Changed(part, row.old, row.new, row.unit, None)
            continue
        count = found[part].values + 1 if part in found else 1
        words = ("", "added") if row.old is None else ("there", "")
        found[part] = Changed(part, words[0] or None, words[1] or None, "", None, count)
    return tuple(found.values())


def _outermost(path: str, parts: set[str]) -> str:
    """Return the outermost part around a value that the other scenario does not have."""
    pieces = path.split(".")
    for length in range(1, len(pieces)):
        part = ".".join(pieces[:length])
        if part not in parts:
            return part
    return path


def _percent(old: Any, new: Any) -> float | None:
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (old, new))
    if not numbers or old == 0:
        return None
    return float(100.0 * (new - old) / abs(old))
