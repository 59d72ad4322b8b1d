"""Fit-out of stores and shops that were built: paid once, worn out over years."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.segments import CHANNELS, STORES

if TYPE_CHECKING:
    from sim.money import Ledger
    from sim.scenario import Scenario

DAYS_PER_YEAR = 365.0
ROUNDING_DAYS = 1e-6
"""A purchase due when a period ends belongs to the next one."""


@dataclass(frozen=True)
class Equipment:
    """What one channel has bought to last.

    Attributes
    ----------
    channel
        Whose it is.
    account
        Account of its wear.
    cost
        Price of all of it (yuan).
    life_years
        Years until it has to be bought again.
    """

    channel: str
    account: str
    cost: float
    life_years: float


def equipment_of(scenario: Scenario) -> tuple[Equipment, ...]:
    """Return what each channel has bought to last, in the order of channels."""
    found = []
    for name in CHANNELS:
        channel = getattr(scenario.channels, name)
        if channel is None or (name == STORES and channel.dealers is not None):
            continue
        bought = channel.fit_out if name == STORES else channel.build
        if bought is not None:
            units = channel.count if name == STORES else 1
            account = "store_fitout" if name == STORES else "channel_build"
            found.append(Equipment(name, account, bought.cost * units, bought.life_years))
    return tuple(found)


def payments(thing: Equipment, days: np.ndarray, *, from_nothing: bool) -> np.ndarray:
    """Return when a thing is paid for, in yuan by period.

    Parameters
    ----------
    thing
        What is bought.
    days
        Length of the periods in days.
    from_nothing
        Bought at the start and again at the end of its life; otherwise a brand long in business has things of
        all ages and renews them evenly.
    """
    if not from_nothing:
        return thing.cost / thing.life_years * days / DAYS_PER_YEAR
    paid = np.zeros_like(days)
    ends = np.cumsum(days)
    for purchase in range(math.ceil(ends[-1] / (thing.life_years * DAYS_PER_YEAR) - 1e-9)):
        moment = purchase * thing.life_years * DAYS_PER_YEAR
        paid[int(np.searchsorted(ends, moment + ROUNDING_DAYS, side="right"))] += thing.cost
    return paid


def post_equipment(scenario: Scenario, ledger: Ledger, days: np.ndarray) -> float:
    """Post purchases and wear of all equipment.

    A launched brand pays at the start, before anything is sold. A mature one starts with things half worn.
    Wear is even over life (straight-line depreciation).

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books.
    days
        Length of the periods in days.

    Returns
    -------
    float
        Mean book value over the history, in yuan.
    """
    from_nothing = scenario.horizon.start == "launch"
    book_value = 0.0
    for thing in equipment_of(scenario):
        wear = thing.cost / thing.life_years * days / DAYS_PER_YEAR
        paid = payments(thing, days, from_nothing=from_nothing)
        opening = 0.0 if from_nothing else thing.cost / 2.0
        ledger.post("equipment", "owners_equity", opening, channel=thing.channel)
        ledger.post_array("equipment", "cash", paid, channel=thing.channel)
        ledger.post_array(thing.account, "equipment", wear, channel=thing.channel)
        after_payment = opening + np.cumsum(paid) - np.cumsum(wear) + wear
        book_value += float(((after_payment - wear / 2.0) * days).sum() / days.sum())
    return book_value
