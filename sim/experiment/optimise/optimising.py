"""Optimising: the study from question to answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.experiment.errors import ExperimentError
from sim.experiment.figures import Figure
from sim.experiment.jobs import Options
from sim.experiment.optimise.plan import (
    DEFAULT_BUDGET,
    DEFAULT_REPLICATIONS,
    RunPlan,
    plan_runs,
)
from sim.experiment.optimise.problem import Constraint, Problem
from sim.experiment.optimise.recipe import recipe_of
from sim.experiment.optimise.result import (
    BESIDE,
    IMPROVED,
    NO_BETTER,
    NOT_REACHABLE,
    REACHED,
    Beside,
    Chosen,
    Held,
    LeverMoved,
    Optimised,
    Relaxation,
    state_of,
)
from sim.experiment.optimise.space import Setting, Space, space_of
from sim.experiment.optimise.study import Confirmed, Study
from sim.experiment.optimise.trials import Bench
from sim.experiment.optimise.words import headline, smaller
from sim.experiment.record import recording
from sim.experiment.runner import Runner
from sim.experiment.statistics import difference, estimate
from sim.experiment.study import Recipe, common_start, labelled, runner_for


def optimise(
    problem: Problem,
    *,
    budget: int = DEFAULT_BUDGET,
    replications: int = DEFAULT_REPLICATIONS,
    indifference: float | None = None,
    seed: int = 1,
    engine: str = "compiled",
    visits: str = "split",
    runner: Runner | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> Optimised:
    """Find the setting of levers that serves an objective best while constraints hold on average.

    The answer rests on fresh histories, not on those that chose it, and every difference is paired. The same
    problem, budget and seed give the same digits with any number of workers.

    Parameters
    ----------
    problem
        Levers, objective and constraints.
    budget
        Runs in all, at most.
    replications
        Fresh histories behind every figure of the answer; they are those of ``run`` and ``compare``.
    indifference
        Difference in the objective that matters, in its unit; None: as small as the budget can tell.
    seed, engine, visits, runner, workers, out
        As in :func:`sim.experiment.replicate`.

    Returns
    -------
    Optimised
        With ``status`` ``not_reachable`` where no setting tried meets the constraints, and ``no_better``
        where none beats the scenario as it is detectably.

    Raises
    ------
    ExperimentError
        If the request makes no sense.
    sim.scenario.problems.ScenarioError
        If a lever is unknown, out of bounds or without a range.
    RunFailedError
        If the scenario as it is cannot be simulated.

    Examples
    --------
    >>> from sim.experiment.optimise import Constraint, Lever, Problem, optimise
    >>> from sim.scenario import load
    >>> problem = Problem.at_least(
    ...     load("base"),
    ...     [Constraint.parse("channels.tmall.contribution / channels.tmall.sales >= 12%")],
    ...     [Lever("channels.tmall.price_index", 0.9, 1.2, 0.01)],
    ... )
    >>> str(problem)
    'minimise cost subject to channels.tmall.contribution / channels.tmall.sales >= 0.12'
    """
    if indifference is not None and not (math.isfinite(indifference) and indifference > 0):
        raise ExperimentError(f"the indifference should be above 0 (found {indifference:g})")
    space = space_of(problem)
    plan = plan_runs(budget, constraints=len(problem.constraints), size=space.size, replications=replications)
    arguments: dict[str, Any] = {
        "budget": budget,
        "replications": replications,
        "indifference": indifference,
        "seed": seed,
        "engine": engine,
        "visits": visits,
    }
    recipe = recipe_of(problem, arguments)
    with recording(out, recipe) as record, runner_for(runner, workers) as crew:
        bench = Bench(problem, space, crew, Options(engine=engine, visits=visits), seed)
        study = Study(problem, space, bench, plan)
        study.look(plan)
        chosen, best = study.choose(plan, indifference)
        confirmed = study.confirm(best, chosen)
        relaxations = study.relax(confirmed, plan) if confirmed.met else {}
        blocks = [] if confirmed.met else study.blocking()
        result = _result(study, confirmed, chosen, best, relaxations, blocks, plan, recipe)
        record.finish(result.as_dict(), result.runs)
    return result


def _result(
    study: Study,
    confirmed: Confirmed,
    chosen: Chosen,
    picked: Setting,
    relaxations: dict[int, Relaxation],
    blocks: Sequence[bool],
    plan: RunPlan,
    recipe: Recipe,
) -> Optimised:
    problem, space, bench = study.problem, study.space, study.bench
    sign, unit = (1.0 if problem.maximise else -1.0), problem.objective.unit
    before, after = (sign * confirmed.start[:, 0]).tolist(), (sign * confirmed.rows[:, 0]).tolist()
    held = tuple(
        _held(constraint, confirmed, j, relaxations.get(j), blocks=bool(blocks) and blocks[j])
        for j, constraint in enumerate(problem.constraints)
    )
    status = _status(confirmed, held)
    objective, moved = estimate(after, unit), difference(before, after, unit)
    levers = _levers(space, confirmed.best)
    beside = _beside(study, confirmed.best)
    settings = {"as it is": space.start, "result": confirmed.best}
    summaries = [run for setting in settings.values() for run in bench.runs(setting, study.confirming)]
    labels = [(label, i) for label in settings for i in range(len(study.confirming))]
    return Optimised(
        status=status,
        headline=headline(status, problem, objective, moved, levers, held) + smaller(problem, moved, beside),
        problem=problem,
        space=space,
        plan=plan,
        seed=bench.seed,
        start=common_start(summaries),
        model_version=summaries[0].model_version,
        best=confirmed.best,
        levers=levers,
        constraints=held,
        objective=objective,
        at_start=estimate(before, unit),
        change=moved,
        beside=beside,
        chosen=replace(chosen, gave_way=chosen.selection is not None and confirmed.best != picked),
        trials=tuple(study.search.trials.values()),
        spent=bench.spent,
        runs=labelled(labels, summaries),
        recipe=recipe,
    )


def _status(confirmed: Confirmed, held: Sequence[Held]) -> str:
    if not confirmed.met:
        return NOT_REACHABLE
    if any(state_of(one.at_start) == "missed" for one in held):
        return REACHED
    gain = difference(confirmed.start[:, 0].tolist(), confirmed.rows[:, 0].tolist())
    return IMPROVED if gain.is_above(0.0) else NO_BETTER


def _held(
    constraint: Constraint, confirmed: Confirmed, place: int, relaxation: Relaxation | None, *, blocks: bool
) -> Held:
    unit = constraint.figure.unit
    slacks = confirmed.rows[:, 1 + place].tolist()
    sign = 1.0 if constraint.sense == ">=" else -1.0
    return Held(
        constraint=constraint,
        value=estimate([constraint.value + sign * slack for slack in slacks], unit),
        slack=estimate(slacks, unit),
        at_start=estimate(confirmed.start[:, 1 + place].tolist(), unit),
        relaxation=relaxation,
        blocks=blocks,
    )


def _beside(study: Study, best: Setting) -> tuple[Beside, ...]:
    """Read what else the levers move, as far as nobody asked for it."""
    problem = study.problem
    asked = {problem.objective.text, *(one.figure.text for one in problem.constraints)}
    start, result = (study.bench.runs(one, study.confirming) for one in (study.space.start, best))
    found = []
    for name in BESIDE:
        if name in asked or not all(name in run.kpis for run in (*start, *result)):
            continue
        figure = Figure(name)
        before = [figure.of(run, study.space.effort(study.space.start)) for run in start]
        after = [figure.of(run, study.space.effort(best)) for run in result]
        unit = figure.unit
        change = difference(before, after, unit)
        found.append(Beside(name, estimate(before, unit), estimate(after, unit), change))
    return tuple(found)


def _levers(space: Space, best: Setting) -> tuple[LeverMoved, ...]:
    return tuple(
        LeverMoved(
            path=one.path,
            unit=one.unit,
            role=one.role,
            start=one.own,
            best=value,
            low=None if one.options else one.low,
            high=None if one.options else one.high,
            end=one.end(value),
        )
        for one, value in zip(space.dimensions, best, strict=True)
    )
