"""How long a sweep will take and how much room it needs, told by a few of its own runs."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiment.jobs import Simulate, real_simulate
from sim.experiment.sweep.blocks import FAILED, record_of
from sim.experiment.sweep.driver import Driver
from sim.experiment.sweep.parts import write_part
from sim.experiment.sweep.places import place_for
from sim.experiment.sweep.plan import Plan
from sim.experiment.sweep.shard import WHOLE, Shard
from sim.experiment.sweep.sweeping import Prepared, prepare
from sim.experiment.sweep.work import Task

_PROBE_SECONDS = 3.0
_LARGEST_PROBE = 400


@dataclass(frozen=True)
class Forecast:
    """What a sweep will take.

    Attributes
    ----------
    points, runs
        Size; of an adaptive design at most.
    parameters
        Paths that are varied.
    workers
        Runs simulated at the same time.
    probed, failed
        Runs simulated to find out, and how many of them failed.
    seconds_per_run
        Time of one run in one worker.
    seconds
        Time of the whole sweep.
    bytes
        Room on the disk.
    free_bytes
        Room that is there.
    """

    points: int
    runs: int
    parameters: tuple[str, ...]
    workers: int
    probed: int
    failed: int
    seconds_per_run: float
    seconds: float
    bytes: int
    free_bytes: int

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``sweep --dry-run --json``."""
        return {**asdict(self), "parameters": list(self.parameters)}


def forecast(
    plan: Plan,
    out: Path | str,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    shard: Shard | str | None = None,
    simulate: Simulate | None = None,
) -> Forecast:
    """Foretell time and room of a sweep; nothing is written into its folder.

    Runs spread over the whole design are simulated where the sweep would be, first to load what has to be
    loaded, then for some seconds with the clock running.

    Parameters
    ----------
    plan, out, workers, cluster, shard, simulate
        As in :func:`sim.experiment.sweep.sweep`.

    Raises
    ------
    sim.scenario.problems.ScenarioError, RecordError, ExperimentError
        As the sweep itself would.
    """
    share = Shard.parse(shard) if isinstance(shard, str) else shard or WHOLE
    function = simulate or real_simulate
    ready = prepare(plan)
    tasks = list(ready.tasks(ready.points, share))
    points = len(ready.points) if plan.design.adaptive is None else plan.design.adaptive.max_points
    runs = len(tasks) * points // len(ready.points)
    place = place_for(workers, cluster, function)
    context = ready.context(function)
    blocks: list[bytes] = []
    clean = False
    try:
        began = time.perf_counter()
        slots = place.slots
        first = Driver(place, context, blocks.extend)
        first.run(_spread(tasks, slots), min(slots, len(tasks)))
        start = max(time.perf_counter() - began - first.busy_seconds / slots, 0.0)
        again = Driver(place, context, blocks.extend)
        again.run(chosen := _spread(tasks, 2 * slots), len(chosen))
        wanted = int(_PROBE_SECONDS * slots * again.runs / max(again.busy_seconds, 1e-9))
        count = min(max(wanted, 2 * slots), _LARGEST_PROBE)
        timed = Driver(place, context, blocks.extend)
        timed.run(chosen := _spread(tasks, count), len(chosen))
        clean = True
    finally:
        place.close(at_once=not clean)
    each = timed.busy_seconds / max(timed.runs, 1)
    return Forecast(
        points=points,
        runs=runs,
        parameters=tuple(path for path, _ in ready.points[0].values),
        workers=slots,
        probed=len(blocks),
        failed=sum(record_of(block).status == FAILED for block in blocks),
        seconds_per_run=each,
        seconds=start + runs * each / min(slots, max(runs, 1)),
        bytes=_room(ready, blocks, runs),
        free_bytes=_free(Path(out)),
    )


def _spread(tasks: Sequence[Task], count: int) -> list[Task]:
    """Return some tasks, evenly from first to last: their work may differ along the design."""
    places = np.unique(np.linspace(0, len(tasks) - 1, min(count, len(tasks))).round().astype(int))
    return [tasks[place] for place in places.tolist()]


def _room(ready: Prepared, blocks: Sequence[bytes], runs: int) -> int:
    """Return the bytes of so many runs: a part's own bytes, and what every further run adds to it."""
    unique = list({record_of(block).place: block for block in blocks}.values())
    with tempfile.TemporaryDirectory() as folder:
        sizes = []
        for number, some in enumerate((unique[:1], unique), start=1):
            part = write_part(Path(folder), WHOLE.label, number, ready.plan.tables, some)
            names = ("runs", *ready.plan.tables)
            sizes.append(sum(part.path(table).stat().st_size for table in names))
    one, all_of_them = sizes
    more = (all_of_them - one) / max(len(unique) - 1, 1)
    return int(one + more * (runs - 1))


def _free(folder: Path) -> int:
    there = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    return shutil.disk_usage(there).free
