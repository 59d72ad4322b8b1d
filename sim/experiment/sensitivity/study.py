"""What all sensitivity studies have in common: choosing assumptions, running, and the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim.experiment.record import recording
from sim.experiment.runner import Runner
from sim.experiment.sensitivity.factors import Factor
from sim.experiment.sensitivity.question import Question
from sim.experiment.sensitivity.response import Histories
from sim.experiment.sensitivity.screening import Screening, screen
from sim.experiment.study import LabelledRun, Recipe, common_start, runner_for

if TYPE_CHECKING:
    import pandas as pd

TABLE = "assumptions"
_SHOWN_LOST = 5


@dataclass(frozen=True)
class About:
    """Birth certificate of a sensitivity study.

    Attributes
    ----------
    method, scenario, scenario_hash, against, metric, unit, points, replications, seed
        What was asked; ``against`` names the scenarios held against the first.
    start, model_version
        How the years began, and which model they come from.
    available
        Number of assumptions with a range that could be varied.
    measured
        Number that were looked at closely.
    screening
        How those were chosen; None where all were looked at.
    runs
        Number of runs, those kept from earlier studies included.
    lost
        Number of worlds that could not be simulated or lack the figure, and the first reasons.
    pulled
        Number of worlds whose values contradicted each other and were pulled towards the scenario's own.
    """

    method: str
    scenario: str
    scenario_hash: str
    against: tuple[str, ...]
    metric: str
    unit: str
    points: int
    replications: int
    seed: int
    start: str
    model_version: str
    available: int
    measured: int
    screening: Screening | None
    runs: int
    lost: int
    reasons: tuple[str, ...]
    pulled: int

    @property
    def left_out(self) -> int:
        """Number of assumptions with a range that were screened and then left out."""
        return self.available - self.measured

    def as_dict(self) -> dict[str, Any]:
        """Return the head of the JSON object of ``sensitivity --json``."""
        return {
            "method": self.method,
            "scenario": self.scenario,
            "scenario_hash": self.scenario_hash,
            "against": list(self.against),
            "metric": self.metric,
            "unit": self.unit,
            "seed": self.seed,
            "points": self.points,
            "replications": self.replications,
            "start": self.start,
            "model_version": self.model_version,
            "runs": self.runs,
            "assumptions": {
                "available": self.available,
                "measured": self.measured,
                "left_out": self.left_out,
                "screening": None if self.screening is None else self.screening.as_dict(),
            },
            "lost": {"worlds": self.lost, "reasons": list(self.reasons)},
            "pulled": self.pulled,
        }


@dataclass(frozen=True)
class Sensitivity:
    """Result of a sensitivity study.

    Attributes
    ----------
    about
        What was asked and how it was run.
    runs
        Every run behind it.
    recipe
        How to do it again.
    """

    about: About
    runs: tuple[LabelledRun, ...] = field(repr=False)
    recipe: Recipe = field(repr=False)

    def table(self) -> pd.DataFrame:
        """Return one row per assumption, the most important first; lists become words with commas."""
        import pandas as pd

        plain = [
            {
                name: ", ".join(map(str, value)) if isinstance(value, list) else value
                for name, value in row.items()
            }
            for row in self.rows()
        ]
        return pd.json_normalize(plain, sep="_")

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the JSON object, the most important assumption first."""
        raise TypeError(f"{type(self).__name__} has no rows of its own")

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``sensitivity --json``."""
        return {**self.about.as_dict(), "rows": self.rows()}


Result = TypeVar("Result", bound=Sensitivity)
Measure = Callable[[Question, tuple[Factor, ...], Histories], Callable[..., Result]]


def conduct(
    question: Question,
    measure: Measure[Result],
    runner: Runner | None,
    workers: int | None,
    out: Path | str | None,
) -> Result:
    """Screen if need be, measure, and keep the record.

    Parameters
    ----------
    question
        What is asked.
    measure
        Simulates what the method needs; returns what makes the result once ``about``, ``runs`` and ``recipe``
        are known.
    runner, workers, out
        As in :func:`sim.experiment.replicate`.
    """
    with recording(out, question.recipe) as record, runner_for(runner, workers) as crew:
        histories = Histories(crew, question.response, question.factors, question.seed)
        screening, factors = None, question.factors
        if question.keep is not None:
            screening = screen(histories, factors, question.keep, question.spare_luck)
            by_path = {factor.path: factor for factor in factors}
            factors = tuple(by_path[path] for path in screening.paths)
        finish = measure(question, factors, histories)
        about = _about(question, factors, histories, screening)
        result = finish(about=about, runs=tuple(histories.runs), recipe=question.recipe)
        record.keep(TABLE, result.table())
        record.finish(result.as_dict(), result.runs)
    return result


def _about(
    question: Question, factors: tuple[Factor, ...], histories: Histories, screening: Screening | None
) -> About:
    scenario, *others = question.response.scenarios
    summaries = [run.summary for run in histories.runs]
    return About(
        method=question.method.name,
        scenario=scenario.name,
        scenario_hash=scenario.hash,
        against=tuple(other.name for other in others),
        metric=question.response.metric,
        unit=question.response.unit,
        points=question.points,
        replications=question.replications,
        seed=question.seed,
        start=common_start(summaries),
        model_version=summaries[0].model_version,
        available=len(question.factors),
        measured=len(factors),
        screening=screening,
        runs=question.runs,
        lost=len(histories.lost),
        reasons=tuple(histories.lost[:_SHOWN_LOST]),
        pulled=histories.pulled,
    )
