"""Headlines: rules from numbers to words, tested like any other rule."""

from __future__ import annotations

import pytest

from sim.experiment.headline import (
    Service,
    amount,
    headline,
    level_words,
    per_doubling,
    percent,
    service_words,
)
from sim.experiment.statistics import Estimate, share
from sim.experiment.verdict import read_curve
from sim.experiment.worlds import PlausibleWorlds

LADDER = (5_000.0, 10_000.0, 20_000.0, 40_000.0)


def about(mean, reach=0.1):
    return Estimate(mean, mean - reach, mean + reach, "yuan/parcel", 5)


def sentence(costs, *, levels=(), service=None, worlds=None):
    curve = read_curve([LADDER] * 2, [costs, [cost * 1.001 for cost in costs]])
    return headline(
        curve,
        metric_words="the layer's cost per parcel",
        elasticity_to="orders",
        sizes=(LADDER[0], LADDER[-1]),
        incremental=[about(level) for level in levels] or [None] * 4,
        against="the door",
        unit="yuan/parcel",
        service=service,
        worlds=worlds,
    )


EQUAL = Service(96.0, (about(0.95),) * 4, (about(0.96),) * 4)
WORSE = Service(96.0, (about(0.80),) * 4, (about(0.96),) * 4)


def test_slope_and_level_are_said_together():
    found = sentence([8.0, 7.04, 6.2, 5.45], levels=(3.1, 3.1, 3.1, 3.1), service=EQUAL)
    assert found == (
        "The layer's cost per parcel falls 12% per doubling of orders, but stays 3.10 yuan per parcel above "
        "the door at every volume tried, at equal service."
    )


def test_unequal_service_is_never_hidden():
    found = sentence([8.0, 7.0, 6.0, 5.0], levels=(-1.0, -1.5, -2.0, -2.5), service=WORSE)
    assert "and stays 1.00 to 2.50 yuan per parcel below the door at every volume tried" in found
    assert (
        "though not at equal service (16 percentage points fewer in the customer's hands within 96 hours)"
        in found
    )


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        ([5.0, 6.0, 7.0, 8.0], "rises 17% per doubling"),
        ([5.0, 5.0, 5.0, 5.0], "stays flat (within 0.0% per doubling"),
        ([10.0, 6.0, 5.0, 9.0], "stops falling at about"),
    ],
)
def test_each_verdict_has_its_words(costs, words):
    assert words in sentence(costs)


def test_the_turning_point_comes_with_its_interval():
    found = sentence([10.0, 6.0, 5.0, 9.0])
    assert found.startswith(
        "The layer's cost per parcel stops falling at about 16,200 orders (between 15,500 and 18,300)"
    )


def test_doubt_names_its_range():
    curve = read_curve([LADDER] * 3, [[5.0, 5.0, 5.0, 6.0], [5.0, 5.0, 5.0, 4.0], [5.0, 5.0, 5.0, 5.0]])
    found = headline(
        curve,
        metric_words="cost per order",
        elasticity_to="orders",
        sizes=(5_000.0, 40_000.0),
        incremental=[None] * 4,
        against="",
        unit="yuan/order",
        service=None,
        worlds=None,
    )
    assert found.startswith("Cost per order: cannot tell with 3 replications; between -")
    assert found.endswith("per doubling of orders from 5,000 to 40,000.")


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ((3.0, 2.0, -1.0, -2.0), "starts above the door and ends 2.00 yuan per parcel below it"),
        ((-3.0, 2.0), "starts below the door and ends 2.00 yuan per parcel above it"),
        ((0.05, 0.0), "shows no detectable difference from the door at any volume tried"),
        ((0.05, 1.0), "is not clearly above or below the door at every volume tried"),
    ],
)
def test_levels_that_cross_or_hide(levels, words):
    assert level_words([about(level) for level in levels], "the door", "yuan/parcel") == words


def test_plausible_worlds_are_counted_out():
    worlds = PlausibleWorlds("scalable", share(14, 16), {"scalable": 14, "neutral": 2}, 60, 0)
    assert sentence([8.0, 7.0, 6.0, 5.0], worlds=worlds).endswith(
        " The same verdict in 14 of 16 plausible worlds."
    )


def test_numbers_are_short():
    assert (percent(0.123), percent(-0.0456), percent(0.0999)) == ("12%", "4.6%", "10%")
    assert (amount(20_123.0), amount(5.25), amount(1_234_567.0)) == ("20,100", "5.25", "1,230,000")
    assert per_doubling(1.0) == 1.0
    assert service_words(None) == ""
