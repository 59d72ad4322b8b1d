"""Mails to customers: a list that grows and shrinks, and readers who tire."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import HOURS_PER_YEAR
from sim.market.forces.base import Force
from sim.market.forces.expected import visited
from sim.scenario.days import DAYS_PER_YEAR
from sim.scenario.subjects import SUBJECTS

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario

MONTHS_PER_YEAR = 12
DAYS_PER_MONTH = DAYS_PER_YEAR / MONTHS_PER_YEAR
EMAIL = "email"


class MailList(Force):
    """Customers who get mails, and how many of them still click.

    The reference list holds ``N0 = V / (12 m0 c)`` customers, where ``V`` visits a year come from ``m0``
    mails a month at click rate ``c``. It gains as many of the kept orders as keep it there, and loses the
    share ``u m + q`` a month: who leaves for the mails, and whose address falls silent. A mail is clicked
    ``exp(-f (m - m0))`` times as often. With the mechanism off nobody tires or leaves and the list stays as
    it is; mails still cost and still bring visits.
    """

    mechanism = "email_fatigue"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.email
        assert rules is not None
        self._rules = rules
        self._mails, self._cost = rules.mails_per_customer_month, rules.cost_per_mail
        self._tires = self.scenario.mechanisms.email_fatigue
        mails, usual = rules.mails_per_customer_month, rules.reference_mails_per_customer_month
        mine = visited(setting, EMAIL)
        self._rows = np.flatnonzero(mine)
        planned = setting.planned * mine
        visits = float(planned.sum()) * HOURS_PER_YEAR
        self.reference = visits / (MONTHS_PER_YEAR * usual * rules.click_rate)
        """Customers on the list when visits were measured."""
        lost_at_reference = self._lost_per_day(usual)
        kept = setting.usual_orders.total * setting.kept_share
        self._joins = self.reference * lost_at_reference / kept if kept > 0 else 0.0
        self._lost = self._lost_per_day(mails)
        self._clicks = mails / usual
        if self._tires:
            self._clicks *= math.exp(-rules.fatigue_per_mail * (mails - usual))
        self._channels = self._by_channel(planned)
        self._start = 1.0
        if self._tires:
            mature = self.scenario.horizon.start == "mature"
            self._start = lost_at_reference / self._lost if mature else 0.0
        self.customers: float | None = None
        """Customers on the list."""
        self._size = self._days = 0.0

    @classmethod
    def acts_in(cls, scenario: Scenario) -> bool:
        """Return whether mails are sent; the switch only tells whether they tire their readers."""
        return SUBJECTS[cls.mechanism].acts_in(scenario)

    def _lost_per_day(self, mails: float) -> float:
        """Return the share of the list that a day loses at so many mails a month."""
        share = self._rules.unsubscribe_per_mail * mails + self._rules.churn_per_month
        return share / DAYS_PER_MONTH

    def _by_channel(self, planned: np.ndarray) -> dict[str, float]:
        """Return the share of visits that lands on each channel."""
        found: dict[str, float] = {}
        total = planned.sum()
        for row in np.flatnonzero(planned > 0):
            channel = self.setting.streams[row].segment.channel
            found[channel] = found.get(channel, 0.0) + planned[row] / total
        return found

    def open(self, today: Today) -> None:
        """Let those come who click today's mails."""
        if self.customers is None or not self._tires:
            self.customers = self.reference * self._start * today.growth
        usual = self.reference * today.growth
        if usual > 0:
            today.rates[self._rows] *= self.customers / usual * self._clicks
        # Mails are paid, not clicks.
        today.click_price[self._rows] = 0.0
        if today.measured:
            self._size += self.customers
            self._days += 1.0

    def close(self, yesterday: Yesterday) -> None:
        """Pay for the mails, add new customers and take out those who left.

        A warm-up starts without orders under way, so until it is over the list stays as it is.
        """
        assert self.customers is not None
        mails = self.customers * self._mails / DAYS_PER_MONTH
        for channel, share in self._channels.items():
            self.setting.pay("traffic_mail", mails * share, self._cost, channel=channel, source=EMAIL)
        if self._tires and yesterday.today.measured:
            joined = self._joins * float(self.setting.night(yesterday).kept().sum())
            self.customers += joined - self.customers * min(self._lost, 1.0)

    def figures(self) -> dict[str, float]:
        """Return the mean length of the list and the clicks per mail."""
        rules, mails = self._rules, self._rules.mails_per_customer_month
        if self._days == 0 or mails == 0:
            return {}
        per_mail = self._clicks * rules.reference_mails_per_customer_month / mails * rules.click_rate
        return {"mail_list": self._size / self._days, "mail_click_rate": per_mail}
