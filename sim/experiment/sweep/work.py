"""What a worker does: simulate a few runs, one after the other, and pack their rows.

Errors of a run become its row: a sweep of thousands of runs must not die of one of them.
"""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sim
from sim.experiment.cache import sources_stamp
from sim.experiment.jobs import Job, Options, Simulate
from sim.experiment.sweep.blocks import FAILED, RunRecord, pack
from sim.experiment.sweep.rows import tables_of

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Task:
    """One run to simulate.

    Attributes
    ----------
    point, replication
        Place in the design.
    values
        What the point changes in the scenario.
    seed
        Seed of the history.
    """

    point: int
    replication: int
    values: tuple[tuple[str, Any], ...]
    seed: int

    @property
    def place(self) -> tuple[int, int]:
        """Point and replication."""
        return self.point, self.replication


@dataclass(frozen=True)
class Context:
    """What all runs of a sweep share.

    Attributes
    ----------
    scenario
        The scenario that points change.
    engine
        ``compiled`` or ``reference``.
    tables
        Tables to keep.
    stamp
        Hash of the model's sources in the process that asks; a worker with another one refuses.
    simulate
        What simulates a history: a module-level function.
    """

    scenario: Scenario
    engine: str
    tables: tuple[str, ...]
    stamp: str
    simulate: Simulate


@dataclass(frozen=True)
class Done:
    """What a worker hands back.

    Attributes
    ----------
    blocks
        Packed runs, in the order asked for.
    seconds
        Time spent on them.
    """

    blocks: tuple[bytes, ...]
    seconds: float


class OtherModelError(Exception):
    """A worker has another version of the model than the process that asks."""


def work(context: Context, tasks: Sequence[Task]) -> Done:
    """Simulate runs in this process.

    Raises
    ------
    OtherModelError
        If this process has another version of the model.
    """
    if sources_stamp() != context.stamp:
        raise OtherModelError(f"it has {sim.__version__} ({sources_stamp()}), asked for {context.stamp}")
    began = time.perf_counter()
    blocks = tuple(_packed(context, task) for task in tasks)
    return Done(blocks, time.perf_counter() - began)


def _packed(context: Context, task: Task) -> bytes:
    try:
        return _simulated(context, task)
    except Exception as error:  # noqa: BLE001 - whatever a world raises is reported as this run's failure
        lines = str(error).strip().splitlines()
        return failure(
            context, task, type(error).__name__, lines[0] if lines else "no message", _trace(error)
        )


def _simulated(context: Context, task: Task) -> bytes:
    scenario = _scenario_at(context.scenario, task.values)
    log = {"log": True} if "orders" in context.tables else {}
    run = context.simulate(scenario, task.seed, engine=context.engine, visits="split", **log)
    key = Job(scenario, task.seed, Options(engine=context.engine)).key()
    record = RunRecord(
        task.point,
        task.replication,
        task.seed,
        _name(context.stamp, key),
        scenario.hash,
        str(run.model_version),
    )
    return pack(record, tables_of(run, context.tables))


def failure(context: Context, task: Task, kind: str, message: str, trace: str = "") -> bytes:
    """Return the packed row of a run that went wrong."""
    key = json.dumps([context.scenario.hash, task.values, task.seed, context.engine], default=str)
    name = _name(context.stamp, key)
    parts = (task.point, task.replication, task.seed, name, "", sim.__version__)
    return pack(RunRecord(*parts, FAILED, kind, message, trace), {})


def _name(stamp: str, key: str) -> str:
    return hashlib.sha256(f"{stamp}|{key}".encode()).hexdigest()[:32]


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


@lru_cache(maxsize=4)
def _cached(scenario: Scenario, values: str) -> Scenario:
    """Return a scenario with the values of a point; its replications follow one another."""
    return scenario.with_values(dict(json.loads(values)))


def _scenario_at(scenario: Scenario, values: tuple[tuple[str, Any], ...]) -> Scenario:
    # As JSON, because values may be lists and mappings, which have no hash, and 1, 1.0 and True are equal.
    return _cached(scenario, json.dumps(values)) if values else scenario
