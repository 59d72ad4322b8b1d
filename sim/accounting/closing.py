"""From a finished history to its books, figures and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.accounting.books import keep_books
from sim.accounting.channel_figures import channel_figures
from sim.accounting.figures import figures
from sim.accounting.service_figures import contacts_by_cause
from sim.accounting.tables import (
    balances_by,
    balances_by_month,
    funnel,
    in_yuan,
    profit_accounts,
    series,
)
from sim.accounting.tally import Tally
from sim.errors import ImbalanceError
from sim.fulfilment.network import FINAL_STATES
from sim.kpi import KPIS
from sim.run import Run

if TYPE_CHECKING:
    from sim.money import Books
    from sim.world import World


def close_books(world: World, version: str) -> Run:
    """Close the books of a world that has lived, check them and put the result together."""
    tally = Tally(world)
    books = keep_books(tally)
    whole, by_month = books.over_all_periods(), balances_by_month(tally, books)
    balance = check_balance(tally, whole)
    by_channel = {name: in_yuan(sums) for name, sums in balances_by(whole, "channel").items()}
    placed = tally.counts("placed", "entries").sum(axis=0)
    orders_by_channel: dict[str, int] = {}
    for order_class, number in zip(tally.classes, placed, strict=True):
        channel = order_class.segment.channel
        orders_by_channel[channel] = orders_by_channel.get(channel, 0) + int(number)
    found = figures(tally, whole, by_month) | channel_figures(tally, books)
    return Run(
        scenario_name=tally.scenario.name,
        scenario_hash=tally.scenario.hash,
        seed=world.seed,
        engine=world.engine,
        start=tally.scenario.horizon.start,
        model_version=version,
        kpis={name: found[name] for name in KPIS if name in found},
        accounts=profit_accounts(whole.in_yuan()),
        accounts_by_channel={name: profit_accounts(sums) for name, sums in by_channel.items()},
        orders_by_channel=orders_by_channel,
        ledger=books,
        funnel=funnel(tally, whole),
        months=series(tally, by_month),
        balance=balance,
        contacts=contacts_by_cause(tally),
        **_log(world),
    )


def check_balance(tally: Tally, books: Books) -> dict[str, Any]:
    """Check that the books balance and that every order is in exactly one state.

    Raises
    ------
    ImbalanceError
        If not.
    """
    states = {state: int(tally.total(state)) for state in FINAL_STATES}
    placed = int(tally.total("placed"))
    open_orders = tally.world.open_orders()
    parcels = int(tally.total("line_haul"))
    parcel_states = {
        "delivered": int(tally.total("delivered")),
        "refused": int(tally.total("refused")),
        "lost": int(tally.total("lost")),
    }
    found = {
        "trial_balance_fen": books.trial_balance(),
        "orders_placed": placed,
        **{f"orders_{state}": number for state, number in states.items()},
        "orders_open": open_orders,
        "orders_mislaid": int(tally.statistics["mislaid"].entries),
        "parcels_sent": parcels,
        **{f"parcels_{state}": number for state, number in parcel_states.items()},
    }
    found["parcels_open"] = parcels - sum(parcel_states.values())
    wrong = []
    if found["trial_balance_fen"] != 0:
        wrong.append(f"the books are out of balance by {found['trial_balance_fen']} fen")
    if placed != sum(states.values()) + open_orders or open_orders < 0:
        wrong.append(
            f"{placed} orders were placed but {sum(states.values())} closed and {open_orders} are open"
        )
    if found["orders_mislaid"]:
        wrong.append(f"{found['orders_mislaid']} orders took a way that does not exist")
    if not 0 <= found["parcels_open"] <= open_orders:
        wrong.append(f"{found['parcels_open']} parcels are neither delivered nor refused, lost or open")
    if wrong:
        raise ImbalanceError("; ".join(wrong))
    return found


def _log(world: World) -> dict[str, Any]:
    """Return the tables of the event log, where one was kept."""
    if world.log is None:
        return {}
    from sim import receipts

    return {
        "orders": receipts.order_table(world),
        "events": receipts.event_table(world),
        "visits": receipts.visit_table(world),
        "time_sheet": receipts.time_sheet(world),
    }
