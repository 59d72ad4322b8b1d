"""The event log of one history, in the shape that process-mining tools read.

One row per step of an order: case, activity, time, who did it, where it came from, what it cost. The steps
are those of the trace; the cost of a step is what the books hold for such steps, shared out evenly over those
of the same channel and source, so that the log adds up to the books. Rents, goods and the like belong to no
step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.errors import ExperimentError, RecordError
from sim.experiment.files import write_whole
from sim.experiment.record import write_parquet
from sim.receipts import SOURCES
from sim.scenario.segments import LAYERS, STORES

if TYPE_CHECKING:
    import pandas as pd

    from sim.run import Run
    from sim.scenario import Scenario

ENDINGS = (".csv", ".parquet")
START = "2014-01-01"
"""Date of the first measured day: 1 January is a Wednesday, as in that year."""
ZONE = "+08:00"
HOURS_PER_DAY = 24
FEN_PER_YUAN = 100.0
COLUMNS: Mapping[str, str] = {
    "case_id": "Order.",
    "activity": "Step that the order reached.",
    "timestamp": "When, in ISO 8601, time of China; the measured period starts on 1 January 2014.",
    "resource": "Who did it.",
    "channel": "Channel of the order.",
    "source": "Source of the visit in which it was placed.",
    "cost": "Yuan: even share of what the books hold for such steps of the same channel and source.",
}
"""Columns and what they mean."""


@dataclass(frozen=True)
class Activity:
    """A step as the log tells it.

    Attributes
    ----------
    name
        What it is called.
    resource
        Who does it.
    accounts
        Accounts that are paid for it.
    """

    name: str
    resource: str
    accounts: tuple[str, ...] = ()


ACTIVITIES: Mapping[str, Activity] = {
    "placed": Activity("order placed", "shopper"),
    "answered": Activity("question answered", "chat desk"),
    "pick_pack": Activity("picked and packed", "packers", ("picking_wages", "packing_material")),
    "line_haul": Activity("handed to courier", "courier", ("line_haul", "last_mile")),
    "door_trip": Activity("trip to the door", "courier"),
    "failed_trip": Activity("nobody at the door", "courier", ("failed_attempts",)),
    "delivered": Activity("in the shopper's hands", "shopper"),
    "service": Activity("call to service", "service desk", ("service_wages",)),
    "broken": Activity("found broken", "shopper"),
    "wrong": Activity("found wrong", "shopper", ("return_freight", "return_handling")),
    "short": Activity("found short", "shopper"),
    "replaced": Activity("second parcel sent", "packers", ("reshipments",)),
    "installation": Activity("installation asked for", "installation crew"),
    "installed": Activity("installed", "installation crew"),
    "return_transit": Activity("sent back", "shopper", ("return_freight", "return_handling")),
    "refurbishment": Activity("handed to refurbishment", "warehouse"),
    "refurbished": Activity("refurbished", "warehouse"),
    "kept": Activity("kept", "shopper"),
    "returned": Activity("returned", "shopper"),
    "refused": Activity("refused", "shopper", ("return_freight", "return_handling")),
    "lost": Activity("lost", "courier"),
    "cancelled": Activity("cancelled", "warehouse"),
}
"""Steps by the node of the flow network that an order enters."""
LAYER_ACTIVITIES: Mapping[str, Activity] = {
    "depot": Activity("brought to a pickup point", "courier", ("pickup_drop",)),
    "collected": Activity("collected", "shopper", ("pickup_fees",)),
    "redirected": Activity("sent on to the door", "courier", ("pickup_redirects",)),
    "exception": Activity("dispute at the point", "pickup point", ("pickup_exceptions",)),
}
"""The same for nodes that every pickup layer has."""


def event_log(scenario: Scenario, run: Run) -> pd.DataFrame:
    """Return the event log of a history that was simulated with ``log=True``.

    Parameters
    ----------
    scenario
        What was simulated.
    run
        What came out; its tables of orders and events are needed.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`COLUMNS`, by case and time. Orders of the measured period only.

    Raises
    ------
    ExperimentError
        If the run has no trace.
    """
    if run.orders is None or run.events is None:
        raise ExperimentError("the run has no trace of events; simulate it with log=True")
    steps = _steps(run.orders, run.events)
    steps["cost"] = _costs(steps, run)
    begin = scenario.horizon.warmup_days * HOURS_PER_DAY if scenario.horizon.start == "mature" else 0
    moments = np.datetime64(START, "s") + np.round((steps["time_h"] - begin) * 3600.0).astype(
        "timedelta64[s]"
    )
    steps["timestamp"] = np.datetime_as_string(moments.to_numpy().astype("datetime64[s]"), unit="s")
    steps["timestamp"] += ZONE
    steps["case_id"] = "order-" + steps["order_id"].astype(str)
    return steps[list(COLUMNS)].reset_index(drop=True)


def activity_of(node: str) -> tuple[str, str, tuple[str, ...], str] | None:
    """Return name, resource, accounts and pickup layer of a node's step; None where the log leaves it out.

    >>> activity_of("pick_pack")
    ('picked and packed', 'packers', ('picking_wages', 'packing_material'), '')
    >>> activity_of("community/7")
    ('waits at the point', 'community point 7', (), 'community')
    >>> activity_of("opened/door") is None
    True
    """
    if node in ACTIVITIES:
        step = ACTIVITIES[node]
        return step.name, step.resource, step.accounts, ""
    layer, slash, number = node.partition("/")
    if slash and layer in LAYERS and number.isdigit():
        return "waits at the point", f"{layer} point {number}", (), layer
    layer, _, kind = node.rpartition("_")
    if layer in LAYERS and kind in LAYER_ACTIVITIES:
        step = LAYER_ACTIVITIES[kind]
        return step.name, step.resource, step.accounts, layer
    return None


def _steps(orders: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return the steps of measured orders: when, what, who, accounts, and where the order came from."""
    import pandas as pd

    entered = events[(events["what"] == "enter") & events["source"].isin(SOURCES)]
    # Orders are numbered as the table of orders numbers them: those who bought at once, then those who asked.
    placed = entered[entered["node"] == "placed"][["source", "ordinal"]].drop_duplicates()
    placed = placed.assign(place=placed["source"].map(SOURCES.index)).sort_values(["place", "ordinal"])
    placed["order_id"] = np.arange(len(placed))
    known = {node: found for node in entered["node"].unique() if (found := activity_of(node)) is not None}
    steps = entered[entered["node"].isin(list(known))].merge(
        placed[["source", "ordinal", "order_id"]], on=["source", "ordinal"]
    )
    told = pd.DataFrame.from_dict(
        known,
        orient="index",
        columns=["activity", "resource", "accounts", "layer"],
    )
    steps = steps[["order_id", "node", "time_h"]].join(told, on="node")
    steps = steps.merge(orders[["order_id", "channel", "source"]], on="order_id")
    packed_in_store = (steps["channel"] == STORES) & (steps["resource"] == "packers")
    steps.loc[packed_in_store, "resource"] = "store"
    return steps.sort_values(["order_id", "time_h"], kind="stable", ignore_index=True)


