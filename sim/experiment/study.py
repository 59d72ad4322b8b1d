"""What every study has in common: a runner, labelled runs, and the recipe to do it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError
from sim.experiment.jobs import Job, Summary
from sim.experiment.runner import Runner

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True)
class LabelledRun:
    """One run of a study.

    Attributes
    ----------
    label
        Its part in the study, such as ``a`` or ``densify 2``.
    replication
        Number of the replication, from zero.
    summary
        What came out.
    """

    label: str
    replication: int
    summary: Summary


@dataclass(frozen=True)
class Recipe:
    """Everything needed to do a study again.

    Attributes
    ----------
    study
        ``replicate``, ``compare``, ``scale`` or ``facts``.
    scenarios
        Scenarios by the name of the argument they were given as.
    arguments
        The other arguments, as plain data.
    """

    study: str
    scenarios: Mapping[str, Scenario]
    arguments: Mapping[str, Any]


@contextmanager
def runner_for(runner: Runner | None, workers: int | None) -> Iterator[Runner]:
    """Give the runner handed in, or one of the study's own that is closed afterwards."""
    if runner is not None:
        yield runner
        return
    with Runner(workers) as own:
        yield own


def labelled(labels: Sequence[tuple[str, int]], summaries: Sequence[Summary]) -> tuple[LabelledRun, ...]:
    """Join labels and replication numbers with summaries in the same order."""
    return tuple(LabelledRun(label, i, run) for (label, i), run in zip(labels, summaries, strict=True))


def common_start(summaries: Sequence[Summary]) -> str:
    """Return ``mature`` or ``launch``, whichever all runs were.

    Raises
    ------
    ExperimentError
        If a study mixes the two: their costs mean different things.
    """
    starts = sorted({summary.start for summary in summaries})
    if len(starts) != 1:
        raise ExperimentError(
            f"a study cannot mix years that start {' and '.join(starts)}; set horizon.start alike"
        )
    return starts[0]


def weight_of(scenario: Scenario) -> float:
    """Return the expected work of a run relative to others: visits that may buy, times days."""
    sources = scenario.market.sources
    rates = [getattr(sources, name) for name in type(sources).model_fields]
    orders = sum(source.visits_per_year * source.conversion_rate for source in rates if source is not None)
    return float(orders * (scenario.horizon.days + scenario.horizon.warmup_days))


def job_for(scenario: Scenario, seed: int, **options: Any) -> Job:
    """Return a job weighted by its expected work."""
    return Job(scenario, seed, weight=weight_of(scenario), **options)
