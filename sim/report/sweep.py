"""What a sweep says on screen: how far it came, what went wrong, what it found, how to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.report.page import Column, Page, Row, Text, table

_LONGEST_CELL = 70
_SHOWN_FAILURES = 5


def sweep_page(result: Mapping[str, Any], failures: Sequence[Mapping[str, Any]], way_on: str) -> Page:
    """Return the page of a sweep.

    Parameters
    ----------
    result
        Its JSON object.
    failures
        Runs that failed: point, replication, error_kind and error_message.
    way_on
        Command that goes on with it.
    """
    done, failed, runs = result["done"], result["failed"], result["runs"]
    left = result["left"]
    words = f"{done:,} of {runs:,} runs of {result['scenario']} are done ({_method(result)})"
    words += f", {failed:,} failed" if failed else ""
    blocks: list[Any] = [Text(f"{words}. They are in {result['folder']}.", "good" if not failed else "plain")]
    if result["stopped"] or left:
        why = f"Stopped: {result['stopped']}. " if result["stopped"] else ""
        blocks.append(
            Text(f"{why}{left:,} run{'s' if left != 1 else ''} left. Go on with: {way_on}", "warning")
        )
    elif done + failed < runs:
        blocks.append(
            Text(
                f"Share {result['shard']} is done. When all shares are, join them with: "
                "channelsim sweep --merge FOLDER FOLDER ... --out NEW"
            )
        )
    if failures:
        blocks.append(_failures(failures, failed))
    path = result["parameters"][0] if result["parameters"] else ""
    for low, high in result["spans"]:
        blocks.append(Text(f"Found between {low:.6g} and {high:.6g} ({path}).", "headline"))
    return Page(tuple(blocks))


def _method(result: Mapping[str, Any]) -> str:
    points = result["runs"] // result["replications"]
    name = result["design"].replace("_", " ")
    return f"{name}: {points:,} points x {result['replications']:,} replications"


def _failures(failures: Sequence[Mapping[str, Any]], count: int) -> Any:
    rows: list[tuple[str, ...] | Row] = [
        (
            str(one["point"]),
            str(one["replication"]),
            str(one["error_kind"]),
            _short(str(one["error_message"])),
        )
        for one in failures[:_SHOWN_FAILURES]
    ]
    notes = [f"{count - len(rows):,} more are in the table of runs."] if count > len(rows) else []
    columns = [
        Column("point"),
        Column("replication"),
        Column("error", words=True),
        Column("message", words=True),
    ]
    return table("Runs that failed (--rerun-failed simulates them again)", columns, rows, notes)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 3] + "..."


def forecast_page(forecast: Mapping[str, Any]) -> Page:
    """Return the page of a dry run."""
    per_run = duration(forecast["seconds_per_run"])
    rows: list[tuple[str, ...] | Row] = [
        ("points", f"{forecast['points']:,}"),
        ("runs", f"{forecast['runs']:,}"),
        ("at the same time", f"{forecast['workers']:,}"),
        ("time of one run", per_run),
        ("time of the sweep", duration(forecast["seconds"])),
        ("room on the disk", size(forecast["bytes"])),
        ("room that is free", size(forecast["free_bytes"])),
    ]
    notes = [f"Told by {forecast['probed']:,} runs spread over the design; nothing was kept."]
    if forecast["failed"]:
        notes.append(f"{forecast['failed']:,} of them failed.")
    columns = [Column("", words=True), Column("about")]
    blocks: list[Any] = [table("What the sweep will take", columns, rows, notes)]
    if forecast["bytes"] > forecast["free_bytes"]:
        blocks.append(Text("The disk has too little room.", "bad"))
    return Page(tuple(blocks))


def duration(seconds: float) -> str:
    """Return a time as a person says it.

    >>> duration(0.0123), duration(75.0), duration(9000.0)
    ('12 ms', '1 min 15 s', '2 h 30 min')
    """
    if seconds < 1.0:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60.0:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def size(count: int) -> str:
    """Return a number of bytes as a person says it.

    >>> size(1234), size(25_000_000)
    ('1 kB', '25 MB')
    """
    amount, unit = float(count), "bytes"
    for bigger in ("kB", "MB", "GB", "TB"):
        if amount < 1000.0:
            break
        amount, unit = amount / 1000.0, bigger
    return f"{amount:.0f} {unit}"
