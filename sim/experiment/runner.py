"""One study's runs: the same history is never simulated twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.experiment.cache import RunCache
from sim.experiment.errors import RunFailedError
from sim.experiment.jobs import Failure, Job, Simulate, Summary, WorkerPool


class Runner:
    """Simulates jobs, remembers their summaries, and may keep them on disk.

    Parameters
    ----------
    workers
        Processes; None takes every available core, 1 works in this process.
    simulate
        Another simulation than the product's own (a module-level function).
    cache
        Where summaries are kept between studies; None: nowhere.
    progress
        Called with (runs done, runs asked for so far) over the life of the runner.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        simulate: Simulate | None = None,
        cache: RunCache | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.pool = WorkerPool(workers, simulate)
        self.cache = cache
        self.progress = progress
        self.simulated = 0
        self._known: dict[str, Summary | Failure] = {}
        self._asked = 0
        self._done = 0

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the worker processes go."""
        self.pool.close()

    def outcomes(self, jobs: Sequence[Job]) -> list[Summary | Failure]:
        """Return summaries or failures in the order of the jobs."""
        keys = [job.key() for job in jobs]
        missing: dict[str, Job] = {}
        for key, job in zip(keys, jobs, strict=True):
            if key in self._known or key in missing:
                continue
            kept = self.cache.get(key) if self.cache is not None else None
            if kept is None:
                missing[key] = job
            else:
                self._known[key] = kept
        if missing:
            self._simulate(missing)
        return [self._known[key] for key in keys]

    def summaries(self, jobs: Sequence[Job]) -> list[Summary]:
        """Return summaries in the order of the jobs.

        Raises
        ------
        RunFailedError
            If a run failed: which scenario, which seed and why.
        """
        found: list[Summary] = []
        for job, outcome in zip(jobs, self.outcomes(jobs), strict=True):
            if isinstance(outcome, Failure):
                which = f"scenario '{job.scenario.name}' with seed {job.seed}"
                raise RunFailedError(f"{which} failed: {outcome.kind}: {outcome.message}")
            found.append(outcome)
        return found

    def _simulate(self, missing: dict[str, Job]) -> None:
        before = self._done
        self._asked += len(missing)

        def report(done: int, _: int) -> None:
            self._done = before + done
            if self.progress is not None:
                self.progress(self._done, self._asked)

        keys = list(missing)

        def arrived(index: int, outcome: Summary | Failure) -> None:
            self.simulated += 1
            self._known[keys[index]] = outcome
            if self.cache is not None and isinstance(outcome, Summary):
                self.cache.put(keys[index], outcome)

        self.pool.run(list(missing.values()), report, arrived)
