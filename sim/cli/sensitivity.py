"""``channelsim sensitivity``: which assumption matters, and what it is worth to know it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.bench import bench, words_for_kept
from sim.cli.failures import FAILED_RUNS, UsageError
from sim.cli.options import (
    Changes,
    Excel,
    Fresh,
    Json,
    Out,
    Quiet,
    ScenarioName,
    Seed,
    Workers,
    read_scenario,
)
from sim.cli.screen import Screen

if TYPE_CHECKING:
    from sim.scenario import Scenario


def sensitivity(
    scenario: ScenarioName,
    method: Annotated[
        str, typer.Option(metavar="NAME", help="tornado, morris, sobol or information.")
    ] = "tornado",
    metric: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Any figure; contribution_per_order (information: contribution) if not given.",
        ),
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GLOB",
            help="Assumptions to measure, such as 'pickup.*'. Repeatable. All are screened if not given.",
        ),
    ] = None,
    keep: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Assumptions to measure after the screening.")
    ] = None,
    points: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Trajectories, base sample or worlds; the method's own."),
    ] = None,
    replications: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Histories of each world; the method's own.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="SCENARIO", help="Measure the difference to it; information: the other choice."),
    ] = None,
    choice: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=VALUE", help="With information: the same with this changed is a choice. Repeatable."
        ),
    ] = None,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also draw the bars of a tornado as SVG.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only foretell runs and time.")] = False,
    seed: Seed = 1,
    changes: Changes = None,
    out: Out = None,
    excel: Excel = None,
    workers: Workers = None,
    fresh: Fresh = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the assumptions that matter, each over its own plausible range.

    The number of runs and the time they will take are said first. --set changes all scenarios.
    """
    screen = Screen(json=json, quiet=quiet, excel=excel)
    if choice and method != "information":
        raise UsageError("--choice names what could be chosen; it goes with --method information")
    if chart is not None and method != "tornado":
        raise UsageError("--chart draws the bars of --method tornado")
    if chart is not None:
        from sim.experiment.files import check_place

        check_place(chart)
    first = read_scenario(scenario, changes)
    others = [_chosen(scenario, first, changes, text) for text in choice or ()]
    if against is not None:
        others.insert(0, read_scenario(against, changes))
    from sim.experiment.sensitivity import answer, forecast, question_of
    from sim.report.sensitivity import forecast_page, forecast_words, sensitivity_page

    question = question_of(
        method,
        first,
        metric=metric,
        against=others or None,
        parameters=parameters or (),
        keep=keep,
        points=points,
        replications=replications,
        seed=seed,
    )
    with bench(screen, method, workers=workers, fresh=fresh) as runner:
        told = forecast(question, workers=workers).as_dict()
        if dry_run:
            screen.data(told)
            screen.page(forecast_page(told, method))
            return
        screen.note(forecast_words(told, method))
        result = answer(question, runner=runner, out=out).as_dict()
    if chart is not None:
        _draw(result, chart)
    screen.data({**result, "forecast": told})
    screen.page(sensitivity_page(result, ink=_ink()) + words_for_kept(runner))
    if result["lost"]["worlds"]:
        raise typer.Exit(FAILED_RUNS)


def _chosen(name: str, first: Scenario, changes: list[str] | None, text: str) -> Scenario:
    """Return the scenario in which something else was chosen, named after the choice."""
    other = read_scenario(name, [*(changes or ()), text])
    if other.hash == first.hash:
        raise UsageError(f"--choice {text} changes nothing, so there is nothing to choose")
    return other.renamed(text)


def _draw(result: dict[str, object], path: Path) -> None:
    from sim.experiment.files import write_whole
    from sim.report.tornado import tornado_chart

    write_whole(path, tornado_chart(result).encode())


def _ink() -> str:
    from sim.report.terminal import is_plain

    return "#" if is_plain(sys.stdout) else "█"
