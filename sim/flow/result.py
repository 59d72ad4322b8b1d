"""What a flow has measured: statistics per node, counts per period and class, histograms, trace."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.flow import kernel as k
from sim.flow.errors import FlowError, unknown
from sim.flow.nodes import CostLine

if TYPE_CHECKING:
    from sim.flow.plan import Plan

COUNTED = {
    "entries": k.N_ENTRIES,
    "departures": k.N_DEPARTURES,
    "overflows": k.N_OVERFLOWS,
    "units": k.N_UNITS,
}
VALUED = {"value": k.V_VALUE, "hours": k.V_HOURS}
BASIS = {
    "entry": "entries",
    "departure": "departures",
    "unit": "units",
    "overflow": "overflows",
    "value": "value",
}


def bin_edges() -> NDArray[np.float64]:
    """Edges of the bins of the log histograms; a bin holds lower edge <= x < upper edge."""
    bits = (np.arange(k.HIST_BINS + 1, dtype=np.int64) + k.HIST_BASE) << k.HIST_SHIFT
    return bits.view(np.float64)


@dataclass(frozen=True)
class Snapshot:
    """Everything an engine hands over; arrays are the result's own."""

    plan: Plan
    time: float
    warmup: float
    nodes: np.ndarray
    inside_before: np.ndarray
    busy_before: np.ndarray
    counts: np.ndarray
    values: np.ndarray
    server_hours: np.ndarray
    period_ends: tuple[float, ...]
    waits: np.ndarray
    ages: np.ndarray
    within: np.ndarray
    events: int
    trace: np.ndarray | None


@dataclass(frozen=True)
class NodeStatistics:
    """Statistics of one node over (warmup, time].

    Counts go by the time of the event and durations by the time of completion; time averages are clipped to
    the window. ``entries + inside_at_start == departures + balked + abandoned + overflowed + still_inside``.
    Means of nothing are nan.

    Attributes
    ----------
    name, kind : str
        The node.
    entries, departures, balked, abandoned, overflowed, still_inside, inside_at_start : int
        Every arrival, and what became of it. A stock that turned somebody away counts as overflowed.
    waited, served : int
        Waits completed (zero waits included), and those of them that ended in service.
    total_wait, total_wait_served, total_time, total_age : float
        Sums of durations (hours): waits; waits of the served; entry to departure; birth to entry (sinks and
        nodes whose age is measured).
    max_queue : int
        Most that waited at once.
    mean_queue, mean_busy, mean_occupancy : float
        Time averages of those waiting, of those in service (in a delay, on a shelf), and of both.
    scheduled_hours : float
        Server hours of a station, place hours of a shelf; a server that finishes after its removal, or a
        place still held, counts until it is free.
    """

    name: str
    kind: str
    entries: int
    departures: int
    balked: int
    abandoned: int
    overflowed: int
    still_inside: int
    inside_at_start: int
    waited: int
    served: int
    total_wait: float
    total_wait_served: float
    total_time: float
    total_age: float
    max_queue: int
    mean_queue: float
    mean_busy: float
    mean_occupancy: float
    scheduled_hours: float
    hours: float
    waits: np.ndarray = field(repr=False)
    ages: np.ndarray | None = field(repr=False)
    within: dict[float, np.ndarray] = field(repr=False)
    classes: tuple[str, ...] = field(repr=False)

    @property
    def mean_wait(self) -> float:
        """Mean wait (hours) over all who joined the queue and have been served or left."""
        return _ratio(self.total_wait, self.waited)

    @property
    def mean_wait_served(self) -> float:
        """Mean wait (hours) of those whose service began."""
        return _ratio(self.total_wait_served, self.served)

    @property
    def share_waiting(self) -> float:
        """Share of completed waits that were not zero."""
        return _ratio(float(self.waits.sum()), self.waited)

    @property
    def mean_time(self) -> float:
        """Mean time (hours) from entry to departure."""
        return _ratio(self.total_time, self.departures)

    @property
    def utilisation(self) -> float:
        """Busy over scheduled server time (of a shelf: held over available places)."""
        return _ratio(self.mean_busy * self.hours, self.scheduled_hours)

    @property
    def throughput(self) -> float:
        """Departures per hour."""
        return _ratio(float(self.departures), self.hours)

    @property
    def mean_age(self) -> float:
        """Mean time (hours) from birth to entry; of sinks and of nodes whose age is measured."""
        if self.kind != "sink" and self.ages is None:
            raise FlowError(f"the age at {self.name!r} is not measured; call measure_age({self.name!r})")
        return _ratio(self.total_age, self.entries)

    def wait_quantile(self, q: float) -> float:
        """Quantile of the completed waits (hours), within 1%; 0 where that share did not wait at all."""
        return _quantile(self.waits, self.waited - int(self.waits.sum()), q)

    def age_quantile(self, q: float, classes: Sequence[str] | None = None) -> float:
        """Quantile of the age at entry (hours), within 1%, of all classes or of some."""
        return _quantile(self._age_bins(classes), 0, q)

    def age_share_within(self, hours: float, classes: Sequence[str] | None = None) -> float:
        """Share of entries whose age was at most ``hours``; exact for the limits given to ``measure_age``."""
        codes = self._codes(classes)
        if hours in self.within:
            return _ratio(float(self.within[hours][codes].sum()), self.age_count(classes))
        if hours not in self._ages_around:
            self._ages_around[hours] = self._split_ages(hours)
        below, around, inside = self._ages_around[hours]
        younger = float(below[codes].sum()) + inside * float(around[codes].sum())
        return _ratio(younger, self.age_count(classes))

    def _split_ages(self, hours: float) -> tuple[np.ndarray, np.ndarray, float]:
        """Entries by class in the bins below an age and in its own bin, and how much of that one is below."""
        ages, edges = self._measured_ages, bin_edges()
        at = int(np.searchsorted(edges, hours, side="right")) - 1
        if at < 0:
            return np.zeros(len(ages), np.int64), ages[:, 0], 1.0 if hours >= 0.0 else 0.0
        at = min(at, ages.shape[1] - 1)
        inside = min(1.0, (hours - edges[at]) / (edges[at + 1] - edges[at]))
        return ages[:, :at].sum(axis=1), ages[:, at], float(inside)

    def age_count(self, classes: Sequence[str] | None = None) -> int:
        """Entries whose age was measured."""
        return int(self._age_counts[self._codes(classes)].sum())

    def _codes(self, classes: Sequence[str] | None) -> list[int]:
        if classes is None:
            return list(range(len(self.classes)))
        wanted = [classes] if isinstance(classes, str) else list(classes)
        codes = self._code_of_class
        for name in wanted:
            if name not in codes:
                raise unknown("entity class", name, self.classes)
        return [codes[name] for name in wanted]

    @cached_property
    def _code_of_class(self) -> dict[str, int]:
        return {name: code for code, name in enumerate(self.classes)}

    @property
    def _measured_ages(self) -> np.ndarray:
        """Histogram of ages by class."""
        if self.ages is None:
            raise FlowError(f"the age at {self.name!r} is not measured; call measure_age({self.name!r})")
        return self.ages

    @cached_property
    def _ages_around(self) -> dict[float, tuple[np.ndarray, np.ndarray, float]]:
        """Ages that were asked for, with the entries by class around them."""
        return {}

    @cached_property
    def _age_counts(self) -> np.ndarray:
        """Entries whose age was measured, by class."""
        return self._measured_ages.sum(axis=1)

    def _age_bins(self, classes: Sequence[str] | None) -> np.ndarray:
        return self._measured_ages[self._codes(classes)].sum(axis=0)