def _costs(steps: pd.DataFrame, run: Run) -> np.ndarray:
    """Share the books out over steps: each account by channel, source and pickup layer."""
    booked = _booked(run)
    cost = np.zeros(len(steps))
    groups = steps.groupby(["accounts", "channel", "source", "layer"], sort=False).indices
    counts: dict[tuple[str, ...], int] = {}
    for (accounts, *where), places in groups.items():
        for name in accounts:
            counts[(name, *where)] = counts.get((name, *where), 0) + places.size
    for (accounts, *where), places in groups.items():
        for name in accounts:
            cost[places] += booked.get((name, *where), 0.0) / counts[(name, *where)]
    return cost


def _booked(run: Run) -> dict[tuple[str, ...], float]:
    """Return yuan by account, channel, source and layer, as far as the books can tell a source."""
    named = {name for step in (*ACTIVITIES.values(), *LAYER_ACTIVITIES.values()) for name in step.accounts}
    found: dict[tuple[str, ...], float] = {}
    for entry in run.ledger.entries:
        if not entry.source:
            continue
        for name, sign in ((entry.debit, 1), (entry.credit, -1)):
            if name in named:
                key = (name, entry.channel, entry.source, entry.layer)
                found[key] = found.get(key, 0.0) + sign * entry.fen / FEN_PER_YUAN
    return found


def write_event_log(
    scenario: Scenario, seed: int, path: Path | str, *, engine: Any = "compiled", visits: str = "split"
) -> int:
    """Simulate one history with its trace and write its event log.

    Parameters
    ----------
    scenario, seed, engine, visits
        As in :func:`sim.world.simulate`.
    path
        File ending in ``.csv`` or ``.parquet``.

    Returns
    -------
    int
        Number of rows.

    Raises
    ------
    ExperimentError
        If the name has another ending.
    RecordError
        If the file cannot be written.
    """
    from sim.world import simulate

    place = check_event_log(path)
    table = event_log(scenario, simulate(scenario, seed, engine=engine, visits=visits, log=True))
    try:
        if place.suffix.lower() == ".csv":
            write_whole(place, table.to_csv(index=False, lineterminator="\n").encode())
        else:
            write_parquet(place, table)
    except OSError as error:
        raise RecordError(f"cannot write {path}: {error.strerror or error}") from error
    return len(table)


def check_event_log(path: Path | str) -> Path:
    """Refuse a file that could not be written, before anything is simulated.

    Raises
    ------
    ExperimentError
        If its name ends otherwise than in ``.csv`` or ``.parquet``.
    RecordError
        If its folder does not exist.
    """
    place = Path(path)
    if place.suffix.lower() not in ENDINGS:
        raise ExperimentError(f"an event log ends in {' or '.join(ENDINGS)} (found '{place.name}')")
    if not place.parent.is_dir():
        raise RecordError(f"cannot write {place}: there is no folder {place.parent}")
    return place
