"""When demand comes: hour of the day, weekday, month and the year's top days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.scenario import Scenario

DAYS_PER_YEAR = 365
HOURS_PER_DAY = 24
HOURS_PER_YEAR = DAYS_PER_YEAR * HOURS_PER_DAY
MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIRST_WEEKDAY = 2
"""Weekday of 1 January (Monday is 0): a Wednesday, as in 2014."""


def hourly_demand(scenario: Scenario) -> np.ndarray:
    """Return the demand of each hour of the year relative to the mean hour.

    Returns
    -------
    numpy.ndarray
        8760 weights with mean one. All are one when ``mechanisms.seasonality`` is off.
    """
    if not scenario.mechanisms.seasonality:
        return np.ones(HOURS_PER_YEAR)
    market = scenario.market
    hour = np.asarray(market.hour_profile, dtype=float)
    weekday = np.asarray(market.weekday_profile, dtype=float)
    month = np.repeat(np.asarray(market.month_profile, dtype=float), MONTH_LENGTHS)
    days = np.arange(DAYS_PER_YEAR)
    daily = month * weekday[(days + FIRST_WEEKDAY) % weekday.size]
    daily = _with_peak(daily, market.peak.first_day, market.peak.days, market.peak.share)
    return np.outer(daily / daily.mean(), hour / hour.mean()).ravel()


def _with_peak(daily: np.ndarray, first_day: int, length: int, share: float) -> np.ndarray:
    """Give the peak days their share of the year; the other days keep their proportions."""
    peak = (np.arange(first_day - 1, first_day - 1 + length)) % DAYS_PER_YEAR
    in_peak = np.zeros(DAYS_PER_YEAR, dtype=bool)
    in_peak[peak] = True
    ordinary = daily[~in_peak].sum()
    top = daily[in_peak].sum()
    shaped = daily.copy()
    shaped[~in_peak] *= (1.0 - share) / ordinary
    shaped[in_peak] = share / in_peak.sum() if top == 0 else daily[in_peak] * share / top
    return shaped


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
