"""Predict, lock, reveal: what somebody expects of a growth path, and how it is scored against what happened.

A prediction is three numbers: unit cost at half, double and four times the size of today, with today = 100,
and for each the chance the person gives to being within ten points of the truth.

Scores are those of Brier (1950, Monthly Weather Review 78, 1-3) for chances, the mean absolute error for
numbers, and calibration in the large (mean stated chance less share of hits) for overconfidence.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from sim.experiment.verdict import Margins
from sim.report.numbers import Value, read

SIZES = (0.5, 2.0, 4.0)
"""Sizes that are predicted, relative to today."""
WITHIN = 10.0
"""Points of today's cost within which a number counts as a hit."""
CHANCES = (10, 30, 50, 70, 90)
"""Chances of a hit that can be stated, in percent."""
LOWEST, HIGHEST = 1, 999
DIRECTIONS = ("falls", "stays flat", "rises")
INITIALS = "initials or a short name are one to eight letters of any script, or digits"
LONGEST_NAME = 8
NUMBER = f"each number should be {LOWEST} to {HIGHEST}, with today = 100"
CHANCE = f"each chance should be one of {', '.join(map(str, CHANCES))} percent"
_OF_VERDICT = {"scalable": "falls", "neutral": "stays flat", "non_scalable": "rises"}
_NAME = rf"[^\W_]{{1,{LONGEST_NAME}}}"
_WORD = re.compile(rf"({_NAME}):(\d{{1,3}}),(\d{{1,3}}),(\d{{1,3}}):(\d{{1,2}}),(\d{{1,2}}),(\d{{1,2}})")


class PredictionError(ValueError):
    """No prediction; the message says what was found and what is allowed."""


@dataclass(frozen=True)
class Prediction:
    """What one person expects.

    Attributes
    ----------
    who
        One to eight letters of any script, capitals where it has them, or digits.
    numbers
        Unit cost at each of :data:`SIZES`, today = 100; whole numbers of 1 to 999.
    chances
        Chance in percent, one of :data:`CHANCES`, that the truth lies within :data:`WITHIN` points.

    Raises
    ------
    PredictionError
        If a part is missing or out of bounds.
    """

    who: str
    numbers: tuple[int, int, int]
    chances: tuple[int, int, int]

    def __post_init__(self) -> None:
        if not re.fullmatch(_NAME, self.who) or self.who != self.who.upper():
            raise PredictionError(INITIALS)
        if any(not LOWEST <= number <= HIGHEST for number in self.numbers):
            raise PredictionError(NUMBER)
        if any(chance not in CHANCES for chance in self.chances):
            raise PredictionError(CHANCE)

    @property
    def word(self) -> str:
        """The prediction as a short word, from which :func:`prediction_of` makes it again."""
        return f"{self.who}:{','.join(map(str, self.numbers))}:{','.join(map(str, self.chances))}"

    @property
    def direction(self) -> str:
        """What the three numbers say, by the rule of the study: one of :data:`DIRECTIONS`."""
        return direction(self.numbers[0], self.numbers[-1])


def short_name(typed: str) -> str:
    """Return initials or a name as they are kept: capitals, without spaces, dots and the like.

    Examples
    --------
    >>> short_name(" a. b. "), short_name("王 小明")
    ('AB', '王小明')
    """
    return "".join(letter for letter in unicodedata.normalize("NFKC", typed) if letter.isalnum()).upper()


def prediction_of(word: str) -> Prediction:
    """Return the prediction that :attr:`Prediction.word` wrote.

    Raises
    ------
    PredictionError
        If it did not.

    Examples
    --------
    >>> prediction_of("AB:120,85,70:50,70,30").numbers
    (120, 85, 70)
    """
    found = _WORD.fullmatch(word)
    if found is None:
        raise PredictionError(f"'{word[:40]}' is no prediction")
    who, *parts = found.groups()
    low, middle, high, *chances = (int(part) for part in parts)
    return Prediction(who, (low, middle, high), (chances[0], chances[1], chances[2]))