class FlowResult:
    """Statistics of a flow; ``result["pick"]`` is a ``NodeStatistics``.

    Attributes
    ----------
    time, warmup : float
        The window measured is (warmup, time] (hours).
    events : int
        Arrivals, completions, gate departures, shift changes and abandonments since the start, the warm-up
        included. What happens in the instant of an event is part of it.
    classes : tuple of str
        Entity classes in the order of their codes.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.time = snapshot.time
        self.warmup = snapshot.warmup
        self.events = snapshot.events
        self.classes = snapshot.plan.classes
        self.period_ends = snapshot.period_ends

    def __getitem__(self, name: str) -> NodeStatistics:
        plan = self._snapshot.plan
        if name not in plan.index:
            raise unknown("node", name, plan.names)
        return self._statistics(plan.index[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._snapshot.plan.names)

    def __len__(self) -> int:
        return len(self._snapshot.plan.names)

    def _statistics(self, i: int) -> NodeStatistics:
        shot = self._snapshot
        node = shot.nodes[i]
        kind = shot.plan.network.nodes[shot.plan.names[i]].kind
        hours = self.time - self.warmup
        departures, busy = int(node["departures"]), int(node["busy"])
        served = departures + busy - int(shot.busy_before[i]) if kind == "station" else departures
        queues = node["hist"] >= 0
        waited = served + int(node["abandoned"]) if queues else 0
        total, lost = float(node["wait_sum"]), float(node["abandon_sum"])
        age, within = int(node["age"]), {}
        if age >= 0:
            limits = shot.plan.age_rows[age]
            span = range(limits["off"], limits["off"] + limits["n"])
            within = {float(shot.plan.limits[j]): shot.within[j] for j in span}
        return NodeStatistics(
            name=shot.plan.names[i],
            kind=kind,
            entries=int(node["entries"]),
            departures=departures,
            balked=int(node["balked"]),
            abandoned=int(node["abandoned"]),
            overflowed=int(node["overflowed"]),
            still_inside=int(node["queue"]) + busy,
            inside_at_start=int(shot.inside_before[i]),
            waited=waited,
            served=served if queues else 0,
            total_wait=total,
            total_wait_served=total - lost,
            total_time=float(node["time_sum"]),
            total_age=float(node["age_sum"]),
            max_queue=int(node["max_queue"]),
            mean_queue=_ratio(float(node["queue_area"]), hours),
            mean_busy=_ratio(float(node["busy_area"]), hours),
            mean_occupancy=_ratio(float(node["queue_area"]) + float(node["busy_area"]), hours),
            scheduled_hours=float(node["capacity_area"] + node["over_area"])
            if kind in ("station", "shelf")
            else math.nan,
            hours=hours,
            waits=shot.waits[node["hist"]] if queues else np.zeros(k.HIST_BINS, np.int64),
            ages=shot.ages[age] if age >= 0 else None,
            within=within,
            classes=self.classes,
        )

    # --- counts and costs -----------------------------------------------------------------------------------
    def counts(self, node: str, what: str) -> NDArray[Any]:
        """Counts of a counted node or group.

        Parameters
        ----------
        node : str
            Name of the group, or of a node that is counted on its own.
        what : str
            "entries", "departures", "overflows" (also stock-outs), "units", "value" (sums over entries),
            "hours" (time of entities in the node; at a station time in service) or "server_hours".

        Returns
        -------
        array, shape (periods, classes)
            For "server_hours" shape (periods, 1).
        """
        plan = self._snapshot.plan
        row = plan.row_of.get(node)
        if row is None:
            if node in plan.index:
                group = plan.network.groups.get(node)
                hint = f"it is counted in group {group!r}" if group else f"call count({node!r})"
                raise FlowError(f"node {node!r} is not counted on its own; {hint}")
            raise unknown("counted node or group", node, plan.rows)
        if what in COUNTED:
            return self._snapshot.counts[:, row, :, COUNTED[what]]
        if what in VALUED:
            return self._snapshot.values[:, row, :, VALUED[what]]
        if what == "server_hours":
            return self._snapshot.server_hours[:, row : row + 1]
        raise unknown("count", what, [*COUNTED, *VALUED, "server_hours"])

    def cost_lines(self) -> list[CostLine]:
        """Every price of the network with the counts it applies to.

        A node that is counted in a group is priced on the counts of the group, once per group and price.
        """
        network = self._snapshot.plan.network
        lines = []
        done: set[tuple[str, str, str, float]] = set()
        for cost in network.costs:
            row = network.groups[cost.node]
            what = BASIS.get(
                cost.basis, "server_hours" if network.nodes[cost.node].kind == "station" else "hours"
            )
            key = (cost.account, row, what, cost.rate)
            if row != cost.node and key in done:
                continue
            done.add(key)
            lines.append(CostLine(cost.account, row, what, cost.rate, self.counts(row, what)))
        return lines

    # --- trace ----------------------------------------------------------------------------------------------
    def trace(self) -> dict[str, NDArray[Any]]:
        """Every step of every entity, in order, as columns of a table.

        Returns
        -------
        dict of arrays
            ``time`` (hours); ``source`` and ``ordinal`` of the entity ("" and -1 for a gate departure or a
            shift change); ``node``; ``what``: arrive, enter, start, depart, balk, abandon, overflow, gate or
            shift.
        """
        rows = self._snapshot.trace
        if rows is None:
            raise FlowError("no trace was kept; start the flow with trace=True")
        names = np.array([*self._snapshot.plan.names, ""], dtype=object)
        born = rows["key"] >= 0
        return {
            "time": rows["time"].copy(),
            "source": names[np.where(born, rows["key"] >> k.KEY_BITS, -1)],
            "ordinal": np.where(born, rows["key"] & k.ORDINAL_MASK, -1),
            "node": names[rows["node"]],
            "what": np.array(k.WHAT, dtype=object)[rows["what"]],
        }


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom > 0 else math.nan


def _quantile(bins: np.ndarray, zeros: int, q: float) -> float:
    """Geometric middle of the bin that holds the quantile; ``zeros`` values lie before the first bin."""
    if not 0.0 <= q <= 1.0:
        raise FlowError(f"a quantile lies in 0..1, got {q}")
    total = zeros + int(bins.sum())
    if total == 0:
        return math.nan
    rank = max(1, math.ceil(q * total))
    if rank <= zeros:
        return 0.0
    at = int(np.searchsorted(np.cumsum(bins) + zeros, rank))
    edges = bin_edges()
    return math.sqrt(edges[at] * edges[at + 1])
