"""Figures of channels, stock, head office and cash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.accounting.upkeep import managers_at_head_office
from sim.management.financing import month_of_break_even, month_of_ruin
from sim.scenario.capacity import assortment
from sim.scenario.segments import ONLINE_CHANNELS, STORES

if TYPE_CHECKING:
    from sim.accounting.tally import Tally
    from sim.money import Books

FEN_PER_YUAN = 100.0


def channel_figures(tally: Tally, books: Books) -> dict[str, float]:
    """Return every figure that applies: of what channels show, of stock, head office and cash."""
    found = _assortments(tally) | _stock_figures(tally)
    managers = managers_at_head_office(tally)
    if managers is not None:
        found["coordinators"] = managers
    return found | _cash_figures(tally, books)


def _assortments(tally: Tally) -> dict[str, float]:
    channels = tally.scenario.channels
    found: dict[str, float] = {}
    in_store, online = assortment(tally.scenario, STORES), assortment(tally.scenario, ONLINE_CHANNELS[0])
    if in_store is not None and channels.stores is not None:
        found["assortment_store"] = in_store
    if online is not None and any(getattr(channels, name) is not None for name in ONLINE_CHANNELS):
        found["assortment_online"] = online
    return found


def _stock_figures(tally: Tally) -> dict[str, float]:
    record = tally.world.stock_record
    sold = tally.total("placed", "units") - tally.total("cancelled", "units")
    if record.days == 0:
        return {}
    found = {"stockout_share": record.empty_days / record.days}
    if sold > 0:
        found["stock_days"] = record.mean_units / (sold / float(tally.days.sum()))
    return found


def _cash_figures(tally: Tally, books: Books) -> dict[str, float]:
    """Return figures of the path of cash, month by month."""
    months = tally.months
    flows = np.zeros(months)
    put_in = np.zeros(months)
    for debit, credit, _, _, _, period, fen in books.entries:
        if (debit == "cash" or credit == "cash") and 0 <= period < months:
            yuan = fen / FEN_PER_YUAN * (1.0 if debit == "cash" else -1.0)
            flows[period] += yuan
            if debit == "owners_equity" or credit == "owners_equity":
                put_in[period] += yuan
    cash = np.cumsum(flows)
    found = {"lowest_cash": float(cash.min())}
    if tally.scenario.horizon.start == "launch":
        back = month_of_break_even(cash, put_in)
        if back is not None:
            found["months_to_break_even"] = float(back)
    if tally.scenario.finance.credit_line is not None:
        month = month_of_ruin(tally.scenario, cash)
        found["ruined"] = float(month is not None)
        if month is not None:
            found["months_to_ruin"] = float(month)
    return found
