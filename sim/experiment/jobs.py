"""Runs as jobs: on one process or several, with the same digits in the same order.

Only a compact summary of a run crosses from a worker to the study; books and event logs stay where they were
made.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import multiprocessing.connection
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError, RunFailedError
from sim.experiment.given import check_scenarios

if TYPE_CHECKING:
    from sim.scenario import Scenario

Simulate = Callable[..., Any]
Progress = Callable[[int, int], None]
Arrived = Callable[[int, "Summary | Failure"], None]

PRELOADED = ["sim.experiment.jobs", "sim.world"]


@dataclass(frozen=True)
class GrowthPlan:
    """Growth within one history instead of a year at each size; the job's scenario is where it ends.

    Attributes
    ----------
    months
        Length of the growth.
    volume
        Demand at its end, relative to its beginning.
    opening
        Whether pickup points open as demand grows, each with a vacancy to fill.
    """

    months: int
    volume: float
    opening: bool = False


@dataclass(frozen=True)
class Options:
    """How a history is simulated, besides scenario and seed.

    Attributes
    ----------
    engine
        ``compiled`` or ``reference``.
    visits
        ``split`` or ``each``.
    sized_for
        Scenario whose expected demand sizes staff, stock and points; None: the scenario itself.
    growth
        Growth through the history; None: none.
    """

    engine: str = "compiled"
    visits: str = "split"
    sized_for: Scenario | None = None
    growth: GrowthPlan | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what tells these options apart, as plain data."""
        return {
            "engine": self.engine,
            "visits": self.visits,
            "sized_for": None if self.sized_for is None else self.sized_for.hash,
            "growth": None if self.growth is None else asdict(self.growth),
        }


DEFAULT_OPTIONS = Options()


