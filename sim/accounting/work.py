"""Who caused the work of packers, agents, drivers and crews: by channel and source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fulfilment.chat_desk import CHAT_DESK
from sim.fulfilment.plan import installation_of
from sim.scenario.contacts import calls_per_event
from sim.scenario.presale import presale_of

if TYPE_CHECKING:
    from sim.accounting.tally import Tally
    from sim.management.postings import Activity

FLEET_ACCOUNTS = ("fleet_drivers", "fleet_vans", "fleet_kilometres")


def work_on_the_way(tally: Tally) -> dict[str, Activity]:
    """Return the work behind each account of wages and vans, by channel and source."""
    fulfilment = tally.scenario.fulfilment
    work = {"picking_wages": tally.activity("pick_pack"), "service_wages": _calls(tally)}
    if fulfilment.fleet is not None:
        trips = _added(tally.activity("door_trip"), tally.activity("failed_trip"))
        work |= dict.fromkeys(FLEET_ACCOUNTS, trips)
    if fulfilment.returns.refurbishment is not None:
        work["return_handling"] = tally.activity("refurbishment")
    if presale_of(tally.scenario) is not None:
        work["presale_wages"] = tally.activity(CHAT_DESK)
    if installation_of(tally.scenario) is not None:
        work["installation_wages"] = tally.activity("installation")
    return work


def fleet_share(tally: Tally) -> float:
    """Return the share of parcels to the door that own vans bring."""
    fleet = tally.world.fleet
    return fleet.share if fleet is not None else 0.0


def fleet_cost(tally: Tally) -> float:
    """Return what drivers and vans were paid in the measured period (yuan)."""
    return sum(
        payment.rate * payment.quantity
        for payment in tally.payments
        if payment.account in FLEET_ACCOUNTS and 0 <= payment.period < tally.months
    )


def _calls(tally: Tally) -> Activity:
    """Return calls by the orders behind them; calls for late parcels are spread like the others."""
    work, rates = tally.activity("service"), calls_per_event(tally.scenario)
    for cause, node in (("failed", "failed_trip"), ("missing", "lost")):
        if rates.get(cause, 0.0) > 0:
            work = _added(work, tally.activity(node), rates[cause])
    return work


def _added(work: Activity, more: Activity, factor: float = 1.0) -> Activity:
    """Return the sum of two kinds of work, the second one weighted."""
    found = dict(work)
    for key, entries in more.items():
        found[key] = found[key] + factor * entries if key in found else factor * entries
    return found
