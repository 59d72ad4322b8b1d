"""Sources: how many arrive, how evenly, at what time of day and of which class."""

import numpy as np
import pytest
from scipy import stats

from sim.flow import Erlang, Network, PiecewiseRate, Recorded, Uniform, by_class

from .harness import LIMIT, assert_plausible, assert_within, seeds


def arrivals_only(rate, copies=1):
    """Sources of the same rate, each with its own name, hence its own luck, and its own exit."""
    net = Network()
    for i in range(copies):
        net.source(f"arrivals {i}", rate=rate, to=f"seen {i}")
        net.sink(f"seen {i}")
    return net


def counts(net, until, study, replications, engine="compiled"):
    """Arrivals by source and replication, all independent."""
    results = [net.run(until=until, seed=s, engine=engine) for s in seeds(study, replications)]
    return np.array(
        [[r[name].entries for name in r if name.startswith("seen")] for r in results], float
    ).ravel()


@pytest.mark.parametrize(
    ("rate", "until", "copies", "replications"),
    [
        (0.02, 50.0, 200, 50),
        (0.02, 8760.0, 5, 20),
        (0.1, 8760.0, 1, 40),
        (1.0, 1000.0, 1, 40),
        (7.5, 400.0, 1, 40),
        (50.0, 100.0, 10, 20),
        (50.0, 8760.0, 1, 20),
    ],
)
def test_counts_are_poisson_at_every_rate(rate, until, copies, replications):
    """Mean to 3 exact standard errors and 2%; variance over mean 1 by chi-square.

    At 0.02 an hour over 50 hours one arrival is expected: an engine that always, or never, places the first
    arrival inside the horizon shows here.
    """
    expected = rate * until
    seen = counts(arrivals_only(rate, copies), until, 700, replications)
    n = copies * replications
    assert len(seen) == n
    error = np.sqrt(expected / n)
    assert 1.96 * error <= 0.02 * expected
    assert_within(float(seen.mean()), expected, float(error), f"{rate} an hour")
    dispersion = float(((seen - seen.mean()) ** 2).sum()) / expected
    assert_plausible(dispersion, n - 1, f"dispersion at {rate} an hour")
    if expected == 1.0:
        share = float(np.exp(-1.0))
        error = float(np.sqrt(share * (1.0 - share) / n))
        assert_within(float((seen == 0).mean()), share, error, "no arrival at all")


@pytest.mark.parametrize("rate", [0.02, 2.0])
def test_counts_on_the_reference_engine(rate):
    """The same counts as the compiled engine, one by one, and Poisson."""
    until = 100.0 / rate
    net = arrivals_only(rate)
    seen = counts(net, until, 702, 100, engine="reference")
    assert (seen == counts(net, until, 702, 100)).all()
    assert_within(float(seen.mean()), 100.0, 1.0, "reference")


def test_counts_of_neighbouring_intervals_are_independent():
    """Poisson increments: dispersion over 20 000 single hours and correlation between neighbours."""
    net = arrivals_only(3.0)
    net.count("seen 0")
    flow = net.start(703, period_ends=np.arange(1.0, 20_001.0))
    flow.advance(20_000.0)
    hourly = np.asarray(flow.statistics().counts("seen 0", "entries"), dtype=float).sum(axis=1)
    hourly = hourly[:20_000]  # what comes after the last end would be a period of its own
    assert_plausible(float(((hourly - hourly.mean()) ** 2).sum() / 3.0), len(hourly) - 1, "hourly dispersion")
    lag_one = np.corrcoef(hourly[:-1], hourly[1:])[0, 1]
    assert abs(lag_one) <= LIMIT / np.sqrt(len(hourly))


def test_counts_follow_a_rate_that_changes_through_the_day():
    """Every piece of a periodic rate, with an empty piece, gets its own Poisson count, day after day."""
    starts, rates = np.array([0.0, 6.0, 9.5, 13.0, 20.0]), np.array([0.5, 6.0, 0.0, 12.0, 0.02])
    net = arrivals_only(PiecewiseRate(starts, rates, period=24.0))
    net.count("seen 0")
    days = 4000
    ends = (24.0 * np.arange(days)[:, None] + np.append(starts[1:], 24.0)).ravel()
    flow = net.start(704, period_ends=ends)
    flow.advance(24.0 * days)
    seen = np.asarray(flow.statistics().counts("seen 0", "entries"), dtype=float).sum(axis=1)
    seen = seen[: len(ends)].reshape(days, len(starts))
    expected = rates * np.diff(np.append(starts, 24.0))
    assert (seen[:, 2] == 0).all()
    for k in (0, 1, 3, 4):
        label = f"piece {k}"
        assert_within(float(seen[:, k].mean()), expected[k], float(np.sqrt(expected[k] / days)), label)
        spread = float(((seen[:, k] - seen[:, k].mean()) ** 2).sum()) / expected[k]
        if expected[k] > 1.0:
            assert_plausible(spread, days - 1, f"{label}: dispersion")


