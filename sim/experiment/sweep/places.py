"""Where runs are simulated: in this process, on this machine's cores, or on a Dask cluster.

Each place is an executor of the standard ``concurrent.futures`` interface, so one driver serves them all.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from typing import Any, Protocol

from sim.experiment.errors import ExperimentError, RecordError
from sim.experiment.jobs import (
    PRELOADED,
    Simulate,
    available_workers,
    live_and_die_with_parent,
    main_kept_out,
)

# One chunk under way and one waiting, so that no worker waits for the next.
_CHUNKS_PER_SLOT = 2
_CONNECT_SECONDS = 20.0
_COUNT_SECONDS = 2.0


class PlaceError(RecordError):
    """Where the runs should be simulated does not answer, or cannot do it."""


class Place(Protocol):
    """Somewhere that runs are simulated.

    Attributes
    ----------
    name
        How it is called on screen.
    """

    name: str

    @property
    def slots(self) -> int:
        """Number of runs it works on at the same time."""

    @property
    def window(self) -> int:
        """Number of chunks that are handed out at the same time."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Start some work."""

    def renew(self) -> None:
        """Start again after workers were lost."""

    def close(self, *, at_once: bool = False) -> None:
        """Let the workers go, after what they are doing or at once."""


class InThisProcess:
    """One run after the other, in the process that asks."""

    name = "this process"
    slots = 1
    window = 1

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Do the work; the future is finished."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:  # noqa: BLE001 - handed to whoever asks for the result
            future.set_exception(error)
        return future

    def renew(self) -> None:
        """Nothing was lost."""

    def close(self, *, at_once: bool = False) -> None:
        """There is nobody to let go."""


class OwnProcesses:
    """Worker processes of this machine; they go when the process that asks goes, however it goes.

    Parameters
    ----------
    workers
        Number of processes.
    simulate
        What they will simulate with.
    """

    def __init__(self, workers: int, simulate: Simulate) -> None:
        self.name = f"{workers} processes"
        self.slots = workers
        self.window = _CHUNKS_PER_SLOT * workers
        self._simulate = simulate
        self._executor: ProcessPoolExecutor | None = None

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Start some work in one of the processes."""
        if self._executor is None:
            self._executor = self._started()
        with main_kept_out(self._simulate):
            return self._executor.submit(function, *arguments)

    def _started(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
        if os.name == "posix":
            _start_server(context)
        return ProcessPoolExecutor(self.slots, context, live_and_die_with_parent)

    def renew(self) -> None:
        """Start new processes with the next work."""
        self.close(at_once=True)

    def close(self, *, at_once: bool = False) -> None:
        """Let the processes go."""
        executor, self._executor = self._executor, None
        if executor is None:
            return
        processes = list((executor._processes or {}).values())
        executor.shutdown(wait=not at_once, cancel_futures=True)
        if at_once:
            for process in processes:
                process.kill()


def _start_server(context: Any) -> None:
    """Start the process that workers are copied from, deaf to Ctrl-C: only the asking process answers it."""
    from multiprocessing import forkserver

    context.set_forkserver_preload(PRELOADED)
    if threading.current_thread() is not threading.main_thread():
        return
    answer = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, answer)


class Cluster:
    """A Dask cluster: its scheduler and workers were started by their own commands.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    PlaceError
        If nobody answers there, or no worker is connected.
    ExperimentError
        If Dask is not installed.
    """

    def __init__(self, address: str) -> None:
        try:
            from dask import distributed
        except ModuleNotFoundError:
            raise ExperimentError("a cluster needs Dask: pip install 'channelsim[cluster]'") from None
        self.name = f"the cluster at {address}"
        try:
            connect: Any = distributed.Client  # Dask says nothing of its types
            self._client = connect(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise PlaceError(f"{self.name} does not answer; is `dask scheduler` running there?") from error
        self._executor: Executor = self._client.get_executor(pure=False)
        self._counted, self._count = -_COUNT_SECONDS, 0
        if self.slots == 0:
            self.close(at_once=True)
            raise PlaceError(f"{self.name} has no workers; start some with `dask worker {address}`")

    @property
    def slots(self) -> int:
        """Threads of all workers that are connected; they may come and go."""
        now = time.monotonic()
        if now - self._counted >= _COUNT_SECONDS:
            try:
                self._count = sum(self._client.nthreads().values())
            except (OSError, TimeoutError) as error:
                raise PlaceError(f"{self.name} does not answer any more") from error
            self._counted = now
        return self._count

    @property
    def window(self) -> int:
        """Number of chunks that are handed out at the same time."""
        return _CHUNKS_PER_SLOT * max(self.slots, 1)

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Start some work on one of the workers."""
        return self._executor.submit(function, *arguments)

    def renew(self) -> None:
        """Workers come and go by themselves; without a scheduler there is no going on.

        Raises
        ------
        PlaceError
            If it is gone.
        """
        if self._client.status != "running":
            raise PlaceError(f"{self.name} does not answer any more")

    def close(self, *, at_once: bool = False) -> None:
        """Leave the cluster as it is."""
        if not at_once:
            self._executor.shutdown(wait=False)
        self._client.close(timeout=5)


def place_for(workers: int | None, cluster: str | None, simulate: Simulate) -> Place:
    """Return where to simulate.

    Parameters
    ----------
    workers
        Processes of this machine; 1 works in this process, None takes every core.
    cluster
        Address of a Dask scheduler instead.
    simulate
        What will simulate.

    Raises
    ------
    ExperimentError
        If both are given or ``workers`` is below 1.
    PlaceError
        If the cluster does not answer.
    """
    if workers is not None and workers < 1:
        raise ExperimentError(f"workers must be at least 1 (found {workers})")
    if cluster is not None:
        if workers is not None:
            raise ExperimentError("a cluster has its own workers; give --workers or --cluster, not both")
        return Cluster(cluster)
    count = available_workers() if workers is None else workers
    return InThisProcess() if count == 1 else OwnProcesses(count, simulate)
