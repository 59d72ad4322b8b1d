"""Figures of service: on time, handed over at once, whole and right; calls by cause; satisfaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.accounting.work import fleet_cost
from sim.fulfilment.plan import installation_of
from sim.scenario.picking import errors_of

if TYPE_CHECKING:
    from sim.accounting.tally import Tally

DAY_HOURS = 24.0
MINUTES_PER_HOUR = 60.0


def service_figures(tally: Tally) -> dict[str, float]:
    """Return every figure of service that applies."""
    found = _in_hands(tally) | _parcels(tally) | _desk(tally) | _hands(tally) | _defects(tally)
    return found | _satisfaction(tally, found)


def contacts_by_cause(tally: Tally) -> dict[str, int]:
    """Return calls by cause, the most frequent first; causes without a call are left out.

    Questions, broken, wrong and short boxes are those of the measured orders; calls about late parcels,
    failed trips and lost parcels are those that came in the measured period.
    """
    found = {"broken": tally.total("broken")}
    if errors_of(tally.scenario) is not None:
        found |= {"wrong": tally.total("wrong"), "short": tally.total("short")}
    found["question"] = tally.total("service") - sum(found.values())
    for cause, calls in tally.world.desk.calls.items():
        found[cause] = sum(number for period, number in calls.items() if 0 <= period < tally.months)
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return {cause: round(number) for cause, number in ordered if number > 0}


def _in_hands(tally: Tally) -> dict[str, float]:
    """Return the shares of orders that were in the shopper's hands in time, by way."""
    found: dict[str, float] = {}
    promise = tally.scenario.fulfilment.promise_hours
    delivered = tally.statistics["delivered"]
    layers = tally.world.layers
    ways = {
        "share_in_hands": tally.online,
        "door_share_in_hands": np.array([c.delivery == "door" for c in tally.classes]),
        "layer_share_in_hands": np.array([c.delivery in layers for c in tally.classes]),
    }
    ways |= {
        f"{layer}_share_in_hands": np.array([c.delivery == layer for c in tally.classes]) for layer in layers
    }
    arrived = tally.counts("delivered", "entries").sum(axis=0)
    sent = _sent(tally)
    for name, wanted in ways.items():
        total = float(sent[wanted].sum())
        names = [c.name for c, use in zip(tally.classes, wanted, strict=True) if use]
        if total > 0:
            in_time = float(delivered.age_share_within(promise, classes=names))
            found[name] = in_time * float(arrived[wanted].sum()) / total
    if "share_in_hands" in found:
        found["on_time_share"] = found["share_in_hands"]
    if tally.total("delivered") > 0:
        found["hours_to_hands"] = float(delivered.mean_age)
    return found


def _sent(tally: Tally) -> np.ndarray:
    """Return orders that were not cancelled, by class."""
    sent = tally.counts("placed", "entries") - tally.counts("cancelled", "entries")
    return np.asarray(sent.sum(axis=0))


def _parcels(tally: Tally) -> dict[str, float]:
    """Return how many parcels were handed over at once, and how many were packed wrong or short."""
    found: dict[str, float] = {}
    trips, arrived = tally.total("door_trip"), tally.total("delivered")
    if trips > 0:
        found["delivery_success_share"] = 1.0 - tally.total("failed_trip") / trips
    if errors_of(tally.scenario) is not None and arrived > 0:
        found["wrong_share"] = tally.total("wrong") / arrived
        found["short_share"] = tally.total("short") / arrived
    fleet = tally.world.fleet
    if fleet is not None and fleet.van_days > 0:
        found["stops_per_van_day"] = fleet.stops / fleet.van_days
        found["fleet_cost_per_stop"] = fleet_cost(tally) / fleet.stops
    return found


def _desk(tally: Tally) -> dict[str, float]:
    """Return how many calls were solved by the end of the measured period, and how many within a day."""
    found: dict[str, float] = {}
    service = tally.statistics["service"]
    called = float(tally.counts("service", "entries")[: tally.months].sum())
    if called > 0:
        found["solved_share"] = float(tally.counts("service", "departures")[: tally.months].sum()) / called
    if service.departures > 0:
        handling = tally.scenario.service.handling_minutes.mean / MINUTES_PER_HOUR
        found["solved_in_24h_share"] = share_within(service, max(DAY_HOURS - handling, 0.0))
    return found


def _hands(tally: Tally) -> dict[str, float]:
    """Return how busy people are, and what waits for them."""
    found: dict[str, float] = {}
    stations = {"packer_utilisation": "pick_pack", "agent_utilisation": "service"}
    crews = installation_of(tally.scenario)
    if crews is not None:
        stations["crew_utilisation"] = "installation"
        done = tally.statistics["installation"]
        if done.entries > 0:
            found["installation_wait_hours"] = crews.appointment_hours.mean + float(done.mean_wait)
    if tally.scenario.fulfilment.returns.refurbishment is not None:
        waiting = tally.counts("refurbishment", "entries") - tally.counts("refurbished", "entries")
        found["dead_stock_orders"] = float(waiting[: tally.months].sum())
    if tally.scenario.mechanisms.staff_queues:
        for kpi, node in stations.items():
            if tally.statistics[node].entries > 0:
                found[kpi] = float(tally.statistics[node].utilisation)
    return found


def _defects(tally: Tally) -> dict[str, float]:
    """Return the cases that projects can be started against per order: all of them, and those reported."""
    orders = tally.total("placed")
    if tally.scenario.management.quality is None or orders == 0:
        return {}
    nodes = {"broken": "broken", "failed": "failed_trip"}
    if errors_of(tally.scenario) is not None:
        nodes |= {"wrong": "wrong", "short": "short"}
    cases = {cause: tally.total(node) / orders for cause, node in nodes.items()}
    board = tally.world.quality
    told = cases if board is None else {c: n * board.reported_share(c) for c, n in cases.items()}
    return {"defect_share": sum(cases.values()), "reported_defect_share": sum(told.values())}


def _satisfaction(tally: Tally, found: dict[str, float]) -> dict[str, float]:
    """Return the share of online orders with nothing to complain about.

    On time, whole, packed right, and with every call solved within a day; the four are multiplied, as an
    order's delay, its box and the length of the queue at the desk are independent of each other here.
    """
    arrived = tally.total("delivered")
    if arrived == 0 or "on_time_share" not in found:
        return {}
    right = 1.0 - found.get("wrong_share", 0.0) - found.get("short_share", 0.0)
    whole = 1.0 - tally.total("broken") / arrived
    calls = min(tally.total("service") / arrived, 1.0)
    unsolved = calls * (1.0 - found.get("solved_in_24h_share", 1.0))
    return {"satisfaction": found["on_time_share"] * whole * right * (1.0 - unsolved)}


def share_within(node: Any, hours: float) -> float:
    """Return the share of stays at a station whose wait was at most ``hours``, from its quantiles."""
    low, high = 0.0, 1.0
    if node.wait_quantile(1.0) <= hours:
        return 1.0
    for _ in range(24):
        middle = (low + high) / 2.0
        if node.wait_quantile(middle) <= hours:
            low = middle
        else:
            high = middle
    return low
