"""Long studies in portions: after so many histories a page is told how far they came, and they go on.

A study is one call that returns its result at the end. It is called with a runner that gives out a limited
number of histories and then breaks the call off; what was simulated is kept, so the next call with a larger
allowance begins where the last one ended. Digits are those of the undivided call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.experiment.runner import Runner
from sim.ui.question import Stage

if TYPE_CHECKING:
    from sim.experiment.jobs import Failure, Job, Summary

SHARES = (0.1, 0.35, 0.7)
"""Parts of all histories after which a page is told. Fixed, so that two workers number stages alike; few,
because every portion works out its worlds anew."""
UNDERWAY = "the picture comes at the end"


class Unfinished(Exception):  # noqa: N818 - no error: the rest of a study is still to come
    """A study asked for more histories than this portion has."""


class Portion(Runner):
    """A runner that gives out a limited number of different histories.

    Parameters
    ----------
    runner
        Who simulates and keeps.
    most
        How many different histories; None: all that are asked for.
    """

    def __init__(self, runner: Runner, most: int | None = None) -> None:
        super().__init__(1, cache=runner.cache)
        self._runner = runner
        self._most = most
        self._given: set[str] = set()

    def outcomes(self, jobs: Sequence[Job]) -> list[Summary | Failure]:
        """Return summaries or failures in the order of the jobs.

        Raises
        ------
        Unfinished
            When the allowance is used up; what it allowed is simulated and kept by then.
        """
        fresh: dict[str, Job] = {}
        for job in jobs:
            key = job.key()
            if key not in self._given:
                fresh.setdefault(key, job)
        room = None if self._most is None else self._most - len(self._given)
        if room is not None and len(fresh) > room:
            self._runner.outcomes(list(fresh.values())[:room])
            raise Unfinished
        self._given |= fresh.keys()
        return self._runner.outcomes(jobs)


def in_portions(
    runner: Runner,
    total: int,
    study: Callable[[Runner], Mapping[str, Any]],
    so_far: Mapping[str, Any] | None = None,
    note: str = UNDERWAY,
    before: int = 0,
) -> Iterator[Stage]:
    """Conduct a study in portions and yield how far it came; the last stage has its result.

    Parameters
    ----------
    runner
        Who simulates and keeps.
    total
        Histories of the study.
    study
        Conducts it with a runner and returns plain data.
    so_far
        What is shown until the end, such as the result of a smaller study; nothing if None.
    note
        What limits that.
    before
        Histories that are behind ``so_far`` already: no portion is smaller.
    """
    for share in SHARES:
        most = max(1, round(share * total))
        if most <= before:
            continue
        try:
            found = study(Portion(runner, most))
        except Unfinished:
            yield Stage(most, total, dict(so_far or {}), note)
        else:
            yield Stage(total, total, dict(found))
            return
    yield Stage(total, total, dict(study(runner)))
