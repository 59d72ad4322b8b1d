"""Delays: the infinite-server queue, steady and through the day."""

import math

import numpy as np
import pytest

from sim.flow import (
    Deterministic,
    Exponential,
    Lognormal,
    Network,
    PiecewiseRate,
    Uniform,
)

from . import closed_forms as cf
from .harness import assert_agrees, assert_plausible, hours_needed, seeds

TIMES = {
    "exponential": Exponential(mean=0.5),
    "deterministic": Deterministic(0.5),
    "lognormal": Lognormal(mean=0.5, cv=1.0),
    "uniform": Uniform(0.0, 1.0),
}


def transit(rate, time):
    net = Network()
    net.source("arrivals", rate=rate, to="transit")
    net.delay("transit", time=time, to="there")
    net.sink("there")
    return net


@pytest.mark.parametrize(("engine", "precision"), [("compiled", 0.01), ("reference", 0.05)])
@pytest.mark.parametrize("name", TIMES)
def test_mean_inside_is_rate_times_mean(name, engine, precision):
    law = TIMES[name]
    net = transit(20.0, law)
    second = law.variance + law.mean**2
    hours = hours_needed(20.0 * second, 20.0 * law.mean, precision)

    def measure(seed):
        r = net.run(until=20.0 + hours, seed=seed, warmup=20.0, engine=engine)["transit"]
        return {"mean inside": r.mean_occupancy, "mean time": r.mean_time}

    assert_agrees(measure, {"mean inside": 10.0, "mean time": 0.5}, 600, precision=precision)


@pytest.mark.parametrize("name", TIMES)
def test_number_inside_is_poisson_whatever_the_law(name):
    """Palm: read every 6 hours, twelve mean times apart, the number inside is Poisson(10)."""
    net = transit(20.0, TIMES[name])
    readings = []
    for seed in seeds(610 + len(name), 20):
        flow = net.start(seed)
        for k in range(400):
            flow.advance(10.0 + 6.0 * k)
            readings.append(int(flow.reading("transit", "inside")))
    expected = cf.poisson_pmf(10.0, 60) * len(readings)
    low, high = 3, 18
    cells = np.concatenate(([expected[: low + 1].sum()], expected[low + 1 : high], [expected[high:].sum()]))
    counts = np.bincount(np.clip(readings, low, high), minlength=high + 1)[low:]
    assert cells.min() > 20.0
    assert_plausible(float(((counts - cells) ** 2 / cells).sum()), len(cells) - 1, "Poisson(10)")
    variance_ratio = float(np.var(readings, ddof=1)) / 10.0
    assert abs(variance_ratio - 1.0) <= 3.0 * math.sqrt((2.0 + 0.1) / len(readings))


def test_number_inside_through_the_day():
    """Eick, Massey & Whitt: 10 + 5 sin(2 pi t / 24) an hour, exponential 2 hours, in 96 steps a day.

    The target is the exact mean for the step function; it lies within 0.02 of the sine's closed form.
    """
    pieces = 96
    starts = np.arange(pieces) * 24.0 / pieces
    rates = 10.0 + 5.0 * np.sin(2.0 * math.pi * (starts + 12.0 / pieces) / 24.0)
    net = transit(PiecewiseRate(starts, rates, period=24.0), Exponential(mean=2.0))
    hours_of_day = np.arange(0.0, 24.0, 1.5)
    days = 250

    def measure(seed):
        flow = net.start(seed)
        flow.advance(48.0)
        seen = np.zeros(len(hours_of_day))
        for day in range(2, 2 + days):
            for i, hour in enumerate(hours_of_day):
                flow.advance(24.0 * day + hour)
                seen[i] += flow.reading("transit", "inside")
        return {f"at {hour:g}": seen[i] / days for i, hour in enumerate(hours_of_day)}

    ends = np.append(starts[1:], 24.0)
    exact = cf.infinite_server_mean_periodic(ends, rates, 2.0, hours_of_day)
    sine = cf.infinite_server_mean_sine(10.0, 5.0, 24.0, 2.0, hours_of_day)
    assert np.abs(exact - sine).max() < 0.02
    targets = {f"at {hour:g}": float(exact[i]) for i, hour in enumerate(hours_of_day)}
    assert_agrees(measure, targets, 620)
