"""Where a command's studies run: workers, kept runs, progress, and what is said about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.cli.screen import Screen

if TYPE_CHECKING:
    from sim.experiment.runner import Runner
    from sim.report.page import Page


def announce_compilation(screen: Screen) -> None:
    """Say so where the simulator has to be compiled first, which happens once per version."""
    from sim.compilation import is_compiled

    if not is_compiled():
        screen.note("Compiling the simulator, once for this version: about half a minute ...")


@contextmanager
def bench(screen: Screen, what: str, *, workers: int | None, fresh: bool = False) -> Iterator[Runner]:
    """Give a runner to the studies of one command.

    Parameters
    ----------
    screen
        Where progress is shown.
    what
        What is being simulated, for the line of progress.
    workers
        Processes; None takes every core.
    fresh
        Leave runs kept from earlier studies alone.
    """
    from sim.experiment.keeping import KeptRuns
    from sim.experiment.runner import Runner

    announce_compilation(screen)
    progress = screen.progress(what)
    try:
        with Runner(workers, cache=None if fresh else KeptRuns(), progress=progress) as runner:
            yield runner
    finally:
        if progress is not None:
            progress.clear()


def kept_by(runner: Runner) -> int:
    """Return how many runs of a runner were kept from earlier studies."""
    return int(getattr(runner.cache, "given", 0))


def words_for_kept(runner: Runner) -> Page:
    """Say how many runs were not simulated anew; an empty page where all were."""
    from sim.report.page import Page, Text

    kept = kept_by(runner)
    if not kept:
        return Page()
    count = f"{kept:,} of {kept + runner.simulated:,}" if runner.simulated else f"All {kept:,}"
    words = f"{count} runs were kept from an earlier study of the same worlds (--fresh simulates anew)."
    return Page((Text(words, "faint"),))
