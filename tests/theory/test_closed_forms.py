"""The closed forms themselves: worked numbers, published tables, limits of one another."""

import doctest
import math

import numpy as np
import pytest

from . import closed_forms as cf


def test_worked_numbers_in_the_docstrings():
    outcome = doctest.testmod(cf)
    assert outcome.attempted > 25
    assert outcome.failed == 0


@pytest.mark.parametrize(
    ("rate", "service", "servers", "wait_share", "mean_wait"),
    [
        (10.0, 1 / 12, 2, 0.245098, 0.017507),
        (10.0, 1 / 12, 3, 0.05771, 0.00222),
        (300.0, 1 / 182.5, 3, 0.290751, 0.001175),
        (4.5, 1.0, 5, 0.762493, 1.524986),
        (9.0, 1.0, 10, 0.668732, 0.668732),
        (90.0, 1.0, 100, 0.216940, 0.0216940),
    ],
)
def test_published_tables_of_erlang_c(rate, service, servers, wait_share, mean_wait):
    queue = cf.mmc(rate, service, servers)
    assert queue.wait_share == pytest.approx(wait_share, abs=6e-7)
    assert queue.mean_wait == pytest.approx(mean_wait, abs=6e-7)


def test_published_call_centre_without_impatience():
    queue = cf.mmc(48.0, 1.0, 50)  # per minute; published as 20.8 seconds and a queue of 17
    assert 60.0 * queue.mean_wait == pytest.approx(20.834, abs=6e-4)
    assert queue.mean_queue == pytest.approx(16.6669, abs=6e-5)


def test_one_formula_is_the_limit_of_another():
    patient = cf.erlang_a(8.0, 1.0, 10, 1e7)
    assert patient.mean_wait == pytest.approx(cf.mmc(8.0, 1.0, 10).mean_wait, rel=1e-4)
    roomy = cf.mmck(8.0, 1.0, 10, 400)
    assert roomy.mean_wait == pytest.approx(cf.mmc(8.0, 1.0, 10).mean_wait, rel=1e-9)
    assert cf.mmck(8.0, 1.0, 10, 0).lost_share == pytest.approx(cf.erlang_b(10, 8.0), rel=1e-12)
    assert cf.mg1_wait(0.8, 1.0, 1.0) == pytest.approx(cf.mmc(0.8, 1.0, 1).mean_wait, rel=1e-12)
    sigma = cf.gm1_sigma(lambda s: 0.8 / (0.8 + s), 1.0)
    assert sigma == pytest.approx(0.8, rel=1e-9)
    alone = cf.bulk_service_root(0.8, 1.0, 1)
    assert alone / (1.0 - alone) == pytest.approx(cf.mmc(0.8, 1.0, 1).mean_inside, rel=1e-6)


def test_a_fine_step_function_has_the_mean_of_the_sine():
    pieces = 96
    ends = np.arange(1, pieces + 1) * 24.0 / pieces
    middle = ends - 12.0 / pieces
    at = np.linspace(0.0, 24.0, 481)
    steps = cf.infinite_server_mean_periodic(ends, 10.0 + 5.0 * np.sin(2 * math.pi * middle / 24), 2.0, at)
    sine = cf.infinite_server_mean_sine(10.0, 5.0, 24.0, 2.0, at)
    assert np.abs(steps - sine).max() < 0.02


def test_variance_of_a_run_against_the_formula_for_the_number_in_mm1():
    for rho in (0.5, 0.8, 0.9):
        chain = cf.station_chain(rho, 1.0, 1, 1500)
        states = np.arange(len(chain.shares), dtype=float)
        exact = 2.0 * rho * (1.0 + rho) / (1.0 - rho) ** 4
        assert chain.asymptotic_variance(states) == pytest.approx(exact, rel=1e-6)
