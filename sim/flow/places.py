"""The nodes of the reference engine: what an entity goes through, as SimPy generators.

Each kind of node has one generator, ``visit``, that an entity's process runs through; it returns the exit the
entity takes ("to", "other", "leave") or None when the entity has left the network. Everything an entity
does between two ``yield`` statements happens in one instant and belongs to one event.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from sim.flow import kernel as k
from sim.flow.rates import Shifts, Timetable

if TYPE_CHECKING:
    from sim.flow.nodes import Node
    from sim.flow.reference import ReferenceFlow

Visit = Generator[simpy.Event, Any, str | None]
# Order within an instant. A change of servers and an arrival have their own timers in the compiled engine.
COMPLETION, SHIFT, ARRIVAL, DEPARTURE, PATIENCE = range(5)


@dataclass(eq=False)
class Entity:
    """One thing that moves through the network."""

    source: int
    ordinal: int
    luck: np.uint64
    cls: int
    birth: float
    units: int = 1
    value: float = 0.0
    node: int = -1
    enter: float = 0.0
    start: float = 0.0
    waiting: bool = False
    visits: dict[int, int] = field(default_factory=dict)
    wake: Any = None  # the event its process waits for
    alarm: Any = None  # the event of its patience

    @property
    def key(self) -> int:
        """Source and ordinal in one number: the last word when two things happen at once."""
        return self.source << k.KEY_BITS | self.ordinal


class Place(ABC):
    """A node, with the statistics every kind of node keeps."""

    def __init__(self, flow: ReferenceFlow, index: int, node: Node) -> None:
        self.flow, self.env, self.index, self.node = flow, flow.env, index, node
        self.row = int(flow.plan.nodes["row"][index])
        self.age_row = int(flow.plan.nodes["age"][index])
        self.hist = int(flow.plan.nodes["hist"][index])
        self.waiting: deque[Entity] = deque()
        self.servers = int(flow.plan.nodes["servers"][index])
        self.queue = self.busy = self.owed = self.before = 0
        self.queue_last = self.busy_last = self.capacity_last = 0.0
        self.reset()

    def reset(self) -> None:
        """Forget all statistics: at the start, and at the end of the warm-up."""
        self.entries = self.departures = self.balked = self.abandoned = self.overflowed = 0
        self.queue_area = self.busy_area = self.over_area = self.capacity_area = 0.0
        self.wait_sum = self.abandon_sum = self.time_sum = self.age_sum = 0.0
        self.max_queue = self.queue
        self.queue_last = self.busy_last = self.capacity_last = self.env.now

    @abstractmethod
    def visit(self, entity: Entity) -> Visit:
        """What an entity does here."""

    # --- steps they have in common --------------------------------------------------------------------------
    def enter(self, entity: Entity) -> None:
        """Arrive: every arrival counts, whatever becomes of it."""
        now = self.env.now
        entity.visits[self.index] = entity.visits.get(self.index, -1) + 1
        entity.node, entity.enter = self.index, now
        self.entries += 1
        self.flow.count_entry(self, entity)
        if self.age_row >= 0:
            self.age_sum += now - entity.birth
            self.flow.count_age(self, entity)
        self.flow.note(entity, self.index, k.W_ENTER)
        self.flow.touched.add(self.index)

    def leave(self, entity: Entity, since: float) -> None:
        """Depart after the node has done its work; ``since`` is when the hours that count began."""
        self.departures += 1
        self.time_sum += self.env.now - entity.enter
        self.flow.count_departure(self, entity, since)
        self.flow.note(entity, self.index, k.W_DEPART)
        self.flow.touched.add(self.index)

    def refuse(self, entity: Entity, what: int) -> str:
        """Turn away: the queue is too long, the shelf full, the stock empty."""
        if what == k.W_BALK:
            self.balked += 1
        else:
            self.overflowed += 1
            self.flow.count_overflow(self, entity)
        self.flow.note(entity, self.index, what)
        return "other"

    def change_busy(self, by: int) -> None:
        """Change the number in service, after settling its time integral."""
        now = self.env.now
        self.busy_area += self.busy * (now - self.busy_last)
        self.busy_last = now
        self.busy += by

    def change_queue(self, by: int) -> None:
        """Change the number waiting, after settling its time integral."""
        now = self.env.now
        self.queue_area += self.queue * (now - self.queue_last)
        self.queue_last = now
        self.queue += by
        self.max_queue = max(self.max_queue, self.queue)

    def change_servers(self, servers: int) -> None:
        """Change servers or places, after settling the time integrals that depend on them."""
        now = self.env.now
        self.settle_overtime()
        self.change_busy(0)
        self.capacity_area += self.servers * (now - self.capacity_last)
        self.capacity_last = now
        self.servers = servers

    def settle_overtime(self) -> None:
        """Add up the time of servers that finish, and of places held, although they were removed."""
        if self.busy > self.servers:
            self.over_area += (self.busy - self.servers) * (self.env.now - self.busy_last)

    def join(self, entity: Entity) -> simpy.Event:
        """Wait at the end of the queue; returns the event that ends the wait or the service after it."""
        self.change_queue(+1)
        self.waiting.append(entity)
        entity.waiting = True
        entity.wake = self.env.event()
        return entity.wake

    def end_wait(self, entity: Entity) -> None:
        """Leave the queue and record the wait."""
        self.change_queue(-1)
        self.waiting.remove(entity)
        entity.waiting = False
        wait = self.env.now - entity.enter
        self.wait_sum += wait
        self.flow.count_wait(self, wait)

    def begin(self, entity: Entity, duration: float) -> simpy.Event:
        """Schedule a completion; returns the event that wakes the entity."""
        entity.start = self.env.now
        if entity.wake is None:
            entity.wake = self.env.event()
        return self.env.at(self.env.now + duration, (COMPLETION, self.index, entity.key), entity.wake)


class Station(Place):
    """First come, first served, with servers."""

    def __init__(self, flow: ReferenceFlow, index: int, node: Node) -> None:
        super().__init__(flow, index, node)
        if node.shifts is not None:
            self.env.process(self.follow(node.shifts))

    def visit(self, entity: Entity) -> Visit:
        """Get a server, balk, or wait for a server as long as patience lasts."""
        self.enter(entity)
        if self.busy < self.servers:
            self.change_busy(+1)
            self.serve(entity)
        elif self.node.limit is not None and self.queue >= self.node.limit:
            return self.refuse(entity, k.W_BALK)
        else:
            self.join(entity)
            if self.node.patience is not None:
                self.expect(entity)
        outcome = yield entity.wake
        entity.wake = None
        if outcome == "abandoned":
            return "leave"
        self.flow.completed(self, entity)
        self.leave(entity, since=entity.start)
        if self.waiting and self.busy <= self.servers:
            self.call(self.waiting[0])
        else:
            self.settle_overtime()
            self.change_busy(-1)
        return "to"

    def serve(self, entity: Entity) -> None:
        """Begin a service."""
        duration = self.flow.draw(self, entity, "law", "time")
        self.flow.note(entity, self.index, k.W_START)
        self.begin(entity, duration)

    def call(self, entity: Entity) -> None:
        """Take an entity from the queue onto a free server."""
        self.end_wait(entity)
        if entity.alarm is not None:
            entity.alarm.callbacks = []
            entity.alarm = None
        self.serve(entity)

    def expect(self, entity: Entity) -> None:
        """Start the entity's patience."""
        patience = self.flow.draw(self, entity, "patience", "patience")
        entity.alarm = self.env.event()
        entity.alarm.callbacks.append(lambda _: self.abandon(entity))
        self.env.at(self.env.now + patience, (PATIENCE, self.index, entity.key), entity.alarm)

    def abandon(self, entity: Entity) -> None:
        """Patience has run out."""
        self.flow.events += 1
        entity.alarm = None
        self.end_wait(entity)
        self.abandoned += 1
        self.abandon_sum += self.env.now - entity.enter
        self.flow.note(entity, self.index, k.W_ABANDON)
        self.flow.touched.add(self.index)
        entity.wake.succeed("abandoned")

    def staff(self, servers: int) -> None:
        """Change the number of servers; new ones take who is waiting."""
        self.change_servers(servers)
        while self.waiting and self.busy < self.servers:
            entity = self.waiting[0]
            self.change_busy(+1)
            self.call(entity)

    def follow(self, shifts: Shifts) -> Generator[simpy.Event, Any, None]:
        """Change the servers by the clock."""
        n, turn = len(shifts.times), 1
        while True:
            turns, piece = divmod(turn, n)
            yield self.env.at(turns * shifts.period + shifts.times[piece], (SHIFT, self.index, 0))
            self.flow.events += 1
            self.flow.note(None, self.index, k.W_SHIFT)
            self.flow.touched.add(self.index)
            self.staff(shifts.servers[piece])
            turn += 1


