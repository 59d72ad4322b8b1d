"""A running flow: what both engines share.

Names become indices here, inputs are checked, warm-up and periods are cut; the engines move entities.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.flow import kernel as k
from sim.flow.errors import ExhaustedError, FlowError, NetworkError, ZeroTimeCycleError, unknown
from sim.flow.inputs import Handed, handed, new_route, whole_numbers
from sim.flow.network import Network
from sim.flow.nodes import whole
from sim.flow.plan import Plan
from sim.flow.result import COUNTED, VALUED, FlowResult, Snapshot
from sim.flow.routes import Branch

WATCHED = {"level": k.X_LEVEL, "queue": k.X_QUEUE, "count": k.X_COUNT}
READINGS = (
    "level",
    "queue",
    "count",
    "inside",
    "busy",
    "servers",
    "on_hand",
    "overflowed",
    "total_age",
    "aged",
)
EXITS = ("to", "other", "leave")


@dataclass(eq=False)
class Watch:
    """A threshold the flow stops at, once.

    It fires as soon as the reading is <= ``below`` or >= ``above``, looked at after every event that changed
    the node and at the start of every ``advance``.
    """

    flow: Flow = field(repr=False)
    node: str
    what: str
    threshold: float
    below: bool
    number: int
    active: bool = True

    def cancel(self) -> None:
        """Stop watching; a watch that has fired or was cancelled is left alone."""
        if self.active:
            self.active = False
            self.flow._drop_watch(self)


class Flow(ABC):
    """A network in motion, started by ``Network.start``.

    Changes made by the methods take effect at ``now``, after all events at ``now`` that were already
    processed. Attribute ``crossed`` lists the watches at which the last ``advance`` stopped.
    """

    _counts: NDArray[np.int64]
    _values: NDArray[np.float64]
    """Counts and values of the present period, shape (rows, classes, columns); the engines write them."""

    def __init__(
        self, network: Network, seed: Any, warmup: float, period_ends: Iterable[float] | None, tracing: bool
    ) -> None:
        self.plan = Plan.of(network, seed)
        self.now = 0.0
        self.crossed: list[Watch] = []
        self.warmup = float(warmup)
        if not (math.isfinite(self.warmup) and self.warmup >= 0.0):
            raise FlowError(f"warmup must be finite and >= 0, got {warmup!r}")
        self.period_ends = tuple(float(t) for t in (() if period_ends is None else period_ends))
        ends = (0.0, *self.period_ends)
        if any(b <= a for a, b in pairwise(ends)) or not math.isfinite(ends[-1]):
            raise FlowError(f"period_ends must increase strictly from above 0, got {list(self.period_ends)}")
        self._tracing = tracing
        # Warm-up (True) before the end of a period at the same time: that period is then empty.
        self._cuts = sorted(
            [(t, 1) for t in self.period_ends] + ([(self.warmup, 0)] if self.warmup > 0 else [])
        )
        self._warm = self.warmup == 0.0
        self._handed_so_far = np.zeros(len(self.plan.names), np.int64)
        self._closed: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        # Counts of all closed periods together, so that a total so far costs one addition.
        shape = (max(1, len(self.plan.rows)), len(self.plan.classes))
        self._settled = np.zeros((*shape, k.N_COLUMNS), np.int64)
        self._settled_value = np.zeros(shape)
        self._server_base = np.zeros(len(self.plan.names))
        self._period_start = 0.0
        self._inside_before = np.zeros(len(self.plan.names), np.int64)
        self._busy_before = np.zeros(len(self.plan.names), np.int64)
        self._broken: FlowError | None = None

    # --- time -----------------------------------------------------------------------------------------------
    def advance(self, until: float) -> float:
        """Process all events up to and including ``until`` and return the time reached.

        Returns
        -------
        float
            ``until`` (hours), or the time of the first event after which a watch holds; then ``crossed``
            is not empty.

        Raises
        ------
        FlowError
            When ``until`` lies in the past or is not finite.
        ExhaustedError, ZeroTimeCycleError
            When a recorded table ends, or entities circle without time passing. The flow is then unusable.
        """
        if self._broken is not None:
            raise self._broken
        if not (self.now <= until < math.inf):
            raise FlowError(f"cannot advance to {until!r}: now is {self.now}")
        self.crossed = []
        # A cut at t waits until time moves past t, so what is handed in at t still belongs before it.
        while self._cuts and self._cuts[0][0] < until:
            time, kind = self._cuts[0]
            if self._run(time):
                return self.now
            self._cuts.pop(0)
            self._close(kind)
        self._run(until)
        return self.now

    def _close(self, kind: int) -> None:
        """Cut the statistics at ``now``: end of the warm-up (0) or of a period (1)."""
        if kind == 0:
            view = self._view()
            self._inside_before = view["queue"] + view["busy"]
            self._busy_before = view["busy"].copy()
            self._closed = [tuple(np.zeros_like(part) for part in old) for old in self._closed]  # type: ignore[misc]
            self._settled[:] = 0
            self._settled_value[:] = 0.0
            self._restart()
            self._server_base[:] = 0.0
            self._warm = True
        else:
            self._closed.append(self._counts_now())
            self._settled += self._closed[-1][0]
            self._settled_value += self._closed[-1][1][:, :, k.V_VALUE]
            self._server_base = _server_time(self._view())
            self._next_period()
        self._period_start = self.now

    # --- watching and reading -------------------------------------------------------------------------------
    def watch(self, node: str, what: str, below: float | None = None, above: float | None = None) -> Watch:
        """Stop the first ``advance`` after which ``what`` is <= ``below`` or >= ``above``.

        Parameters
        ----------
        node : str
            Name of the node.
        what : {"level", "queue", "count"}
            Entities in the node (of a stock: units on hand less units owed to those waiting); entities
            waiting; entries since the start, the warm-up included.
        below, above : float
            Exactly one threshold; it counts as crossed when reached. If it holds already, the next
            ``advance`` returns at once.
        """
        code = WATCHED.get(what)
        if code is None:
            raise unknown("thing to watch", what, WATCHED)
        if (below is None) == (above is None):
            raise FlowError("watch needs exactly one of below= and above=")
        threshold = float(below if below is not None else above)  # type: ignore[arg-type]
        if math.isnan(threshold):
            raise FlowError("watch needs a threshold that is a number")
        watch = Watch(self, node, what, threshold, below is not None, -1)
        watch.number = self._add_watch(self.node_index(node), code, watch)
        return watch

    def reading(self, node: str, what: str) -> float:
        """Return a present figure of a node.

        Parameters
        ----------
        node : str
            Name of the node.
        what : str
            "level", "queue", "inside", "busy", "servers" (places, capacity), "on_hand" as they stand;
            "count": entries since the start; "overflowed", "total_age" (summed age in hours) and "aged"
            (number of those whose age was measured) since the warm-up ended.
        """
        if what not in READINGS:
            raise unknown("reading", what, READINGS)
        return self._reading(self.node_index(node), what)

    def readings(self, nodes: NDArray[np.integer], what: str) -> NDArray[np.float64]:
        """Return :meth:`reading` of many nodes at once.

        Parameters
        ----------
        nodes : array of int
            Positions of the nodes (see :meth:`node_index`).
        what : str
            As in :meth:`reading`.
        """
        if what not in READINGS:
            raise unknown("reading", what, READINGS)
        return np.array([self._reading(int(node), what) for node in nodes], dtype=np.float64)

    def node_index(self, name: str) -> int:
        """Position of a node in the order of declaration."""
        try:
            return self.plan.index[name]
        except (KeyError, TypeError):
            raise unknown("node", name, self.plan.names) from None

    def _node(self, name: str, kinds: Sequence[str], doing: str) -> int:
        i = self.node_index(name)
        kind = self.plan.network.nodes[name].kind
        if kind not in kinds:
            raise FlowError(f"cannot {doing} {name!r}: it is a {kind}, not a {' or '.join(kinds)}")
        return i

    # --- changes --------------------------------------------------------------------------------------------
    def hand_in(
        self,
        source: str,
        times: ArrayLike,
        classes: Any = None,
        units: ArrayLike | None = None,
        values: ArrayLike | None = None,
        births: ArrayLike | None = None,
    ) -> None:
        """Hand entities to a source with ``rate=None``.

        Parameters
        ----------
        source : str
            Name of the source.
        times : array of float
            Arrival times (hours), any order, >= now. On equal times the order given decides.
        classes : str, sequence of str, or array of int, optional
            Class names or codes; default is the class of the source.
        units : array of int, optional
            Units each entity takes from a stock, >= 0; default 1.
        values : array of float, optional
            A quantity per entity that is only summed; default 0.
        births : array of int, optional
            What an entity's luck hangs on, in place of its ordinal in the source.
        """
        i = self._node(source, ("source",), "hand in at")
        if self.plan.network.nodes[source].rate is not None:
            raise FlowError(f"cannot hand in at {source!r}: it has a rate of its own")
        first = int(self._handed_so_far[i])
        crowd = handed(self.plan, i, first, float(self.now), times, classes, units, values, births)
        self._handed_so_far[i] += crowd.times.size
        if crowd.times.size:
            self._hand_in(i, crowd)

    def withdraw(self, source: str, after: float) -> int:
        """Take back entities handed in that arrive later than ``after``; returns how many."""
        return self._withdraw(self._node(source, ("source",), "withdraw from"), float(after))

    def set_servers(self, node: str, servers: int) -> None:
        """Change a station's servers; those added start at once, busy ones that are removed finish first."""
        i = self._node(node, ("station",), "set the servers of")
        if self.plan.network.nodes[node].shifts is not None:
            raise FlowError(f"cannot set the servers of {node!r}: it follows shifts")
        self._set_servers(i, whole(servers, f"servers of {node!r}"))

    def set_places(self, node: str | NDArray[np.integer], places: Any) -> None:
        """Change the places of one shelf, or of many given by index; nobody is evicted.

        Parameters
        ----------
        node : str or array of int
            Name of a shelf, or indices of shelves (see ``node_index``).
        places : int or array of int
            New places, >= 0.
        """
        if isinstance(node, str):
            indices = np.array([self._node(node, ("shelf",), "set the places of")])
        else:
            indices = np.asarray(node)
            if indices.dtype.kind not in "iu" or (
                indices.size and (indices.min() < 0 or indices.max() >= len(self.plan.names))
            ):
                raise FlowError(f"set_places needs a name or indices in 0..{len(self.plan.names) - 1}")
            if (self.plan.nodes["kind"][indices] != k.SHELF).any():
                raise FlowError("set_places needs indices of shelves only")
        values = whole_numbers(
            np.broadcast_to(np.asarray(places), indices.shape), indices.size, "places", least=0
        )
        self._set_places(indices.astype(np.int64), values)

    def set_route(self, node: str, to: Any, exit: str = "to") -> None:
        """Change where entities go from now on.

        Parameters
        ----------
        node : str
            Name of the node.
        to : route, or pair (indices, probabilities)
            As in the network's description; the pair of arrays is the fast form for thousands of targets.
        exit : {"to", "other", "leave"}
            The route of the served, of those turned away (balked, overflowed), or of those who abandon.

        Raises
        ------
        FlowError
            When the change lets entities come back to nodes they could not come back to before, while some
            are inside: their visits would not have been counted. Name such a target with probability 0
            in the description, or change the route while the network is empty.
        """
        i = self.node_index(node)
        if exit not in EXITS:
            raise unknown("exit", exit, EXITS)
        if self.plan.network.nodes[node].kind == "sink":
            raise FlowError(f"cannot set a route of {node!r}: it is a sink")
        if to is None and exit == "to":
            raise FlowError(f"route of {node!r}: to must be a route")
        branches = new_route(self.plan, node, to)
        targets = np.unique(np.concatenate([branch.targets for branch in branches]))
        targets = targets[targets >= 0]
        if (self.plan.nodes["kind"][targets] == k.SOURCE).any():
            raise NetworkError(f"route of {node!r}: nothing can go to a source")
        known = self.plan.exits[i, exit]
        if not known.issuperset(targets.tolist()):
            self._allow(i, exit, node, known | set(targets.tolist()))
        self._set_route(i, exit, branches)

    def _allow(self, i: int, exit: str, node: str, targets: set[int]) -> None:
        """Accept new edges of the graph; refuse those that close a cycle around entities that are inside."""
        before = self.plan.exits[i, exit]
        self.plan.exits[i, exit] = targets
        cyclic = self.plan.cyclic()
        closed = np.flatnonzero(cyclic > self.plan.nodes["cyclic"])
        if closed.size and self.inside() > 0:
            self.plan.exits[i, exit] = before
            raise FlowError(
                f"the new route of {node!r} lets entities come back to {self.plan.names[closed[0]]!r}; "
                "name the target with probability 0 in the description of the network"
            )
        self.plan.nodes["cyclic"] = cyclic

    def receive(self, stock: str, units: int) -> None:
        """Add units to a stock; those waiting for them leave at once, in order."""
        self._receive(
            self._node(stock, ("stock",), "receive at"), whole(units, f"units received at {stock!r}")
        )

    # --- results --------------------------------------------------------------------------------------------
    def inside(self) -> int:
        """Entities in the network, not counting those handed in that have not arrived."""
        view = self._view()
        return int(view["queue"].sum() + view["busy"].sum())

    def counts(self, node: str, what: str) -> NDArray[Any]:
        """Counts so far, shape (periods, classes); see ``FlowResult.counts``."""
        return self._result().counts(node, what)

    def totals(self, node: str, what: str = "entries") -> NDArray[Any]:
        """Counts so far by class over all periods: the sum of :meth:`counts`, but quick.

        Parameters
        ----------
        node : str
            Name of the group, or of a node that is counted on its own.
        what : str
            "entries", "departures", "overflows", "units" or "value".

        Returns
        -------
        array, shape (classes,)
        """
        row, column = self.plan.row_of.get(node), COUNTED.get(what)
        if row is None:
            raise unknown("counted node or group", node, self.plan.rows)
        if what == "value":
            return self._values[row, :, VALUED[what]] + self._settled_value[row]
        if column is None:
            raise unknown("count", what, [*COUNTED, "value"])
        return self._counts[row, :, column] + self._settled[row, :, column]

    def statistics(self) -> FlowResult:
        """Everything measured so far; the flow can go on afterwards."""
        if not self._warm and self.now <= self.warmup:
            raise FlowError(f"statistics begin after the warm-up at {self.warmup}; now is {self.now}")
        return self._result()

    def _result(self) -> FlowResult:
        periods = [*self._closed, self._counts_now()]
        return FlowResult(
            Snapshot(
                plan=self.plan,
                time=self.now,
                warmup=self.warmup,
                nodes=self._view(),
                inside_before=self._inside_before.copy(),
                busy_before=self._busy_before.copy(),
                counts=np.stack([part[0] for part in periods]),
                values=np.stack([part[1] for part in periods]),
                server_hours=np.stack([part[2] for part in periods]),
                period_ends=self.period_ends,
                **self._measures(),
            )
        )

    def _counts_now(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Counts, values and server hours of the present period so far."""
        counts, values = self._period_counts()
        hours = np.zeros(len(self.plan.rows))
        view = self._view()
        staffed = (view["row"] >= 0) & (view["kind"] == k.STATION)
        np.add.at(hours, view["row"][staffed], (_server_time(view) - self._server_base)[staffed])
        return counts, values, hours

    def _fail(self, status: int, node: int, ordinal: int) -> None:
        """Raise what a status of the engine stands for."""
        name = self.plan.names[node]
        if status == k.E_CYCLE:
            self._broken = ZeroTimeCycleError(
                f"entities go round through {name!r} without time passing at {self.now}"
            )
        else:
            self._broken = ExhaustedError(
                f"{name!r}: the recorded table holds nothing for entity {ordinal} at this visit"
            )
        raise self._broken

    # --- what an engine has to do ---------------------------------------------------------------------------
    @abstractmethod
    def _run(self, until: float) -> bool:
        """Process events up to ``until``; True when watches stopped it (``crossed`` is then filled)."""

    @abstractmethod
    def _restart(self) -> None:
        """Forget all statistics, at the end of the warm-up."""

    @abstractmethod
    def _next_period(self) -> None:
        """Begin the counts of the next period."""

    @abstractmethod
    def _view(self) -> np.ndarray:
        """Records of all nodes with time integrals settled at ``now``."""

    @abstractmethod
    def _period_counts(self) -> tuple[np.ndarray, np.ndarray]:
        """Counts and values of this period, with the hours of entities that are inside."""

    @abstractmethod
    def _measures(self) -> dict[str, Any]:
        """Histograms, number of events and trace."""

    @abstractmethod
    def _add_watch(self, node: int, what: int, watch: Watch) -> int: ...

    @abstractmethod
    def _drop_watch(self, watch: Watch) -> None: ...

    @abstractmethod
    def _reading(self, node: int, what: str) -> float: ...

    @abstractmethod
    def _hand_in(self, node: int, crowd: Handed) -> None: ...

    @abstractmethod
    def _withdraw(self, node: int, after: float) -> int: ...

    @abstractmethod
    def _set_servers(self, node: int, servers: int) -> None: ...

    @abstractmethod
    def _set_places(self, nodes: NDArray[np.int64], places: NDArray[np.int64]) -> None: ...

    @abstractmethod
    def _set_route(self, node: int, exit: str, branches: tuple[Branch, ...]) -> None: ...

    @abstractmethod
    def _receive(self, node: int, units: int) -> None: ...


def _server_time(view: np.ndarray) -> NDArray[np.float64]:
    """Scheduled server time of every node, with the time of servers that finish after their removal."""
    return view["capacity_area"] + view["over_area"]
