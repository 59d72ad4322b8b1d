"""``channelsim ui``: the pages in a browser, without a request to any other machine."""

from __future__ import annotations

import errno
import importlib.util
import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.failures import UsageError
from sim.cli.screen import say
from sim.shipped_files import shipped_file


def ui(
    port: Annotated[int, typer.Option(metavar="N", min=1, max=65535, help="Port on this machine.")] = 8501,
    address: Annotated[
        str,
        typer.Option(
            metavar="HOST", help="Who may connect: localhost, or 0.0.0.0 for everybody on the network."
        ),
    ] = "localhost",
    results: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the sweeps that may be looked at; results if not given."),
    ] = None,
) -> None:
    """Open the pages in a browser.

    They run on this machine and ask no other for anything.
    """
    if results is not None and not results.is_dir():
        raise UsageError(f"there is no folder {results}; --results names one that holds sweeps")
    if importlib.util.find_spec("streamlit") is None:
        raise UsageError("the pages need Streamlit and Plotly: pip install 'channelsim[ui]'")
    _check_port(port, address)
    say(
        f"Open http://{'localhost' if address == '0.0.0.0' else address}:{port} (Ctrl-C stops it).",
        error=True,
    )
    try:
        code = subprocess.run(command(port, address), env=environment(results), check=False).returncode
    except KeyboardInterrupt:  # the way to stop it
        return
    if code:
        raise typer.Exit(code if code > 0 else 128 - code)


def _check_port(port: int, address: str) -> None:
    """Refuse a port that another program has before anybody is told to open it."""
    try:
        places = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
    except OSError:  # no such address: the server says so
        return
    for family, kind, protocol, _, place in places:
        try:
            with socket.socket(family, kind, protocol) as listener:
                if os.name == "posix":  # a port that was in use a moment ago is free, as it is for the server
                    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(place)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise UsageError(
                    f"port {port} is taken by another program; choose one with --port"
                ) from error


def environment(results: Path | None) -> dict[str, str]:
    """Return the environment of the server: the folder of results is handed over in it."""
    if results is None:
        return dict(os.environ)
    from sim.experiment.sweep.watching import FOLDER_VARIABLE

    return {**os.environ, FOLDER_VARIABLE: str(results.resolve())}


def command(port: int, address: str) -> list[str]:
    """Return the words that start the server, every setting of the pages' configuration among them."""
    words = [sys.executable, "-m", "streamlit", "run", str(app_file())]
    chosen = {**settings(app_file()), "server.port": str(port), "server.address": address}
    for name, value in chosen.items():
        words += [f"--{name}", value]
    return words


def settings(app: Path) -> dict[str, str]:
    """Return the settings of ``.streamlit/config.toml`` beside a page script, by dotted name.

    They are handed over one by one, so that they hold wherever the server is started from and whatever the
    folder one happens to be in says.
    """
    found: dict[str, str] = {}

    def take(prefix: str, table: dict[str, Any]) -> None:
        for name, value in table.items():
            if isinstance(value, dict):
                take(f"{prefix}{name}.", value)
            else:
                found[f"{prefix}{name}"] = str(value).lower() if isinstance(value, bool) else str(value)

    take("", tomllib.loads((app.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")))
    return found


def app_file() -> Path:
    """Return the page script: ``app.py`` of a source tree, or the copy inside an installed package."""
    return shipped_file("app.py")
