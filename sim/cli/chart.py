"""A chart of a few lines of text: unit cost by size, drawn with bars that share one scale."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.report.page import Table

LONGEST_BAR = 44


def cost_bars(results: Sequence[Mapping[str, Any]]) -> Table:
    """Draw average cost by size for several studies, and the door's cost at the same sizes.

    Parameters
    ----------
    results
        JSON objects of ``scale`` along one path each, with the same metric.
    """
    from sim.report.numbers import column, read
    from sim.report.page import Column, Row, table
    from sim.report.terminal import is_plain

    rungs = [
        (result, step, average)
        for result in results
        for step in result["steps"]
        if (average := read(step["average_cost"])) is not None
    ]
    longest = max((average.mean for _, _, average in rungs), default=1.0)
    ink = "#" if is_plain(sys.stdout) else "█"
    rows, before = [], None
    for (result, step, average), written in zip(
        rungs, column([average for *_, average in rungs]), strict=True
    ):
        name = f"{result['scenario']}, {result['path']}" if result is not before else ""
        before = result
        length = max(round(LONGEST_BAR * average.mean / longest), 0) if longest > 0 else 0
        rows.append(Row((name, f"×{step['volume']:g}", written, ink * length)))
    unit = rungs[0][2].unit if rungs else ""
    heads = [
        Column("study", words=True),
        Column("volume"),
        Column("average cost", unit),
        Column("", words=True),
    ]
    return table("Side by side", heads, list(rows))
