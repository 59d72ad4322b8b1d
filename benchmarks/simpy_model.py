"""The order tandem as a SimPy user writes it: one process per order, resources, one shared truck event."""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from benchmarks.luck import (
    AGENTS,
    COURIERS,
    DECIDE_EVERY,
    HEADWAY,
    NODES,
    PACKERS,
    Luck,
    Tally,
    packers_for,
)

Process = Generator[simpy.Event, Any, None]


class Crew(simpy.Resource):
    """A resource whose number of hands can change; a busy hand that is removed finishes first."""

    def resize(self, capacity: int) -> None:
        """Set the number of hands and start whoever can start now (SimPy starts one at a time)."""
        self._capacity = capacity
        while self.put_queue and len(self.users) < capacity:
            self._trigger_put(None)


class Tandem:
    """State of one run: resources, the coming truck, counts and summed hours by node."""

    def __init__(self, luck: Luck) -> None:
        self.env = simpy.Environment()
        self.packers = Crew(self.env, PACKERS)
        self.couriers = simpy.Resource(self.env, COURIERS)
        self.agents = simpy.Resource(self.env, AGENTS)
        self.truck = self.env.event()
        self.arrival = luck.arrival.tolist()
        self.pick = luck.pick.tolist()
        self.courier = luck.courier.tolist()
        self.dwell = luck.dwell.tolist()
        self.back = luck.back.tolist()
        self.agent = luck.agent.tolist()
        self.collects = luck.collects.tolist()
        self.returns = luck.returns.tolist()
        self.entries = dict.fromkeys(NODES, 0)
        self.departures = dict.fromkeys(NODES, 0)
        self.hours = dict.fromkeys(NODES, 0.0)
        self.decisions = 0
        self.changes = 0

    def leave(self, node: str, entered: float) -> float:
        """Count a departure and return the time, which is when the next node is entered."""
        now = self.env.now
        self.departures[node] += 1
        self.hours[node] += now - entered
        return now

    def serve(self, node: str, crew: simpy.Resource, hours: float) -> Process:
        """Queue for one of the crew and be served for `hours`."""
        self.entries[node] += 1
        entered = self.env.now
        with crew.request() as turn:
            yield turn
            yield self.env.timeout(hours)
        self.leave(node, entered)

    def order(self, k: int) -> Process:
        """One order from arrival to its end."""
        env = self.env
        yield from self.serve("pick", self.packers, self.pick[k])
        self.entries["truck"] += 1
        entered = env.now
        yield self.truck
        self.leave("truck", entered)
        if self.collects[k]:
            self.entries["collect"] += 1
            entered = env.now
            yield env.timeout(self.dwell[k])
            self.leave("collect", entered)
        else:
            yield from self.serve("courier", self.couriers, self.courier[k])
        if self.returns[k]:
            self.entries["back"] += 1
            entered = env.now
            yield env.timeout(self.back[k])
            self.leave("back", entered)
            yield from self.serve("agent", self.agents, self.agent[k])
        self.entries["done"] += 1

    def arrivals(self) -> Process:
        """Start every order at its time."""
        env = self.env
        for k, time in enumerate(self.arrival):
            yield env.timeout(time - env.now)
            env.process(self.order(k))

    def trucks(self) -> Process:
        """Let everybody who waits leave every hour."""
        while True:
            yield self.env.timeout(HEADWAY)
            departing, self.truck = self.truck, self.env.event()
            departing.succeed()

    def manager(self, horizon: float) -> Process:
        """Set the number of packers once a day from the queue."""
        for day in range(1, int(np.ceil(horizon / DECIDE_EVERY))):
            yield self.env.timeout(DECIDE_EVERY * day - self.env.now)
            servers = packers_for(len(self.packers.queue))
            self.decisions += 1
            self.changes += servers != self.packers.capacity
            self.packers.resize(servers)


def prepare(luck: Luck, horizon: float, daily: bool) -> Tandem:
    """Put the model together (not timed)."""
    tandem = Tandem(luck)
    tandem.env.process(tandem.arrivals())
    tandem.env.process(tandem.trucks())
    if daily:
        tandem.env.process(tandem.manager(horizon))
    return tandem


def run(tandem: Tandem, horizon: float) -> Tally:
    """Run to the horizon; what happens at the horizon itself counts, as in the other tools."""
    tandem.env.run(until=float(np.nextafter(horizon, np.inf)))
    return Tally(tandem.entries, tandem.departures, tandem.hours, tandem.decisions, tandem.changes)
