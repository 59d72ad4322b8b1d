"""Visitors who look in one channel and buy in another."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.market.calendar import HOURS_PER_DAY
from sim.market.forces.base import Force
from sim.market.places import served_shares
from sim.scenario.second_visits import is_first_visit
from sim.scenario.segments import KEPT, SHOWROOMING, STORES, WEBROOMING, in_person, web_share
from sim.scenario.streams import streams

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario import Scenario


CROSSING = (SHOWROOMING, WEBROOMING)


def share_near_a_store(scenario: Scenario) -> float:
    """Return the share of demand in places with a store; stores open in the densest places first."""
    stores = scenario.channels.stores
    return 0.0 if stores is None else float(served_shares(scenario)[: stores.count].sum())


@lru_cache(maxsize=KEPT)
def _crossings(scenario: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """Return the streams of those who cross over, and which share of whom they are: (rows, streams)."""
    rules, found = scenario.market.cross_channel, streams(scenario)
    assert rules is not None
    near = share_near_a_store(scenario)
    rows = np.array([row for row, s in enumerate(found) if s.segment.source in CROSSING], dtype=np.int64)
    weights = np.zeros((rows.size, len(found)))
    for i, row in enumerate(rows):
        there = found[row].segment
        to_web = there.source == SHOWROOMING
        share = (
            rules.showrooming_share * web_share(scenario, there.channel)
            if to_web
            else rules.webrooming_share * near
        )
        for j, stream in enumerate(found):
            here = stream.segment
            from_store = here.channel == STORES
            if here.kind != there.kind or from_store != to_web:
                continue
            if is_first_visit(here) and in_person(here):
                weights[i, j] = share
    rows.setflags(write=False)
    weights.setflags(write=False)
    return rows, weights


class Crossing(Force):
    """Who left yesterday without buying looks in the other channel today.

    Showrooming: a share of those who leave a store looks the lamp up on the web. Webrooming: a share of those
    who leave a shop on the web goes to a store, if there is one in their place. Only first visits cross over.
    Which of them buy follows from the odds of the channel they arrive in: its price among them.
    """

    mechanism = "cross_channel"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._rows, self._weights = _crossings(self.scenario)
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
        left = self.setting.night(yesterday).left()
        hours = HOURS_PER_DAY * demand
        self._usual = self._weights @ left / hours if hours > 0 else np.zeros(self._rows.size)
