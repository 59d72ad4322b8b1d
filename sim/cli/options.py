"""Options that several commands share; the same word means the same thing everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.scenario import Scenario

ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file or the name of a shipped one.")
]
Seed = Annotated[
    int, typer.Option(metavar="N", min=0, help="Seed of the study; its replications' seeds are spawned.")
]
Replications = Annotated[int, typer.Option(metavar="N", min=1, help="Simulated histories of each scenario.")]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a value, such as channels.tmall.commission=0.04. Repeatable.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Keep a record of the study in this folder; channelsim verify does it again."
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(metavar="N", min=1, help="Processes; all cores if not given. It changes no digit."),
]
Engine = Annotated[
    str, typer.Option(metavar="NAME", help="compiled, or reference: the SimPy twin, for small worlds.")
]
Json = Annotated[bool, typer.Option("--json", help="Write one JSON document instead of tables.")]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Say nothing but errors (and the JSON, if asked for).")
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Simulate every run anew, also those kept from earlier studies.")
]

ENGINES = ("compiled", "reference")


def read_scenario(name: str, changes: list[str] | None) -> Scenario:
    """Load a scenario with the changes of ``--set``."""
    from sim.scenario import load

    return load(name, changes or ())


def checked_engine(name: str) -> str:
    """Return the name of an engine.

    Raises
    ------
    sim.experiment.errors.ExperimentError
        If there is none of that name.
    """
    from sim.experiment.metrics import checked_choice

    return checked_choice("engine", name, ENGINES)
