"""The answer to any question of sensitivity, by the name of its method."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.runner import Runner
from sim.experiment.sensitivity.information import measure_knowledge
from sim.experiment.sensitivity.morris import measure_effects
from sim.experiment.sensitivity.question import Question, question_of
from sim.experiment.sensitivity.sobol import measure_indices
from sim.experiment.sensitivity.study import Measure, Sensitivity, conduct
from sim.experiment.sensitivity.tornado import measure_bars

if TYPE_CHECKING:
    from sim.scenario import Scenario

_MEASURES: Mapping[str, Measure[Any]] = {
    "tornado": measure_bars,
    "morris": measure_effects,
    "sobol": measure_indices,
    "information": measure_knowledge,
}


def answer(
    question: Question,
    *,
    runner: Runner | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> Sensitivity:
    """Answer a question, whatever its method.

    Parameters
    ----------
    question
        As :func:`sim.experiment.sensitivity.question_of` returns it.
    runner, workers, out
        As in :func:`sim.experiment.replicate`.

    Raises
    ------
    ExperimentError
        If what the method needs is not installed.
    RunFailedError
        If too many worlds could not be simulated.
    """
    measure = _MEASURES[question.method.name]
    found: Sensitivity = conduct(question, measure, runner, workers, out)
    return found


def asked_again(manifest: Mapping[str, Any], scenarios: Mapping[str, Scenario]) -> Question:
    """Return the question that a record answers.

    Parameters
    ----------
    manifest
        Of the record.
    scenarios
        Its scenarios by argument; they get back the names they had.
    """
    own = {name: one.renamed(manifest["scenarios"][name]["name"]) for name, one in scenarios.items()}
    scenario = own.pop("scenario")
    return question_of(scenario=scenario, against=tuple(own.values()) or None, **manifest["arguments"])
