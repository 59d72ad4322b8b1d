"""``python -m docs.screens``: take the pictures in ``docs/screen.md`` anew, of the pages as they open."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.browser import browsing, serving
from sim.ui.inputs import Inputs
from sim.ui.pages import ORDER

FOLDER = Path(__file__).with_name("screens")
SIZE = {"width": 1280, "height": 720}
TABLET = {"width": 820, "height": 1180}
PICTURES = {
    # A page of sweeps has nothing to show before there are any.
    **{name: Inputs().showing(page=name) for name in ORDER if name != "sweeps"},
    "chinese": Inputs().showing(page="decide", language="zh"),
}
"""What each picture shows, by name."""
PATIENCE = 120_000
"""Milliseconds for the first answer of a page."""
_ANSWERED = """
() => {
  const main = document.querySelector('[data-testid=stMain]');
  const words = [...main.querySelectorAll('span')].map((one) => one.textContent);
  const isReady = main.querySelector('h1, h3') && !document.querySelector('[data-testid=stSkeleton]');
  return isReady && !words.some((one) => /^(simulating|stale|模拟中|已过时)/.test(one));
}
"""


def take() -> None:
    """Open every page in Chromium and keep what it looks like."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address, browsing() as browser:
        for name, inputs in PICTURES.items():
            is_chinese = name == "chinese"
            context = browser.new_context(
                viewport=TABLET if is_chinese else SIZE, color_scheme="dark" if is_chinese else "light"
            )
            page = context.new_page()
            page.goto(f"{address}/?s={inputs.to_link()}")
            page.wait_for_function(_ANSWERED, timeout=PATIENCE)
            page.wait_for_timeout(3000)  # charts fade in
            page.wait_for_function(_ANSWERED, timeout=PATIENCE)
            page.screenshot(path=str(FOLDER / f"{name}.png"))
            context.close()
            sys.stderr.write(f"docs/screens/{name}.png\n")


if __name__ == "__main__":
    take()
