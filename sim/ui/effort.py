"""What a study will take, said before anybody starts it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.ui.language import say
from sim.ui.pages.scale import SECONDS_PER_WEIGHT

if TYPE_CHECKING:
    from sim.scenario import Scenario

SHORT = 90.0
"""Seconds from which a time is said in minutes."""
PROCESSORS = 2
"""Workers that share a question at the desk."""


def seconds_of(scenario: Scenario, histories: float) -> float:
    """Return roughly how many seconds so many histories of a scenario take at the desk."""
    from sim.experiment.study import weight_of

    return histories * weight_of(scenario) * SECONDS_PER_WEIGHT / PROCESSORS


def effort_words(histories: int, seconds: float) -> str:
    """Say how many histories a study has and how long it takes."""
    return say("{runs} runs, about {time}", runs=f"{histories:,}", time=time_words(seconds))


def time_words(seconds: float) -> str:
    """Write a rough time in the language of the page."""
    if seconds < SHORT:
        return say("{count} seconds", count=f"{max(1.0, seconds):.0f}")
    return say("{count} minutes", count=f"{round(seconds / 60):,}")


def counted(rows: Mapping[str, int]) -> str:
    """Write counts by name, those that are not zero."""
    return ", ".join(f"{count} {name}" for name, count in rows.items() if count)
