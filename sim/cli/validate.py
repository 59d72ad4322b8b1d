"""``channelsim validate``: what a scenario promises before anything is simulated."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import Changes, Json, Quiet, read_scenario
from sim.cli.screen import Screen

if TYPE_CHECKING:
    from sim.report.page import Page
    from sim.scenario import Problem, Scenario


def validate(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SCENARIO]...",
            help="Files or shipped names; a list of what is shipped if none is given.",
        ),
    ] = None,
    changes: Changes = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check scenarios before anything is simulated.

    Every problem with its place and remedy, warnings with a fix, and what an order from each source leaves.
    """
    screen = Screen(json=json, quiet=quiet)
    if not scenarios:
        _list(screen)
        return
    worlds = _read_all(scenarios, changes)
    documents = [_document(world) for world in worlds]
    screen.data(documents[0] if len(documents) == 1 else documents)
    if not (json or quiet):
        for world in worlds:
            screen.page(_page(world))


def _read_all(names: list[str], changes: list[str] | None) -> list[Scenario]:
    """Load all of them, so that the problems of all are reported together."""
    from sim.scenario import ScenarioError

    worlds: list[Scenario] = []
    problems: list[Problem] = []
    for name in names:
        try:
            worlds.append(read_scenario(name, changes))
        except ScenarioError as error:
            problems.extend(error.problems)
    if problems:
        raise ScenarioError(problems)
    return worlds


def _document(world: Scenario) -> dict[str, Any]:
    from sim.scenario.unit_economics import source_economics

    rows = source_economics(world)
    return {
        "scenario": world.name,
        "title": world.title,
        "scenario_hash": world.hash,
        "valid": True,
        "warnings": [asdict(warning) for warning in world.warnings],
        "sources": [asdict(row) | {"contribution": row.contribution} for row in rows],
    }


def _page(world: Scenario) -> Page:
    from sim.report.explain import validate_page
    from sim.scenario.unit_economics import source_economics

    return validate_page(world.name, world.warnings, source_economics(world))


def _list(screen: Screen) -> None:
    from sim.report.page import Column, Page, table
    from sim.scenario import shipped

    stories = shipped()
    screen.data([{"scenario": name, "story": story} for name, story in stories.items()])
    heads = [Column("scenario", words=True), Column("what it is about", words=True)]
    screen.page(Page((table("Shipped scenarios", heads, list(stories.items())),)))
