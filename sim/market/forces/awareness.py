"""People who have seen the brand and come later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import HOURS_PER_DAY
from sim.market.forces.base import Force
from sim.market.forces.expected import day_length
from sim.scenario.quantiles import quantile

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario.schema import Film

GIVERS = {
    "navigation_portal": "per_navigation_visit",
    "game_video": "per_game_video_visit",
    "posters": "per_poster_visit",
    "store_footfall": "per_store_visit",
}
RECEIVERS = {
    "search_engine": "to_search_engine",
    "platform_search": "to_platform_search",
    "navigation_portal": "to_navigation",
}


class Awareness(Force):
    """A stock of people who know the brand: visits add to it, time takes from it, and it sends later visits.

    With ``d = 2**(-1 / half-life)`` kept from day to day, a stock ``A`` sends ``n (1 - d) A`` visits a day,
    so that each person sends ``n`` until the brand is forgotten (a geometric adstock: Broadbent 1979).
    Visits that it sent itself add nothing: those people knew the brand. A film adds people once, as many as
    its law and luck will have it.
    """

    mechanism = "awareness"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.awareness
        assert rules is not None
        self._kept = 2.0 ** (-1.0 / rules.half_life_days)
        self._later = rules.later_visits_per_person * (1.0 - self._kept)
        planned = setting.planned
        sources = [s.segment.source for s in setting.streams]
        self._adds = np.array([getattr(rules, GIVERS[s]) if s in GIVERS else 0.0 for s in sources])
        self._receives = np.zeros(len(sources))
        for source, weight in RECEIVERS.items():
            mine = planned * np.array([s == source for s in sources])
            if mine.sum() > 0:
                self._receives += getattr(rules, weight) * mine / mine.sum()
        total = self._receives.sum()
        if total > 0:
            self._receives /= total
        self._mature = 0.0
        if self.scenario.horizon.start == "mature":
            self._mature = float(self._adds @ planned) * HOURS_PER_DAY / (1.0 - self._kept)
        self.stock: float | None = None
        """People who know the brand."""
        self._fresh = np.ones(len(sources))
        self._film, self._unpaid = rules.film, 0.0
        # A film is shown once; days are counted from the first measured one.
        self._measured_days = 0
        self.later_visits = 0.0

    def open(self, today: Today) -> None:
        """Send those who remember."""
        if self.stock is None:
            self.stock = self._mature * today.growth
        if today.measured:
            self._measured_days += 1
            if self._film is not None and self._measured_days == self._film.first_day:
                self._show(self._film)
        more = self.stock * self._later / HOURS_PER_DAY * self._receives
        before = today.rates.copy()
        today.rates += more
        self._fresh = np.divide(before, today.rates, out=np.ones(more.size), where=more > 0)
        if today.measured:
            self.later_visits += float(more.sum()) * day_length(self.setting, today)

    def _show(self, film: Film) -> None:
        """Let as many see the film as luck will have it."""
        assert self.stock is not None
        self.stock += quantile(film.people, self.setting.luck("film", 0))
        self._unpaid = film.cost

    def close(self, yesterday: Yesterday) -> None:
        """Pay for a film that was shown, forget, and add those who saw the brand for the first time."""
        assert self.stock is not None
        if self._unpaid:
            self.setting.pay("traffic_film", 1.0, self._unpaid)
            self._unpaid = 0.0
        self.stock = self.stock * self._kept + float(self._adds @ (yesterday.visits * self._fresh))

    def figures(self) -> dict[str, float]:
        """Return the visits of those who had seen the brand before."""
        return {"awareness_visits": self.later_visits}
