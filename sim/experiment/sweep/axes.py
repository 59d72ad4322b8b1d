"""Parameters of a design, looked up in the scenario: what each may be, from 0 to 1 and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.sweep.plan import Axis, Plan
from sim.scenario.fields import UnknownPathError, spec_of
from sim.scenario.problems import Problem, ScenarioError

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Dimension:
    """One parameter as a design sees it.

    Attributes
    ----------
    path
        Path of the value.
    values
        Values to choose from; empty where it runs from ``low`` to ``high``.
    low, high
        Ends of the span, in the value's unit.
    steps
        Number of values of a grid.
    log
        Equal ratios instead of equal differences.
    whole
        Whether the value is a whole number.
    """

    path: str
    values: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 1.0
    steps: int | None = None
    log: bool = False
    whole: bool = False

    def at(self, share: float) -> Any:
        """Return the value at a share of the way, from 0 to 1.

        >>> Dimension("x", low=1.0, high=100.0, log=True).at(0.5)
        10.0
        >>> Dimension("x", values=("a", "b")).at(0.5)
        'b'
        """
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if share in (0.0, 1.0):  # the ends are met exactly
            value = self.high if share else self.low
        elif self.log:
            value = math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
            value = float(f"{value:.15g}")
        else:
            value = self.low + share * (self.high - self.low)
        return round(value) if self.whole else value

    def share(self, value: float) -> float:
        """Return how far along the span a value lies; the inverse of :meth:`at`."""
        if self.log:
            return (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        return (value - self.low) / (self.high - self.low)

    def grid(self) -> tuple[Any, ...]:
        """Return the values of a grid, each once."""
        if self.values:
            return self.values
        last = (self.steps or 2) - 1
        return tuple(dict.fromkeys(self.at(index / last) for index in range(last + 1)))


def dimensions_of(plan: Plan, scenario: Scenario) -> tuple[Dimension, ...]:
    """Return the parameters of a plan as its scenario knows them.

    Parameters
    ----------
    plan
        Where they are asked for.
    scenario
        The plan's scenario, with the plan's own changes.

    Raises
    ------
    sim.scenario.problems.ScenarioError
        With every parameter that is unknown, absent, out of bounds or without a range of its own.
    """
    problems: list[Problem] = []
    found = []
    method = plan.design.method
    for path, axis in plan.design.parameters.items():
        place = f"design.{method}.parameters.{path}"
        keys = ("design", method, "parameters", path)
        try:
            dimension = _dimension(path, axis, scenario)
            _check_values(dimension, scenario)
        except _RefusedError as error:
            problems.append(plan.problem(place, str(error), keys))
        else:
            found.append(dimension)
    if problems:
        raise ScenarioError(problems)
    return tuple(found)


class _RefusedError(ValueError):
    """A parameter that cannot be varied as asked."""


def _dimension(path: str, axis: Axis, scenario: Scenario) -> Dimension:
    try:
        spec = spec_of(path)
        scenario.value(path)
    except UnknownPathError as error:
        raise _RefusedError(str(error)) from error
    if axis.values is not None:
        if len(set(map(repr, axis.values))) < len(axis.values):
            raise _RefusedError("names a value twice")
        return Dimension(path, values=axis.values)
    if spec.kind == "law":
        raise _RefusedError(f"is a distribution; vary its mean ({path}.mean) or give a list of values")
    if spec.kind not in ("number", "whole"):
        raise _RefusedError(f"is {spec.allowed()}; give a list of values")
    low, high = (axis.low, axis.high) if axis.range is None else _own_range(path, scenario)
    if low is None or high is None:
        raise _RefusedError("needs both low and high")
    if axis.scale == "log" and low <= 0:
        raise _RefusedError(f"a log scale needs a range above 0 (its own begins at {low:g})")
    whole = spec.kind == "whole"
    if whole and not (float(low).is_integer() and float(high).is_integer()):
        raise _RefusedError(f"is a whole number, so low and high should be (got {low:g} and {high:g})")
    return Dimension(path, (), float(low), float(high), axis.steps, axis.scale == "log", whole)


def _own_range(path: str, scenario: Scenario) -> tuple[float, float]:
    entry = scenario.entry(path)
    if entry.range is None or not entry.range[0] < entry.range[1]:
        raise _RefusedError("carries no plausible range of its own; give low and high")
    return entry.range


def _check_values(dimension: Dimension, scenario: Scenario) -> None:
    """Try every listed value, or both ends of a span, one at a time."""
    values = dimension.values or (dimension.at(0.0), dimension.at(1.0))
    for value in values:
        for first in problems_of({dimension.path: value}, scenario)[:1]:
            where = "" if first.path == dimension.path else f"{first.path}: "
            raise _RefusedError(f"{where}{first.message}")


def problems_of(values: Mapping[str, Any], scenario: Scenario) -> tuple[Problem, ...]:
    """Return why a scenario does not take some values, each reason with its path."""
    try:
        scenario.with_values(values)
    except ScenarioError as error:
        return error.problems
    return ()
