"""The description refuses what cannot be meant, in one line that says what can."""

import gc
import weakref

import numpy as np
import pytest

from sim.flow import (
    Deterministic,
    Exponential,
    FlowError,
    Network,
    NetworkError,
    PiecewiseRate,
    Shifts,
    Timetable,
    by_class,
    by_record,
)
from tests.flow.networks import differences


def base():
    net = Network()
    net.source("orders", 1.0, "pick", "lamp")
    net.station("pick", 1, Exponential(0.5), "done")
    net.sink("done")
    return net


@pytest.mark.parametrize(
    ("add", "words"),
    [
        (lambda n: n.delay("pick", 1.0, "done"), "'pick' is declared twice"),
        (lambda n: n.delay("", 1.0, "done"), "non-empty name"),
        (lambda n: n.source("s", "many", "pick"), "rate must be a number, PiecewiseRate"),
        (lambda n: n.source("s", -1.0, "pick"), "rate must be >= 0"),
        (lambda n: n.source("s", 1.0, "pick", {"a": 0.5}), "sum to 1, got 0.5"),
        (lambda n: n.source("s", Deterministic(0.0), "pick"), "mean > 0"),
        (lambda n: n.station("t", 1.5, 1.0, "done"), "servers must be a whole number, got 1.5"),
        (lambda n: n.station("t", 1, "slow", "done"), "service must be a law"),
        (lambda n: n.station("t", 1, 1.0, "done", on_balk="done"), "on_balk needs a queue_limit"),
        (lambda n: n.station("t", 1, 1.0, "done", on_abandon="done"), "on_abandon needs a patience"),
        (lambda n: n.gate("g", 0.0, "done"), "every must be > 0"),
        (lambda n: n.gate("g", Timetable([1.0], 24.0), "done", offset=2.0), "takes no offset"),
        (lambda n: n.gate("g", 1.0, "done", capacity=0), "capacity must be >= 1"),
        (lambda n: n.shelf("l", -1, 1.0, "done"), "places must be >= 0"),
        (lambda n: n.stock("k", 1, "done", on_empty="done", backorder=True), "never used"),
        (lambda n: n.cost("pick", "wage"), "at least one of per_entry"),
        (lambda n: n.cost("pick", "wage", per_hour=np.inf), "must be finite"),
        (lambda n: (n.count("pick", "x"), n.count("pick", "y")), "counted in group 'x' already"),
    ],
)
def test_bad_declarations(add, words):
    with pytest.raises(NetworkError, match=words):
        add(base())


@pytest.mark.parametrize(
    ("add", "words"),
    [
        (lambda n: n.delay("d", 1.0, "dnoe"), "no node 'dnoe'; did you mean 'done'"),
        (lambda n: n.delay("d", 1.0, {"done": 0.5, "pick": 0.4}), "must sum to 1, got 0.9"),
        (lambda n: n.delay("d", 1.0, {"done": 1.5, "pick": -0.5}), "finite and >= 0"),
        (lambda n: n.delay("d", 1.0, "orders"), "nothing can go to the source 'orders'"),
        (lambda n: n.delay("d", 1.0, None), "to must be a route"),
        (
            lambda n: n.delay("d", 1.0, by_class({"lmap": "done"})),
            "no entity class 'lmap'; did you mean 'lamp'",
        ),
        (
            lambda n: (n.classes("bulb"), n.delay("d", 1.0, by_class({"lamp": "done"}))),
            "missing \\['bulb'\\]",
        ),
        (
            lambda n: (n.classes("bulb"), n.delay("d", by_class({"bulb": 1.0}), "done")),
            "missing \\['lamp'\\]",
        ),
        (lambda n: n.count("pikc"), "no node 'pikc'; did you mean 'pick'"),
        (lambda n: n.measure_age("dome"), "did you mean 'done'"),
        (lambda n: n.count("pick", "done"), "group 'done' has the name of a node"),
    ],
)
def test_bad_networks(add, words):
    net = base()
    add(net)
    with pytest.raises(NetworkError, match=words):
        net.start(1)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: PiecewiseRate([1.0], [1.0]), "start at 0"),
        (lambda: PiecewiseRate([0.0, 2.0], [1.0]), "as many rates as times, got 1 and 2"),
        (lambda: PiecewiseRate([0.0, 2.0], [1.0, 1.0], 2.0), "period must be > 2"),
        (lambda: PiecewiseRate([0.0], [0.0], 2.0), "at least one rate > 0"),
        (lambda: Timetable([1.0, 1.0], 2.0), "increase strictly"),
        (lambda: Shifts([0.0], [1.5], 24.0), "whole numbers, got 1.5"),
        (lambda: by_class({}), "by_class needs a dict"),
        (lambda: by_record(["a"], [0, 1]), "must lie in 0..0, got 0..1"),
        (lambda: by_record("ab", [0, 1]), "list of names"),
        (lambda: by_record(["a"], [0.5]), "whole numbers"),
        (lambda: Network().start(1), "at least one source"),
        (lambda: base().start(-1), "seed must be a whole number >= 0"),
        (lambda: base().start("x"), "seed must be a whole number"),
        (lambda: base().start(1, engine="refrence"), "did you mean 'reference'"),
        (lambda: base().start(1, warmup=-1.0), "warmup must be finite and >= 0"),
        (lambda: base().start(1, period_ends=[2.0, 1.0]), "period_ends must increase"),
        (lambda: base().run(1.0, 1)["pikc"], "did you mean 'pick'"),
        (lambda: base().run(1.0, 1).trace(), "start the flow with trace=True"),
        (lambda: base().run(1.0, 1)["done"].age_quantile(0.5), "call measure_age\\('done'\\)"),
        (lambda: base().run(1.0, 1)["pick"].wait_quantile(90), "lies in 0..1"),
        (lambda: base().run(1.0, 1).counts("pick", "entries"), "call count\\('pick'\\)"),
    ],
)
def test_bad_values(make, words):
    with pytest.raises(FlowError, match=words):
        make()


