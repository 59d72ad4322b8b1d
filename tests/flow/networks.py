"""Random networks, random interference, and exact comparison of two results."""

import math

import numpy as np
from hypothesis import strategies as st

from sim.flow import (
    Deterministic,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Network,
    PiecewiseRate,
    Recorded,
    Shifts,
    Timetable,
    Uniform,
    by_class,
    by_record,
)

CLASSES = ("a", "b", "c")
WHATS = ("entries", "departures", "overflows", "units", "value", "hours", "server_hours")

# Multiples of a quarter make things happen at the same instant.
quarters = st.integers(0, 8).map(lambda n: n / 4)
some_time = st.one_of(quarters.filter(bool), st.floats(0.01, 3.0))


@st.composite
def laws(draw, zero=True):
    kind = draw(st.integers(0, 8))
    if kind <= 2:
        return Deterministic(draw(quarters if zero else quarters.filter(bool)))
    mean = draw(some_time)
    return [
        Exponential(mean),
        Uniform(0.5 * mean, mean),
        Lognormal(mean, draw(st.floats(0.0, 2.0))),
        Erlang(draw(st.integers(1, 4)), mean),
        Gamma(mean, draw(st.floats(0.3, 1.8))),
        Hyperexponential.from_cv(mean, draw(st.floats(1.0, 3.0))),
    ][kind - 3]


@st.composite
def class_laws(draw):
    if draw(st.booleans()):
        return draw(laws())
    return by_class({name: draw(laws()) for name in CLASSES})


@st.composite
def odds(draw, names):
    """Probabilities over a few nodes; a way out is always possible, so nobody goes round for ever."""
    targets = draw(st.lists(st.sampled_from(names), min_size=0, max_size=3, unique=True))
    weights = [draw(st.integers(0, 3)) for _ in targets]
    total = sum(weights) + 3
    return {**{t: w / total for t, w in zip(targets, weights, strict=True)}, "out": 3 / total}


@st.composite
def routes(draw, names, ahead):
    kind = draw(st.integers(0, 4))
    if kind == 0 or not names:
        return draw(st.sampled_from([*ahead, "out"]))
    if kind == 1:
        return by_class({name: draw(odds(names)) for name in CLASSES})
    if kind == 2 and ahead:
        table = np.array(draw(st.lists(st.integers(0, len(ahead)), min_size=3, max_size=9)))
        return by_record([*ahead, "out"], np.resize(table, (2000, 300)))
    return draw(odds(names))


@st.composite
def sources(draw, net, name, to):
    kind = draw(st.integers(0, 5))
    if kind == 0:
        rate = draw(st.floats(0.0, 6.0))
    elif kind == 1:
        rates = [draw(st.sampled_from([0.0, 0.0, 1.0, 5.0])) for _ in range(3)]
        rate = PiecewiseRate(
            [0.0, 0.5, 2.0], rates, draw(st.sampled_from([None, 3.0])) if any(rates) else None
        )
    elif kind == 2:
        rate = draw(laws(zero=False))
    elif kind == 3:
        rate = Recorded(draw(st.lists(quarters, min_size=1, max_size=40)))
    else:
        rate = None
    pick = draw(st.integers(0, 2))
    choice = draw(st.sampled_from(CLASSES))
    if pick == 1:
        choice = {"a": 0.25, "b": 0.75, "c": 0.0}
    elif pick == 2 and rate is not None:
        choice = by_record(CLASSES, np.resize([2, 0, 1, 1], 2000))
    net.source(name, rate, to, choice if rate is not None else draw(st.sampled_from([None, "b"])))
    return rate is None


@st.composite
def networks(draw):
    """A network with every kind of node possible; returns it with the names by kind."""
    net = Network()
    net.classes(*CLASSES)
    names = [f"n{i}" for i in range(draw(st.integers(1, 6)))]
    kinds = {"handed": [], "station": [], "shelf": [], "stock": [], "gate": [], "delay": []}
    for i in range(draw(st.integers(1, 3))):
        if draw(sources(net, f"s{i}", draw(st.sampled_from(names)))):
            kinds["handed"].append(f"s{i}")
    for i, name in enumerate(names):
        ahead = names[i + 1 :]
        to = draw(routes(names, ahead))
        other = draw(st.sampled_from([None, "out", *ahead]))
        kind = draw(st.sampled_from(["station", "station", "delay", "gate", "shelf", "stock"]))
        kinds[kind].append(name)
        if kind == "station":
            shifts = draw(st.booleans()) and draw(st.booleans())
            servers = Shifts([0.0, 1.0, 1.75], [2, 0, 1], 2.5) if shifts else draw(st.integers(0, 3))
            if shifts:
                kinds["station"].remove(name)
            limit = draw(st.sampled_from([None, 0, 1, 5]))
            patience = draw(st.one_of(st.none(), class_laws()))
            net.station(
                name, servers, draw(class_laws()), to, limit, None if limit is None else other, patience,
                None if patience is None else draw(st.sampled_from([None, "out", *ahead])),
            )  # fmt: skip
        elif kind == "delay":
            net.delay(name, draw(class_laws()), to)
        elif kind == "gate":
            every = draw(
                st.one_of(quarters.filter(bool), laws(zero=False), st.just(Timetable([0.0, 0.5, 0.75], 1.5)))
            )
            offset = 0.0 if isinstance(every, Timetable) else draw(st.sampled_from([0.0, 0.6]))
            net.gate(name, every, to, offset, draw(st.sampled_from([None, 1, 3])))
        elif kind == "shelf":
            net.shelf(name, draw(st.integers(0, 4)), draw(class_laws()), to, other)
        else:
            back = draw(st.booleans())
            net.stock(name, draw(st.integers(0, 12)), to, None if back else other, back)
    net.sink("out")
    for name in draw(st.lists(st.sampled_from(names), max_size=3, unique=True)):
        net.count(name, draw(st.sampled_from([None, "group"])))
    net.count("out")
    net.measure_age("out", within=(1.0, 2.5))
    return net, kinds, names


