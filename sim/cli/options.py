"""Options that several commands share; the same word means the same thing everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.failures import UsageError

if TYPE_CHECKING:
    from sim.experiment.precision import Precision
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
UntilWidth = Annotated[
    str | None,
    typer.Option(
        metavar="WIDTH",
        help="Add replications until half the interval is this narrow: 5% of the mean, or 0.5 in its unit.",
    ),
]
Metrics = Annotated[
    list[str] | None,
    typer.Option(
        "--metric",
        metavar="FIGURE",
        help="With --until-width: whose width; contribution_per_order if not given. Repeatable.",
    ),
]
MaxReplications = Annotated[
    int | None,
    typer.Option(metavar="N", min=3, help="With --until-width: replications at most; 100 if not given."),
]
Excel = Annotated[
    Path | None,
    typer.Option("--excel", metavar="FILE", help="Also write every table into one workbook, FILE.xlsx."),
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


def precision_asked(
    until_width: str | None, metrics: list[str] | None, most: int | None, replications: int
) -> Precision | None:
    """Return when replications should stop; None where their number was given.

    Raises
    ------
    UsageError
        If an option is given that means something only with ``--until-width``.
    sim.experiment.errors.ExperimentError
        If the width makes no sense or a figure is unknown.
    """
    if until_width is None:
        for option, given in (("--metric", metrics), ("--max-replications", most)):
            if given:
                raise UsageError(f"{option} goes with --until-width, such as --until-width 5%")
        return None
    from sim.experiment.precision import DEFAULT_METRIC, FEWEST, MOST, Precision

    budget = MOST if most is None else most
    least = min(max(FEWEST, replications), budget)
    figures = tuple(metrics or (DEFAULT_METRIC,))
    return Precision.parse(until_width, metrics=figures, least=least, most=budget)
