"""From the record of a study to its brief; only what the record lacks is simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.brief.brief import Brief, Effect
from sim.experiment.brief.case import DIFFERENCE, Case, read_all
from sim.experiment.brief.changed import baseline_of, changes_between
from sim.experiment.brief.choice import measure_next, weakest
from sim.experiment.brief.compare_case import CompareCase, difference_verdict
from sim.experiment.brief.flips import Flips, find_flips
from sim.experiment.brief.limits import limits_for
from sim.experiment.brief.origin import origin_of
from sim.experiment.brief.recorded import Recalling, recorded_result, recorded_runs, recorded_scenarios
from sim.experiment.brief.scale_case import ScaleCase
from sim.experiment.brief.swings import Effort, Swings, find_swings
from sim.experiment.cache import sources_stamp
from sim.experiment.errors import ExperimentError
from sim.experiment.jobs import Options
from sim.experiment.metrics import checked_choice
from sim.experiment.record import read_manifest
from sim.experiment.runner import Runner
from sim.experiment.scale_question import arguments_of, scale_question
from sim.experiment.seeds import replication_seed, replication_seeds
from sim.experiment.statistics import Estimate, estimate, share
from sim.experiment.worlds import plausible_worlds

if TYPE_CHECKING:
    from sim.scenario import Scenario

FULL = Effort()


def gather(folder: Path | str, *, runner: Runner, path: str | None = None, effort: Effort = FULL) -> Brief:
    """Gather the brief of a recorded study.

    Parameters
    ----------
    folder
        Folder of the record of ``scale`` or ``compare``.
    runner
        Who simulates what the record lacks: other worlds, on the study's own luck.
    path
        Growth path the brief is about, where the record holds several.
    effort
        How much to simulate to find what turns the verdict.

    Returns
    -------
    Brief
        Where the model has changed since the record was made, nothing is simulated: paired runs would mix two
        models. The brief says so.

    Raises
    ------
    RecordError
        If the folder holds no finished record or its files have been changed.
    ExperimentError
        If the record is of another kind of study, or ``path`` is missing or unknown.
    """
    manifest = read_manifest(folder)
    study = manifest["study"]
    if study not in ("scale", "compare"):
        raise ExperimentError(
            f"a brief is about a study of scale or a comparison; {folder} holds one of '{study}'"
        )
    scenarios = recorded_scenarios(folder, manifest)
    result = recorded_result(folder, manifest)
    runs = recorded_runs(folder)
    sources = _Sources(manifest, scenarios, result, Recalling(runner, runs), effort)
    return _compare_brief(sources, path) if study == "compare" else _scale_brief(sources, path)


@dataclass(frozen=True)
class _Sources:
    """What a brief is made of, and who simulates what the record lacks."""

    manifest: Mapping[str, Any]
    scenarios: Mapping[str, Scenario]
    result: Mapping[str, Any]
    crew: Recalling
    effort: Effort

    @property
    def arguments(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.manifest["arguments"]
        return found

    @property
    def is_current(self) -> bool:
        """Whether today's model is the one that made the record."""
        return bool(self.manifest["sources"] == sources_stamp())

    @property
    def is_open(self) -> bool:
        """Whether other worlds can be held against the record: same model, and an error to speak of."""
        return self.is_current and self.arguments["replications"] > 1

    def notes(self) -> tuple[str, ...]:
        found = []
        if not self.is_current:
            found.append(
                f"The model has changed since the record was made (it was {self.manifest['version']}, "
                f"sources {self.manifest['sources']}), so no other world was held against it."
            )
        if self.arguments["replications"] < 2:
            found.append("One replication has no interval, so nothing can turn its verdict round.")
        return tuple(found)

    def turns(self, case: Case) -> tuple[Swings | None, Flips | None]:
        """Look for what moves the effects and what turns the verdict, where that can be told at all."""
        found = find_swings(self.crew, case, self.effort) if self.is_open else None
        return found, None if found is None else find_flips(self.crew, case, found, self.effort)

    def brief(self, case: Case, path: str | None, **own: Any) -> Brief:
        swings, flips = self.turns(case)
        largest = () if swings is None else swings.largest
        turned = () if flips is None else flips.found
        main = case.targets[0].name
        scenarios = list(self.scenarios.values())
        return Brief(
            flips=flips,
            swings=swings,
            weakest=weakest(largest, turned, main),
            measure_next=measure_next(largest, turned, main),
            limits=limits_for(scenarios, path or ""),
            origin=origin_of(self.manifest, path),
            verdicts={target.name: target.verdict for target in case.targets},
            **own,
        )


def _scale_brief(sources: _Sources, path: str | None) -> Brief:
    own = arguments_of(sources.arguments, sources.scenarios)
    result = _result_of(sources, path)
    chosen = result["path"]
    against = own.pop("against")
    question = scale_question(
        sources.scenarios["scenario"], against, {**own, "path": chosen, "margins": asdict(own["margins"])}
    )
    case = ScaleCase.of(question, chosen, result)
    baseline = baseline_of(question.scenario)
    worlds, notes = _worlds_of_scale(sources, case, result)
    return sources.brief(
        case,
        chosen,
        question="scale",
        subject={
            "scenario": question.scenario.name,
            "title": question.scenario.title,
            "against": question.against_name or None,
            "path": chosen,
            "metric": question.metric,
            "scope": question.scope,
            "start": result["start"],
        },
        headline=result["headline"],
        effects=_effects_of_scale(result),
        worlds=worlds,
        baseline=baseline.name,
        changed=changes_between(baseline, question.scenario),
        notes=(*sources.notes(), *notes, *result["notes"]),
        study=result,
    )


