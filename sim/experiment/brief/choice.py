"""The weakest assumption behind a verdict, and what to go and measure next: rules, not opinions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.experiment.brief.flips import Flip
from sim.experiment.brief.swings import Swing

GRADES = ("A", "B", "C")
"""Grades from strong to weak; a guess, and a value set without saying what it rests on, come after them."""

LARGE = 0.5
"""Share of the largest swing from which a swing counts as one of the largest."""


def weakness(grade: str) -> int:
    """Return how little a grade says: 0 for ``A``, 3 for a guess or for a value without evidence."""
    return GRADES.index(grade) if grade in GRADES else len(GRADES)


@dataclass(frozen=True)
class Chosen:
    """An assumption that the brief singles out.

    Attributes
    ----------
    swing
        What it does.
    target
        Whose effect it moves.
    flips
        Whether the verdict turns within its range, all else equal.
    of
        Number of assumptions it was chosen from.
    """

    swing: Swing
    target: str
    flips: bool
    of: int

    def as_dict(self) -> dict[str, Any]:
        """Return ``weakest`` or ``measure_next``."""
        swing = self.swing
        ends = [end for end in (swing.low, swing.high) if end is not None]
        return {
            "path": swing.path,
            "description": swing.description,
            "unit": swing.unit,
            "grade": swing.grade,
            "source": swing.source,
            "own": swing.own,
            "target": self.target,
            "ends": [{"value": end.value, "change": end.change[self.target].as_dict()} for end in ends],
            "flips": self.flips,
            "of": self.of,
        }


def weakest(swings: Sequence[Swing], flips: Sequence[Flip], target: str) -> Chosen | None:
    """Return the assumption with the lowest grade among those with the largest swings.

    Parameters
    ----------
    swings
        What the assumptions do.
    flips
        Conditions that turn the verdict.
    target
        Whose effect counts.

    Returns
    -------
    Chosen or None
        Among equal grades the one with the largest swing; None where no swing shows.
    """
    shown = _shown(swings, target)
    if not shown:
        return None
    largest = max(swing.span(target) for swing in shown)
    large = [swing for swing in shown if swing.span(target) >= LARGE * largest]
    pick = max(large, key=lambda swing: (weakness(swing.grade), swing.span(target)))
    return Chosen(pick, target, pick.path in _alone(flips), len(shown))


def measure_next(swings: Sequence[Swing], flips: Sequence[Flip], target: str) -> Chosen | None:
    """Return the assumption that is worth measuring before anything else.

    A swing is an effect times the width of what is not known, so the largest one is where a measurement
    narrows most. An assumption whose range holds the turn of the verdict comes before all others: knowing it
    can change the decision. What rests on a filing or an official statistic has been measured.

    Parameters
    ----------
    swings, flips, target
        As in :func:`weakest`.
    """
    shown = _shown(swings, target)
    open_to = [swing for swing in shown if weakness(swing.grade) > 0] or shown
    if not open_to:
        return None
    alone = _alone(flips)
    pick = max(open_to, key=lambda swing: (swing.path in alone, swing.span(target)))
    return Chosen(pick, target, pick.path in alone, len(shown))


def _shown(swings: Sequence[Swing], target: str) -> list[Swing]:
    return [swing for swing in swings if swing.ends and not swing.is_within_noise(target)]


def _alone(flips: Sequence[Flip]) -> set[str]:
    return {flip.changes[0].path for flip in flips if len(flip.changes) == 1}
