"""What an optimisation found: levers, figures with intervals, slacks, what binds, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.optimise.plan import RunPlan
from sim.experiment.optimise.problem import Constraint, Problem
from sim.experiment.optimise.selection import Selection
from sim.experiment.optimise.space import Setting, Space
from sim.experiment.optimise.trials import Trial
from sim.experiment.statistics import Estimate
from sim.experiment.study import LabelledRun, Recipe

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

IMPROVED = "improved"
REACHED = "reached"
NO_BETTER = "no_better"
NOT_REACHABLE = "not_reachable"
BESIDE = ("orders", "contribution", "share_in_hands")
STATUSES = (IMPROVED, REACHED, NO_BETTER, NOT_REACHABLE)


@dataclass(frozen=True)
class LeverMoved:
    """One lever of the result.

    Attributes
    ----------
    path, unit, role
        As in the schema.
    start, best
        Value in the scenario as it is, and in the result.
    low, high
        Ends of what was tried; None for a choice.
    end
        ``lower`` or ``upper`` where the result stands at an end, which then holds it back; else empty.
    """

    path: str
    unit: str
    role: str
    start: Any
    best: Any
    low: float | None
    high: float | None
    end: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "path": self.path,
            "unit": self.unit,
            "role": self.role,
            "start": self.start,
            "best": self.best,
            "low": self.low,
            "high": self.high,
            "end": self.end,
        }


@dataclass(frozen=True)
class Relaxation:
    """What a constraint costs, measured from runs of settings that miss it and nothing else.

    Both gains are lower bounds: they are those of settings that were tried. None where none tried is better.

    Attributes
    ----------
    by
        By how much the bound was moved.
    gain
        What the best setting within the moved bound gives over the result, in the objective's unit; better
        is positive.
    without
        The same with the constraint left out.
    """

    by: float
    gain: Estimate | None
    without: Estimate | None

    @property
    def tells(self) -> bool:
        """Whether either gain is detectable."""
        return any(one is not None and one.is_above(0.0) for one in (self.gain, self.without))

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        parts = {"gain": self.gain, "without": self.without}
        return {"by": self.by} | {
            name: None if value is None else value.as_dict() for name, value in parts.items()
        }


@dataclass(frozen=True)
class Held:
    """One constraint at the result.

    Attributes
    ----------
    constraint
        Which one.
    value, slack
        The figure, and by how much it is on the right side, at the result.
    at_start
        The slack in the scenario as it is.
    relaxation
        What relaxing it gives; None where the result misses a constraint.
    blocks
        Where the result misses a constraint: whether some setting tried meets all others.
    """

    constraint: Constraint
    value: Estimate
    slack: Estimate
    at_start: Estimate
    relaxation: Relaxation | None = None
    blocks: bool = False

    @property
    def state(self) -> str:
        """``met``, ``missed``, or ``cannot_tell`` where the interval of the slack holds zero."""
        return state_of(self.slack)

    @property
    def binds(self) -> bool:
        """Whether it keeps the result from something detectably better, or from being one at all."""
        if self.relaxation is None:
            return self.blocks or self.state == "missed"
        return self.relaxation.tells

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "constraint": str(self.constraint),
            "figure": self.constraint.figure.text,
            "sense": self.constraint.sense,
            "bound": self.constraint.value,
            "state": self.state,
            "binds": self.binds,
            "value": self.value.as_dict(),
            "slack": self.slack.as_dict(),
            "slack_at_start": self.at_start.as_dict(),
            "relaxed": None if self.relaxation is None else self.relaxation.as_dict(),
        }


def state_of(slack: Estimate) -> str:
    """Say whether a slack is that of a constraint that is met, missed, or cannot be told."""
    if slack.low is not None and slack.low >= 0.0:
        return "met"
    return "missed" if slack.is_below(0.0) else "cannot_tell"


@dataclass(frozen=True)
class Beside:
    """A figure that nobody asked for and everybody should see: what else the levers move.

    Attributes
    ----------
    figure
        Name of the KPI.
    start, best, change
        In the scenario as it is, at the result, and the paired difference.
    """

    figure: str
    start: Estimate
    best: Estimate
    change: Estimate

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "figure": self.figure,
            "start": self.start.as_dict(),
            "best": self.best.as_dict(),
            "difference": self.change.as_dict(),
        }


@dataclass(frozen=True)
class Chosen:
    """How the result was chosen.

    Attributes
    ----------
    finalists
        Settings that were compared.
    gave_way
        Whether the chosen one missed a constraint in fresh histories and a safer finalist is the result.
    selection
        What the comparison said; None where no setting tried meets all constraints, so none was made.
    asked
        Indifference zone that was asked for; None: as narrow as the budget affords.
    """

    finalists: tuple[Setting, ...]
    selection: Selection | None
    asked: float | None
    gave_way: bool = False

    def as_dict(self) -> dict[str, Any] | None:
        """Return plain data; None where nothing was chosen from."""
        found = self.selection
        if found is None:
            return None
        return {
            "finalists": len(self.finalists),
            "confidence": found.confidence,
            "indifference": found.indifference,
            "indifference_asked": self.asked,
            "gave_way": self.gave_way,
            "tolerances": list(found.tolerances),
            "replications": list(found.replications),
        }


@dataclass(frozen=True)
class Optimised:
    """Outcome of an optimisation.

    Attributes
    ----------
    status
        ``improved``; ``reached`` (the scenario as it is misses a constraint, the result does not);
        ``no_better`` (nothing beats the scenario as it is detectably); ``not_reachable``.
    headline
        The answer in words.
    problem, space, plan
        What was asked, and how the budget was shared out.
    best
        Values of the levers in the result.
    levers, constraints
        What became of each.
    objective, at_start
        The objective at the result and in the scenario as it is.
    change
        Paired difference, result less scenario as it is.
    beside
        What else the levers move.
    chosen
        Ranking and selection.
    trials
        Everything the search tried, in order.
    spent
        Runs that were asked for.
    runs, recipe
        The histories behind the figures, and how to do it again.
    """

    status: str
    headline: str
    problem: Problem
    space: Space
    plan: RunPlan
    seed: int
    start: str
    model_version: str
    best: Setting
    levers: tuple[LeverMoved, ...]
    constraints: tuple[Held, ...]
    objective: Estimate
    at_start: Estimate
    change: Estimate
    beside: tuple[Beside, ...]
    chosen: Chosen
    trials: tuple[Trial, ...]
    spent: int
    runs: tuple[LabelledRun, ...]
    recipe: Recipe

    @property
    def scenario(self) -> Scenario:
        """The scenario with the result's levers; as it is where nothing beats it."""
        return self.space.scenario if self.status == NO_BETTER else self.space.world(self.best)

    @property
    def changes(self) -> dict[str, Any]:
        """Values to set, by path; empty where nothing beats the scenario as it is."""
        return {} if self.status == NO_BETTER else self.space.changes(self.best)

    @property
    def failed(self) -> int:
        """Number of settings whose simulation failed."""
        return sum(trial.crashed for trial in self.trials)

    @property
    def binding(self) -> tuple[Constraint, ...]:
        """Constraints that bind."""
        return tuple(held.constraint for held in self.constraints if held.binds)

    def table(self) -> pd.DataFrame:
        """Return every setting tried.

        Returns
        -------
        pandas.DataFrame
            One row per setting in the order in which they were tried: a column per lever, the objective and
            the slack of every constraint (means over the search's histories), and why a setting was refused.
        """
        import pandas as pd

        sign = 1.0 if self.problem.maximise else -1.0
        rows = [(*one.setting, sign * one.merit, *one.slacks, one.refused) for one in self.trials]
        slacks = [f"slack of {constraint}" for constraint in self.problem.constraints]
        paths = [one.path for one in self.space.dimensions]
        return pd.DataFrame(rows, columns=[*paths, self.problem.objective.text, *slacks, "refused"])

    def finalists(self) -> pd.DataFrame:
        """Return the settings that were compared at the end.

        Returns
        -------
        pandas.DataFrame
            A column per lever, ``replications``, ``feasible`` (empty where that was not told), ``beaten_by``
            (row of who eliminated it) and ``chosen``.
        """
        import pandas as pd

        paths = [one.path for one in self.space.dimensions]
        columns = [*paths, "replications", "feasible", "beaten_by", "chosen"]
        found = self.chosen.selection
        if found is None:
            return pd.DataFrame([], columns=columns)
        rows = [
            (*setting, found.replications[i], found.feasible[i], found.beaten_by[i], i == found.best)
            for i, setting in enumerate(self.chosen.finalists)
        ]
        return pd.DataFrame(rows, columns=columns)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``optimise --json``."""
        scenario = self.space.scenario
        return {
            "scenario": scenario.name,
            "scenario_hash": scenario.hash,
            "seed": self.seed,
            "start": self.start,
            "model_version": self.model_version,
            "question": str(self.problem),
            "objective": self.problem.objective.text,
            "direction": "maximise" if self.problem.maximise else "minimise",
            "status": self.status,
            "headline": self.headline,
            "levers": [one.as_dict() for one in self.levers],
            "changes": self.changes,
            "value": self.objective.as_dict(),
            "value_at_start": self.at_start.as_dict(),
            "difference": self.change.as_dict(),
            "constraints": [one.as_dict() for one in self.constraints],
            "beside": [one.as_dict() for one in self.beside],
            "binding": [str(one) for one in self.binding],
            "selection": self.chosen.as_dict(),
            "tried": len(self.trials),
            "refused": sum(bool(one.refused) for one in self.trials),
            "failed": self.failed,
            "settings": self.space.size,
            "runs": self.spent,
            "budget": self.plan.budget,
        }