def _result_of(sources: _Sources, path: str | None) -> Mapping[str, Any]:
    """Return the result of the growth path that the brief is about."""
    result = sources.result
    paths = {one["path"]: one for one in result.get("paths", (result,))}
    if path is None and len(paths) > 1:
        usable = [name for name, one in paths.items() if one["elasticity"] is not None]
        raise ExperimentError(
            f"the record holds all growth paths and a brief is about one; choose it with --path: "
            f"{', '.join(usable)}"
        )
    found = paths[next(iter(paths)) if path is None else checked_choice("recorded path", path, paths)]
    if found["elasticity"] is None:
        raise ExperimentError(
            f"growth path '{found['path']}' has no verdict to brief on: {found['headline']}"
        )
    return found


def _effects_of_scale(result: Mapping[str, Any]) -> tuple[Effect, ...]:
    reached = [step for step in result["steps"] if step["average_cost"] is not None]
    last = reached[-1]
    found = [Effect("per_doubling", doubled(Estimate(**result["elasticity"])))]
    if last["incremental_cost"] is not None:
        found.append(Effect("level", Estimate(**last["incremental_cost"]), last["volume"]))
    if result["turning_point"] is not None:
        found.append(Effect("turning_point", Estimate(**result["turning_point"])))
    if last["contribution"] is not None:
        found.append(Effect("contribution", Estimate(**last["contribution"]), last["volume"]))
    return tuple(found)


def doubled(elasticity: Estimate) -> Estimate:
    """Return the relative change of cost when size doubles, ``2**e - 1``, with its interval."""
    mean, low, high = (
        None if one is None else 2.0**one - 1.0 for one in (elasticity.mean, elasticity.low, elasticity.high)
    )
    assert mean is not None, "an elasticity has a mean"
    return Estimate(mean, low, high, "share", elasticity.n)


def _worlds_of_scale(
    sources: _Sources, case: ScaleCase, result: Mapping[str, Any]
) -> tuple[Mapping[str, Any] | None, tuple[str, ...]]:
    """Return the share of plausible worlds: the study's own, or drawn now where it drew none."""
    if result["plausible_worlds"] is not None or not sources.is_open or not sources.effort.worlds:
        return result["plausible_worlds"], ()
    question = case.question
    if not case.ranges():
        return None, ("No assumption carries a range, so there are no other plausible worlds.",)
    found = plausible_worlds(
        sources.crew,
        question.scenario,
        question.plan(case.path),
        case.volumes,
        question.metric,
        question.scope,
        result["verdict"],
        draws=sources.effort.worlds,
        seed=question.seed,
        margins=question.margins,
    )
    return found.as_dict(), ()


def _compare_brief(sources: _Sources, path: str | None) -> Brief:
    if path is not None:
        raise ExperimentError("a comparison has no growth path; leave --path out")
    arguments, a, b = sources.arguments, sources.scenarios["a"], sources.scenarios["b"]
    case = CompareCase(
        a,
        b,
        arguments["scope"],
        "cannot_tell",
        replication_seeds(arguments["seed"], arguments["replications"]),
        Options(engine=arguments["engine"], visits=arguments["visits"]),
    )
    change = _change(sources, case)
    if change.low is not None:
        case = replace(case, verdict=difference_verdict(change))
    return sources.brief(
        case,
        None,
        question="compare",
        subject={
            "scenario": b.name,
            "title": b.title,
            "against": a.name,
            "scope": case.scope,
            "start": sources.result["start"],
        },
        headline=sources.result["headline"],
        effects=(Effect(DIFFERENCE, change),),
        worlds=_worlds_of_comparison(sources, case),
        baseline=a.name,
        changed=changes_between(a, b),
        notes=sources.notes(),
        study=sources.result,
    )


def _change(sources: _Sources, case: CompareCase) -> Estimate:
    """Return the change of contribution per order in the study's own runs, of its scope."""
    asked = case.ask({}, case.seeds)
    assert asked is not None, "a recorded study has been simulated"
    runs = [sources.crew.runs[job.scenario.hash, job.seed] for job in asked.jobs]
    reading = asked.read(runs)
    if reading is None:
        raise ExperimentError(f"there is no verdict to brief on: {sources.result['headline']}")
    return estimate(reading[DIFFERENCE].values, case.targets[0].unit)


def _worlds_of_comparison(sources: _Sources, case: CompareCase) -> dict[str, Any] | None:
    """Count the plausible worlds in which the difference has the same sign."""
    if not sources.is_open or not sources.effort.worlds or not case.ranges():
        return None
    seed = sources.arguments["seed"]
    worlds = case.plausible(sources.effort.worlds, replication_seed(seed, 0))
    counts: dict[str, int] = {}
    asked = [case.ask(world, [replication_seed(seed, index)]) for index, world in enumerate(worlds)]
    for reading in read_all(sources.crew, asked):
        if reading is not None:
            counts[reading[DIFFERENCE].verdict] = counts.get(reading[DIFFERENCE].verdict, 0) + 1
    trials = sum(counts.values())
    clear = trials > 0 and case.verdict in counts | {"better": 0, "worse": 0}
    held = share(counts.get(case.verdict, 0), trials) if clear else None
    empty = {"mean": None, "low": None, "high": None, "unit": "share", "n": 0}
    return {
        **(empty if held is None else held.as_dict()),
        "verdict": case.verdict,
        "counts": counts,
        "varied": len(case.ranges()),
        "lost": len(worlds) - trials,
    }
