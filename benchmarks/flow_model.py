"""The order tandem as a `sim.flow` network, with recorded luck or with the engine's own."""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from benchmarks.luck import (
    AGENT_MEAN,
    AGENTS,
    BACK_HIGH,
    BACK_LOW,
    COLLECT_SHARE,
    COURIER_MEAN,
    COURIERS,
    DECIDE_EVERY,
    DWELL_MEAN,
    HEADWAY,
    LOGNORMAL_CV,
    NODES,
    ORDERS_PER_HOUR,
    PACKERS,
    PICK_MEAN,
    RETURN_SHARE,
    Luck,
    Tally,
    packers_for,
)
from sim.flow import Exponential, Lognormal, Network, Recorded, Uniform, by_record


def recorded_network(luck: Luck) -> Network:
    """Describe the tandem so that every order takes its own row of the table."""
    after_delivery = by_record(["done", "back"], luck.returns)
    net = Network()
    net.source("orders", rate=None, to="pick")
    net.station("pick", servers=PACKERS, service=Recorded(luck.pick), to="truck")
    net.gate("truck", every=HEADWAY, to=by_record(["courier", "collect"], luck.collects))
    net.station("courier", servers=COURIERS, service=Recorded(luck.courier), to=after_delivery)
    net.delay("collect", time=Recorded(luck.dwell), to=after_delivery)
    net.delay("back", time=Recorded(luck.back), to="agent")
    net.station("agent", servers=AGENTS, service=Recorded(luck.agent), to="done")
    net.sink("done")
    return net


def own_network(volume: float = 1.0) -> Network:
    """Describe the tandem with the engine's own draws at `volume` times the orders, hands and people."""
    after_delivery = {"done": 1.0 - RETURN_SHARE, "back": RETURN_SHARE}
    net = Network()
    net.source("orders", rate=ORDERS_PER_HOUR * volume, to="pick")
    net.station("pick", servers=hands(PACKERS, volume), service=Exponential(mean=PICK_MEAN), to="truck")
    net.gate("truck", every=HEADWAY, to={"courier": 1.0 - COLLECT_SHARE, "collect": COLLECT_SHARE})
    net.station(
        "courier",
        servers=hands(COURIERS, volume),
        service=Lognormal(mean=COURIER_MEAN, cv=LOGNORMAL_CV),
        to=after_delivery,
    )
    net.delay("collect", time=Lognormal(mean=DWELL_MEAN, cv=LOGNORMAL_CV), to=after_delivery)
    net.delay("back", time=Uniform(BACK_LOW, BACK_HIGH), to="agent")
    net.station("agent", servers=hands(AGENTS, volume), service=Exponential(mean=AGENT_MEAN), to="done")
    net.sink("done")
    return net


def hands(number: int, volume: float) -> int:
    """People needed at `volume`, at least one."""
    return max(1, int(np.ceil(number * volume)))


def manage(env: simpy.Environment, flow: Any, counted: list[int], horizon: float) -> Generator:
    """Set the number of packers once a day from the queue, as a SimPy process."""
    servers = PACKERS
    for day in range(1, int(np.ceil(horizon / DECIDE_EVERY))):
        yield env.timeout(DECIDE_EVERY * day - env.now)
        flow.advance(env.now)
        wanted = packers_for(int(flow.reading("pick", "queue")))
        counted[0] += 1
        counted[1] += wanted != servers
        servers = wanted
        flow.set_servers("pick", servers)


def run(net: Network, luck: Luck | None, horizon: float, daily: bool, engine: str, seed: int = 1) -> Any:
    """Run (0, horizon] hours; return the statistics and the number of decisions and changes.

    This is what is timed: start, hand in the table of arrivals, advance (with SimPy deciding once a day
    if `daily`), collect the statistics.
    """
    flow = net.start(seed, engine=engine)
    if luck is not None:
        flow.hand_in("orders", luck.arrival)
    counted = [0, 0]
    if daily:
        env = simpy.Environment()
        env.process(manage(env, flow, counted, horizon))
        env.run()
    flow.advance(horizon)
    return flow.statistics(), counted


def tally(outcome: Any) -> Tally:
    """Collect counts and summed hours by node from the engine's statistics."""
    statistics, (decisions, changes) = outcome
    entries, departures, hours = {}, {}, {}
    for node in NODES:
        r = statistics[node]
        entries[node] = int(r.entries)
        departures[node] = int(r.departures) if node != "done" else 0
        hours[node] = float(r.mean_time) * departures[node] if departures[node] else 0.0
    return Tally(entries, departures, hours, decisions, changes)
