"""Every figure of a closed history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.money import CHART, contribution, net_sales, total_cost
from sim.scenario.segments import PROMOTION, REPEAT

if TYPE_CHECKING:
    from sim.accounting.tally import Tally
    from sim.money import Books

DAY_HOURS = 24.0


def figures(tally: Tally, books: Books) -> dict[str, float]:
    """Return every figure that applies."""
    orders = tally.total("placed")
    online = float(tally.counts("placed", "entries")[:, tally.online].sum())
    balances = books.by_account()
    profit = contribution(balances) / 100.0
    cost = total_cost(balances) / 100.0
    paid = tally.total("placed", "value")
    found = {
        "visits": float(_real_visits(tally)),
        "orders": orders,
        "orders_online": online,
        "orders_store": orders - online,
        "sales": net_sales(balances) / 100.0,
        "contribution": profit,
        "closing_cash": books.balance("cash", period=range(tally.months)) / 100.0,
        "points": float(sum(layer.count for layer in tally.world.layers.values())),
        "managers": float(sum(layer.pyramid.managers for layer in tally.world.layers.values())),
    }
    if orders > 0:
        found |= {
            "contribution_per_order": profit / orders,
            "cost_per_order": cost / orders,
            "average_order_value": paid / orders,
            "return_share": (tally.total("return_transit") + tally.total("refused")) / orders,
            "broken_share": tally.total("broken") / orders,
            "lost_share": tally.total("lost") / orders,
            "cancelled_share": tally.total("cancelled") / orders,
        }
    if found["visits"] > 0:
        found["conversion_rate"] = _first_orders(tally) / found["visits"]
    return found | _service_figures(tally) | _layer_figures(tally, books)


def _real_visits(tally: Tally) -> float:
    real = [s.segment.source not in (REPEAT, PROMOTION) for s in tally.world.trading.streams]
    return float(tally.world.visits[:, real].sum())


def _first_orders(tally: Tally) -> float:
    first = [c.segment.source not in (REPEAT, PROMOTION) for c in tally.classes]
    return float(tally.counts("placed", "entries")[:, first].sum())


def _service_figures(tally: Tally) -> dict[str, float]:
    found: dict[str, float] = {}
    promise = tally.scenario.fulfilment.promise_hours
    delivered = tally.statistics["delivered"]
    ways = {
        "share_in_hands": tally.online,
        "door_share_in_hands": np.array([c.delivery == "door" for c in tally.classes]),
        "layer_share_in_hands": np.array([c.delivery in tally.world.layers for c in tally.classes]),
    }
    sent = tally.counts("placed", "entries").sum(axis=0) - tally.counts("cancelled", "entries").sum(axis=0)
    arrived = tally.counts("delivered", "entries").sum(axis=0)
    for name, wanted in ways.items():
        total = float(sent[wanted].sum())
        names = [c.name for c, use in zip(tally.classes, wanted, strict=True) if use]
        if total > 0:
            found[name] = (
                float(delivered.age_share_within(promise, classes=names))
                * float(arrived[wanted].sum())
                / total
            )
    if tally.total("delivered") > 0:
        found["hours_to_hands"] = float(delivered.mean_age)
    service = tally.statistics["service"]
    if service.departures > 0:
        found["solved_in_24h_share"] = share_within(service, DAY_HOURS)
    if tally.scenario.mechanisms.staff_queues:
        for kpi, node in (("packer_utilisation", "pick_pack"), ("agent_utilisation", "service")):
            if tally.statistics[node].entries > 0:
                found[kpi] = float(tally.statistics[node].utilisation)
    return found


def _layer_figures(tally: Tally, books: Books) -> dict[str, float]:
    found: dict[str, float] = {}
    door = tally.total("line_haul") - sum(tally.total(f"{name}_depot") for name in tally.world.layers)
    pickup_accounts = [account.name for account in CHART.values() if account.group == "pickup"]
    is_door = np.array([c.delivery == "door" for c in tally.classes])
    courier = tally.scenario.fulfilment.courier
    to_door = float(tally.counts("door_trip", "entries")[:, is_door].sum())
    if door > 0 and to_door > 0:
        failed = float(tally.counts("failed_trip", "entries")[:, is_door].sum())
        second_trip = courier.last_mile_cost + courier.failed_attempt_cost
        found["door_last_mile_per_parcel"] = courier.last_mile_cost + failed * second_trip / to_door
    if not tally.world.layers:
        return found
    costs, parcels, overflow = 0.0, 0.0, 0.0
    for name, layer in tally.world.layers.items():
        cost = books.total(pickup_accounts, layer=name) / 100.0
        cost += _residual_last_mile(tally, name)
        sent = tally.total(f"{name}_depot")
        costs, parcels = costs + cost, parcels + sent
        overflow += tally.total(f"{name}_redirected")
        found |= {f"{name}_cost": cost, f"{name}_parcels": sent}
        if sent > 0:
            found[f"{name}_cost_per_parcel"] = cost / sent
        if layer.pyramid.heads:
            found["manager_utilisation"] = float(tally.statistics[f"{name}_managers"].utilisation)
    found |= {"layer_parcels": parcels, "layer_cost": costs}
    if parcels > 0:
        days = tally.days.sum()
        found["layer_cost_per_parcel"] = costs / parcels
        found["overflow_share"] = overflow / parcels
        points = sum(layer.count for layer in tally.world.layers.values())
        found["parcels_per_point_day"] = parcels / points / days
    point_days = sum(layer.point_days for layer in tally.world.layers.values())
    if point_days > 0:
        found["vacancy_share"] = sum(layer.vacancy_days for layer in tally.world.layers.values()) / point_days
    return found


def _residual_last_mile(tally: Tally, name: str) -> float:
    """Return what the courier still charges for a layer's last mile, failed trips included (yuan)."""
    courier = tally.scenario.fulfilment.courier
    mine = np.array([c.delivery == name for c in tally.classes])
    parcels = float(tally.counts("line_haul", "entries")[:, mine].sum())
    failed = float(tally.counts("failed_trip", "entries")[:, mine].sum())
    left = courier.last_mile_cost - getattr(tally.scenario.pickup, name).tariff_discount
    return parcels * left + failed * (courier.last_mile_cost + courier.failed_attempt_cost)


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
