"""A server of the pages and a browser to look at them, for the benchmark of waiting times and for tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.cli import ui
from sim.experiment.keeping import FOLDER_VARIABLE

ROOT = Path(__file__).resolve().parents[1]
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_START = 120.0
"""Seconds a server may take to answer on a busy machine."""


@contextmanager
def serving(folder: Path, app: Path | None = None) -> Iterator[str]:
    """Start the pages as ``channelsim ui`` does, from a folder that is not the project; give their address.

    Parameters
    ----------
    folder
        Where the server runs, writes its log and keeps its runs.
    app
        Another page script than the product's own.
    """
    port = _free_port()
    words = ui.command(port, "localhost")
    if app is not None:
        words[words.index(str(ui.app_file()))] = str(app)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), FOLDER_VARIABLE: str(folder / "kept")}
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(words, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            _wait_until_healthy(f"http://localhost:{port}")
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


@contextmanager
def browsing() -> Iterator[Any]:
    """Start a browser.

    Raises
    ------
    RuntimeError
        If none is installed.
    """
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise RuntimeError("there is no Chromium (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        found.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("localhost", 0))
        return int(listener.getsockname()[1])


def _wait_until_healthy(address: str) -> None:
    deadline = time.monotonic() + _START
    while True:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health"):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
