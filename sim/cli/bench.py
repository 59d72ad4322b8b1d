"""Where a command's studies run: workers, kept runs, progress, and what is said about them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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


def _start_processes() -> None:
    """Start the process that workers are copied from: it loads the simulator while this one still reads.

    A terminal sends Ctrl-C to all of them; only this process answers it, and ends the others. What they
    would write as they end is nobody's business; what goes wrong in a run comes back as its outcome.
    """
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        return
    import multiprocessing
    from multiprocessing import forkserver

    multiprocessing.get_context("forkserver").set_forkserver_preload(["sim.experiment.jobs", "sim.world"])
    answer = signal.signal(signal.SIGINT, signal.SIG_IGN)
    errors = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        forkserver.ensure_running()
    finally:
        os.dup2(errors, 2)
        os.close(errors)
        signal.signal(signal.SIGINT, answer)


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
    if workers != 1:
        _start_processes()
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
