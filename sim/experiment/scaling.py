"""The main study: does cost per order fall or rise as this business grows, on which path, and why?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.causes import Cause, explain_change
from sim.experiment.errors import ExperimentError
from sim.experiment.given import check_scenarios
from sim.experiment.headline import headline
from sim.experiment.ladder import (
    Ladder,
    against_rungs,
    checked_volumes,
    climb,
    ladder_jobs,
    rungs_of,
    unit_for,
)
from sim.experiment.metrics import (
    BRAND,
    METRICS,
    checked_choice,
    reported_metrics,
)
from sim.experiment.paths import PATHS, Rung, why_not
from sim.experiment.record import recording
from sim.experiment.runner import Runner
from sim.experiment.scale_question import ADJUST, DOOR, ScaleQuestion, scale_question
from sim.experiment.scale_result import MetricCurve, ScalePaths, ScaleResult
from sim.experiment.scale_steps import incremental_costs, service_of, steps_of
from sim.experiment.statistics import estimate
from sim.experiment.study import LabelledRun, common_start, runner_for
from sim.experiment.verdict import Curve, Margins, read_curve
from sim.experiment.worlds import PlausibleWorlds, plausible_worlds
from sim.scenario.segments import LAYERS

if TYPE_CHECKING:
    from sim.scenario import Scenario

DEFAULT_VOLUMES = (0.5, 1.0, 2.0, 4.0)
DEFAULT_REPLICATIONS = 5
DEFAULT_REPLICATIONS_OF_ALL_PATHS = 3
DEFAULT_WORLDS = 12


def scale(
    scenario: Scenario,
    *,
    path: str | None = None,
    metric: str | None = None,
    scope: str = BRAND,
    volumes: Sequence[float] = DEFAULT_VOLUMES,
    replications: int | None = None,
    seed: int = 1,
    against: Scenario | str | None = None,
    adjust: str = "policy",
    growth_months: int | None = None,
    causes: bool | None = None,
    keep: int = 5,
    shapley: Sequence[str] = (),
    worlds: int | None = None,
    margins: Margins | None = None,
    engine: str = "compiled",
    visits: str = "split",
    runner: Runner | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> ScaleResult | ScalePaths:
    """Measure how unit cost moves as a scenario grows.

    Parameters
    ----------
    scenario
        The scenario at volume 1.
    path
        Growth path, one of :data:`sim.experiment.paths.PATHS`; None tries all of them, with fewer
        replications and without causes and other worlds, and gives no single verdict.
    metric
        ``layer_cost_per_parcel`` (default where there is a pickup layer), ``cost_per_order`` (default
        elsewhere) or ``contribution_per_order``. All that apply are reported; this one has the verdict.
    scope
        ``brand``, a channel, or a pickup layer.
    volumes
        Sizes relative to the scenario's own demand, at least two.
    replications
        Histories per size; 5 for one path, 3 for all paths.
    seed
        Seed of the study.
    against
        Scenario to compare levels with; ``door`` (default where there is a layer): the same without pickup
        layers; ``none``.
    adjust
        ``policy``: each size has the staff, stock and points that its policies aim at; ``none``: those of
        volume 1.
    growth_months
        Grow through the months of one history instead.
    causes
        Split the change between the ends into mechanisms; default yes for one path.
    keep
        Most mechanisms shown one by one.
    shapley
        Mechanisms among which interaction is shared out (at most six).
    worlds
        Number of plausible worlds; default 12 for one path, 0 for none.
    margins
        What counts as neutral and as efficient.
    engine, visits, runner, workers, out
        As in :func:`sim.experiment.replicate`.

    Returns
    -------
    ScaleResult or ScalePaths
        With ``path`` and without.

    Raises
    ------
    ExperimentError
        If the request makes no sense; the message says what is allowed.
    RunFailedError
        If a history raised an error.
    """
    check_scenarios(scenario=scenario, against=None if isinstance(against, str) else against)
    one = path is not None
    if path is not None:
        checked_choice("growth path", path, PATHS)
    usual = DEFAULT_REPLICATIONS if one else DEFAULT_REPLICATIONS_OF_ALL_PATHS
    question = scale_question(
        scenario,
        against,
        {
            "path": path,
            "metric": metric,
            "scope": scope,
            "volumes": list(checked_volumes(volumes)),
            "replications": usual if replications is None else replications,
            "seed": seed,
            "adjust": checked_choice("way to adjust", adjust, ADJUST),
            "growth_months": growth_months,
            "causes": one if causes is None else causes,
            "keep": keep,
            "shapley": list(shapley),
            "worlds": (DEFAULT_WORLDS if one else 0) if worlds is None else worlds,
            "margins": asdict(margins or Margins()),
            "engine": engine,
            "visits": visits,
        },
    )
    with recording(out, question.recipe) as record, runner_for(runner, workers) as crew:
        result = _one_path(crew, question, path) if path is not None else _all_paths(crew, question)
        record.finish(result.as_dict(), result.runs)
    return result


def _all_paths(crew: Runner, question: ScaleQuestion) -> ScalePaths:
    applicable = [path for path in PATHS if not why_not(question.scenario, path)]
    ladders = {path: rungs_of(question.scenario, path, question.volumes) for path in applicable}
    jobs = []
    for path, rungs in ladders.items():
        for own, own_rungs in _both_ladders(question, path, [rung for rung in rungs if rung.reachable]):
            jobs += ladder_jobs(own, question.plan(path), own_rungs, question.seeds)
    crew.summaries(jobs)  # in one batch, so that no worker waits for another path
    results = tuple(
        _one_path(crew, question, path) if path in ladders else _inapplicable(question, path)
        for path in PATHS
    )
    runs = tuple(run for result in results for run in result.runs)
    return ScalePaths(question.scenario.name, results, runs, question.recipe)


def _both_ladders(
    question: ScaleQuestion, path: str, rungs: Sequence[Rung]
) -> list[tuple[Scenario, tuple[Rung, ...]]]:
    """Return the scenario's ladder and, where there is one, that of what it is compared with."""
    found = [(question.scenario, tuple(rungs))]
    other = question.against_own
    if other is not None:
        reachable = tuple(
            rung for rung in against_rungs(question.against, path, rungs, question.scope) if rung.reachable
        )
        found.append((other, reachable))
    return found


