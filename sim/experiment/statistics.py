"""Numbers with their error: means, intervals, paired differences and shares.

Every interval has the level 95% unless told otherwise. Intervals of means are Student's t over independent
replications; intervals of shares are Wilson's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

LEVEL = 0.95
NO_DIFFERENCE = "no detectable difference"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A simulated value.

    Attributes
    ----------
    mean
        Mean over replications.
    low, high
        Ends of the 95% interval; None where one replication gives none.
    unit
        Unit of all three.
    n
        Replications (or draws) behind it.
    """

    mean: float
    low: float | None
    high: float | None
    unit: str
    n: int

    def as_dict(self) -> dict[str, float | str | int | None]:
        """Return the KPI object of result files."""
        return {"mean": self.mean, "low": self.low, "high": self.high, "unit": self.unit, "n": self.n}

    @property
    def half_width(self) -> float | None:
        """Half the length of the interval, None without one."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2.0

    def is_above(self, bar: float) -> bool:
        """Say whether the whole interval lies above ``bar``."""
        return self.low is not None and self.low > bar

    def is_below(self, bar: float) -> bool:
        """Say whether the whole interval lies below ``bar``."""
        return self.high is not None and self.high < bar

    def is_within(self, low: float, high: float) -> bool:
        """Say whether the whole interval lies from ``low`` to ``high``."""
        return self.low is not None and self.high is not None and low <= self.low and self.high <= high

    def is_detectable(self) -> bool:
        """Say whether a difference is told apart from zero."""
        return self.is_above(0.0) or self.is_below(0.0)


@lru_cache(maxsize=1024)
def t_quantile(degrees: int, probability: float) -> float:
    """Return the quantile of Student's t distribution.

    >>> round(t_quantile(4, 0.975), 4)
    2.7764
    """
    from scipy.special import stdtrit

    return float(stdtrit(degrees, probability))


def _centred(values: Sequence[float]) -> tuple[float, list[float]]:
    # Sums start from the first value, so that equal values have exactly that mean and exactly no spread, and
    # the order in which replications were summed leaves no trace (fsum).
    first = values[0]
    shifts = [value - first for value in values]
    mean_shift = math.fsum(shifts) / len(shifts)
    return first + mean_shift, [shift - mean_shift for shift in shifts]


def mean(values: Sequence[float]) -> float:
    """Return the mean, exact for equal values."""
    return _centred(values)[0]


def variance(values: Sequence[float]) -> float:
    """Return the unbiased sample variance; zero for a single value."""
    if len(values) < 2:
        return 0.0
    deviations = _centred(values)[1]
    return math.fsum(deviation * deviation for deviation in deviations) / (len(values) - 1)


def estimate(values: Sequence[float], unit: str = "", *, level: float = LEVEL) -> Estimate:
    """Return mean and Student's t interval of independent values.

    Parameters
    ----------
    values
        One value per replication, at least one.
    unit
        Their unit.
    level
        Coverage of the interval. With skewed values and few replications the true coverage is lower.

    Raises
    ------
    ValueError
        If there is no value or one is not finite.

    Examples
    --------
    Half width ``t(4, 0.975) * sqrt(2.5 / 5)``:

    >>> result = estimate([1.0, 2.0, 3.0, 4.0, 5.0])
    >>> result.mean, round(result.half_width, 4)
    (3.0, 1.9632)
    """
    if not values:
        raise ValueError("an estimate needs at least one value")
    if not all(math.isfinite(value) for value in values):
        raise ValueError("an estimate needs finite values")
    n = len(values)
    centre = mean(values)
    if n == 1:
        return Estimate(centre, None, None, unit, 1)
    reach = t_quantile(n - 1, 0.5 + level / 2.0) * math.sqrt(variance(values) / n)
    return Estimate(centre, centre - reach, centre + reach, unit, n)


def difference(a: Sequence[float], b: Sequence[float], unit: str = "", *, level: float = LEVEL) -> Estimate:
    """Return the paired difference ``b - a`` of values that met the same luck.

    Raises
    ------
    ValueError
        If the two have different lengths.
    """
    return estimate([y - x for x, y in zip(a, b, strict=True)], unit, level=level)


def ratio(
    above: Sequence[float], below: Sequence[float], unit: str = "", *, level: float = LEVEL
) -> Estimate:
    """Return the ratio of two totals over replications, with its interval by linearisation.

    The mean is the sum above over the sum below, so that identities between totals hold exactly; the interval
    is that of the residuals ``above - ratio * below`` over the mean below (Cochran 1977, section 6.3).

    Raises
    ------
    ValueError
        If there is no value, the two have different lengths, or the sum below is not above zero.

    Examples
    --------
    >>> ratio([2.0, 4.0], [1.0, 3.0]).mean
    1.5
    """
    if len(above) != len(below):
        raise ValueError("a ratio needs as many values above as below")
    if not below or math.fsum(below) <= 0:
        raise ValueError("a ratio needs a sum below that is above zero")
    whole = math.fsum(above) / math.fsum(below)
    scale = math.fsum(below) / len(below)
    found = estimate([(y - whole * x) / scale for y, x in zip(above, below, strict=True)], unit, level=level)
    low = None if found.low is None else whole + found.low - found.mean
    high = None if found.high is None else whole + found.high - found.mean
    return Estimate(whole, low, high, unit, len(above))


def share(successes: int, trials: int, *, level: float = LEVEL) -> Estimate:
    """Return a share with Wilson's score interval (Wilson 1927).

    Raises
    ------
    ValueError
        If there were no trials or more successes than trials.
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(
            f"a share needs 0 <= successes <= trials and at least one trial ({successes} of {trials})"
        )
    from scipy.special import ndtri

    z = float(ndtri(0.5 + level / 2.0))
    p = successes / trials
    scale = 1.0 + z * z / trials
    centre = (p + z * z / (2.0 * trials)) / scale
    reach = z / scale * math.sqrt(p * (1.0 - p) / trials + z * z / (4.0 * trials * trials))
    low = 0.0 if successes == 0 else centre - reach
    high = 1.0 if successes == trials else centre + reach
    return Estimate(p, low, high, "share", trials)


