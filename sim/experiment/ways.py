"""The ways of orders from source to end, and the queues that they met, week by week.

A history is simulated as always; beside it somebody looks every hour at the queues and writes down what
stands there. Nothing is decided differently for it, so the digits are those of any other study.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.jobs import Summary
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seeds
from sim.experiment.statistics import Estimate, estimate
from sim.experiment.study import job_for
from sim.run import Run

if TYPE_CHECKING:
    from collections.abc import Generator

    from sim.scenario import Scenario
    from sim.world import World

HOURS_PER_WEEK = 168
OPEN = "open"
QUEUES: Mapping[str, tuple[str, str]] = {
    "warehouse": ("orders", "Orders that wait for a packer."),
    "chat_desk": ("visitors", "Visitors who wait for an answer before they decide."),
    "service": ("calls", "Calls that wait for an agent after delivery."),
    "points": ("parcels", "Parcels of the brand on the shelves of pickup points."),
    "couriers": ("parcels", "Parcels on their way to a door, second trips included."),
    "managers": ("jobs", "Jobs that wait for an area manager of a pickup layer."),
}
"""What is looked at every hour: unit and meaning."""
_WAITING = {"warehouse": ("pick_pack",), "chat_desk": ("chat_desk",), "service": ("service",)}
_INSIDE = {"couriers": ("door_trip", "failed_trip")}


@dataclass(frozen=True)
class ToldRun(Run):
    """A history with the ways of its orders and its weeks.

    Attributes
    ----------
    weeks
        Rows of two kinds: ``way`` (channel, source, delivery, end, orders, value in yuan) and ``queue``
        (queue, week from 1, mean, peak).
    """

    weeks: tuple[dict[str, Any], ...] = ()


class Lookout:
    """Looks every hour of the measured period at every queue that a world has.

    Parameters
    ----------
    world
        A world that has not lived yet.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._nodes = {name: nodes for name, nodes in _nodes_of(world) if nodes[1].size}
        self.seen: dict[str, list[float]] = {name: [] for name in self._nodes}

    def watch(self) -> Generator[Any, Any, None]:
        """Look, hour by hour, until the measured period ends."""
        world = self._world
        yield world.timeout_until(world.begin)
        while world.now < world.end:
            yield world.timeout(1.0)
            for name, (what, nodes) in self._nodes.items():
                self.seen[name].append(float(world.flow.readings(nodes, what).sum()))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield mean and peak of each queue and week; the last week may be shorter."""
        for name, seen in self.seen.items():
            for week in range(math.ceil(len(seen) / HOURS_PER_WEEK)):
                mine = seen[week * HOURS_PER_WEEK : (week + 1) * HOURS_PER_WEEK]
                mean, peak = float(np.mean(mine)), float(np.max(mine))
                yield {"kind": "queue", "queue": name, "week": week + 1, "mean": mean, "peak": peak}


def _nodes_of(world: World) -> Iterator[tuple[str, tuple[str, np.ndarray]]]:
    """Yield what is read of which nodes for each queue; nodes that a world lacks are left out."""
    known = world.flow.plan.index
    pools = world.layers.values()
    named: list[tuple[str, str, Sequence[str]]] = [(q, "queue", nodes) for q, nodes in _WAITING.items()]
    named.append(("points", "inside", [point for layer in pools for point in layer.point_names]))
    named += [(queue, "inside", nodes) for queue, nodes in _INSIDE.items()]
    supervised = [f"{name}_managers" for name, layer in world.layers.items() if layer.pyramid.heads]
    named.append(("managers", "queue", supervised))
    for queue, what, names in named:
        yield queue, (what, np.array([known[node] for node in names if node in known], dtype=np.int64))


def simulate_told(
    scenario: Scenario, seed: int, *, engine: Any = "compiled", visits: str = "split"
) -> ToldRun:
    """Simulate one history and tell the ways of its orders and its queues.

    Parameters
    ----------
    scenario, seed, engine, visits
        As in :func:`sim.world.simulate`, whose digits the history has.
    """
    from sim import __version__
    from sim.accounting import close_books
    from sim.world import World

    world = World(scenario, seed, engine=engine, visits=visits)
    lookout = Lookout(world)
    world.process(lookout.watch())
    world.live()
    run = close_books(world, __version__)
    known = {field.name: getattr(run, field.name) for field in fields(Run)}
    return ToldRun(**known, weeks=(*_ways(world), *lookout.rows()))


def _ways(world: World) -> Iterator[dict[str, Any]]:
    """Yield orders and their list value by channel, source, delivery and end."""
    from sim.accounting.tally import Tally
    from sim.fulfilment.network import FINAL_STATES

    tally = Tally(world)
    sums: dict[tuple[str, str, str, str], list[float]] = {}
    for what in (0, 1):
        measure = ("entries", "value")[what]
        placed = tally.counts("placed", measure).sum(axis=0)
        closed = {state: tally.counts(state, measure).sum(axis=0) for state in FINAL_STATES}
        closed[OPEN] = placed - sum(closed.values())
        for column, order_class in enumerate(tally.classes):
            segment = order_class.segment
            for end, numbers in closed.items():
                key = (segment.channel, segment.source, order_class.delivery, end)
                sums.setdefault(key, [0.0, 0.0])[what] += float(numbers[column])
    for (channel, source, delivery, end), (orders, value) in sums.items():
        if orders > 0:
            yield {
                "kind": "way", "channel": channel, "source": source, "delivery": delivery, "end": end,
                "orders": orders, "value": value,
            }  # fmt: skip


@dataclass(frozen=True)
class Told:
    """Several histories, told.

    Attributes
    ----------
    scenario, scenario_hash, seed, replications
        Birth certificate.
    ways
        One row per channel, source, delivery and end, with the estimates ``orders`` and ``value``.
    links
        Rows of ``stage`` (:data:`STAGES`), ``start``, ``end``, and the estimates ``orders`` and ``value``:
        the ways added up between two stops.
    visits
        Visits by channel and source.
    queues
        By queue: rows of week, ``mean`` and ``peak``.
    """

    scenario: str
    scenario_hash: str
    seed: int
    replications: int
    ways: tuple[dict[str, Any], ...]
    links: tuple[dict[str, Any], ...]
    visits: tuple[dict[str, Any], ...]
    queues: Mapping[str, tuple[dict[str, Any], ...]]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "scenario": self.scenario,
            "scenario_hash": self.scenario_hash,
            "seed": self.seed,
            "replications": self.replications,
            "ways": [_plain(row) for row in self.ways],
            "links": [_plain(row) for row in self.links],
            "visits": [_plain(row) for row in self.visits],
            "queues": {
                name: {"unit": QUEUES[name][0], "weeks": [_plain(row) for row in rows]}
                for name, rows in self.queues.items()
            },
        }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one.as_dict() if isinstance(one, Estimate) else one for name, one in row.items()}


def ways(scenario: Scenario, *, replications: int = 5, seed: int = 1, runner: Runner | None = None) -> Told:
    """Simulate several histories and tell the ways of their orders and their queues.

    Parameters
    ----------
    scenario
        What to simulate.
    replications, seed
        As in :func:`sim.experiment.replicate`; the histories are the same.
    runner
        A runner that simulates with :func:`simulate_told`; None makes one in this process. Its store must
        not be shared with runners that simulate otherwise: their summaries have no ways.

    Raises
    ------
    sim.experiment.ExperimentError
        If fewer than one replication is asked for.
    sim.experiment.errors.RunFailedError
        If a history raised an error.
    """
    crew = runner if runner is not None else Runner(1, simulate=simulate_told)
    seeds = replication_seeds(seed, replications)
    summaries = crew.summaries([job_for(scenario, own) for own in seeds])
    visits = _joined([row for row in one.funnel if row["visits"]] for one in summaries)
    found = _rows(summaries, "way")
    return Told(
        scenario.name,
        scenario.hash,
        seed,
        replications,
        tuple(_estimated(found, _WAY, _MEASURES)),
        tuple(_estimated([_links(rows) for rows in found], ("stage", "start", "end"), _MEASURES)),
        tuple(_estimated(visits, ("channel", "source"), {"visits": "visits"})),
        _queues(summaries),
    )


_WAY = ("channel", "source", "delivery", "end")
_MEASURES = {"orders": "orders", "value": "yuan"}
STAGES: Mapping[str, tuple[str, str]] = {
    "arrival": ("source", "channel"),
    "dispatch": ("channel", "delivery"),
    "outcome": ("delivery", "end"),
}
"""Stops of a way between which orders are added up."""


def _links(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Add the ways of one history up between two stops each."""
    sums: dict[tuple[str, str, str], dict[str, Any]] = {}
    for stage, (start, end) in STAGES.items():
        for row in rows:
            key = (stage, row[start], row[end])
            link = sums.setdefault(key, dict(zip(("stage", "start", "end"), key, strict=True)))
            for name in _MEASURES:
                link[name] = link.get(name, 0.0) + row[name]
    return list(sums.values())


