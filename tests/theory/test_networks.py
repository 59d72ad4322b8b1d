"""Nodes joined up: open networks with known answers, and Little's law at every kind of node."""

import numpy as np
import pytest

from sim.flow import (
    Deterministic,
    Exponential,
    Lognormal,
    Network,
    PiecewiseRate,
    Uniform,
)

from . import closed_forms as cf
from .harness import assert_agrees, hours_needed


def returns_network():
    """Orders, 15% of which come back to be picked and packed again."""
    net = Network()
    net.source("orders", rate=10.0, to="pick")
    net.station("pick", servers=3, service=Exponential(mean=0.2), to="pack")
    net.station("pack", servers=2, service=Exponential(mean=0.125), to="transit")
    net.delay("transit", time=Exponential(mean=2.0), to={"pick": 0.15, "kept": 0.85})
    net.sink("kept")
    net.measure_age("kept")
    return net


def test_jackson_network_with_returns():
    """Q = 10/h through pick (3 x 5/h), pack (2 x 8/h), 2 h of transit, 15% back: W per order 3.134515 h."""
    total = cf.jackson(np.array([10.0, 0, 0]), np.array([[0, 1, 0], [0, 0, 1], [0.15, 0, 0.0]]))[0]
    pick, pack = cf.mmc(total, 0.2, 3), cf.mmc(total, 0.125, 2)
    inside = pick.mean_inside + pack.mean_inside + 2.0 * total
    chain = cf.station_chain(total, 0.2, 3, 1500)
    queue = np.maximum(np.arange(len(chain.shares)) - 3.0, 0.0)
    # Returns tie the two stations together and stretch correlations by about 1 / (1 - 0.15).
    hours = hours_needed(2.0 * chain.asymptotic_variance(queue), chain.mean(queue))
    net = returns_network()

    def measure(seed):
        result = net.run(until=100.0 + hours, seed=seed, warmup=100.0)
        return {
            "through pick": result["pick"].departures / hours,
            "inside pick": result["pick"].mean_occupancy,
            "inside pack": result["pack"].mean_occupancy,
            "in transit": result["transit"].mean_occupancy,
            "wait for pick": result["pick"].mean_wait,
            "wait for pack": result["pack"].mean_wait,
            "hours per order": result["kept"].mean_age,
        }

    targets = {
        "through pick": total,
        "inside pick": pick.mean_inside,
        "inside pack": pack.mean_inside,
        "in transit": 2.0 * total,
        "wait for pick": pick.mean_wait,
        "wait for pack": pack.mean_wait,
        "hours per order": inside / 10.0,
    }
    assert_agrees(measure, targets, 900)


def test_jackson_network_on_the_reference_engine():
    """The same digits as the compiled engine, which carries the closed form over to the reference."""
    net = returns_network()
    ours, reference = (
        net.run(until=150.0, seed=901, warmup=20.0, engine=engine) for engine in ("compiled", "reference")
    )
    assert ours["kept"].entries > 1000
    for name in ("pick", "pack", "transit"):
        assert ours[name].mean_wait == pytest.approx(reference[name].mean_wait, rel=1e-12, nan_ok=True)
        assert ours[name].mean_time == pytest.approx(reference[name].mean_time, rel=1e-12)
        assert ours[name].mean_occupancy == pytest.approx(reference[name].mean_occupancy, rel=1e-12)
        assert ours[name].departures == reference[name].departures
    assert ours["kept"].mean_age == pytest.approx(reference["kept"].mean_age, rel=1e-12)


