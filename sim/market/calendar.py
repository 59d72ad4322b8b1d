"""When demand comes: hour of the day, weekday, month and the year's top days."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.days import DAYS_PER_YEAR, MONTH_LENGTHS, daily_demand
from sim.scenario.segments import KEPT

if TYPE_CHECKING:
    from sim.scenario import Scenario

HOURS_PER_DAY = 24
HOURS_PER_YEAR = DAYS_PER_YEAR * HOURS_PER_DAY


@lru_cache(maxsize=KEPT)
def hourly_demand(scenario: Scenario) -> np.ndarray:
    """Return the demand of each hour of the year relative to the mean hour.

    Returns
    -------
    numpy.ndarray
        8760 weights with mean one, read-only. All are one when ``mechanisms.seasonality`` is off.
    """
    if not scenario.mechanisms.seasonality:
        weights = np.ones(HOURS_PER_YEAR)
    else:
        hour = np.asarray(scenario.market.hour_profile, dtype=float)
        daily = np.asarray(daily_demand(scenario.market))
        weights = np.outer(daily / daily.mean(), hour / hour.mean()).ravel()
    weights.setflags(write=False)
    return weights


def month_ends(days: int) -> np.ndarray:
    """Return the ends of calendar months within a history, in hours from its first day.

    Parameters
    ----------
    days
        Length of the history in days; it starts on 1 January and may span years.

    Returns
    -------
    numpy.ndarray
        Increasing hours; the last one is the end of the history.
    """
    ends, day = [], 0
    while day < days:
        for length in MONTH_LENGTHS:
            day += length
            ends.append(min(day, days) * HOURS_PER_DAY)
            if day >= days:
                break
    return np.asarray(ends, dtype=float)


__all__ = ["DAYS_PER_YEAR", "HOURS_PER_DAY", "HOURS_PER_YEAR", "hourly_demand", "month_ends"]
