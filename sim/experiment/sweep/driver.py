"""The driver of a sweep: hands runs out in chunks, takes each back once, survives the loss of workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from sim.experiment.sweep.places import Place, PlaceError
from sim.experiment.sweep.work import Context, Done, OtherModelError, Task, failure, work

CHUNK_SECONDS = 0.75
"""Work that travels together: long enough that travelling costs nothing, short enough that little is lost."""
_LARGEST_CHUNK = 2_000
_TRIES = 3
_LOOK_SECONDS = 0.25
# What a future says when its worker or its cluster is gone; Dask's own errors are known by name.
_LOST = {"BrokenProcessPool", "KilledWorker", "CancelledError", "FutureCancelledError"}

Accept = Callable[[Sequence[bytes]], None]


class Driver:
    """Gets tasks done at a place.

    Parameters
    ----------
    place
        Where they are simulated.
    context
        What they share.
    accept
        Called with the packed runs of each chunk, in this process; what it returns from is kept.
    halted
        Asked again and again; once it says so, nothing new is started and what runs is finished.

    Attributes
    ----------
    runs, busy_seconds
        Runs taken back, and the time that workers spent on them.
    """

    def __init__(
        self, place: Place, context: Context, accept: Accept, halted: Callable[[], bool] = lambda: False
    ) -> None:
        self._place = place
        self._context = context
        self._accept = accept
        self._halted = halted
        self._open: dict[Future[Done], list[Task]] = {}
        self._suspects: deque[Task] = deque()
        self._tries: dict[tuple[int, int], int] = {}
        self._seconds = 0.0
        self.runs = 0
        self.busy_seconds = 0.0
        self._left = 0

    def run(self, tasks: Iterable[Task], count: int) -> None:
        """Simulate tasks; return when all are accepted, or what was running when halted.

        Parameters
        ----------
        tasks
            What to simulate, in order.
        count
            How many they are.

        Raises
        ------
        PlaceError
            If the place does not answer any more or its workers cannot do the work.
        """
        self._left = count
        waiting = iter(tasks)
        while True:
            if not self._halted():
                self._fill(waiting)
            if not self._open and (self._halted() or not self._suspects):
                return
            finished, _ = wait(self._open, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            self._take(finished)

    # --- handing out ------------------------------------------------------------------------------

    def _fill(self, waiting: Iterator[Task]) -> None:
        """Hand out work: a suspect alone, everything else a few chunks at a time."""
        while not self._suspects and len(self._open) < self._place.window:
            chunk = list(islice(waiting, self._chunk_size()))
            if not chunk:
                return
            self._left -= len(chunk)
            self._submit(chunk)
            if self._halted():
                return
        if self._suspects and not self._open:
            self._submit([self._suspects.popleft()])

    def _chunk_size(self) -> int:
        """Return how many runs make a chunk; towards the end fewer, so that all workers end together."""
        if self._seconds <= 0.0:
            return 1
        wanted = min(int(CHUNK_SECONDS / self._seconds), _LARGEST_CHUNK)
        return max(1, min(wanted, -(-self._left // self._place.window)))

    def _submit(self, chunk: list[Task]) -> None:
        try:
            self._open[self._place.submit(work, self._context, chunk)] = chunk
        except BrokenProcessPool:
            self._recover(chunk)

    # --- taking back ------------------------------------------------------------------------------

    def _take(self, finished: set[Future[Done]]) -> None:
        lost: list[Task] = []
        for future in finished:
            chunk = self._open.pop(future)
            error = _error_of(future)
            if error is None:
                self._keep(future.result())
            elif type(error).__name__ in _LOST:
                lost += chunk
            elif isinstance(error, OtherModelError):
                raise PlaceError(f"a worker of {self._place.name} has another version of the model: {error}")
            else:
                raise PlaceError(
                    f"a worker of {self._place.name} cannot do the work: {type(error).__name__}: {error}"
                ) from error
        if lost:
            self._recover(lost)

    def _keep(self, done: Done) -> None:
        self.runs += len(done.blocks)
        self.busy_seconds += done.seconds
        each = done.seconds / len(done.blocks)
        self._seconds = each if self._seconds <= 0.0 else 0.7 * self._seconds + 0.3 * each
        self._accept(done.blocks)

    def _recover(self, lost: list[Task]) -> None:
        """Workers ended in the middle of something: do what they had again, one run at a time.

        One run at a time tells who brings its worker down: a run that does so again and again becomes a
        failure, and all others come through.
        """
        # A pool that has lost one worker gives all its open work back, as soon as it is asked.
        wait(self._open, timeout=_LOOK_SECONDS)
        for future in [one for one in self._open if one.done()]:
            chunk = self._open.pop(future)
            if _error_of(future) is None:
                self._keep(future.result())
            else:
                lost += chunk
        alone = len(lost) == 1
        for task in lost:
            tries = self._tries.get(task.place, 0) + alone
            self._tries[task.place] = tries
            if tries < _TRIES:
                self._suspects.append(task)
                continue
            words = f"its worker ended {tries} times while it ran alone; the memory may have run out"
            self._accept([failure(self._context, task, "WorkerLost", words)])
        self._place.renew()


def _error_of(future: Future[Done]) -> BaseException | None:
    try:
        return future.exception(timeout=0)
    except CancelledError as error:
        return error
