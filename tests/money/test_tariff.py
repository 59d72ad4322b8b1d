"""Price lists: whole quantity at the reached step, and what contradicts itself is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.money import StepTariff, TariffError

COURIER = StepTariff((0, 10_000, 100_000), (12.0, 9.0, 7.0))


@pytest.mark.parametrize(
    ("count", "price"), [(0, 12), (1, 12), (9_999, 12), (10_000, 9), (99_999.5, 9), (100_000, 7), (1e12, 7)]
)
def test_the_whole_quantity_pays_the_price_of_the_step_it_reaches(count, price):
    assert COURIER.price(count) == price
    assert COURIER.value(count) == price * count


def test_arrays_keep_their_shape():
    counts = np.array([[0, 9_999], [10_000, 200_000]])
    assert COURIER.price(counts).tolist() == [[12, 12], [9, 7]]
    assert COURIER.value(counts).tolist() == [[0, 119_988], [90_000, 1_400_000]]
    assert isinstance(COURIER.price(5), float)
    assert isinstance(COURIER.value(5), float)


steps = st.lists(
    st.tuples(st.integers(1, 10**6), st.floats(0.1, 100)), min_size=1, max_size=6, unique_by=lambda p: p[0]
)


@given(steps, st.lists(st.floats(0, 2e6), min_size=2, max_size=20))
def test_a_falling_list_never_gets_dearer_per_piece(pairs, counts):
    starts = sorted(start for start, _ in pairs)
    prices = sorted((price for _, price in pairs), reverse=True)
    tariff = StepTariff((0, *starts), (prices[0], *prices))
    found = tariff.price(np.sort(counts))
    assert (np.diff(found) <= 0).all()
    assert set(found) <= set(prices)


@given(steps, st.floats(0, 2e6))
def test_the_price_is_that_of_the_last_step_reached(pairs, count):
    tariff = StepTariff.from_steps(pairs, below=0.0, direction="any")
    reached = [price for start, price in sorted(pairs) if start <= count]
    assert tariff.price(count) == (reached[-1] if reached else 0.0)


def test_the_bill_falls_at_a_cliff_and_nowhere_else():
    for start, end in COURIER.cliffs:
        assert COURIER.value(start) == pytest.approx(COURIER.value(end))
        assert COURIER.value((start + end) / 2) > COURIER.value(end)
    outside = np.linspace(10_000, COURIER.cliffs[1][0], 50)
    assert (np.diff(COURIER.value(outside)) > 0).all()
    assert StepTariff((0, 5), (2.0, 2.0)).cliffs == ()


def test_below_the_first_step():
    refund = StepTariff((180_000, 600_000), (0.5, 1.0), below=0.0, direction="rising")
    assert refund.price([0, 179_999, 180_000, 1e6]).tolist() == [0.0, 0.0, 0.5, 1.0]
    with pytest.raises(TariffError, match="no price below 180000 per period, found 5"):
        StepTariff((180_000,), (0.5,)).price([200_000, 5])


def test_a_flat_list_keeps_the_price_of_one_quantity():
    flat = COURIER.flat(20_000)
    assert flat.price([0, 20_000, 1e9]).tolist() == [9.0, 9.0, 9.0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((), ()), "at least one step"),
        (((0, 10), (1.0,)), "2 starts do not go with 1 prices"),
        (((0, 10, 10), (3.0, 2.0, 1.0)), "increasing quantities, found 10 after 10"),
        (((10, 0), (3.0, 2.0)), "increasing quantities, found 0 after 10"),
        (((-1,), (3.0,)), "cannot start below zero, found -1"),
        (((0, 10), (3.0, 3.5)), "must not rise with quantity, found 3.5 after 3"),
        (((0, 10), (3.0, 2.0), None, "rising"), "must not fall with quantity, found 2 after 3"),
        (((5,), (3.0,), 2.0), "must not rise with quantity, found 3 after 2"),
        (((0,), (float("nan"),)), "must be finite"),
        (((0, float("inf")), (2.0, 1.0)), "must be finite"),
        (((5,), (1.0,), float("inf")), "must be finite"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(arguments, message):
    with pytest.raises(TariffError) as error:
        StepTariff(*arguments)
    assert message in str(error.value)


@pytest.mark.parametrize("count", [-1, float("nan"), [5, -0.5]])
def test_a_quantity_below_zero_is_refused(count):
    with pytest.raises(TariffError, match="a quantity must be at least zero"):
        COURIER.price(count)
