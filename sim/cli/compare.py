"""``channelsim compare``: two scenarios that meet the same shoppers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.bench import bench, words_for_kept
from sim.cli.failures import UsageError
from sim.cli.incrementality import check_question, take_out, write_panel
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
    Seed,
    UntilWidth,
    Workers,
    checked_engine,
    precision_asked,
    read_scenario,
)
from sim.cli.screen import Screen


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="A scenario file or the name of a shipped one.")],
    b: Annotated[
        str | None, typer.Argument(metavar="[B]", help="Another one; differences are B less A.")
    ] = None,
    without_source: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Instead of B: A without this source, or all. Repeatable."),
    ] = None,
    panel: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a weekly panel by source with the truth, for mix models."),
    ] = None,
    adjust: Annotated[
        str, typer.Option(metavar="NAME", help="Without a source staff fits (policy) or stays (none).")
    ] = "policy",
    scope: Annotated[
        str, typer.Option(metavar="NAME", help="brand, or a channel for the waterfall.")
    ] = "brand",
    replications: Replications = 5,
    until_width: UntilWidth = None,
    metrics: Metrics = None,
    max_replications: MaxReplications = None,
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
    """Compare two scenarios on the same luck.

    Differences are paired, with intervals, and split over the accounts they come from. --set changes both.
    --without-source says what a source of visitors is truly worth, beside what last click books to it.
    """
    screen = Screen(json=json, quiet=quiet, excel=excel)
    engine = checked_engine(engine)
    sources = without_source or []
    check_question(b, sources, panel, out, adjust)
    precision = precision_asked(until_width, metrics, max_replications, replications)
    if b is None and precision is not None:
        raise UsageError("--until-width compares two scenarios; name B, or give --replications instead")
    if b is None:
        world = read_scenario(a, changes)
        shared = {"replications": replications, "seed": seed, "engine": engine}
        if panel is not None:
            write_panel(screen, world, sources, panel, workers=workers, **shared)
        else:
            own = {"adjust": adjust, "out": out, **shared}
            take_out(screen, world, sources, workers=workers, fresh=fresh, **own)
        return
    first, second = read_scenario(a, changes), read_scenario(b, changes)
    from sim.experiment import compare as compared
    from sim.experiment.precision import compare_until
    from sim.report.compare import compare_page
    from sim.report.stopping import stopping_page

    with bench(screen, f"{first.name} and {second.name}", workers=workers, fresh=fresh) as runner:
        both: dict[str, Any] = {"seed": seed, "scope": scope, "engine": engine, "runner": runner, "out": out}
        if precision is None:
            result = compared(first, second, replications=replications, **both).as_dict()
        else:
            found, stopped = compare_until(first, second, precision, **both)
            result = {**found.as_dict(), "stopping": stopped.as_dict()}
    screen.data(result)
    screen.page(compare_page(result) + stopping_page(result) + words_for_kept(runner))
