"""``channelsim ui``: the pages in a browser, without a request to any other machine."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failures import UsageError
from sim.cli.screen import say

_OPTIONS = {
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "logger.hideWelcomeMessage": "true",
    "theme.light.primaryColor": "#0B6E8A",
    "theme.dark.primaryColor": "#4DB6D0",
}


def ui(
    port: Annotated[int, typer.Option(metavar="N", min=1, max=65535, help="Port on this machine.")] = 8501,
    address: Annotated[
        str,
        typer.Option(
            metavar="HOST", help="Who may connect: localhost, or 0.0.0.0 for everybody on the network."
        ),
    ] = "localhost",
) -> None:
    """Open the pages in a browser.

    They run on this machine and ask no other for anything.
    """
    if importlib.util.find_spec("streamlit") is None:
        raise UsageError("the pages need Streamlit and Plotly: pip install 'channelsim[ui]'")
    say(
        f"Open http://{'localhost' if address == '0.0.0.0' else address}:{port} (Ctrl-C stops it).",
        error=True,
    )
    try:
        code = subprocess.run(command(port, address), check=False).returncode
    except KeyboardInterrupt:  # the way to stop it
        return
    if code:
        raise typer.Exit(code if code > 0 else 128 - code)


def command(port: int, address: str) -> list[str]:
    """Return the words that start the server."""
    words = [sys.executable, "-m", "streamlit", "run", str(app_file())]
    for name, value in {**_OPTIONS, "server.port": str(port), "server.address": address}.items():
        words += [f"--{name}", value]
    return words


def app_file() -> Path:
    """Return the page script: ``app.py`` of a source tree, or the copy inside an installed package."""
    package = Path(__file__).resolve().parents[1]
    source_tree = package.parent / "app.py"
    return (
        source_tree
        if source_tree.is_file() and (package.parent / "scenarios").is_dir()
        else package / "_data" / "app.py"
    )
