"""Sources: right rate at any load, nobody lost at the horizon, classes, records, entities handed in."""

import math

import numpy as np
import pytest

from sim.flow import Deterministic, ExhaustedError, Exponential, Network, PiecewiseRate, Recorded, by_record
from tests.flow.networks import differences

ENGINES = ["compiled", "reference"]


def only_source(rate, entity_class=None):
    net = Network()
    net.source("s", rate, "out", entity_class)
    net.sink("out")
    return net


def arrivals(net, until, seed=1, engine="compiled"):
    return net.run(until, seed, trace=True, engine=engine).trace()


def test_a_low_rate_over_a_long_time():
    counts = [only_source(0.001).run(10_000.0, seed)["out"].entries for seed in range(400)]
    # Poisson with mean 10: the standard error of the mean of 400 is sqrt(10 / 400).
    assert abs(np.mean(counts) - 10.0) < 4.0 * math.sqrt(10.0 / 400)
    assert abs(np.var(counts, ddof=1) / 10.0 - 1.0) < 4.0 * math.sqrt(2.0 / 399)


def test_a_rate_of_zero_brings_nobody():
    assert only_source(0.0).run(1e6, 1).events == 0


def test_pieces_with_rate_zero_are_empty_and_the_others_are_exact():
    rate = PiecewiseRate([0.0, 8.0, 20.0], [0.0, 5.0, 0.0], period=24.0)
    times = arrivals(only_source(rate), 24.0 * 400)["time"][::2]
    hour = times % 24.0
    assert ((hour >= 8.0) & (hour <= 20.0)).all()
    assert abs(times.size - 400 * 60) < 4.0 * math.sqrt(400 * 60)
    early = (hour < 11.0).sum()
    assert abs(early - times.size / 4) < 4.0 * math.sqrt(times.size * 3 / 16)


def test_the_unit_rate_clock_couples_rates():
    slow = arrivals(only_source(2.0), 100.0)["time"]
    fast = arrivals(only_source(4.0), 50.0)["time"]
    assert np.array_equal(slow, 2.0 * fast)
    constant = arrivals(only_source(PiecewiseRate([0.0], [2.0])), 100.0)["time"]
    assert np.allclose(constant, slow, rtol=1e-14)


def test_a_piecewise_rate_that_ends():
    rate = PiecewiseRate([0.0, 10.0], [3.0, 0.0])
    times = arrivals(only_source(rate), 1e6)["time"]
    assert times.max() < 10.0
    assert times.size > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_the_last_customer_at_the_horizon_is_not_lost(engine):
    net = only_source(Deterministic(1.0))
    assert net.run(5.0, 1, engine=engine)["out"].entries == 5
    assert net.run(math.nextafter(5.0, 0.0), 1, engine=engine)["out"].entries == 4


@pytest.mark.parametrize("engine", ENGINES)
def test_a_recorded_source_ends_with_its_table(engine):
    net = only_source(Recorded([0.5, 0.25, 0.0, 2.0]))
    assert arrivals(net, 100.0, engine=engine)["time"][::2].tolist() == [0.5, 0.75, 0.75, 2.75]


@pytest.mark.parametrize("engine", ENGINES)
def test_renewal_headways_are_new_for_every_arrival(engine):
    times = arrivals(only_source(Exponential(1.0)), 50.0, engine=engine)["time"][::2]
    assert np.unique(np.round(np.diff(times), 12)).size == times.size - 1


def test_classes_by_odds_and_by_record():
    net = only_source(10.0, {"a": 0.2, "b": 0.8})
    net.count("out")
    counts = net.run(2000.0, 3).counts("out", "entries")[0]
    assert abs(counts[0] / counts.sum() - 0.2) < 4.0 * math.sqrt(0.16 / counts.sum())
    net = only_source(Recorded([1.0] * 5), by_record(["x", "y"], [0, 1, 1, 0, 1]))
    net.count("out")
    assert net.run(10.0, 3).counts("out", "entries").tolist() == [[2, 3]]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_exhausted_record_is_an_error(engine):
    net = Network()
    net.source("s", 1.0, "d")
    net.delay("d", Recorded([1.0, 1.0]), "out")
    net.sink("out")
    with pytest.raises(ExhaustedError, match=r"'d'.*entity 2"):
        net.run(100.0, 1, engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_one_dimensional_record_serves_first_visits_only(engine):
    net = Network()
    net.source("s", Recorded([1.0]), "d")
    net.delay("d", Recorded([0.5]), {"d": 1.0, "out": 0.0})
    net.sink("out")
    with pytest.raises(ExhaustedError, match="'d'"):
        net.run(100.0, 1, engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_entities_handed_in_arrive_in_order_with_their_properties(engine):
    net = Network()
    net.classes("a", "b")
    net.source("s", None, "d")
    net.delay("d", Deterministic(1.0), "out")
    net.sink("out")
    net.count("out")
    flow = net.start(1, engine, trace=True)
    flow.hand_in("s", [3.0, 1.0, 2.0], ["a", "b", "b"], units=[1, 2, 3], values=[0.5, 1.0, 2.0])
    flow.hand_in("s", [2.0, 0.5], classes=[0, 0])
    assert flow.withdraw("s", after=2.5) == 1
    flow.advance(2.0)
    flow.hand_in("s", np.array([2.0]), "b", births=[99])
    flow.advance(10.0)
    trace = flow.statistics().trace()
    born = trace["what"] == "arrive"
    assert trace["time"][born].tolist() == [0.5, 1.0, 2.0, 2.0, 2.0]
    assert trace["ordinal"][born].tolist() == [4, 1, 2, 3, 5]
    assert flow.counts("out", "units").tolist() == [[2, 6]]
    assert flow.counts("out", "value").tolist() == [[0.0, 3.0]]


def test_handing_in_many_times_keeps_memory_flat_and_loses_nobody():
    net = Network()
    net.source("s", None, "d")
    net.delay("d", Exponential(3.0), "out")
    net.sink("out")
    flow = net.start(1)
    for hour in range(300):
        flow.hand_in("s", hour + np.linspace(0.0, 1.5, 40))
        flow.advance(hour + 1.0)
    flow.advance(1000.0)
    assert flow.statistics()["out"].entries == 12_000
    assert flow.inside() == 0
    assert len(flow._due) < 1000
    assert len(flow._ents) == 1024


def test_times_alone_and_full_records_mix_in_one_buffer():
    """Appended, merged in between, after a withdrawal, and again when nobody is waiting."""

    def told(engine):
        net = Network()
        net.classes("a", "b")
        net.source("s", None, "d", "b")
        net.delay("d", Exponential(3.0), "out")
        net.sink("out")
        net.count("out")
        flow = net.start(3, engine, trace=True)
        flow.hand_in("s", np.arange(0.0, 400.0))
        flow.hand_in("s", np.arange(399.0, 800.0))
        flow.advance(10.0)
        assert flow.withdraw("s", 500.0) == 299
        flow.hand_in("s", np.arange(500.0, 600.0))
        flow.advance(20.0)
        flow.hand_in("s", [30.0, 25.5, 700.0], classes="a", units=[1, 2, 3])
        flow.hand_in("s", [25.5, 701.0])
        flow.advance(1000.0)
        flow.hand_in("s", [1001.0, 1002.0])
        flow.advance(1100.0)
        return flow.statistics()

    compiled, reference = told("compiled"), told("reference")
    assert compiled["out"].entries == 400 + 102 + 100 + 3 + 2 + 2
    assert not differences(compiled, reference)
