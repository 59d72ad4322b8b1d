"""A network that everybody shares: who waits, and for how long."""

from __future__ import annotations

import numpy as np
import pytest

from sim.management.sorting import days_held, holding
from sim.scenario import load
from sim.scenario.network_load import fluid_waits, network_waits

SLOW = {"fulfilment.courier.peak_slowdown": {"capacity_ratio": 2.0, "share_of_swing": 0.5}}


def test_nobody_waits_below_capacity() -> None:
    assert not fluid_waits(np.array([0.5, 1.9, 2.0, 1.0]), 2.0).any()


def test_backlog_is_carried_over_and_served_in_order() -> None:
    """Four mean days on one day: two are left after it, one by the next noon, none by the next night."""
    waits = fluid_waits(np.array([4.0, 0.0, 0.0]), 2.0)
    assert waits.tolist() == [0.5, 0.5, 0.0]
    assert fluid_waits(np.array([4.0, 1.0, 1.0, 1.0]), 2.0).tolist() == [0.5, 0.75, 0.25, 0.0]


def test_the_wait_is_what_was_sent_before_at_full_speed() -> None:
    """A peak of nine and five mean days leaves 6.2 and 8.4 behind; at the next noon 7.5 are still ahead."""
    waits = fluid_waits(np.array([1.0, 9.0, 5.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]), 2.8)
    assert waits[:4] * 2.8 == pytest.approx([0.0, 3.1, 7.3, 7.5])
    assert waits.argmax() == 3


def test_all_shippers_swing_less_than_the_brand() -> None:
    scenario = load("door_only").with_values(SLOW)
    waits = network_waits(scenario, np.array([1.0, 5.0, 1.0]))
    assert waits[1] == pytest.approx((3.0 - 2.0) / 2.0 / 2.0)


def test_without_overload_nobody_waits() -> None:
    off = load("door_only").with_values(SLOW | {"mechanisms.courier_overload": False})
    assert not network_waits(off, np.array([9.0, 9.0])).any()


@pytest.mark.parametrize("wait", [0.0, 0.4, 1.0, 2.75, 3.0])
def test_holding_keeps_the_mean_wait(wait: float) -> None:
    shares = holding(wait, 3)
    assert sum(shares) == pytest.approx(1.0)
    assert sum(day * share for day, share in enumerate(shares)) == pytest.approx(wait)


def test_days_held_covers_the_longest_wait() -> None:
    assert [days_held(np.array(waits)) for waits in ([], [0.0], [0.1], [2.0], [2.1])] == [0, 0, 1, 2, 3]
