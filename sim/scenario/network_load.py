"""How long parcels wait where a network that everybody shares is full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def network_waits(scenario: Scenario, demand: np.ndarray) -> np.ndarray:
    """Return how long a parcel waits that reaches the courier's network on each day, in days.

    The network serves all shippers in order of arrival and carries ``c`` times its mean day. All shippers
    send ``w = 1 + s (d - 1)`` times the mean, ``d`` being the brand's own calendar. The backlog of a fluid
    queue follows ``B' = max(B + w - c, 0)``; who arrives in the middle of a day waits for what is ahead.

    Parameters
    ----------
    scenario
        The world.
    demand
        Demand of each day relative to the mean day, growth left out: a network is not full because one brand
        grows.

    Returns
    -------
    numpy.ndarray
        Days, one number per day; all zero without ``peak_slowdown`` or with ``mechanisms.courier_overload``
        off.
    """
    rules = scenario.fulfilment.courier.peak_slowdown
    if rules is None or not scenario.mechanisms.courier_overload:
        return np.zeros(demand.size)
    sent = np.maximum(1.0 + rules.share_of_swing * (demand - 1.0), 0.0)
    return fluid_waits(sent, rules.capacity_ratio)


def arrivals(sent: np.ndarray, days_after: np.ndarray) -> np.ndarray:
    """Return what arrives on each day of what was sent on each day and takes so many days.

    A fraction of a day is shared between the two days next to it; what would arrive after the last day stays
    there.

    Examples
    --------
    >>> arrivals(np.array([4.0, 0.0, 0.0]), np.array([1.25, 0.0, 0.0])).tolist()
    [0.0, 3.0, 1.0]
    """
    last = sent.size - 1
    whole = np.floor(days_after)
    day = np.arange(sent.size) + whole.astype(int)
    late = days_after - whole
    found = np.zeros(sent.size)
    np.add.at(found, np.minimum(day, last), sent * (1.0 - late))
    np.add.at(found, np.minimum(day + 1, last), sent * late)
    return found


def fluid_waits(sent: np.ndarray, capacity: float) -> np.ndarray:
    """Return the wait at the middle of each day of a fluid queue, in days.

    Examples
    --------
    >>> fluid_waits(np.array([1.0, 4.0, 1.0, 1.0]), 2.0).tolist()
    [0.0, 0.5, 0.75, 0.25]
    """
    waits = np.zeros(sent.size)
    backlog = 0.0
    for day, came in enumerate(sent):
        waits[day] = max(backlog + (came - capacity) / 2.0, 0.0) / capacity
        backlog = max(backlog + came - capacity, 0.0)
    return waits
