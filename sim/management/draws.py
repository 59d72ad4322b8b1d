"""Random durations of decisions: a scenario's law read at a keyed uniform number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.quantiles import quantile

if TYPE_CHECKING:
    from sim.management.office import Office
    from sim.scenario.schema import Law


MOST_ADDED_UP = 60.0
"""Mean up to which the chances of single numbers are added up one by one."""
CLOSE = 1e-9
"""Far more than sums of chances are off by rounding: closer than that, the law itself has to settle it."""


def from_law(law: Law, office: Office, purpose: str, *numbers: int) -> float:
    """Draw from a law with luck that belongs to the purpose and the numbers, not to the clock."""
    return quantile(law, office.luck(purpose, *numbers))


def poisson_number(u: float, mean: float) -> int:
    """Return :func:`poisson_quantiles` of one uniform number.

    Examples
    --------
    >>> poisson_number(0.5, 3.0)
    3
    """
    if mean <= 0:
        return 0
    if mean <= MOST_ADDED_UP and u < 1.0 - CLOSE:
        number, chance = 0, math.exp(-mean)
        so_far = chance
        while so_far < u:
            number += 1
            chance *= mean / number
            so_far += chance
        if so_far - u > CLOSE and (number == 0 or u - (so_far - chance) > CLOSE):
            return number
    return _poisson_number_by_law(u, mean)


def _poisson_number_by_law(u: float, mean: float) -> int:
    from scipy.special import pdtr, pdtrik

    guess = math.ceil(max(pdtrik(u, mean), 0.0) - 1e-9)
    guess -= bool(guess > 0 and pdtr(max(guess - 1, 0), mean) >= u)
    return guess + bool(pdtr(guess, mean) < u)


def poisson_quantiles(u: np.ndarray, mean: float) -> np.ndarray:
    """Return for each uniform number the smallest count that a Poisson variable does not exceed with it.

    Examples
    --------
    >>> poisson_quantiles(np.array([0.5, 0.01]), 3.0).tolist()
    [3, 0]
    """
    from scipy.special import pdtr, pdtrik

    if mean <= 0:
        return np.zeros(u.size, dtype=np.int64)
    guess = np.ceil(np.maximum(pdtrik(u, mean), 0.0) - 1e-9)
    # The inverse is exact to rounding only; the law itself settles where that matters.
    guess -= (guess > 0) & (pdtr(np.maximum(guess - 1.0, 0.0), mean) >= u)
    guess += pdtr(guess, mean) < u
    return guess.astype(np.int64)