@st.composite
def interference(draw, net, kinds, names):
    """What a manager does at one stop, as a function of the flow."""
    kind = draw(st.integers(0, 7))
    if kind <= 1 and kinds["handed"]:
        source = draw(st.sampled_from(kinds["handed"]))
        gaps = draw(st.lists(st.one_of(quarters, st.floats(0.0, 4.0)), min_size=1, max_size=25))
        units = [1 + (i % 3) for i in range(len(gaps))]
        values = [0.1 * i for i in range(len(gaps))]
        births = draw(st.sampled_from([None, [7 * i + 5 for i in range(len(gaps))]]))
        codes = [i % 3 for i in range(len(gaps))]
        if net.nodes[source].entity_class is not None and draw(st.booleans()):
            order = sorted if draw(st.booleans()) else list
            return lambda flow: flow.hand_in(source, [flow.now + g for g in order(gaps)])
        return lambda flow: flow.hand_in(source, [flow.now + g for g in gaps], codes, units, values, births)
    if kind == 2 and kinds["handed"]:
        source, later = draw(st.sampled_from(kinds["handed"])), draw(quarters)
        return lambda flow: flow.withdraw(source, flow.now + later)
    if kind == 3 and kinds["station"]:
        node, servers = draw(st.sampled_from(kinds["station"])), draw(st.integers(0, 4))
        return lambda flow: flow.set_servers(node, servers)
    if kind == 4 and kinds["shelf"]:
        places = draw(st.integers(0, 4))
        return lambda flow: flow.set_places(np.array([flow.node_index(n) for n in kinds["shelf"]]), places)
    if kind == 5 and kinds["stock"]:
        node, units = draw(st.sampled_from(kinds["stock"])), draw(st.integers(0, 9))
        return lambda flow: flow.receive(node, units)
    if kind == 6:
        node = draw(st.sampled_from(names))
        # The same targets, so no new cycle can arise; the odds and their number may change.
        targets = sorted(_targets(net.nodes[node].to))
        return lambda flow: flow.set_route(node, {**dict.fromkeys(targets, 0.0), targets[-1]: 1.0})
    node = draw(st.sampled_from(names))
    what = draw(st.sampled_from(["level", "queue", "count"]))
    threshold = draw(st.integers(0, 12))
    side = draw(st.sampled_from(["below", "above"]))
    return lambda flow: flow.watch(node, what, **{side: threshold})


def _targets(route):
    if isinstance(route, str):
        return {route}
    if isinstance(route, dict):
        return set(route)
    if hasattr(route, "names"):
        return set(route.names)
    return set().union(*(_targets(choice) for choice in route.choices.values()))


def differences(a, b):
    """Everything in which two results differ; empty when they are equal digit for digit."""
    found = []
    if a.events != b.events:
        found.append(("events", a.events, b.events))
    ta, tb = a.trace(), b.trace()
    found += [("trace", column) for column in ta if not np.array_equal(ta[column], tb[column])]
    for name in a:
        x, y = a[name], b[name]
        for field in x.__dataclass_fields__:
            p, q = getattr(x, field), getattr(y, field)
            if not _same(p, q):
                found.append((name, field, p, q))
    counted = [(row, what) for row in a._snapshot.plan.rows for what in WHATS]
    return found + [pair for pair in counted if not np.array_equal(a.counts(*pair), b.counts(*pair))]


def _same(p, q):
    if isinstance(p, dict):
        return p.keys() == q.keys() and all(np.array_equal(p[key], q[key]) for key in p)
    if isinstance(p, np.ndarray):
        return np.array_equal(p, q)
    return p == q or (math.isnan(p) and math.isnan(q))


def check_conservation(result):
    """Every arrival at every node is accounted for, and the time integrals agree with the durations."""
    for name in result:
        node = result[name]
        left = node.departures + node.balked + node.abandoned + node.overflowed + node.still_inside
        assert node.entries + node.inside_at_start == left, name
        assert node.mean_queue >= 0.0
        assert not node.utilisation > 1.0 + 1e-9, name