def direction(smallest: float, largest: float) -> str:
    """Return whether cost falls from the smallest to the largest size predicted.

    It stays flat where the elasticity between them lies within the margin of the study of scale.

    Examples
    --------
    >>> direction(100, 60), direction(100, 102), direction(90, 130)
    ('falls', 'stays flat', 'rises')
    """
    slope = math.log(largest / smallest) / math.log(SIZES[-1] / SIZES[0])
    if abs(slope) <= Margins().elasticity:
        return "stays flat"
    return "falls" if slope < 0 else "rises"


@dataclass(frozen=True)
class Truth:
    """What the simulation found, in points of today's cost.

    Attributes
    ----------
    today
        Today's unit cost, in the unit of the study.
    points
        Cost at each size that was reached, today's mean = 100, with the interval of the cost at that size.
    direction
        One of :data:`DIRECTIONS`; empty where the study has no single direction.
    """

    today: Value
    points: Mapping[float, Value]
    direction: str

    def at(self, size: float) -> float | None:
        """Return the cost at a size in points; None where it could not be reached."""
        known = self.points.get(size)
        return None if known is None else known.mean


def truth_of(result: Mapping[str, Any]) -> Truth | None:
    """Return what a study of scale found; None where today's size has no cost, or a cost not above zero."""
    costs = {
        step["volume"]: known
        for step in result["steps"]
        if (known := read(step.get("average_cost"))) is not None
    }
    today = costs.get(1.0)
    if today is None or today.mean <= 0:
        return None
    points = {size: cost.scaled(100.0 / today.mean, "") for size, cost in costs.items()}
    return Truth(today, points, _OF_VERDICT.get(result["verdict"], ""))


@dataclass(frozen=True)
class Score:
    """How good predictions were.

    Attributes
    ----------
    count
        Numbers that were held against the truth.
    hits
        Those within :data:`WITHIN` points of it.
    chance
        Mean chance of a hit that was stated, 0 to 1.
    brier
        Mean squared difference of stated chance and outcome (1 for a hit): 0 is perfect, 0.25 is what always
        saying 50% gets, 1 is being certain and wrong every time.
    error
        Mean absolute error, in points.
    """

    count: int
    hits: int
    chance: float
    brier: float
    error: float

    @property
    def hit_rate(self) -> float:
        """Share of hits."""
        return self.hits / self.count

    @property
    def overconfidence(self) -> float:
        """Stated chance less share of hits: above zero is surer than right."""
        return self.chance - self.hit_rate


def is_hit(number: float, truth: float) -> bool:
    """Whether a number is within :data:`WITHIN` points of the truth."""
    return abs(number - truth) <= WITHIN


def score(predictions: Sequence[Prediction], truth: Truth, sizes: Sequence[float] = SIZES) -> Score | None:
    """Score predictions at some sizes; None where there is nothing to score.

    Examples
    --------
    >>> truth = Truth(Value(5.0), {2.0: Value(90.0)}, "falls")
    >>> found = score([Prediction("A", (100, 85, 70), (50, 90, 50))], truth, [2.0])
    >>> found.hits, found.error, round(found.brier, 4)
    (1, 5.0, 0.01)
    """
    found = [
        (float(number), chance / 100.0, known)
        for one in predictions
        for size, number, chance in zip(SIZES, one.numbers, one.chances, strict=True)
        if size in sizes and (known := truth.at(size)) is not None
    ]
    if not found:
        return None
    hits = [is_hit(number, known) for number, _, known in found]
    return Score(
        len(found),
        sum(hits),
        fmean(chance for _, chance, _ in found),
        fmean((chance - hit) ** 2 for (_, chance, _), hit in zip(found, hits, strict=True)),
        fmean(abs(number - known) for number, _, known in found),
    )


def middle(predictions: Sequence[Prediction]) -> dict[float, float]:
    """Return the median of what was predicted at each size."""
    if not predictions:
        return {}
    return {size: float(median(one.numbers[at] for one in predictions)) for at, size in enumerate(SIZES)}
