"""Figures of who asks before the sale, who looks again and who crosses over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fulfilment.chat_desk import CHAT_DESK, WON
from sim.scenario.presale import presale_of
from sim.scenario.segments import SECOND_VISITS

if TYPE_CHECKING:
    from sim.accounting.tally import Tally


def shopper_figures(tally: Tally) -> dict[str, float]:
    """Return the chat desk's figures and orders by second visits."""
    return _chats(tally) | _second_orders(tally)


def _chats(tally: Tally) -> dict[str, float]:
    if presale_of(tally.scenario) is None:
        return {}
    asked, won = tally.total(CHAT_DESK), tally.total(WON)
    found = {"chats": asked, "won_orders": won}
    desk = tally.statistics[CHAT_DESK]
    ended = desk.departures + desk.abandoned
    if ended > 0:
        found["answered_share"] = desk.departures / ended
    if tally.total("placed") > 0:
        found["chats_per_order"] = asked / tally.total("placed")
    if tally.scenario.mechanisms.staff_queues:
        found["desk_utilisation"] = float(desk.utilisation)
    return found


def _second_orders(tally: Tally) -> dict[str, float]:
    placed = tally.counts("placed", "entries").sum(axis=0)
    found: dict[str, float] = {}
    for order_class, number in zip(tally.classes, placed, strict=True):
        if order_class.segment.source in SECOND_VISITS:
            name = f"{order_class.segment.source}_orders"
            found[name] = found.get(name, 0.0) + float(number)
    return found
