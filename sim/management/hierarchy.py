"""A pyramid of managers with a fixed span of control, and what gets lost on the way down."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.schema import PickupLayer, Supervision


@dataclass(frozen=True)
class Hierarchy:
    """Managers needed above a number of points.

    Attributes
    ----------
    heads
        Managers on each level, area managers first; empty where nobody is needed.
    survival
        Share of the top's intent that reaches the points.
    """

    heads: tuple[int, ...]
    survival: float

    @property
    def area_managers(self) -> int:
        """Managers on the lowest level, who do the work at the points."""
        return self.heads[0] if self.heads else 0

    @property
    def managers(self) -> int:
        """Managers on all levels."""
        return sum(self.heads)


def levels(points: int, span: float) -> tuple[int, ...]:
    """Return the managers on each level of a pyramid: ``ceil(n / span)`` until one head is left.

    With ``points`` a power of ``span`` their sum is ``(points - 1) / (span - 1)``.

    Examples
    --------
    >>> levels(1000, 10), levels(64, 4)
    ((100, 10, 1), (16, 4, 1))
    """
    heads: list[int] = []
    below = points
    while below > 1 or (below == 1 and not heads):
        below = math.ceil(below / span - 1e-9)
        heads.append(below)
        if below <= 1:
            break
    return tuple(heads)


def hierarchy(scenario: Scenario, layer: PickupLayer, points: int) -> Hierarchy:
    """Return the pyramid above ``points`` points of a layer, with its switches applied.

    Intent that survives a level with share ``a`` survives ``L`` levels with ``a**L`` (Williamson 1967).
    """
    if points == 0 or layer.supervision is None or not scenario.mechanisms.supervision:
        return Hierarchy((), 1.0)
    heads = levels(points, layer.supervision.span)
    survival = layer.supervision.survival_per_level ** len(heads) if scenario.mechanisms.control_loss else 1.0
    return Hierarchy(heads, survival)


def payroll_per_month(supervision: Supervision, pyramid: Hierarchy) -> float:
    """Return the wages of all managers (yuan/month); each level earns a factor more than the one below."""
    return sum(
        count * supervision.wage_per_month * supervision.level_wage_factor**level
        for level, count in enumerate(pyramid.heads)
    )


def exception_rate(scenario: Scenario, layer: PickupLayer, survival: float) -> float:
    """Return the share of parcels that go wrong: the controlled rate as far as intent arrives."""
    if not scenario.mechanisms.exceptions:
        return 0.0
    if layer.supervision is None:
        return float(layer.exception_rate)
    loose = max(layer.supervision.uncontrolled_exception_rate, layer.exception_rate)
    return layer.exception_rate * survival + loose * (1.0 - survival)
