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
ASK = np.uint64(0x59)
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
    # P(0) = exp(-mean) is never below 1 - mean, which settles most hours of a small stream.
    if mean <= 0.0 or u <= 1.0 - mean:
        return 0
    k = 0
    if mean > 40.0:
        k = max(0, int(mean - TAIL * math.sqrt(mean) - 1.0))
    p = math.exp(-mean) if k == 0 else math.exp(k * math.log(mean) - mean - math.lgamma(k + 1.0))
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
    if u <= 1.0 - mean:  # P(0) = (1 - share)**n is never below 1 - n * share
        return 0
    spread = math.sqrt(mean * (1.0 - share))
    k = 0
    if mean > 40.0:
        k = max(0, int(mean - TAIL * spread - 30.0))
    odds = share / (1.0 - share)
    if k == 0:
        p = math.exp(n * math.log1p(-share))
    else:
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
def _outcomes(key: np.uint64, n: int, buys: float, asks: float, method: int) -> tuple[int, int]:
    """Split ``n`` visits into buyers, those who ask first, and the rest: at once, or visit by visit.

    The number of those who ask is binomial among those who do not buy, with the conditional probability.
    """
    if method == SPLIT:
        buyers = binomial_quantile(draw(key, BUYERS, 0), n, buys)
        if asks <= 0.0:
            return buyers, 0
        share = asks / (1.0 - buys) if buys < 1.0 else 0.0
        return buyers, binomial_quantile(draw(key, ASK, 0), n - buyers, share)
    buyers, askers = 0, 0
    for visit in range(n):
        look = draw(key, LOOK, visit)
        if look < buys:
            buyers += 1
        elif look < buys + asks:
            askers += 1
    return buyers, askers


@njit(cache=True, nogil=True)
def _basket(u: float, law: np.ndarray) -> float:
    """Return the ``u``-quantile of a basket law; see :func:`sim.market.trade_tables.basket_table`."""
    if law[0] < 0.0:
        return math.exp(law[1] + law[2] * normal_quantile(u))
    position = u * (law.size - 1)
    left = int(position)
    part = position - left
    return law[left] * (1.0 - part) + law[left + 1] * part


@njit(cache=True, nogil=True)
def trade_slices(  # type: ignore[no-untyped-def]
    seed,
    first_slice,
    weights,
    slice_hours,
    rates,
    conversions,
    asks,
    keys,
    basket_laws,
    basket_rows,
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
    asked,
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
    rates, conversions, asks, keys, basket_rows, basket_scale, extra_units
        Per stream: visits per hour, orders per visit, share of visits that ask before they decide, uint64
        key, row of the basket law, value relative to that law, mean units beyond the first; shape (streams,).
    basket_laws
        Quantiles of each basket law at the midpoints of equal slices of probability, or log-mean and
        log-deviation (see :func:`sim.market.trade_tables.basket_table`), shape (laws, points).
    delivery_cut, class_codes
        Per stream and way: cumulative shares and entity class codes; shape (streams, ways).
    method
        SPLIT or EACH.
    visits
        Output, visits by slice and stream.
    times, classes, units, values, births, asked
        Output buffers of orders and of those who ask first (``asked`` is one); those who ask have the basket
        that they would buy.

    Returns
    -------
    int
        Number of orders and of those who ask, or -1 where the buffers are too small (nothing is lost: draws
        have no state).
    """
    n = 0
    for s in range(weights.size):
        start = (first_slice + s) * slice_hours
        for c in range(rates.size):
            mean = rates[c] * weights[s] * slice_hours
            visits[s, c] = 0
            if mean <= 0.0:
                continue
            key = mix(mix(seed ^ keys[c]) + np.uint64(first_slice + s) * GOLDEN)
            visitors = poisson_quantile(draw(key, VISITS, 0), mean)
            visits[s, c] = visitors
            if visitors == 0:
                continue
            buyers, askers = _outcomes(key, visitors, conversions[c], asks[c], method)
            if n + buyers + askers > times.size:
                return -1
            for i in range(buyers + askers):
                # Those who ask have luck of their own: it must not depend on how many bought at once.
                who = key if i < buyers else mix(key ^ mix(ASK))
                k = i if i < buyers else i - buyers
                times[n] = start + slice_hours * draw(who, MOMENT, k)
                births[n] = mix(who ^ mix(BIRTH + np.uint64(k) * GOLDEN))
                values[n] = basket_scale[c] * _basket(draw(who, BASKET, k), basket_laws[basket_rows[c]])
                units[n] = 1 + poisson_quantile(draw(who, UNITS, k), extra_units[c])
                way = 0
                chance = draw(who, DELIVERY, k)
                while chance >= delivery_cut[c, way] and way < class_codes.shape[1] - 1:
                    way += 1
                classes[n] = class_codes[c, way]
                asked[n] = 0 if i < buyers else 1
                n += 1
    return n


@njit(cache=True, nogil=True)
def draws(key: np.uint64, count: int) -> np.ndarray:
    """Return ``count`` uniform numbers in (0, 1); the i-th depends on the key and on i only."""
    found = np.empty(count)
    for i in range(count):
        found[i] = draw(key, LOOK, i)
    return found
