"""What a finished history counted: orders by period and class at every node."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.accounting.service_figures import service_figures
from sim.market.calendar import HOURS_PER_DAY
from sim.scenario.capacity import planned_visits
from sim.scenario.segments import STORES

if TYPE_CHECKING:
    from sim.management.payroll import Payment
    from sim.management.postings import Activity
    from sim.world import World


class Tally:
    """Counts of one finished world; measured orders only.

    Parameters
    ----------
    world
        A world that has lived.

    Attributes
    ----------
    classes
        Measured order classes, in the order of the columns of counts.
    months
        Number of measured periods; one more follows for what happened after them.
    days
        Length of the periods in days; the one after the measured ones has none.
    pairs
        Channel and source of each class.
    online
        Whether each class was ordered online.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.scenario = world.scenario
        self.classes = world.classes[: world.measured]
        self.months = world.period_ends.size
        starts = np.concatenate([[world.begin], world.period_ends[:-1]])
        self.days = np.append((world.period_ends - starts) / HOURS_PER_DAY, 0.0)
        self.statistics = world.flow.statistics()
        self._cache: dict[tuple[str, str], np.ndarray] = {}
        self.pairs = [(c.segment.channel, c.segment.source) for c in self.classes]
        self.online = np.array([c.segment.channel != STORES for c in self.classes])

    def counts(self, node: str, what: str) -> np.ndarray:
        """Return counts of measured orders by period and class."""
        key = (node, what)
        if key not in self._cache:
            self._cache[key] = np.asarray(self.statistics.counts(node, what), dtype=float)[
                :, : len(self.classes)
            ]
        return self._cache[key]

    def total(self, node: str, what: str = "entries") -> float:
        """Return a count of measured orders over all periods and classes."""
        return float(self.counts(node, what).sum())

    def activity(self, node: str) -> Activity:
        """Return entries of a node by channel and source."""
        entries = self.counts(node, "entries")
        columns: dict[tuple[str, str], list[int]] = {}
        for column in np.flatnonzero(entries.any(axis=0)).tolist():
            columns.setdefault(self.pairs[column], []).append(column)
        return {pair: entries[:, mine].sum(axis=1) for pair, mine in columns.items()}

    @cached_property
    def payments(self) -> list[Payment]:
        """Everything that was paid by the hour, day or piece."""
        return self.world.payroll.payments()

    @cached_property
    def planned_visits(self) -> dict[str, float]:
        """Visits of each channel in a mean hour of the year, as planners expect them."""
        return planned_visits(self.world.trading.streams)

    @cached_property
    def service(self) -> dict[str, float]:
        """Figures of service: platforms judge by them, and they are shown."""
        return service_figures(self)
