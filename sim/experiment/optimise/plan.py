"""How a budget of runs is shared out between looking, choosing and confirming."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sim.experiment.errors import ExperimentError
from sim.experiment.optimise.selection import FIRST_STAGE

DEFAULT_BUDGET = 200
DEFAULT_REPLICATIONS = 10
FINALISTS = 5
SEARCH_HISTORIES = 2
_LEAST_FIRST_STAGE = 5
_LEAST_SETTINGS = 6
_CHOOSING = 0.4  # share of what is left after confirming
_SAFE = 3  # settings tried on the safe side of the constraints, for each margin
SAFE_MARGINS = (4.0, 2.0, 1.0)
"""Distances from the constraints, in standard errors, at which settings are looked for as well: of those next
to a constraint, about half look as if they missed it."""
_AROUND = 6  # settings tried around the best one for each constraint, to see what relaxing it is worth


@dataclass(frozen=True)
class RunPlan:
    """Numbers of runs by purpose.

    Attributes
    ----------
    budget
        All of them, at most.
    histories
        Histories that each setting of the search meets.
    settings
        Settings that the search may try, the scenario as it is and those on the safe side among them.
    safe
        Settings tried at each margin on the safe side of the constraints.
    around
        Settings tried around the best one, for each constraint.
    finalists
        Settings among which the best is chosen.
    first_stage
        Histories of each finalist before anything is decided.
    choosing
        Runs for choosing.
    confirming
        Fresh histories of the result, of the scenario as it is, and of what relaxing each constraint gives.
    """

    budget: int
    histories: int
    settings: int
    safe: int
    around: int
    finalists: int
    first_stage: int
    choosing: int
    confirming: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def _least(constraints: int, replications: int) -> int:
    searching = SEARCH_HISTORIES * (_LEAST_SETTINGS + _AROUND * constraints)
    return replications * (3 + 2 * constraints) + searching + 2 * _LEAST_FIRST_STAGE


def plan_runs(
    budget: int, *, constraints: int, size: int, replications: int = DEFAULT_REPLICATIONS
) -> RunPlan:
    """Share a budget out.

    Parameters
    ----------
    budget
        Runs in all.
    constraints
        Number of constraints.
    size
        Number of settings there are; what a small space leaves over goes to choosing.
    replications
        Fresh histories behind every figure of the result, at least 2.

    Raises
    ------
    ExperimentError
        If the budget is too small for an answer; says how large it must be.
    """
    if replications < 2:
        raise ExperimentError(f"an interval needs at least 2 replications (found {replications})")
    least = _least(constraints, replications)
    if budget < least:
        raise ExperimentError(
            f"a budget of {budget} runs is too small; {replications} replications and {constraints} "
            f"constraint{'' if constraints == 1 else 's'} need at least {least}"
        )
    # The result, the scenario as it is, one setting on the safe side, and two per constraint.
    confirming = replications * (3 + 2 * constraints)
    around, safe = (_AROUND, _SAFE) if constraints else (0, 0)
    rest = budget - confirming - SEARCH_HISTORIES * around * constraints
    choosing = max(2 * _LEAST_FIRST_STAGE, round(_CHOOSING * rest))
    settings = min((rest - choosing) // SEARCH_HISTORIES, size + 1)
    choosing = rest - settings * SEARCH_HISTORIES
    finalists = max(2, min(FINALISTS, size + 1, choosing // FIRST_STAGE))
    return RunPlan(
        budget=budget,
        histories=SEARCH_HISTORIES,
        settings=settings,
        safe=min(safe, settings // (3 * len(SAFE_MARGINS))),
        around=around,
        finalists=finalists,
        first_stage=max(_LEAST_FIRST_STAGE, min(FIRST_STAGE, choosing // finalists)),
        choosing=choosing,
        confirming=replications,
    )
