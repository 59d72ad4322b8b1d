"""Stations: waiting, losing and impatient queues against their closed forms."""

import math

import numpy as np
import pytest

from sim.flow import (
    Deterministic,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Network,
    Uniform,
    by_class,
)

from . import closed_forms as cf
from .harness import LIMIT, PRECISION, Estimate, assert_agrees, hours_needed, seeds

SMALL = 0.15
"""Precision asked of the reference engine, whose runs are some fifty times shorter."""


def desk(rate, service, servers, **options):
    """One source, one station, one exit."""
    net = Network()
    net.source("arrivals", rate=rate, to="desk")
    net.station("desk", servers=servers, service=service, to="done", **options)
    net.sink("done")
    return net


def station_hours(chain, functions, precision):
    """Longest run needed for the time averages of these functions of the number inside."""
    states = np.arange(len(chain.shares), dtype=float)
    needed = [
        hours_needed(chain.asymptotic_variance(f(states)), chain.mean(f(states)), precision)
        for f in functions
    ]
    return max(needed)


def check_mmc(rate, service_mean, servers, engine, precision, study):
    chain = cf.station_chain(rate, service_mean, servers, 3000)
    functions = [
        lambda n: n,
        lambda n: np.maximum(n - servers, 0.0),
        lambda n: (n >= servers).astype(float),
    ]
    hours = station_hours(chain, functions, precision)
    warmup = 0.02 * hours
    net = desk(rate, Exponential(mean=service_mean), servers)

    def measure(seed):
        r = net.run(until=warmup + hours, seed=seed, warmup=warmup, engine=engine)["desk"]
        return {
            "share that waits": r.share_waiting,
            "mean wait": r.mean_wait,
            "mean inside": r.mean_occupancy,
            "mean queue": r.mean_queue,
            "mean time": r.mean_time,
            "utilisation": r.utilisation,
        }

    q = cf.mmc(rate, service_mean, servers)
    targets = {
        "share that waits": q.wait_share,
        "mean wait": q.mean_wait,
        "mean inside": q.mean_inside,
        "mean queue": q.mean_queue,
        "mean time": q.mean_time,
        "utilisation": rate * service_mean / servers,
    }
    assert_agrees(measure, targets, study, precision=precision)


@pytest.mark.parametrize(
    ("rate", "service_mean", "servers"),
    [(1.0, 0.5, 1), (0.8, 1.0, 1), (10.0, 1 / 12, 2), (300.0, 1 / 182.5, 3), (4.0, 1.0, 5), (8.0, 1.0, 10)],
)
def test_mmc(rate, service_mean, servers):
    """Erlang C; Law & Kelton's M/M/1, Cengage's M/M/2, Bronson's M/M/3 among them."""
    check_mmc(rate, service_mean, servers, "compiled", PRECISION, 11 + servers)


@pytest.mark.parametrize(("rate", "service_mean", "servers"), [(1.0, 0.5, 1), (1.2, 1.0, 2)])
def test_mmc_on_the_reference_engine(rate, service_mean, servers):
    check_mmc(rate, service_mean, servers, "reference", SMALL, 31 + servers)


@pytest.mark.parametrize("servers", [4, 16, 36])
def test_square_root_staffing(servers):
    """Halfin & Whitt (1981): at load c - sqrt(c) the share that waits hardly moves with size."""
    load = servers - math.sqrt(servers)
    chain = cf.station_chain(load, 1.0, servers, 3000)
    busy = [lambda n: (n >= servers).astype(float)]
    hours = station_hours(chain, busy, PRECISION)
    net = desk(load, Exponential(mean=1.0), servers)

    def measure(seed):
        return {"share that waits": net.run(until=20.0 + hours, seed=seed, warmup=20.0)["desk"].share_waiting}

    assert_agrees(measure, {"share that waits": cf.erlang_c(servers, load)}, 41 + servers)


SERVICE_LAWS = {
    "deterministic": Deterministic(1.0),
    "erlang": Erlang(4, 1.0),
    "uniform": Uniform(0.0, 2.0),
    "gamma": Gamma(1.0, cv=0.7),
    "lognormal": Lognormal(mean=1.0, cv=math.sqrt(2.0)),
    "hyperexponential": Hyperexponential.from_cv(mean=1.0, cv=2.0),
}


def mg1_hours(rate, law, precision):
    """Run length from the diffusion limit of the workload plus the spread of single waits.

    E[W^2] = 2 W_q^2 + lambda E[S^3] / (3 (1 - rho)), with the third moment of a lognormal law.
    """
    work_variance = rate * (law.variance + law.mean**2)
    slack = 1.0 - rate * law.mean
    mean = work_variance / (2.0 * slack)
    third = law.mean**3 * (1.0 + law.variance / law.mean**2) ** 3
    single = mean**2 + rate * third / (3.0 * slack)
    variance = 2.0 * mean**2 * work_variance / slack**2 + 2.0 * single / rate
    return hours_needed(variance, mean, precision, safety=6.0)


