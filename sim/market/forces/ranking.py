"""Platform search that is sorted by recent sales."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.expected import Readiness, day_length, visited
from sim.scenario.segments import PROMOTION

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario.schema import Ranking as Rules

SEARCH = "platform_search"
STEPS = 10_000
"""Most steps in search of a steady state; one is enough where nothing feeds back."""
CLOSE = 1e-12
TABLES = 8
"""Lists whose clicks by place are remembered; they may be long."""
WORDS = 201
"""Equally frequent search words that stand for all; an odd number, so that the mean place is among them."""


def clicks(rules: Rules, rank: ArrayLike) -> np.ndarray:
    """Return the clicks on places relative to an unmarked first place of a list without pages.

    ``rank**-a``, times the page break behind the first page, times one plus the bump on the popular places;
    between whole places linear, so that a mean place has a mean number of clicks.

    Examples
    --------
    >>> from sim.scenario.schema import Ranking
    >>> rules = Ranking(rivals=100, reference_rank=12, sales_spread=1.5, window_days=30, sales_weight=1,
    ...                 click_exponent=1, page_size=10, page_break=0.4, searches_per_visit=20)
    >>> clicks(rules, [10, 10.5, 11]).round(4).tolist()
    [0.1, 0.0682, 0.0364]
    """
    low = np.floor(rank)
    upper = rank - low
    return np.asarray((1.0 - upper) * _clicks_on(rules, low) + upper * _clicks_on(rules, low + 1.0))


def _clicks_on(rules: Rules, place: np.ndarray) -> np.ndarray:
    """Return the clicks on whole places."""
    popular = np.where(place <= rules.popular_places, 1.0 + rules.popularity_bump, 1.0)
    behind = np.where(place <= rules.page_size, 1.0, rules.page_break)
    return np.asarray(place**-rules.click_exponent * popular * behind)


@lru_cache(maxsize=TABLES)
def _clicks_by_place(rules: Rules) -> np.ndarray:
    """Return the clicks on every place of the list and one behind it, at the position of its number."""
    places = np.arange(rules.rivals + 3.0)
    places[0] = 1.0  # nobody stands there
    table = _clicks_on(rules, places)
    table.setflags(write=False)
    return table


class Listing:
    """One platform's list of shops, and what its search sends to the brand.

    Parameters
    ----------
    rules
        How the list is sorted and clicked.
    lead
        The brand's usual sales relative to those of a shop at the reference place.
    """

    def __init__(self, rules: Rules, lead: float) -> None:
        from scipy.special import ndtri

        self._rules = rules
        self._lead = lead
        self._rivals, self._spread = float(rules.rivals), rules.sales_spread
        self._weight, self._most = rules.sales_weight, rules.searches_per_visit
        self._by_place = _clicks_by_place(rules)
        self._behind = self._by_place[1:]
        above = (rules.reference_rank - 1.0) / rules.rivals
        self._reference = -float(ndtri(above))
        middles = (np.arange(WORDS) + 0.5) / WORDS
        self._words = rules.place_spread * ndtri(middles) if rules.place_spread > 0 else np.zeros(1)
        self._clicks = self._clicks_in(self._places(1.0))

    def rank(self, performance: float) -> float:
        """Return the mean place: one plus the rivals who have sold more.

        With rivals' sales lognormal with log-deviation ``s`` it is ``1 + R Phi(-(z + ln x / s))``, where
        ``x`` is sales relative to a shop at the reference place, which ``z`` puts there.

        Parameters
        ----------
        performance
            Sales relative to what is usual for the brand.
        """
        return self.place_and_gain(performance)[0]

    def gain(self, performance: float) -> float:
        """Return visits through search relative to those at the reference place, at most all searches."""
        return self.place_and_gain(performance)[1]

    def place_and_gain(self, performance: float) -> tuple[float, float]:
        """Return :meth:`rank` and :meth:`gain`, which look at the same places."""
        places = self._places(performance * self._lead)
        moved = self._clicks_in(places) / self._clicks
        gain = min(1.0 - self._weight + self._weight * moved, self._most)
        # The word in the middle is the one that the shop fits neither better nor worse than its mean.
        return float(places[places.size // 2]), gain

    def _places(self, relative: float) -> np.ndarray:
        """Return the places under all search words at sales relative to those of the reference place."""
        from scipy.special import ndtr

        if relative <= 0.0:
            return np.full(1, self._rivals + 1.0)
        moved = self._reference + math.log(relative) / self._spread
        return np.asarray(1.0 + self._rivals * ndtr(-moved - self._words))

    def _clicks_in(self, places: np.ndarray) -> float:
        """Return the mean clicks on some places; see :func:`clicks`."""
        low = places.astype(np.int64)
        upper = places - low
        found = (1.0 - upper) * self._by_place.take(low) + upper * self._behind.take(low)
        return float(found.sum()) / found.size

    def steady(self, search_share: float) -> float:
        """Return the performance at which it stays: the fixed point that a shop as it is measured runs into.

        ``y = 1 - q + q gain(y)`` with ``q`` the share of usual sales that came through search. The right side
        rises with ``y`` and is bounded, so steps from the usual sales on go one way and end.
        """
        performance = 1.0
        for _ in range(STEPS):
            after = 1.0 - search_share + search_share * self.gain(performance)
            if abs(after - performance) < CLOSE:
                return after
            performance = after
        return performance


class _Channel:
    """Sales of one channel over the window, beside those that were to be expected."""

    def __init__(self, setting: Setting, rules: Rules, channel: str) -> None:
        here = setting.in_channels(channel)
        self.searching = np.flatnonzero(here & setting.from_sources(SEARCH))
        self.sent = np.flatnonzero(here & visited(setting))
        # Orders that pickup attendants bring are no news about a shop: where there are points they are usual.
        counted = here & ~setting.from_sources(PROMOTION)
        self.counted = np.flatnonzero(counted)
        self.sent_visitors = Readiness(setting.conversions[self.sent])
        usual = setting.usual_orders
        self.usual = usual.of_channel(channel)
        share = usual.by_source.get((channel, SEARCH), 0.0) / self.usual if self.usual > 0 else 0.0
        reference = getattr(rules, f"{channel}_orders_per_day")
        self.listing = Listing(rules, self.usual / reference if reference is not None else 1.0)
        self.unsent = usual.unsent.get(channel, 0.0)
        mature = setting.scenario.horizon.start == "mature"
        self.performance = self.listing.steady(share) if mature else 0.0
        self._sold = np.full(rules.window_days, self.usual * self.performance)
        self._usual = np.full(rules.window_days, self.usual)
        self.expected = self.usual

    def learn(self, day: int, sold: float) -> None:
        """Replace the oldest day of the window."""
        place = day % self._sold.size
        self._sold[place], self._usual[place] = sold, self.expected
        expected = float(self._usual.sum())
        self.performance = float(self._sold.sum()) / expected if expected > 0 else 1.0


class Ranking(Force):
    """Sales of all sources lift or lower the place in a platform's search, which sends more or fewer visits.

    Rivals have the same seasons, campaign days and growth, so only sales beyond those to be expected on the
    days of the window move the place.
    """

    mechanism = "ranking"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.ranking
        assert rules is not None
        names = ("tmall", "vertical") if rules.platform == "both" else (rules.platform,)
        found = [_Channel(setting, rules, name) for name in names]
        self._channels = [channel for channel in found if channel.searching.size]
        self._days = 0
        self._ranks = self._gains = 0.0

    def open(self, today: Today) -> None:
        """Let search send what the place in the list brings."""
        demand, hours = self.setting.demand_on(today.day), day_length(self.setting, today)
        for channel in self._channels:
            buys = channel.sent_visitors.buying(today.shift.take(channel.sent))
            bought = float(today.rates.take(channel.sent) @ buys) * hours
            channel.expected = bought + channel.unsent * demand
            place, gain = channel.listing.place_and_gain(channel.performance)
            today.rates[channel.searching] *= gain
            if today.measured:
                self._ranks += place
                self._gains += gain
        self._days += today.measured

    def close(self, yesterday: Yesterday) -> None:
        """Count what was sold."""
        orders = self.setting.night(yesterday).orders()
        for channel in self._channels:
            channel.learn(yesterday.today.day, float(orders.take(channel.counted).sum()))

    def figures(self) -> dict[str, float]:
        """Return the mean place in platform search and what it did to the visits."""
        number = self._days * len(self._channels)
        if number == 0:
            return {}
        return {"search_rank": self._ranks / number, "search_gain": self._gains / number}
