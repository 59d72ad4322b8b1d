"""Changes during a run: servers, places, routes, goods, watches."""

import numpy as np
import pytest

from sim.flow import Deterministic, Exponential, FlowError, Network, Recorded, Shifts, UnknownNameError

pytestmark = pytest.mark.parametrize("engine", ["compiled", "reference"])


def queue_of(n, servers, engine, service=2.0, **options):
    net = Network()
    net.source("s", Recorded([0.0] * n), "desk")
    net.station("desk", servers, service, "out", **options)
    net.sink("out")
    return net.start(1, engine, trace=True)


def starts(flow):
    trace = flow.statistics().trace()
    return trace["time"][trace["what"] == "start"].tolist()


def test_added_servers_start_at_once(engine):
    flow = queue_of(4, 1, engine)
    flow.advance(0.5)
    flow.set_servers("desk", 3)
    assert (flow.reading("desk", "busy"), flow.reading("desk", "queue")) == (3, 1)
    flow.advance(5.0)
    assert starts(flow) == [0.0, 0.5, 0.5, 2.0]


def test_a_busy_server_that_is_removed_finishes_first(engine):
    flow = queue_of(5, 3, engine)
    flow.advance(1.0)
    flow.set_servers("desk", 1)
    assert flow.reading("desk", "busy") == 3
    flow.advance(3.0)
    # All three finish at 2; only one server is left to take the fourth.
    assert starts(flow) == [0.0, 0.0, 0.0, 2.0]
    assert flow.reading("desk", "queue") == 1


def test_servers_from_zero_and_patience(engine):
    flow = queue_of(3, 0, engine, patience=1.0)
    flow.advance(0.75)
    flow.set_servers("desk", 1)
    flow.advance(9.0)
    node = flow.statistics()["desk"]
    assert (node.abandoned, node.served, node.total_wait) == (2, 1, 2.75)
    assert node.mean_wait_served == 0.75


def test_shrinking_a_shelf_evicts_nobody(engine):
    net = Network()
    net.source("s", Recorded([0.0, 0.0, 1.0, 2.5]), "shelf")
    net.shelf("shelf", 2, 3.0, "out")
    net.sink("out")
    flow = net.start(1, engine)
    flow.advance(0.5)
    flow.set_places("shelf", 0)
    assert flow.reading("shelf", "level") == 2
    flow.advance(1.0)
    flow.set_places(np.array([flow.node_index("shelf")]), [1])
    flow.advance(9.0)
    node = flow.statistics()["shelf"]
    assert (node.overflowed, node.departures) == (1, 3)


def test_goods_received_serve_the_waiting_in_order(engine):
    net = Network()
    net.source("s", None, "stock")
    net.stock("stock", 1, "out", backorder=True)
    net.sink("out")
    flow = net.start(1, engine, trace=True)
    flow.hand_in("s", [0.0, 0.0, 0.0, 0.0], units=[1, 5, 1, 1])
    flow.advance(1.0)
    assert (flow.reading("stock", "level"), flow.reading("stock", "queue")) == (-7, 3)
    flow.receive("stock", 4)
    # First come, first served: one unit is not given away while five are owed to the first in the queue.
    assert (flow.reading("stock", "on_hand"), flow.reading("stock", "queue")) == (4, 3)
    flow.receive("stock", 2)
    assert (flow.reading("stock", "on_hand"), flow.reading("stock", "queue")) == (0, 1)
    assert flow.reading("out", "count") == 3
    node = flow.statistics()["stock"]
    assert (node.total_wait, node.departures) == (2.0, 3)


def test_a_route_changes_for_those_who_leave_from_now_on(engine):
    net = Network()
    net.source("s", Deterministic(1.0), {"left": 1.0, "right": 0.0})
    net.sink("left")
    net.sink("right")
    flow = net.start(1, engine)
    flow.advance(3.0)
    flow.set_route("s", {"left": 0.0, "right": 1.0})
    flow.advance(5.0)
    flow.set_route("s", "left")
    flow.advance(6.0)
    flow.set_route("s", ([flow.node_index("left"), flow.node_index("right")], [0.0, 1.0]))
    flow.advance(8.0)
    result = flow.statistics()
    assert (result["left"].entries, result["right"].entries) == (4, 4)


def test_more_targets_than_at_the_start(engine):
    net = Network()
    net.source("s", 50.0, "p0")
    for i in range(40):
        net.sink(f"p{i}")
    flow = net.start(1, engine)
    flow.set_route("s", {f"p{i}": 1 / 40 for i in range(40)})
    flow.advance(40.0)
    assert all(flow.reading(f"p{i}", "count") > 20 for i in range(40))


def test_a_cycle_that_was_not_declared_is_refused_while_somebody_is_inside(engine):
    def build(odds):
        net = Network()
        net.source("s", Recorded([0.0, 5.0]), "a")
        net.delay("a", Exponential(1.0), odds)
        net.sink("out")
        return net.start(1, engine)

    flow = build("out")
    flow.advance(0.0)
    with pytest.raises(FlowError, match=r"come back to 'a'.*probability 0"):
        flow.set_route("a", {"a": 0.5, "out": 0.5})
    flow.advance(4.99)
    assert flow.inside() == 0
    flow.set_route("a", {"a": 0.5, "out": 0.5})
    declared = build({"a": 0.0, "out": 1.0})
    declared.advance(0.0)
    declared.set_route("a", {"a": 0.5, "out": 0.5})


