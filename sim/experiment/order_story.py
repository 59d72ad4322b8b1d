"""One order of one history: its steps, and what each of them cost.

The first weeks of a history are simulated once more with a log. They are the first weeks of the same year:
the same shoppers, the same luck.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError
from sim.experiment.event_log import event_log
from sim.experiment.receipts_of_orders import Receipts, came, left_by
from sim.experiment.seeds import replication_seed

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

LOGGED_DAYS = 28
MOST_OF_A_KIND = 12
KINDS: Mapping[str, str] = {
    "late": "in the shopper's hands later than promised",
    "returned": "sent back after a look",
    "collected": "collected at a pickup point",
    "redirected": "turned away by a full or shut point",
    "second_trip": "nobody at the door the first time",
    "broken": "arrived broken",
    "refused": "given up, or never collected",
    "plain": "kept, on time, no trouble",
}
"""Kinds of orders that a reader may ask for."""


@dataclass(frozen=True)
class Logged:
    """The first weeks of a history with their log.

    Attributes
    ----------
    scenario
        What was simulated.
    orders
        Table of the measured orders; see :func:`sim.receipts.order_table`.
    events
        Their event log; see :func:`sim.experiment.event_log.event_log`.
    receipts
        Their receipts.
    """

    scenario: Scenario
    orders: pd.DataFrame
    events: pd.DataFrame
    receipts: Receipts

    def numbers_of(self, kind: str) -> list[int]:
        """Return numbers of orders of a kind (:data:`KINDS`), the earliest first."""
        chosen = self.orders[self._is(kind)].sort_values("time_h", kind="stable")
        return [int(number) for number in chosen["order_id"].head(MOST_OF_A_KIND)]

    def _is(self, kind: str) -> Any:
        orders, promise = self.orders, self.scenario.fulfilment.promise_hours
        online = came(orders, "line_haul")
        tests: Mapping[str, Any] = {
            "late": online & (orders["hours_to_hands"] > promise),
            "returned": came(orders, "return_transit"),
            "collected": (orders["layer"] != "") & ~orders["redirected"] & came(orders, "delivered"),
            "redirected": orders["redirected"],
            "second_trip": came(orders, "failed_trip"),
            "broken": came(orders, "broken"),
            "refused": came(orders, "refused"),
            "plain": online
            & (orders["final_state"] == "kept")
            & (orders["hours_to_hands"] <= promise)
            & ~came(orders, "failed_trip", "service"),
        }
        return tests[kind]


@lru_cache(maxsize=1)
def logged(scenario: Scenario, seed: int = 1) -> Logged:
    """Simulate the first weeks of the first history of a study with their log; the latest is kept.

    Parameters
    ----------
    scenario
        The whole scenario; at most :data:`LOGGED_DAYS` of it are simulated.
    seed
        Seed of the study.
    """
    from sim.world import simulate

    short = shortened(scenario)
    run = simulate(short, replication_seed(seed, 0), log=True)
    assert run.orders is not None, "a logged run has its orders"
    return Logged(short, run.orders, event_log(short, run), Receipts(short, run))


def shortened(scenario: Scenario) -> Scenario:
    """Return the first weeks of a scenario; itself where it is no longer."""
    if scenario.horizon.days <= LOGGED_DAYS:
        return scenario
    return scenario.with_values({"horizon.days": LOGGED_DAYS})


def story(scenario: Scenario, pick: str = "late", *, seed: int = 1) -> dict[str, Any]:
    """Tell one order.

    Parameters
    ----------
    scenario
        What is simulated.
    pick
        A kind (:data:`KINDS`), or the number of an order.
    seed
        Seed of the study whose first history it is.

    Returns
    -------
    dict
        ``order`` (what it was; None where there is none of the kind), ``steps``, ``receipt``, ``left`` (yuan
        before rents, teams and head office), ``kinds`` (numbers of orders by kind), ``numbers`` (first and
        last) and ``promise_hours``.

    Raises
    ------
    ExperimentError
        If there is no such kind or number.
    """
    known = logged(scenario, seed)
    kinds = {kind: numbers for kind in KINDS if (numbers := known.numbers_of(kind))}
    ids = known.orders["order_id"]
    found: dict[str, Any] = {
        "scenario": scenario.name,
        "scenario_hash": scenario.hash,
        "days": known.scenario.horizon.days,
        "promise_hours": float(scenario.fulfilment.promise_hours),
        "kinds": kinds,
        "numbers": [int(ids.min()), int(ids.max())] if len(ids) else [],
        "order": None,
        "steps": [],
        "receipt": [],
        "left": 0.0,
    }
    number = _number(known, kinds, pick)
    if number is None:
        return found
    place = int(known.orders.index[ids == number][0])
    lines = known.receipts.of(place)
    return found | {
        "order": _order(known.orders.loc[place]),
        "steps": _steps(known, number),
        "receipt": [line.as_dict() for line in lines],
        "left": left_by(lines),
    }


def _number(known: Logged, kinds: Mapping[str, list[int]], pick: str) -> int | None:
    """Return the number of the order that is meant; None where there is none of a kind."""
    if pick in KINDS:
        return kinds[pick][0] if pick in kinds else None
    ids = known.orders["order_id"]
    if not pick.isdecimal():
        raise ExperimentError(f"unknown kind of order '{pick}'; allowed: {', '.join(KINDS)}, or a number")
    if not (ids == int(pick)).any():
        where = f"{ids.min()} to {ids.max()}" if len(ids) else "none"
        raise ExperimentError(f"there is no measured order {int(pick)}; the numbers are {where}, with gaps")
    return int(pick)


def _order(row: Any) -> dict[str, Any]:
    hours = float(row["hours_to_hands"])
    return {
        "number": int(row["order_id"]),
        "channel": row["channel"],
        "source": row["source"],
        "visitor_type": row["visitor_type"],
        "delivery": row["delivery"],
        "end": row["final_state"],
        "value": float(row["value_yuan"]),
        "units": int(row["units"]),
        "hours_to_hands": None if math.isnan(hours) else hours,
    }


def _steps(known: Logged, number: int) -> list[dict[str, Any]]:
    """Return the steps of an order as the event log tells them, with hours since it was placed."""
    import pandas as pd

    mine = known.events[known.events["case_id"] == f"order-{number}"]
    if mine.empty:
        return []
    moments = pd.to_datetime(mine["timestamp"])
    begin = moments.iloc[0]
    return [
        {
            "activity": row.activity,
            "resource": row.resource,
            "timestamp": row.timestamp,
            "hours": (moment - begin).total_seconds() / 3600.0,
            "cost": float(row.cost),
        }
        for row, moment in zip(mine.itertuples(index=False), moments, strict=True)
    ]


def receipts_of_account(
    scenario: Scenario, account: str, *, channel: str = "", most: int = 8, seed: int = 1
) -> dict[str, Any]:
    """Return orders that an account was moved by, each with its part.

    Parameters
    ----------
    scenario
        What is simulated.
    account
        Account of the profit and loss.
    channel
        Channel of the orders; empty for all.
    most
        How many orders at most.
    seed
        Seed of the study whose first history it is.
    """
    known = logged(scenario, seed)
    rows = [
        {**_order(known.orders.loc[place]), "yuan": yuan}
        for place, yuan in known.receipts.of_account(account, channel, most)
    ]
    return {"scenario_hash": scenario.hash, "days": known.scenario.horizon.days, "orders": rows}
