"""What makes customers call the service desk."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

CAUSES = ("question", "broken", "wrong", "short", "late", "failed", "missing")
"""Why customers call: what they ask by themselves, what they found in the box, what happened on the way."""
CAUSED_ON_THE_WAY = ("late", "failed", "missing")
"""Causes whose calls come besides the parcel's own way, as jobs of the desk."""
HOURS_PER_DAY = 24.0


def calls_per_event(scenario: Scenario) -> dict[str, float]:
    """Return the calls per late parcel, failed trip and lost parcel; empty where there are none.

    None come without ``fulfilment.contact_causes`` or with ``mechanisms.service_contacts`` off.
    """
    causes = scenario.fulfilment.contact_causes
    if causes is None or not scenario.mechanisms.service_contacts:
        return {}
    return {"late": causes.per_late, "failed": causes.per_failed_trip, "missing": causes.per_missing}


def calls_per_parcel(scenario: Scenario, late_share: float = 0.0) -> float:
    """Return the calls caused on the way per parcel sent to the door, in closed form.

    Parameters
    ----------
    scenario
        The world.
    late_share
        Share of parcels that arrive after the promised time.
    """
    rates = calls_per_event(scenario)
    courier = scenario.fulfilment.courier
    failing = courier.failed_attempt_rate if scenario.mechanisms.failed_delivery else 0.0
    return (
        rates.get("failed", 0.0) * failing
        + rates.get("missing", 0.0) * courier.lost_rate
        + rates.get("late", 0.0) * late_share
    )


def late_share(scenario: Scenario, mean_hours: float) -> float:
    """Return the share of parcels that arrive after the promised time, given how long they take on average.

    The time to a first trip is lognormal; a share of parcels needs a second one, later by the time until
    then. The spread is that of the scenario's own laws, and of the hour at which an order is placed.

    Parameters
    ----------
    scenario
        The world.
    mean_hours
        Mean time from order to hands, second trips included.

    Returns
    -------
    float
        0 at a mean of zero.
    """
    if mean_hours <= 0:
        return 0.0
    courier, promise = scenario.fulfilment.courier, scenario.fulfilment.promise_hours
    failing = courier.failed_attempt_rate if scenario.mechanisms.failed_delivery else 0.0
    first = mean_hours - failing * courier.retry_hours.mean
    laws = (courier.line_haul_hours, courier.last_mile_hours)
    variance = sum((law.mean * (1.0 if law.law == "exponential" else law.cv)) ** 2 for law in laws)
    variance += HOURS_PER_DAY**2 / 12.0
    once = _share_above(promise, first, variance)
    again = _share_above(promise - courier.retry_hours.mean, first, variance)
    return (1.0 - failing) * once + failing * again


def _share_above(limit: float, mean: float, variance: float) -> float:
    """Return the share of a lognormal quantity above a limit."""
    if limit <= 0 or mean <= 0:
        return 1.0 if limit <= 0 else 0.0
    log_variance = math.log1p(variance / mean**2)
    if log_variance == 0:
        return 1.0 if mean > limit else 0.0
    log_mean = math.log(mean) - log_variance / 2.0
    return 1.0 - NormalDist(log_mean, log_variance**0.5).cdf(math.log(limit))
