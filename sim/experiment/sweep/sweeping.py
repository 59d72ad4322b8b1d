"""Doing a sweep: from a plan to a folder of results that can be left alone overnight."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.cache import sources_stamp
from sim.experiment.errors import ExperimentError, RecordError
from sim.experiment.jobs import Simulate, real_simulate
from sim.experiment.record import MANIFEST
from sim.experiment.seeds import replication_seeds
from sim.experiment.sweep import refinement
from sim.experiment.sweep.axes import Dimension, dimensions_of
from sim.experiment.sweep.design import Point, points_of
from sim.experiment.sweep.driver import Driver
from sim.experiment.sweep.lock import FolderLock
from sim.experiment.sweep.manifest import (
    manifest_of,
    read_manifest,
    read_points,
    refuse_another,
    write_description,
    write_design,
)
from sim.experiment.sweep.places import Place, place_for
from sim.experiment.sweep.plan import Plan
from sim.experiment.sweep.result import INTERRUPTED, TOO_MANY_FAILURES, Swept
from sim.experiment.sweep.setting import refuse_without_effect, scenario_of
from sim.experiment.sweep.shard import WHOLE, Shard
from sim.experiment.sweep.stopping import Stop, stoppable
from sim.experiment.sweep.store import PARTS, Store, disk_error
from sim.experiment.sweep.work import Context, Task
from sim.kpi import KPIS
from sim.scenario.problems import ScenarioError, nearest

if TYPE_CHECKING:
    from sim.scenario import Scenario

Progress = Callable[[int, int, int], None]
Notice = Callable[[str], None]


@dataclass(frozen=True)
class Prepared:
    """A plan that has been looked up: nothing is simulated yet.

    Attributes
    ----------
    plan
        What was asked for.
    scenario
        Its scenario, with the plan's changes.
    dimensions
        Its parameters; empty for a table.
    points
        Its points; of an adaptive design, those of the first batch.
    """

    plan: Plan
    scenario: Scenario
    dimensions: tuple[Dimension, ...]
    points: tuple[Point, ...]

    def tasks(self, points: Sequence[Point], shard: Shard = WHOLE) -> Iterator[Task]:
        """Yield the runs of some points that a shard does, in the order of the design."""
        seeds = replication_seeds(self.plan.seed, self.plan.replications)
        for point in points:
            for index, seed in enumerate(seeds):
                if shard.has(point.number * len(seeds) + index):
                    yield Task(point.number, index, point.values, seed)

    def context(self, simulate: Simulate) -> Context:
        """Return what all runs share."""
        return Context(self.scenario, self.plan.engine, self.plan.tables, sources_stamp(), simulate)


def prepare(plan: Plan) -> Prepared:
    """Look up everything that a plan names.

    Raises
    ------
    sim.scenario.problems.ScenarioError
        For a scenario, parameter, value or table that is not allowed, with every problem found.
    """
    scenario = scenario_of(plan)
    refuse_without_effect(plan)
    adaptive = plan.design.adaptive
    if adaptive is not None and adaptive.metric not in KPIS:
        words = f"unknown figure '{adaptive.metric}'{nearest(adaptive.metric, list(KPIS))}"
        found_at = plan.problem("design.adaptive.metric", words, ("design", "adaptive", "metric"))
        raise ScenarioError([found_at])
    dimensions = dimensions_of(plan, scenario)
    return Prepared(plan, scenario, dimensions, points_of(plan, dimensions, scenario))


@dataclass
class _Session:
    """One stretch of work on a sweep."""

    store: Store
    max_failures: int | None
    progress: Progress | None
    notice: Notice | None
    stop: Stop
    total: int = 0
    simulated: int = 0
    failed: int = 0
    _noticed: bool = field(default=False)

    def accept(self, blocks: Sequence[bytes]) -> None:
        before = len(self.store.ended)
        self.failed += self.store.add(blocks)
        self.simulated += len(self.store.ended) - before
        if self.progress is not None:
            self.progress(self.simulated, self.total, self.failed)

    def halted(self) -> bool:
        if self.stop.asked and not self._noticed:
            self._noticed = True
            if self.notice is not None:
                self.notice("Finishing the runs under way; once more stops at once.")
        return self.stopped() != ""

    def stopped(self) -> str:
        if self.stop.asked:
            return INTERRUPTED
        if self.max_failures is not None and self.failed > self.max_failures:
            return TOO_MANY_FAILURES
        return ""


def sweep(
    plan: Plan,
    out: Path | str,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    resume: bool = False,
    rerun_failed: bool = False,
    shard: Shard | str | None = None,
    max_failures: int | None = None,
    simulate: Simulate | None = None,
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> Swept:
    """Simulate every point of a plan and keep what comes out in a folder.

    The results do not depend on the number of workers, on where they are, on the order in which they finish,
    nor on how often the sweep was interrupted.

    Parameters
    ----------
    plan
        What to simulate.
    out
        Folder of the results, made if need be.
    workers
        Processes of this machine; None takes every core, 1 works in this process.
    cluster
        Address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``, instead of own processes.
    resume
        Go on with what is in the folder; without it a folder that holds a sweep is refused.
    rerun_failed
        Simulate again what failed; it implies ``resume``.
    shard
        Only this share of the runs, such as ``2/3``; shares are joined by :func:`merge`.
    max_failures
        Stop when more runs than this have failed.
    simulate
        Another simulation than the product's own: a module-level function with the same signature.
    progress
        Called with (runs simulated, runs to simulate, failed) after each chunk.
    notice
        Called with what a person at the screen should know.

    Returns
    -------
    Swept
        The folder; ``stopped`` says whether the session ended early, for example by Ctrl-C.

    Raises
    ------
    sim.scenario.problems.ScenarioError
        If the plan names something that is not allowed.
    RecordError
        If the folder is in use, holds something else, is damaged or cannot be written; or a cluster does not
        answer. What was finished is kept.
    ExperimentError
        If the arguments do not go together.
    """
    share = Shard.parse(shard) if isinstance(shard, str) else shard or WHOLE
    if plan.design.adaptive is not None and not share.is_whole:
        raise ExperimentError(
            "an adaptive design cannot be sharded: each batch depends on all results before it; use a cluster"
        )
    if max_failures is not None and max_failures < 0:
        raise ExperimentError(f"max_failures must be at least 0 (found {max_failures})")
    function = simulate or real_simulate
    ready = prepare(plan)
    manifest = manifest_of(plan, ready.scenario, ready.points)
    with (
        stoppable() as stop,
        _opened(Path(out), ready, manifest, share, resume=resume or rerun_failed) as store,
    ):
        if rerun_failed:
            store.forget_failed()
        session = _Session(store, max_failures, progress, notice, stop)
        spans = _work(ready, session, share, lambda: place_for(workers, cluster, function), function)
        store.flush()
        unfinished = session.simulated < session.total or plan.design.adaptive is not None
        stopped = session.stopped() if unfinished else ""
        return Swept(store.folder, manifest, stopped, session.simulated, spans, share)


def _opened(
    folder: Path, ready: Prepared, manifest: Mapping[str, Any], shard: Shard, *, resume: bool
) -> Store:
    """Take hold of the folder; the manifest is in it when this returns."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(folder, shard)
    except OSError as error:
        raise _unusable(folder, error) from error
    try:
        if (folder / MANIFEST).exists():
            refuse_another(folder, read_manifest(folder), manifest)
            if not resume and (shard.is_whole or _has_begun(folder, shard)):
                raise RecordError(
                    f"{folder} already holds this sweep; --resume goes on with it, or choose another folder"
                )
        else:
            write_design(folder, manifest["parameters"], ready.points)
            write_description(folder, manifest, ready.scenario)
        return Store(folder, shard, ready.plan.tables, lock)
    except BaseException as error:
        lock.release()
        if isinstance(error, OSError):
            raise _unusable(folder, error) from error
        raise


