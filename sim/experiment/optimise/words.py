"""The answer of an optimisation in words: never the scenario as it is without saying so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.experiment.figures import EFFORT
from sim.experiment.optimise.problem import Problem
from sim.experiment.optimise.result import (
    IMPROVED,
    NO_BETTER,
    NOT_REACHABLE,
    Beside,
    Held,
    LeverMoved,
)
from sim.experiment.statistics import NO_DIFFERENCE, Estimate

_SMALLER = 0.02
"""A fall of orders by more than this share is said."""


def number(value: float, *, signed: bool = False) -> str:
    """Write a number as a person would.

    >>> number(1234567.8), number(12.345, signed=True), number(0.91234)
    ('1,234,568', '+12.35', '0.9123')
    """
    sign = "+" if signed else ""
    if abs(value) >= 1000:
        return f"{value:{sign},.0f}"
    return f"{value:{sign},.2f}" if abs(value) >= 10 else f"{value:{sign}.4g}"


def interval(value: Estimate, *, signed: bool = False) -> str:
    """Write a value with its interval and unit."""
    unit = f" {value.unit}" if value.unit else ""
    written = f"{number(value.mean, signed=signed)}{unit}"
    if value.low is None or value.high is None or value.low == value.high:
        return written
    return f"{written} ({number(value.low, signed=signed)} to {number(value.high, signed=signed)})"


def change(value: Estimate) -> str:
    """Write a difference, or that there is none that shows."""
    return interval(value, signed=True) if value.is_detectable() else NO_DIFFERENCE


def headline(
    status: str,
    problem: Problem,
    objective: Estimate,
    moved: Estimate,
    levers: Sequence[LeverMoved],
    constraints: Sequence[Held],
) -> str:
    """Say what came out, in one paragraph."""
    name = problem.objective.text
    if status == NOT_REACHABLE:
        return _not_reachable(levers, constraints)
    if status == NO_BETTER:
        found = "the scenario as it is was the best tried"
        if any(lever.start != lever.best for lever in levers):
            found = f"{name} with the best found ({_settings(levers)}): {change(moved)}"
        nothing = "Nothing tried that meets the constraints" if constraints else "Nothing tried"
        return f"{nothing} beats the scenario as it is detectably; {found}." + _binding(constraints)
    start = f"The best found: {name} {interval(objective)}"
    gain = f", {change(moved)} against the scenario as it is"
    if status != IMPROVED:
        missed = " and ".join(str(held.constraint) for held in constraints if held.at_start.mean < 0)
        gain += f", which misses {missed}" if missed else ""
    return f"{start}{gain}, with {_settings(levers)}." + _binding(constraints) + _doubts(constraints)


def _settings(levers: Sequence[LeverMoved]) -> str:
    moved = [one for one in levers if one.start != one.best]
    return ", ".join(f"{one.path} {_value(one.start)} -> {_value(one.best)}" for one in moved) or "no change"


def _value(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return f"{value:,.10g}"


def _binding(constraints: Sequence[Held]) -> str:
    parts = []
    for held in constraints:
        if not held.binds or held.relaxation is None:
            continue
        near, far = held.relaxation.gain, held.relaxation.without
        if near is not None and near.is_above(0.0):
            worth = f"moving it by {number(held.relaxation.by)} is worth at least {interval(near)}"
        else:
            worth = f"without it {interval(far)} more is within reach" if far is not None else ""
        parts.append(f" {held.constraint} binds: {worth}.")
    return "".join(parts)


def _doubts(constraints: Sequence[Held]) -> str:
    open_ones = [str(held.constraint) for held in constraints if held.state == "cannot_tell"]
    if not open_ones:
        return ""
    return f" Whether {' and '.join(open_ones)} holds exactly cannot be told with these replications."


def _not_reachable(levers: Sequence[LeverMoved], constraints: Sequence[Held]) -> str:
    missed = [held for held in constraints if held.state == "missed"]
    missed = missed or [held for held in constraints if held.slack.mean < 0] or list(constraints)
    parts = []
    for held in missed:
        miss = held.slack
        low, high = (None if end is None else -end for end in (miss.high, miss.low))
        by = interval(Estimate(-miss.mean, low, high, miss.unit, miss.n))
        parts.append(f"misses {held.constraint} by {by}")
    words = f"Not reachable with these levers: the best found {' and '.join(parts)}"
    if any(lever.start != lever.best for lever in levers):
        words += f", with {_settings(levers)}."
    else:
        words += "; no setting tried comes nearer than the scenario as it is."
    blocking = [held for held in constraints if held.blocks]
    if len(constraints) > 1 and blocking:
        names = " or ".join(str(held.constraint) for held in blocking)
        words += f" What binds: without {names} the rest can be met."
    elif len(constraints) > 1:
        words += " No single constraint is to blame: none of them can be left out and the rest be met."
    ends = [f"{one.path} stands at its {one.end} end ({_value(one.best)})" for one in levers if one.end]
    if ends:
        words += f" {', '.join(ends)}: a wider range may reach further."
    return words


def smaller(problem: Problem, moved: Estimate, beside: Sequence[Beside]) -> str:
    """Say so where yuan are saved by selling less; empty where they are not."""
    yuan = not problem.maximise and problem.objective.unit == "yuan" and problem.objective.text != EFFORT
    orders = next((one for one in beside if one.figure == "orders"), None)
    if not yuan or not moved.is_below(0.0) or orders is None or not orders.change.is_below(0.0):
        return ""
    share = -orders.change.mean / orders.start.mean
    if share < _SMALLER:
        return ""
    return f" Part of the saving is a smaller brand: {share:.0%} fewer orders (hold them with a constraint)."