def test_arrival_times_within_a_piece_are_uniform():
    """Given their number, Poisson arrivals are uniform on the interval (Kolmogorov-Smirnov at 3 sigma)."""
    net = arrivals_only(PiecewiseRate([0.0, 10.0], [1.0, 4.0], period=24.0))
    flow = net.start(705, trace=True)
    flow.advance(24.0 * 300)
    moments = arrival_times(flow) % 24.0
    for low, high in ((0.0, 10.0), (10.0, 24.0)):
        inside = moments[(moments >= low) & (moments < high)]
        assert stats.kstest((inside - low) / (high - low), "uniform").pvalue > 0.0027


def arrival_times(flow):
    """Times at which entities enter the sink, from the trace."""
    trace = flow.statistics().trace()
    return np.unique(np.asarray(trace["time"], dtype=float))


@pytest.mark.parametrize("headway", [Erlang(4, 0.5), Uniform(0.2, 0.8)], ids=["E4", "U"])
def test_renewal_source(headway):
    """Counts of a renewal process: T / E[H] + (c^2 - 1) / 2 on average, T c^2 / E[H] in variance.

    Source: Smith (1959), Feller II section XI.4, for a process that starts with a full headway.
    """
    until, replications = 2000.0, 60
    square = headway.variance / headway.mean**2
    seen = counts(arrivals_only(headway), until, 706, replications)
    expected = until / headway.mean + (square - 1.0) / 2.0
    variance = until * square / headway.mean
    assert_within(float(seen.mean()), expected, float(np.sqrt(variance / replications)), "renewals")
    assert_plausible(float(((seen - seen.mean()) ** 2).sum()) / variance, replications - 1, "renewals")


def test_recorded_headways_are_replayed():
    gaps = np.array([0.5, 0.25, 3.0, 0.0, 1.0])
    flow = arrivals_only(Recorded(gaps)).start(1, trace=True)
    flow.advance(100.0)
    assert flow.statistics()["seen 0"].entries == 5
    assert arrival_times(flow).tolist() == [0.5, 0.75, 3.75, 4.75]


def test_classes_and_routes_split_a_poisson_stream_into_poisson_streams():
    """Thinning: each class and each branch is Poisson by itself, and they are independent."""
    net = Network()
    shares = {"lamp": 0.6, "spare part": 0.3, "catalogue": 0.1}
    net.source("orders", rate=10.0, to="sort", entity_class=shares)
    net.delay(
        "sort",
        time=0.0,
        to=by_class({"lamp": {"a": 0.25, "b": 0.75}, "spare part": "b", "catalogue": {"a": 0.5, "c": 0.5}}),
    )
    for sink in "abc":
        net.sink(sink)
        net.count(sink)
    replications, until = 60, 500.0
    seen = {}
    for seed in seeds(707, replications):
        result = net.run(until=until, seed=seed)
        for sink in "abc":
            by_kind = np.asarray(result.counts(sink, "entries"), dtype=float).sum(axis=0)
            for kind, count in zip(shares, by_kind, strict=True):
                seen.setdefault((sink, kind), []).append(count)
    streams = {
        ("a", "lamp"): 1.5,
        ("b", "lamp"): 4.5,
        ("b", "spare part"): 3.0,
        ("a", "catalogue"): 0.5,
        ("c", "catalogue"): 0.5,
    }
    for key, values in seen.items():
        counted = np.array(values)
        if key not in streams:
            assert (counted == 0).all()
            continue
        expected = streams[key] * until
        label = f"{key[1]} at {key[0]}"
        assert_within(float(counted.mean()), expected, float(np.sqrt(expected / replications)), label)
        spread = float(((counted - counted.mean()) ** 2).sum()) / expected
        assert_plausible(spread, replications - 1, label)
    pair = np.corrcoef(seen[("a", "lamp")], seen[("b", "lamp")])[0, 1]
    assert abs(pair) <= LIMIT / np.sqrt(replications)
