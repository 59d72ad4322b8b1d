"""Probability laws of durations: frozen, validated, with exact mean and variance.

A law here is a description. It is sampled by the compiled function ``draw`` in ``kernel.py``, shared by both
engines; every draw is a pure function of (seed, source, birth, node, purpose, visit).
Exponential, lognormal, uniform and recorded laws turn one uniform number into the value by the inverse of
the distribution function, so a value moves monotonically with the law's parameters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.flow.errors import NetworkError


def check_number(
    value: object, what: str, *, above: float | None = None, least: float | None = None
) -> float:
    """Return ``value`` as a finite float inside its bounds, or raise NetworkError."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise NetworkError(f"{what} must be a number, got {value!r}")
    number = float(value)
    if not math.isfinite(number):
        raise NetworkError(f"{what} must be finite, got {number}")
    if above is not None and number <= above:
        raise NetworkError(f"{what} must be > {above:g}, got {number:g}")
    if least is not None and number < least:
        raise NetworkError(f"{what} must be >= {least:g}, got {number:g}")
    return number


class Law:
    """A law of a non-negative duration (hours)."""

    if TYPE_CHECKING:
        # At run time a field called ``mean`` takes the place of the property.
        @property
        def mean(self) -> float:
            """Exact mean, in the unit of the law (hours)."""

        @property
        def variance(self) -> float:
            """Exact variance, in the unit of the law squared."""


@dataclass(frozen=True)
class Exponential(Law):
    """Exponential law.

    Parameters
    ----------
    mean : float
        Mean, > 0.
    """

    mean: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", check_number(self.mean, "Exponential mean", above=0.0))

    @property
    def variance(self) -> float:
        """Mean squared."""
        return self.mean**2


@dataclass(frozen=True)
class Deterministic(Law):
    """Always the same value.

    Parameters
    ----------
    value : float
        The value, >= 0.
    """

    value: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", check_number(self.value, "Deterministic value", least=0.0))

    @property
    def mean(self) -> float:
        """The value."""
        return self.value

    @property
    def variance(self) -> float:
        """Zero."""
        return 0.0


@dataclass(frozen=True)
class Uniform(Law):
    """Uniform law between two values.

    Parameters
    ----------
    low, high : float
        Bounds, 0 <= low <= high.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        low = check_number(self.low, "Uniform low", least=0.0)
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", check_number(self.high, "Uniform high", least=low))

    @property
    def mean(self) -> float:
        """Midpoint."""
        return 0.5 * (self.low + self.high)

    @property
    def variance(self) -> float:
        """Width squared over twelve."""
        return (self.high - self.low) ** 2 / 12.0


@dataclass(frozen=True)
class Lognormal(Law):
    """Lognormal law given by its own mean and coefficient of variation (not those of its logarithm).

    The logarithm is normal with sigma^2 = ln(1 + cv^2) and mu = ln(mean) - sigma^2 / 2.

    Parameters
    ----------
    mean : float
        Mean, > 0.
    cv : float
        Coefficient of variation, >= 0.

    Examples
    --------
    >>> round(Lognormal(mean=18.0, cv=0.5).sigma, 6)
    0.472381
    """

    mean: float
    cv: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", check_number(self.mean, "Lognormal mean", above=0.0))
        object.__setattr__(self, "cv", check_number(self.cv, "Lognormal cv", least=0.0))

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm."""
        return math.sqrt(math.log1p(self.cv**2))

    @property
    def mu(self) -> float:
        """Mean of the logarithm."""
        return math.log(self.mean) - 0.5 * math.log1p(self.cv**2)

    @property
    def variance(self) -> float:
        """(mean x cv) squared."""
        return (self.mean * self.cv) ** 2


@dataclass(frozen=True)
class Erlang(Law):
    """Sum of ``k`` independent exponentials.

    Parameters
    ----------
    k : int
        Number of phases, 1 to 1000.
    mean : float
        Mean of the sum, > 0.
    """

    k: int
    mean: float

    def __post_init__(self) -> None:
        phases = check_number(self.k, "Erlang k", least=1.0)
        if phases != int(phases) or phases > 1000:
            raise NetworkError(f"Erlang k must be a whole number from 1 to 1000, got {self.k!r}")
        object.__setattr__(self, "k", int(phases))
        object.__setattr__(self, "mean", check_number(self.mean, "Erlang mean", above=0.0))

    @property
    def variance(self) -> float:
        """Mean squared over k."""
        return self.mean**2 / self.k


