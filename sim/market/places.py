"""Where shoppers live: places of unequal density, opened best first."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.scenario import Scenario


@lru_cache(maxsize=256)
def _densities(cv: float, count: int) -> np.ndarray:
    from scipy.special import ndtr, ndtri

    if cv <= 0:
        return np.ones(count)
    sigma = np.sqrt(np.log1p(cv * cv))
    # Mean of a lognormal over each of `count` equally likely slices, densest first: exact partial
    # expectations, so that the densities of any number of potential places have mean one.
    edges = ndtri(np.linspace(1.0, 0.0, count + 1))
    upper_tail = ndtr(sigma - edges)
    densities = np.diff(upper_tail) * count
    densities.setflags(write=False)
    return densities


def densities(cv: float, potential: int) -> np.ndarray:
    """Return the demand of each potential place relative to the mean place, densest first.

    Parameters
    ----------
    cv
        Coefficient of variation of the lognormal density over places.
    potential
        Number of potential places.
    """
    return _densities(float(cv), int(potential))


def cumulative_share(cv: float, potential: int, n: float) -> float:
    """Return the share of all potential demand that lives in the best ``n`` of ``potential`` places.

    ``n`` may be fractional (a place opened in part) and is capped at ``potential``.
    """
    density = densities(cv, potential)
    n = min(max(float(n), 0.0), float(potential))
    whole = int(n)
    share = density[:whole].sum()
    if whole < potential:
        share += (n - whole) * density[whole]
    return float(share / potential)


def served_shares(scenario: Scenario) -> np.ndarray:
    """Return how the brand's demand is spread over the places it sells in, densest first.

    Returns
    -------
    numpy.ndarray
        ``market.places`` shares with sum one; equal when ``mechanisms.marginal_sites`` is off.
    """
    market = scenario.market
    if not scenario.mechanisms.marginal_sites:
        return np.full(market.places, 1.0 / market.places)
    density = densities(market.place_density_cv, market.potential_places)[: market.places]
    return density / density.sum()
