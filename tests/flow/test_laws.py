"""Laws: exact moments, samples that follow them, monotone inverse transforms, refusals."""

import math

import numpy as np
import pytest
from scipy import special

from sim.flow import (
    Deterministic,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Network,
    NetworkError,
    Recorded,
    Uniform,
    kernel,
)
from sim.flow.plan import Plan

LAWS = [
    Exponential(0.7),
    Deterministic(2.5),
    Uniform(1.0, 4.0),
    Lognormal(18.0, 0.5),
    Erlang(3, 2.0),
    Gamma(2.0, 0.4),
    Gamma(1.0, 1.6),
    Hyperexponential((0.3, 0.7), (4.0, 0.5)),
    Hyperexponential.from_cv(1.5, 2.0),
]


def sample(law, n, visit=0):
    net = Network()
    net.source("s", 1.0, "d")
    net.delay("d", law, "out")
    net.sink("out")
    plan = Plan.of(net, 5)
    row, key = int(plan.nodes["law"][1]), plan.nodes["key_time"][1]
    lucks = [np.uint64(kernel.luck_of(np.uint64(9), i)) for i in range(n)]
    return np.array([kernel.draw_one(plan.laws, plan.table, row, luck, key, visit, 0) for luck in lucks])


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_samples_have_the_stated_mean_and_variance(law):
    n = 20_000
    x = sample(law, n)
    assert abs(x.mean() - law.mean) <= 4.0 * math.sqrt(law.variance / n) + 1e-12
    spread = (x - x.mean()) ** 2
    assert abs(x.var() - law.variance) <= 4.0 * spread.std() / math.sqrt(n) + 1e-12
    assert x.min() >= 0.0


def test_hyperexponential_from_cv_has_balanced_means():
    law = Hyperexponential.from_cv(3.0, 2.5)
    (p, q), (a, b) = law.probabilities, law.means
    assert p * a == pytest.approx(q * b, rel=1e-12)
    assert (law.mean, law.variance) == (pytest.approx(3.0), pytest.approx((3.0 * 2.5) ** 2))


def test_normal_quantile_is_accurate():
    p = np.concatenate(
        [np.logspace(-15, -1, 200), np.linspace(0.01, 0.99, 199), 1.0 - np.logspace(-12, -1, 50)]
    )
    ours = np.array([kernel.normal_quantile(float(q)) for q in p])
    assert np.allclose(ours, special.ndtri(p), rtol=5e-14, atol=1e-15)


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (Exponential(1.0), Exponential(1.1)),
        (Lognormal(1.0, 0.5), Lognormal(1.1, 0.5)),
        (Uniform(1.0, 2.0), Uniform(1.2, 2.0)),
        (Erlang(3, 1.0), Erlang(3, 1.1)),
        (Gamma(1.0, 0.7), Gamma(1.1, 0.7)),
    ],
)
def test_a_longer_law_is_longer_for_everybody(small, large):
    assert (sample(small, 500) < sample(large, 500)).all()


def test_another_visit_is_another_draw():
    first, second = sample(Exponential(1.0), 2000, visit=0), sample(Exponential(1.0), 2000, visit=1)
    assert (first != second).all()
    # Uncorrelated: the correlation of 2000 independent pairs has a standard error of 1 / sqrt(2000).
    assert abs(np.corrcoef(first, second)[0, 1]) < 4.0 / math.sqrt(2000)


def test_draws_of_neighbouring_entities_and_nodes_are_uncorrelated():
    n = 20_000
    lucks = [np.uint64(kernel.luck_of(np.uint64(1), i)) for i in range(n)]
    a = np.array([kernel.unit_one(luck, np.uint64(77), 0) for luck in lucks])
    b = np.array([kernel.unit_one(luck, np.uint64(78), 0) for luck in lucks])
    for x, y in ((a, b), (a[1:], a[:-1])):
        assert abs(np.corrcoef(x, y)[0, 1]) < 4.0 / math.sqrt(n)
    counts = np.histogram(a, bins=100, range=(0.0, 1.0))[0]
    chi2 = ((counts - n / 100) ** 2 / (n / 100)).sum()
    assert abs(chi2 - 99.0) < 4.0 * math.sqrt(2 * 99)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Exponential(0.0), "Exponential mean must be > 0"),
        (lambda: Exponential(math.nan), "must be finite"),
        (lambda: Exponential("fast"), "must be a number, got 'fast'"),
        (lambda: Uniform(2.0, 1.0), "Uniform high must be >= 2, got 1"),
        (lambda: Lognormal(1.0, -0.5), "Lognormal cv must be >= 0"),
        (lambda: Erlang(2.5, 1.0), "Erlang k must be a whole number"),
        (lambda: Gamma(1.0, 0.0), "Gamma cv must be > 0"),
        (lambda: Hyperexponential((0.5, 0.4), (1.0, 2.0)), "must sum to 1, got 0.9"),
        (lambda: Hyperexponential((1.0,), (1.0, 2.0)), "as many means as probabilities"),
        (lambda: Hyperexponential.from_cv(1.0, 0.5), "cv must be >= 1"),
        (lambda: Recorded([]), "at least one"),
        (lambda: Recorded([1.0, -1.0]), "finite and >= 0"),
        (lambda: Deterministic(-1.0), "must be >= 0"),
    ],
)
def test_impossible_laws_are_refused(make, words):
    with pytest.raises(NetworkError, match=words):
        make()
