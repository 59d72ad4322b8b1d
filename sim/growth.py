"""Growth of demand within one history."""

from __future__ import annotations

from dataclasses import dataclass

from sim.market.calendar import DAYS_PER_YEAR


@dataclass(frozen=True)
class Growth:
    """Growth within one history instead of from year to year; the scenario is where it ends.

    Attributes
    ----------
    months
        Time from the beginning of measuring until the scenario's own demand is reached.
    volume
        The scenario's demand relative to that of the beginning.
    opening
        Whether the share of points that are open follows demand (new places) or all are open from the start.
    """

    months: float
    volume: float
    opening: bool = False

    def factor(self, days: float) -> float:
        """Return demand after ``days`` relative to the scenario's own: the same percentage more every day."""
        grown = min(max(days, 0.0) / (self.months * DAYS_PER_YEAR / 12.0), 1.0)
        return self.volume ** (grown - 1.0)
