"""Optimising: levers under constraints, "most profit" as well as "this target at the least cost".

>>> from sim.experiment.optimise import Constraint, Lever, Problem, optimise
"""

from sim.experiment.figures import Figure
from sim.experiment.optimise.optimising import optimise
from sim.experiment.optimise.plan import DEFAULT_BUDGET, DEFAULT_REPLICATIONS, RunPlan, plan_runs
from sim.experiment.optimise.problem import Constraint, Lever, Problem
from sim.experiment.optimise.recipe import problem_of
from sim.experiment.optimise.result import STATUSES, Held, LeverMoved, Optimised, Relaxation
from sim.experiment.optimise.selection import Selection, select
from sim.experiment.optimise.space import Space, space_of

__all__ = [
    "DEFAULT_BUDGET",
    "DEFAULT_REPLICATIONS",
    "STATUSES",
    "Constraint",
    "Figure",
    "Held",
    "Lever",
    "LeverMoved",
    "Optimised",
    "Problem",
    "Relaxation",
    "RunPlan",
    "Selection",
    "Space",
    "optimise",
    "plan_runs",
    "problem_of",
    "select",
    "space_of",
]
