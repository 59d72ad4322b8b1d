"""Where every value comes from, and in what two scenarios differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.entries import Entry
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Difference:
    """One value in which two scenarios differ.

    Parameters
    ----------
    path
        Dotted path.
    old, new
        Values of the first and the second scenario; None where it does not have the part.
    unit, role, description
        As the schema says.
    old_layer, new_layer
        Layers that set them; empty where absent.
    source
        What the new value rests on.
    """

    path: str
    old: Any
    new: Any
    unit: str
    role: str
    description: str
    old_layer: str
    new_layer: str
    source: str


def explain(scenario: Scenario) -> list[Entry]:
    """Every value with its layer, file, line, range, source and grade."""
    return scenario.entries()


def difference(a: Scenario, b: Scenario) -> list[Difference]:
    """Values in which two scenarios differ, in the order of the schema; titles and names are not compared."""
    old = {entry.path: entry for entry in a.entries() if entry.role != "label"}
    new = {entry.path: entry for entry in b.entries() if entry.role != "label"}
    rows = []
    for path in _in_order(list(old), list(new)):
        before, after = old.get(path), new.get(path)
        if before is not None and after is not None and before.value == after.value:
            continue
        known = after or before
        if known is None:
            continue
        rows.append(
            Difference(
                path=path,
                old=before.value if before else None,
                new=after.value if after else None,
                unit=known.unit,
                role=known.role,
                description=known.description,
                old_layer=before.layer if before else "",
                new_layer=after.layer if after else "",
                source=after.source if after else "",
            )
        )
    return rows


def _in_order(first: list[str], second: list[str]) -> list[str]:
    """Both lists of paths merged, each keeping its own order."""
    known, merged, waiting = set(first), [], iter(first)
    for path in second:
        if path in known:
            for earlier in waiting:
                merged.append(earlier)
                if earlier == path:
                    break
        else:
            merged.append(path)
    return [*merged, *waiting]
