"""Description of a flow network: nodes, routes, what is counted. No state, no numbers drawn.

A ``Network`` is built once and can be run any number of times; every run takes a snapshot of it. Times are
hours, but nothing depends on the unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.flow.errors import NetworkError, unknown
from sim.flow.laws import Law, Recorded, check_number
from sim.flow.nodes import COST_BASES, DEFAULT_CLASS, Cost, Node, check_laws, check_name, whole
from sim.flow.rates import PiecewiseRate, Shifts, Timetable
from sim.flow.routes import ByClass, ByRecord, probabilities

if TYPE_CHECKING:
    from sim.flow.plan import Plan
    from sim.flow.result import FlowResult
    from sim.flow.running import Flow

Engine = Literal["compiled", "reference"]


class Network:
    """Nodes through which entities move, described as data.

    Nodes may be named in a route before they are declared; everything is checked when the network starts.
    """

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.costs: list[Cost] = []
        self.groups: dict[str, str] = {}  # node -> row it is counted in
        self.ages: dict[str, tuple[float, ...]] = {}
        self.declared_classes: list[str] = []
        self.kept_plan: Plan | None = None  # of the last start, see ``Plan.of``

    # --- nodes ----------------------------------------------------------------------------------------------
    def source(self, name: str, rate: Any, to: Any, entity_class: Any = None) -> None:
        """Declare a place where entities are born.

        Parameters
        ----------
        name : str
            Name of the node; part of its entities' luck.
        rate : float, PiecewiseRate, Law or None
            Poisson arrivals per hour, constant or piecewise; a law of independent headways (a ``Recorded``
            one is a trace, and the source ends with it); None: entities are handed in while running.
        to : route
            Where they go.
        entity_class : str, dict or by_record, optional
            Class of the entities, probabilities of classes, or a recorded class per ordinal; by default
            "entity". Entities handed in bring their own class, unless the source or the network has only one.
        """
        if isinstance(rate, (int, float, np.integer, np.floating)) and not isinstance(rate, bool):
            rate = check_number(rate, f"source {name!r}: rate", least=0.0)
        elif not (rate is None or isinstance(rate, (PiecewiseRate, Law))):
            raise NetworkError(
                f"source {name!r}: rate must be a number, PiecewiseRate, a law or None, got {rate!r}"
            )
        if isinstance(rate, Law) and not isinstance(rate, Recorded) and rate.mean <= 0.0:
            raise NetworkError(f"source {name!r}: headways must have a mean > 0")
        if isinstance(entity_class, Mapping):
            entity_class = probabilities(entity_class, f"source {name!r}: class")
        elif not (entity_class is None or isinstance(entity_class, (str, ByRecord))):
            raise NetworkError(
                f"source {name!r}: entity_class must be a name, probabilities or by_record, "
                f"got {entity_class!r}"
            )
        if isinstance(entity_class, ByRecord) and entity_class.choices.ndim != 1:
            raise NetworkError(
                f"source {name!r}: a recorded entity_class has one value per entity, shape (k,)"
            )
        self._add(Node(name, "source", to=to, rate=rate, entity_class=entity_class))

    def station(
        self,
        name: str,
        servers: int | Shifts,
        service: Any,
        to: Any,
        queue_limit: int | None = None,
        on_balk: Any = None,
        patience: Any = None,
        on_abandon: Any = None,
    ) -> None:
        """Declare a first-come-first-served queue with servers.

        Parameters
        ----------
        name : str
            Name of the node.
        servers : int or Shifts
            Number of servers, >= 0. A busy server that is removed finishes first.
        service : Law, float or by_class
            Service time (hours).
        to : route
            Where the served go.
        queue_limit : int, optional
            How many may wait, those in service not counted; more balk.
        on_balk, on_abandon : route, optional
            Where those who balk or run out of patience go; None leaves the network and is counted.
        patience : Law, float or by_class, optional
            Longest wait (hours) before service begins.
        """
        shifts = servers if isinstance(servers, Shifts) else None
        count = shifts.servers[0] if shifts else whole(servers, f"station {name!r}: servers")
        limit = None if queue_limit is None else whole(queue_limit, f"station {name!r}: queue_limit")
        if limit is None and on_balk is not None:
            raise NetworkError(f"station {name!r}: on_balk needs a queue_limit")
        if patience is None and on_abandon is not None:
            raise NetworkError(f"station {name!r}: on_abandon needs a patience")
        self._add(
            Node(
                name,
                "station",
                to=to,
                other=on_balk,
                leave=on_abandon,
                law=check_laws(service, f"station {name!r}: service"),
                servers=count,
                shifts=shifts,
                limit=limit,
                patience=None if patience is None else check_laws(patience, f"station {name!r}: patience"),
            )
        )

    def delay(self, name: str, time: Any, to: Any) -> None:
        """Declare a time that everybody takes on their own; a time of 0 is passed in the same event.

        Parameters
        ----------
        name : str
            Name of the node.
        time : Law, float or by_class
            Time spent (hours).
        to : route
            Where entities go afterwards.
        """
        self._add(Node(name, "delay", to=to, law=check_laws(time, f"delay {name!r}: time")))

    def gate(self, name: str, every: Any, to: Any, offset: float = 0.0, capacity: int | None = None) -> None:
        """Declare a place where entities wait for the next departure (a truck, a batch).

        Who arrives at the time of a departure is taken along; who finds no room keeps the place in the queue.

        Parameters
        ----------
        name : str
            Name of the node.
        every : float, Law or Timetable
            Headway (hours), independent random headways, or a timetable.
        to : route
            Where each entity goes.
        offset : float
            Time of the first departure if > 0, else that is one headway in (not with a timetable).
        capacity : int, optional
            Most entities taken per departure.
        """
        if isinstance(every, Timetable):
            if offset != 0.0:
                raise NetworkError(f"gate {name!r}: a timetable takes no offset")
        elif isinstance(every, Law):
            if every.mean <= 0.0 and not isinstance(every, Recorded):
                raise NetworkError(f"gate {name!r}: headways must have a mean > 0")
        else:
            every = check_number(every, f"gate {name!r}: every", above=0.0)
        room = None if capacity is None else whole(capacity, f"gate {name!r}: capacity", least=1)
        start = check_number(offset, f"gate {name!r}: offset", least=0.0)
        self._add(Node(name, "gate", to=to, every=every, offset=start, capacity=room))

    def shelf(self, name: str, places: int, dwell: Any, to: Any, on_full: Any = None) -> None:
        """Declare a number of places that are held for a time; who finds none goes elsewhere.

        Parameters
        ----------
        name : str
            Name of the node.
        places : int
            Number of places, >= 0.
        dwell : Law, float or by_class
            Time a place is held (hours).
        to : route
            Where entities go afterwards.
        on_full : route, optional
            Where they go when every place is taken; None leaves the network and is counted.
        """
        held = check_laws(dwell, f"shelf {name!r}: dwell")
        self._add(
            Node(
                name,
                "shelf",
                to=to,
                other=on_full,
                law=held,
                servers=whole(places, f"shelf {name!r}: places"),
            )
        )

    def stock(self, name: str, on_hand: int, to: Any, on_empty: Any = None, backorder: bool = False) -> None:
        """Declare goods of which each entity takes its units; replenished with ``flow.receive``.

        Parameters
        ----------
        name : str
            Name of the node.
        on_hand : int
            Units at the start, >= 0.
        to : route
            Where supplied entities go, at once.
        on_empty : route, optional
            Where entities go that find too few units; None leaves the network and is counted.
        backorder : bool
            Wait instead, first come first served.
        """
        if backorder and on_empty is not None:
            raise NetworkError(f"stock {name!r}: on_empty is never used with backorder=True")
        units = whole(on_hand, f"stock {name!r}: on_hand")
        self._add(Node(name, "stock", to=to, other=on_empty, servers=units, backorder=bool(backorder)))

    def sink(self, name: str) -> None:
        """Declare a way out."""
        self._add(Node(name, "sink"))

    # --- what is measured -----------------------------------------------------------------------------------
    def classes(self, *names: str) -> None:
        """Declare entity classes up front, in order; those of the sources are added after them."""
        for name in names:
            check_name(name, "entity class")
        self.declared_classes = list(dict.fromkeys([*self.declared_classes, *names]))

    def class_names(self) -> tuple[str, ...]:
        """All entity classes in the order of their codes; a source that names none brings "entity"."""
        found = list(self.declared_classes)
        plain = False
        for node in self.nodes.values():
            if node.kind != "source":
                continue
            if node.entity_class is None:
                plain = plain or node.rate is not None
                continue
            if isinstance(node.entity_class, str):
                found.append(node.entity_class)
            elif isinstance(node.entity_class, ByRecord):
                found.extend(node.entity_class.names)
            else:
                found.extend(node.entity_class)
        if plain or not found:
            found.append(DEFAULT_CLASS)
        return tuple(dict.fromkeys(found))

    def count(self, node: str, group: str | None = None) -> None:
        """Count a node's entries, departures, overflows, units, value and hours by period and class.

        Parameters
        ----------
        node : str
            Name of the node.
        group : str, optional
            Nodes of one group share a row of the counts.
        """
        row = node if group is None else check_name(group, "group")
        known = self.groups.get(node)
        if known is not None and group is not None and known not in (node, row):
            raise NetworkError(f"node {node!r} is counted in group {known!r} already")
        if known is None or group is not None:
            self.groups[node] = row

    def cost(
        self,
        node: str,
        account: str,
        *,
        per_entry: float | None = None,
        per_hour: float | None = None,
        per_departure: float | None = None,
        per_unit: float | None = None,
        per_overflow: float | None = None,
        per_value: float | None = None,
    ) -> None:
        """Attach prices to what happens at a node; the flow only counts, see ``FlowResult.cost_lines``.

        ``per_hour`` is per scheduled server hour at a station and per entity hour elsewhere.
        """
        given = zip(
            COST_BASES, (per_entry, per_hour, per_departure, per_unit, per_overflow, per_value), strict=True
        )
        lines = [
            Cost(
                node,
                check_name(account, "account"),
                basis,
                check_number(rate, f"cost of {node!r} per {basis}"),
            )
            for basis, rate in given
            if rate is not None
        ]
        if not lines:
            raise NetworkError(f"cost of {node!r}: give at least one of per_{', per_'.join(COST_BASES)}")
        self.count(node)
        self.costs.extend(lines)

    def measure_age(self, node: str, within: Iterable[float] = ()) -> None:
        """Measure, at entry of a node, the time since the entity's birth, by class.

        Parameters
        ----------
        node : str
            Name of the node.
        within : iterable of float
            Ages (hours) whose share is counted exactly; others are read from a log histogram.
        """
        self.ages[node] = tuple(sorted({check_number(h, f"age at {node!r}", least=0.0) for h in within}))

    # --- running --------------------------------------------------------------------------------------------
    def check(self) -> None:
        """Check everything that spans nodes.

        Raises
        ------
        NetworkError
            On a name that does not exist, probabilities that do not sum to 1, a class without a choice.
        """
        from sim.flow.plan import Plan

        Plan.of(self, 0)

    def start(
        self,
        seed: Any,
        engine: Engine = "compiled",
        warmup: float = 0.0,
        period_ends: Iterable[float] | None = None,
        trace: bool = False,
        log: bool = False,
    ) -> Flow:
        """Start a running flow at time 0.

        Parameters
        ----------
        seed : int or numpy.random.SeedSequence
            Everything random is a pure function of it.
        engine : {"compiled", "reference"}
            The compiled event loop, or the same network in SimPy; results are equal digit for digit.
        warmup : float
            Statistics and counts begin after this time (hours).
        period_ends : iterable of float, optional
            Increasing times that cut the counts into periods; what comes after the last is one more.
        trace, log : bool
            Keep every event (see ``FlowResult.trace``).
        """
        tracing = trace or log
        if engine == "compiled":
            from sim.flow.engine import CompiledFlow

            return CompiledFlow(self, seed, warmup, period_ends, tracing)
        if engine == "reference":
            from sim.flow.reference import ReferenceFlow

            return ReferenceFlow(self, seed, warmup, period_ends, tracing)
        raise unknown("engine", engine, ("compiled", "reference"))

    def run(
        self,
        until: float,
        seed: Any,
        warmup: float = 0.0,
        engine: Engine = "compiled",
        period_ends: Iterable[float] | None = None,
        trace: bool = False,
    ) -> FlowResult:
        """Run from time 0 to ``until`` (hours), events at ``until`` included, and return the statistics."""
        flow = self.start(seed, engine, warmup, period_ends, trace)
        flow.advance(until)
        return flow.statistics()

    def _add(self, node: Node) -> None:
        check_name(node.name, "node")
        if node.name in self.nodes:
            raise NetworkError(f"node {node.name!r} is declared twice")
        own = {exit: _own(getattr(node, exit)) for exit in ("to", "other", "leave")}
        self.nodes[node.name] = replace(node, **own)


def _own(route: Any) -> Any:
    """Copy of a route, so that a change to what was given does not change the description."""
    if isinstance(route, ByClass):
        # Classes by the hundred share a few routes, before and after.
        own = {id(choice): _own(choice) for choice in route.choices.values()}
        return ByClass({name: own[id(choice)] for name, choice in route.choices.items()})
    return dict(route) if isinstance(route, dict) else route
