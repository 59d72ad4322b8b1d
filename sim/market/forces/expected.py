"""What a day or a year brings in expectation, for forces that compare what came with what was to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import HOURS_PER_DAY
from sim.market.demand import expected_first_orders, expected_repeat_orders
from sim.scenario.days import DAYS_PER_YEAR
from sim.scenario.segments import KEPT, SECOND_VISITS, UNVISITED

if TYPE_CHECKING:
    from sim.market.day import Today
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario


def buying(conversions: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Return orders per visit when the log-odds of buying have moved by ``shift``.

    Examples
    --------
    >>> buying(np.array([0.5, 1.0]), np.array([np.log(3.0), -1.0])).round(6).tolist()
    [0.75, 1.0]
    """
    return Readiness(conversions).buying(shift)


class Readiness:
    """How readily visitors buy: orders per visit at reference conditions, ready to be moved every day.

    Parameters
    ----------
    conversions
        Orders per visit at reference conditions, shape (streams,).
    """

    def __init__(self, conversions: np.ndarray) -> None:
        self._conversions = conversions
        self._certain = conversions >= 1.0
        self._any_certain = bool(self._certain.any())
        self._odds = conversions / np.where(self._certain, 1.0, 1.0 - conversions)

    def buying(self, shift: np.ndarray) -> np.ndarray:
        """Return orders per visit when the log-odds have moved by ``shift``; certain buyers stay certain."""
        if not shift.any():
            return self._conversions
        odds = self._odds * np.exp(shift)
        share = odds / (1.0 + odds)
        return np.where(self._certain, 1.0, share) if self._any_certain else share

    def change(self, shift: np.ndarray, factor: float) -> np.ndarray:
        """Return what has to be added to ``shift`` so that ``factor`` times as many visits end in an order.

        With ``p`` the share that buys before, ``ln(f p / (1 - f p)) - ln(p / (1 - p))``, in a form that also
        holds where nobody buys. No conversion may be one.

        Parameters
        ----------
        shift
            Change of the log-odds so far, shape (streams,).
        factor
            Above zero, at most one.

        Examples
        --------
        >>> visitors = Readiness(np.array([0.5, 0.0]))
        >>> change = visitors.change(np.zeros(2), 0.5)
        >>> visitors.buying(change).round(6).tolist()
        [0.25, 0.0]
        """
        before = self.buying(shift)
        return np.log(factor) + np.log1p(-before) - np.log1p(-factor * before)


def day_length(setting: Setting, today: Today) -> float:
    """Return how many hours of mean demand a day holds, seasons and campaigns included."""
    return HOURS_PER_DAY * setting.demand_on(today.day) / today.growth


def codes_by_channel(setting: Setting, streams: np.ndarray) -> dict[str, np.ndarray]:
    """Return the order classes of some streams, given as a mask, by channel."""
    found: dict[str, list[int]] = {}
    for code in np.flatnonzero(streams[setting.stream_of_class]).tolist():
        found.setdefault(setting.classes[code].segment.channel, []).append(code)
    return {channel: np.array(codes) for channel, codes in found.items()}


def orders_on(setting: Setting, today: Today) -> np.ndarray:
    """Return the orders that a day brings by stream, as things stand at this point of the morning."""
    return today.rates * day_length(setting, today) * setting.readiness.buying(today.shift)


@dataclass(frozen=True)
class UsualOrders:
    """Orders of a mean mature day.

    Attributes
    ----------
    by_source
        By channel and source; every repeat order counts with the sources of its channel's first orders.
    unsent
        Orders among them of visitors whom no source sent, by channel: repeat orders and second visits.
    """

    by_source: Mapping[tuple[str, str], float]
    unsent: Mapping[str, float]

    @cached_property
    def total(self) -> float:
        """Orders of all channels."""
        return sum(self.by_source.values())

    def of_channel(self, channel: str) -> float:
        """Return the orders of one channel."""
        return sum(orders for (where, _), orders in self.by_source.items() if where == channel)

    def from_source(self, source: str) -> float:
        """Return the orders that one source leads to on all channels."""
        return sum(orders for (_, name), orders in self.by_source.items() if name == source)


@lru_cache(maxsize=KEPT)
def usual_orders(scenario: Scenario, kept_share: float) -> UsualOrders:
    """Return orders of a mean mature day in closed form, of which so many are kept."""
    first = expected_first_orders(scenario)
    again = expected_repeat_orders(scenario, kept_share)
    by_kind: dict[tuple[str, str], float] = {}
    for segment, orders in first.items():
        key = (segment.channel, segment.kind)
        by_kind[key] = by_kind.get(key, 0.0) + orders
    found: dict[tuple[str, str], float] = {}
    for segment, orders in first.items():
        key = (segment.channel, segment.kind)
        more = again[key] / by_kind[key] if by_kind[key] > 0 else 0.0
        pair = (segment.channel, segment.source)
        found[pair] = found.get(pair, 0.0) + orders * (1.0 + more) / DAYS_PER_YEAR
    unsent: dict[str, float] = {}
    for (channel, _), orders in again.items():
        unsent[channel] = unsent.get(channel, 0.0) + orders / DAYS_PER_YEAR
    for segment, orders in first.items():
        if segment.source in SECOND_VISITS:
            unsent[segment.channel] = unsent.get(segment.channel, 0.0) + orders / DAYS_PER_YEAR
    return UsualOrders(MappingProxyType(found), MappingProxyType(unsent))


def visited(setting: Setting, *sources: str) -> np.ndarray:
    """Return a mask of the streams of some sources; without names of all that send visitors."""
    if sources:
        return setting.from_sources(*sources)
    return ~setting.from_sources(*UNVISITED, *SECOND_VISITS)