class Delay(Place):
    """A time everybody takes on their own."""

    def visit(self, entity: Entity) -> Visit:
        """Let the time pass; a time of zero is passed at once."""
        self.enter(entity)
        duration = self.flow.draw(self, entity, "law", "time")
        if duration > 0.0:
            self.change_busy(+1)
            yield self.begin(entity, duration)
            entity.wake = None
            self.flow.completed(self, entity)
            self.leave(entity, since=entity.start)
            self.change_busy(-1)
        else:
            self.leave(entity, since=self.env.now)
        return "to"


class Shelf(Place):
    """Places that are held for a time."""

    def visit(self, entity: Entity) -> Visit:
        """Hold a place for the dwell time, or go elsewhere."""
        self.enter(entity)
        if self.busy >= self.servers:
            return self.refuse(entity, k.W_OVERFLOW)
        duration = self.flow.draw(self, entity, "law", "time")
        self.change_busy(+1)
        yield self.begin(entity, duration)
        entity.wake = None
        self.flow.completed(self, entity)
        self.leave(entity, since=entity.start)
        self.settle_overtime()
        self.change_busy(-1)
        return "to"


class Gate(Place):
    """Wait for the next departure."""

    def __init__(self, flow: ReferenceFlow, index: int, node: Node) -> None:
        super().__init__(flow, index, node)
        self.env.process(self.run())

    def visit(self, entity: Entity) -> Visit:
        """Wait, then go."""
        self.enter(entity)
        yield self.join(entity)
        entity.wake = None
        self.end_wait(entity)
        self.leave(entity, since=entity.enter)
        return "to"

    def times(self) -> Generator[float, None, None]:
        """Times of the departures."""
        every, offset, number = self.node.every, self.node.offset, 0
        clock = 0.0
        while True:
            if isinstance(every, Timetable):
                turns, piece = divmod(number, len(every.times))
                yield turns * every.period + every.times[piece]
            elif isinstance(every, float):
                yield offset + number * every if offset > 0.0 else (number + 1) * every
            else:
                gap = self.flow.draw_headway(self.index, number)
                if number == 0 and offset > 0.0:
                    gap = offset
                clock += gap
                yield clock
            number += 1

    def run(self) -> Generator[simpy.Event, Any, None]:
        """At each departure wake as many as there is room for; each goes on its way before the next."""
        for time in self.times():
            if time == math.inf:
                return
            yield self.env.at(time, (DEPARTURE, self.index, 0))
            self.flow.events += 1
            self.flow.note(None, self.index, k.W_GATE)
            for entity in list(self.waiting)[: self.servers]:
                entity.wake.succeed()


