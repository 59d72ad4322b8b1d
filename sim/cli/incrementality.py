"""``channelsim compare SCENARIO --without-source NAME``: what a source of visitors is truly worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.bench import announce_compilation, bench, words_for_kept
from sim.cli.failures import UsageError
from sim.cli.screen import Screen

if TYPE_CHECKING:
    from sim.scenario import Scenario


def take_out(
    screen: Screen,
    scenario: Scenario,
    sources: list[str],
    *,
    workers: int | None,
    fresh: bool,
    **arguments: Any,
) -> None:
    """Take sources out of a scenario and show what they are worth.

    Parameters
    ----------
    screen
        Where to write.
    scenario, sources, **arguments
        As in :func:`sim.experiment.incrementality.incrementality`.
    workers, fresh
        As in :func:`sim.cli.bench.bench`.
    """
    from sim.experiment.incrementality import incrementality
    from sim.report.incrementality import incrementality_page

    with bench(screen, f"{scenario.name} with and without", workers=workers, fresh=fresh) as runner:
        found = incrementality(scenario, sources, runner=runner, **arguments).as_dict()
    screen.data(found)
    screen.page(incrementality_page(found) + words_for_kept(runner))


def write_panel(
    screen: Screen, scenario: Scenario, sources: list[str], folder: Path, **arguments: Any
) -> None:
    """Write a weekly panel with its truth into a folder, and show the truth.

    Parameters
    ----------
    screen
        Where to write.
    scenario, sources, **arguments
        As in :func:`sim.experiment.panel.panel`; no source: all.
    folder
        Where the tables go.
    """
    from sim.experiment.panel import panel
    from sim.report.incrementality import panel_page

    announce_compilation(screen)
    progress = screen.progress(f"{scenario.name}, panel")
    try:
        found = panel(scenario, sources or "all", progress=progress, out=folder, **arguments).as_dict()
    finally:
        if progress is not None:
            progress.clear()
    screen.data(found)
    screen.page(panel_page(found, str(folder)))


def check_question(
    b: str | None, sources: list[str], panel: Path | None, out: Path | None, adjust: str
) -> None:
    """Refuse a comparison that is neither of two scenarios nor of one with itself without a source.

    Raises
    ------
    UsageError
        Saying what to give.
    """
    alone = bool(sources) or panel is not None
    if b is None and not alone:
        raise UsageError("give two scenarios, or one with --without-source NAME (or all)")
    if b is not None and alone:
        raise UsageError(
            "--without-source and --panel compare one scenario with itself; leave the second out"
        )
    if panel is not None and out is not None:
        raise UsageError("--panel keeps the record of the study in its own folder; leave --out away")
    if adjust != "policy" and (panel is not None or not sources):
        raise UsageError("--adjust goes with --without-source")