def _rows(summaries: Sequence[Summary], kind: str) -> list[list[dict[str, Any]]]:
    return _joined([row for row in one.weeks if row["kind"] == kind] for one in summaries)


def _joined(found: Any) -> list[list[dict[str, Any]]]:
    return [list(rows) for rows in found]


def _estimated(
    histories: Sequence[Sequence[Mapping[str, Any]]], key: Sequence[str], units: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield one row per key with an estimate for each unit; a history without the row has zero."""
    tables = [{tuple(row[name] for name in key): row for row in rows} for rows in histories]
    for place in dict.fromkeys(place for table in tables for place in table):
        found: dict[str, Any] = dict(zip(key, place, strict=True))
        for name, unit in units.items():
            found[name] = estimate([float(table.get(place, {}).get(name, 0.0)) for table in tables], unit)
        yield found


def _queues(summaries: Sequence[Summary]) -> dict[str, tuple[dict[str, Any], ...]]:
    found: dict[str, tuple[dict[str, Any], ...]] = {}
    histories = _rows(summaries, "queue")
    for name, (unit, _) in QUEUES.items():
        mine = [[row for row in rows if row["queue"] == name] for rows in histories]
        if any(mine):
            found[name] = tuple(_estimated(mine, ("week",), {"mean": unit, "peak": unit}))
    return found
