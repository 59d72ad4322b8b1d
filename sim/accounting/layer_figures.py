"""Figures of the pickup layers, and of the trip to the door that they compete with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.accounting.work import fleet_cost, fleet_share
from sim.money import CHART

if TYPE_CHECKING:
    from sim.accounting.tally import Tally
    from sim.money import Books


def layer_figures(tally: Tally, books: Books) -> dict[str, float]:
    """Return what a trip to the door costs and what collecting costs, by layer and for all together."""
    found = _door_figures(tally)
    layers = tally.world.layers
    if not layers:
        return found
    costs, parcels, overflow = 0.0, 0.0, 0.0
    booked = _booked(books)
    for name in layers:
        cost = booked.get(name, 0) / 100.0
        cost += _residual_last_mile(tally, name)
        sent = tally.total(f"{name}_depot")
        costs, parcels = costs + cost, parcels + sent
        overflow += tally.total(f"{name}_redirected")
        found |= {f"{name}_cost": cost, f"{name}_parcels": sent}
        if sent > 0:
            found[f"{name}_cost_per_parcel"] = cost / sent
    found |= {"layer_parcels": parcels, "layer_cost": costs}
    if parcels > 0:
        points = sum(layer.count for layer in layers.values())
        found["layer_cost_per_parcel"] = costs / parcels
        found["overflow_share"] = overflow / parcels
        found["parcels_per_point_day"] = parcels / points / tally.days.sum()
    point_days = sum(layer.point_days for layer in layers.values())
    if point_days > 0:
        found["vacancy_share"] = sum(layer.vacancy_days for layer in layers.values()) / point_days
    return found | _manager_figures(tally)


def _booked(books: Books) -> dict[str, int]:
    """Return what stands on the pickup accounts by layer, in fen."""
    accounts = {account.name for account in CHART.values() if account.group == "pickup"}
    found: dict[str, int] = {}
    for entry in books.entries:
        if entry.layer:
            sign = (entry.debit in accounts) - (entry.credit in accounts)
            found[entry.layer] = found.get(entry.layer, 0) + sign * entry.fen
    return found


def _door_figures(tally: Tally) -> dict[str, float]:
    door = tally.total("line_haul") - sum(tally.total(f"{name}_depot") for name in tally.world.layers)
    is_door = np.array([c.delivery == "door" for c in tally.classes])
    courier = tally.scenario.fulfilment.courier
    to_door = float(tally.counts("door_trip", "entries")[:, is_door].sum())
    if door <= 0 or to_door <= 0:
        return {}
    failed = float(tally.counts("failed_trip", "entries")[:, is_door].sum())
    second_trip = courier.last_mile_cost + courier.failed_attempt_cost
    per_parcel = courier.last_mile_cost + failed * second_trip / to_door
    if tally.world.fleet is not None:
        spared = fleet_share(tally) * courier.last_mile_cost * (to_door + failed)
        per_parcel += (fleet_cost(tally) - spared) / to_door
    return {"door_last_mile_per_parcel": per_parcel}


def _manager_figures(tally: Tally) -> dict[str, float]:
    """Return the busy share of all area managers' time; layers count by the number of their managers."""
    busy = {
        name: float(tally.statistics[f"{name}_managers"].utilisation)
        for name, layer in tally.world.layers.items()
        if layer.pyramid.heads
    }
    if not busy:
        return {}
    if len(busy) == 1:
        return {"manager_utilisation": next(iter(busy.values()))}
    heads = {name: tally.world.layers[name].pyramid.area_managers for name in busy}
    return {
        "manager_utilisation": sum(busy[name] * heads[name] for name in busy) / float(sum(heads.values()))
    }


def _residual_last_mile(tally: Tally, name: str) -> float:
    """Return what the courier still charges for a layer's last mile, failed trips included (yuan)."""
    courier = tally.scenario.fulfilment.courier
    mine = np.array([c.delivery == name for c in tally.classes])
    parcels = float(tally.counts("line_haul", "entries")[:, mine].sum())
    failed = float(tally.counts("failed_trip", "entries")[:, mine].sum())
    left = courier.last_mile_cost - getattr(tally.scenario.pickup, name).tariff_discount
    return parcels * left + failed * (courier.last_mile_cost + courier.failed_attempt_cost)
