"""The one folder whose sweeps the pages show, and a sweep in it by the short word that a link holds."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from sim.experiment.sweep.watching import FOLDER_VARIABLE


def results_folder() -> Path:
    """Return the folder of results: the one given at the start, or ``results`` where the server runs."""
    return Path(os.environ.get(FOLDER_VARIABLE) or "results").resolve()


def sweeps() -> Mapping[str, Path]:
    """Return the sweeps in the folder of results by a word of their own, the newest first.

    A link holds such a word and never a path, so that no link leads to another folder.
    """
    from sim.experiment.sweep.watching import sweeps_under

    root = results_folder()
    if not root.is_dir():
        return {}
    return {word_of(folder.relative_to(root)): folder for folder in sweeps_under(root)}


def word_of(name: Path) -> str:
    """Return the word for a folder: the hash of its name within the folder of results."""
    return hashlib.sha256(name.as_posix().encode()).hexdigest()[:12]


def name_of(folder: Path) -> str:
    """Name of a sweep as readers know it: its path within the folder of results."""
    return folder.relative_to(results_folder()).as_posix()
