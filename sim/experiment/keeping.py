"""Runs kept for the user between studies: one store for the command line and the pages."""

from __future__ import annotations

import os
from pathlib import Path

from sim.experiment.cache import RunCache
from sim.experiment.jobs import Summary

FOLDER_VARIABLE = "CHANNELSIM_CACHE"


def kept_runs_folder() -> Path:
    """Return where runs are kept: the folder named by ``CHANNELSIM_CACHE``, or the user's cache folder."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "channelsim" / "runs"


class KeptRuns(RunCache):
    """The user's store: it counts what it gave, and a full or read-only disk turns it off.

    Attributes
    ----------
    given
        Number of runs that were found in it.
    """

    def __init__(self) -> None:
        super().__init__(kept_runs_folder())
        self.given = 0
        self._writable = True

    def get(self, key: str) -> Summary | None:
        """Return a kept summary; None where there is none or it cannot be read."""
        try:
            found = super().get(key)
        except OSError:
            return None
        self.given += found is not None
        return found

    def put(self, key: str, summary: Summary) -> None:
        """Keep a summary while the disk takes it: keeping is a convenience, not the job."""
        if not self._writable:
            return
        try:
            super().put(key, summary)
        except OSError:
            self._writable = False
