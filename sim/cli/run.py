"""``channelsim run``: one scenario, a few histories, profit and loss by channel first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.bench import bench, words_for_kept
from sim.cli.options import (
    Changes,
    Engine,
    Excel,
    Fresh,
    Json,
    MaxReplications,
    Metrics,
    Out,
    Quiet,
    Replications,
    ScenarioName,
    Seed,
    UntilWidth,
    Workers,
    checked_engine,
    precision_asked,
    read_scenario,
)
from sim.cli.screen import Screen


def run(
    scenario: ScenarioName = "base",
    replications: Replications = 5,
    until_width: UntilWidth = None,
    metrics: Metrics = None,
    max_replications: MaxReplications = None,
    seed: Seed = 1,
    changes: Changes = None,
    out: Out = None,
    excel: Excel = None,
    events: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Event log of the first history, for process mining (.csv)."),
    ] = None,
    workers: Workers = None,
    engine: Engine = "compiled",
    fresh: Fresh = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a scenario: profit and loss by channel.

    Then what each source of visitors brings, and how well shoppers are served.
    """
    screen = Screen(json=json, quiet=quiet, excel=excel)
    engine = checked_engine(engine)
    world = read_scenario(scenario, changes)
    precision = precision_asked(until_width, metrics, max_replications, replications)
    from sim.experiment import replicate
    from sim.experiment.event_log import check_event_log, write_event_log
    from sim.experiment.precision import replicate_until
    from sim.report.run import of_replicated, run_page
    from sim.report.stopping import stopping_page

    if events is not None:
        check_event_log(events)
    with bench(screen, world.name, workers=workers, fresh=fresh) as runner:
        shared: dict[str, Any] = {"seed": seed, "engine": engine, "runner": runner, "out": out}
        if precision is None:
            result = of_replicated(found := replicate(world, replications=replications, **shared))
        else:
            found, stopped = replicate_until(world, precision, **shared)
            result = {**of_replicated(found), "stopping": stopped.as_dict()}
    screen.data(result)
    screen.page(run_page(result) + stopping_page(result) + words_for_kept(runner))
    if events is not None:
        rows = write_event_log(world, found.runs[0].summary.seed, events, engine=engine)
        screen.note(f"{events}: {rows:,} events of the first history.")
