"""The tornado of a sensitivity study as self-contained SVG."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.numbers import Value, compact, read, text
from sim.report.swings import Bar, swing_chart
from sim.report.words import ILLUSTRATIVE, METRICS


def tornado_chart(result: Mapping[str, Any]) -> str:
    """Draw how far each assumption moves a figure over its own range, the longest bar first.

    Parameters
    ----------
    result
        JSON object of ``sensitivity --method tornado``.

    Returns
    -------
    str
        Source of the drawing; bars within noise are grey.

    Raises
    ------
    ValueError
        If no assumption was tried.
    """
    base = read(result["base"])
    assert base is not None, "a study that ran has a figure at the scenario's own values"
    bars = [_bar(row, base) for row in result["rows"]]
    name = METRICS.get(result["metric"], result["metric"].replace("_", " "))
    return swing_chart(
        bars,
        title=f"What moves {name}",
        lead=f"{result['scenario']}, at its own values {text(base, unit=True)}; each assumption over its own "
        "plausible range, the others as they are",
        unit=f"change in {base.unit}" if base.unit else "change",
        note=f"Paired runs on the same luck. Grey: within noise. {ILLUSTRATIVE}",
    )


def _bar(row: Mapping[str, Any], base: Value) -> Bar:
    ends = []
    for side in ("low", "high"):
        found = read(row[side]["result"])
        if found is not None:
            words = f"{compact(row[side]['value'])} {row['unit']}"
            ends.append((words, Value(found.mean - base.mean, unit=base.unit)))
    return Bar(row["path"], tuple(ends), bool(row["within_noise"]))
