"""``channelsim claims``: what the articles say, and what is published, held against the simulated world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.bench import bench, words_for_kept
from sim.cli.failures import UsageError
from sim.cli.options import (
    Changes,
    Engine,
    Excel,
    Fresh,
    Json,
    Out,
    Quiet,
    Seed,
    Workers,
    checked_engine,
    read_scenario,
)
from sim.cli.screen import Screen

if TYPE_CHECKING:
    from sim.experiment.runner import Runner


def claims(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...",
            help="Claims, lines of the articles (000-14) or claim files; all if none is named.",
        ),
    ] = None,
    facts: Annotated[
        bool, typer.Option("--facts", help="Published patterns of the real world beside ours instead.")
    ] = False,
    frontier: Annotated[
        bool, typer.Option("--frontier", help="What would have to be true for the verdict to flip.")
    ] = False,
    over: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="Assumption of the frontier; two or three. Repeatable."),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="List claims and the articles' lines; simulate nothing.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Full-sized worlds instead of the claims' small ones.")
    ] = False,
    draws: Annotated[
        int, typer.Option(metavar="N", min=0, help="Plausible worlds for each claim, at most; 0 for none.")
    ] = 12,
    replications: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Histories of each arm, at most (else a claim's own)."),
    ] = None,
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
    """Put the articles' claims to the test: holds, fails, depends or cannot tell.

    Each claim is an experiment whose rule was fixed before it ran. --facts holds published numbers against
    the simulation instead; --set, --out and --engine go with --facts.
    """
    screen = Screen(json=json, quiet=quiet, excel=excel)
    chosen = list(names or ())
    if over and not frontier:
        raise UsageError("--over names assumptions of a frontier; add --frontier")
    if facts and (frontier or listing or full):
        raise UsageError("--facts does not go with --frontier, --list or --full")
    engine = checked_engine(engine)
    if not facts and (changes or out or engine != "compiled"):
        raise UsageError("--set, --out and --engine go with --facts; a claim's file says what it changes")
    if listing:
        _list(screen)
        return
    if facts:
        options = {"replications": replications or 3, "seed": seed, "engine": engine, "out": out}
        _facts(screen, chosen, changes, options, workers, fresh=fresh)
        return
    if frontier and len(chosen) != 1:
        raise UsageError(f"a frontier is drawn for one claim (found {len(chosen)})")
    with bench(screen, "Testing claims", workers=workers, fresh=fresh) as runner:
        if frontier:
            _frontier(screen, runner, chosen[0], over or [], seed, full=full)
        else:
            _try(screen, runner, chosen, replications, draws, seed, full=full)


def _try(
    screen: Screen,
    runner: Runner,
    names: list[str],
    replications: int | None,
    draws: int,
    seed: int,
    *,
    full: bool,
) -> None:
    from sim.experiment.claims import chosen, claims_result
    from sim.report.claims import claims_page

    wanted = chosen(names)
    if replications is not None:
        if replications < 2:
            raise UsageError("a claim needs at least 2 replications: one gives no interval")
        wanted = [claim.model_copy(update={"replications": replications}) for claim in wanted]
    result = claims_result(wanted, runner=runner, seed=seed, draws=draws, full=full)
    screen.data(result)
    screen.page(claims_page(result) + words_for_kept(runner))


def _frontier(screen: Screen, runner: Runner, name: str, over: list[str], seed: int, *, full: bool) -> None:
    from sim.experiment.claims import chosen, draw_frontier
    from sim.report.claims import frontier_page

    found = chosen([name])
    if len(found) != 1:
        ids = ", ".join(claim.id for claim in found)
        raise UsageError(f"several claims answer {name}; name one of {ids}")
    drawn = draw_frontier(found[0], runner=runner, over=over, seed=seed, full=full).as_dict()
    screen.data(drawn)
    screen.page(frontier_page(drawn, {"id": found[0].id, "sentence": found[0].sentence}))


def _list(screen: Screen) -> None:
    from sim.experiment.claims import listing
    from sim.report.claims import list_page

    found = listing()
    screen.data(found)
    screen.page(list_page(found["claims"], found["articles"]))


def _facts(
    screen: Screen,
    names: list[str],
    changes: list[str] | None,
    options: dict[str, Any],
    workers: int | None,
    *,
    fresh: bool,
) -> None:
    from sim.experiment.facts import check_facts, scenarios_of
    from sim.report.facts import facts_page

    worlds = {name: read_scenario(name, changes) for name in scenarios_of(names)}
    with bench(screen, "Measuring facts", workers=workers, fresh=fresh) as runner:
        found = check_facts(names, scenarios=worlds, runner=runner, **options)
    result = found.as_dict()
    screen.data(result)
    screen.page(facts_page(result) + words_for_kept(runner))
