"""What a plan sets: its scenario with the plan's changes and, over them, those of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.experiment.sweep.plan import Plan, overriding
from sim.scenario.problems import Problem, ScenarioError

if TYPE_CHECKING:
    from sim.scenario import Scenario

_SET = "--set"


def scenario_of(plan: Plan) -> Scenario:
    """Return the scenario that every point of a plan starts from.

    Raises
    ------
    sim.scenario.problems.ScenarioError
        If there is none, or a change is not allowed: what the plan sets is refused with its line, an override
        as ``--set``.
    """
    from sim.scenario import load

    beside = [plan.folder / plan.scenario, plan.folder / f"{plan.scenario}.yaml"]
    found = next((path for path in beside if path.is_file()), None)
    scenario = load(str(found) if found is not None else plan.scenario)
    if plan.changes:
        try:
            scenario = scenario.with_values(plan.changes)
        except ScenarioError as error:
            raise ScenarioError(
                plan.problem(f"set.{one.path}".rstrip("."), one.message, ("set", one.path))
                for one in error.problems
            ) from error
    return _overridden(scenario, plan.overrides) if plan.overrides else scenario


def _overridden(scenario: Scenario, overrides: tuple[str, ...]) -> Scenario:
    """Return a scenario with overrides, which are read as for a single run: evidence included, each once."""
    from sim.scenario import loads

    try:
        return loads(scenario.to_yaml(), overrides, name=scenario.name)
    except ScenarioError as error:
        # The scenario was sound before, so whatever is wrong now comes from an override.
        problems = [replace(one, file=_SET, line=None, column=None) for one in error.problems]
        raise ScenarioError(problems) from error


def refuse_without_effect(plan: Plan) -> None:
    """Refuse to set what the design varies, a part of it or what it is a part of: one would hide the other.

    Raises
    ------
    sim.scenario.problems.ScenarioError
        Naming both places.
    """
    varied = _varied(plan)
    parameters = plan.design.parameters
    problems = [
        plan.problem(f"set.{path}", words, ("set", path))
        for path in plan.changes
        if (words := _hidden(path, varied))
    ]
    for path, value in overriding(plan.overrides).items():
        axis = parameters.get(path)
        gives_range = isinstance(value, Mapping) and "range" in value
        words = _hidden(path, varied)
        if words and not (axis is not None and axis.range == "own" and gives_range):
            problems.append(Problem(_SET, None, None, path, words))
    if problems:
        raise ScenarioError(problems)


def _hidden(path: str, varied: Mapping[str, str]) -> str:
    """Say why a path cannot be set beside a design; empty where it can."""
    alone = "so setting it has no effect; leave one of the two out"
    if path in varied:
        return f"is varied by the design ({varied[path]}), {alone}"
    for other, place in varied.items():
        if path.startswith(f"{other}."):
            return f"is a part of {other}, which the design varies ({place}), {alone}"
        if other.startswith(f"{path}."):
            return (
                f"holds {other}, which the design varies ({place}), so one would overwrite the other; "
                "set the other values in it one by one"
            )
    return ""


def _varied(plan: Plan) -> dict[str, str]:
    """Return where the design gives a value in every point, by path; an empty cell leaves what is set."""
    method = plan.design.method
    if plan.design.table is None:
        return {
            path: plan.place(f"design.{method}.parameters.{path}", ("design", method, "parameters", path))
            for path in plan.design.parameters
        }
    rows: tuple[Mapping[str, Any], ...] = plan.design.table.rows or ()
    paths = [path for path in (rows[0] if rows else {}) if all(path in row for row in rows)]
    file = plan.design.table.file
    words = "a column of its rows" if file is None else f"a column of {file}"
    return {path: plan.place(f"design.table: {words}", ("design", "table")) for path in paths}