def _unusable(folder: Path, error: OSError) -> RecordError:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return RecordError(f"{folder} is a file, not a folder")
    return disk_error(folder, error, kept=False)


def _has_begun(folder: Path, shard: Shard) -> bool:
    written = any((folder / PARTS).glob(f"*-{shard.label}-*.parquet"))
    return written or (folder / f".journal-{shard.label}").exists()


def _work(
    ready: Prepared, session: _Session, shard: Shard, place_of: Callable[[], Place], simulate: Simulate
) -> tuple[tuple[float, float], ...]:
    """Simulate what is missing, batch after batch; return what an adaptive design has found."""
    plan, store = ready.plan, session.store
    adaptive = plan.design.adaptive
    points = ready.points
    if adaptive is not None:
        points = read_points(store.folder, [dimension.path for dimension in ready.dimensions])
    place: Place | None = None
    spans: tuple[tuple[float, float], ...] = ()
    clean = False
    try:
        while True:
            missing = [task for task in ready.tasks(points, shard) if task.place not in store.ended]
            session.total += len(missing)
            if missing and not session.halted():
                place = place or place_of()
                driver = Driver(place, ready.context(simulate), session.accept, session.halted)
                driver.run(missing, len(missing))
            if adaptive is None or session.halted():
                break
            known = refinement.Readings.of(points, store.figures(adaptive.metric), plan.replications)
            if len(known.points) < 2:
                raise ExperimentError(
                    f"fewer than two points have {adaptive.metric} in all replications, "
                    "so there is nothing to refine"
                )
            spans = refinement.brackets(adaptive, ready.dimensions, known)
            more = refinement.next_batch(adaptive, ready.dimensions, points, known)
            if not more:
                break
            points += more
            write_design(store.folder, [dimension.path for dimension in ready.dimensions], points)
        clean = True
    finally:
        if place is not None:
            place.close(at_once=not clean)
    return spans