def test_a_plain_source_beside_named_classes_has_a_class_of_its_own():
    net = base()
    net.source("others", 1.0, "pick")
    assert net.class_names() == ("lamp", "entity")


def test_thousands_of_targets():
    net = Network()
    n = 4000
    odds = np.arange(1.0, n + 1.0)
    odds /= odds.sum()
    net.source("s", 1000.0, {f"p{i}": p for i, p in enumerate(odds)})
    for i in range(n):
        net.shelf(f"p{i}", 3, 1.0, "out")
        net.count(f"p{i}", "points")
    net.sink("out")
    flow = net.start(1)
    flow.advance(100.0)
    result = flow.statistics()
    total = int(result.counts("points", "entries").sum())
    half = sum(result[f"p{i}"].entries for i in range(n // 2))
    p = odds[: n // 2].sum()
    assert abs(half - p * total) < 4.0 * np.sqrt(total * p * (1 - p))


def crossing(route):
    net = Network()
    net.source("a", 3.0, route)
    net.delay("b", Exponential(1.0), "out")
    net.sink("out")
    return net


def test_what_a_run_changes_stays_with_that_run():
    """Tables are kept between starts; routes, laws and seeds of one run do not reach the next."""
    net = crossing({"b": 0.5, "out": 0.5})
    first = net.run(50.0, 1, trace=True)
    flow = net.start(1)
    flow.set_route("a", {"b": 0.0, "out": 1.0})
    flow.advance(50.0)
    assert flow.statistics()["b"].entries == 0
    again = net.run(50.0, 1, trace=True)
    assert not differences(first, again)
    assert not np.array_equal(first.trace()["time"], net.run(50.0, 2, trace=True).trace()["time"])


def test_a_description_that_grows_is_laid_out_anew():
    route = {"b": 0.5, "out": 0.5}
    net = crossing(route)
    assert net.run(50.0, 1)["b"].entries > 0
    net.count("b")
    net.measure_age("out")
    net.source("more", 2.0, "b", "new")
    result = net.run(50.0, 1)
    assert result.counts("b", "entries").shape == (1, 2)
    assert result["more"].entries > 0
    route["c"] = 1.0  # what was given may change afterwards, the description does not
    assert net.run(50.0, 1)["more"].entries == result["more"].entries


def test_a_network_is_freed_as_soon_as_nobody_uses_it():
    net = crossing("b")
    net.run(5.0, 1)
    alive = weakref.ref(net)
    gc.disable()
    try:
        del net
        assert alive() is None
    finally:
        gc.enable()
