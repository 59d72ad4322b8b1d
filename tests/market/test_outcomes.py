"""What the market hears of its orders at midnight."""

from __future__ import annotations

import numpy as np

from sim.market.outcomes import Outcomes
from sim.scenario import load


class Flow:
    """A flow whose counts a test sets."""

    now = 24.0

    def __init__(self) -> None:
        self.kept = np.array([3, 1, 50])

    def totals(self, _: str) -> np.ndarray:
        return self.kept


def test_all_who_ask_at_one_moment_hear_the_same_and_later_only_what_is_new() -> None:
    flow = Flow()
    outcomes = Outcomes(load("base"), flow, 2)
    assert outcomes.entered("kept").tolist() == [3.0, 1.0]
    assert outcomes.entered("kept").tolist() == [3.0, 1.0]
    flow.now, flow.kept = 48.0, np.array([7, 1, 90])
    assert outcomes.entered("kept").tolist() == [4.0, 0.0]
    assert outcomes.entered("kept").tolist() == [4.0, 0.0]


def test_counts_that_begin_anew_are_new() -> None:
    flow = Flow()
    outcomes = Outcomes(load("base"), flow, 2)
    outcomes.entered("kept")
    flow.now, flow.kept = 48.0, np.array([1, 0, 0])
    assert outcomes.entered("kept").tolist() == [1.0, 0.0]
