"""How many runs a study takes and how long that will be, said before the first of them."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from sim.experiment.errors import RunFailedError
from sim.experiment.jobs import Failure, Simulate, available_workers, perform, real_simulate
from sim.experiment.seeds import replication_seed
from sim.experiment.sensitivity.question import Question
from sim.experiment.study import job_for


@dataclass(frozen=True)
class Forecast:
    """What a sensitivity study will take.

    Attributes
    ----------
    runs
        All runs; those kept from earlier studies cost nothing.
    screening_runs
        How many of them only choose the assumptions to look at.
    available, measured
        Assumptions with a range, and how many of them will be looked at closely.
    workers
        Runs simulated at the same time.
    seconds_per_run
        Time of a run of the scenario's own world.
    seconds
        Time of the study if no run is kept from an earlier one.
    """

    runs: int
    screening_runs: int
    available: int
    measured: int
    workers: int
    seconds_per_run: float
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``sensitivity --dry-run --json``."""
        return asdict(self)


def forecast(question: Question, *, workers: int | None = None, simulate: Simulate | None = None) -> Forecast:
    """Foretell runs and time of a study.

    The scenario's own world is simulated twice in this process, first to load what has to be loaded, then
    with the clock running. Neither run is kept.

    Parameters
    ----------
    question
        What is going to be asked.
    workers
        Processes; None takes every available core.
    simulate
        Another simulation than the product's own.

    Raises
    ------
    RunFailedError
        If the scenario's own world cannot be simulated.
    """
    seconds = 0.0
    for scenario in question.response.scenarios:
        job = job_for(scenario, replication_seed(question.seed, 0))
        for _ in range(2):
            began = time.perf_counter()
            outcome = perform(job, simulate or real_simulate)
            last = time.perf_counter() - began
            if isinstance(outcome, Failure):
                raise RunFailedError(f"scenario '{scenario.name}' failed: {outcome.kind}: {outcome.message}")
        seconds += last / len(question.response.scenarios)
    slots = available_workers() if workers is None else workers
    return Forecast(
        runs=question.runs,
        screening_runs=question.screening_runs,
        available=len(question.factors),
        measured=len(question.factors) if question.keep is None else question.keep,
        workers=slots,
        seconds_per_run=seconds,
        seconds=seconds * question.runs / min(slots, question.runs),
    )
