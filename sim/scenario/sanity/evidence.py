"""Rules about what values rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.sanity.warning import SanityWarning

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def beyond_its_own_range(scenario: Scenario) -> Iterator[SanityWarning]:
    """A value lies outside what its own source calls plausible."""
    for entry in scenario.entries():
        if entry.range is not None and not entry.range[0] <= entry.value <= entry.range[1]:
            low, high = entry.range
            yield SanityWarning(
                entry.path,
                f"{entry.value:g} lies outside its plausible range, {low:g} to {high:g} ({entry.unit})",
                "stay inside, or give the range and source of the new value",
            )


def guesses(scenario: Scenario) -> Iterator[SanityWarning]:
    """Numbers that rest on judgement, or on nothing that is said."""
    numbers = [
        entry
        for entry in scenario.entries()
        if entry.role != "label"
        and isinstance(entry.value, int | float | list)
        and not isinstance(entry.value, bool)
    ]
    guessed = [entry for entry in numbers if entry.grade == "guess"]
    silent = [
        entry for entry in numbers if not entry.source and entry.layer not in ("schema default", "change")
    ]
    if silent:
        yield SanityWarning(
            silent[0].path,
            f"{len(silent)} of {len(numbers)} numbers say nothing of where they come from, this one first",
            "give {value, range, source, grade}",
        )
    if guessed:
        yield SanityWarning(
            guessed[0].path,
            f"{len(guessed)} of {len(numbers)} numbers are guesses, this one first",
            "trust no result that a sensitivity analysis over their ranges turns round",
        )