@dataclass(frozen=True, slots=True)
class Pairing:
    """What common luck did for a comparison.

    Attributes
    ----------
    correlation
        Correlation of the two scenarios over replications; None where one of them does not vary.
    variance_ratio
        Variance of the paired difference over that of unpaired runs; None where neither varies. Below one,
        pairing sharpened the comparison.
    """

    correlation: float | None
    variance_ratio: float | None


def pairing(a: Sequence[float], b: Sequence[float]) -> Pairing:
    """Measure how much common random numbers sharpened ``b - a``."""
    spread_a, spread_b = variance(a), variance(b)
    unpaired = spread_a + spread_b
    ratio = variance([y - x for x, y in zip(a, b, strict=True)]) / unpaired if unpaired > 0 else None
    if spread_a <= 0 or spread_b <= 0:
        return Pairing(None, ratio)
    _, deviations_a = _centred(a)
    _, deviations_b = _centred(b)
    covariance = math.fsum(x * y for x, y in zip(deviations_a, deviations_b, strict=True)) / (len(a) - 1)
    return Pairing(covariance / math.sqrt(spread_a * spread_b), ratio)


def words_for(change: Estimate) -> str:
    """Say what a difference is: none at all, none that shows, or how large with its interval."""
    if change.low is None or change.high is None:
        return f"{change.mean:+,.2f} {change.unit} in a single replication, without an interval".replace(
            "  ", " "
        )
    if change.mean == 0.0 and change.low == 0.0 and change.high == 0.0:
        return "exactly equal"
    if not change.is_detectable():
        return NO_DIFFERENCE
    return f"{change.mean:+,.2f} {change.unit} ({change.low:+,.2f} to {change.high:+,.2f})".replace("  ", " ")
