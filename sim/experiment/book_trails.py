"""From a figure to the ledger lines that it is made of, within one history.

A figure is money over a number of orders or parcels. Its trail names the accounts, their lines, and what it
is divided by, and holds the sum of the lines against the figure as ``run`` reports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.seeds import replication_seed
from sim.money.accounts import CHART, CONTRIBUTION_ACCOUNTS, COST_ACCOUNTS, GROUPS, accounts_in

if TYPE_CHECKING:
    from sim.scenario import Scenario

TOTAL = "total"
SHARED = ""
"""Where the books have what belongs to no channel."""
COST, CONTRIBUTION = "cost_per_order", "contribution_per_order"
_PER_PARCEL = "_cost_per_parcel"
FEN_PER_YUAN = 100.0

Data = Mapping[str, Any]
"""What :func:`keep_books_of` returns."""


@dataclass(frozen=True)
class Counted:
    """A part of a figure that stands in the books among others', worked out from counts.

    Attributes
    ----------
    what
        ``last_mile`` (parcels of a layer) or ``failed_attempts`` (their failed trips to the door).
    count
        How many.
    each
        Yuan for one.
    """

    what: str
    count: float
    each: float

    @property
    def yuan(self) -> float:
        """Yuan for all."""
        return self.count * self.each


@dataclass(frozen=True)
class Trail:
    """What a figure is made of.

    Attributes
    ----------
    figure, channel
        Which figure; the channel is ``total`` for the brand.
    value
        The figure as ``run`` reports it: costs positive, earnings positive.
    unit
        Its unit.
    divisor
        Orders or parcels it is divided by.
    accounts
        Yuan by account, with the sign of the figure.
    counted
        What is worked out from counts besides.
    layer
        Pickup layer whose lines these are; empty for all lines.
    """

    figure: str
    channel: str
    value: float
    unit: str
    divisor: float
    accounts: Mapping[str, float]
    counted: tuple[Counted, ...] = ()
    layer: str = ""

    @property
    def total(self) -> float:
        """Sum of all lines in yuan."""
        return sum(self.accounts.values()) + sum(one.yuan for one in self.counted)

    @property
    def off(self) -> float:
        """What the figure differs by from the sum of its lines over its divisor."""
        return self.value - self.total / self.divisor


def keep_books_of(scenario: Scenario, seed: int = 1) -> dict[str, Any]:
    """Simulate the first history of a study and return its books as plain data.

    Parameters
    ----------
    scenario
        What is simulated.
    seed
        Seed of the study.

    Returns
    -------
    dict
        ``orders`` by channel and in total, ``kpis``, ``accounts`` by channel as ``run`` reports them,
        ``counts`` of each pickup layer, and ``entries`` of the ledger: debit, credit, channel, source, layer,
        month from 0, fen.
    """
    from sim import __version__
    from sim.accounting import close_books
    from sim.world import World

    world = World(scenario, replication_seed(seed, 0))
    world.live()
    run = close_books(world, __version__)
    return {
        "scenario": run.scenario_name,
        "scenario_hash": run.scenario_hash,
        "seed": seed,
        "history_seed": run.seed,
        "days": scenario.horizon.days,
        "orders": {TOTAL: sum(run.orders_by_channel.values()), **run.orders_by_channel},
        "kpis": dict(run.kpis),
        "accounts": {TOTAL: run.accounts, **run.accounts_by_channel},
        "counts": _counts(world),
        "balance": run.balance["trial_balance_fen"],
        "entries": [list(entry) for entry in run.ledger.entries],
    }


def _counts(world: Any) -> dict[str, dict[str, float]]:
    """Return parcels, failed trips and what each still costs the brand at the courier, by layer."""
    from sim.accounting.tally import Tally

    tally, courier = Tally(world), world.scenario.fulfilment.courier
    found = {}
    for name, layer in world.layers.items():
        mine = [column for column, one in enumerate(tally.classes) if one.delivery == name]
        found[name] = {
            "parcels": float(tally.counts("line_haul", "entries")[:, mine].sum()),
            "failed": float(tally.counts("failed_trip", "entries")[:, mine].sum()),
            "each_parcel": courier.last_mile_cost - layer.rules.tariff_discount,
            "each_failed": courier.last_mile_cost + courier.failed_attempt_cost,
        }
    return found


def figures_of(data: Data) -> dict[str, list[str]]:
    """Return the figures of a history by channel, in the order of a statement; the brand comes last."""
    found: dict[str, list[str]] = {}
    for channel in (*(name for name in data["orders"] if name != TOTAL), TOTAL):
        if data["orders"][channel] <= 0:
            continue
        known = _sums(data, channel)
        groups = [g for g in GROUPS if g != "balance" and any(name in known for name in accounts_in(g))]
        found[channel] = [*groups, COST, CONTRIBUTION]
        if channel == TOTAL:
            layers = [name for name in data["counts"] if f"{name}{_PER_PARCEL}" in data["kpis"]]
            found[channel] += [f"{name}{_PER_PARCEL}" for name in layers]
    return found


def trail(data: Data, figure: str, channel: str) -> Trail:
    """Return what a figure is made of.

    Parameters
    ----------
    data
        Books of a history.
    figure
        A group of accounts, ``cost_per_order``, ``contribution_per_order`` or ``<layer>_cost_per_parcel``.
    channel
        A channel, or ``total``.

    Raises
    ------
    KeyError
        If the history has no such figure.
    """
    if figure not in figures_of(data).get(channel, ()):
        raise KeyError(f"this history has no figure '{figure}' for '{channel}'")
    if figure.endswith(_PER_PARCEL):
        return _of_layer(data, figure)
    names = _accounts(figure)
    sign = -1.0 if figure in ("sales", CONTRIBUTION) else 1.0
    known = _sums(data, channel)
    accounts = {name: sign * known[name] / FEN_PER_YUAN for name in names if name in known}
    orders = float(data["orders"][channel])
    reported = data["accounts"][channel]
    value = sign * sum(reported.get(name, 0.0) for name in names) / orders
    return Trail(figure, channel, value, "yuan/order", orders, accounts)


def _accounts(figure: str) -> tuple[str, ...]:
    return {COST: COST_ACCOUNTS, CONTRIBUTION: CONTRIBUTION_ACCOUNTS}.get(figure) or accounts_in(figure)


def _of_layer(data: Data, figure: str) -> Trail:
    layer = figure.removesuffix(_PER_PARCEL)
    counts, kpis = data["counts"][layer], data["kpis"]
    known = _sums(data, TOTAL, layer)
    accounts = {name: known[name] / FEN_PER_YUAN for name in accounts_in("pickup") if name in known}
    counted = (
        Counted("last_mile", counts["parcels"], counts["each_parcel"]),
        Counted("failed_attempts", counts["failed"], counts["each_failed"]),
    )
    kept = tuple(one for one in counted if one.yuan)
    parcels = kpis[f"{layer}_parcels"]
    return Trail(figure, TOTAL, kpis[figure], "yuan/parcel", parcels, accounts, kept, layer)


def _sums(data: Data, channel: str, layer: str = "") -> dict[str, int]:
    """Return fen by account of the profit and loss, debit positive."""
    found: dict[str, int] = {}
    for debit, credit, of, _, at, _, fen in data["entries"]:
        if (channel not in (TOTAL, of)) or (layer and at != layer):
            continue
        for name, sign in ((debit, 1), (credit, -1)):
            if CHART[name].group != "balance":
                found[name] = found.get(name, 0) + sign * fen
    return found


def lines(
    data: Data, accounts: Iterable[str], channel: str = TOTAL, layer: str = "", *, earned: bool = False
) -> list[dict[str, Any]]:
    """Return the ledger lines of some accounts, the largest first.

    Parameters
    ----------
    data
        Books of a history.
    accounts
        Which accounts.
    channel, layer
        Only lines of these; ``total`` and empty: of all.
    earned
        Whether credits count up, as for sales and contribution.

    Returns
    -------
    list of dict
        ``debit, credit, channel, source, layer, month`` (from 1; 13 and later: after the year), and ``yuan``
        with the sign of the figure. They add up to the accounts' amounts exactly, in fen.
    """
    wanted, sign = set(accounts), -1 if earned else 1
    found = []
    for debit, credit, of, source, at, period, fen in data["entries"]:
        net = sign * ((debit in wanted) - (credit in wanted)) * fen
        if not net or channel not in (TOTAL, of) or (layer and at != layer):
            continue
        found.append(
            {
                "debit": debit, "credit": credit, "channel": of, "source": source, "layer": at,
                "month": period + 1, "yuan": net / FEN_PER_YUAN,
            }
        )  # fmt: skip
    return sorted(found, key=lambda line: -abs(line["yuan"]))
