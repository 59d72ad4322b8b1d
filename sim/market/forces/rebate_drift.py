"""A rebate alliance that asks for more as the brand depends on it, and customers who get used to it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.expected import Readiness, codes_by_channel, orders_on, visited
from sim.scenario.days import DAYS_PER_YEAR
from sim.scenario.segments import REPEAT
from sim.scenario.subjects import SUBJECTS

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario

ALLIANCE = "rebate_alliance"
LEAST = 1e-300
"""Keeps a division by orders per visit finite where nobody buys."""


class RebateDrift(Force):
    """The alliance's share of orders raises its commission and the number of customers who come through it.

    With ``s`` its share of orders (an exponential mean over the window), every day the commission rises by
    ``r s / 365`` up to its highest, and the share ``h`` of returning customers who look for the rebate first
    by ``k s (1 - h) / 365``; both count from the first day. Those customers no longer come by themselves but
    through the alliance, as soon as it sends visitors of their kind to their channel. A cap on the share of
    orders turns away visits beyond it; it holds with the mechanism off as well.
    """

    mechanism = "rebate_drift"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules, source = self.scenario.market.rebate, self.scenario.market.sources.rebate_alliance
        assert rules is not None
        assert source is not None
        self._rules = rules
        self._drifts = self.scenario.mechanisms.rebate_drift
        self._rows = visited(setting, ALLIANCE)
        place = {
            (s.segment.channel, s.segment.kind): row
            for row, s in enumerate(setting.streams)
            if self._rows[row]
        }
        moves = [
            (row, place[(s.segment.channel, s.segment.kind)])
            for row, s in enumerate(setting.streams)
            if s.segment.source == REPEAT and (s.segment.channel, s.segment.kind) in place
        ]
        self._from = np.array([leave for leave, _ in moves], dtype=np.int64)
        self._to = np.array([come for _, come in moves], dtype=np.int64)
        self._drawn = Readiness(setting.conversions[self._to])
        self._mine = np.flatnonzero(self._rows)
        self._by_channel = {
            channel: (codes, setting.stream_of_class[codes])
            for channel, codes in codes_by_channel(setting, self._rows).items()
        }
        self._first_day = self.scenario.horizon.warmup_days if self.scenario.horizon.start == "mature" else 0
        usual, mature = setting.usual_orders, self.scenario.horizon.start == "mature"
        self.share = usual.from_source(ALLIANCE) / usual.total if mature and usual.total > 0 else 0.0
        """The alliance's share of orders as it sees it."""
        self._memory = -math.expm1(-1.0 / rules.window_days)
        self._planned = source.commission_on_sales
        self._highest = max(rules.highest_commission, self._planned)
        self.commission = self._planned
        """Share of sales that it asks for today."""
        self.habit = 0.0
        """Share of returning customers who look for the rebate first."""
        self._orders = self._through = 0.0

    @classmethod
    def acts_in(cls, scenario: Scenario) -> bool:
        """Return whether the alliance's terms move or its orders are capped."""
        if not SUBJECTS[cls.mechanism].acts_in(scenario):
            return False
        rules = scenario.market.rebate
        return scenario.mechanisms.rebate_drift or (rules is not None and rules.cap_share is not None)

    def open(self, today: Today) -> None:
        """Let those come through the alliance who are used to it, and turn away what is not wanted."""
        if self.habit > 0 and self._from.size:
            buys = self._drawn.buying(today.shift.take(self._to))
            returning = today.rates.take(self._from)
            moved = np.where(buys > 0, returning * self.habit, 0.0)
            today.rates[self._from] = returning - moved
            today.rates[self._to] += moved / np.maximum(buys, LEAST)
            today.redirected[self._from] += moved
        if self._rules.cap_share is not None:
            orders = orders_on(self.setting, today)
            mine = float(orders[self._rows].sum())
            most = float(orders[~self._rows].sum()) * self._rules.cap_share / (1.0 - self._rules.cap_share)
            if mine > most:
                today.rates[self._rows] *= most / mine

    def close(self, yesterday: Yesterday) -> None:
        """Pay the dearer commission, then let the alliance look at its share."""
        orders = self.setting.night(yesterday).orders()
        total = float(orders.sum())
        mine = float(orders.take(self._mine).sum())
        if yesterday.today.measured:
            self._orders += total
            self._through += mine
        if not self._drifts:
            return
        self._pay(yesterday)
        if total > 0:
            self.share += (mine / total - self.share) * self._memory
        if yesterday.today.day < self._first_day:
            return
        rules = self._rules
        risen = self.commission + rules.commission_rise_per_year * self.share / DAYS_PER_YEAR
        self.commission = min(risen, self._highest)
        self.habit += rules.habit_per_year * self.share * (1.0 - self.habit) / DAYS_PER_YEAR
        self.habit = min(self.habit, 1.0)

    def _pay(self, yesterday: Yesterday) -> None:
        """Pay what is asked for beyond the agreed commission, on what is expected to be paid and kept."""
        more = self.commission - self._planned
        if more <= 0:
            return
        paid_share = 1.0 - yesterday.today.discount
        for channel, (codes, streams) in self._by_channel.items():
            paid = yesterday.values.take(codes) @ paid_share.take(streams)
            kept = float(paid) * self.setting.kept_share
            self.setting.pay("traffic_commission", kept, more, channel=channel, source=ALLIANCE)

    def figures(self) -> dict[str, float]:
        """Return the alliance's share of orders, its commission and who got used to it."""
        found = {"rebate_commission": self.commission, "habit_share": self.habit}
        if self._orders > 0:
            found["rebate_share"] = self._through / self._orders
        return found
