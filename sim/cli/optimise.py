"""``channelsim optimise``: the best setting of levers, or the cheapest way to a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.bench import bench, words_for_kept
from sim.cli.failures import FAILED_RUNS, UsageError
from sim.cli.options import (
    Changes,
    Engine,
    Excel,
    Fresh,
    Json,
    Out,
    Quiet,
    ScenarioName,
    Seed,
    Workers,
    checked_engine,
    read_scenario,
)
from sim.cli.screen import Screen

if TYPE_CHECKING:
    from sim.experiment.optimise import Lever, Problem
    from sim.scenario import Scenario


def optimise(
    scenario: ScenarioName,
    maximise: Annotated[
        str | None, typer.Option(metavar="FIGURE", help="Make this as large as possible.")
    ] = None,
    minimise: Annotated[
        str | None, typer.Option(metavar="FIGURE", help="Make this as small as possible.")
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(metavar="'FIGURE >= VALUE'", help="Hit this target at the least cost. Repeatable."),
    ] = None,
    at_least: Annotated[
        str | None,
        typer.Option(metavar="FIGURE", help="With --target: what should be least; cost if not given."),
    ] = None,
    subject_to: Annotated[
        list[str] | None,
        typer.Option(metavar="'FIGURE >= VALUE'", help="What must hold; >= or <=. Repeatable."),
    ] = None,
    lever: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH[=LOW:HIGH[:STEP]]",
            help="What may be changed; its own plausible range if none is given. Repeatable.",
        ),
    ] = None,
    effort: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=YUAN", help="What a unit of change of a lever costs outside the model. Repeatable."
        ),
    ] = None,
    budget: Annotated[int, typer.Option(metavar="RUNS", min=1, help="Simulated histories in all.")] = 200,
    replications: Annotated[
        int, typer.Option(metavar="N", min=2, help="Fresh histories behind every figure of the answer.")
    ] = 10,
    indifference: Annotated[
        float | None,
        typer.Option(metavar="X", help="Difference that matters; as small as the budget tells if not given."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only check and show what would be run.")
    ] = False,
    seed: Seed = 1,
    changes: Changes = None,
    out: Out = None,
    excel: Excel = None,
    workers: Workers = None,
    engine: Engine = "compiled",
    fresh: Fresh = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the best levers, or the cheapest way to a target.

    Says which constraint binds and what relaxing it is worth, and "not reachable" where it is not.
    """
    screen = Screen(json=json, quiet=quiet, excel=excel)
    engine = checked_engine(engine)
    problem = _problem(
        read_scenario(scenario, changes),
        _direction(maximise, minimise, target, at_least),
        _levers(lever or [], effort or []),
        target or [],
        subject_to or [],
    )
    from sim.experiment.optimise import optimise as optimised
    from sim.experiment.optimise import plan_runs, space_of
    from sim.report.optimise import optimise_page, plan_page

    if dry_run:
        space = space_of(problem)
        count = len(problem.constraints)
        plan = plan_runs(budget, constraints=count, size=space.size, replications=replications)
        told = {
            "question": str(problem),
            "settings_there_are": space.size,
            **plan.as_dict(),
            "levers": space.as_rows(),
        }
        screen.data(told)
        screen.page(plan_page(told))
        return
    with bench(screen, f"{problem.scenario.name}, {problem}", workers=workers, fresh=fresh) as runner:
        found = optimised(
            problem,
            budget=budget,
            replications=replications,
            indifference=indifference,
            seed=seed,
            engine=engine,
            runner=runner,
            out=out,
        )
    result = found.as_dict()
    screen.data(result, {"tried": found.table(), "finalists": found.finalists()})
    screen.page(optimise_page(result, changes or ()) + words_for_kept(runner))
    if result["failed"]:
        raise typer.Exit(FAILED_RUNS)


def _direction(
    maximise: str | None, minimise: str | None, target: list[str] | None, at_least: str | None
) -> tuple[str, bool]:
    """Return the objective and whether it should be large.

    Raises
    ------
    UsageError
        Unless exactly one question is asked.
    """
    if sum(1 for one in (maximise, minimise, target) if one) != 1:
        raise UsageError("ask one of --maximise FIGURE, --minimise FIGURE or --target 'FIGURE >= VALUE'")
    if at_least is not None and not target:
        raise UsageError("--at-least says what is least where a --target is hit; give one")
    if target:
        return at_least or "cost", False
    return (maximise, True) if maximise else (minimise or "", False)


def _problem(
    scenario: Scenario,
    asked: tuple[str, bool],
    levers: list[Lever],
    targets: list[str],
    subject_to: list[str],
) -> Problem:
    from sim.experiment.optimise import Constraint, Figure, Problem

    objective, large = asked
    constraints = tuple(Constraint.parse(text) for text in (*targets, *subject_to))
    return Problem(scenario, Figure(objective), large, tuple(levers), constraints)


def _levers(texts: list[str], efforts: list[str]) -> list[Lever]:
    from sim.experiment.optimise import Lever
    from sim.scenario.problems import nearest

    yuan = dict(_effort(text) for text in efforts)
    levers = [Lever.parse(text) for text in texts]
    paths = [one.path for one in levers]
    for path in yuan:
        if path not in paths:
            raise UsageError(f"--effort {path}: there is no such --lever{nearest(path, paths)}")
    return [Lever.parse(text, effort=yuan.get(path, 0.0)) for text, path in zip(texts, paths, strict=True)]


def _effort(text: str) -> tuple[str, Any]:
    path, _, number = text.partition("=")
    try:
        return path.strip(), float(number)
    except ValueError:
        raise UsageError(
            f"--effort should be PATH=YUAN, such as market.places=5000 (found '{text}')"
        ) from None
