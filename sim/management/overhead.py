"""Head office as it grows: lumps of fixed cost by volume, managers by number of people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.management.hierarchy import levels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.money import Ledger
    from sim.scenario import Scenario
    from sim.scenario.schema import Coordination, Step

MONTHS_PER_YEAR = 12.0
DAYS_PER_YEAR = 365.0


def steps_taken(step: Step, volume: np.ndarray, *, settled: bool) -> np.ndarray:
    """Return how often a step is paid for in each period.

    A warehouse or a system is taken on when the busiest period so far needs it, and kept.

    Parameters
    ----------
    step
        The lump.
    volume
        What is counted, a day (or stores in all), by period.
    settled
        The brand has had such a year before: it has had from the start what its busiest period needs.

    Examples
    --------
    >>> from sim.scenario.schema import Step
    >>> team = Step(per="orders", from_per_day=100, cost_per_year=1, repeats=True)
    >>> steps_taken(team, np.array([90.0, 250.0, 90.0]), settled=False).tolist()
    [0.0, 2.0, 2.0]
    """
    most = np.full(volume.size, volume.max()) if settled else np.maximum.accumulate(volume)
    times = np.floor(most / step.from_per_day + 1e-9)
    return times if step.repeats else np.minimum(times, 1.0)


def post_steps(
    scenario: Scenario,
    ledger: Ledger,
    volumes: Mapping[str, np.ndarray],
    days: np.ndarray,
    *,
    settled: bool,
) -> None:
    """Post lumps of fixed cost.

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books.
    volumes
        Orders, online orders and parcels a day, and stores, by period; the keys are those of ``Step.per``.
    days
        Length of the periods in days.
    settled
        As in :func:`steps_taken`.
    """
    if not scenario.mechanisms.step_costs:
        return
    for step in scenario.management.steps:
        times = steps_taken(step, volumes[step.per], settled=settled)
        ledger.post_array("overhead_steps", "cash", times * step.cost_per_year * days / DAYS_PER_YEAR)


def coordinators(coordination: Coordination, people: float) -> tuple[int, ...]:
    """Return the managers on each level above ``people``, lowest first; none above a single one."""
    heads = math.ceil(people - 1e-9)
    return levels(heads, coordination.span) if heads > 1 else ()


def post_coordination(scenario: Scenario, ledger: Ledger, people: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Post the wages of managers above teams, as many as the people of a period ask for.

    ``n`` people under a span ``s`` need ``ceil(n/s) + ceil(n/s^2) + ... + 1`` managers, about ``n/(s-1)``;
    each level earns ``level_wage_factor`` times the one below.

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books.
    people
        People at work by period, in full-time posts.
    days
        Length of the periods in days.

    Returns
    -------
    numpy.ndarray
        Managers by period.
    """
    rules = scenario.management.coordination
    managers = np.zeros(people.size)
    if rules is None or not scenario.mechanisms.coordination:
        return managers
    yuan = np.zeros(people.size)
    for period, number in enumerate(people):
        heads = coordinators(rules, number)
        managers[period] = sum(heads)
        wages = sum(count * rules.level_wage_factor**level for level, count in enumerate(heads))
        yuan[period] = wages * rules.wage_per_month * MONTHS_PER_YEAR * days[period] / DAYS_PER_YEAR
    ledger.post_array("coordination", "cash", yuan)
    return managers
