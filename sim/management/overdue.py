"""What a parcel that waits too long costs the shopper who comes for it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.schema import Law, PickupLayer


def share_longer(law: Law, value: float) -> float:
    """Return the probability that a draw from a law exceeds ``value``, in the law's own unit."""
    if value < 0:
        return 1.0
    if law.law == "deterministic" or law.mean == 0:
        return float(law.mean > value)
    if law.law == "exponential":
        return math.exp(-value / law.mean)
    if law.law == "uniform":
        half = law.mean * law.cv * math.sqrt(3.0)
        return min(max((law.mean + half - value) / (2.0 * half), 0.0), 1.0)
    if value == 0:
        return 1.0
    from scipy.special import gammaincc, ndtr

    if law.law == "lognormal":
        variance = math.log1p(law.cv * law.cv)
        return float(ndtr(-(math.log(value / law.mean) + variance / 2.0) / math.sqrt(variance)))
    shape = 1.0 / (law.cv * law.cv)
    return float(gammaincc(shape, value * shape / law.mean))


def expected_overdue_fee(layer: PickupLayer) -> float:
    """Return what a parcel at a point brings in on average because it is collected late (yuan/parcel).

    A parcel that waits ``t`` hours costs ``min(cap, fee * ceil((t - free) / step))`` beyond the free hours,
    so the mean is the sum of the amounts that each step adds, times the chance that a parcel waits into that
    step. Parcels never collected pay nothing.
    """
    if layer.overdue_fee == 0:
        return 0.0
    mean, charged, begins = 0.0, 0.0, layer.overdue_free_hours
    while charged < layer.overdue_cap:
        added = min(layer.overdue_fee, layer.overdue_cap - charged)
        longer = share_longer(layer.dwell_hours, begins)
        if longer < 1e-12:
            break
        mean += added * longer
        charged += added
        begins += layer.overdue_step_hours
    return mean * (1.0 - layer.uncollected_rate)
