"""All facts, or some of them, held against simulated worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError
from sim.experiment.facts import fulfilment, peak, pickup, traffic
from sim.experiment.facts.fact import CannotTellError, Evidence, Fact, MissError
from sim.experiment.facts.verdict import CANNOT_TELL, MISS, PASS, RULE, judged
from sim.experiment.facts.worlds import OutOfReachError, World
from sim.experiment.jobs import Options
from sim.experiment.metrics import checked_choice
from sim.experiment.record import recording
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seeds
from sim.experiment.statistics import Estimate, estimate
from sim.experiment.study import LabelledRun, Recipe, job_for, labelled, runner_for
from sim.scenario.schema import Law

if TYPE_CHECKING:
    from sim.experiment.jobs import Summary
    from sim.scenario import Scenario

DEFAULT_REPLICATIONS = 3

FACTS: Mapping[str, Fact] = {
    fact.id: fact for fact in (*fulfilment.FACTS, *traffic.FACTS, *peak.FACTS, *pickup.FACTS)
}
"""Every fact by id, in the order of the table."""


@dataclass(frozen=True)
class FactResult:
    """One fact and what the simulated worlds say about it.

    Attributes
    ----------
    fact
        What is known.
    ours
        The simulated figure; None where it cannot be measured.
    beside
        Further figures by label.
    verdict, reason
        By the rule of :mod:`sim.experiment.facts.verdict`.
    tuned
        Values of the scenarios that were set with this fact in mind or cite its source.
    """

    fact: Fact
    ours: Estimate | None
    beside: Mapping[str, Estimate]
    verdict: str
    reason: str
    tuned: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of one fact."""
        fact = self.fact
        return {
            "id": fact.id,
            "sentence": fact.sentence,
            "sources": list(fact.sources),
            "grade": fact.grade,
            "real": [{"label": one.label, "value": one.value, "unit": one.unit} for one in fact.numbers],
            "band": {"low": fact.band[0], "high": fact.band[1], "unit": fact.unit, "why": fact.why_band},
            "measured": fact.measured,
            "ours": None if self.ours is None else self.ours.as_dict(),
            "beside": {label: value.as_dict() for label, value in self.beside.items()},
            "verdict": self.verdict,
            "reason": self.reason,
            "tuned": list(self.tuned),
        }


@dataclass(frozen=True)
class FactTable:
    """The outcome of a study of facts.

    Attributes
    ----------
    results
        One for each fact asked for.
    seed, replications
        Seed of the study and histories of each world.
    model_version
        Version of the model; empty where nothing had to be simulated.
    runs
        The histories behind the table.
    recipe
        How to do it again.
    """

    results: tuple[FactResult, ...]
    seed: int
    replications: int
    model_version: str
    runs: tuple[LabelledRun, ...]
    recipe: Recipe

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``claims --facts``."""
        verdicts = [result.verdict for result in self.results]
        return {
            "facts": [result.as_dict() for result in self.results],
            "passed": verdicts.count(PASS),
            "missed": verdicts.count(MISS),
            "cannot_tell": verdicts.count(CANNOT_TELL),
            "rule": RULE,
            "scenarios": {name: one.hash for name, one in self.recipe.scenarios.items()},
            "seed": self.seed,
            "replications": self.replications,
            "model_version": self.model_version,
        }


def scenarios_of(names: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the shipped scenarios in which facts are measured, those of all facts if none is named.

    Raises
    ------
    ExperimentError
        If a fact is unknown.
    """
    worlds = [world.scenario for fact in _chosen(names) for world in fact.worlds]
    return tuple(dict.fromkeys(worlds))


