"""What to optimise: an objective, constraints, and the levers that may be pulled, as a person writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError
from sim.experiment.figures import COST, EFFORT, Figure
from sim.experiment.given import check_scenarios
from sim.experiment.jobs import Summary

if TYPE_CHECKING:
    from sim.scenario import Scenario

_COMPARISON = re.compile(r"^(?P<figure>.+?)\s*(?P<sense>>=|<=|≥|≤)\s*(?P<value>\S+)$")
_SENSES = {">=": ">=", "≥": ">=", "<=": "<=", "≤": "<="}
_CHANGES = re.compile(r"[<>=≤≥]")


@dataclass(frozen=True)
class Lever:
    """A value that may be changed.

    Parameters
    ----------
    path
        Path of the value in the scenario.
    low, high
        Ends of what is tried, in the value's unit; both None: the plausible range that the value carries.
    step
        Distance of the values tried; None: 1 for whole numbers, about a thousandth of the span for others.
    options
        Values to choose from instead, for a switch or a choice; empty: all that the schema allows.
    effort
        Yuan per unit by which the value is moved away from where it is (for a choice: for choosing another),
        over the measured period. It stands for what pulling the lever costs outside the model.
    """

    path: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    options: tuple[Any, ...] = ()
    effort: float = 0.0

    @classmethod
    def parse(cls, text: str, *, effort: float = 0.0) -> Lever:
        """Read ``PATH``, ``PATH=LOW:HIGH``, ``PATH=LOW:HIGH:STEP`` or ``PATH=ONE,OTHER``.

        Raises
        ------
        ExperimentError
            If it is none of these.

        Examples
        --------
        >>> Lever.parse("market.places=20:60:5")
        Lever(path='market.places', low=20.0, high=60.0, step=5.0, options=(), effort=0.0)
        >>> Lever.parse("products.stock.policy=pull,push").options
        ('pull', 'push')
        """
        path, equals, rest = (part.strip() for part in text.partition("="))
        if not path or (equals and not rest):
            raise _unreadable(text)
        if not equals:
            return cls(path, effort=effort)
        if ":" not in rest:
            return cls(path, options=tuple(_word(part) for part in rest.split(",")), effort=effort)
        try:
            numbers = [float(part) for part in rest.split(":")]
        except ValueError:
            raise _unreadable(text) from None
        if len(numbers) not in (2, 3):
            raise _unreadable(text)
        low, high, step = (*numbers, None)[:3]
        return cls(path, low, high, step, effort=effort)


def _unreadable(text: str) -> ExperimentError:
    return ExperimentError(
        f"a lever should be PATH, PATH=LOW:HIGH, PATH=LOW:HIGH:STEP or PATH=ONE,OTHER, such as "
        f"channels.tmall.price_index=0.8:1.2 (found '{text}')"
    )


def _word(text: str) -> Any:
    """Read one option: a number, true, false, or a word."""
    word = text.strip()
    if word in ("true", "false"):
        return word == "true"
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return word


@dataclass(frozen=True)
class Constraint:
    """A figure that must be at least, or at most, a value on average.

    Parameters
    ----------
    figure
        A name or a formula; see :class:`sim.experiment.figures.Figure`.
    sense
        ``>=`` or ``<=``.
    value
        The bound, in the figure's unit.
    tolerance
        By how much the bound may be missed before it matters; None: as little as the budget can tell.
    """

    figure: Figure
    sense: str
    value: float
    tolerance: float | None = None

    def __post_init__(self) -> None:
        if self.sense not in (">=", "<="):
            raise ExperimentError(f"a constraint should say >= or <= (found '{self.sense}')")
        if not math.isfinite(self.value):
            raise ExperimentError(f"the bound of {self.figure.text} should be a finite number")
        if self.tolerance is not None and not self.tolerance > 0:
            raise ExperimentError(f"a tolerance should be above 0 (found {self.tolerance:g})")

    @classmethod
    def parse(cls, text: str) -> Constraint:
        """Read ``FIGURE >= VALUE`` or ``FIGURE <= VALUE``; a value may be written in percent.

        Raises
        ------
        ExperimentError
            If it is neither, or the figure is unknown.

        Examples
        --------
        >>> str(Constraint.parse("share_in_hands >= 90%"))
        'share_in_hands >= 0.9'
        """
        found = _COMPARISON.match(text.strip())
        if found is None or _CHANGES.search(found["figure"]):
            raise ExperimentError(
                f"a constraint should be FIGURE >= VALUE or FIGURE <= VALUE, such as "
                f"'share_in_hands >= 0.9' (found '{text}')"
            )
        return cls(Figure(found["figure"]), _SENSES[found["sense"]], _number(found["value"], text))

    def __str__(self) -> str:
        return f"{self.figure.text} {self.sense} {self.value:.10g}"

    def slack(self, value: float) -> float:
        """Return by how much a value of the figure is on the right side; negative where it is not."""
        return value - self.value if self.sense == ">=" else self.value - value

    def relaxed(self, by: float) -> Constraint:
        """Return the constraint with its bound moved by ``by`` towards what is easier."""
        value = self.value - by if self.sense == ">=" else self.value + by
        return Constraint(self.figure, self.sense, value, self.tolerance)


def _number(text: str, whole: str) -> float:
    try:
        share = text.endswith("%")
        number = float(text.removesuffix("%").replace(",", "").replace("_", ""))
    except ValueError:
        raise ExperimentError(f"'{text}' in '{whole}' should be a number, such as 0.9 or 90%") from None
    return number / 100.0 if share else number


@dataclass(frozen=True)
class Problem:
    """Levers, what they should achieve, and what must hold meanwhile.

    Parameters
    ----------
    scenario
        The brand as it is.
    objective
        Figure to make as large, or as small, as possible.
    maximise
        True for as large as possible.
    levers
        What may be changed, at least one.
    constraints
        What must hold on average over histories.

    Raises
    ------
    ExperimentError
        If there is no lever, one is named twice, or efforts are given that no figure asked for feels.

    Examples
    --------
    >>> from sim.scenario import load
    >>> problem = Problem(load("base"), Figure("contribution"), True, (Lever("market.places", 20, 60),))
    >>> str(problem)
    'maximise contribution'
    """

    scenario: Scenario
    objective: Figure
    maximise: bool
    levers: tuple[Lever, ...]
    constraints: tuple[Constraint, ...] = field(default=())

    def __post_init__(self) -> None:
        check_scenarios(scenario=self.scenario)
        if not self.levers:
            raise ExperimentError(
                "name at least one lever, such as --lever channels.tmall.price_index=0.8:1.2"
            )
        paths = [lever.path for lever in self.levers]
        twice = [path for path in paths if paths.count(path) > 1]
        if twice:
            raise ExperimentError(f"the lever {twice[0]} is named twice")
        for lever in self.levers:
            if not (math.isfinite(lever.effort) and lever.effort >= 0):
                raise ExperimentError(f"the effort of {lever.path} should be at least 0 yuan per unit")
        asked = [self.objective, *(constraint.figure for constraint in self.constraints)]
        felt = any(figure.feels_effort for figure in asked)
        if any(lever.effort for lever in self.levers) and not felt:
            raise ExperimentError(
                "an effort changes cost, contribution and the like per order, and none of them is asked for"
            )
        if EFFORT in self.objective.names and not any(lever.effort for lever in self.levers):
            raise ExperimentError("no lever has an effort, so there is none to make small")

    @classmethod
    def at_least(
        cls,
        scenario: Scenario,
        targets: Sequence[Constraint],
        levers: Sequence[Lever],
        least: str = COST,
        subject_to: Sequence[Constraint] = (),
    ) -> Problem:
        """Return the inverse question: hit targets at the least ``least`` (total cost, if not said)."""
        return cls(scenario, Figure(least), False, tuple(levers), (*targets, *subject_to))

    def __str__(self) -> str:
        words = f"{'maximise' if self.maximise else 'minimise'} {self.objective.text}"
        return f"{words} subject to {', '.join(map(str, self.constraints))}" if self.constraints else words

    def read(self, run: Summary, effort: float = 0.0) -> tuple[float, ...]:
        """Return merit (larger is better) and the slack of every constraint in one run."""
        value = self.objective.of(run, effort)
        slacks = (constraint.slack(constraint.figure.of(run, effort)) for constraint in self.constraints)
        return (value if self.maximise else -value, *slacks)
