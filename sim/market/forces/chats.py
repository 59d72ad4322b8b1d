"""Visitors who want an answer before they buy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.scenario.presale import asks_first, asks_per_win, presale_of

if TYPE_CHECKING:
    from sim.market.day import Today
    from sim.market.forces.base import Setting


class Chats(Force):
    """Some of those who would buy ask first; whether they do buy depends on the desk.

    Of the share ``p`` of visits that would end in an order, ``p (1 - f)`` do at once and ``p f / (w a)`` ask:
    ``f`` is the share that wants an answer, ``w`` the share of those answered who buy and ``a`` the share
    answered in time at the reference. When that share is answered, ``p`` buy in all.
    """

    mechanism = "pre_sale_chats"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        presale = presale_of(self.scenario)
        assert presale is not None
        self._first = np.array([asks_first(presale, s.segment) for s in setting.streams])
        self._per_win = np.full(self._first.size, asks_per_win(presale))

    def open(self, today: Today) -> None:
        """Let them ask."""
        today.ask_first = np.maximum(today.ask_first, self._first)
        today.asks_per_win = self._per_win