def check_mg1(law, rate, engine, precision, study):
    hours = mg1_hours(rate, law, precision)
    warmup = 0.02 * hours
    net = desk(rate, law, 1)
    wait = cf.mg1_wait(rate, law.mean, law.variance)

    def measure(seed):
        r = net.run(until=warmup + hours, seed=seed, warmup=warmup, engine=engine)["desk"]
        return {
            "mean wait": r.mean_wait,
            "mean queue": r.mean_queue,
            "mean time": r.mean_time,
            "utilisation": r.utilisation,
            "share that waits": r.share_waiting,
        }

    rho = rate * law.mean
    targets = {
        "mean wait": wait,
        "mean queue": rate * wait,
        "mean time": wait + law.mean,
        "utilisation": rho,
        "share that waits": rho,
    }
    assert_agrees(measure, targets, study, precision=precision)


@pytest.mark.parametrize("name", SERVICE_LAWS)
def test_mg1(name):
    """Pollaczek-Khinchine at rho = 0.7 for six laws of the service time."""
    check_mg1(SERVICE_LAWS[name], 0.7, "compiled", PRECISION, 100 + len(name))


@pytest.mark.parametrize("name", ["deterministic", "lognormal"])
def test_mg1_on_the_reference_engine(name):
    check_mg1(SERVICE_LAWS[name], 0.4, "reference", 0.2, 120 + len(name))


def test_mg1_with_two_classes():
    """First come first served with service by class: all wait as in M/G/1 with the mixture of the laws."""
    laws = {"small": Exponential(mean=0.4), "large": Uniform(1.0, 3.0)}
    rates = {"small": 0.8, "large": 0.2}
    rate = sum(rates.values())
    mean = sum(rates[k] * laws[k].mean for k in laws) / rate
    second = sum(rates[k] * (laws[k].variance + laws[k].mean ** 2) for k in laws) / rate
    mixture = Gamma(mean, cv=math.sqrt(second - mean**2) / mean)
    hours = mg1_hours(rate, mixture, PRECISION)
    net = Network()
    for name in laws:
        net.source(f"{name} orders", rate=rates[name], to="desk", entity_class=name)
    net.station("desk", servers=1, service=by_class(laws), to="done")
    net.sink("done")

    def measure(seed):
        r = net.run(until=1.02 * hours, seed=seed, warmup=0.02 * hours)["desk"]
        return {"mean wait": r.mean_wait, "utilisation": r.utilisation}

    targets = {"mean wait": cf.mg1_wait(rate, mean, second - mean**2), "utilisation": rate * mean}
    assert_agrees(measure, targets, 130)


@pytest.mark.parametrize(
    ("headway", "transform"),
    [
        (Deterministic(1.0), lambda s: math.exp(-s)),
        (Erlang(2, 1.0), lambda s: (2.0 / (2.0 + s)) ** 2),
        (Uniform(0.5, 1.5), lambda s: (math.exp(-0.5 * s) - math.exp(-1.5 * s)) / s),
    ],
    ids=["D", "E2", "U"],
)
def test_gm1(headway, transform):
    """Renewal sources: G/M/1 at rho = 0.8, where a share sigma waits and W_q = sigma S / (1 - sigma)."""
    sigma = cf.gm1_sigma(transform, 0.8)
    wait = sigma * 0.8 / (1.0 - sigma)
    hours = hours_needed(100.0 * wait**2, wait)
    net = desk(headway, Exponential(mean=0.8), 1)

    def measure(seed):
        r = net.run(until=1.02 * hours, seed=seed, warmup=0.02 * hours)["desk"]
        return {"mean wait": r.mean_wait, "share that waits": r.share_waiting}

    assert_agrees(measure, {"mean wait": wait, "share that waits": sigma}, 140)


def check_mmck(rate, service_mean, servers, room, engine, precision, study):
    chain = cf.station_chain(rate, service_mean, servers, room)
    functions = [
        lambda n: np.maximum(n - servers, 0.0),
        lambda n: (n == servers + room).astype(float),
    ]
    hours = station_hours(chain, functions[0 if room else 1 :], precision)
    net = desk(rate, Exponential(mean=service_mean), servers, queue_limit=room, on_balk="elsewhere")
    net.sink("elsewhere")

    def measure(seed):
        result = net.run(until=1.05 * hours, seed=seed, warmup=0.05 * hours, engine=engine)
        r = result["desk"]
        assert r.balked == result["elsewhere"].entries
        lost = r.balked / r.entries
        measured = {"lost": lost, "utilisation": r.utilisation}
        if room:
            measured |= {"mean wait": r.mean_wait, "mean queue": r.mean_queue, "waits": r.share_waiting}
        return measured

    k = cf.mmck(rate, service_mean, servers, room)
    targets = {"lost": k.lost_share, "utilisation": k.utilisation}
    if room:
        targets |= {"mean wait": k.mean_wait, "mean queue": k.mean_queue, "waits": k.wait_share}
    assert_agrees(measure, targets, study, precision=precision)


