"""Closed forms the engine is tested against, each with its source and a worked number.

Times are hours and rates are per hour unless a docstring says otherwise; every quantity is a long-run
average. `numpy` only for arrays, so that a reader can check each formula by hand.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


def erlang_b(servers: int, load: float) -> float:
    """Share lost in M/G/c/c (Erlang's loss formula), by the stable recursion.

    `load` is arrival rate times mean holding time; the law of the holding time does not matter.
    Source: Erlang (1917); insensitivity: Sevastyanov (1957).

    >>> round(erlang_b(12, 10.0), 6)
    0.119739
    """
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """Share of customers that wait in M/M/c, from Erlang B.

    Source: Erlang (1917); C = B / (1 - rho (1 - B)).

    >>> round(erlang_c(10, 8.0), 5)
    0.40918
    """
    if load >= servers:
        raise ValueError(f"a load of {load} does not settle with {servers} servers")
    blocked = erlang_b(servers, load)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


@dataclass(frozen=True)
class Queue:
    """Long-run averages of a queue: shares, hours and counts."""

    wait_share: float
    mean_wait: float
    mean_queue: float
    mean_inside: float
    mean_time: float


def mmc(arrival_rate: float, service_mean: float, servers: int) -> Queue:
    """M/M/c, first come first served.

    Source: Erlang (1917); W_q = C / (c mu - lambda), the rest by Little's law.

    >>> q = mmc(8.0, 1.0, 10)
    >>> round(q.mean_wait, 5), round(q.mean_inside, 5)
    (0.20459, 9.63672)
    >>> mmc(1.0, 0.5, 1).mean_wait
    0.5
    """
    load = arrival_rate * service_mean
    share = erlang_c(servers, load)
    wait = share / (servers / service_mean - arrival_rate)
    return Queue(share, wait, arrival_rate * wait, arrival_rate * wait + load, wait + service_mean)


def mg1_wait(arrival_rate: float, service_mean: float, service_variance: float) -> float:
    """Mean wait in M/G/1 (Pollaczek-Khinchine): lambda E[S^2] / (2 (1 - rho)).

    Source: Pollaczek (1930), Khinchine (1932).

    >>> mg1_wait(0.8, 1.0, 0.0), mg1_wait(0.8, 1.0, 0.25), round(mg1_wait(0.8, 1.0, 2.0), 12)
    (2.0000000000000004, 2.5000000000000004, 6.0)
    """
    rho = arrival_rate * service_mean
    return arrival_rate * (service_variance + service_mean**2) / (2.0 * (1.0 - rho))


def mm1_wait_quantile(arrival_rate: float, service_mean: float, q: float) -> float:
    """Quantile of the wait in M/M/1: P(W > x) = rho exp(-(mu - lambda) x).

    >>> round(mm1_wait_quantile(1.0, 0.5, 0.9), 6)
    1.609438
    >>> mm1_wait_quantile(1.0, 0.5, 0.4)
    0.0
    """
    rho = arrival_rate * service_mean
    if q <= 1.0 - rho:
        return 0.0
    return math.log(rho / (1.0 - q)) / (1.0 / service_mean - arrival_rate)


def gm1_sigma(transform: Callable[[float], float], service_mean: float) -> float:
    """Root of sigma = A*(mu (1 - sigma)) in (0, 1), the share that waits in G/M/1.

    `transform` is the Laplace transform of the time between arrivals. Source: Smith (1953);
    Kleinrock, Queueing Systems I, section 6.4. The mean wait is sigma S / (1 - sigma).

    >>> round(gm1_sigma(lambda s: math.exp(-s), 0.8), 6)
    0.62863
    """
    sigma = 0.5
    for _ in range(10_000):
        following = transform((1.0 - sigma) / service_mean)
        if abs(following - sigma) < 1e-15:
            break
        sigma = following
    return sigma


@dataclass(frozen=True)
class BirthDeath:
    """A birth-death chain on 0..n: up rates (n), down rates (n) and its equilibrium shares (n + 1)."""

    up: np.ndarray
    down: np.ndarray
    shares: np.ndarray

    @classmethod
    def of(cls, up: Sequence[float], down: Sequence[float]) -> "BirthDeath":
        """Solve the balance equations p_i up_i = p_(i+1) down_(i+1)."""
        up_rates, down_rates = np.asarray(up, float), np.asarray(down, float)
        logs = np.concatenate(([0.0], np.cumsum(np.log(up_rates) - np.log(down_rates))))
        weights = np.exp(logs - logs.max())
        return cls(up_rates, down_rates, weights / weights.sum())

    def mean(self, reward: np.ndarray) -> float:
        """Time average of `reward` (one value per state)."""
        return float(self.shares @ reward)

    def asymptotic_variance(self, reward: np.ndarray) -> float:
        """Variance of the time average of `reward` over T hours, times T, for large T.

        Source: Whitt, "Asymptotic formulas for Markov processes with applications to simulation",
        Operations Research 40 (1992): 2 sum_j [sum_(i<=j) p_i (f_i - f)]^2 / (up_j p_j).

        For the number in M/M/1 it is 2 rho (1 + rho) / (1 - rho)^4 (mean service 1):

        >>> chain = BirthDeath.of([0.5] * 200, [1.0] * 200)
        >>> round(chain.asymptotic_variance(np.arange(201.0)), 6)
        24.0
        """
        centred = self.shares * (reward - self.mean(reward))
        from_below = np.cumsum(centred)[:-1]
        from_above = -np.cumsum(centred[::-1])[::-1][1:]
        # The two sums are equal; the one over the lighter side has no cancellation.
        lower = np.cumsum(self.shares)[:-1] < 0.5
        flow = self.up * self.shares[:-1]
        kept = flow > 1e-280
        return float(2.0 * np.sum(np.where(lower, from_below, from_above)[kept] ** 2 / flow[kept]))


def station_chain(
    arrival_rate: float, service_mean: float, servers: int, room: int, leave_rate: float = 0.0
) -> BirthDeath:
    """M/M/c/K+M as a birth-death chain: `room` places in the queue, waiting ones leave at `leave_rate`."""
    states = np.arange(1, servers + room + 1)
    busy = np.minimum(states, servers)
    return BirthDeath.of(
        np.full(servers + room, arrival_rate), busy / service_mean + leave_rate * (states - busy)
    )


@dataclass(frozen=True)
class Impatient:
    """Long-run averages of a queue that loses customers."""

    wait_share: float
    lost_share: float
    mean_wait: float
    mean_queue: float
    utilisation: float


def erlang_a(arrival_rate: float, service_mean: float, servers: int, patience_mean: float) -> Impatient:
    """M/M/c+M, exponential patience (Erlang A); `mean_wait` is over all, served or not.

    Source: Palm (1957); Garnett, Mandelbaum & Reiman (2002), whose case is 48 a minute, 1 minute,
    50 agents, patience 2 minutes: 3.1% abandon, wait 3.7 s, queue 3, busy 93%.

    >>> a = erlang_a(48.0, 1.0, 50, 2.0)
    >>> round(a.lost_share, 6), round(60 * a.mean_wait, 3), round(a.mean_queue, 4), round(a.utilisation, 5)
    (0.030912, 3.709, 2.9676, 0.93032)
    >>> b = erlang_a(102.0, 1.0, 100, 1.0)
    >>> round(b.wait_share, 6), round(b.lost_share, 6), round(b.mean_queue, 6)
    (0.591719, 0.049918, 5.091634)
    """
    chain = station_chain(arrival_rate, service_mean, servers, 40 * servers + 2000, 1.0 / patience_mean)
    states = np.arange(len(chain.shares))
    queue = chain.mean(np.maximum(states - servers, 0.0))
    return Impatient(
        wait_share=chain.mean((states >= servers).astype(float)),
        lost_share=queue / patience_mean / arrival_rate,
        mean_wait=queue / arrival_rate,
        mean_queue=queue,
        utilisation=chain.mean(np.minimum(states, servers) / servers),
    )


def mmck(arrival_rate: float, service_mean: float, servers: int, room: int) -> Impatient:
    """M/M/c/(c + room): `mean_wait` is over those who joined, `lost_share` over all who came.

    Source: Gross & Harris, Fundamentals of Queueing Theory, section 2.5.

    >>> one = mmck(1.0, 1.0, 1, 3)
    >>> round(one.lost_share, 12), round(one.mean_queue, 12), round(one.mean_wait, 12)
    (0.2, 1.2, 1.5)
    >>> round(mmck(10.0, 1.0, 12, 0).lost_share, 6)
    0.119739
    """
    chain = station_chain(arrival_rate, service_mean, servers, room)
    states = np.arange(len(chain.shares))
    lost = float(chain.shares[-1])
    queue = chain.mean(np.maximum(states - servers, 0.0))
    waits = chain.mean((states >= servers).astype(float)) - lost
    return Impatient(
        wait_share=waits / (1.0 - lost),
        lost_share=lost,
        mean_wait=queue / (arrival_rate * (1.0 - lost)),
        mean_queue=queue,
        utilisation=chain.mean(np.minimum(states, servers) / servers),
    )


def overflow_mean_and_variance(servers: int, load: float) -> tuple[float, float]:
    """Mean and variance of the number in an unlimited second group fed by the overflow of a first.

    Exponential holding, same mean in both groups. Source: Riordan's formula, Wilkinson (1956);
    Kosten (1937).

    >>> mean, variance = overflow_mean_and_variance(10, 8.0)
    >>> round(mean, 5), round(variance / mean, 5)
    (0.97329, 2.04016)
    """
    mean = load * erlang_b(servers, load)
    return mean, mean * (1.0 - mean + load / (servers + 1.0 - load + mean))


def headway_wait(mean: float, variance: float) -> float:
    """Mean wait for the next departure of an independent renewal timetable: E[H^2] / (2 E[H]).

    Source: the inspection paradox, Feller II, section I.4.

    >>> headway_wait(1.0, 0.0), round(headway_wait(1.0, 1 / 3), 6), headway_wait(1.0, 1.0)
    (0.5, 0.666667, 1.0)
    """
    return (variance + mean**2) / (2.0 * mean)


def bulk_service_root(arrival_rate: float, service_rate: float, batch: int) -> float:
    """Root r of mu r^(b+1) - (lambda + mu) r + lambda = 0 in (0, 1); P(n) = (1 - r) r^n.

    M/M^[b]/1 in which customers may join a batch that is under way, the same chain as departures at
    the points of a Poisson process that take up to `batch` each. Source: Gross & Harris, section 3.2.

    >>> r = bulk_service_root(20.0, 12.0, 2)
    >>> round(r, 6), round(r / (1.0 - r), 6)
    (0.884437, 7.653312)
    """
    low, high = 0.0, 1.0 - 1e-9
    for _ in range(200):
        middle = 0.5 * (low + high)
        value = service_rate * middle ** (batch + 1) - (arrival_rate + service_rate) * middle + arrival_rate
        low, high = (middle, high) if value > 0.0 else (low, middle)
    return 0.5 * (low + high)


def timetable_queue(arrival_rate: float, headway: float, capacity: int) -> float:
    """Mean number waiting for departures every `headway` hours that take at most `capacity` each.

    Left behind after a departure: X' = max(X + Poisson(lambda h) - K, 0). The time average is then
    E[X] + lambda h / 2. Solved as a Markov chain on 0..n by repeated squaring of the truncated matrix.
    Source: Bailey (1954), bulk service at fixed epochs.

    >>> round(timetable_queue(20.0, 1.0, 1000), 9)
    10.0
    >>> round(timetable_queue(9.0, 1.0, 10), 4)
    7.6012
    """
    mean = arrival_rate * headway
    size = int(capacity + 60 + 40 * mean / max(capacity - mean, 1e-9))
    size = min(size, 4000)
    logs = -mean + np.arange(size + capacity + 1) * math.log(mean)
    logs -= np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, size + capacity + 1)))))
    pmf = np.exp(logs)
    left = np.zeros(size)
    left[0] = 1.0
    for _ in range(200_000):
        full = np.convolve(left, pmf)
        following = full[capacity : capacity + size].copy()
        following[0] += full[:capacity].sum()
        following /= following.sum()
        if np.abs(following - left).max() < 1e-14:
            break
        left = following
    return float(left @ np.arange(size)) + mean / 2.0


def infinite_server_mean_periodic(
    ends: np.ndarray, rates: np.ndarray, service_mean: float, at: np.ndarray
) -> np.ndarray:
    """Mean number inside M_t/M/infinity whose rate is constant between `ends` and repeats for ever.

    `ends` are the ends of the pieces (the last is the period), `rates` theirs. Within a piece
    m' = lambda - m / S, so m moves exponentially towards lambda S; the periodic start value follows from
    one turn. Source: Eick, Massey & Whitt (1993), with a step function for the rate.

    >>> ends, rates = np.array([12.0, 24.0]), np.array([3.0, 3.0])
    >>> float(infinite_server_mean_periodic(ends, rates, 2.0, np.array([5.0]))[0].round(12))
    6.0
    """
    starts = np.concatenate(([0.0], ends[:-1]))

    def turn(value: float) -> float:
        for start, end, rate in zip(starts, ends, rates, strict=True):
            level = rate * service_mean
            value = level + (value - level) * math.exp(-(end - start) / service_mean)
        return value

    shift = turn(0.0)
    value = shift / (1.0 - (turn(1.0) - shift))
    opening = []
    for start, end, rate in zip(starts, ends, rates, strict=True):
        opening.append(value)
        level = rate * service_mean
        value = level + (value - level) * math.exp(-(end - start) / service_mean)
    moments = np.mod(at, ends[-1])
    piece = np.searchsorted(starts, moments, side="right") - 1
    level = rates[piece] * service_mean
    return level + (np.array(opening)[piece] - level) * np.exp(-(moments - starts[piece]) / service_mean)


def infinite_server_mean_sine(
    base: float, swing: float, period: float, service_mean: float, at: np.ndarray
) -> np.ndarray:
    """Mean number inside M_t/M/infinity at rate base + swing sin(2 pi t / period).

    a S + b (mu sin ct - c cos ct) / (mu^2 + c^2), c = 2 pi / period. Source: Eick, Massey & Whitt (1993).

    >>> times = np.linspace(0.0, 24.0, 100_001)
    >>> curve = infinite_server_mean_sine(10.0, 5.0, 24.0, 2.0, times)
    >>> round(float(curve.max()), 4), round(float(curve.min()), 4)
    (28.8591, 11.1409)
    """
    c, mu = 2.0 * math.pi / period, 1.0 / service_mean
    return base / mu + swing * (mu * np.sin(c * at) - c * np.cos(c * at)) / (mu * mu + c * c)


def jackson(rates: np.ndarray, routing: np.ndarray) -> np.ndarray:
    """Total arrival rate at every node: solve x = rates + x P.

    Source: Jackson (1957).

    >>> total = jackson(np.array([10.0, 0, 0]), np.array([[0, 1, 0], [0, 0, 1], [0.15, 0, 0.0]]))
    >>> round(float(total[0]), 6)
    11.764706
    """
    return np.linalg.solve(np.eye(len(rates)) - routing.T, rates)


@dataclass(frozen=True)
class Stock:
    """Long-run averages of a stock point in units."""

    fill_share: float
    mean_backlog: float
    mean_on_hand: float


def poisson_pmf(mean: float, size: int) -> np.ndarray:
    """Probabilities of 0..size-1 under a Poisson law.

    >>> [round(float(p), 4) for p in poisson_pmf(1.0, 3)]
    [0.3679, 0.3679, 0.1839]
    """
    n = np.arange(size)
    logs = n * math.log(mean) - mean - np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, size)))))
    return np.exp(logs)


def reorder_point_stock(demand_rate: float, lead_time: float, reorder_at: int, quantity: int) -> Stock:
    """Continuous review (r, Q), unit Poisson demand, backorders.

    The position is uniform on r+1..r+Q and independent of the demand of the coming lead time.
    Source: Hadley & Whitin (1963), section 4.7.

    >>> s = reorder_point_stock(10.0, 2.0, 24, 20)
    >>> round(s.fill_share, 6), round(s.mean_backlog, 6), round(s.mean_on_hand, 6)
    (0.97562, 0.045303, 14.545303)
    >>> base = reorder_point_stock(10.0, 1.0, 11, 1)
    >>> round(base.fill_share, 6), round(base.mean_backlog, 6)
    (0.696776, 0.530916)
    """
    mean = demand_rate * lead_time
    size = int(mean + 20.0 * math.sqrt(mean) + reorder_at + quantity + 50)
    pmf, demand = poisson_pmf(mean, size), np.arange(size)
    fill = backlog = 0.0
    for position in range(reorder_at + 1, reorder_at + quantity + 1):
        fill += float(pmf[demand < position].sum()) / quantity
        backlog += float(pmf @ np.maximum(demand - position, 0)) / quantity
    mean_position = reorder_at + (quantity + 1) / 2.0
    return Stock(fill, backlog, mean_position - mean + backlog)
