"""Compiled: one slice of trading after another, from visits to orders.

The number of visits of a stream in a slice is a Poisson quantile of a keyed draw and the number of buyers
among them a binomial quantile of another, so two scenarios that differ in a rate share their luck. Only
buyers become entities. Every draw is a pure function of (seed, stream, slice, purpose, ordinal).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sim.flow.kernel import mix, normal_quantile

# Purposes of draws; a value never changes its meaning.
VISITS = np.uint64(0x51)
BUYERS = np.uint64(0x52)
BIRTH = np.uint64(0x53)
MOMENT = np.uint64(0x54)
BASKET = np.uint64(0x55)
UNITS = np.uint64(0x56)
DELIVERY = np.uint64(0x57)
LOOK = np.uint64(0x58)
GOLDEN = np.uint64(0x9E3779B97F4A7C15)

SHIFT = np.uint64(12)
GRID = 2.0**-52

SPLIT = 0
EACH = 1
TAIL = 9.0
"""Standard deviations below the mean at which the search for a quantile starts (mass below: 1e-18)."""


@njit(cache=True, nogil=True)
def draw(key: np.uint64, purpose: np.uint64, ordinal: int) -> float:
    """Return a uniform number in (0, 1) that depends on nothing but its arguments."""
    z = mix(mix(key ^ (purpose * GOLDEN)) + np.uint64(ordinal) * GOLDEN)
    return ((z >> SHIFT) + 0.5) * GRID


@njit(cache=True, nogil=True)
def poisson_quantile(u: float, mean: float) -> int:
    """Return the smallest k with P(Poisson(mean) <= k) >= u."""
    if mean <= 0.0:
        return 0
    k = 0
    if mean > 40.0:
        k = max(0, int(mean - TAIL * math.sqrt(mean) - 1.0))
    p = math.exp(k * math.log(mean) - mean - math.lgamma(k + 1.0))
    total = p
    last = mean + 40.0 * math.sqrt(mean) + 100.0
    while total < u and k < last:
        k += 1
        p *= mean / k
        total += p
    return k


@njit(cache=True, nogil=True)
def binomial_quantile(u: float, n: int, share: float) -> int:
    """Return the smallest k with P(Binomial(n, share) <= k) >= u."""
    if n <= 0 or share <= 0.0:
        return 0
    if share >= 1.0:
        return n
    mean = n * share
    spread = math.sqrt(mean * (1.0 - share))
    k = 0
    if mean > 40.0:
        k = max(0, int(mean - TAIL * spread - 30.0))
    odds = share / (1.0 - share)
    choose = math.lgamma(n + 1.0) - math.lgamma(k + 1.0) - math.lgamma(n - k + 1.0)
    p = math.exp(choose + k * math.log(share) + (n - k) * math.log1p(-share))
    total = p
    while total < u and k < n:
        p *= odds * (n - k) / (k + 1.0)
        k += 1
        total += p
        if p < 1e-290:
            break
    return k


@njit(cache=True, nogil=True)
def _buyers_among(key: np.uint64, n: int, share: float, method: int) -> int:
    """Count the buyers among ``n`` visits: at once, or visit by visit."""
    if method == SPLIT:
        return binomial_quantile(draw(key, BUYERS, 0), n, share)
    buyers = 0
    for visit in range(n):
        if draw(key, LOOK, visit) < share:
            buyers += 1
    return buyers


@njit(cache=True, nogil=True)
def trade_slices(  # type: ignore[no-untyped-def]
    seed,
    first_slice,
    weights,
    slice_hours,
    rates,
    conversions,
    keys,
    basket_law,
    basket_scale,
    extra_units,
    delivery_cut,
    class_codes,
    method,
    visits,
    times,
    classes,
    units,
    values,
    births,
):
    """Trade slice after slice and write the orders down.

    Parameters
    ----------
    seed
        Key of the replication (uint64).
    first_slice
        Number of the first slice.
    weights
        Demand of each slice relative to the mean, shape (slices,).
    slice_hours
        Length of a slice in hours.
    rates, conversions, keys, basket_scale, extra_units
        Per stream: visits per hour, orders per visit, uint64 key, paid value relative to the basket law, mean
        units beyond the first; shape (streams,).
    basket_law
        Quantiles of the basket law of each stream at the midpoints of equal slices of probability, or
        log-mean and log-deviation (see :func:`sim.market.trading.basket_table`); shape (streams, points).
    delivery_cut, class_codes
        Per stream and way: cumulative shares and entity class codes; shape (streams, ways).
    method
        SPLIT or EACH.
    visits
        Output, visits by slice and stream.
    times, classes, units, values, births
        Output buffers of the orders.

    Returns
    -------
    int
        Number of orders, or -1 where the buffers are too small (nothing is lost: draws have no state).
    """
    n = 0
    for s in range(weights.size):
        start = (first_slice + s) * slice_hours
        for c in range(rates.size):
            mean = rates[c] * weights[s] * slice_hours
            key = mix(mix(seed ^ keys[c]) + np.uint64(first_slice + s) * GOLDEN)
            visitors = poisson_quantile(draw(key, VISITS, 0), mean)
            visits[s, c] = visitors
            buyers = _buyers_among(key, visitors, conversions[c], method)
            if n + buyers > times.size:
                return -1
            for i in range(buyers):
                times[n] = start + slice_hours * draw(key, MOMENT, i)
                births[n] = mix(key ^ mix(BIRTH + np.uint64(i) * GOLDEN))
                u = draw(key, BASKET, i)
                if basket_law[c, 0] < 0.0:
                    values[n] = basket_scale[c] * math.exp(
                        basket_law[c, 1] + basket_law[c, 2] * normal_quantile(u)
                    )
                else:
                    position = u * (basket_law.shape[1] - 1)
                    left = int(position)
                    part = position - left
                    values[n] = basket_scale[c] * (
                        basket_law[c, left] * (1.0 - part) + basket_law[c, left + 1] * part
                    )
                units[n] = 1 + poisson_quantile(draw(key, UNITS, i), extra_units[c])
                way = 0
                chance = draw(key, DELIVERY, i)
                while chance >= delivery_cut[c, way] and way < class_codes.shape[1] - 1:
                    way += 1
                classes[n] = class_codes[c, way]
                n += 1
    return n


@njit(cache=True, nogil=True)
def draws(key: np.uint64, count: int) -> np.ndarray:
    """Return ``count`` uniform numbers in (0, 1); the i-th depends on the key and on i only."""
    found = np.empty(count)
    for i in range(count):
        found[i] = draw(key, LOOK, i)
    return found
