"""``channelsim compare``: two scenarios that meet the same shoppers."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.bench import bench, words_for_kept
from sim.cli.options import (
    Changes,
    Engine,
    Fresh,
    Json,
    Out,
    Quiet,
    Replications,
    Seed,
    Workers,
    checked_engine,
    read_scenario,
)
from sim.cli.screen import Screen


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="A scenario file or the name of a shipped one.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another one; differences are B less A.")],
    scope: Annotated[
        str, typer.Option(metavar="NAME", help="brand, or a channel for the waterfall.")
    ] = "brand",
    replications: Replications = 5,
    seed: Seed = 1,
    changes: Changes = None,
    out: Out = None,
    workers: Workers = None,
    engine: Engine = "compiled",
    fresh: Fresh = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare two scenarios on the same luck.

    Differences are paired, with intervals, and split over the accounts they come from. --set changes both.
    """
    screen = Screen(json=json, quiet=quiet)
    engine = checked_engine(engine)
    first, second = read_scenario(a, changes), read_scenario(b, changes)
    from sim.experiment import compare as compared
    from sim.report.compare import compare_page

    with bench(screen, f"{first.name} and {second.name}", workers=workers, fresh=fresh) as runner:
        found = compared(
            first,
            second,
            replications=replications,
            seed=seed,
            scope=scope,
            engine=engine,
            runner=runner,
            out=out,
        )
    result = found.as_dict()
    screen.data(result)
    screen.page(compare_page(result) + words_for_kept(runner))
