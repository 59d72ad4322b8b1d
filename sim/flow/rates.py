"""Rates and timetables: functions of the clock that a source, a gate or a station follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.flow.errors import NetworkError
from sim.flow.laws import check_number


def _steps(times: Sequence[float], period: float | None, what: str) -> tuple[tuple[float, ...], float | None]:
    """Check the starts of pieces: 0 first, strictly increasing, all before the period."""
    starts = tuple(check_number(t, f"{what} time", least=0.0) for t in times)
    if not starts or starts[0] != 0.0:
        raise NetworkError(f"{what} times must start at 0, got {list(starts[:3])}")
    if any(b <= a for a, b in pairwise(starts)):
        raise NetworkError(f"{what} times must increase strictly")
    if period is not None:
        period = check_number(period, f"{what} period", above=starts[-1])
    return starts, period


@dataclass(frozen=True)
class PiecewiseRate:
    """Piecewise constant arrival rate, once or periodic.

    Parameters
    ----------
    times : sequence of float
        Start of each piece (hours); the first is 0.
    rates : sequence of float
        Arrivals per hour on each piece, >= 0. Without a period the last piece lasts for ever.
    period : float, optional
        Length after which the pattern repeats (hours), greater than the last start.

    Examples
    --------
    >>> day = PiecewiseRate([0.0, 8.0, 20.0], [1.0, 5.0, 2.0], period=24.0)
    >>> day.mean
    3.1666666666666665
    """

    times: tuple[float, ...]
    rates: tuple[float, ...]
    period: float | None = None

    def __post_init__(self) -> None:
        times, period = _steps(self.times, self.period, "PiecewiseRate")
        rates = tuple(check_number(r, "PiecewiseRate rate", least=0.0) for r in self.rates)
        if len(rates) != len(times):
            raise NetworkError(
                f"PiecewiseRate needs as many rates as times, got {len(rates)} and {len(times)}"
            )
        if period is not None and max(rates) == 0.0:
            raise NetworkError("PiecewiseRate with a period needs at least one rate > 0")
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "rates", rates)
        object.__setattr__(self, "period", period)

    def integral(self) -> np.ndarray:
        """Integrated rate at the start of each piece and, with a period, at its end."""
        ends = self.times if self.period is None else (*self.times, self.period)
        widths = np.diff(np.array(ends))
        return np.concatenate(([0.0], np.cumsum(widths * np.array(self.rates[: len(widths)]))))

    @property
    def mean(self) -> float:
        """Mean rate over a period; of the last piece if there is no period."""
        if self.period is None:
            return self.rates[-1]
        return float(self.integral()[-1]) / self.period


@dataclass(frozen=True)
class Timetable:
    """Departure times of a gate, repeated with a period.

    Parameters
    ----------
    times : sequence of float
        Times within the period (hours), increasing, 0 <= t < period.
    period : float
        Length after which the timetable repeats (hours).
    """

    times: tuple[float, ...]
    period: float

    def __post_init__(self) -> None:
        times = tuple(check_number(t, "Timetable time", least=0.0) for t in self.times)
        if not times or any(b <= a for a, b in pairwise(times)):
            raise NetworkError("Timetable times must increase strictly and hold at least one")
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "period", check_number(self.period, "Timetable period", above=times[-1]))


@dataclass(frozen=True)
class Shifts:
    """Number of servers of a station by the clock, repeated with a period.

    Parameters
    ----------
    times : sequence of float
        Start of each shift within the period (hours); the first is 0.
    servers : sequence of int
        Servers on each shift, >= 0. A busy server whose shift ends finishes first.
    period : float
        Length after which the pattern repeats (hours).
    """

    times: tuple[float, ...]
    servers: tuple[int, ...]
    period: float

    def __post_init__(self) -> None:
        times, period = _steps(self.times, self.period, "Shifts")
        if len(self.servers) != len(times):
            raise NetworkError(
                f"Shifts need as many servers as times, got {len(self.servers)} and {len(times)}"
            )
        for count in self.servers:
            if check_number(count, "Shifts servers", least=0.0) != int(count):
                raise NetworkError(f"Shifts servers must be whole numbers, got {count!r}")
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "servers", tuple(int(count) for count in self.servers))
        object.__setattr__(self, "period", period)
