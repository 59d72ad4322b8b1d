"""``channelsim explain``: each value, the layer that set it, its range, source and grade."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.failures import UsageError
from sim.cli.options import Changes, Json, Quiet, read_scenario
from sim.cli.screen import Screen, say

if TYPE_CHECKING:
    from sim.scenario import Entry, Scenario


def explain(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="[SCENARIO]", help="A scenario file or the name of a shipped one; base if not given."
        ),
    ] = "base",
    part: Annotated[
        str, typer.Argument(metavar="[PART]", help="Only values below this path, such as market.sources.")
    ] = "",
    diff: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="Show in which values two scenarios differ.")
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Write the JSON Schema of scenario files.")
    ] = False,
    changes: Changes = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say where the values of a scenario come from.

    Each with its unit, plausible range, grade, the layer that set it, and its source.
    """
    if diff is not None and schema:
        raise UsageError("--diff and --schema answer different questions; give one of them")
    screen = Screen(json=json, quiet=quiet)
    if schema:
        _write_schema()
    elif diff is not None:
        _show_difference(screen, read_scenario(diff[0], changes), read_scenario(diff[1], changes))
    else:
        _show_values(screen, read_scenario(scenario, changes), part)


def _write_schema() -> None:
    from json import dumps

    from sim.scenario.reference import json_schema

    say(dumps(json_schema(), indent=2, ensure_ascii=False))


def _show_difference(screen: Screen, a: Scenario, b: Scenario) -> None:
    from sim.report.explain import difference_page
    from sim.scenario.explaining import difference

    rows = difference(a, b)
    screen.data({"a": a.name, "b": b.name, "differences": [asdict(row) for row in rows]})
    screen.page(difference_page(a.name, b.name, rows))


def _show_values(screen: Screen, world: Scenario, part: str) -> None:
    from sim.report.explain import explain_page
    from sim.scenario.explaining import explain as explained

    entries = _below(explained(world), part)
    screen.data(
        {"scenario": world.name, "scenario_hash": world.hash, "values": [asdict(entry) for entry in entries]}
    )
    screen.page(explain_page(f"{world.name}: {world.title}", entries))


def _below(entries: list[Entry], part: str) -> list[Entry]:
    if not part:
        return entries
    found = [entry for entry in entries if entry.path == part or entry.path.startswith(f"{part}.")]
    if not found:
        from sim.scenario.problems import nearest

        paths = {".".join(entry.path.split(".")[:length]) for entry in entries for length in range(1, 9)}
        raise UsageError(f"this scenario has no value '{part}'{nearest(part, sorted(paths))}")
    return found