def test_watches_fire_once_at_the_first_crossing(engine):
    net = Network()
    net.source("s", Deterministic(1.0), "stock")
    net.stock("stock", 10, "desk")
    net.station("desk", 1, 10.0, "out")
    net.sink("out")
    flow = net.start(1, engine)
    low = flow.watch("stock", "level", below=7)
    long = flow.watch("desk", "queue", above=2)
    never = flow.watch("desk", "level", above=2)
    never.cancel()
    assert flow.advance(100.0) == 3.0
    assert set(flow.crossed) == {low, long}
    assert (flow.now, low.active, never.active) == (3.0, False, False)
    true_already = flow.watch("desk", "count", above=3)
    assert flow.advance(100.0) == 3.0
    assert flow.crossed == [true_already]
    assert flow.advance(4.0) == 4.0
    assert flow.crossed == []
    flow.receive("stock", 100)
    flow.watch("stock", "level", above=50)
    assert flow.advance(4.0) == 4.0
    assert len(flow.crossed) == 1


def test_a_watch_stops_after_the_event_and_before_the_next_at_the_same_time(engine):
    net = Network()
    net.source("a", Recorded([1.0]), "d")
    net.source("b", Recorded([1.0]), "d")
    net.delay("d", 5.0, "out")
    net.sink("out")
    flow = net.start(1, engine)
    flow.watch("d", "level", above=1)
    assert flow.advance(9.0) == 1.0
    assert flow.reading("d", "level") == 1
    assert flow.advance(1.0) == 1.0
    assert flow.reading("d", "level") == 2


def test_many_watches_on_one_node_and_their_removal(engine):
    net = Network()
    net.source("s", Deterministic(1.0), "out")
    net.sink("out")
    flow = net.start(1, engine)
    watches = [flow.watch("out", "count", above=k) for k in range(1, 41)]
    for watch in watches[::3]:
        watch.cancel()
    seen = []
    while flow.advance(60.0) < 60.0:
        seen.append(flow.now)
    assert seen == [float(k) for k in range(1, 41) if (k - 1) % 3]
    # Counts go on through the warm-up.
    flow = net.start(1, engine, warmup=10.0)
    flow.watch("out", "count", above=15)
    assert flow.advance(60.0) == 15.0


def test_what_cannot_be_done_is_said(engine):
    net = Network()
    net.source("s", 1.0, "desk")
    net.source("door", None, "desk", "b")
    net.station("desk", Shifts([0.0], [1], 24.0), 0.1, "out")
    net.sink("out")
    flow = net.start(1, engine)
    flow.advance(1.0)
    for act, words in [
        (lambda: flow.advance(0.5), "cannot advance to 0.5: now is 1.0"),
        (lambda: flow.hand_in("s", [2.0]), "has a rate of its own"),
        (lambda: flow.hand_in("door", [0.5]), "finite and >= 1.0, got 0.5"),
        (lambda: flow.hand_in("door", [2.0], [7]), "class codes handed in at 'door' must be in 0..1"),
        (lambda: flow.hand_in("door", [2.0], ["bb"]), "no entity class 'bb'; did you mean 'b'"),
        (lambda: flow.hand_in("door", [2.0], units=[-1]), "units must be >= 0"),
        (lambda: flow.hand_in("door", [2.0], units=[0.5]), "units must be whole numbers"),
        (lambda: flow.hand_in("door", [2.0, 3.0], units=[1]), "one value each, 2"),
        (lambda: flow.hand_in("door", [2.0], values=[np.nan]), "values must be finite"),
        (lambda: flow.hand_in("desk", [2.0]), "is a station, not a source"),
        (lambda: flow.set_servers("desk", 2), "it follows shifts"),
        (lambda: flow.set_servers("out", 2), "is a sink, not a station"),
        (lambda: flow.set_places("desk", 2), "is a station, not a shelf"),
        (lambda: flow.set_places(np.array([0]), 2), "indices of shelves only"),
        (lambda: flow.receive("desk", 2), "is a station, not a stock"),
        (lambda: flow.set_route("out", "desk"), "it is a sink"),
        (lambda: flow.set_route("desk", "s"), "nothing can go to a source"),
        (lambda: flow.set_route("desk", {"out": 0.9}), "sum to 1, got 0.9"),
        (lambda: flow.watch("desk", "level"), "exactly one"),
        (lambda: flow.watch("desk", "levle", above=1), "did you mean 'level'"),
        (lambda: flow.reading("desk", "size"), "no reading 'size'"),
        (lambda: flow.node_index("dessk"), "no node 'dessk'; did you mean 'desk'"),
    ]:
        with pytest.raises(FlowError, match=words):
            act()
    with pytest.raises(UnknownNameError):
        flow.reading("desk2", "level")
