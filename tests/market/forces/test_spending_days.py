"""A year's upkeep spent evenly, or in its first days."""

from __future__ import annotations

import pytest

from sim.market.forces.experience import Experience, Upkeep
from sim.scenario.schema import Effort
from tests.market.forces.hand import Hand
from tests.market.forces.test_experience import RULES, SIDE, SOURCES, scenario_with

EFFORT = Effort(**SIDE)


def year(side: Upkeep, first: int = 0) -> list[float]:
    levels = []
    for day in range(365):
        side.pass_day((first + day) % 365)
        levels.append(side.level)
    return levels


@pytest.mark.parametrize("first", [0, 20, 200, 337])
def test_a_mature_year_comes_back_to_where_it_began(first: int) -> None:
    side = Upkeep(EFFORT, mature=True, spending_days=30, first_date=first)
    began = side.level
    assert year(side, first)[-1] == pytest.approx(began, rel=1e-9)


def test_one_great_effort_reaches_higher_and_falls_lower_than_steady_upkeep() -> None:
    steady, burst = Upkeep(EFFORT, mature=True), Upkeep(EFFORT, mature=True, spending_days=30)
    levels = year(burst)
    assert max(levels) > steady.level > min(levels)
    assert levels.index(max(levels)) == 29


def test_days_that_spend_evenly_change_no_digit() -> None:
    plain, even = Upkeep(EFFORT, mature=False), Upkeep(EFFORT, mature=False, spending_days=365)
    assert year(plain) == year(even)


def test_the_same_budget_is_paid_on_its_days() -> None:
    for days in (365, 30):
        market = Hand(scenario_with(SOURCES, {"market.experience": RULES | {"spending_days": days}}))
        market.live(Experience(market.setting), 365)
        paid = [
            quantity * rate for account, quantity, rate, *_ in market.paid if account == "experience_spend"
        ]
        assert sum(paid) == pytest.approx(3 * 200_000)
        assert len(paid) == 3 * days