@dataclass(frozen=True)
class Job:
    """One history to simulate.

    Attributes
    ----------
    scenario
        The world.
    seed
        Seed of the history, already spawned.
    options
        How to simulate it.
    weight
        Expected work relative to other jobs; heavy jobs start first. It changes no digit.
    """

    scenario: Scenario
    seed: int
    options: Options = DEFAULT_OPTIONS
    weight: float = field(default=1.0, compare=False)

    def __post_init__(self) -> None:
        check_scenarios(scenario=self.scenario)

    def key(self) -> str:
        """Return a name for the history: equal keys mean equal digits (within one version of the model)."""
        parts = [self.scenario.hash, self.seed, self.options.as_dict()]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Summary:
    """What a study keeps of a run.

    Attributes
    ----------
    scenario_hash, seed, start, model_version
        Which run it was; ``start`` is ``mature`` or ``launch``.
    kpis
        KPI values by name (sim.kpi has units and meanings).
    accounts
        Yuan by account over the measured period, expenses positive, income negative.
    accounts_by_channel
        The same by channel.
    orders_by_channel
        Orders by channel.
    funnel
        Rows by channel and source: visits, orders, sales and costs (see :class:`sim.run.Funnel`).
    contacts
        Service contacts by cause.
    weeks
        Rows by source and week, of a history that was told week by week (see :mod:`sim.experiment.panel`).
    """

    scenario_hash: str
    seed: int
    start: str
    model_version: str
    kpis: dict[str, float]
    accounts: dict[str, float]
    accounts_by_channel: dict[str, dict[str, float]]
    orders_by_channel: dict[str, float]
    funnel: tuple[dict[str, Any], ...] = ()
    contacts: dict[str, float] = field(default_factory=dict)
    weeks: tuple[dict[str, Any], ...] = ()

    @classmethod
    def of(cls, run: Any) -> Summary:
        """Summarise a run."""
        return cls(
            scenario_hash=str(run.scenario_hash),
            seed=int(run.seed),
            start=str(run.start),
            model_version=str(run.model_version),
            kpis=_floats(run.kpis),
            accounts=_floats(run.accounts),
            accounts_by_channel={
                name: _floats(accounts) for name, accounts in run.accounts_by_channel.items()
            },
            orders_by_channel=_floats(run.orders_by_channel),
            funnel=tuple(asdict(row) for row in getattr(run, "funnel", ())),
            contacts=_floats(getattr(run, "contacts", {})),
            weeks=tuple(getattr(run, "weeks", ())),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain data that JSON keeps to the last digit."""
        return asdict(self)


def _floats(values: Mapping[str, Any]) -> dict[str, float]:
    return {str(name): float(value) for name, value in values.items()}


@dataclass(frozen=True)
class Failure:
    """A history that raised an error.

    Attributes
    ----------
    kind
        Name of the exception.
    message
        Its first line.
    """

    kind: str
    message: str


def real_simulate(scenario: Scenario, seed: int, **options: Any) -> Any:
    """Simulate one history of the product's own world."""
    from sim.world import simulate

    return simulate(scenario, seed, **options)


def _growth(plan: GrowthPlan | None) -> Any:
    if plan is None:
        return None
    from sim.growth import Growth

    return Growth(plan.months, plan.volume, plan.opening)


def perform(job: Job, simulate: Simulate = real_simulate) -> Summary | Failure:
    """Simulate one job in this process.

    Errors become data: a study of thousands of runs must not die of one of them.
    """
    options = job.options
    arguments: dict[str, Any] = {"engine": options.engine, "visits": options.visits}
    if options.sized_for is not None:
        arguments["sized_for"] = options.sized_for
    if options.growth is not None:
        arguments["growth"] = _growth(options.growth)
    try:
        return Summary.of(simulate(job.scenario, job.seed, **arguments))
    except Exception as error:  # noqa: BLE001 - whatever a world raises is reported as this run's failure
        lines = str(error).strip().splitlines()
        return Failure(type(error).__name__, lines[0] if lines else "no message")


def live_and_die_with_parent() -> None:
    """Start a watch that ends this worker when the study's process is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def main_kept_out(simulate: Simulate) -> Iterator[None]:
    """Let new workers start without the program that asked for them.

    A worker would otherwise run the main script again up to its guard: a script without one, or a page of the
    browser door, would start its own studies inside the worker. Only a simulation that lives in the script
    needs it there.
    """
    function = getattr(simulate, "func", simulate)  # a partial hides the function it wraps
    main = sys.modules["__main__"]
    if getattr(function, "__module__", "") == "__main__":
        yield
        return
    kept: dict[str, Any] = {name: vars(main)[name] for name in ("__file__", "__spec__") if name in vars(main)}
    vars(main).pop("__file__", None)
    vars(main)["__spec__"] = None
    try:
        yield
    finally:
        vars(main).update(kept)


def available_workers() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class WorkerPool:
    """Worker processes that stay warm between batches of jobs.

    Parameters
    ----------
    workers
        Number of processes; 1 works in this process. None: one per available core.
    simulate
        What simulates a history; a module-level function, because workers import it by name.

    Raises
    ------
    ExperimentError
        If ``workers`` is below 1.
    """

    def __init__(self, workers: int | None = None, simulate: Simulate | None = None) -> None:
        if workers is not None and workers < 1:
            raise ExperimentError(f"workers must be at least 1 (found {workers})")
        self.workers = available_workers() if workers is None else workers
        self.simulate: Simulate = real_simulate if simulate is None else simulate
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the workers go; open work is dropped."""
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)

    def run(
        self, jobs: Sequence[Job], progress: Progress | None = None, arrived: Arrived | None = None
    ) -> list[Summary | Failure]:
        """Simulate jobs and return their outcomes in the order of the jobs.

        Parameters
        ----------
        jobs
            What to simulate.
        progress
            Called with (done, total) after each job, in this process.
        arrived
            Called with (index, outcome) as each job ends, so that an interrupted study keeps what it has.

        Raises
        ------
        RunFailedError
            If a worker process died, for example for want of memory.
        """
        outcomes: list[Summary | Failure | None] = [None] * len(jobs)
        for done, (index, outcome) in enumerate(self._outcomes(jobs), start=1):
            outcomes[index] = outcome
            if arrived is not None:
                arrived(index, outcome)
            if progress is not None:
                progress(done, len(jobs))
        return [outcome for outcome in outcomes if outcome is not None]

    def _outcomes(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Summary | Failure]]:
        if self.workers == 1 or len(jobs) < 2:
            yield from ((index, perform(job, self.simulate)) for index, job in enumerate(jobs))
            return
        with self._workers() as executor:
            # Longest first keeps all workers busy to the end; few at a time keeps memory flat however many
            # there are.
            order = iter(sorted(range(len(jobs)), key=lambda index: (-jobs[index].weight, index)))
            open_work: dict[Future[Summary | Failure], int] = {}
            while True:
                while len(open_work) < 3 * self.workers and (index := next(order, None)) is not None:
                    with main_kept_out(self.simulate):
                        open_work[executor.submit(perform, jobs[index], self.simulate)] = index
                if not open_work:
                    return
                finished, _ = wait(open_work, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield open_work.pop(future), future.result()

    @contextmanager
    def _workers(self) -> Iterator[ProcessPoolExecutor]:
        if self._executor is None:
            context = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
            if os.name == "posix":
                context.set_forkserver_preload(PRELOADED)
            self._executor = ProcessPoolExecutor(self.workers, context, live_and_die_with_parent)
        try:
            yield self._executor
        except BrokenProcessPool as error:
            self._executor = None
            raise RunFailedError(
                "a worker process ended unexpectedly; the memory may have run out"
            ) from error
        except BaseException:
            self._stop_at_once()
            raise

    def _stop_at_once(self) -> None:
        """Interrupted: end the workers without waiting for the histories they are in."""
        executor, self._executor = self._executor, None
        if executor is None:
            return
        processes = list((executor._processes or {}).values())
        executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()


def run_many(
    jobs: Sequence[Job],
    workers: int | None = 1,
    *,
    simulate: Simulate | None = None,
    progress: Progress | None = None,
) -> list[Summary | Failure]:
    """Simulate jobs and return summaries (or failures) in the order of the jobs.

    The digits do not depend on the number of workers nor on which of them finished first.

    Parameters
    ----------
    jobs
        What to simulate.
    workers
        Processes; 1 works in this process, None takes every available core.
    simulate
        Another simulation than the product's own: a module-level function with the same signature.
    progress
        Called with (done, total).
    """
    with WorkerPool(workers, simulate) as pool:
        return pool.run(jobs, progress)
