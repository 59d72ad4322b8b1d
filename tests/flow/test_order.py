"""What happens first when several things happen at the same instant."""

import pytest

from sim.flow import Deterministic, Network, Recorded, Shifts, ZeroTimeCycleError

pytestmark = pytest.mark.parametrize("engine", ["compiled", "reference"])


def steps(result, node=None):
    t = result.trace()
    rows = zip(t["time"].tolist(), t["source"], t["ordinal"].tolist(), t["node"], t["what"], strict=True)
    return [row for row in rows if node is None or row[3] == node]


def test_completion_before_arrival(engine):
    """A server that becomes free at t serves who arrives at t, even where nobody may wait."""
    net = Network()
    net.source("s", Deterministic(1.0), "desk")
    net.station("desk", 1, 1.0, "out", queue_limit=0)
    net.sink("out")
    desk = net.run(10.0, 1, engine=engine)["desk"]
    assert (desk.entries, desk.balked) == (10, 0)


def test_change_of_servers_before_arrival_and_after_completion(engine):
    net = Network()
    net.source("s", Recorded([1.0]), "desk")
    net.station("desk", Shifts([0.0, 1.0], [0, 1], 10.0), 0.5, "out", queue_limit=0)
    net.sink("out")
    assert net.run(10.0, 1, engine=engine)["desk"].balked == 0
    net = Network()
    net.source("s", Recorded([0.5, 0.1]), "desk")
    net.station("desk", Shifts([0.0, 1.0], [1, 0], 10.0), 0.5, "out")
    net.sink("out")
    # The first is done at 1.0, before the shift ends, so its server still takes the second.
    desk = net.run(1.5, 1, engine=engine, trace=True)
    assert [row[:5] for row in steps(desk, "desk") if row[4] == "start"] == [
        (0.5, "s", 0, "desk", "start"),
        (1.0, "s", 1, "desk", "start"),
    ]


def test_arrival_before_gate_departure(engine):
    net = Network()
    net.source("s", Deterministic(1.0), "gate")
    net.gate("gate", every=1.0, to="out")
    net.sink("out")
    assert net.run(5.0, 1, engine=engine)["gate"].mean_time == 0.0


def test_completion_before_patience(engine):
    net = Network()
    net.source("s", Recorded([1.0, 0.0]), "desk")
    net.station("desk", 1, 2.0, "out", patience=2.0)
    net.sink("out")
    assert net.run(5.0, 1, engine=engine)["desk"].abandoned == 0


def test_gate_departure_before_patience(engine):
    """A departure lets somebody in at the instant the patience of who waits ends: too late for the latter."""
    net = Network()
    net.source("s", Recorded([0.0, 0.0]), "desk")
    net.source("t", Recorded([0.5]), "gate")
    net.gate("gate", every=1.0, to="desk")
    net.station("desk", 1, 5.0, "out", queue_limit=1, patience=1.0)
    net.sink("out")
    desk = net.run(2.0, 1, engine=engine)["desk"]
    assert (desk.balked, desk.abandoned) == (1, 1)


def test_declaration_then_entity_key(engine):
    net = Network()
    net.source("late", Recorded([1.0, 0.0]), "b")
    net.source("early", Recorded([1.0]), "a")
    net.delay("a", Deterministic(1.0), "out")
    net.delay("b", Deterministic(1.0), "out")
    net.sink("out")
    rows = [row[1:3] for row in steps(net.run(3.0, 1, engine=engine, trace=True), "out")]
    assert rows == [("early", 0), ("late", 0), ("late", 1)]


def test_a_freed_server_takes_the_next_before_the_served_comes_back(engine):
    net = Network()
    net.source("s", Recorded([0.0, 0.0]), "desk")
    net.station("desk", 1, 1.0, {"desk": 1.0, "out": 0.0})
    net.sink("out")
    starts = [
        row[2] for row in steps(net.run(4.0, 1, engine=engine, trace=True), "desk") if row[4] == "start"
    ]
    assert starts == [0, 1, 0, 1, 0]


def test_gates_in_a_row_depart_in_order_of_declaration(engine):
    for names, expected in ((("first", "second"), 1.0), (("second", "first"), 2.0)):
        net = Network()
        net.source("s", Recorded([0.5]), "first")
        for name in names:
            net.gate(name, every=1.0, to="second" if name == "first" else "out")
        net.sink("out")
        assert steps(net.run(5.0, 1, engine=engine, trace=True), "out")[0][0] == expected


def test_moves_without_time_belong_to_one_event(engine):
    net = Network()
    net.source("s", Recorded([1.0]), "n0")
    for i in range(500):
        net.delay(f"n{i}", Deterministic(0.0), f"n{i + 1}")
    net.stock("n500", 5, "out")
    net.sink("out")
    result = net.run(2.0, 1, engine=engine)
    assert (result.events, result["out"].entries, result["n500"].departures) == (1, 1, 1)


def test_a_cycle_of_zero_time_is_an_error(engine):
    net = Network()
    net.source("s", Recorded([1.0]), "a")
    net.delay("a", Deterministic(0.0), "b")
    net.stock("b", 10**9, "a")
    with pytest.raises(ZeroTimeCycleError, match="without time passing"):
        net.run(2.0, 1, engine=engine)
    if engine == "compiled":
        net = Network()
        net.source("s", Recorded([1.0]), "a")
        net.station("a", 1, 0.0, "a")
        flow = net.start(1)
        with pytest.raises(ZeroTimeCycleError, match="'a'"):
            flow.advance(2.0)
        with pytest.raises(ZeroTimeCycleError):
            flow.advance(3.0)
