"""Statistics against hand-computed histories, warm-up, periods, ages, Little's law."""

import math

import numpy as np
import pytest

from sim.flow import (
    Deterministic,
    Exponential,
    FlowError,
    Gamma,
    Lognormal,
    Network,
    Recorded,
    Shifts,
    UnknownNameError,
    by_class,
)
from tests.flow.networks import check_conservation

ENGINES = pytest.mark.parametrize("engine", ["compiled", "reference"])


def desk(**options):
    """Arrivals at 0, 1, 2, 3 and services of 2 at one server: waits 0, 1, 2, 3."""
    net = Network()
    net.source("s", Recorded([0.0, 1.0, 1.0, 1.0]), "desk")
    net.station("desk", 1, 2.0, "out", **options)
    net.sink("out")
    net.count("desk")
    return net


@ENGINES
def test_a_station_by_hand(engine):
    result = desk().run(10.0, 1, engine=engine)
    node = result["desk"]
    assert (node.entries, node.departures, node.still_inside, node.max_queue) == (4, 4, 0, 2)
    assert (node.mean_wait, node.mean_time, node.total_wait) == (1.5, 3.5, 6.0)
    assert node.mean_queue == pytest.approx(0.6)
    assert node.utilisation == pytest.approx(0.8)
    assert node.mean_occupancy == pytest.approx(1.4)
    assert node.share_waiting == 0.75
    assert node.wait_quantile(0.25) == 0.0
    assert [node.wait_quantile(q) for q in (0.5, 0.75, 1.0)] == pytest.approx([1.0, 2.0, 3.0], rel=0.01)
    assert result.counts("desk", "hours").tolist() == [[8.0]]
    assert result.counts("desk", "server_hours").tolist() == [[10.0]]
    assert result["out"].mean_age == 3.5


@ENGINES
def test_the_warm_up_cuts_counts_by_event_and_durations_by_completion(engine):
    result = desk().run(10.0, 1, warmup=2.0, engine=engine)
    node = result["desk"]
    # After the events at 2: one in service since 2, one waiting since 2. Counted: the arrival at 3.
    assert (node.entries, node.inside_at_start, node.departures) == (1, 2, 3)
    assert (node.waited, node.total_wait) == (2, 5.0)
    assert node.total_time == 3.0 + 4.0 + 5.0
    assert node.mean_queue == pytest.approx((1 + 2 + 1 + 1 + 0.0) / 8)
    assert node.utilisation == pytest.approx(6.0 / 8.0)
    assert result.counts("desk", "hours").tolist() == [[6.0]]
    assert result.counts("desk", "server_hours").tolist() == [[8.0]]


@ENGINES
def test_periods_cut_hours_and_events_at_their_end_belong_to_them(engine):
    result = desk().start(1, engine, period_ends=[1.0, 3.0])
    result.advance(10.0)
    stats = result.statistics()
    assert stats.counts("desk", "entries").tolist() == [[2], [2], [0]]
    assert stats.counts("desk", "departures").tolist() == [[0], [1], [3]]
    assert stats.counts("desk", "hours").tolist() == [[1.0], [2.0], [5.0]]
    assert stats.counts("desk", "server_hours").tolist() == [[1.0], [2.0], [7.0]]


@ENGINES
def test_what_is_handed_in_at_the_end_of_a_period_belongs_to_it(engine):
    net = Network()
    net.source("s", None, "out")
    net.sink("out")
    net.count("out")
    flow = net.start(1, engine, warmup=1.0, period_ends=[1.0, 2.0])
    for time in (1.0, 2.0):
        flow.advance(time)
        flow.hand_in("s", [time, time + 0.5])
    flow.advance(2.0)
    assert flow.counts("out", "entries").tolist() == [[0], [2]]
    flow.advance(3.0)
    assert flow.counts("out", "entries").tolist() == [[0], [2], [1]]


@ENGINES
def test_statistics_wait_for_the_warm_up(engine):
    flow = desk().start(1, engine, warmup=5.0)
    flow.advance(5.0)
    with pytest.raises(FlowError, match="after the warm-up at 5"):
        flow.statistics()
    flow.advance(6.0)
    assert flow.statistics()["desk"].inside_at_start == 2


