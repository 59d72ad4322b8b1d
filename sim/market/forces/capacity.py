"""Visitors beyond what a channel can serve: the counter of a store, the servers of an own mall."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.market.calendar import HOURS_PER_DAY, hourly_demand
from sim.market.forces.base import Force
from sim.scenario.capacity import (
    counter_capacity,
    planned_visits,
    server_capacity,
    store_staff,
)
from sim.scenario.segments import ONLINE_CHANNELS, STORES, UNVISITED, in_person

if TYPE_CHECKING:
    from sim.market.day import Today
    from sim.market.forces.base import Setting

NO_CHANCE = -50.0
"""Logarithm of a chance that one minus it is one, to the last digit."""
LEAST_SHARE = 1e-9
"""Somebody is always served; keeps log-odds finite."""


def expected_served(visits: np.ndarray, capacity: float) -> np.ndarray:
    """Return how many of a Poisson number of visits a capacity serves on average.

    ``E[min(N, c)] = v P(N <= k - 1) + c P(N > k)`` with ``N`` Poisson of mean ``v`` and ``k = floor(c)``.

    Parameters
    ----------
    visits
        Mean visits by hour.
    capacity
        Visits that can be served in an hour.

    Examples
    --------
    >>> expected_served(np.array([0.0, 2.0, 1e6]), 3.0).round(3).tolist()
    [0.0, 1.782, 3.0]
    """
    whole = math.floor(capacity)
    if _never_full(float(visits.max()), whole):
        return visits
    from scipy.special import pdtr

    below = pdtr(whole - 1.0, visits) if whole >= 1.0 else np.zeros_like(visits)
    return visits * below + capacity * (1.0 - pdtr(whole, visits))


def _never_full(visits: float, places: int) -> bool:
    """Return whether the chance that more come than there are places is zero to all digits of a float.

    ``P(N >= k) <= exp(-v) (e v / k)**k`` where the mean ``v`` is below ``k`` (Chernoff's bound).
    """
    if visits <= 0.0 or visits >= places:
        return visits <= 0.0
    return places * (1.0 + math.log(visits / places)) - visits < NO_CHANCE


class _Place(NamedTuple):
    """Where visitors of one channel are served.

    Attributes
    ----------
    streams
        Positions of all streams that come here.
    looking, returning
        Those who came to look, and those who come back by themselves.
    log_odds
        Log-odds of buying of those who look, at reference conditions.
    capacity
        Visits served in an hour.
    """

    streams: np.ndarray
    looking: np.ndarray
    returning: np.ndarray
    log_odds: np.ndarray
    capacity: float


class _Capacity(Force):
    """Visitors of one channel beyond an hourly capacity leave, in expectation and day by day.

    Those who came to look are lost: they do not buy. Those who come back by themselves try another day.

    Attributes
    ----------
    came, lost
        Expected visits of the measured time and those of them turned away.
    """

    kpi: str

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._demand = hourly_demand(self.scenario).reshape(-1, HOURS_PER_DAY)
        self._demand_of_day = self._demand.sum(axis=1).tolist()
        self._real = ~setting.from_sources(*UNVISITED)
        usual = np.minimum(setting.conversions, 1.0 - 1e-12)
        self._log_odds = np.log(np.maximum(usual, 1e-300) / (1.0 - usual))
        self.came = self.lost = 0.0

    def _streams_of(self, channel: str) -> np.ndarray:
        """Return the positions of a channel's streams."""
        return np.flatnonzero(self.setting.in_channels(channel))

    def _place(self, streams: np.ndarray, capacity: float) -> _Place:
        """Return a place that serves some streams, given by their positions."""
        real = self._real[streams]
        looking = streams[real]
        return _Place(streams, looking, streams[~real], self._log_odds[looking], capacity)

    def _limit(self, today: Today, place: _Place, rate: float, by_hour: np.ndarray) -> None:
        """Turn away what an hour's capacity cannot serve.

        Parameters
        ----------
        today
            What visitors meet.
        place
            Where they come.
        rate
            Visits of all its streams per hour at mean demand.
        by_hour
            Expected visits by hour at one place of service.
        """
        all_visits = float(by_hour.sum())
        if all_visits <= 0.0:
            return
        served = float(expected_served(by_hour, place.capacity).sum())
        share = max(served / all_visits, LEAST_SHARE)
        if today.measured:
            visits = rate * self._demand_of_day[today.date]
            self.came += visits
            self.lost += visits * (1.0 - share)
        if share >= 1.0:
            return
        buying = share / (1.0 + np.exp(-(place.log_odds + today.shift.take(place.looking))))
        today.shift[place.looking] = np.log(buying / (1.0 - buying)) - place.log_odds
        if place.returning.size:
            today.rates[place.returning] *= share

    def figures(self) -> dict[str, float]:
        """Return the share of visits turned away."""
        return {self.kpi: self.lost / self.came} if self.came > 0 else {}


class StoreCapacity(_Capacity):
    """Store staff look after so many visitors an hour; the others walk out.

    The day's footfall comes while stores are open, hour by hour as the market's profile has it.
    """

    mechanism = "store_capacity"
    kpi = "walkout_share"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        stores = self.scenario.channels.stores
        assert stores is not None
        assert stores.counter is not None
        mine = self._streams_of(STORES)
        rows = mine[[in_person(setting.streams[row].segment) for row in mine]]
        self._count = stores.count
        staff = store_staff(stores, planned_visits(setting.streams)[STORES] * HOURS_PER_DAY)
        self._store = self._place(rows, counter_capacity(stores.counter, staff))
        hour = np.arange(HOURS_PER_DAY)
        # An hour in which stores are open for a part counts for that part.
        self._open = np.clip(
            np.minimum(hour + 1.0, stores.counter.close_hour) - np.maximum(hour, stores.counter.open_hour),
            0.0,
            1.0,
        )

    def open(self, today: Today) -> None:
        """Let those leave whom nobody can look after."""
        date = today.date
        profile = self._demand[date] * self._open
        whole = profile.sum()
        if whole <= 0.0:
            profile, whole = self._open, self._open.sum()
        rate = float(today.rates.take(self._store.streams).sum())
        in_one = rate * self._demand_of_day[date] / self._count
        self._limit(today, self._store, rate, in_one * profile / whole)


class ItCapacity(_Capacity):
    """The brand's own servers stand so many visits an hour; the others find the shop out of reach."""

    mechanism = "it_capacity"
    kpi = "server_loss_share"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        planned = planned_visits(setting.streams)
        self._shops: list[_Place] = []
        for name in ONLINE_CHANNELS:
            channel = getattr(self.scenario.channels, name)
            if channel is None or channel.servers is None:
                continue
            capacity = server_capacity(channel.servers, planned[name])
            if np.isfinite(capacity):
                self._shops.append(self._place(self._streams_of(name), capacity))

    def open(self, today: Today) -> None:
        """Turn away visits beyond capacity."""
        demand = self._demand[today.date]
        for shop in self._shops:
            rate = float(today.rates.take(shop.streams).sum())
            self._limit(today, shop, rate, rate * demand)
