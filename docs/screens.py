"""``python -m docs.screens``: take the pictures in ``docs/screen.md`` anew, each by the test of its page."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.ui.tour import PICTURES

FOLDER = Path(__file__).with_name("screens")
ROOT = FOLDER.parents[1]
TOUR = ROOT / "tests" / "ui" / "test_browser_tour.py"


def take(*words: str) -> int:
    """Go on the tour and keep what it sees; a page that fails its test keeps its old picture.

    Parameters
    ----------
    *words
        More words for pytest: ``-k books`` takes one picture.

    Returns
    -------
    int
        What pytest ended with.
    """
    FOLDER.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pytest", str(TOUR), "-v", *words]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, PICTURES: str(FOLDER)}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(take(*sys.argv[1:]))
