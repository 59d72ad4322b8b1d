"""Both engines give the same trace and the same numbers on random networks, whatever a manager does."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.flow import ExhaustedError, Exponential, Lognormal, Network, ZeroTimeCycleError
from tests.flow.networks import check_conservation, differences, interference, networks

slow = settings(
    max_examples=120, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip


def nothing(_flow):
    return None


def drive(net, engine, seed, warmup, period_ends, stops, trace=True):
    flow = net.start(seed, engine, warmup, period_ends, trace)
    log = []
    try:
        for until, act in stops:
            while True:
                at = flow.advance(until)
                log.append(
                    (at, flow.now, sorted((w.node, w.what, w.threshold, w.below) for w in flow.crossed))
                )
                log.append(
                    tuple(
                        flow.reading(n, w) for n in net.nodes for w in ("level", "queue", "count", "inside")
                    )
                )
                log.append(flow.inside())
                if not flow.crossed:
                    break
            out = act(flow)
            log.append(out if isinstance(out, int) else None)
    except (ExhaustedError, ZeroTimeCycleError) as error:
        return None, [str(error)]
    return flow.statistics(), log


@given(st.data())
@slow
def test_trace_equality(data):
    net, kinds, names = data.draw(networks())
    times = sorted(
        data.draw(
            st.lists(
                st.one_of(st.integers(1, 40).map(lambda n: n / 4), st.floats(0.1, 10.0)),
                min_size=1,
                max_size=6,
            )
        )
    )
    stops = [(0.0, data.draw(interference(net, kinds, names)))]
    stops += [(t, data.draw(interference(net, kinds, names))) for t in times]
    stops.append((12.0, nothing))
    seed = data.draw(st.integers(0, 2**80))
    warmup = data.draw(st.sampled_from([0.0, 0.0, 1.0, 3.3]))
    period_ends = data.draw(st.sampled_from([None, [1.0, 2.5], [0.5, 3.0, 20.0]]))
    a, log_a = drive(net, "compiled", seed, warmup, period_ends, stops)
    b, log_b = drive(net, "reference", seed, warmup, period_ends, stops)
    assert log_a == log_b
    if a is None:
        return
    assert not differences(a, b)
    check_conservation(a)


@given(st.data())
@settings(slow, max_examples=40)
def test_many_small_steps_equal_one(data):
    net, _, _ = data.draw(networks())
    seed = data.draw(st.integers(0, 1000))
    steps = [(float(t), nothing) for t in np.arange(0.25, 10.25, 0.25)]
    a, log = drive(net, "compiled", seed, 2.0, [3.0, 7.0], [(10.0, nothing)])
    b, other = drive(net, "compiled", seed, 2.0, [3.0, 7.0], steps)
    if a is None:
        assert log == other
        return
    assert not differences(a, b)


def test_a_larger_network_that_outgrows_every_array():
    """More entities, visit records and trace rows than there was room for at the start."""
    net = Network()
    net.source("orders", 30.0, "pick", {"lamp": 0.8, "bulb": 0.2})
    net.source("wave", None, "van", "lamp")
    net.station("pick", 6, Exponential(0.15), "van")
    net.gate("van", every=1.0, to={"courier": 0.7, "locker": 0.3})
    net.station(
        "courier", 25, Lognormal(0.67, 0.5), {"pick": 0.05, "out": 0.95}, patience=4.0, on_abandon="out"
    )
    net.shelf("locker", 80, Lognormal(18.0, 0.5), {"pick": 0.05, "out": 0.95}, on_full="courier")
    net.sink("out")
    net.count("courier", "last mile")
    net.count("locker", "last mile")
    net.measure_age("out", within=(24.0,))

    def wave(flow):
        flow.hand_in("wave", np.full(2500, 30.5))

    stops = [(20.0, wave), (60.0, nothing), (100.0, nothing)]
    a, log_a = drive(net, "compiled", 7, 10.0, [24.0, 48.0], stops)
    b, log_b = drive(net, "reference", 7, 10.0, [24.0, 48.0], stops)
    assert log_a == log_b
    assert len(a.trace()["time"]) > 4 * 4096
    assert not differences(a, b)
    check_conservation(a)