@ENGINES
def test_counts_by_class_groups_and_cost_lines(engine):
    net = Network()
    net.source("s", Recorded([1.0] * 6), {"a": 0.5, "b": 0.5})
    net.nodes.clear()
    net.source("s", None, "shelf", {"a": 0.5, "b": 0.5})
    net.shelf("shelf", 2, by_class({"a": 1.0, "b": 3.0}), "one", on_full="two")
    net.delay("one", 0.0, "out")
    net.delay("two", 0.5, "out")
    net.sink("out")
    net.cost("shelf", "rent", per_hour=0.1, per_overflow=2.0, per_unit=1.0, per_value=0.05)
    net.count("one", "walks")
    net.count("two", "walks")
    net.cost("one", "shoes", per_entry=1.0)
    net.cost("two", "shoes", per_entry=1.0)
    flow = net.start(1, engine)
    flow.hand_in(
        "s", [0.0, 0.0, 0.5, 2.0], ["a", "b", "a", "a"], units=[2, 3, 4, 5], values=[1.0, 2.0, 3.0, 4.0]
    )
    flow.advance(2.5)
    result = flow.statistics()
    assert result.counts("shelf", "entries").tolist() == [[3, 1]]
    assert result.counts("shelf", "overflows").tolist() == [[1, 0]]
    assert result.counts("shelf", "units").tolist() == [[11, 3]]
    assert result.counts("shelf", "value").tolist() == [[8.0, 2.0]]
    assert result.counts("shelf", "hours").tolist() == [[1.5, 2.5]]
    assert result.counts("walks", "entries").tolist() == [[2, 0]]
    lines = {(line.account, line.node, line.what): line for line in result.cost_lines()}
    assert set(lines) == {
        ("rent", "shelf", "hours"),
        ("rent", "shelf", "overflows"),
        ("rent", "shelf", "units"),
        ("rent", "shelf", "value"),
        ("shoes", "walks", "entries"),
    }
    assert lines["rent", "shelf", "units"].counts.tolist() == [[11, 3]]
    with pytest.raises(FlowError, match="counted in group 'walks'"):
        result.counts("one", "entries")
    with pytest.raises(UnknownNameError, match="did you mean 'overflows'"):
        result.counts("shelf", "overflow")


def test_a_station_is_charged_for_scheduled_hours():
    net = Network()
    net.source("s", 1.0, "desk")
    net.station("desk", Shifts([0.0, 8.0], [3, 0], 24.0), Exponential(0.2), "out")
    net.sink("out")
    net.cost("desk", "wage", per_hour=20.0)
    flow = net.start(1, period_ends=[24.0, 48.0])
    flow.advance(48.0)
    (line,) = flow.statistics().cost_lines()
    assert (line.what, line.counts.shape) == ("server_hours", (2, 1))
    # Those still busy when the shift ends finish first, so it is 24 hours and a little.
    assert (line.counts >= 24.0).all()
    assert line.counts.sum() < 48.0 + 6.0


@ENGINES
def test_ages_by_class(engine):
    net = Network()
    net.source("s", Recorded([0.0] * 4), "d", {"a": 0.5, "b": 0.5})
    net.classes("a", "b")
    net.delay("d", by_class({"a": 24.0, "b": 30.0}), "out")
    net.sink("out")
    net.measure_age("out", within=(24.0, 48.0))
    result = net.run(100.0, 2, engine=engine)["out"]
    a, b = result.age_count("a"), result.age_count(["b"])
    assert (a + b, a > 0, b > 0) == (4, True, True)
    assert result.age_share_within(24.0) == a / 4
    assert (result.age_share_within(24.0, ["a"]), result.age_share_within(24.0, ["b"])) == (1.0, 0.0)
    assert result.age_share_within(29.0) == a / 4
    assert result.age_quantile(1.0) == pytest.approx(30.0, rel=0.01)
    assert result.mean_age == pytest.approx((24.0 * a + 30.0 * b) / 4)
    with pytest.raises(UnknownNameError, match="known: a, b"):
        result.age_share_within(1.0, ["z"])


@ENGINES
def test_stock_gate_and_shelf_by_hand(engine):
    net = Network()
    net.source("s", None, "stock")
    net.stock("stock", 3, "van", on_empty="lost")
    net.gate("van", every=2.0, to="shelf", offset=1.0, capacity=1)
    net.shelf("shelf", 1, 3.0, "out", on_full="door")
    net.sink("out")
    net.sink("door")
    net.sink("lost")
    flow = net.start(1, engine)
    flow.hand_in("s", [0.0, 0.25, 0.5, 0.75], units=[1, 1, 2, 1])
    flow.advance(20.0)
    result = flow.statistics()
    stock, van, shelf = result["stock"], result["van"], result["shelf"]
    assert (stock.entries, stock.departures, stock.overflowed) == (4, 3, 1)
    # Boarding at 1, 3, 5; the shelf is held from 1 to 4.
    assert (van.total_wait, van.max_queue) == (1.0 + 2.75 + 4.25, 3)
    assert (shelf.entries, shelf.overflowed, shelf.departures) == (3, 1, 2)
    assert shelf.utilisation == pytest.approx(6.0 / 20.0)
    assert result["out"].entries == 2
    check_conservation(result)


