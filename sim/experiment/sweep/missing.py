"""Runs of a sweep that its folder does not hold: never finished, or deleted since."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from sim.experiment.errors import RecordError
from sim.experiment.sweep.parts import parts_in
from sim.experiment.sweep.shard import Shard
from sim.experiment.sweep.store import PARTS, Place
from sim.experiment.sweep.watching import in_journals

if TYPE_CHECKING:
    from sim.experiment.sweep.result import Swept

MOST_NAMED = 10
"""Points whose missing runs are named; the others are counted."""


def missing_runs(swept: Swept) -> list[Place]:
    """Return the runs, by point and replication, that the folder should hold and does not.

    A folder with parts of some shards only should hold the runs of these.
    """
    runs = swept.runs()
    there = set(zip(runs["point"].tolist(), runs["replication"].tolist(), strict=True))
    there |= {place for place, _ in in_journals(swept.folder)}
    replications = int(swept.manifest["replications"])
    shards = _shards(swept)
    wanted = (
        (int(point), replication) for point in swept.design()["point"] for replication in range(replications)
    )
    return [
        (point, replication)
        for point, replication in wanted
        if (point, replication) not in there
        and any(shard.has(point * replications + replication) for shard in shards)
    ]


def missing_note(swept: Swept) -> tuple[str, ...]:
    """Say which runs are not in the folder, where there are such.

    Raises
    ------
    RecordError
        If a part was deleted whose runs were finished and have not been simulated again.
    """
    missing = missing_runs(swept)
    if not missing:
        return ()
    said = f"{len(missing):,} of {_wanted(swept):,} runs"
    gone = _deleted_parts(swept)
    if gone:
        raise RecordError(
            f"{gone[0]} was deleted with the finished runs in it: {said} are not in {swept.folder} any more "
            f"({named(missing)}); --resume simulates them again"
        )
    return (f"{said} are not in the folder, never finished or deleted since: {named(missing)}",)


def named(places: Sequence[Place]) -> str:
    """Write runs by point.

    >>> named([(0, 1), (0, 2), (3, 0)])
    'point 0, replications 1 and 2; point 3, replication 0'
    """
    points = [
        (point, [str(replication) for _, replication in group])
        for point, group in groupby(places, key=lambda place: place[0])
    ]
    said = [
        f"point {point}, replication {numbers[0]}"
        if len(numbers) == 1
        else f"point {point}, replications {', '.join(numbers[:-1])} and {numbers[-1]}"
        for point, numbers in points[:MOST_NAMED]
    ]
    others = sum(len(numbers) for _, numbers in points[MOST_NAMED:])
    return "; ".join(said) + (f"; and {others:,} more" if others else "")


def _shards(swept: Swept) -> list[Shard]:
    """Return the shards that have worked in the folder; the whole sweep where none has."""
    labels = {part.shard for part in parts_in(swept.folder / PARTS)}
    labels |= {path.name.removeprefix(".journal-") for path in swept.folder.glob(".journal-*")}
    found = [Shard.parse(label.replace("of", "/")) for label in sorted(labels)]
    return found if found and not any(shard.is_whole for shard in found) else [Shard()]


def _wanted(swept: Swept) -> int:
    return sum(shard.size(swept.total) for shard in _shards(swept))


def _deleted_parts(swept: Swept) -> list[str]:
    """Return the names of parts whose number is passed over: parts are numbered from 1 within a shard."""
    numbers: dict[str, set[int]] = {}
    for part in parts_in(swept.folder / PARTS):
        numbers.setdefault(part.shard, set()).add(part.number)
    return [
        f"{PARTS}/*-{shard}-{number:05d}.parquet"
        for shard, known in sorted(numbers.items())
        for number in range(1, max(known))
        if number not in known
    ]
