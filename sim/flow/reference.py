"""The reference engine: the same network as plain SimPy processes.

One process per entity, one per source and gate. It draws through the same compiled function and keeps its own
state, so that its trace and statistics can be compared with the compiled engine's digit for digit. Read this
file first if you know SimPy: ``journey`` is the whole model, ``places.py`` says what each kind of node does.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Generator, Iterable
from functools import partial
from heapq import heappush
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.flow import kernel as k
from sim.flow.engine import settle
from sim.flow.inputs import Handed
from sim.flow.laws import Law, Recorded
from sim.flow.network import Network
from sim.flow.places import ARRIVAL, PLACES, Entity, Place, Station, Stock
from sim.flow.rates import PiecewiseRate
from sim.flow.routes import Branch
from sim.flow.running import Flow, Watch

NO_LUCK = np.uint64(0)
IMMEDIATE: tuple[int, ...] = (-1,)
CARRIED = [  # fields of a node's record that a place keeps
    "servers",
    "queue",
    "busy",
    "owed",
    "before",
    "entries",
    "departures",
    "balked",
    "abandoned",
    "overflowed",
    "max_queue",
    "queue_area",
    "queue_last",
    "busy_area",
    "busy_last",
    "over_area",
    "wait_sum",
    "abandon_sum",
    "time_sum",
    "age_sum",
    "capacity_area",
    "capacity_last",
]


class Clock(simpy.Environment):
    """An environment whose events have absolute times and an order within an instant.

    SimPy adds delays to the present time, which rounds, and breaks ties by the order of scheduling. Here an
    event is put at an exact time with (category, node, entity) as its priority; what SimPy schedules itself
    (a process that starts, an event that succeeds) is part of the present event and comes first.
    """

    _queue: list[Any]  # (time, order, number, event)

    def schedule(self, event: simpy.Event, priority: Any = None, delay: float = 0) -> None:  # noqa: ARG002
        """Schedule what belongs to the present event."""
        heappush(self._queue, (self._now + delay, IMMEDIATE, next(self._eid), event))

    def at(self, time: float, order: tuple[int, ...], event: simpy.Event | None = None) -> simpy.Event:
        """Schedule an event at an absolute time."""
        event = self.event() if event is None else event
        event._ok, event._value = True, None
        heappush(self._queue, (time, order, next(self._eid), event))
        return event

    def finish_instant(self) -> None:
        """Process everything that belongs to the present event."""
        while self._queue and self._queue[0][1] is IMMEDIATE:
            self.step()

    def move_to(self, time: float) -> None:
        """Let time pass without events."""
        self._now = time


class ReferenceFlow(Flow):
    """A running flow in SimPy."""

    def __init__(
        self, network: Network, seed: Any, warmup: float, period_ends: Iterable[float] | None, tracing: bool
    ) -> None:
        super().__init__(network, seed, warmup, period_ends, tracing)
        self.env = Clock()
        self.events = 0
        self.touched: set[int] = set()
        self._rows: list[tuple[float, int, int, int]] = []
        self._inside_now: dict[int, Entity] = {}
        self._watching: list[Watch] = []
        self._pending: dict[int, dict[int, tuple[float, simpy.Event]]] = {}
        self._still = 0
        self._fresh()
        self._next_period()
        self.places: list[Place] = []
        for i, node in enumerate(network.nodes.values()):
            self.places.append(PLACES[node.kind](self, i, node))
            if node.kind == "source" and node.rate is not None:
                self.env.process(self.arrivals(i))
        self.env.finish_instant()

    # --- the model ------------------------------------------------------------------------------------------
    def journey(self, entity: Entity) -> Generator[simpy.Event, Any, None]:
        """An entity goes from node to node until it leaves the network."""
        self._inside_now[entity.key] = entity
        node, moves, moment = entity.source, 0, self.env.now
        while node >= 0:
            place = self.places[node]
            exit = yield from place.visit(entity)
            if self.env.now > moment:
                moves, moment = 0, self.env.now
            moves += 1
            if moves > k.MAX_HOPS + 1:
                self._fail(k.E_CYCLE, node, entity.ordinal)
            node = -1 if exit is None else self.choose(place, exit, entity)
        del self._inside_now[entity.key]

    def arrivals(self, i: int) -> Generator[simpy.Event, Any, None]:
        """Entities are born at a source with a rate."""
        driver = self.plan.drivers[self.plan.nodes["driver"][i]]
        for ordinal, time in enumerate(self.arrival_times(i)):
            yield self.env.at(time, (ARRIVAL, i, ordinal))
            luck = np.uint64(k.luck_of(driver["luck"], ordinal))
            self.born(Entity(i, ordinal, luck, self.pick_class(driver, luck, ordinal), self.env.now))

    def born(self, entity: Entity) -> None:
        """Begin an entity's journey."""
        self.events += 1
        self.env.process(self.journey(entity))

    def arrival_times(self, i: int) -> Generator[float, None, None]:
        """Times of the arrivals of a source, by its rate."""
        rate = self.plan.network.nodes[self.plan.names[i]].rate
        key = self.plan.drivers["key"][self.plan.nodes["driver"][i]]
        clock = last = 0.0
        ordinal = 0
        while True:
            if isinstance(rate, Law):
                gap = self.draw_headway(i, ordinal)
                clock += gap
                last = clock
            else:
                clock += k.gap_one(key, ordinal)
                if isinstance(rate, PiecewiseRate):
                    last = max(_inverse(rate, clock), last)
                else:
                    last = clock / rate if rate > 0.0 else math.inf
            if last == math.inf:
                return
            yield last
            ordinal += 1

    # --- draws ----------------------------------------------------------------------------------------------
    def draw(self, place: Place, entity: Entity, law: str, purpose: str) -> float:
        """Value of a law of the node for an entity at this visit."""
        record = self.plan.nodes[place.index]
        row = int(record[law] + record[f"{law}_stride"] * entity.cls)
        key, visit = record[f"key_{purpose}"], entity.visits[place.index]
        value = k.draw_one(self.plan.laws, self.plan.table, row, entity.luck, key, visit, entity.ordinal)
        if value < 0.0:
            self._fail(k.E_RECORD, place.index, entity.ordinal)
        return float(value)

    def draw_headway(self, i: int, number: int) -> float:
        """Headway of a source or a gate; infinite after the end of a recorded table."""
        driver = self.plan.drivers[self.plan.nodes["driver"][i]]
        node = self.plan.network.nodes[self.plan.names[i]]
        visit = 0 if isinstance(node.rate or node.every, Recorded) else number
        value = k.draw_one(
            self.plan.laws, self.plan.table, int(driver["law"]), driver["key"], NO_LUCK, visit, number
        )
        return float(value) if value >= 0.0 else math.inf

    def choose(self, place: Place, exit: str, entity: Entity) -> int:
        """Next node, -1 for out of the network."""
        plan, record = self.plan, self.plan.nodes[place.index]
        route = plan.routes[int(record[exit] + record[f"{exit}_stride"] * entity.cls)]
        off, visit = int(route["off"]), entity.visits[place.index]
        if route["kind"] == k.R_ONE:
            return int(route["target"])
        if route["kind"] == k.R_ODDS:
            u = k.unit_one(entity.luck, record[f"key_{exit}"], visit)
            odds = plan.cumulative[off : off + int(route["n"])]
            return int(plan.targets[off + int(np.searchsorted(odds, u, side="right"))])
        if entity.ordinal >= route["n"] or visit >= route["width"]:
            self._fail(k.E_RECORD, place.index, entity.ordinal)
        return int(plan.targets[off + entity.ordinal * int(route["width"]) + visit])

    def pick_class(self, driver: Any, luck: np.uint64, ordinal: int) -> int:
        """Class of an entity born at a source."""
        off, n = int(driver["cls_off"]), int(driver["cls_n"])
        if driver["cls_kind"] == k.C_FIXED:
            return int(driver["cls"])
        if driver["cls_kind"] == k.C_ODDS:
            u = k.unit_one(luck, driver["cls_key"], 0)
            return int(np.searchsorted(self.plan.cumulative[off : off + n], u, side="right"))
        if ordinal >= n:
            self._fail(k.E_RECORD, int(driver["node"]), ordinal)
        return int(self.plan.targets[off + ordinal])

    # --- counting -------------------------------------------------------------------------------------------
    def completed(self, place: Place, entity: Entity) -> None:
        """Count the event of a completion; refuse to go on when time stands still."""
        self.events += 1
        self._still = self._still + 1 if entity.start == self.env.now else 0
        if self._still > k.MAX_STILL:
            self._fail(k.E_CYCLE, place.index, entity.ordinal)

    def note(self, entity: Entity | None, node: int, what: int) -> None:
        """Write one row of the trace."""
        if self._tracing:
            self._rows.append((self.env.now, -1 if entity is None else entity.key, node, what))

    def count_entry(self, place: Place, entity: Entity) -> None:
        """Count an entry with its units and its value."""
        if place.row >= 0:
            self._counts[place.row, entity.cls, k.N_ENTRIES] += 1
            self._counts[place.row, entity.cls, k.N_UNITS] += entity.units
            self._values[place.row, entity.cls, k.V_VALUE] += entity.value

    def count_departure(self, place: Place, entity: Entity, since: float) -> None:
        """Count a departure and the hours of this period before it."""
        if place.row >= 0:
            self._counts[place.row, entity.cls, k.N_DEPARTURES] += 1
            self._values[place.row, entity.cls, k.V_HOURS] += self.env.now - max(since, self._period_start)

    def count_overflow(self, place: Place, entity: Entity) -> None:
        """Count one who was turned away."""
        if place.row >= 0:
            self._counts[place.row, entity.cls, k.N_OVERFLOWS] += 1

    def count_wait(self, place: Place, wait: float) -> None:
        """Put a positive wait into the histogram."""
        if wait > 0.0:
            self._waits[place.hist, _bin(wait)] += 1

    def count_age(self, place: Place, entity: Entity) -> None:
        """Put an age into the histogram and behind the limits it keeps."""
        age = self.env.now - entity.birth
        self._ages[place.age_row, entity.cls, _bin(age) if age > 0.0 else 0] += 1
        limits = self.plan.age_rows[place.age_row]
        for j in range(limits["off"], limits["off"] + limits["n"]):
            if age <= self.plan.limits[j]:
                self._within[j, entity.cls] += 1

    # --- a running flow -------------------------------------------------------------------------------------
    def _run(self, until: float) -> bool:
        if self._fire(self._watching):
            return True
        while self.env.peek() <= until:
            self.env.step()
            self.env.finish_instant()
            if self._watching and self._fire(
                [w for w in self._watching if self.node_index(w.node) in self.touched]
            ):
                return True
            self.touched.clear()
        self.env.move_to(until)
        self.now = float(until)
        return False

    def _fire(self, watches: list[Watch]) -> bool:
        """Take out the watches that hold; True when there are any."""
        for watch in list(watches):
            value = self._reading(self.node_index(watch.node), watch.what)
            if value <= watch.threshold if watch.below else value >= watch.threshold:
                watch.active = False
                self._watching.remove(watch)
                self.crossed.append(watch)
        self.now = float(self.env.now)
        return bool(self.crossed)

    def _fresh(self) -> None:
        classes = len(self.plan.classes)
        self._waits = np.zeros((max(1, self.plan.hists), k.HIST_BINS), np.int64)
        self._ages = np.zeros((max(1, len(self.plan.age_names)), classes, k.HIST_BINS), np.int64)
        self._within = np.zeros((len(self.plan.limits), classes), np.int64)

    def _restart(self) -> None:
        for place in self.places:
            place.before += place.entries
            place.reset()
        self._fresh()
        self._next_period()

    def _next_period(self) -> None:
        shape = (max(1, len(self.plan.rows)), len(self.plan.classes))
        self._counts = np.zeros((*shape, k.N_COLUMNS), np.int64)
        self._values = np.zeros((*shape, k.V_COLUMNS))

    def _view(self) -> np.ndarray:
        view = self.plan.nodes.copy()
        for i, place in enumerate(self.places):
            for name in CARRIED:
                view[name][i] = getattr(place, name)
        settle(view, self.now)
        return view

    def _period_counts(self) -> tuple[np.ndarray, np.ndarray]:
        values = self._values.copy()
        for _, entity in sorted(self._inside_now.items()):
            place = self.places[entity.node]
            if place.row >= 0 and not (entity.waiting and isinstance(place, Station)):
                since = entity.enter if entity.waiting else entity.start
                values[place.row, entity.cls, k.V_HOURS] += self.now - max(since, self._period_start)
        return self._counts.copy(), values

    def _measures(self) -> dict[str, Any]:
        return {
            "waits": self._waits.copy(),
            "ages": self._ages.copy(),
            "within": self._within.copy(),
            "events": self.events,
            "trace": np.array(self._rows, dtype=k.TRACE) if self._tracing else None,
        }

    def _reading(self, node: int, what: str) -> float:
        place = self.places[node]
        if what == "count":
            return place.before + place.entries
        if what == "level" and isinstance(place, Stock):
            return place.servers - place.owed
        if what in ("level", "inside"):
            return place.queue + place.busy
        if what == "total_age":
            return float(place.age_sum)
        if what == "aged":
            return place.entries
        return int(getattr(place, {"on_hand": "servers"}.get(what, what)))

    def _add_watch(self, node: int, what: int, watch: Watch) -> int:  # noqa: ARG002
        self._watching.append(watch)
        return -1

    def _drop_watch(self, watch: Watch) -> None:
        self._watching.remove(watch)

    def _hand_in(self, node: int, crowd: Handed) -> None:
        pending = self._pending.setdefault(node, {})
        for row in crowd.rows():
            ordinal, time = int(row["ordinal"]), float(row["time"])
            entity = Entity(
                node, ordinal, row["luck"], int(row["cls"]), time, int(row["units"]), float(row["value"])
            )
            event = self.env.event()
            event.callbacks.append(partial(self._handed_arrival, pending, entity))
            pending[ordinal] = (time, self.env.at(time, (ARRIVAL, node, ordinal), event))

    def _handed_arrival(self, pending: dict[int, Any], entity: Entity, _: simpy.Event) -> None:
        """An entity that was handed in arrives."""
        del pending[entity.ordinal]
        self.born(entity)

    def _withdraw(self, node: int, after: float) -> int:
        pending = self._pending.get(node, {})
        late = [ordinal for ordinal, (time, _) in pending.items() if time > after]
        for ordinal in late:
            pending.pop(ordinal)[1].callbacks = []
        return len(late)

    def _set_servers(self, node: int, servers: int) -> None:
        place = self.places[node]
        assert isinstance(place, Station)
        place.staff(servers)
        self.touched.clear()

    def _set_places(self, nodes: NDArray[np.int64], places: NDArray[np.int64]) -> None:
        for node, count in zip(nodes.tolist(), places.tolist(), strict=True):
            self.places[node].change_servers(count)

    def _set_route(self, node: int, exit: str, branches: tuple[Branch, ...]) -> None:
        self.plan.change_route(node, exit, branches)

    def _receive(self, node: int, units: int) -> None:
        place = self.places[node]
        assert isinstance(place, Stock)
        place.receive(units)
        self.touched.clear()


def _inverse(rate: PiecewiseRate, level: float) -> float:
    """Time at which the integrated rate reaches ``level``."""
    sums = rate.integral()
    base = 0.0
    if rate.period is not None:
        turns = math.floor(level / sums[-1])
        base, level = turns * rate.period, max(level - turns * sums[-1], 0.0)
    piece = bisect_right(sums[: len(rate.times)].tolist(), level) - 1
    while piece > 0 and rate.period is not None and rate.rates[piece] == 0.0 and sums[piece] >= level:
        piece -= 1
    if rate.rates[piece] == 0.0:
        return math.inf
    return float(base + rate.times[piece] + (level - sums[piece]) / rate.rates[piece])


def _bin(x: float) -> int:
    """Bin of a positive duration: 64 bins per doubling, linear within a doubling."""
    mantissa, exponent = math.frexp(x)
    octave = exponent - 1 - k.HIST_LOW
    place = octave * (1 << k.HIST_BITS) + int((2.0 * mantissa - 1.0) * (1 << k.HIST_BITS))
    return min(max(place, 0), k.HIST_BINS - 1)
