"""``channelsim verify``: do a recorded study again and compare every figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.bench import bench
from sim.cli.failures import MismatchError
from sim.cli.options import Json, Quiet, Workers
from sim.cli.screen import Screen

if TYPE_CHECKING:
    from sim.experiment import Verification


def verify(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR|BUNDLE", help="A folder that --out has written, or a zip of one.")
    ],
    sample: Annotated[
        int, typer.Option(metavar="N", min=1, help="Of a sweep, how many runs to do again.")
    ] = 20,
    every: Annotated[bool, typer.Option("--all", help="Of a sweep, do every run again.")] = False,
    workers: Workers = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Do a recorded study again, digit by digit.

    From the record's own scenarios and seeds; exit code 5 and the first figure that differs if one does.
    """
    screen = Screen(json=json, quiet=quiet)
    runs = None if every else sample
    outcomes = [(record, _again(screen, record, runs, workers)) for record in records_in(folder)]
    documents = [{"folder": str(record), **outcome.as_dict()} for record, outcome in outcomes]
    screen.data(documents[0] if len(documents) == 1 else documents)
    if not json and not quiet:
        _show(screen, outcomes)
    if not all(outcome.ok for _, outcome in outcomes):
        raise MismatchError


def records_in(folder: Path) -> list[Path]:
    """Return the folder itself, or the records in it where it holds several and is none."""
    if not (folder / "manifest.json").exists() and folder.is_dir():
        inside = sorted(path.parent for path in folder.glob("*/manifest.json"))
        if inside:
            return inside
    return [folder]


def _again(screen: Screen, folder: Path, sample: int | None, workers: int | None) -> Verification:
    from sim.experiment import verify as verified
    from sim.experiment.verification import check_record

    check_record(folder)  # what is no finished record is refused before anything is compiled
    with bench(screen, f"Verifying {folder.name}", workers=workers, fresh=True) as runner:
        return verified(folder, sample=sample, runner=runner)


def _show(screen: Screen, outcomes: list[tuple[Path, Verification]]) -> None:
    from sim.report.page import Page, Text

    blocks: list[Text] = []
    for folder, outcome in outcomes:
        name = f"{folder}: {outcome.study}"
        if outcome.first is None:
            blocks.append(Text(f"{name}, {outcome.compared:,} figures, every digit the same.", "good"))
        else:
            blocks.append(Text(f"{name} does not match. First difference: {outcome.first}.", "bad"))
        if outcome.redone:
            blocks.append(Text(f"{outcome.redone.capitalize()}.", "faint"))
        blocks += [Text(f"{note}.", "warning") for note in outcome.notes]
    screen.page(Page(tuple(blocks)))
