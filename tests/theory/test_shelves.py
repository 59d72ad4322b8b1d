"""Shelves: Erlang's loss formula, whatever the law of the stay, and the traffic that overflows."""

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
)

from . import closed_forms as cf
from .harness import assert_agrees, hours_needed

STAYS = {
    "exponential": Exponential(mean=2.0),
    "deterministic": Deterministic(2.0),
    "uniform": Uniform(0.0, 4.0),
    "erlang": Erlang(3, 2.0),
    "gamma": Gamma(2.0, cv=1.5),
    "lognormal": Lognormal(mean=2.0, cv=0.5),
    "hyperexponential": Hyperexponential.from_cv(mean=2.0, cv=2.0),
}


def check_shelf(places, rate, stay, engine, precision, study):
    load = rate * stay.mean
    lost = cf.erlang_b(places, load)
    chain = cf.station_chain(rate, stay.mean, places, 0)
    full = (np.arange(places + 1) == places).astype(float)
    longer = 1.0 + stay.variance / stay.mean**2
    hours = hours_needed(longer * chain.asymptotic_variance(full), lost, precision)
    net = Network()
    net.source("arrivals", rate=rate, to="shelf")
    net.shelf("shelf", places=places, dwell=stay, to="taken", on_full="elsewhere")
    net.sink("taken")
    net.sink("elsewhere")

    def measure(seed):
        result = net.run(until=40.0 + hours, seed=seed, warmup=40.0, engine=engine)
        r = result["shelf"]
        assert r.overflowed == result["elsewhere"].entries
        return {
            "lost": r.overflowed / r.entries,
            "mean inside": r.mean_occupancy,
            "mean time": r.mean_time,
        }

    targets = {"lost": lost, "mean inside": load * (1.0 - lost), "mean time": stay.mean}
    assert_agrees(measure, targets, study, precision=precision)


@pytest.mark.parametrize("name", STAYS)
def test_share_lost_does_not_depend_on_the_law_of_the_stay(name):
    """12 places at load 10 lose 11.9739% under seven laws of the same mean."""
    check_shelf(12, 5.0, STAYS[name], "compiled", 0.02, 400 + len(name))


@pytest.mark.parametrize(("places", "rate"), [(1, 0.25), (3, 1.0), (80, 40.0)])
def test_small_and_large_shelves(places, rate):
    check_shelf(places, rate, STAYS["lognormal"], "compiled", 0.02, 420 + places)


@pytest.mark.parametrize("name", ["deterministic", "lognormal"])
def test_shelf_on_the_reference_engine(name):
    check_shelf(4, 2.0, STAYS[name], "reference", 0.08, 510 + len(name))


def test_overflow_is_burstier_than_poisson():
    """Riordan: the number on an unlimited second shelf has mean a B and a variance twice as large."""
    mean, variance = cf.overflow_mean_and_variance(10, 8.0)
    net = Network()
    net.source("arrivals", rate=8.0, to="first")
    net.shelf("first", places=10, dwell=Exponential(mean=1.0), to="done", on_full="second")
    net.delay("second", time=Exponential(mean=1.0), to="done")
    net.sink("done")

    def measure(seed):
        flow = net.start(seed)
        flow.advance(20.0)
        seen = []
        for hour in range(2500):
            flow.advance(22.0 + 2.0 * hour)
            seen.append(flow.reading("second", "inside"))
        return {"mean": float(np.mean(seen)), "square": float(np.mean(np.square(seen)))}

    assert_agrees(measure, {"mean": mean, "square": variance + mean**2}, 520, precision=0.03)