def _inapplicable(question: ScaleQuestion, path: str) -> ScaleResult:
    reason = why_not(question.scenario, path)
    return _result(question, path, headline=f"Not applicable: {reason}.", notes=(reason,))


def _result(question: ScaleQuestion, path: str, **found: Any) -> ScaleResult:
    blank: dict[str, Any] = {
        "steps": (),
        "curve": None,
        "metrics": {},
        "causes": (),
        "plausible_worlds": None,
        "service": None,
        "size_range": None,
        "start": question.scenario.horizon.start,
        "notes": (),
        "runs": (),
    }
    return ScaleResult(
        scenario=question.scenario.name,
        scenario_hash=question.scenario.hash,
        metric=question.metric,
        scope=question.scope,
        path=path,
        adjust=question.adjust,
        growth_months=question.growth_months,
        seed=question.seed,
        replications=len(question.seeds),
        against=question.against_name,
        recipe=question.recipe,
        **{**blank, **found},
    )


def _one_path(crew: Runner, question: ScaleQuestion, path: str) -> ScaleResult:
    rungs = rungs_of(question.scenario, path, question.volumes)
    reachable = [rung for rung in rungs if rung.reachable]
    notes = [
        f"volume {rung.volume:g} is not reachable: {rung.reason}" for rung in rungs if not rung.reachable
    ]
    if not reachable:
        return _result(question, path, headline="No size on this path can be reached.", notes=tuple(notes))
    both = _both_ladders(question, path, reachable)
    plan = question.plan(path)
    crew.summaries(
        [job for own, own_rungs in both for job in ladder_jobs(own, plan, own_rungs, question.seeds)]
    )
    ladder = climb(crew, question.scenario, plan, reachable, question.seeds)
    other = (
        climb(crew, both[1][0], plan, both[1][1], question.seeds) if len(both) > 1 and both[1][1] else None
    )
    metrics = _metric_curves(question, path, ladder)
    curve = metrics[question.metric].curve
    incremental = incremental_costs(question, ladder, other)
    service = service_of(question, ladder, other)
    causes, more = _causes(crew, question, path, ladder, curve)
    worlds = _worlds(crew, question, path, ladder, curve)
    sizes = [
        estimate(column, PATHS[path].elasticity_to).mean
        for column in zip(*ladder.sizes(question.scope), strict=True)
    ]
    size_range = sizes[0], sizes[-1]
    text = headline(
        curve,
        metric_words=_words(question),
        elasticity_to=PATHS[path].elasticity_to,
        sizes=size_range,
        incremental=incremental,
        against=f"the {DOOR}" if question.against is None else question.against_name,
        unit=unit_for(question.metric),
        service=service,
        worlds=worlds,
    )
    return _result(
        question,
        path,
        steps=steps_of(question, rungs, ladder, incremental, service),
        curve=curve,
        metrics=metrics,
        headline=text,
        causes=causes,
        plausible_worlds=worlds,
        service=service,
        size_range=size_range,
        start=common_start([run for row in (*ladder.rows, *(other.rows if other else ())) for run in row]),
        notes=(*notes, *_caveats(curve, ladder), *more),
        runs=_runs(path, ladder, question.scenario.name) + _runs(path, other, question.against_name),
    )


