"""Quantiles of the laws that scenarios name."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.schema import Law


def quantile(law: Law, u: float) -> float:
    """Return the ``u``-quantile of a law, in the law's own unit."""
    if law.law == "deterministic" or law.mean == 0:
        return law.mean
    if law.law == "exponential":
        return -law.mean * math.log1p(-u)
    if law.law == "uniform":
        return law.mean * (1.0 + law.cv * math.sqrt(3.0) * (2.0 * u - 1.0))
    from scipy.special import gammaincinv, ndtri

    if law.law == "lognormal":
        variance = math.log1p(law.cv * law.cv)
        return law.mean * math.exp(math.sqrt(variance) * float(ndtri(u)) - variance / 2.0)
    shape = 1.0 / (law.cv * law.cv)
    return float(gammaincinv(shape, u)) * law.mean / shape
