"""What would have to be true for the verdict to be another: changes inside the assumptions' own ranges.

Single assumptions come first, then pairs of those that move the effect most towards where the verdict
changes. A change counts only if the study's rule, with the study's luck, gives another clear verdict.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.experiment.brief.case import (
    SCREENING_DAYS,
    Answer,
    Case,
    Reading,
    Target,
    average,
    read_worlds,
)
from sim.experiment.brief.swings import Effort, Screened, Swings
from sim.experiment.runner import Runner
from sim.experiment.statistics import Estimate, estimate

WANTED = 2
_STRONGEST = 4


@dataclass(frozen=True)
class Change:
    """One assumption in a condition that turns the verdict.

    Attributes
    ----------
    path, description, unit, source, grade
        Which assumption, and what it rests on.
    own
        Its value in the study.
    value
        Value with which the verdict is known to be another.
    still
        Value nearest to it, on the way from its own, with which the verdict had not turned; it turns between
        the two. None where that was not looked for.
    low, high
        Its plausible range.
    """

    path: str
    description: str
    unit: str
    source: str
    grade: str
    own: float
    value: float
    still: float | None
    low: float
    high: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "path": self.path,
            "description": self.description,
            "unit": self.unit,
            "source": self.source,
            "grade": self.grade,
            "own": self.own,
            "value": self.value,
            "still": self.still,
            "low": self.low,
            "high": self.high,
        }


@dataclass(frozen=True)
class Flip:
    """A condition that turns the verdict.

    Attributes
    ----------
    target
        What turns: ``slope``, ``level`` or ``difference``.
    changes
        One assumption or two, all of them at once.
    before, after
        Verdict of the study and under the condition.
    effect
        Effect under the condition.
    """

    target: str
    changes: tuple[Change, ...]
    before: str
    after: str
    effect: Estimate

    def as_dict(self) -> dict[str, Any]:
        """Return an element of ``flips.found``."""
        return {
            "target": self.target,
            "changes": [change.as_dict() for change in self.changes],
            "before": self.before,
            "after": self.after,
            "effect": self.effect.as_dict(),
        }


@dataclass(frozen=True)
class Flips:
    """The conditions that turn a verdict, and how hard they were looked for.

    Attributes
    ----------
    found
        At most two, those nearest to the study's own values first.
    singles, pairs
        Ends of ranges, and pairs of ends, that were tried.
    assumptions
        Assumptions that were tried.
    in_range
        Assumptions that carry a range, tried or not.
    lost
        Ends at which there was no world to simulate.
    """

    found: tuple[Flip, ...]
    singles: int
    pairs: int
    assumptions: int
    in_range: int
    lost: int

    def as_dict(self) -> dict[str, Any]:
        """Return ``flips``."""
        return {
            "found": [flip.as_dict() for flip in self.found],
            "singles": self.singles,
            "pairs": self.pairs,
            "assumptions": self.assumptions,
            "in_range": self.in_range,
            "lost": self.lost,
        }


def find_flips(crew: Runner, case: Case, swings: Swings, effort: Effort) -> Flips:
    """Find up to two conditions that turn the verdict.

    Parameters
    ----------
    crew
        Who simulates.
    case
        The question.
    swings
        What the assumptions do one by one.
    effort
        How much to simulate.
    """
    seeds = case.seeds[: effort.replications]
    worlds = _single_worlds(case, swings)
    known = [{swing.path: end.value} for swing in swings.largest for end in swing.ends]
    more = [world for world in worlds if world not in known]
    found = _confirmed(crew, case, [*known, *more], seeds)
    tried = 0
    if len(_different(found)) < WANTED:
        alone = {path for flip in found for path in flip[1]}
        pairs, tried = _pairs(crew, case, swings, effort.pairs, alone)
        found += _confirmed(crew, case, pairs, seeds)
    chosen = sorted(_different(found), key=lambda one: _distance(case, one[1]))[:WANTED]
    return Flips(
        found=tuple(_nearest(crew, case, one, seeds, effort.halvings) for one in chosen),
        singles=sum(len(one.moves) for one in swings.screened),
        pairs=tried,
        assumptions=len(swings.screened),
        in_range=swings.in_range,
        lost=swings.lost,
    )


_Found = tuple[Target, dict[str, float], Answer]


def _turned(target: Target, answer: Answer) -> bool:
    return answer.is_clear and answer.verdict != target.verdict


def _confirmed(
    crew: Runner, case: Case, worlds: Sequence[Mapping[str, float]], seeds: Sequence[int]
) -> list[_Found]:
    """Return the worlds in which a verdict is another one, with the target that turns."""
    found: list[_Found] = []
    for world, reading in zip(worlds, read_worlds(crew, case, worlds, seeds), strict=True):
        if reading is None:
            continue
        found += [
            (target, dict(world), reading[target.name])
            for target in case.targets
            if _turned(target, reading[target.name])
        ]
    return found


def _different(found: Sequence[_Found]) -> list[_Found]:
    """Keep one condition per set of assumptions: what turns the slope comes before what turns the level."""
    kept: dict[frozenset[str], _Found] = {}
    for one in found:
        kept.setdefault(frozenset(one[1]), one)
    return list(kept.values())


def _single_worlds(case: Case, swings: Swings) -> list[dict[str, float]]:
    """Return the ends that seemed to turn a verdict in one short history."""
    found = []
    for target in case.targets:
        own = average(swings.base[target.name])
        moves = [(one.path, value, move[target.name]) for one in swings.screened for value, move in one.moves]
        crossing = [
            (abs(move), path, value)
            for path, value, move in moves
            if any((own - bar) * (own + move - bar) < 0 for bar in target.bars)
        ]
        found += [{path: value} for _, path, value in sorted(crossing, reverse=True)[:WANTED]]
    return found


def _pairs(
    crew: Runner, case: Case, swings: Swings, most: int, alone: set[str]
) -> tuple[list[dict[str, float]], int]:
    """Return pairs of ends that together turn a verdict in one short history, and how many were tried.

    Those come first whose single moves, added up, lead furthest beyond where the verdict changes.
    """
    promising: list[tuple[float, list[tuple[str, float]]]] = []
    for target in case.targets:
        own = average(swings.base[target.name])
        for bar in target.bars:
            sign = 1 if bar > own else -1
            ends = _pushing(swings.screened, target.name, sign, alone)
            for (one, push), (other, more) in itertools.combinations(ends, 2):
                way = abs(bar - own) or 1.0
                promising.append(((push + more) / way, [one, other]))
    promising.sort(key=lambda pair: (-pair[0], pair[1]))
    wanted = [dict(pair) for _, pair in promising]
    wanted = [world for index, world in enumerate(wanted) if world not in wanted[:index]][:most]
    readings = read_worlds(crew, case.shorter(SCREENING_DAYS), wanted, case.seeds[:1])
    turning = [world for world, reading in zip(wanted, readings, strict=True) if _seems(case, reading)]
    return turning, len(wanted)


def _seems(case: Case, reading: Reading | None) -> bool:
    return reading is not None and any(_turned(target, reading[target.name]) for target in case.targets)


def _pushing(
    screened: Sequence[Screened], target: str, sign: int, alone: set[str]
) -> list[tuple[tuple[str, float], float]]:
    """Return the ends that push an effect hardest one way, one per assumption, and how hard."""
    best: dict[str, tuple[float, float]] = {}
    for one in screened:
        for value, move in one.moves:
            push = sign * move[target]
            if one.path not in alone and push > best.get(one.path, (0.0, 0.0))[0]:
                best[one.path] = (push, value)
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
    return [((path, value), push) for path, (push, value) in ranked[:_STRONGEST]]


def _distance(case: Case, world: Mapping[str, float]) -> tuple[int, float]:
    """Rank conditions: few assumptions first, then those that move little of their range."""
    ranges = case.ranges()
    parts = [
        abs(value - ranges[path][0]) / (ranges[path][2] - ranges[path][1]) for path, value in world.items()
    ]
    return len(parts), max(parts)


def _nearest(crew: Runner, case: Case, found: _Found, seeds: Sequence[int], halvings: int) -> Flip:
    """Halve the way from a single assumption's own value to where the verdict is known to be another."""
    target, world, answer = found
    ranges = case.ranges()
    turned, still = dict(world), None
    if len(world) == 1:
        ((path, far),) = world.items()
        own = ranges[path][0]
        near: float = own
        for _ in range(halvings):
            middle = (near + far) / 2.0
            middle = round(middle) if isinstance(own, int) else middle
            if middle in (near, far):
                break
            reading = read_worlds(crew, case, [{path: middle}], seeds)[0]
            if reading is not None and _turned(target, reading[target.name]):
                far, answer = middle, reading[target.name]
            else:
                near = middle
        turned, still = {path: far}, near
    changes = tuple(_change(case, path, value, still) for path, value in turned.items())
    return Flip(
        target=target.name,
        changes=changes,
        before=target.verdict,
        after=answer.verdict,
        effect=estimate(answer.values, target.unit),
    )


def _change(case: Case, path: str, value: float, still: float | None) -> Change:
    entry, (own, low, high) = case.entry(path), case.ranges()[path]
    return Change(
        path=path,
        description=entry.description,
        unit=entry.unit,
        source=entry.source,
        grade=entry.grade,
        own=float(own),
        value=float(value),
        still=None if still is None else float(still),
        low=low,
        high=high,
    )