def test_tandem_of_burke():
    """M/M/1 (2/h) feeding M/M/1 (1.5/h) at 1/h: the second sees Poisson arrivals, 3 hours in all."""
    net = Network()
    net.source("orders", rate=1.0, to="pick")
    net.station("pick", servers=1, service=Exponential(mean=0.5), to="pack")
    net.station("pack", servers=1, service=Exponential(mean=1 / 1.5), to="done")
    net.sink("done")
    net.measure_age("done")
    chain = cf.station_chain(1.0, 1 / 1.5, 1, 1500)
    queue = np.maximum(np.arange(len(chain.shares)) - 1.0, 0.0)
    hours = hours_needed(chain.asymptotic_variance(queue), chain.mean(queue))

    def measure(seed):
        result = net.run(until=1.02 * hours, seed=seed, warmup=0.02 * hours)
        return {
            "pick": result["pick"].mean_wait,
            "pack": result["pack"].mean_wait,
            "in all": result["done"].mean_age,
        }

    targets = {"pick": 0.5, "pack": cf.mmc(1.0, 1 / 1.5, 1).mean_wait, "in all": 3.0}
    assert_agrees(measure, targets, 910)


def every_kind(arrivals):
    """A network with every kind of node and every way to leave one."""
    net = Network()
    net.source("orders", rate=arrivals, to="stock")
    net.stock("stock", on_hand=10**9, to={"desk": 0.5, "pick": 0.5})
    net.station(
        "desk",
        servers=3,
        service=Exponential(mean=0.3),
        to="pick",
        queue_limit=2,
        on_balk="pick",
        patience=Exponential(mean=0.4),
        on_abandon="gone",
    )
    net.station("pick", servers=4, service=Lognormal(mean=0.3, cv=1.0), to="truck")
    net.gate("truck", every=1.0, to={"courier": 0.6, "shelf": 0.4}, capacity=14)
    net.station(
        "courier",
        servers=4,
        service=Uniform(0.2, 0.8),
        to={"done": 0.9, "back": 0.1},
        patience=Deterministic(0.5),
    )
    net.shelf("shelf", places=25, dwell=Lognormal(mean=6.0, cv=0.8), to="done", on_full="courier")
    net.delay("back", time=Uniform(24.0, 168.0), to="desk")
    net.sink("done")
    net.sink("gone")
    return net


@pytest.mark.parametrize(("engine", "open_hours"), [("compiled", 5000.0), ("reference", 150.0)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_little_law_from_separate_accumulators(engine, open_hours, seed):
    """Run until the network is empty: then time integrals equal summed stays exactly, node by node.

    The left sides are integrals over the clock, the right sides are sums over entities.
    """
    until = open_hours + 3000.0
    net = every_kind(PiecewiseRate([0.0, open_hours], [11.0, 0.0]))
    flow = net.start(seed, engine=engine)
    flow.advance(until)
    assert flow.inside() == 0
    result = flow.statistics()
    for name in ("desk", "pick", "courier"):
        r = result[name]
        joined = r.entries - r.balked
        waited_all = joined * r.mean_wait
        waited_lost = waited_all - r.departures * r.mean_wait_served
        assert r.departures + r.abandoned == joined
        assert r.mean_queue * until == pytest.approx(waited_all, rel=1e-9, abs=1e-9), name
        assert r.mean_occupancy * until == pytest.approx(
            r.departures * r.mean_time + waited_lost, rel=1e-9, abs=1e-9
        ), name
        assert r.abandoned > 0 or name == "pick"
    for name in ("truck", "shelf", "back"):
        r = result[name]
        assert r.departures > 0
        assert r.entries == r.departures + r.overflowed
        assert r.mean_occupancy * until == pytest.approx(r.departures * r.mean_time, rel=1e-9), name
    assert result["desk"].balked > 0
    assert result["shelf"].overflowed > 0


def test_little_law_for_backorders():
    """Backorders: the integral of the backlog equals the summed waits of those who waited."""
    net = Network()
    net.source("demand", rate=PiecewiseRate([0.0, 500.0], [4.0, 0.0]), to="stock")
    net.stock("stock", on_hand=5, to="sold", backorder=True)
    net.sink("sold")
    flow = net.start(5)
    for day in range(1, 60):
        flow.advance(24.0 * day)
        flow.receive("stock", 100)
    flow.advance(1500.0)
    assert flow.inside() == 0
    r = flow.statistics()["stock"]
    assert r.departures == r.entries
    assert r.mean_queue * 1500.0 == pytest.approx(r.entries * r.mean_wait, rel=1e-9)
    assert r.mean_queue > 0.0