def check_facts(
    names: Sequence[str] = (),
    *,
    scenarios: Mapping[str, Scenario] | None = None,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    engine: str = "compiled",
    runner: Runner | None = None,
    workers: int | None = 1,
    out: Path | str | None = None,
) -> FactTable:
    """Hold facts against simulated worlds.

    Parameters
    ----------
    names
        Ids of facts, in any order; all of :data:`FACTS` if none is given.
    scenarios
        Scenarios by the names that :func:`scenarios_of` gives; the shipped ones if None.
    replications
        Histories of each world. One gives no intervals, and then nothing passes but what no luck enters.
    seed
        Seed of the study.
    engine
        ``compiled`` or ``reference``.
    runner, workers
        Shared runner, or the number of processes of an own one.
    out
        Folder for the record of the study; None keeps none.

    Raises
    ------
    ExperimentError
        If a fact is unknown or a scenario is missing.
    RunFailedError
        If a history raised an error.
    """
    facts = _chosen(names)
    given = _loaded(scenarios_of(names)) if scenarios is None else dict(scenarios)
    if missing := [name for name in scenarios_of(names) if name not in given]:
        raise ExperimentError(
            f"these facts are measured in scenarios that were not given: {', '.join(missing)}"
        )
    seeds = replication_seeds(seed, replications)
    recipe = Recipe(
        "facts",
        given,
        {"names": [fact.id for fact in facts], "replications": replications, "seed": seed, "engine": engine},
    )
    made, unmade = _worlds(facts, given)
    with recording(out, recipe) as record, runner_for(runner, workers) as crew:
        simulated = [world for world in made if _is_simulated(world, facts)]
        jobs = [
            job_for(made[world], own, options=Options(engine=engine)) for world in simulated for own in seeds
        ]
        summaries = crew.summaries(jobs) if jobs else []
        histories = {
            world: summaries[place * replications : (place + 1) * replications]
            for place, world in enumerate(simulated)
        }
        table = FactTable(
            results=tuple(_result(fact, Evidence(made, histories), unmade, given) for fact in facts),
            seed=seed,
            replications=replications,
            model_version=summaries[0].model_version if summaries else "",
            runs=_labelled(histories, replications),
            recipe=recipe,
        )
        record.finish(table.as_dict(), table.runs)
    return table


def _chosen(names: Sequence[str]) -> tuple[Fact, ...]:
    for name in names:
        checked_choice("fact", name, FACTS)
    return tuple(fact for fact in FACTS.values() if not names or fact.id in names)


def _loaded(names: Sequence[str]) -> dict[str, Scenario]:
    from sim.scenario import load

    return {name: load(name) for name in names}


def _worlds(
    facts: Sequence[Fact], scenarios: Mapping[str, Scenario]
) -> tuple[dict[World, Scenario], dict[World, str]]:
    """Make every world once; those that a scenario does not have come with the reason."""
    made: dict[World, Scenario] = {}
    unmade: dict[World, str] = {}
    for world in dict.fromkeys(world for fact in facts for world in fact.worlds):
        try:
            made[world] = world.made(scenarios[world.scenario])
        except OutOfReachError as reason:
            unmade[world] = str(reason)
    return made, unmade


def _is_simulated(world: World, facts: Sequence[Fact]) -> bool:
    return any(world in fact.worlds and not fact.is_read_off for fact in facts)


def _labelled(histories: Mapping[World, Sequence[Summary]], replications: int) -> tuple[LabelledRun, ...]:
    labels = [(world.name, index) for world in histories for index in range(replications)]
    return labelled(labels, [summary for runs in histories.values() for summary in runs])


def _result(
    fact: Fact, evidence: Evidence, unmade: Mapping[World, str], scenarios: Mapping[str, Scenario]
) -> FactResult:
    tuned = _tuned(fact, scenarios)
    reasons = [unmade[world] for world in fact.worlds if world in unmade]
    if reasons:
        return FactResult(fact, None, {}, CANNOT_TELL, reasons[0], tuned)
    try:
        reading = fact.read(evidence)
    except CannotTellError as error:
        return FactResult(fact, None, {}, CANNOT_TELL, str(error), tuned)
    except MissError as error:
        return FactResult(fact, None, {}, MISS, str(error), tuned)
    ours = _estimate(reading.values, fact.unit, fact)
    verdict, reason = judged(ours, fact.band)
    beside = {one.label: _estimate(one.values, one.unit, fact) for one in reading.beside}
    return FactResult(fact, ours, beside, verdict, reason, tuned)


def _estimate(values: Sequence[float], unit: str, fact: Fact) -> Estimate:
    if fact.is_read_off:
        return Estimate(values[0], values[0], values[0], unit, 1)
    return estimate(values, unit)


def _tuned(fact: Fact, scenarios: Mapping[str, Scenario]) -> tuple[str, ...]:
    """Return the values that were set with a fact in mind: listed with it, or citing one of its sources."""
    found: dict[str, None] = {}
    for name in dict.fromkeys(world.scenario for world in fact.worlds):
        for entry in scenarios[name].entries():
            path = _whole(entry.path)
            if (
                path in fact.tuned
                or entry.path in fact.tuned
                or any(url in entry.source for url in fact.sources)
            ):
                found[path] = None
    return tuple(found)


def _whole(path: str) -> str:
    """Return the law or table to which a leaf belongs, or the leaf itself."""
    names = path.split(".")
    rows = [place for place, name in enumerate(names) if name.isdigit()]
    if rows:
        return ".".join(names[: rows[0]])
    return ".".join(names[:-1]) if names[-1] in Law.model_fields else path
