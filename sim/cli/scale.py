"""``channelsim scale``: does unit cost fall or rise as the scenario grows, on which path, and why?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

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
    ScenarioName,
    Seed,
    Workers,
    checked_engine,
    read_scenario,
)
from sim.cli.screen import Screen

if TYPE_CHECKING:
    from sim.experiment import Margins
    from sim.scenario import Scenario

_WORDS_FOR_AGAINST = ("door", "none")
_SHARED = "horizon."


def scale(
    scenario: ScenarioName,
    path: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="densify, replicate, expand, fragment, buy_traffic, cut_price or peak; all if not given.",
        ),
    ] = None,
    volumes: Annotated[
        str, typer.Option(metavar="LIST", help="Sizes relative to the scenario's own, such as 0.5,1,2,4.")
    ] = "0.5,1,2,4",
    metric: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="layer_cost_per_parcel, cost_per_order or contribution_per_order."),
    ] = None,
    scope: Annotated[str, typer.Option(metavar="NAME", help="brand, a channel or a pickup layer.")] = "brand",
    against: Annotated[
        str | None, typer.Option(metavar="NAME", help="Compare levels with: door, none or another scenario.")
    ] = None,
    adjust: Annotated[
        str,
        typer.Option(metavar="NAME", help="policy: staff, stock and points fit each size; none: they stay."),
    ] = "policy",
    growth: Annotated[
        str | None,
        typer.Option(metavar="MONTHS", help="Grow through 12m or 24m instead of a year at each size."),
    ] = None,
    margin: Annotated[
        float, typer.Option(metavar="E", help="Elasticities up to this size are neutral.")
    ] = 0.02,
    causes: Annotated[
        bool | None,
        typer.Option("--causes/--no-causes", help="Split the change into mechanisms; yes with --path."),
    ] = None,
    shapley: Annotated[
        str,
        typer.Option(metavar="LIST", help="Mechanisms, up to six, among which interaction is shared out."),
    ] = "",
    worlds: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=0, help="Plausible worlds in which the verdict is tried; 16 with --path."
        ),
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Histories of each size; 5 for one path, 3 for all."),
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
    """Grow a scenario: does unit cost fall or rise?

    Average, marginal and incremental cost by size, the verdict, its causes, and how many worlds share it.
    """
    screen = Screen(json=json, quiet=quiet, excel=excel)
    engine = checked_engine(engine)
    players = [word for word in re.split(r"[,\s]+", shapley) if word]
    if players and not (path is not None if causes is None else causes):
        raise UsageError("--shapley shares out what causes have in common; it goes with --path or --causes")
    sizes, months = numbers(volumes, "--volumes"), months_of(growth)
    world = read_scenario(scenario, changes)
    other = alternative(against, changes)
    from sim.experiment import scale as scaled
    from sim.report.scale import scale_page

    with bench(screen, f"{world.name}, {path or 'all paths'}", workers=workers, fresh=fresh) as runner:
        found = scaled(
            world,
            path=path,
            metric=metric,
            scope=scope,
            volumes=sizes,
            replications=replications,
            seed=seed,
            against=other,
            adjust=adjust,
            growth_months=months,
            causes=causes,
            shapley=players,
            worlds=worlds,
            margins=margins_of(margin),
            engine=engine,
            runner=runner,
            out=out,
        )
    result = found.as_dict()
    screen.data(result)
    screen.page(scale_page(result) + words_for_kept(runner))


def numbers(text: str, option: str) -> list[float]:
    """Return the numbers of a list such as ``0.5,1,2`` or ``0.5 1 2``.

    Raises
    ------
    UsageError
        If a word is not a number.
    """
    found = []
    for word in re.split(r"[,\s]+", text.strip(", ")):
        try:
            found.append(float(word))
        except ValueError:
            raise UsageError(
                f"{option} takes numbers with commas between them, such as 0.5,1,2,4 (found '{word}')"
            ) from None
    return found


def months_of(text: str | None) -> int | None:
    """Return the months of ``12m``.

    Raises
    ------
    UsageError
        If it is not a number of months.
    """
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,3}m?", text):
        raise UsageError(f"--growth takes months, such as 12m or 24m (found '{text}')")
    return int(text.rstrip("m"))


def margins_of(elasticity: float) -> Margins:
    """Return the margins of a verdict.

    Raises
    ------
    UsageError
        If the margin is negative or no number.
    """
    from sim.experiment import Margins

    if not 0 <= elasticity < float("inf"):
        raise UsageError(f"--margin is an elasticity of at least 0 (found {elasticity:g})")
    return Margins(elasticity=elasticity)


def alternative(name: str | None, changes: list[str] | None) -> Scenario | str | None:
    """Return what levels are compared with; another scenario keeps its own values but shares the horizon."""
    if name is None or name in _WORDS_FOR_AGAINST:
        return name
    return read_scenario(name, [change for change in changes or [] if change.startswith(_SHARED)])
