"""Posters and catalogues: a hop from paper to the web, few printed lamps, offers that grow old."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import HOURS_PER_YEAR
from sim.market.forces.base import Force
from sim.market.forces.expected import Readiness, codes_by_channel, visited
from sim.scenario.days import DAYS_PER_YEAR
from sim.scenario.segments import STORES
from sim.scenario.subjects import SUBJECTS

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario

POSTERS = "posters"
NEARLY_ALL = 1.0 - 1e-9
"""Somebody always buys; keeps log-odds finite."""


class PrintMedia(Force):
    """Print brings readers; some are lost on the way to the web, some find an offer that no longer holds.

    Visits are measured behind the hop, so the pieces printed follow from them:
    ``pieces = (visits online / survival + visits in stores) / response``. An offer printed ``a`` days ago is
    out of date with probability ``1 - (1 - r)**a``. Of those who would buy it a share leaves; the others
    get the printed terms, which costs a compensation. With the mechanism off the same pieces bring everybody
    who wanted to come, and no offer is ever out of date.
    """

    mechanism = "print_hop"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.print_media
        assert rules is not None
        self._rules = rules
        self._hops = self.scenario.mechanisms.print_hop
        mine = visited(setting, POSTERS)
        online = mine & ~setting.in_channels(STORES)
        self._rows, self._online = np.flatnonzero(mine), np.flatnonzero(online)
        planned = setting.planned * HOURS_PER_YEAR
        behind = np.where(online, planned / rules.hop_survival, planned) * mine
        self.pieces_per_year = float(behind.sum()) / rules.response_rate
        self._channels: dict[str, float] = {}
        for stream, readers in zip(setting.streams, behind, strict=True):
            if readers > 0:
                share = readers / behind.sum()
                channel = stream.segment.channel
                self._channels[channel] = self._channels.get(channel, 0.0) + share
        self._codes = codes_by_channel(setting, mine)
        self._readers = Readiness(setting.conversions[self._rows])
        self._cost, self._basket_factor = rules.cost_per_piece, rules.basket_factor
        self._stale_shares = [
            1.0 - (1.0 - rules.offer_change_per_day) ** age for age in range(rules.cycle_days)
        ]
        self._stale = 0.0
        self._wanted = self._outdated = self._pieces = 0.0

    @classmethod
    def acts_in(cls, scenario: Scenario) -> bool:
        """Return whether anything is printed; the switch only tells whether print differs from a link."""
        return SUBJECTS[cls.mechanism].acts_in(scenario)

    def stale_share(self, day: int) -> float:
        """Return the share of offers that are out of date on a day of the history."""
        return self._stale_shares[day % self._rules.cycle_days]

    def open(self, today: Today) -> None:
        """Send readers to the shops with what they have read."""
        # Pieces are paid, not visits.
        today.click_price[self._rows] = 0.0
        if not self._hops:
            today.rates[self._online] /= self._rules.hop_survival
            return
        today.basket[self._rows] *= self._basket_factor
        self._stale = self.stale_share(today.day)
        leaving = min(self._stale * self._rules.stale_lost_share, NEARLY_ALL)
        if leaving > 0:
            before = today.shift.take(self._rows)
            today.shift[self._rows] = before + self._readers.change(before, 1.0 - leaving)

    def close(self, yesterday: Yesterday) -> None:
        """Pay for print, and for terms that no longer held."""
        pieces = self.pieces_per_year / DAYS_PER_YEAR * yesterday.today.growth
        for channel, share in self._channels.items():
            self.setting.pay("traffic_print", pieces * share, self._cost, channel=channel, source=POSTERS)
        if yesterday.today.measured:
            self._pieces += pieces
        if self._hops and self._stale > 0:
            self._honour(yesterday)

    def _honour(self, yesterday: Yesterday) -> None:
        """Pay for those who bought an outdated offer at the printed terms."""
        leaving = min(self._stale * self._rules.stale_lost_share, NEARLY_ALL)
        outdated = (self._stale - leaving) / (1.0 - leaving)
        cost = self._rules.compensation_per_stale_order
        orders = 0.0
        for channel, codes in self._codes.items():
            number = float(yesterday.orders.take(codes).sum())
            self.setting.pay("offer_compensation", number * outdated, cost, channel=channel, source=POSTERS)
            orders += number
        if yesterday.today.measured:
            wanted = orders / (1.0 - leaving)
            self._wanted += wanted
            self._outdated += wanted * self._stale

    def figures(self) -> dict[str, float]:
        """Return the pieces printed and the share of readers about to buy who met an outdated offer."""
        found = {"printed_pieces": self._pieces}
        if self._wanted > 0:
            found["stale_offer_share"] = self._outdated / self._wanted
        return found