def _words(question: ScaleQuestion) -> str:
    words = METRICS[question.metric].words
    if question.metric == "contribution_per_order":
        words = "what an order costs for the same contribution"
    return words if question.scope in (BRAND, *LAYERS) else f"{words} in {question.scope}"


def _runs(path: str, ladder: Ladder | None, name: str) -> tuple[LabelledRun, ...]:
    if ladder is None:
        return ()
    return tuple(
        LabelledRun(f"{name} {path} {rung.volume:g}", index, run)
        for index, row in enumerate(ladder.rows)
        for rung, run in zip(ladder.rungs, row, strict=True)
    )


def _metric_curves(question: ScaleQuestion, path: str, ladder: Ladder) -> dict[str, MetricCurve]:
    sizes = ladder.sizes(question.scope)
    found = {}
    for metric in reported_metrics(question.scenario, question.scope):
        sign = -1.0 if metric == "contribution_per_order" else 1.0
        columns = zip(*ladder.measures(metric, question.scope), strict=True)
        average = tuple(
            estimate([sign * one.average for one in column], unit_for(metric)) for column in columns
        )
        curve = read_curve(
            sizes, ladder.averages(metric, question.scope), question.margins, unit=PATHS[path].elasticity_to
        )
        found[metric] = MetricCurve(average, curve)
    return found


def _causes(
    crew: Runner, question: ScaleQuestion, path: str, ladder: Ladder, curve: Curve
) -> tuple[tuple[Cause, ...], tuple[str, ...]]:
    if not question.causes or curve.elasticity is None:
        return (), ()
    try:
        found = explain_change(
            crew,
            question.scenario,
            question.plan(path),
            (ladder.rungs[0].volume, ladder.rungs[-1].volume),
            question.metric,
            question.scope,
            question.seeds,
            keep=question.keep,
            shapley=question.shapley,
        )
    except ExperimentError as error:
        if question.shapley:
            raise
        return (), (f"no causes: {error}",)
    return found, ()


def _worlds(
    crew: Runner, question: ScaleQuestion, path: str, ladder: Ladder, curve: Curve
) -> PlausibleWorlds | None:
    if question.worlds < 1 or curve.elasticity is None:
        return None
    volumes = [ladder.rungs[0].volume, ladder.rungs[-1].volume]
    if curve.verdict == "stops_scaling":
        volumes.insert(1, ladder.rungs[curve.lowest].volume)
    return plausible_worlds(
        crew,
        question.scenario,
        question.plan(path),
        volumes,
        question.metric,
        question.scope,
        curve.verdict,
        draws=question.worlds,
        seed=question.seed,
        margins=question.margins,
    )


def _caveats(curve: Curve, ladder: Ladder) -> tuple[str, ...]:
    found = []
    last = len(ladder.rungs) - 1
    if curve.elasticity is not None and curve.lowest == last and curve.verdict in ("scalable", "neutral"):
        found.append(
            "cost is lowest at the largest size tried; the efficient scale holds for this ladder only"
        )
    if curve.verdict == "scalable" and curve.segments and curve.segments[-1].is_above(0.0):
        found.append("cost rises again on the last step")
    return tuple(found)
