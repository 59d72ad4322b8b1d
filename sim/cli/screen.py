"""Data on standard output, everything else on standard error, and progress only where somebody watches."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.page import Page

asked: ContextVar[tuple[str, ...]] = ContextVar("asked", default=())
"""Words after ``channelsim`` of the command that is being done, for what it writes about itself."""

_REFRESH_SECONDS = 0.1
_WINDOW = 12


def say(text: str, *, end: str = "\n", error: bool = False) -> None:
    """Write text to standard output, or to standard error."""
    stream = sys.stderr if error else sys.stdout
    stream.write(text + end)
    if error:
        stream.flush()


def flush_output() -> None:
    """Hand all output to the system, so that a full disk is noticed while it can still be said."""
    sys.stdout.flush()


def is_watched(stream: TextIO) -> bool:
    """Say whether a stream is a terminal on which a line can be written over."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


@dataclass(frozen=True)
class Screen:
    """Where one command writes.

    Attributes
    ----------
    json
        Standard output gets one JSON document and no tables.
    quiet
        Nothing is said but errors, and the JSON document if it was asked for.
    excel
        Workbook that gets every table of the document; None: none.
    """

    json: bool = False
    quiet: bool = False
    excel: Path | None = None

    def __post_init__(self) -> None:
        if self.excel is not None:
            from sim.cli.excel import check_excel

            check_excel(self.excel)

    def data(
        self, document: Mapping[str, Any] | Sequence[Any], tables: Mapping[str, pd.DataFrame] | None = None
    ) -> None:
        """Write the JSON document and the workbook, where they were asked for; numbers keep every digit.

        Parameters
        ----------
        document
            What the command has found.
        tables
            Further tables for the workbook, which the document only points to.
        """
        if self.json:
            say(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
        if self.excel is not None:
            from sim.cli.excel import write_excel

            write_excel(self.excel, document, tables)

    def page(self, page: Page) -> None:
        """Show a page, unless JSON or silence was asked for."""
        if not self.json and not self.quiet:
            from sim.report.terminal import show

            show(page)

    def note(self, text: str) -> None:
        """Say something beside the data."""
        if not self.quiet:
            say(text, error=True)

    def progress(self, what: str) -> Progress | None:
        """Return a line of progress, or None where nobody watches."""
        return Progress(what) if not self.quiet and is_watched(sys.stderr) else None


class Progress:
    """One line on standard error that is written over: runs done, speed and time left.

    Parameters
    ----------
    what
        What is being done.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._times: list[tuple[float, int]] = [(time.monotonic(), 0)]
        self._shown = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` runs are finished."""
        now = time.monotonic()
        self._times = [*self._times[-_WINDOW:], (now, done)]
        if done < total and now - self._shown < _REFRESH_SECONDS:
            return
        self._shown = now
        (before, earlier), (after, later) = self._times[0], self._times[-1]
        pace = (later - earlier) / (after - before) if after > before else 0.0
        words = f"{self.what}: {done} of {total} runs"
        if pace > 0 and done < total:
            words += f", {pace:.1f} a second, about {(total - done) / pace:.0f} s left"
        sys.stderr.write(f"\r{words}\x1b[K")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