@dataclass(frozen=True)
class Gamma(Law):
    """Gamma law with shape 1/cv^2 (Marsaglia and Tsang 2000, on counter-based sub-draws).

    Parameters
    ----------
    mean : float
        Mean, > 0.
    cv : float
        Coefficient of variation, > 0.
    """

    mean: float
    cv: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", check_number(self.mean, "Gamma mean", above=0.0))
        object.__setattr__(self, "cv", check_number(self.cv, "Gamma cv", above=0.0))

    @property
    def variance(self) -> float:
        """(mean x cv) squared."""
        return (self.mean * self.cv) ** 2


@dataclass(frozen=True)
class Hyperexponential(Law):
    """Mixture of exponentials.

    Parameters
    ----------
    probabilities : sequence of float
        Probability of each phase, summing to 1.
    means : sequence of float
        Mean of each phase, > 0.
    """

    probabilities: tuple[float, ...]
    means: tuple[float, ...]

    def __post_init__(self) -> None:
        odds = tuple(check_number(p, "Hyperexponential probability", least=0.0) for p in self.probabilities)
        means = tuple(check_number(m, "Hyperexponential mean", above=0.0) for m in self.means)
        if not odds or len(odds) != len(means):
            raise NetworkError(
                f"Hyperexponential needs as many means as probabilities, got {len(odds)} and {len(means)}"
            )
        if abs(sum(odds) - 1.0) > 1e-9:
            raise NetworkError(f"Hyperexponential probabilities must sum to 1, got {sum(odds):.12g}")
        object.__setattr__(self, "probabilities", odds)
        object.__setattr__(self, "means", means)

    @classmethod
    def from_cv(cls, mean: float, cv: float) -> Hyperexponential:
        """Two phases with balanced means (p1 m1 = p2 m2) and the given mean and cv >= 1.

        p1 = (1 + sqrt((cv^2 - 1) / (cv^2 + 1))) / 2 (Tijms 1994, appendix B).

        Examples
        --------
        >>> law = Hyperexponential.from_cv(mean=1.0, cv=2.0)
        >>> round(law.variance, 12)
        4.0
        """
        mean = check_number(mean, "Hyperexponential mean", above=0.0)
        cv = check_number(cv, "Hyperexponential cv", least=1.0)
        first = 0.5 * (1.0 + math.sqrt((cv**2 - 1.0) / (cv**2 + 1.0)))
        return cls((first, 1.0 - first), (mean / (2.0 * first), mean / (2.0 * (1.0 - first))))

    @property
    def mean(self) -> float:
        """Mean over the phases."""
        return math.fsum(p * m for p, m in zip(self.probabilities, self.means, strict=True))

    @property
    def variance(self) -> float:
        """Second moment (2 sum p m^2) less the mean squared."""
        return (
            2.0 * math.fsum(p * m * m for p, m in zip(self.probabilities, self.means, strict=True))
            - self.mean**2
        )


@dataclass(frozen=True, eq=False)
class Recorded(Law):
    """Values read from a table: the entity with ordinal k takes row k (trace-driven).

    Used as the headways of a source, row k is the time between arrivals k-1 and k, and the source ends with
    the table. Anywhere else an entity or a visit beyond the table is an ExhaustedError.

    Parameters
    ----------
    values : array of float, shape (k,) or (k, visits)
        Non-negative values. One column per visit of the same entity to the same node; a one-dimensional
        table serves first visits only.
    """

    values: NDArray[np.float64] = field(repr=False)

    def __init__(self, values: ArrayLike) -> None:
        table = np.array(values, dtype=np.float64)
        if table.ndim not in (1, 2) or table.size == 0:
            raise NetworkError(
                f"Recorded values need shape (k,) or (k, visits) and at least one, got shape {table.shape}"
            )
        if not np.isfinite(table).all() or table.min() < 0.0:
            raise NetworkError("Recorded values must be finite and >= 0")
        table.setflags(write=False)
        object.__setattr__(self, "values", table)

    @property
    def mean(self) -> float:
        """Mean of the table."""
        return float(self.values.mean())

    @property
    def variance(self) -> float:
        """Variance of the table (divided by the number of values)."""
        return float(self.values.var())


def check_law(law: object, what: str) -> Law:
    """Return ``law`` if it is one, accept a bare number as Deterministic, or raise NetworkError."""
    if isinstance(law, Law):
        return law
    if isinstance(law, (int, float, np.integer, np.floating)) and not isinstance(law, bool):
        return Deterministic(float(law))
    raise NetworkError(f"{what} must be a law such as Exponential(mean=1.0), got {law!r}")