def test_wait_quantiles_are_within_one_percent():
    net = Network()
    net.source("s", 30.0, "desk")
    net.station("desk", 6, Exponential(0.18), "out")
    net.sink("out")
    flow = net.start(4, trace=True)
    flow.advance(2000.0)
    result = flow.statistics()
    trace = result.trace()
    at = {
        what: trace["time"][(trace["node"] == "desk") & (trace["what"] == what)]
        for what in ("enter", "start")
    }
    waits = np.sort(at["start"] - at["enter"][: at["start"].size])
    for q in (0.5, 0.9, 0.99):
        exact = waits[math.ceil(q * waits.size) - 1]
        assert result["desk"].wait_quantile(q) == pytest.approx(exact, rel=0.01)


def test_littles_law_from_separate_accumulators():
    """L = lambda W: exact in a history that ends empty, at every node."""
    net = Network()
    net.source("s", None, "pick")
    net.station("pick", 3, Lognormal(0.2, 1.5), "van")
    net.gate("van", every=Gamma(0.5, 0.4), to={"shelf": 0.4, "desk": 0.6}, capacity=20)
    net.shelf("shelf", 15, Exponential(4.0), "desk", on_full="desk")
    net.station("desk", 8, Exponential(0.5), {"pick": 0.1, "out": 0.9})
    net.sink("out")
    flow = net.start(8)
    flow.hand_in("s", np.linspace(0.0, 500.0, 5000))
    flow.advance(800.0)
    assert flow.inside() == 0
    result = flow.statistics()
    for name in ("pick", "van", "shelf", "desk"):
        node = result[name]
        assert node.mean_occupancy * node.hours == pytest.approx(node.total_time, rel=1e-11)
        if name != "shelf":
            assert node.mean_queue * node.hours == pytest.approx(node.total_wait, rel=1e-11)


def test_utilisation_counts_the_time_a_removed_server_needs():
    net = Network()
    net.source("s", Recorded([0.0, 0.0]), "desk")
    net.station("desk", 2, 4.0, "out")
    net.sink("out")
    flow = net.start(1)
    flow.advance(1.0)
    flow.set_servers("desk", 0)
    flow.advance(10.0)
    node = flow.statistics()["desk"]
    assert (node.scheduled_hours, node.utilisation) == (8.0, 1.0)


def test_a_result_is_a_snapshot():
    flow = desk().start(1)
    flow.advance(2.0)
    early = flow.statistics()
    flow.advance(10.0)
    assert (early["desk"].departures, flow.statistics()["desk"].departures) == (1, 4)
    assert early["desk"].waits.sum() == 1


def test_means_of_nothing_are_nan():
    result = desk().run(10.0, 1)
    assert math.isnan(result["out"].mean_wait)
    net = Network()
    net.source("s", 0.0, "d")
    net.delay("d", Deterministic(1.0), "out")
    net.sink("out")
    node = net.run(1.0, 1)["d"]
    assert math.isnan(node.mean_time)
    assert node.mean_occupancy == 0.0


@ENGINES
def test_figures_read_while_running(engine):
    net = Network()
    net.source("s", None, "shelf", "a")
    net.classes("a", "b")
    net.shelf("shelf", 1, 2.0, "out")
    net.sink("out")
    net.count("shelf", "points")
    flow = net.start(1, engine, period_ends=[1.0])
    flow.hand_in("s", [0.5, 1.5, 3.0], ["a", "b", "a"], units=[1, 2, 3])
    flow.advance(4.0)
    nodes = np.array([flow.node_index("shelf"), flow.node_index("out")])
    assert flow.readings(nodes, "inside").tolist() == [1.0, 0.0]
    assert flow.readings(nodes, "count").tolist() == [3.0, 1.0]
    assert flow.readings(nodes, "overflowed").tolist() == [1.0, 0.0]
    assert flow.totals("points").tolist() == [2, 1]
    assert (
        flow.totals("points", "units").tolist()
        == flow.counts("points", "units").sum(axis=0).tolist()
        == [4, 2]
    )
    assert (flow.reading("out", "total_age"), flow.reading("out", "aged")) == (2.0, 1)
    with pytest.raises(UnknownNameError, match="known: points"):
        flow.totals("shelf")
