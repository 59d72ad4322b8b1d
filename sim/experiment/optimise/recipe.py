"""A problem as plain data and back, so that a recorded optimisation can be done again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.experiment.figures import Figure
from sim.experiment.optimise.problem import Constraint, Lever, Problem
from sim.experiment.study import Recipe

if TYPE_CHECKING:
    from sim.scenario import Scenario


def recipe_of(problem: Problem, arguments: Mapping[str, Any]) -> Recipe:
    """Return the recipe of an optimisation; ``arguments`` are those besides the problem."""
    question = {
        "objective": problem.objective.text,
        "maximise": problem.maximise,
        "levers": [
            {
                "path": one.path,
                "low": one.low,
                "high": one.high,
                "step": one.step,
                "options": list(one.options),
                "effort": one.effort,
            }
            for one in problem.levers
        ],
        "constraints": [
            {
                "figure": one.figure.text,
                "sense": one.sense,
                "value": one.value,
                "tolerance": one.tolerance,
            }
            for one in problem.constraints
        ],
    }
    return Recipe("optimise", {"scenario": problem.scenario}, {"problem": question, **arguments})


def problem_of(question: Mapping[str, Any], scenario: Scenario) -> Problem:
    """Return the problem that a recipe was made of."""
    return Problem(
        scenario,
        Figure(question["objective"]),
        question["maximise"],
        tuple(Lever(**{**one, "options": tuple(one["options"])}) for one in question["levers"]),
        tuple(Constraint(**{**one, "figure": Figure(one["figure"])}) for one in question["constraints"]),
    )
