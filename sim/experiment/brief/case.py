"""A question that can be asked again of any world near its own: the same runs, the same luck, a new answer.

A verdict is turned round by asking the study's own question of worlds in which one or two assumptions differ.
What a study of scale and a comparison have in common for that is here: an answer has a verdict and one value
per replication for each thing the study says (how cost moves with size, where its level lies, how two
scenarios differ).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sim.experiment.jobs import Failure, Job, Summary
from sim.experiment.runner import Runner
from sim.experiment.statistics import Estimate, estimate
from sim.scenario.entries import Entry

SLOPE, LEVEL, DIFFERENCE = "slope", "level", "difference"
UNCLEAR = ("cannot_tell", "no_detectable_difference", "exactly_equal")
"""Verdicts that decide nothing: a change that leads to one of them has turned nothing round."""

SCREENING_DAYS = 91
"""Length of the histories that decide which assumptions get full ones."""


@dataclass(frozen=True)
class Answer:
    """What one target says in one world.

    Attributes
    ----------
    verdict
        By the rule of the study, from intervals; from the one value where there is one replication.
    values
        The effect, one value per replication.
    """

    verdict: str
    values: tuple[float, ...]

    @property
    def is_clear(self) -> bool:
        """Say whether the verdict decides anything."""
        return self.verdict not in UNCLEAR


Reading = Mapping[str, Answer]
"""Answers by target, the main one first."""


@dataclass(frozen=True)
class Target:
    """One thing that a study says.

    Attributes
    ----------
    name
        ``slope``, ``level`` or ``difference``.
    unit
        Unit of its effect.
    verdict
        What the study found.
    bars
        Effects at which the verdict changes, lowest first.
    """

    name: str
    unit: str
    verdict: str
    bars: tuple[float, ...]


@dataclass(frozen=True)
class Asked:
    """A question about one world: the runs it needs and how they are read.

    Attributes
    ----------
    jobs
        Runs, in a fixed order.
    read
        From their summaries in that order to answers; None where they cannot be read (nothing was sold).
    """

    jobs: tuple[Job, ...]
    read: Callable[[Sequence[Summary]], Reading | None]


class Case(Protocol):
    """A study whose question can be asked again."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """What the study says, the main thing first."""

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of the study's replications."""

    def ranges(self) -> dict[str, tuple[float, float, float]]:
        """Return value, low and high end of every assumption that may be varied, by path."""

    def entry(self, path: str) -> Entry:
        """Return an assumption with unit, source and grade."""

    def ask(self, changes: Mapping[str, float], seeds: Sequence[int]) -> Asked | None:
        """Ask about the world with some values changed; None where there is no such world."""

    def shorter(self, days: int) -> Case:
        """Return the same question about shorter histories, where those can answer it at all."""


def read_worlds(
    crew: Runner, case: Case, worlds: Sequence[Mapping[str, float]], seeds: Sequence[int]
) -> list[Reading | None]:
    """Ask a question of several worlds in one batch.

    Parameters
    ----------
    crew
        Who simulates; runs it already has are not repeated.
    case
        The question.
    worlds
        Changed values by path, one mapping per world; an empty one is the study's own world.
    seeds
        Seeds of the replications.

    Returns
    -------
    list of Reading or None
        None where a world contradicts itself, a size is out of reach, or a run failed.
    """
    return read_all(crew, [case.ask(changes, seeds) for changes in worlds])


def read_all(crew: Runner, asked: Sequence[Asked | None]) -> list[Reading | None]:
    """Simulate and read questions in one batch, so that no worker waits for another question."""
    outcomes = iter(crew.outcomes([job for one in asked if one is not None for job in one.jobs]))
    found: list[Reading | None] = []
    for one in asked:
        if one is None:
            found.append(None)
            continue
        own = [next(outcomes) for _ in one.jobs]
        runs = [run for run in own if not isinstance(run, Failure)]
        found.append(one.read(runs) if len(runs) == len(own) else None)
    return found


def moved(own: Answer, other: Answer, unit: str) -> Estimate:
    """Return the paired change of an effect from one world to another."""
    return estimate([b - a for a, b in zip(own.values, other.values, strict=True)], unit)


def average(answer: Answer) -> float:
    """Return the mean effect over the replications."""
    return estimate(answer.values).mean
