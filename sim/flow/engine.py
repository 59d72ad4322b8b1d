"""The compiled engine: a running flow over the event loop of ``kernel.py``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.flow import kernel as k
from sim.flow.inputs import Handed
from sim.flow.network import Network
from sim.flow.routes import Branch
from sim.flow.running import Flow, Watch

FIRST_SLOTS = 1024
FIRST_HANDED = 256
FIRST_TRACE = 4096
CACHE_LINE = 64  # bytes


class CompiledFlow(Flow):
    """Owns the arrays of a running flow, enlarges them, and calls the event loop."""

    def __init__(
        self, network: Network, seed: Any, warmup: float, period_ends: Iterable[float] | None, tracing: bool
    ) -> None:
        super().__init__(network, seed, warmup, period_ends, tracing)
        plan = self.plan
        n = len(plan.names)
        self._control = np.zeros(k.K_SIZE, np.int64)
        self._control[[k.K_MOVER, k.K_VISITS, k.K_STAFF]] = -1
        self._control[k.K_TRACING] = int(self._tracing)
        self._clock = np.zeros(k.Z_SIZE)
        self._nodes = plan.nodes
        self._ents = np.zeros(0, k.ENTITY)
        self._burdens = np.zeros(0, k.BURDEN)
        self._free = np.zeros(0, np.int32)
        self._heap = np.zeros(0, k.HEAP)
        self._stays = np.zeros(0, k.HEAP)
        self._alarms = np.zeros(0, k.HEAP)
        self._seen = np.zeros(0, k.VISIT)
        self._trace = np.zeros(FIRST_TRACE if self._tracing else 1, k.TRACE)
        self._watches = np.zeros(0, k.WATCH)
        self._watching: dict[int, Watch] = {}
        self._touched = np.zeros(n + 1, np.int64)
        self._fired = np.zeros(1, np.int64)
        self._fresh()
        self._next_counts()
        self._grow_entities(FIRST_SLOTS)
        self._first_handed()
        self._first_timers()
        self._bind()

    # --- arrays ---------------------------------------------------------------------------------------------
    def _bind(self) -> None:
        """Collect the arguments of the event loop, after an array was replaced."""
        plan = self.plan
        self._arguments = (
            self._control,
            self._clock,
            self._nodes,
            self._ents,
            self._burdens,
            self._free,
            self._heap,
            self._stays,
            self._timers,
            self._alarms,
            plan.drivers,
            self._due,
            self._handed,
            plan.laws,
            plan.table,
            plan.routes,
            plan.cumulative,
            plan.targets,
            self._waits,
            self._ages,
            plan.age_rows,
            plan.limits,
            self._within,
            self._counts,
            self._values,
            self._watches,
            self._touched,
            self._fired,
            self._seen,
            self._trace,
        )

    def _fresh(self) -> None:
        """New histograms. Pages of zeros cost memory only once something is counted in them."""
        plan, classes = self.plan, len(self.plan.classes)
        self._waits = np.zeros((max(1, plan.hists), k.HIST_BINS), np.int64)
        self._ages = np.zeros((max(1, len(plan.age_names)), classes, k.HIST_BINS), np.int64)
        self._within = np.zeros((len(plan.limits), classes), np.int64)
        self._lent = False

    def _next_counts(self) -> None:
        shape = (max(1, len(self.plan.rows)), len(self.plan.classes))
        self._counts = np.zeros((*shape, k.N_COLUMNS), np.int64)
        self._values = np.zeros((*shape, k.V_COLUMNS))

    def _grow_entities(self, slots: int) -> None:
        """Enlarge everything that has one item per entity."""
        old = len(self._ents)
        self._ents = _longer(self._ents, slots, line=0)
        self._ents["node"][old:] = -1
        self._burdens = _longer(self._burdens, slots)
        self._heap = _longer(self._heap, slots + 1, line=k.HEAP.itemsize)
        self._stays = _longer(self._stays, slots + 1, line=k.HEAP.itemsize)
        self._alarms = _longer(self._alarms, slots + 1)
        free = self._control[k.K_FREE]
        self._free = _longer(self._free, slots)
        self._free[free : free + slots - old] = np.arange(slots - 1, old - 1, -1)
        self._control[k.K_FREE] += slots - old

    def _grow_visits(self) -> None:
        """Enlarge the pool of visit records and chain the new ones to the free list."""
        old = len(self._seen)
        self._seen = _longer(self._seen, max(1024, 2 * old))
        self._seen["next"][old:] = np.arange(old + 1, len(self._seen) + 1)
        self._seen["next"][-1] = self._control[k.K_VISITS]
        self._control[k.K_VISITS] = old

    def _first_handed(self) -> None:
        """Give every source without a rate a region of the buffer of arrivals to come."""
        drivers = self.plan.drivers
        handed = np.flatnonzero(drivers["kind"][:-1] == k.D_HANDED)
        for name in ("first", "next", "last"):
            drivers[name][handed] = FIRST_HANDED * np.arange(len(handed))
        drivers["room"][handed] = FIRST_HANDED
        drivers["plain"][handed] = 1
        self._due = np.zeros(max(1, len(handed)) * FIRST_HANDED)
        self._handed = np.zeros(1, k.HANDED)

    def _grow_handed(self, which: int, needed: int) -> None:
        """Lay the regions of all sources anew, with room for ``needed`` rows in one of them."""
        drivers = self.plan.drivers
        drivers["room"][which] = max(2 * int(drivers["room"][which]), 2 * needed)
        due = np.zeros(drivers["room"].sum())
        rows = np.zeros(len(due) if len(self._handed) > 1 else 1, k.HANDED)
        off = 0
        for i in np.flatnonzero(drivers["room"]):
            driver = drivers[i]
            old = slice(driver["next"], driver["last"])
            driver["first"] = driver["next"] = off
            driver["last"] = off + old.stop - old.start
            due[off : driver["last"]] = self._due[old]
            if not driver["plain"]:
                rows[off : driver["last"]] = self._handed[old]
            off += driver["room"]
        self._due, self._handed = due, rows
        self._bind()

    def _first_timers(self) -> None:
        """One timer per source, gate and station with shifts."""
        plan = self.plan
        category = {k.SOURCE: k.T_ARRIVAL, k.GATE: k.T_GATE, k.STATION: k.T_SHIFT}
        drivers = plan.drivers[:-1]
        self._timers = np.zeros(len(drivers) + 1, k.TIMER)
        self._control[k.K_TIMERS] = len(drivers)
        for i, driver in enumerate(drivers):
            node = int(driver["node"])
            self._nodes["timer"][node] = i
            self._timers[i] = (np.inf, category[int(self._nodes["kind"][node])], node)
        k.start_timers(
            self._timers, self._nodes, self._control, plan.drivers, plan.laws, plan.table, self._due
        )

    # --- the loop -------------------------------------------------------------------------------------------
    def _run(self, until: float) -> bool:
        until = float(until)
        self._take_back()
        while True:
            status = k.advance(until, *self._arguments)
            if status == k.REACHED:
                self.now = until
                return False
            if status == k.CROSSED:
                self.now = float(self._clock[k.Z_NOW])
                for number in self._fired[: self._control[k.K_FIRED]].tolist():
                    watch = self._watching[number]
                    watch.active = False
                    self._drop_watch(watch)
                    self.crossed.append(watch)
                return True
            self._repair(status)

    def _repair(self, status: int) -> None:
        """Enlarge what the loop has run out of, or raise."""
        if status == k.GROW_ENTITIES:
            self._grow_entities(2 * len(self._ents))
        elif status == k.GROW_TRACE:
            self._trace = _longer(self._trace, 2 * len(self._trace))
        elif status == k.GROW_VISITS:
            self._grow_visits()
        else:
            self.now = float(self._clock[k.Z_NOW])
            self._fail(status, int(self._control[k.K_BAD_NODE]), int(self._control[k.K_BAD_ORDINAL]))
        self._bind()

    # --- statistics -----------------------------------------------------------------------------------------
    def _restart(self) -> None:
        nodes = self._nodes
        nodes["before"] += nodes["entries"]
        for name in ("entries", "departures", "balked", "abandoned", "overflowed"):
            nodes[name] = 0
        for name in (
            "queue_area",
            "busy_area",
            "over_area",
            "wait_sum",
            "abandon_sum",
            "time_sum",
            "age_sum",
        ):
            nodes[name] = 0.0
        nodes["capacity_area"] = 0.0
        for name in ("queue_last", "busy_last", "capacity_last"):
            nodes[name] = self.now
        nodes["max_queue"] = nodes["queue"]
        self._fresh()
        self._next_period()

    def _next_period(self) -> None:
        self._next_counts()
        self._clock[k.Z_PERIOD_START] = self.now
        self._bind()

    def _view(self) -> np.ndarray:
        view = self._nodes.copy()
        settle(view, self.now)
        return view

    def _period_counts(self) -> tuple[np.ndarray, np.ndarray]:
        values = self._values.copy()
        ents = self._ents
        inside = np.flatnonzero(ents["node"] >= 0)
        inside = inside[self._nodes["row"][ents["node"][inside]] >= 0]
        inside = inside[np.argsort(ents["key"][inside])]
        node = ents["node"][inside]
        waiting = ents["waiting"][inside] == 1
        at_station = self._nodes["kind"][node] == k.STATION
        since = np.where(waiting, ents["enter"][inside], ents["start"][inside])
        hours = self.now - np.maximum(since, self._clock[k.Z_PERIOD_START])
        hours[waiting & at_station] = 0.0
        np.add.at(values, (self._nodes["row"][node], ents["cls"][inside], k.V_HOURS), hours)
        return self._counts.copy(), values

    def _measures(self) -> dict[str, Any]:
        self._lent = True
        return {
            "waits": self._waits,
            "ages": self._ages,
            "within": self._within,
            "events": int(self._control[k.K_EVENTS]),
            "trace": self._trace[: self._control[k.K_TRACE]].copy() if self._tracing else None,
        }

    def _take_back(self) -> None:
        """Go on with histograms of its own: those so far belong to the statistics that were asked for."""
        if self._lent:
            self._waits, self._ages = self._waits.copy(), self._ages.copy()
            self._within = self._within.copy()
            self._lent = False
            self._bind()

    def inside(self) -> int:
        """Entities in the network, not counting those handed in that have not arrived."""
        return len(self._ents) - int(self._control[k.K_FREE])

    def _reading(self, node: int, what: str) -> float:
        if what == "inside":
            return int(self._nodes["queue"][node] + self._nodes["busy"][node])
        if what == "on_hand":
            return int(self._nodes["servers"][node])
        if what in ("busy", "servers", "overflowed"):
            return int(self._nodes[what][node])
        if what == "total_age":
            return float(self._nodes["age_sum"][node])
        if what == "aged":
            return int(self._nodes["entries"][node])
        return int(
            k.reading(self._nodes, node, {"level": k.X_LEVEL, "queue": k.X_QUEUE, "count": k.X_COUNT}[what])
        )

    def readings(self, nodes: NDArray[np.integer], what: str) -> NDArray[np.float64]:
        """Return the readings of many nodes at once; "inside" and "count" without a loop."""
        if what == "inside":
            return (self._nodes["queue"][nodes] + self._nodes["busy"][nodes]).astype(np.float64)
        if what == "count":
            return (self._nodes["before"][nodes] + self._nodes["entries"][nodes]).astype(np.float64)
        return super().readings(nodes, what)

    # --- watches --------------------------------------------------------------------------------------------
    def _add_watch(self, node: int, what: int, watch: Watch) -> int:
        taken = len(self._watching)
        if taken == len(self._watches):
            self._watches = _longer(self._watches, max(16, 2 * taken))
            self._fired = np.zeros(len(self._watches), np.int64)
            self._bind()
        number = next(i for i in range(taken + 1) if i not in self._watching)
        self._watches[number] = (node, what, watch.below, self._nodes["watch"][node], watch.threshold, 1)
        self._nodes["watch"][node] = number
        self._watching[number] = watch
        return number

    def _drop_watch(self, watch: Watch) -> None:
        number = watch.number
        after = self._watches["next"][number]
        node = self._watches["node"][number]
        if self._nodes["watch"][node] == number:
            self._nodes["watch"][node] = after
        else:
            before = self._nodes["watch"][node]
            while self._watches["next"][before] != number:
                before = self._watches["next"][before]
            self._watches["next"][before] = after
        self._watches["active"][number] = 0
        del self._watching[number]

    # --- changes --------------------------------------------------------------------------------------------
    def _hand_in(self, node: int, crowd: Handed) -> None:
        plan = self.plan
        which = int(self._nodes["driver"][node])
        driver = plan.drivers[which]
        needed = int(driver["last"] - driver["next"]) + crowd.times.size
        if needed > driver["room"]:
            self._grow_handed(which, needed)
        plain = crowd.records is None and k.hand_in_plain(
            plan.drivers, self._due, self._handed, self._timers, self._nodes, self._control, which,
            crowd.times, crowd.first,
        )  # fmt: skip
        if not plain:
            if len(self._handed) < len(self._due):
                self._handed = _longer(self._handed, len(self._due))
                self._bind()
            k.hand_in(
                plan.drivers, self._due, self._handed, self._timers, self._nodes, self._control, which,
                crowd.rows(),
            )  # fmt: skip

    def _withdraw(self, node: int, after: float) -> int:
        which = int(self._nodes["driver"][node])
        return int(
            k.withdraw(self.plan.drivers, self._due, self._timers, self._nodes, self._control, which, after)
        )

    def _set_servers(self, node: int, servers: int) -> None:
        k.set_servers(node, servers, float(self.now), self._nodes)
        if self._nodes["queue"][node] > 0 and self._nodes["busy"][node] < servers:
            self._control[k.K_STAFF] = node
            self._command(k.RESTAFF, node)

    def _set_places(self, nodes: NDArray[np.int64], places: NDArray[np.int64]) -> None:
        k.set_places(nodes, places.astype(np.int64), float(self.now), self._nodes)

    def _receive(self, node: int, units: int) -> None:
        self._nodes["servers"][node] += units
        if self._nodes["queue"][node] > 0:
            self._command(k.RECEIVE, node)

    def _command(self, command: int, node: int) -> None:
        """Let the loop do work at the present instant, without looking at the next event."""
        self._control[k.K_COMMAND] = command
        self._control[k.K_COMMAND_NODE] = node
        self._take_back()
        while True:
            status = k.advance(float(self.now), *self._arguments)
            if status == k.REACHED:
                return
            self._repair(status)

    def _set_route(self, node: int, exit: str, branches: tuple[Branch, ...]) -> None:
        plan = self.plan
        if plan.change_route(node, exit, branches):
            self._bind()


def settle(view: np.ndarray, now: float) -> None:
    """Bring the time integrals of node records up to ``now``."""
    over = np.maximum(view["busy"] - view["servers"], 0) * np.isin(view["kind"], (k.STATION, k.SHELF))
    view["over_area"] += over * (now - view["busy_last"])
    view["queue_area"] += view["queue"] * (now - view["queue_last"])
    view["busy_area"] += view["busy"] * (now - view["busy_last"])
    view["capacity_area"] += view["servers"] * (now - view["capacity_last"])
    for name in ("queue_last", "busy_last", "capacity_last"):
        view[name] = now


def _longer(array: np.ndarray, size: int, line: int | None = None) -> np.ndarray:
    """Copy of a record array with room for ``size`` items.

    With ``line``, a line of the processor's cache begins that many bytes after the first item: an entity
    then lies in one line, and so do the four children of an item of a heap.
    """
    if line is None:
        out = np.zeros(size, array.dtype)
    else:
        space = np.zeros(size * array.itemsize + CACHE_LINE, np.uint8)
        skip = -(space.ctypes.data + line) % CACHE_LINE
        out = space[skip : skip + size * array.itemsize].view(array.dtype)
    out[: len(array)] = array
    return out
