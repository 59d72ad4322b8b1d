"""Visitors who look in one channel and buy in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import HOURS_PER_DAY
from sim.market.forces.base import Force
from sim.market.places import served_shares
from sim.scenario.second_visits import is_first_visit
from sim.scenario.segments import SHOWROOMING, STORES, WEBROOMING, in_person, web_share

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario


def share_near_a_store(scenario: Scenario) -> float:
    """Return the share of demand in places with a store; stores open in the densest places first."""
    stores = scenario.channels.stores
    return 0.0 if stores is None else float(served_shares(scenario)[: stores.count].sum())


class Crossing(Force):
    """Who left yesterday without buying looks in the other channel today.

    Showrooming: a share of those who leave a store looks the lamp up on the web. Webrooming: a share of those
    who leave a shop on the web goes to a store, if there is one in their place. Only first visits cross over.
    Which of them buy follows from the odds of the channel they arrive in: its price among them.
    """

    mechanism = "cross_channel"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.cross_channel
        assert rules is not None
        near = share_near_a_store(self.scenario)
        streams = setting.streams
        crossing = setting.of_streams(lambda s: s.segment.source in (SHOWROOMING, WEBROOMING))
        self._rows = np.flatnonzero(crossing)
        weights = np.zeros((self._rows.size, len(streams)))
        for i, row in enumerate(self._rows):
            there = streams[row].segment
            to_web = there.source == SHOWROOMING
            share = (
                rules.showrooming_share * web_share(self.scenario, there.channel)
                if to_web
                else rules.webrooming_share * near
            )
            for j, here in enumerate(streams):
                from_store = here.segment.channel == STORES
                crosses = is_first_visit(here.segment) and from_store == to_web and in_person(here.segment)
                if crosses and here.segment.kind == there.kind:
                    weights[i, j] = share
        self._weights = weights
        self._usual: np.ndarray | None = None
        """Visits per hour at mean demand that follow from the day before."""

    def open(self, today: Today) -> None:
        """Set the rates of those who cross over today."""
        if self._usual is None:
            self._usual = np.zeros(self._rows.size)
            if self.scenario.horizon.start == "mature":
                self._usual = self._weights @ (today.rates * (1.0 - self.setting.conversions))
        today.rates[self._rows] = self._usual

    def close(self, yesterday: Yesterday) -> None:
        """See who left without buying."""
        # The calendar comes on top of rates, so it is taken out of what was counted.
        demand = self.setting.demand_on(yesterday.today.day)
        left = np.maximum(yesterday.visits - self.setting.per_stream(yesterday.orders), 0.0)
        hours = HOURS_PER_DAY * demand
        self._usual = self._weights @ left / hours if hours > 0 else np.zeros(self._rows.size)
