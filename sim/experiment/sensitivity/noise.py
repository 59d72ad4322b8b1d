"""Telling an effect from chance, for one assumption and for many at once."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.experiment.statistics import mean, variance

SIGNIFICANCE = 0.05


def p_of_mean(values: Sequence[float]) -> float:
    """Return the two-sided p-value of Student's t test that independent values have the mean zero.

    Values that are all equal leave no doubt: 1 if they are zero, 0 if they are not.

    Examples
    --------
    Three standard errors with four degrees of freedom:

    >>> round(p_of_mean([2.0, 2.5, 3.0, 3.5, 4.0]), 4)
    0.0011
    >>> p_of_mean([0.0, 0.0]), p_of_mean([1.0, 1.0])
    (1.0, 0.0)
    """
    centre, spread = mean(values), variance(values)
    if spread == 0.0:
        return 1.0 if centre == 0.0 else 0.0
    from scipy.special import stdtr

    return 2.0 * float(stdtr(len(values) - 1, -abs(centre) / math.sqrt(spread / len(values))))


def p_of_ratio(effect: float, noise: float, effect_degrees: int, noise_degrees: int) -> float:
    """Return the p-value of the F test that a mean square is no more than another one, which is noise."""
    if noise <= 0.0:
        return 1.0 if effect <= 0.0 else 0.0
    from scipy.special import fdtrc

    return float(fdtrc(effect_degrees, noise_degrees, effect / noise))


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct p-values for their number by the step-down procedure of Holm (1979).

    Rejecting what is at most 5% afterwards errs in any of the true hypotheses with a chance of at most 5%,
    however they depend on each other; it is never less powerful than Bonferroni's correction. A p-value of
    1 belongs to an effect of exactly nothing: it could not be rejected by mistake, and does not count.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    corrected = [0.0] * len(p_values)
    count, highest = sum(p_value < 1.0 for p_value in p_values), 0.0
    for rank, place in enumerate(order):
        alone = p_values[place]
        highest = max(highest, min(1.0, (count - rank) * alone) if alone < 1.0 else 1.0)
        corrected[place] = highest
    return corrected
