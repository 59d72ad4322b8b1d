"""Shoppers in a store who know what the lamp costs on the web."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.expected import Readiness, day_length
from sim.market.forces.measured import MeasuredMean
from sim.scenario.segments import ONLINE_CHANNELS, SHOWROOMING, STORES, UNVISITED, web_share

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting


class PriceGap(Force):
    """A store dearer than the brand's own shops on the web loses buyers to them.

    With the price in stores ``P`` and the mean price that the web asks today ``p``, weighted as those who
    look in a store weigh its shops, the share ``1 - (p / P)**s`` of a store's buyers does not buy there. The
    share ``k`` of them orders the same basket on the web the next day; the others have seen the gap and buy
    from somebody else. Where stores are as cheap as the web, or with the mechanism off, nobody compares.
    """

    mechanism = "price_gap"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        scenario = self.scenario
        rules = scenario.market.price_gap
        stores = scenario.channels.stores
        assert rules is not None
        assert stores is not None
        self._rules = rules
        self._price = stores.price_index
        visited = ~setting.from_sources(*UNVISITED)
        self._looking = np.flatnonzero(visited & setting.in_channels(STORES))
        shops = [name for name in ONLINE_CHANNELS if web_share(scenario, name) > 0]
        self._shops = [
            (
                web_share(scenario, name),
                getattr(scenario.channels, name).price_index,
                self._streams_of(name),
            )
            for name in shops
        ]
        self._lookers = Readiness(setting.conversions[self._looking])
        self._rows = np.flatnonzero(setting.from_sources(SHOWROOMING))
        kinds = [setting.streams[row].segment.kind for row in self._rows]
        landing = [setting.streams[row].segment.channel for row in self._rows]
        self._landing = np.array([web_share(scenario, name) for name in landing])
        looking = [setting.streams[row].segment.kind for row in self._looking]
        same = [[here == there for here in looking] for there in kinds]
        self._same = np.array(same, dtype=float).reshape(len(kinds), len(looking))
        online, store = scenario.products.basket_online.mean, scenario.products.basket_store.mean
        self._larger = store / online if online > 0 else 1.0
        self._turned = 0.0
        self._moved = np.zeros(self._rows.size)
        self._seen = MeasuredMean()

    def _streams_of(self, channel: str) -> np.ndarray:
        return np.flatnonzero(self.setting.in_channels(channel))

    def _gap(self, today: Today) -> float:
        """Return the log of the price in stores over that on the web; zero where stores are no dearer."""
        web = 0.0
        for share, price, rows in self._shops:
            off = float(today.discount[rows].mean()) if rows.size else 0.0
            web += share * price * (1.0 - off)
        return max(math.log(self._price / web), 0.0) if web > 0 else 0.0

    def open(self, today: Today) -> None:
        """Take those who compare out of the store, and send yesterday's to the web."""
        rules = self._rules
        self._turned = 1.0 - math.exp(-rules.sensitivity * self._gap(today))
        self._seen.note(self._turned, measured=today.measured)
        if self._turned > 0:
            rows = self._looking
            before = today.shift[rows]
            today.shift[rows] = before + self._lookers.change(before, 1.0 - self._turned)
        if not self._moved.any():
            return
        # They come to order: as many visits as bring that many orders at the reference.
        hours = day_length(self.setting, today)
        more = self._moved / np.maximum(self.setting.conversions[self._rows], 1e-9) / hours
        share = more / np.maximum(today.rates[self._rows] + more, 1e-300)
        today.basket[self._rows] *= 1.0 + share * (self._larger - 1.0)
        today.rates[self._rows] += more

    def close(self, yesterday: Yesterday) -> None:
        """Count those who saw the gap: they look on the web tomorrow."""
        if self._turned <= 0:
            self._moved = np.zeros(self._rows.size)
            return
        bought = self.setting.night(yesterday).orders()[self._looking]
        turned = bought * self._turned / (1.0 - self._turned)
        self._moved = self._rules.kept_by_web_share * (self._same @ turned) * self._landing

    def figures(self) -> dict[str, float]:
        """Return the share of a store's buyers turned away by the price on the web."""
        return self._seen.figures("price_gap_share")
