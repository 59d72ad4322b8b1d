"""Buyers who wait for a campaign day, or come on it instead of later."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.expected import visited
from sim.scenario.days import DAYS_PER_YEAR, FIRST_WEEKDAY, MONTH_LENGTHS, daily_demand
from sim.scenario.segments import KEPT

if TYPE_CHECKING:
    from sim.market.day import Today
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario
    from sim.scenario.schema import Market

DEEPEST_DIP = 0.95
"""Most of a day's visits that campaigns can take."""


def around(market: Market) -> np.ndarray:
    """Return visits of each day of the year relative to the calendar's, shape (365,).

    The calendar gives a campaign its share of the year and scales all other days down alike. Of what the
    campaign has above ordinary days a share is taken from the days around it instead, falling off as
    ``exp(-distance / decay)``, and given back to all days that no campaign touches. The year's total stays.
    """
    rules = market.pull_forward
    demand = np.asarray(daily_demand(market))
    factor = np.ones(DAYS_PER_YEAR)
    if rules is None:
        return factor
    peaks = [peak for peak in (market.peak, market.second_peak) if peak is not None]
    campaign = np.zeros(DAYS_PER_YEAR, dtype=bool)
    for peak in peaks:
        campaign[np.array(peak.dates) - 1] = True
    weekday = np.asarray(market.weekday_profile)[(np.arange(DAYS_PER_YEAR) + FIRST_WEEKDAY) % 7]
    plain = np.repeat(np.asarray(market.month_profile), MONTH_LENGTHS) * weekday
    usual = plain * demand[~campaign].sum() / plain[~campaign].sum()
    taken = np.zeros(DAYS_PER_YEAR)
    for peak in peaks:
        days = np.array(peak.dates) - 1
        wanted = rules.pulled_share * max(float((demand - usual)[days].sum()), 0.0)
        near = _nearness(days, rules.days_before, rules.days_after, rules.decay_days) * demand
        near[campaign] = 0.0
        if near.sum() > 0:
            taken += wanted * near / near.sum()
    taken = np.minimum(taken, DEEPEST_DIP * demand)
    rest = ~campaign & (taken == 0.0)
    if demand[rest].sum() == 0.0:
        return factor
    touched = taken > 0.0
    factor[touched] -= taken[touched] / demand[touched]
    factor[rest] += taken.sum() / demand[rest].sum()
    return factor


def _nearness(days: np.ndarray, before: int, after: int, decay: float) -> np.ndarray:
    """Return weights of the days around a campaign; the year closes in a ring."""
    weights = np.zeros(DAYS_PER_YEAR)
    for first, step, number in ((days[0], -1, before), (days[-1], 1, after)):
        distance = np.arange(1, number + 1)
        dates = (first + step * distance) % DAYS_PER_YEAR
        weights[dates] = np.maximum(weights[dates], np.exp(-(distance - 1) / decay))
    return weights


@lru_cache(maxsize=KEPT)
def _factors(scenario: Scenario) -> tuple[float, ...]:
    """Return :func:`around` of a scenario, remembered from history to history."""
    return tuple(around(scenario.market).tolist())


class PullForward(Force):
    """The days before and after a campaign lose visits to it; the rest of the year gets them back."""

    mechanism = "pull_forward"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._factors = _factors(self.scenario)
        self._rows = np.flatnonzero(visited(setting))

    def open(self, today: Today) -> None:
        """Take from the days around a campaign."""
        factor = self._factors[today.date]
        if factor != 1.0:
            today.rates[self._rows] *= factor
