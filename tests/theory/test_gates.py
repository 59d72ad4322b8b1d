"""Gates: the wait for a departure, with and without a limit on how many may leave."""

import math

import pytest

from sim.flow import Deterministic, Exponential, Gamma, Network, Timetable, Uniform

from . import closed_forms as cf
from .harness import assert_agrees, hours_needed

HEADWAYS = {
    "a number": 1.0,
    "deterministic": Deterministic(1.0),
    "uniform": Uniform(0.0, 2.0),
    "exponential": Exponential(mean=1.0),
    "gamma": Gamma(mean=1.0, cv=0.5),
}


def stop(rate, every, **options):
    net = Network()
    net.source("arrivals", rate=rate, to="stop")
    net.gate("stop", every=every, to="gone", **options)
    net.sink("gone")
    return net


@pytest.mark.parametrize(("engine", "precision"), [("compiled", 0.02), ("reference", 0.08)])
@pytest.mark.parametrize("name", HEADWAYS)
def test_mean_wait_is_the_length_biased_half_headway(name, engine, precision):
    """Fixed 1/2, uniform(0, 2) 2/3, exponential 1, cv 0.5 5/8 of a mean headway."""
    headway = HEADWAYS[name]
    variance = 0.0 if name == "a number" else headway.variance
    wait = cf.headway_wait(1.0, variance)
    # Between departures the summed wait goes as H^2: a variance per hour that rises with the law's moments.
    hours = hours_needed((1.0 + 10.0 * variance) * wait**2, wait, precision)
    net = stop(5.0, headway)

    def measure(seed):
        r = net.run(until=50.0 + hours, seed=seed, warmup=50.0, engine=engine)["stop"]
        return {"mean time": r.mean_time, "mean inside": r.mean_occupancy}

    assert_agrees(measure, {"mean time": wait, "mean inside": 5.0 * wait}, 300, precision=precision)


def test_timetable():
    """Departures at 2, 3 and 9 of every 12 hours: headways 1, 6, 5, so E[H^2] / 2 E[H] = 62 / 24."""
    net = stop(5.0, Timetable([2.0, 3.0, 9.0], period=12.0))
    wait = (1.0 + 36.0 + 25.0) / 24.0
    hours = 12.0 * math.ceil(hours_needed(60.0 * wait**2, wait) / 12.0)

    def measure(seed):
        r = net.run(until=24.0 + hours, seed=seed, warmup=24.0)["stop"]
        return {"mean time": r.mean_time, "mean inside": r.mean_occupancy}

    assert_agrees(measure, {"mean time": wait, "mean inside": 5.0 * wait}, 310)


def test_departures_with_room_for_two_are_bulk_service():
    """Gross & Harris' car wash, M/M^[2]/1 at 20 and 12 an hour: L 7.65331, W 0.382666.

    A batch under way may be joined in that model, so its batches end at the points of a Poisson process and
    take up to two of those present: a gate with exponential headways and room for two is the same chain.
    """
    root = cf.bulk_service_root(20.0, 12.0, 2)
    inside = root / (1.0 - root)
    # Diffusion limit with drift 4 and variance rate 20 + 4 * 12, doubled for the jumps.
    hours = hours_needed(2.0 * 2.0 * inside**2 * 68.0 / 16.0, inside)
    net = stop(20.0, Exponential(mean=1.0 / 12.0), capacity=2)

    def measure(seed):
        r = net.run(until=1.02 * hours, seed=seed, warmup=0.02 * hours)["stop"]
        return {"mean inside": r.mean_occupancy, "mean time": r.mean_time}

    assert_agrees(measure, {"mean inside": inside, "mean time": inside / 20.0}, 320)


@pytest.mark.parametrize("capacity", [1, 3])
def test_departures_with_exponential_headways_of_other_sizes(capacity):
    """Room for one is M/M/1; room for three has the root of a quartic."""
    rate, headway = 0.75 * capacity, 1.0
    root = cf.bulk_service_root(rate, 1.0 / headway, capacity)
    inside = root / (1.0 - root)
    slack, spread = capacity - rate, rate + capacity**2
    hours = hours_needed(4.0 * inside**2 * spread / slack**2, inside)
    net = stop(rate, Exponential(mean=headway), capacity=capacity)

    def measure(seed):
        r = net.run(until=1.02 * hours, seed=seed, warmup=0.02 * hours)["stop"]
        return {"mean inside": r.mean_occupancy, "mean time": r.mean_time}

    assert_agrees(measure, {"mean inside": inside, "mean time": inside / rate}, 330 + capacity)


@pytest.mark.parametrize(
    ("engine", "rate", "capacity", "precision"),
    [("compiled", 9.0, 10, 0.02), ("compiled", 20.0, 25, 0.02), ("reference", 4.0, 6, 0.06)],
)
def test_departures_on_the_hour_with_limited_room(engine, rate, capacity, precision):
    """Hourly departures that take at most K: the embedded chain X' = max(X + A - K, 0)."""
    inside = cf.timetable_queue(rate, 1.0, capacity)
    slack = capacity - rate
    left = inside - rate / 2.0
    variance = 4.0 * (rate / slack**2) * left**2 + inside**2
    hours = math.ceil(hours_needed(variance, inside, precision))
    net = stop(rate, 1.0, capacity=capacity)

    def measure(seed):
        r = net.run(until=200.0 + hours, seed=seed, warmup=200.0, engine=engine)["stop"]
        return {"mean inside": r.mean_occupancy, "mean time": r.mean_time}

    targets = {"mean inside": inside, "mean time": inside / rate}
    assert_agrees(measure, targets, 340 + capacity, precision=precision)
