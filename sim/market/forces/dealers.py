"""Dealers who run the brand's stores, and close them where they earn too little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import HOURS_PER_DAY
from sim.market.forces.base import Force
from sim.market.forces.measured import MeasuredMean
from sim.market.places import served_shares
from sim.scenario.capacity import planned_visits, store_staff, yearly_wear
from sim.scenario.schema.parts import DAYS_PER_YEAR
from sim.scenario.segments import STORES, UNVISITED
from sim.scenario.subjects import SUBJECTS

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario

MONTHS_PER_YEAR = 12.0


def upkeep_per_month(scenario: Scenario, visits_per_day: float) -> float:
    """Return what a dealer pays for one store in a month: rent, assistants and fit-out (yuan/store-month).

    Parameters
    ----------
    scenario
        The world; it has stores.
    visits_per_day
        Visits expected in all stores on a mean day.
    """
    stores = scenario.channels.stores
    assert stores is not None
    wages = store_staff(stores, visits_per_day) * stores.wage_per_month
    wear = yearly_wear(stores.fit_out) / MONTHS_PER_YEAR
    return stores.area_m2 * stores.rent_per_m2_month + wages + wear


class Dealers(Force):
    """Dealers pay rent and assistants from their margin; where that is not enough some of them leave.

    At every review a dealer's month is worth ``m S w_i - c + b``: ``m`` margin, ``S`` what shoppers paid in
    all stores in a month, seasons apart, ``w_i`` the share of the dealer's place, ``c`` upkeep of the store
    and ``b`` the brand's subsidy for service. Below the least that dealers accept, each leaves with a fixed
    chance. The visits to stores of those who left are lost, and so is the service that helped to sell on the
    web there: log-odds on the web move by ``worth near (open - 1)``. With the mechanism off nobody leaves.
    """

    mechanism = "dealer_exit"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        stores = self.scenario.channels.stores
        assert stores is not None
        assert stores.dealers is not None
        self._rules = stores.dealers
        self._leave = self.scenario.mechanisms.dealer_exit
        shares = served_shares(self.scenario)[: stores.count]
        self._near = float(shares.sum())
        # More stores than places stand side by side in the densest ones.
        weights = np.resize(served_shares(self.scenario), stores.count)
        self._weights = weights / weights.sum()
        self.in_post = np.ones(stores.count, dtype=bool)
        planned = planned_visits(setting.streams)[STORES] * HOURS_PER_DAY
        self._upkeep = upkeep_per_month(self.scenario, planned)
        self._mine = np.flatnonzero(setting.in_channels(STORES))
        web = ~setting.in_channels(STORES) & ~setting.from_sources(*UNVISITED)
        self._web = np.flatnonzero(web)
        self._of_stores = np.array([c.segment.channel == STORES for c in setting.classes])
        back = self.scenario.products.return_rate if self.scenario.mechanisms.returns else 0.0
        self._kept = 1.0 - back
        self._reviews = 0
        self._sold = self._demand = 0.0
        self._earned = MeasuredMean()

    @classmethod
    def acts_in(cls, scenario: Scenario) -> bool:
        """Return whether dealers run the stores; the switch only tells whether they leave."""
        return SUBJECTS[cls.mechanism].acts_in(scenario)

    @property
    def open_share(self) -> float:
        """Share of the demand of stores that lives where a store is still open."""
        return 1.0 if self.in_post.all() else float(self._weights[self.in_post].sum())

    def open(self, today: Today) -> None:
        """Leave out the visits, and the service, of stores that have closed."""
        share = self.open_share
        if share < 1.0:
            today.rates[self._mine] *= share
            today.shift[self._web] += self._rules.service_worth * self._near * (share - 1.0)

    def close(self, yesterday: Yesterday) -> None:
        """Pay the subsidy of the day, add up what was sold, and let dealers look at it every so often."""
        rules, today = self._rules, yesterday.today
        posts = int(self.in_post.sum())
        day = MONTHS_PER_YEAR / DAYS_PER_YEAR
        if posts and rules.subsidy_per_store_month > 0:
            self.setting.pay("dealer_subsidy", posts * day, rules.subsidy_per_store_month, channel=STORES)
        paid = float(yesterday.values[self._of_stores].sum()) * self._kept
        self._sold += paid
        self._demand += self.setting.demand_on(today.day)
        if today.measured and posts:
            profit = rules.margin * paid / day / posts - self._upkeep + rules.subsidy_per_store_month
            self._earned.note(profit, measured=True)
        if self._leave and (today.day + 1) % rules.review_days == 0:
            self._review()

    def _review(self) -> None:
        """Let those who earn too little decide whether to go on."""
        rules, number = self._rules, self._reviews
        self._reviews += 1
        sold, demand = self._sold, self._demand
        self._sold = self._demand = 0.0
        if demand <= 0 or not self.in_post.any():
            return
        month = sold / demand * DAYS_PER_YEAR / MONTHS_PER_YEAR
        mine = month * self._weights / self.open_share
        profit = rules.margin * mine - self._upkeep + rules.subsidy_per_store_month
        for store in np.flatnonzero(self.in_post & (profit < rules.least_profit_per_store_month)).tolist():
            if self.setting.luck("dealer leaves", number, store) < rules.leaving_share:
                self.in_post[store] = False

    def figures(self) -> dict[str, float]:
        """Return what a dealer earns in a month (mean), and the share of stores closed at the end."""
        left = 1.0 - float(self.in_post.mean())
        return self._earned.figures("dealer_profit") | {"dealers_left_share": left}
