"""Numbers carry their unit, their error, and no more digits than the error allows."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.statistics import Estimate
from sim.report.numbers import (
    Value,
    column,
    compact,
    decimals,
    plain,
    read,
    shown,
    text,
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Value(12.3456, 12.1, 12.6), "12.35 ± 0.25"),
        (Value(0.0386, 0.033, 0.0442), "0.0386 ± 0.0056"),
        (Value(128_400, 127_700, 129_100), "128,400 ± 700"),
        (Value(4.3, 4.3, 4.3), "4.30"),
        (Value(40.0), "40"),
        (Value(40.0, 40.0, 40.0), "40"),
        (Value(3.0, 1.0, 9.0), "3.0 (1.0 to 9.0)"),
        (None, "-"),
    ],
)
def test_a_value_is_written_with_two_digits_of_its_error(value, written):
    assert text(value) == written


def test_money_is_never_finer_than_a_fen_and_a_small_error_is_not_zero():
    value = Value(1.2345, 1.2340, 1.2350, "yuan/order", 5)
    assert text(value) == "1.23 ± <0.01"
    assert text(value, unit=True) == "1.23 ± <0.01 yuan/order"
    assert text(Value(0.0123456, unit="yuan/order")) == "0.01"


def test_shares_are_shown_in_percent():
    assert text(shown(Value(0.0496, 0.0481, 0.0511, "share")), unit=True) == "4.96 ± 0.15%"
    assert shown(Value(2.0, unit="hours")).unit == "hours"


def test_a_column_keeps_one_number_of_decimals():
    values = [Value(4.61, 4.4, 4.82), Value(3.9, 3.78, 4.02), None, Value(-0.2, -0.3, -0.1)]
    assert column(values) == ["4.61 ± 0.21", "3.90 ± 0.12", "-", "-0.20 ± 0.10"]
    assert column(values, signed=True)[0] == "+4.61 ± 0.21"


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e8))
def test_the_written_interval_is_the_interval_to_half_a_digit(mean, reach):
    value = Value(mean, mean - reach, mean + reach)
    places = decimals([value])
    written = text(value)
    if value.is_skewed:  # only through the rounding of enormous means
        assert reach < 1e-7 * abs(mean)
        return
    first, _, error = written.partition(" ± ")
    unit = 10.0**-places
    assert abs(float(first.replace(",", "")) - mean) <= 0.51 * unit + 1e-6 * abs(mean)
    if "<" not in error:
        assert abs(float(error.replace(",", "")) - value.half_width) <= 0.51 * unit + 1e-6 * reach


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12), st.integers(0, 4))
def test_no_negative_zero_is_ever_written(number, places):
    written = plain(number, places)
    assert not (written.startswith("-") and float(written.replace(",", "")) == 0)


def test_results_are_read_from_json_objects_estimates_and_numbers():
    json = {"mean": 1.5, "low": 1.0, "high": 2.0, "unit": "hours", "n": 5}
    assert read(json) == Value(1.5, 1.0, 2.0, "hours", 5)
    assert read(Estimate(1.5, 1.0, 2.0, "hours", 5)) == read(json)
    assert read(3, "yuan") == Value(3.0, unit="yuan")
    assert read(None) is None
    assert read({"mean": None, "low": None, "high": None, "unit": "share", "n": 0}) is None
    for wrong in ("3", True, [1]):
        with pytest.raises(TypeError, match="should be a number or a KPI object"):
            read(wrong)


def test_a_difference_shows_only_when_its_interval_leaves_zero_out():
    assert Value(1.0, 0.5, 1.5).is_detectable
    assert Value(-1.0, -1.5, -0.5).is_detectable
    assert not Value(1.0, -0.5, 2.5).is_detectable
    assert not Value(1.0).is_detectable


def test_scaling_turns_the_interval_with_the_sign():
    turned = Value(2.0, 1.0, 4.0, "yuan").scaled(-1)
    assert (turned.mean, turned.low, turned.high) == (-2.0, -4.0, -1.0)


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (7, "7"),
        (0.25, "0.25"),
        (1_234, "1,234"),
        (12_345, "12.3k"),
        (999_999, "1M"),
        (2.5e6, "2.5M"),
    ],
)
def test_counts_are_short_on_an_axis(number, written):
    assert compact(number) == written


def test_decimals_of_nothing_and_of_zeros():
    assert decimals([]) == 0
    assert decimals([None, Value(0.0)]) == 0
    assert decimals([Value(math.pi)]) == 2
