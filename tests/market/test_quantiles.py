"""The compiled quantiles and draws against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.market import trade

PROBABILITIES = (1e-9, 1e-4, 0.03, 0.5, 0.77, 0.999, 1 - 1e-9)

ROUNDING = 1e-8
"""A log-probability of some millions keeps eight digits after the point."""


def check_quantiles(quantile, law) -> None:
    """The found value is the smallest whose distribution function reaches u, up to rounding."""
    for u in PROBABILITIES:
        k = quantile(u)
        assert law.cdf(k) >= u - ROUNDING
        assert law.cdf(k - 1) < u + ROUNDING


@pytest.mark.parametrize("mean", [1e-6, 0.3, 5.0, 39.9, 40.1, 250.0, 5_000.0, 300_000.0])
def test_poisson_quantiles(mean: float) -> None:
    check_quantiles(lambda u: trade.poisson_quantile(u, mean), stats.poisson(mean))


@pytest.mark.parametrize("n", [1, 3, 50, 3_000, 100_000])
@pytest.mark.parametrize("share", [1e-4, 0.015, 0.3, 0.5, 0.7, 0.99])
def test_binomial_quantiles(n: int, share: float) -> None:
    check_quantiles(lambda u: trade.binomial_quantile(u, n, share), stats.binom(n, share))


def test_nothing_comes_of_nothing() -> None:
    assert trade.poisson_quantile(0.9, 0.0) == 0
    assert trade.binomial_quantile(0.9, 0, 0.5) == 0
    assert trade.binomial_quantile(0.9, 7, 0.0) == 0
    assert trade.binomial_quantile(0.9, 7, 1.0) == 7


@settings(max_examples=60, deadline=None)
@given(u=st.floats(1e-6, 1 - 1e-6), low=st.floats(0.01, 400), more=st.floats(1.0, 2.0))
def test_more_demand_never_brings_fewer(u: float, low: float, more: float) -> None:
    """Common luck: a higher rate gives no fewer visits, a better conversion no fewer buyers."""
    few, many = trade.poisson_quantile(u, low), trade.poisson_quantile(u, low * more)
    assert few <= many
    share = min(low / 500, 0.45)
    assert trade.binomial_quantile(u, 200, share) <= trade.binomial_quantile(u, 200, min(share * more, 1.0))


def test_draws_are_uniform_and_unrelated() -> None:
    one, other = trade.draws(np.uint64(1), 20_000), trade.draws(np.uint64(2), 20_000)
    assert stats.kstest(one, "uniform").pvalue > 1e-3
    for left, right in ((one, other), (one[:-1], one[1:])):
        assert abs(np.corrcoef(left, right)[0, 1]) < 4 / np.sqrt(left.size)