@pytest.mark.parametrize(("servers", "room"), [(1, 3), (3, 5), (8, 12)])
def test_mmck(servers, room):
    """A queue with a limit: M/M/c/K at load c, where balking is common."""
    check_mmck(float(servers), 1.0, servers, room, "compiled", PRECISION, 150 + servers)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (5, 4.0), (12, 10.0)])
def test_no_queue_at_all_is_erlang_b(servers, load):
    check_mmck(load, 1.0, servers, 0, "compiled", PRECISION, 160 + servers)


@pytest.mark.parametrize(("servers", "room"), [(2, 3), (5, 0)])
def test_limited_queue_on_the_reference_engine(servers, room):
    check_mmck(float(servers), 1.0, servers, room, "reference", 0.1, 170 + servers)


def check_erlang_a(rate, servers, patience, engine, precision, study):
    chain = cf.station_chain(rate, 1.0, servers, 1500, 1.0 / patience)
    functions = [lambda n: np.maximum(n - servers, 0.0), lambda n: (n >= servers).astype(float)]
    hours = station_hours(chain, functions, precision)
    net = desk(rate, Exponential(mean=1.0), servers, patience=Exponential(mean=patience), on_abandon="gone")
    net.sink("gone")

    def measure(seed):
        result = net.run(until=20.0 + hours, seed=seed, warmup=20.0, engine=engine)
        r = result["desk"]
        assert r.abandoned == result["gone"].entries
        return {
            "abandon": r.abandoned / r.entries,
            "mean wait": r.mean_wait,
            "mean queue": r.mean_queue,
            "utilisation": r.utilisation,
            "share that waits": r.share_waiting,
        }

    a = cf.erlang_a(rate, 1.0, servers, patience)
    targets = {
        "abandon": a.lost_share,
        "mean wait": a.mean_wait,
        "mean queue": a.mean_queue,
        "utilisation": a.utilisation,
        "share that waits": a.wait_share,
    }
    assert_agrees(measure, targets, study, precision=precision)


@pytest.mark.parametrize(("rate", "servers", "patience"), [(48.0, 50, 2.0), (102.0, 100, 1.0), (6.0, 4, 0.5)])
def test_erlang_a(rate, servers, patience):
    """Impatient customers: the case of Garnett, Mandelbaum & Reiman, an overloaded desk, a small one."""
    check_erlang_a(rate, servers, patience, "compiled", PRECISION, 180 + servers)


def test_erlang_a_on_the_reference_engine():
    check_erlang_a(6.0, 4, 0.5, "reference", 0.08, 290)


def test_fixed_patience_bounds_the_wait_and_loses_its_closed_form():
    """M/M/1 with fixed patience D: the work ahead has density on [0, D] then a tail; lost = P(work > D).

    Below D the virtual wait v has density p0 lambda e^(-(mu - lambda) v); above it decays as e^(-mu v).
    Source: Baccelli & Hebuterne (1981), M/M/1+D.
    """
    rate, mu, d = 0.9, 1.0, 2.0
    growth = mu - rate
    below = rate * (1.0 - math.exp(-growth * d)) / growth
    above = rate * math.exp(-growth * d) / mu
    p0 = 1.0 / (1.0 + below + above)
    lost = p0 * above
    net = desk(rate, Exponential(mean=1.0), 1, patience=Deterministic(d))
    hours = hours_needed(60.0 * lost**2, lost)

    def measure(seed):
        r = net.run(until=1.02 * hours, seed=seed, warmup=0.02 * hours)["desk"]
        return {"abandon": r.abandoned / r.entries, "idle": 1.0 - r.utilisation}

    assert_agrees(measure, {"abandon": lost, "idle": p0}, 195)


def test_wait_quantiles_of_mm1():
    """The histogram promises 1%; what chance adds is held below 0.4%."""
    rate, service = 1.0, 0.5
    net = desk(rate, Exponential(mean=service), 1)
    runs = [net.run(until=250_000.0, seed=seed, warmup=100.0)["desk"] for seed in seeds(197, 20)]
    for q in (0.4, 0.75, 0.9, 0.95, 0.99):
        exact = cf.mm1_wait_quantile(rate, service, q)
        e = Estimate.of(np.array([r.wait_quantile(q) for r in runs]))
        assert e.standard_error <= 0.004 * exact
        assert abs(e.mean - exact) <= 0.01 * exact + LIMIT * e.standard_error


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_wait_quantile_of_known_waits(engine):
    """A thousand arrive together and are served one by one: waits are 0, 1, ..., 999 hours exactly."""
    net = Network()
    net.source("arrivals", rate=None, to="desk")
    net.station("desk", servers=1, service=Deterministic(1.0), to="done")
    net.sink("done")
    flow = net.start(1, engine=engine)
    flow.hand_in("arrivals", np.zeros(1000))
    flow.advance(2000.0)
    r = flow.statistics()["desk"]
    assert r.mean_wait == pytest.approx(499.5, rel=1e-12)
    assert r.max_queue == 999
    for q in (0.1, 0.25, 0.5, 0.9, 0.99):
        assert r.wait_quantile(q) == pytest.approx(1000.0 * q, rel=0.01, abs=1.0)
