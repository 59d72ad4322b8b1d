"""The levers of a problem as its scenario knows them: what each may be, and the settings made of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError
from sim.experiment.optimise.problem import Lever, Problem
from sim.scenario.fields import UnknownPathError, spec_of
from sim.scenario.problems import Problem as Fault
from sim.scenario.problems import ScenarioError

if TYPE_CHECKING:
    from sim.scenario import Scenario

FINENESS = 1000
"""Values per span of a lever without a step of its own: finer than any year of trade can tell apart."""

Setting = tuple[Any, ...]
"""One value per lever, in the order of the problem's levers."""


@dataclass(frozen=True)
class Dimension:
    """One lever with everything that can be known before anything is simulated.

    Attributes
    ----------
    path, unit, role
        As in the schema; a lever is decided by the brand, an assumption is not.
    low, high, step
        Ends and distance of the values of a number.
    whole
        Whether they are whole numbers.
    options
        Values of a choice; empty for a number.
    own
        Value in the scenario as it is.
    effort
        Yuan per unit moved away from ``own``.
    """

    path: str
    unit: str
    role: str
    low: float
    high: float
    step: float
    whole: bool
    options: tuple[Any, ...]
    own: Any
    effort: float

    @property
    def count(self) -> int:
        """Number of values, both ends included."""
        if self.options:
            return len(self.options)
        return math.floor((self.high - self.low) / self.step + 1e-9) + 1

    def at(self, place: int) -> Any:
        """Return the value at a place from 0 to ``count - 1``."""
        if self.options:
            return self.options[place]
        # Written to 12 digits, so that 0.8 + 3 * 0.01 is the 0.83 a person would write.
        value = float(f"{self.low + place * self.step:.12g}")
        return round(value) if self.whole else value

    def place(self, value: Any) -> int:
        """Return the place of the value nearest to ``value``."""
        if self.options:
            return self.options.index(value) if value in self.options else 0
        return min(max(round((float(value) - self.low) / self.step), 0), self.count - 1)

    def holds(self, value: Any) -> bool:
        """Say whether a value lies within what may be tried."""
        if self.options:
            return value in self.options
        return self.low <= value <= self.high

    def effort_of(self, value: Any) -> float:
        """Return yuan spent outside the model on a value."""
        if not self.effort or value == self.own:
            return 0.0
        return self.effort * (1.0 if self.options else abs(float(value) - float(self.own)))

    def end(self, value: Any) -> str:
        """Say at which end of the span a value stands: ``lower``, ``upper`` or nothing."""
        if self.options:
            return ""
        return "lower" if value <= self.at(0) else "upper" if value >= self.at(self.count - 1) else ""


@dataclass(frozen=True)
class Space:
    """All settings of the levers."""

    scenario: Scenario
    dimensions: tuple[Dimension, ...]

    @cached_property
    def size(self) -> int:
        """Number of settings."""
        return math.prod(one.count for one in self.dimensions)

    @cached_property
    def start(self) -> Setting:
        """The scenario's own values."""
        return tuple(one.own for one in self.dimensions)

    @property
    def start_is_inside(self) -> bool:
        """Whether the levers may stay as they are."""
        return self.holds(self.start)

    def holds(self, setting: Setting) -> bool:
        """Say whether every value may be tried."""
        return all(one.holds(value) for one, value in zip(self.dimensions, setting, strict=True))

    def as_rows(self) -> list[dict[str, Any]]:
        """Return the levers as plain data."""
        return [
            {
                "path": one.path,
                "unit": one.unit,
                "role": one.role,
                "start": one.own,
                "low": None if one.options else one.at(0),
                "high": None if one.options else one.at(one.count - 1),
                "step": None if one.options else one.step,
                "options": list(one.options),
            }
            for one in self.dimensions
        ]

    def every(self) -> Iterator[Setting]:
        """Return every setting, one after another."""
        return itertools.product(*([one.at(place) for place in range(one.count)] for one in self.dimensions))

    def at(self, places: Sequence[int]) -> Setting:
        """Return the setting at some places."""
        return tuple(one.at(place) for one, place in zip(self.dimensions, places, strict=True))

    def places(self, setting: Setting) -> tuple[int, ...]:
        """Return the places nearest to a setting."""
        return tuple(one.place(value) for one, value in zip(self.dimensions, setting, strict=True))

    def effort(self, setting: Setting) -> float:
        """Return yuan spent outside the model on a setting, over the measured period."""
        return math.fsum(one.effort_of(value) for one, value in zip(self.dimensions, setting, strict=True))

    def world(self, setting: Setting) -> Scenario:
        """Return the scenario with a setting; the scenario itself where nothing moves.

        Raises
        ------
        sim.scenario.problems.ScenarioError
            If the values contradict each other.
        """
        changes = self.changes(setting)
        return self.scenario.with_values(changes) if changes else self.scenario

    def changes(self, setting: Setting) -> dict[str, Any]:
        """Return the values that differ from the scenario's own, by path."""
        pairs = zip(self.dimensions, setting, strict=True)
        return {one.path: value for one, value in pairs if value != one.own}


