"""From a scenario's laws to the laws of the flow network, in hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.flow import Deterministic, Exponential, Gamma, Lognormal, Uniform

if TYPE_CHECKING:
    from sim.flow.laws import Law as FlowLaw
    from sim.scenario.schema import Law

MINUTE = 1.0 / 60.0
DAY = 24.0


def in_hours(law: Law, unit: float = 1.0) -> FlowLaw:
    """Return the flow law of a scenario law.

    Parameters
    ----------
    law
        Law as the scenario states it.
    unit
        Length of the law's unit in hours (``MINUTE``, 1 or ``DAY``), times any stretch.
    """
    mean = law.mean * unit
    if mean == 0 or law.law == "deterministic":
        return Deterministic(mean)
    if law.law == "exponential":
        return Exponential(mean)
    if law.law == "lognormal":
        return Lognormal(mean, law.cv)
    if law.law == "gamma":
        return Gamma(mean, law.cv)
    half = mean * law.cv * 3.0**0.5
    return Uniform(max(mean - half, 0.0), mean + half)
