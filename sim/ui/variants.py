"""Variants of the lesson: other numbers every time, the same lesson.

Variant 0 is the shipped scenario. Each other variant sets five assumptions within their stated ranges, spread
evenly by the additive recurrence on the generalised golden ratio (Roberts, 2018, "The unreasonable
effectiveness of quasirandom sequences"), so that no two of them are near each other.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.ui.case import Case, Value

BASE = "community_pickup"
COUNT = 20
"""Variants besides the shipped one."""


@dataclass(frozen=True)
class Spread:
    """What variants draw one assumption from.

    Attributes
    ----------
    path
        Where it stands below ``pickup.community``.
    low, high, step
        Ends and step, in the unit of the assumption; all within its stated range.
    """

    path: str
    low: float
    high: float
    step: float

    def at(self, share: float) -> float:
        """Return the value at a share of the way from low to high, on a step."""
        steps = round((self.high - self.low) / self.step)
        return round(self.low + self.step * min(int(share * (steps + 1)), steps), 6)


SPREADS = (
    Spread("attendant_wage_per_hour", 14.0, 22.0, 0.5),
    Spread("site_fee_per_day", 6.0, 20.0, 1.0),
    Spread("fee_per_parcel", 0.3, 0.7, 0.1),
    Spread("background_parcels_per_point_day", 6.0, 16.0, 1.0),
    Spread("supervision.wage_per_month", 5000.0, 7000.0, 250.0),
)


def _ratio(dimensions: int) -> float:
    """Return the one root above 1 of ``x**(d+1) = x + 1``, by fixed-point iteration (a contraction)."""
    found = 2.0
    for _ in range(64):
        found = (1.0 + found) ** (1.0 / (dimensions + 1))
    return found


def variant(number: int) -> Case:
    """Return the case of a variant.

    Parameters
    ----------
    number
        0 for the shipped scenario, 1 to :data:`COUNT` for others.

    Raises
    ------
    ValueError
        If there is no such variant.
    """
    if not 0 <= number <= COUNT:
        raise ValueError(f"a variant should be 0 to {COUNT}, found {number}")
    if number == 0:
        return Case(BASE)
    ratio = _ratio(len(SPREADS))
    changes: dict[str, Value] = {
        f"pickup.community.{spread.path}": spread.at((0.5 + number * ratio ** -(place + 1)) % 1.0)
        for place, spread in enumerate(SPREADS)
    }
    return Case(BASE).changed(changes)
