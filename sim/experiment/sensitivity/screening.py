"""Which of several hundred assumptions deserve a closer look: all moved at once, in a balanced design.

In a two-level design of Plackett and Burman (1946) every assumption is set to its upper or its lower side
in half of the runs each, and any two of them meet in all four combinations equally often. So each main
effect is the difference of two means over all runs, free of every other main effect, for little more than
one run per assumption: half of what changing them one at a time costs, and with the noise of all runs
averaged.

Effects of two assumptions together are not kept apart from main effects. They grow with the square of the
step, main effects in proportion to it, so the sides lie only :data:`STEP` of the way from the scenario's
own value to the ends of the range: the world that is screened is the scenario's own and not the union of
all extremes.

The design is made of quadratic residues (Paley 1933), which exist in almost every size that is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiment.errors import RunFailedError
from sim.experiment.sensitivity.factors import Factor
from sim.experiment.sensitivity.response import Ask, Histories

STEP = 0.1


@dataclass(frozen=True)
class Screening:
    """Effects of all assumptions, roughly.

    Attributes
    ----------
    runs
        Worlds that were simulated.
    effects
        Change of the figure from the low to the high end of each assumption's range, by path, told from
        steps of :data:`STEP` of the way; largest first.
    kept
        Number of assumptions that are looked at more closely: the first so many.
    """

    runs: int
    effects: Mapping[str, float]
    kept: int

    @property
    def paths(self) -> tuple[str, ...]:
        """Assumptions that are kept."""
        return tuple(self.effects)[: self.kept]

    @property
    def left_out(self) -> dict[str, float]:
        """Effects of the assumptions that are not, largest first."""
        return dict(list(self.effects.items())[self.kept :])

    def as_dict(self) -> dict[str, Any]:
        """Return what was screened, what was kept and what was not."""
        return {
            "design": "Plackett-Burman",
            "worlds": self.runs,
            "step": STEP,
            "smallest_kept": abs(self.effects[self.paths[-1]]),
            "left_out": self.left_out,
        }


def worlds_needed(factors: int) -> int:
    """Return the number of worlds of a screening.

    >>> worlds_needed(3), worlds_needed(11), worlds_needed(418)
    (4, 12, 420)
    """
    order = factors
    while not (order % 4 == 3 and _is_prime(order)):
        order += 1
    return order + 1


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


def two_level_design(factors: int) -> np.ndarray:
    """Return a balanced design of -1 and +1, worlds by factors, with orthogonal columns that sum to zero.

    >>> two_level_design(3)
    array([[ 1,  1, -1],
           [-1,  1,  1],
           [ 1, -1,  1],
           [-1, -1, -1]])
    """
    order = worlds_needed(factors) - 1
    squares = {number * number % order for number in range(1, order)}
    first = np.array([1 if number in squares or number == 0 else -1 for number in range(order)])
    rows = [np.roll(first, shift) for shift in range(order)]
    return np.vstack([*rows, -np.ones(order, dtype=int)])[:, :factors]


def screen(histories: Histories, factors: Sequence[Factor], keep: int, replication: int) -> Screening:
    """Order assumptions by their main effects.

    Parameters
    ----------
    histories
        Who simulates.
    factors
        All assumptions.
    keep
        How many will be looked at more closely.
    replication
        Number of the luck that all worlds share; one that the closer look does not use, so that chance is not
        mistaken for an effect twice.

    Raises
    ------
    RunFailedError
        If more than a tenth of the worlds could not be simulated: the design is no longer balanced.
    """
    design = two_level_design(len(factors))
    asks = [
        Ask(f"screening {number}", replication, _world(factors, row))
        for number, row in enumerate(design.tolist(), start=1)
    ]
    found = histories.values(asks)
    there = ~np.isnan(found)
    if there.sum() < 0.9 * len(asks):
        count = len(asks) - int(there.sum())
        raise RunFailedError(f"{count} of {len(asks)} worlds of the screening failed: {histories.lost[0]}")
    rows, figures = design[there], found[there]
    # The difference of two means, also where some worlds are missing.
    up, down = rows > 0, rows < 0
    steps = figures @ up / up.sum(axis=0) - figures @ down / down.sum(axis=0)
    effects = {factor.path: float(step) / _width(factor) for factor, step in zip(factors, steps, strict=True)}
    ordered = dict(sorted(effects.items(), key=lambda item: (-abs(item[1]), item[0])))
    return Screening(len(asks), ordered, min(keep, len(ordered)))


def _world(factors: Sequence[Factor], sides: Sequence[int]) -> dict[str, float]:
    return {factor.path: _side(factor, side) for factor, side in zip(factors, sides, strict=True)}


def _side(factor: Factor, side: int) -> float:
    """Value on the upper or lower side; whole numbers move by at least one where their range lets them."""
    end = factor.high if side > 0 else factor.low
    value = factor.towards(end, STEP)
    if factor.whole and value == factor.own and end != factor.own:
        return factor.own + (1 if end > factor.own else -1)
    return value


def _width(factor: Factor) -> float:
    """Distance of the two sides as a share of the range."""
    return (_side(factor, 1) - _side(factor, -1)) / (factor.high - factor.low)
