"""Which assumption to go and measure: what knowing it would be worth to a decision, in yuan a year.

Plausible worlds are drawn by a Latin hypercube over all assumptions at once. Every decision is simulated in
each world on the same luck, and the value of knowing an assumption is told from these runs alone, however
many assumptions there are (see :mod:`sim.experiment.sensitivity.evppi`). An assumption can move profit a
lot and be worth nothing to know, when the same decision is best at both ends of its range.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.errors import RunFailedError
from sim.experiment.runner import Runner
from sim.experiment.sensitivity.designs import latin_hypercube
from sim.experiment.sensitivity.evppi import LEAST_WORLDS, Information, information_from
from sim.experiment.sensitivity.factors import Factor
from sim.experiment.sensitivity.noise import SIGNIFICANCE
from sim.experiment.sensitivity.question import Question, question_of
from sim.experiment.sensitivity.response import Ask, Histories
from sim.experiment.sensitivity.study import Sensitivity, conduct
from sim.kpi import KPIS

if TYPE_CHECKING:
    from sim.scenario import Scenario

YUAN = "yuan"
PER_YEAR = "yuan/year"


@dataclass(frozen=True)
class ValueOfInformation(Sensitivity):
    """Assumptions by what knowing them is worth to a decision.

    Attributes
    ----------
    found
        Expected benefits, what everything would be worth to know, and the value of each assumption.
    factors
        The assumptions by path.
    worlds
        Number of plausible worlds behind it.
    """

    found: Information
    factors: Mapping[str, Factor] = field(repr=False)
    worlds: int

    @property
    def unit(self) -> str:
        """Unit of all values: yuan a year, or that of the figure where it is not a sum over time."""
        return self.found.everything.unit

    def rows(self) -> list[dict[str, Any]]:
        """Return the assumptions as plain data, the most valuable to know first."""
        return [
            {
                **self.factors[one.name].as_dict(),
                "low": {"value": self.factors[one.name].low},
                "high": {"value": self.factors[one.name].high},
                "value": one.value.as_dict(),
                "p_value": one.p_value,
                "within_noise": one.p_value > SIGNIFICANCE,
                "flips_at": list(one.flips_at),
                "choices": list(one.choices),
            }
            for one in self.found.inputs
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``sensitivity --method information --json``."""
        return {
            **super().as_dict(),
            "worlds": self.worlds,
            "decisions": {name: value.as_dict() for name, value in self.found.decisions.items()},
            "best": self.found.best,
            "everything": self.found.everything.as_dict(),
            "wrong": self.found.wrong,
        }


def value_of_information(
    scenario: Scenario,
    *,
    against: Scenario | Sequence[Scenario] | None = None,
    metric: str | None = None,
    parameters: Sequence[str] = (),
    points: int | None = None,
    replications: int | None = None,
    seed: int = 1,
    runner: Runner | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> ValueOfInformation:
    """Rank assumptions by what knowing them is worth before choosing between scenarios.

    Parameters
    ----------
    scenario
        The first choice.
    against
        The alternatives; None: the same without its pickup layers. Assumptions to which they give different
        values are what is chosen, and are not varied.
    metric
        What is wanted more of (or less, as :data:`sim.kpi.KPIS` says); contribution if None. A figure in
        yuan is taken per year.
    parameters
        Paths or shell patterns of the assumptions that are uncertain; all with a range if empty.
    points
        Number of plausible worlds, at least 32; 256 if None.
    replications
        Histories of each world and choice; 1 if None.
    seed, runner, workers, out
        As in :func:`sim.experiment.sensitivity.tornado`.

    Raises
    ------
    ExperimentError
        If the request makes no sense, or there is nothing to choose from.
    RunFailedError
        If fewer than half of the worlds could be simulated.
    """
    question = question_of(
        "information",
        scenario,
        metric=metric,
        against=against,
        parameters=parameters,
        points=points,
        replications=replications,
        seed=seed,
    )
    return conduct(question, measure_knowledge, runner, workers, out)


def measure_knowledge(
    question: Question, factors: tuple[Factor, ...], histories: Histories
) -> Callable[..., ValueOfInformation]:
    """Simulate every decision in every world and return what makes the result."""
    luck = range(question.replications)
    design = latin_hypercube(len(factors), question.points, question.seed)
    worlds = [
        {factor.path: factor.at(share) for factor, share in zip(factors, row, strict=True)}
        for row in design.tolist()
    ]
    asks = [
        Ask(f"world {number + 1}", number * len(luck) + replication, world)
        for number, world in enumerate(worlds)
        for replication in luck
    ]
    arms = question.response.scenarios
    found = histories.by_scenario(asks).reshape(len(worlds), len(luck), len(arms)).mean(axis=1)
    whole = ~np.isnan(found).any(axis=1)
    if whole.sum() < max(LEAST_WORLDS, len(worlds) / 2):
        raise RunFailedError(
            f"only {int(whole.sum())} of {len(worlds)} worlds could be simulated: {histories.lost[0]}"
        )
    kept = [world for world, is_whole in zip(worlds, whole, strict=True) if is_whole]
    inputs = {factor.path: [world[factor.path] for world in kept] for factor in factors}
    names = _names(arms)
    factor, unit = _scale(question)
    benefits = {name: factor * found[whole, place] for place, name in enumerate(names)}
    told = information_from(inputs, benefits, unit=unit, seed=question.seed)
    by_path = {one.path: one for one in factors}

    def finish(**common: Any) -> ValueOfInformation:
        return ValueOfInformation(found=told, factors=by_path, worlds=len(kept), **common)

    return finish


def _names(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Return a name for each decision; scenarios of one name are told apart by their hashes."""
    names = [scenario.name for scenario in scenarios]
    if len(set(names)) == len(names):
        return tuple(names)
    return tuple(f"{scenario.name} {scenario.hash[:6]}" for scenario in scenarios)


def _scale(question: Question) -> tuple[float, str]:
    """Return what turns the figure into a benefit, and the benefit's unit."""
    response = question.response
    sign = -1.0 if KPIS[response.metric].better == "lower" else 1.0
    if response.unit == YUAN:
        return sign * response.per_year, PER_YEAR
    return sign, response.unit
