"""Luck belongs to the entity: what is added elsewhere changes nobody's draws."""

import numpy as np
import pytest

from sim.flow import Deterministic, Exponential, Lognormal, Network, Uniform


def build(extra_node=False, servers=3, second_source=False, more=False):
    net = Network()
    if extra_node:
        net.delay("nowhere", Deterministic(1.0), "out")
    net.source("orders", 5.0, "pick")
    if second_source:
        net.source("others", 1.0, "side")
        net.station("side", 1, Exponential(0.5), "out")
    net.station("pick", servers, Exponential(0.3), {"near": 0.6, "far": 0.4})
    net.delay("near", Uniform(1.0, 2.0), "out" if not more else "extra")
    net.delay("far", Lognormal(3.0, 0.5), {"pick": 0.3, "out": 0.7})
    if more:
        net.delay("extra", Exponential(1.0), "out")
    net.sink("out")
    return net


def durations(net, seed=3, until=200.0):
    """Time of every service by (source, ordinal, node, visit)."""
    trace = net.run(until, seed, trace=True).trace()
    begun, found, visits = {}, {}, {}
    for time, source, ordinal, node, what in zip(*trace.values(), strict=True):
        key = (source, ordinal, node)
        if what == "start" or (what == "enter" and net.nodes[node].kind == "delay"):
            begun[key] = time
        elif what == "depart" and key in begun:
            visits[key] = visits.get(key, 0) + 1
            found[(*key, visits[key])] = time - begun.pop(key)
    return found


@pytest.mark.parametrize(
    "change", [{"extra_node": True}, {"second_source": True}, {"servers": 7}, {"more": True}]
)
def test_a_change_elsewhere_leaves_everybodys_luck(change):
    base, other = durations(build()), durations(build(**change))
    common = base.keys() & other.keys()
    assert len(common) > 0.9 * len(base)
    assert all(abs(base[key] - other[key]) < 1e-9 for key in common)


def test_nothing_changed_is_exactly_equal_and_another_seed_is_not():
    assert durations(build()) == durations(build())
    a, b = durations(build()), durations(build(), seed=4)
    common = [key for key in a.keys() & b.keys() if key[2] == "pick"]
    assert len(common) > 500
    assert all(abs(a[key] - b[key]) > 1e-12 for key in common)


def test_a_second_visit_is_a_new_draw():
    times = durations(build())
    pairs = [(t, times[(*key[:3], 2)]) for key, t in times.items() if key[3] == 1 and (*key[:3], 2) in times]
    assert len(pairs) > 50
    assert all(abs(a - b) > 1e-12 for a, b in pairs)


def test_one_more_entity_changes_only_its_own():
    def handed(times, births):
        net = Network()
        net.source("s", None, "d")
        net.delay("d", Exponential(1.0), "out")
        net.sink("out")
        flow = net.start(1, trace=True)
        flow.hand_in("s", times, births=births)
        flow.advance(100.0)
        trace = flow.statistics().trace()
        order = trace["ordinal"][trace["what"] == "depart"]
        when = trace["time"][trace["what"] == "depart"]
        return {births[k]: t for k, t in zip(order, when, strict=True)}

    births = [2**40 + 7 * i for i in range(20)]
    few = handed(np.arange(20.0), births)
    many = handed(np.insert(np.arange(20.0), 5, 4.5), [*births[:5], 999, *births[5:]])
    assert many.pop(999) > 4.5
    assert few == many


def test_spawned_seed_sequences_are_seeds():
    a, b = np.random.SeedSequence(1).spawn(2)
    runs = [build().run(20.0, seed).events for seed in (a, a, b)]
    assert runs[0] == runs[1]
    assert durations(build(), seed=a) != durations(build(), seed=b)
