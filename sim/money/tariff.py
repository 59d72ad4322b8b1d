"""Price lists with steps: the more of something in a period, the other the price.

The price of the step that the period's whole quantity reaches holds for the whole quantity, as couriers and
suppliers bill it. At a step the bill can therefore fall although the quantity grows;
:attr:`StepTariff.cliffs` names these places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.money.errors import TariffError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Direction = Literal["falling", "rising", "any"]


@dataclass(frozen=True)
class StepTariff:
    """A price list by quantity per period.

    Attributes
    ----------
    starts
        Quantities per period from which each step holds, strictly increasing, the first at least zero.
    prices
        Price per piece on each step.
    below
        Price per piece under the first start.
    direction
        How prices must go from step to step: ``falling`` (never up), ``rising`` (never down) or ``any``.

    Raises
    ------
    TariffError
        If there is no step, lengths differ, a number is not finite, starts do not increase, or prices go
        the wrong way.

    Examples
    --------
    >>> courier = StepTariff((0, 10_000, 100_000), (12.0, 9.0, 7.0))
    >>> courier.price(9_999), courier.price(10_000)
    (12.0, 9.0)
    >>> courier.value(20_000)
    180000.0
    """

    starts: tuple[float, ...]
    prices: tuple[float, ...]
    below: float | None = None
    direction: Direction = "falling"

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", tuple(float(start) for start in self.starts))
        object.__setattr__(self, "prices", tuple(float(price) for price in self.prices))
        if not self.starts:
            raise TariffError("a price list needs at least one step")
        if len(self.starts) != len(self.prices):
            raise TariffError(f"{len(self.starts)} starts do not go with {len(self.prices)} prices")
        every_price = self.prices if self.below is None else (float(self.below), *self.prices)
        if not np.isfinite((*self.starts, *every_price)).all():
            raise TariffError("starts and prices of a price list must be finite numbers")
        if self.starts[0] < 0:
            raise TariffError(f"the first step cannot start below zero, found {self.starts[0]:g}")
        for first, second in pairwise(self.starts):
            if second <= first:
                raise TariffError(
                    f"steps must start at increasing quantities, found {second:g} after {first:g}"
                )
        self._check_direction(every_price)

    @classmethod
    def from_steps(
        cls,
        steps: Iterable[tuple[float, float]],
        *,
        below: float | None = None,
        direction: Direction = "falling",
    ) -> StepTariff:
        """Build a price list from (start, price) pairs in any order."""
        pairs = sorted(steps)
        return cls(tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs), below, direction)

    def price(self, count: ArrayLike) -> Any:
        """Price per piece at a quantity per period.

        Parameters
        ----------
        count
            Quantity per period, at least zero: a number or an array.

        Returns
        -------
        float or numpy.ndarray
            In the unit of the prices, with the shape of ``count``.

        Raises
        ------
        TariffError
            If a quantity is negative or not a number, or lies under the first step and no price holds there.
        """
        counts = np.asarray(count, dtype=np.float64)
        found = self._prices_at(counts)
        return found if counts.ndim else float(found)

    def value(self, count: ArrayLike) -> Any:
        """Bill for a quantity per period: the whole quantity at the price of the step it reaches.

        Parameters and errors as in :meth:`price`.
        """
        counts = np.asarray(count, dtype=np.float64)
        found = self._prices_at(counts) * counts
        return found if counts.ndim else float(found)

    def flat(self, count: float) -> StepTariff:
        """Return a price list of one step: the price that holds at ``count``, whatever the quantity."""
        return StepTariff((0.0,), (self.price(count),))

    @property
    def cliffs(self) -> tuple[tuple[float, float], ...]:
        """Ranges (from, to) of quantities that cost more than the step right above them.

        Examples
        --------
        >>> StepTariff((0, 10_000), (12.0, 9.0)).cliffs
        ((7500.0, 10000.0),)
        """
        found = []
        for start, (first, second) in zip(self.starts[1:], pairwise(self.prices), strict=True):
            if 0 < second < first:
                found.append((start * second / first, start))
        return tuple(found)

    def _prices_at(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        if not np.all(counts >= 0):
            raise TariffError(f"a quantity must be at least zero, found {counts.min():g}")
        step = np.searchsorted(self.starts, counts, side="right")
        if self.below is None and np.any(step == 0):
            raise TariffError(f"no price below {self.starts[0]:g} per period, found {counts.min():g}")
        return np.asarray((np.nan if self.below is None else self.below, *self.prices), dtype=np.float64)[
            step
        ]

    def _check_direction(self, prices: tuple[float, ...]) -> None:
        for first, second in pairwise(prices):
            if self.direction == "falling" and second > first:
                raise TariffError(f"prices must not rise with quantity, found {second:g} after {first:g}")
            if self.direction == "rising" and second < first:
                raise TariffError(f"prices must not fall with quantity, found {second:g} after {first:g}")
