"""Before the sale: visitors who want an answer first wait for an agent, and buy or walk away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.flow import Deterministic
from sim.fulfilment.durations import MINUTE, in_hours
from sim.scenario.presale import presale_of

if TYPE_CHECKING:
    from sim.fulfilment.plan import Draft

CHAT_DESK = "chat_desk"
"""Station where agents answer before the sale."""
WON = "won"
"""Visitors who buy after an answer; they go on to ``placed`` like everybody else."""


def draw_chat_desk(draft: Draft) -> None:
    """Draw ``chats > chat_desk > won > placed``; who loses patience or is not convinced walks away."""
    net, presale = draft.net, presale_of(draft.scenario)
    if presale is None:
        return
    net.source("chats", rate=None, to=CHAT_DESK)
    net.station(
        CHAT_DESK,
        servers=0,
        service=in_hours(presale.handling_minutes, MINUTE),
        to={WON: presale.win_share, "walked_away": 1.0 - presale.win_share},
        patience=in_hours(presale.patience_minutes, MINUTE),
        on_abandon="walked_away",
    )
    net.delay(WON, Deterministic(0.0), to="placed")
    net.sink("walked_away")
    draft.count(CHAT_DESK, WON)
