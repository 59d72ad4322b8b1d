"""The event log of a run, told order by order: what happened to each, and when.

The tables come from the orders handed in and from the trace of the flow network, not from the counts that the
books are made of, so that the two can be held against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.fulfilment.network import FINAL_STATES
from sim.scenario.segments import STORES

if TYPE_CHECKING:
    import pandas as pd

    from sim.world import World

SOURCES = ("orders", "chats")
"""Where people enter the network: those who buy at once, and those who ask first."""
STEPS = (
    "goods",
    "pick_pack",
    "line_haul",
    "door_trip",
    "failed_trip",
    "delivered",
    "service",
    "broken",
    "wrong",
    "short",
    "replaced",
    "wrong_back",
    "installation",
    "installed",
    "return_transit",
    "refurbishment",
    "refurbished",
    *FINAL_STATES,
)
"""Nodes whose time of entry is told for each order, as column ``<node>_h`` (empty where it never came)."""


def event_table(world: World) -> pd.DataFrame:
    """Return every step of every order and job: time_h, source, ordinal, node, what."""
    import pandas as pd

    return pd.DataFrame(world.flow.statistics().trace()).rename(columns={"time": "time_h"})


def order_table(world: World) -> pd.DataFrame:
    """Return one row per order of the measured period.

    Returns
    -------
    pandas.DataFrame
        order_id, channel, source, visitor_type, delivery, layer, asked_first, time_h, value_yuan (list
        price), reference_value_yuan, units, final_state ("open" if not closed), point (index or -1),
        redirected, exceptions, hours_to_hands, and the time of entry of every node in :data:`STEPS`.
    """
    import pandas as pd

    parts = [_handed_in(world, place, source) for place, source in enumerate(SOURCES)]
    found = pd.concat([part for part in parts if len(part)], ignore_index=True)
    classes = [world.classes[code] for code in found["code"]]
    index = [getattr(world.scenario.channels, c.segment.channel).price_index for c in classes]
    table = pd.DataFrame(
        {
            "order_id": np.arange(len(found)),
            "channel": [c.segment.channel for c in classes],
            "source": [c.segment.source for c in classes],
            "visitor_type": [c.segment.kind for c in classes],
            "delivery": [c.delivery for c in classes],
            "layer": [c.delivery if c.delivery in world.layers else "" for c in classes],
            "asked_first": found["asked_first"],
            "time_h": found["placed_h"],
            "value_yuan": found["value"],
            "reference_value_yuan": found["value"] / np.array(index),
            "units": found["units"],
        }
    )
    table = table.join(found.drop(columns=["code", "value", "units", "asked_first", "placed_h"]))
    table = table[[c.measured for c in classes]].reset_index(drop=True)
    table["hours_to_hands"] = table["delivered_h"] - table["time_h"]
    return table


def _handed_in(world: World, place: int, source: str) -> pd.DataFrame:
    """Return the orders that came from one source of the network: at once, or after an answer."""
    import pandas as pd

    people = [day[place] for day in world.log or []]
    steps = _steps(world, source, sum(day.times.size for day in people))
    steps["code"] = np.concatenate([day.classes for day in people])
    steps["value"] = np.concatenate([day.values for day in people])
    steps["units"] = np.concatenate([day.units for day in people])
    steps["asked_first"] = np.full(len(steps["code"]), place > 0)
    return pd.DataFrame(steps)[~np.isnan(steps["placed_h"])]


def _steps(world: World, source: str, count: int) -> dict[str, np.ndarray]:
    """Return when each of ``count`` people entered each step, their final state and their stop at a point."""
    trace: dict[str, Any] = world.flow.statistics().trace()
    mine = (trace["source"] == source) & (trace["what"] == "enter")
    ordinal, node, time = trace["ordinal"][mine], trace["node"][mine], trace["time"][mine]
    found: dict[str, Any] = {}
    for step in ("placed", *STEPS):
        entered = np.full(count, np.nan)
        at = node == step
        entered[ordinal[at]] = time[at]
        found[f"{step}_h"] = entered
    state = np.full(count, "open", dtype=object)
    for name in FINAL_STATES:
        state[~np.isnan(found[f"{name}_h"])] = name
    found["final_state"] = state
    point = np.full(count, -1)
    redirected, exceptions = np.zeros(count, dtype=bool), np.zeros(count, dtype=np.int64)
    for name in world.layers:
        for i, stop in enumerate(node):
            if stop.startswith(f"{name}/"):
                point[ordinal[i]] = int(stop.rpartition("/")[2])
        redirected[ordinal[node == f"{name}_redirected"]] = True
        exceptions[ordinal[node == f"{name}_exception"]] += 1
    found |= {"point": point, "redirected": redirected, "exceptions": exceptions}
    return found


def visit_table(world: World) -> pd.DataFrame:
    """Return the visits of the measured period: period, channel, source, visitor_type, visits."""
    import pandas as pd

    rows = [
        (period, stream.segment.channel, stream.segment.source, stream.segment.kind, int(number))
        for period, row in enumerate(world.visits)
        for stream, number in zip(world.trading.streams, row, strict=True)
        if number
    ]
    return pd.DataFrame(rows, columns=["period", "channel", "source", "visitor_type", "visits"])


def time_sheet(world: World) -> pd.DataFrame:
    """Return account, layer, period and quantity of all paid: hours, point-days, months, hires."""
    import pandas as pd

    rows = [
        (p.account, p.layer, p.period, p.quantity)
        for p in world.payroll.payments()
        if 0 <= p.period < world.period_ends.size
    ]
    layers = [
        (kind, name, period, number)
        for name, layer in world.layers.items()
        for kind, numbers in (
            ("others_parcels", layer.background_parcels),
            ("others_exceptions", layer.background_exceptions),
        )
        for period, number in sorted(numbers.items())
        if 0 <= period < world.period_ends.size
    ]
    return pd.DataFrame([*rows, *layers], columns=["account", "layer", "period", "quantity"])


def is_online(table: pd.DataFrame) -> pd.Series:
    """Return which orders were placed online."""
    return table["channel"] != STORES
