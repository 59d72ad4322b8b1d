"""How far a study's effects move over each assumption's own range: one at a time, on the same luck.

Hundreds of assumptions carry a range and few of them matter to one question. So those that the question is
about are tried first with one short history at both ends of their ranges, and the ones that move the effects
most get full, paired replications. What was left out is counted, never silent.

A brief reads whole studies, with several effects and the verdict on each. Where one figure of one scenario is
asked, the tornado of :mod:`sim.experiment.sensitivity` is the study.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.experiment.brief.case import SCREENING_DAYS, Answer, Case, Reading, average, moved, read_worlds
from sim.experiment.runner import Runner
from sim.experiment.statistics import Estimate
from sim.scenario.segments import LAYERS

_LAYER_PARTS = tuple(f"pickup.{layer}." for layer in LAYERS)


@dataclass(frozen=True)
class Effort:
    """How much is simulated to find what matters.

    Attributes
    ----------
    screened
        Most assumptions tried at both ends with one short history.
    kept
        Most assumptions that get full, paired replications.
    replications
        Most of the study's replications that they get.
    pairs
        Most pairs of assumptions tried where single ones do not turn the verdict.
    halvings
        How often the interval in which a verdict turns is halved.
    worlds
        Plausible worlds drawn where the study drew none.
    """

    screened: int = 40
    kept: int = 6
    replications: int = 3
    pairs: int = 6
    halvings: int = 2
    worlds: int = 12


QUICK = Effort(screened=16, kept=4, replications=3, pairs=3, halvings=1, worlds=6)


@dataclass(frozen=True)
class End:
    """The world at one end of an assumption's range.

    Attributes
    ----------
    value
        The assumption there.
    change
        Paired change of each target's effect.
    verdict
        Verdict of each target.
    """

    value: float
    change: Mapping[str, Estimate]
    verdict: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "value": self.value,
            "change": {name: change.as_dict() for name, change in self.change.items()},
            "verdict": dict(self.verdict),
        }


@dataclass(frozen=True)
class Swing:
    """What one assumption does to the effects over its own range.

    Attributes
    ----------
    path, description, unit, source, grade
        Which assumption, and what it rests on.
    own
        Its value in the study.
    low, high
        The two ends; None where there is no such world.
    """

    path: str
    description: str
    unit: str
    source: str
    grade: str
    own: float
    low: End | None
    high: End | None

    @property
    def ends(self) -> tuple[End, ...]:
        """The ends that could be simulated."""
        return tuple(end for end in (self.low, self.high) if end is not None)

    def span(self, target: str) -> float:
        """Return how far an effect moves over the whole range, the own value included."""
        moves = [0.0, *(end.change[target].mean for end in self.ends)]
        return max(moves) - min(moves)

    def is_within_noise(self, target: str) -> bool:
        """Say whether neither end can be told from no change."""
        return not any(end.change[target].is_detectable() for end in self.ends)

    def as_dict(self) -> dict[str, Any]:
        """Return an element of ``swings``."""
        targets = list(self.ends[0].change) if self.ends else []
        return {
            "path": self.path,
            "description": self.description,
            "unit": self.unit,
            "source": self.source,
            "grade": self.grade,
            "own": self.own,
            "low": None if self.low is None else self.low.as_dict(),
            "high": None if self.high is None else self.high.as_dict(),
            "span": {name: self.span(name) for name in targets},
            "within_noise": {name: self.is_within_noise(name) for name in targets},
        }


@dataclass(frozen=True)
class Screened:
    """What one short history says about both ends of an assumption.

    Attributes
    ----------
    path
        Which assumption.
    moves
        Change of each target's effect at the low and at the high end, one mapping per end that exists.
    """

    path: str
    moves: tuple[tuple[float, Mapping[str, float]], ...]

    def span(self, target: str) -> float:
        """Return how far an effect moves over the whole range."""
        moves = [0.0, *(move[target] for _, move in self.moves)]
        return max(moves) - min(moves)


@dataclass(frozen=True)
class Swings:
    """The assumptions that move the effects of a study most.

    Attributes
    ----------
    base
        The study's own world, read like the others.
    largest
        What each of them does, largest first by the first target.
    screened
        What every assumption that was tried did in one short history.
    in_range
        Number of assumptions that carry a range.
    lost
        Ends of ranges at which there was no world to simulate.
    """

    base: Reading
    largest: tuple[Swing, ...]
    screened: tuple[Screened, ...]
    in_range: int
    lost: int


def candidates(case: Case, most: int) -> list[str]:
    """Return the assumptions worth trying: of the pickup layers, then basic ones, then the widest ranges.

    Parameters
    ----------
    case
        The question.
    most
        How many.
    """
    ranges = case.ranges()

    def rank(path: str) -> tuple[int, float, str]:
        own, low, high = ranges[path]
        is_layer, is_basic = path.startswith(_LAYER_PARTS), case.entry(path).basic
        kind = 0 if is_layer and is_basic else 1 if is_basic else 2 if is_layer else 3
        return kind, -_width(own, low, high), path

    return sorted(ranges, key=rank)[:most]


def _width(own: float, low: float, high: float) -> float:
    """Width of a range on a scale that knows no unit: doublings where it has one sign, else shares."""
    if low > 0 or high < 0:
        return abs(math.log2(high / low))
    return (high - low) / max(abs(own), abs(low), abs(high))


def find_swings(crew: Runner, case: Case, effort: Effort) -> Swings | None:
    """Find the assumptions that move the effects most, and how far.

    Parameters
    ----------
    crew
        Who simulates; runs it already has are not repeated.
    case
        The question.
    effort
        How much to simulate.

    Returns
    -------
    Swings or None
        None where the study's own world cannot be read.
    """
    ranges = case.ranges()
    paths = candidates(case, effort.screened)
    screened, lost = _screen(crew, case, paths)
    seeds = case.seeds[: effort.replications]
    kept = _largest(case, screened, effort.kept)
    worlds: list[dict[str, float]] = [{path: end} for path in kept for end in ranges[path][1:]]
    base, *found = read_worlds(crew, case, [{}, *worlds], seeds)
    if base is None:
        return None
    swings = []
    for index, path in enumerate(kept):
        entry, (own, low, high) = case.entry(path), ranges[path]
        ends = [
            _end(case, base, value, reading)
            for value, reading in zip((low, high), found[2 * index : 2 * index + 2], strict=True)
        ]
        swings.append(
            Swing(path, entry.description, entry.unit, entry.source, entry.grade, float(own), *ends)
        )
    main = case.targets[0].name
    swings.sort(key=lambda swing: -swing.span(main))
    return Swings(base, tuple(swings), screened, len(ranges), lost)


def _screen(crew: Runner, case: Case, paths: Sequence[str]) -> tuple[tuple[Screened, ...], int]:
    short, ranges = case.shorter(SCREENING_DAYS), case.ranges()
    worlds: list[dict[str, float]] = [{path: end} for path in paths for end in ranges[path][1:]]
    if not worlds:
        return (), 0
    base, *found = read_worlds(crew, short, [{}, *worlds], case.seeds[:1])
    if base is None:
        return tuple(Screened(path, ()) for path in paths), 0
    screened = []
    for index, path in enumerate(paths):
        pairs = zip(ranges[path][1:], found[2 * index : 2 * index + 2], strict=True)
        moves = tuple((value, _moves(base, reading)) for value, reading in pairs if reading is not None)
        screened.append(Screened(path, moves))
    return tuple(screened), sum(reading is None for reading in found)


def _moves(base: Reading, reading: Reading) -> dict[str, float]:
    return {name: average(answer) - average(base[name]) for name, answer in reading.items() if name in base}


def _largest(case: Case, screened: Sequence[Screened], most: int) -> list[str]:
    """Return the assumptions with the largest moves, relative to the largest of each target."""
    names = [target.name for target in case.targets]
    tried = [one for one in screened if one.moves]
    top = {name: max((one.span(name) for one in tried), default=0.0) for name in names}

    def rank(one: Screened) -> float:
        return max(one.span(name) / top[name] if top[name] > 0 else 0.0 for name in names)

    moving = [one for one in tried if rank(one) > 0]
    return [one.path for one in sorted(moving, key=lambda one: (-rank(one), one.path))[:most]]


def _end(case: Case, base: Reading, value: float, reading: Reading | None) -> End | None:
    if reading is None:
        return None
    units = {target.name: target.unit for target in case.targets}
    both: dict[str, tuple[Answer, Answer]] = {name: (base[name], reading[name]) for name in units}
    return End(
        value=float(value),
        change={name: moved(own, other, units[name]) for name, (own, other) in both.items()},
        verdict={name: other.verdict for name, (_, other) in both.items()},
    )