class Stock(Place):
    """Goods of which each entity takes its units."""

    def visit(self, entity: Entity) -> Visit:
        """Take the units, wait for them, or go elsewhere."""
        self.enter(entity)
        if not self.waiting and entity.units <= self.servers:
            self.servers -= entity.units
            self.leave(entity, since=self.env.now)
            return "to"
        if not self.node.backorder:
            return self.refuse(entity, k.W_OVERFLOW)
        self.owed += entity.units
        yield self.join(entity)
        entity.wake = None
        self.servers -= entity.units
        self.owed -= entity.units
        self.end_wait(entity)
        self.leave(entity, since=entity.enter)
        return "to"

    def receive(self, units: int) -> None:
        """Add units; those who wait go one after the other, as long as the first can be served."""
        self.servers += units
        for _ in range(len(self.waiting)):
            if not self.waiting or self.waiting[0].units > self.servers:
                break
            self.waiting[0].wake.succeed()
            self.env.finish_instant()


class Sink(Place):
    """A way out."""

    def visit(self, entity: Entity) -> Visit:
        """Leave the network."""
        self.enter(entity)
        self.departures += 1
        if self.age_row < 0:
            self.age_sum += self.env.now - entity.birth
        self.flow.count_departure(self, entity, self.env.now)
        return None
        yield  # a generator like the others


class Source(Place):
    """Where entities are born."""

    def visit(self, entity: Entity) -> Visit:
        """Be born."""
        self.entries += 1
        self.departures += 1
        entity.node = self.index
        entity.visits[self.index] = 0
        self.flow.count_entry(self, entity)
        self.flow.count_departure(self, entity, self.env.now)
        self.flow.note(entity, self.index, k.W_ARRIVE)
        self.flow.touched.add(self.index)
        return "to"
        yield  # a generator like the others


PLACES: dict[str, Callable[[ReferenceFlow, int, Node], Place]] = {
    "source": Source,
    "station": Station,
    "delay": Delay,
    "gate": Gate,
}
PLACES |= {"shelf": Shelf, "stock": Stock, "sink": Sink}
