"""``--excel FILE.xlsx``: every table of a command's result as one workbook."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.screen import asked

if TYPE_CHECKING:
    import pandas as pd

_BIRTH = ("scenario", "scenario_hash", "seed", "start")


def check_excel(path: Path | None) -> None:
    """Refuse a workbook that could not be written, before anything is simulated; None asks for none."""
    if path is not None:
        from sim.report.workbook import check_workbook

        check_workbook(path)


def write_excel(
    path: Path,
    document: Mapping[str, Any] | Sequence[Any],
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """Write the tables of a result.

    Parameters
    ----------
    path
        File.
    document
        JSON object of the command.
    tables
        Further tables, which the object only points to.
    """
    from sim.report.workbook import result_tables, write_workbook

    result = document if isinstance(document, Mapping) else {"results": document}
    write_workbook(path, {**result_tables(result), **(tables or {})}, about(result))


def about(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the first sheet says: program, command, scenario, and how to read the numbers."""
    from sim import __version__
    from sim.experiment.cache import sources_stamp

    birth = {name: result[name] for name in _BIRTH if name in result}
    for side in ("a", "b"):
        if isinstance(result.get(side), Mapping):
            birth |= {f"{side}: {name}": result[side][name] for name in _BIRTH if name in result[side]}
    return {
        "program": f"channelsim {__version__}",
        "model": sources_stamp(),
        "command": shlex.join(["channelsim", *asked.get()]),
        **birth,
        "numbers": "As in --json, 16 digits: mean and ends (low, high) of its 95% interval over n histories.",
        "units": "The unit stands beside each number, or in the data dictionary (docs/kpis.md).",
        "money": "Yuan of about 2014; illustrative unless calibrated.",
    }
