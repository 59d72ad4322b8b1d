"""A page as a picture, taken by a browser that is there anyway."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from sim.experiment.errors import RecordError
from sim.experiment.files import write_whole

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
    "microsoft-edge",
)  # fmt: skip
WIDTH = 860
"""Width of the picture in pixels: a sheet of A4 at 96 dots per inch and a margin."""

_SECONDS = 60
_MEASURE = "<script>document.title='height '+document.documentElement.scrollHeight</script>"


def find_browser() -> str | None:
    """Return the first browser on the path that can take pictures; None where there is none."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def no_browser() -> RecordError:
    """Return the error that says what to install."""
    return RecordError(
        "a PNG needs a browser, and none was found; install Chromium or Chrome (such as: apt install "
        "chromium), or leave --png out: the HTML file holds the same"
    )


def photograph(html: str, path: Path) -> None:
    """Write a picture of a whole page as PNG.

    Parameters
    ----------
    html
        The page; it must need nothing from outside.
    path
        Where the picture goes, whole or not at all.

    Raises
    ------
    RecordError
        If there is no browser, or it could not take the picture.
    """
    browser = find_browser()
    if browser is None:
        raise no_browser()
    with tempfile.TemporaryDirectory(prefix="channelsim-") as folder:
        height = _height(browser, html, Path(folder))
        page, picture = Path(folder) / "brief.html", Path(folder) / "brief.png"
        page.write_text(html, encoding="utf-8")
        _call(browser, page, folder, f"--window-size={WIDTH},{height}", f"--screenshot={picture}")
        if not picture.exists():
            raise RecordError(f"{browser} took no picture of the page")
        write_whole(path, picture.read_bytes())


def _height(browser: str, html: str, folder: Path) -> int:
    """Measure the page on a copy of its own, as a picture is as high as the window it is taken through."""
    page = folder / "measure.html"
    page.write_text(html.replace("</body>", f"{_MEASURE}</body>"), encoding="utf-8")
    found = _call(browser, page, str(folder), f"--window-size={WIDTH},1000", "--dump-dom")
    measured = re.search(r"<title>height (\d+)</title>", found)
    if measured is None:
        raise RecordError(f"{browser} could not measure the page")
    return int(measured.group(1))


def _call(browser: str, page: Path, folder: str, *words: str) -> str:
    options = ["--headless", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")  # Chromium refuses to run as the administrator with its sandbox
    try:
        done = subprocess.run(
            [browser, *options, *words, page.as_uri()],
            capture_output=True,
            text=True,
            check=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise RecordError(f"{browser} could not take a picture: {type(error).__name__}") from error
    return done.stdout
