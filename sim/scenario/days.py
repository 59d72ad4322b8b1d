"""The days of a year: how demand spreads over them, and which of them are promotion days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sim.scenario.segments import KEPT
from sim.scenario.subjects import SUBJECTS

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import Market, Peak

DAYS_PER_YEAR = 365
MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIRST_WEEKDAY = 2
"""Weekday of 1 January (Monday is 0): a Wednesday, as in 2014."""


@dataclass(frozen=True)
class PromotionDay:
    """A day on which the brand takes part in a promotion.

    Attributes
    ----------
    date
        Day of the year, 0 for 1 January.
    visits
        Share of the year's visits that comes on it.
    strength
        How far traffic is that of a promotion day, 0 (not at all) to 1.
    discount
        Share taken off the price in the online shops.
    """

    date: int
    visits: float
    strength: float
    discount: float


def daily_demand(market: Market) -> list[float]:
    """Return the demand of each day of the year relative to the mean day.

    The days of a peak hold its share of the year; the other days keep their proportions. A peak's excess over
    an ordinary day fades from day to day: with ordinary shares ``b_k`` of its days, day ``k`` gets
    ``b_k (1 + x fade**k)`` and ``x`` follows from the peak's share.

    Returns
    -------
    list of float
        365 weights with mean one.
    """
    months = [
        weight for weight, days in zip(market.month_profile, MONTH_LENGTHS, strict=True) for _ in range(days)
    ]
    week = market.weekday_profile
    ordinary = [weight * week[(day + FIRST_WEEKDAY) % len(week)] for day, weight in enumerate(months)]
    peaks = _peaks(market)
    inside = {date - 1 for peak in peaks for date in peak.dates}
    outside = sum(weight for day, weight in enumerate(ordinary) if day not in inside)
    left = 1.0 - sum(peak.share for peak in peaks)
    if outside == 0:
        return [weight * DAYS_PER_YEAR / sum(ordinary) for weight in ordinary]
    shares = [weight * left / outside for weight in ordinary]
    for peak in peaks:
        days = [date - 1 for date in peak.dates]
        for day, share in zip(days, _peak_shares([shares[day] for day in days], peak), strict=True):
            shares[day] = share
    return [share * DAYS_PER_YEAR for share in shares]


def _peak_shares(ordinary: list[float], peak: Peak) -> list[float]:
    """Spread a peak's share over its days, given what they would hold as ordinary days."""
    usual = sum(ordinary)
    if usual == 0:
        return [peak.share / len(ordinary)] * len(ordinary)
    # Fewer visits than on ordinary days are no promotion, so there is no excess that could fade.
    fade = peak.fade if peak.share > usual else 1.0
    strengths = [fade**day for day in range(len(ordinary))]
    excess = (peak.share - usual) / sum(b * f for b, f in zip(ordinary, strengths, strict=True))
    return [b * (1.0 + excess * f) for b, f in zip(ordinary, strengths, strict=True)]


@lru_cache(maxsize=KEPT)
def promotion_days(scenario: Scenario) -> tuple[PromotionDay, ...]:
    """Return the promotion days of a year, in the order of the calendar.

    None where ``mechanisms.promotion_days`` or ``mechanisms.seasonality`` is off, or where nothing is
    promised: no discount, and no source with other traffic on promotion days.
    """
    if not scenario.mechanisms.promotion_days or not SUBJECTS["promotion_days"].acts_in(scenario):
        return ()
    market = scenario.market
    demand = daily_demand(market)
    found = [
        PromotionDay(
            date=date - 1,
            visits=demand[date - 1] / DAYS_PER_YEAR,
            strength=peak.intensity * peak.fade**day,
            discount=peak.discount * peak.fade**day,
        )
        for peak in _peaks(market)
        for day, date in enumerate(peak.dates)
    ]
    return tuple(sorted(found, key=lambda one: one.date))


def _peaks(market: Market) -> list[Peak]:
    return [peak for peak in (market.peak, market.second_peak) if peak is not None]
