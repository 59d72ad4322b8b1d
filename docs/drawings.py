"""The drawings of the documents, each made of the JSON that one command prints."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "figures"


@dataclass(frozen=True)
class Figure:
    """One drawing.

    Attributes
    ----------
    command
        What follows ``channelsim``; ``--json`` is added.
    draw
        Name of a function of :mod:`sim.report.charts`.
    title
        Heading.
    """

    command: str
    draw: str
    title: str


FIGURES: Mapping[str, Figure] = {
    "community_densify.svg": Figure(
        "scale community_pickup --path densify",
        "cost_curve",
        "Own pickup points, when the same places order more",
    ),
    "community_paths.svg": Figure(
        "scale community_pickup",
        "growth_paths",
        "Own pickup points: the answer depends on how the brand grows",
    ),
}
"""Drawings by file name."""


def result_of(command: str) -> dict[str, Any]:
    """Return the JSON object that a command prints.

    Raises
    ------
    RuntimeError
        If the command ends with another code than 0.
    """
    from sim.cli import main

    screen = io.StringIO()
    with contextlib.redirect_stdout(screen):
        code = main([*shlex.split(command), "--json"])
    if code:
        raise RuntimeError(f"channelsim {command} ended with {code}")
    return json.loads(screen.getvalue())


def draw(name: str) -> None:
    """Make a drawing anew."""
    from sim.report import charts

    figure = FIGURES[name]
    make: Callable[..., str] = getattr(charts, figure.draw)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / name).write_text(make(result_of(figure.command), title=figure.title), encoding="utf-8")