def space_of(problem: Problem) -> Space:
    """Look the levers of a problem up in its scenario.

    Raises
    ------
    sim.scenario.problems.ScenarioError
        With every lever that is unknown, absent, out of bounds or without a range of its own.
    """
    faults: list[Fault] = []
    found: list[Dimension] = []
    for lever in problem.levers:
        try:
            found.append(_dimension(lever, problem.scenario))
        except _RefusedError as error:
            faults.append(Fault("--lever", None, None, lever.path, str(error)))
    if faults:
        raise ScenarioError(faults)
    space = Space(problem.scenario, tuple(found))
    if space.size < 2:
        raise ExperimentError("the levers have a single setting between them; there is nothing to choose")
    return space


class _RefusedError(ValueError):
    """A lever that cannot be pulled as asked."""


def _dimension(lever: Lever, scenario: Scenario) -> Dimension:
    try:
        spec = spec_of(lever.path)
        own = scenario.value(lever.path)
    except UnknownPathError as error:
        raise _RefusedError(str(error)) from error
    options = lever.options
    if not options and spec.kind == "switch":
        options = (False, True)
    elif not options and spec.kind == "choice":
        options = tuple(spec.choices)
    if options:
        if len(set(options)) < max(2, len(options)):
            raise _RefusedError("needs at least two different values to choose from")
        _try(lever.path, options, scenario)
        return Dimension(lever.path, spec.unit, spec.role, 0, 0, 1, False, options, own, lever.effort)
    if spec.kind == "law":
        raise _RefusedError(f"is a distribution; pull its mean ({lever.path}.mean)")
    if spec.kind not in ("number", "whole"):
        raise _RefusedError(f"is {spec.allowed()}; give a list of values")
    if own is None:
        raise _RefusedError("has no value in this scenario; give it one with --set first")
    low, high = _span(lever, scenario)
    whole = spec.kind == "whole"
    if whole and not (low.is_integer() and high.is_integer()):
        raise _RefusedError(f"is a whole number, so low and high should be (got {low:g} and {high:g})")
    step = _step(lever, low, high, whole=whole)
    _try(lever.path, (round(low), round(high)) if whole else (low, high), scenario)
    return Dimension(lever.path, spec.unit, spec.role, low, high, step, whole, (), own, lever.effort)


def _span(lever: Lever, scenario: Scenario) -> tuple[float, float]:
    if lever.low is None and lever.high is None:
        own = scenario.entry(lever.path).range
        if own is None or not own[0] < own[1]:
            raise _RefusedError("carries no plausible range of its own; give LOW:HIGH")
        return float(own[0]), float(own[1])
    if lever.low is None or lever.high is None:
        raise _RefusedError("needs both low and high")
    if not lever.low < lever.high:
        raise _RefusedError(f"low should be below high (got {lever.low:g} and {lever.high:g})")
    return float(lever.low), float(lever.high)


def _step(lever: Lever, low: float, high: float, *, whole: bool) -> float:
    if lever.step is None:
        fine = 10.0 ** math.floor(math.log10((high - low) / FINENESS) + 1e-9)
        return max(1.0, fine) if whole else fine
    if not 0 < lever.step <= high - low:
        raise _RefusedError(f"the step should be above 0 and at most {high - low:g} (got {lever.step:g})")
    if whole and not float(lever.step).is_integer():
        raise _RefusedError(f"is a whole number, so its step should be (got {lever.step:g})")
    return float(lever.step)


def _try(path: str, values: Sequence[Any], scenario: Scenario) -> None:
    """Try each value alone, so that a bound is refused before anything is simulated."""
    for value in values:
        try:
            scenario.with_values({path: value})
        except ScenarioError as error:
            first = error.problems[0]
            where = "" if first.path == path else f"{first.path}: "
            raise _RefusedError(f"{where}{first.message}") from error
