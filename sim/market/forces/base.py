"""What every slow force on the market has in common.

A force is one influence on who comes, who buys and what they pay: buyers who come back, a rank that
follows sales, a rating that follows deliveries. Each lives in a file of its own, keeps its own state, and
acts once a day: before the shops open it changes what visitors meet (:class:`sim.market.day.Today`), and
at midnight it learns from what happened (:class:`sim.market.day.Yesterday`). At its reference state it
changes nothing, so the conversion rates and visit numbers of a scenario are those measured at that state.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.market.forces.expected import Readiness, UsualOrders, usual_orders
from sim.market.forces.night import Night
from sim.scenario.segments import CHANNELS
from sim.scenario.subjects import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.market.day import Today, Yesterday
    from sim.scenario import Scenario
    from sim.scenario.segments import OrderClass
    from sim.scenario.streams import Stream


@dataclass(frozen=True)
class Setting:
    """What a force may know of the world it acts in.

    Attributes
    ----------
    scenario
        Description of the world.
    streams
        Streams of visits: channel, source and visitor type.
    classes
        Order classes; both cohorts.
    stream_of_class
        Position of each class's stream, shape (classes,).
    conversions
        Orders per visit at reference conditions, shape (streams,).
    kept_share
        About which share of orders is kept, in closed form.
    demand_on
        Relative demand of a day of the history (mean one over the year).
    luck
        ``luck(purpose, *numbers)``: a uniform number that depends on nothing but the seed and its arguments.
    pay
        ``pay(account, quantity, rate, channel=, source=)``: pay ``quantity`` units at ``rate`` yuan each, at
        this moment of the history.
    attendants
        Pickup attendants in post and the share of intent that reaches them, by layer.
    stock_cover
        Goods on hand relative to those that today's expected orders need.
    bad_share
        About which share of orders is lost or arrives broken, in closed form.
    """

    scenario: Scenario
    streams: tuple[Stream, ...]
    classes: tuple[OrderClass, ...]
    stream_of_class: np.ndarray
    conversions: np.ndarray
    kept_share: float
    demand_on: Callable[[int], float]
    luck: Callable[..., float]
    pay: Callable[..., None]
    attendants: Callable[[], dict[str, tuple[float, float]]]
    bad_share: float = 0.0
    stock_cover: Callable[[], float] = lambda: 1.0

    @cached_property
    def usual_orders(self) -> UsualOrders:
        """Orders of a mean day as the scenario expects them, in the mature state."""
        return usual_orders(self.scenario, self.kept_share)

    @cached_property
    def readiness(self) -> Readiness:
        """How readily the visitors of each stream buy."""
        return Readiness(self.conversions)

    @cached_property
    def planned(self) -> np.ndarray:
        """Visits per hour that the scenario expects, shape (streams,)."""
        return np.array([stream.visits_per_hour for stream in self.streams])

    @cached_property
    def channel_of_class(self) -> np.ndarray:
        """Position of each class's channel in :data:`sim.scenario.segments.CHANNELS`, shape (classes,)."""
        place = {name: i for i, name in enumerate(CHANNELS)}
        return np.array([place[stream.segment.channel] for stream in self.streams])[self.stream_of_class]

    @cached_property
    def _payers(self) -> tuple[list[tuple[str, str]], np.ndarray]:
        """Channels and sources, and the position of each order class's own among them."""
        places: dict[tuple[str, str], int] = {}
        of_stream = [
            places.setdefault((s.segment.channel, s.segment.source), len(places)) for s in self.streams
        ]
        return list(places), np.array(of_stream)[self.stream_of_class]

    @cached_property
    def _masks(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Masks of the streams to each channel and from each source."""
        channels = np.array([stream.segment.channel for stream in self.streams])
        sources = np.array([stream.segment.source for stream in self.streams])
        return (
            {name: channels == name for name in dict.fromkeys(channels.tolist())},
            {name: sources == name for name in dict.fromkeys(sources.tolist())},
        )

    def in_channels(self, *names: str) -> np.ndarray:
        """Return a mask of the streams to some channels, shape (streams,)."""
        return self._any_of(self._masks[0], names)

    def from_sources(self, *names: str) -> np.ndarray:
        """Return a mask of the streams from some sources or pseudo-sources, shape (streams,)."""
        return self._any_of(self._masks[1], names)

    def _any_of(self, masks: dict[str, np.ndarray], names: tuple[str, ...]) -> np.ndarray:
        found = np.zeros(len(self.streams), dtype=bool)
        for name in names:
            if name in masks:
                found |= masks[name]
        return found

    def of_streams(self, holds: Callable[[Stream], bool]) -> np.ndarray:
        """Return a mask of the streams with a property, shape (streams,)."""
        return np.array([holds(stream) for stream in self.streams], dtype=bool)

    def night(self, yesterday: Yesterday) -> Night:
        """Return sums of the day that ended; all who ask on the same night get the same ones."""
        night = self._night
        if night.yesterday is not yesterday:
            night.fall(yesterday)
        return night

    @cached_property
    def _night(self) -> Night:
        """What is asked of the last night."""
        return Night(self)

    def pay_for_orders(self, account: str, by_class: np.ndarray, rate: float) -> None:
        """Pay ``rate`` yuan for each of some orders, by channel and source."""
        if not by_class.any():
            return
        payers, payer_of_class = self._payers
        numbers = np.bincount(payer_of_class, by_class, len(payers))
        for payer in numbers.nonzero()[0].tolist():
            channel, source = payers[payer]
            self.pay(account, float(numbers[payer]), rate, channel=channel, source=source)

    def per_stream(self, by_class: np.ndarray) -> np.ndarray:
        """Sum numbers by order class to numbers by stream."""
        return np.bincount(self.stream_of_class, by_class, minlength=len(self.streams))


class Force:
    """One slow influence on the market; subclasses override what they need.

    Parameters
    ----------
    setting
        The world it acts in.

    Attributes
    ----------
    mechanism
        Switch that turns it off.
    """

    mechanism: ClassVar[str]

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.scenario = setting.scenario

    @classmethod
    def acts_in(cls, scenario: Scenario) -> bool:
        """Return whether the force is switched on and has something to act on."""
        switched_on = getattr(scenario.mechanisms, cls.mechanism)
        return bool(switched_on) and SUBJECTS[cls.mechanism].acts_in(scenario)

    def open(self, today: Today) -> None:
        """Change what visitors meet today."""

    def close(self, yesterday: Yesterday) -> None:
        """Learn from the day that ended, and pay for it."""

    def figures(self) -> dict[str, float]:
        """Return figures of the measured time by KPI name."""
        return {}
