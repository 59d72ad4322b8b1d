"""How many shoppers can reach a pickup point, and how many of those collect there.

Every layer's points stand where they stand independently of the others', so a shopper has some of the layers
in reach and not others. Among those in reach and the door the shopper picks with probabilities in proportion
to weights (multinomial logit, McFadden 1974): the door weighs one, a layer the odds of its ``choice_share``,
which therefore is the share of those who collect where this layer alone is in reach.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from sim.market.places import served_shares
from sim.scenario.segments import open_layers, points_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario import Scenario

HOURS_PER_DAY = 24.0
MOST = 1.0 - 1e-12
"""Highest share that odds are taken of: of two layers that everybody would choose each gets half."""


@dataclass(frozen=True)
class Coverage:
    """Where a layer's points stand and how demand spreads over them.

    Attributes
    ----------
    points_in_place
        Number of points in each place, densest place first.
    adoption
        Share of all online orders that choose the layer at checkout.
    weights
        Share of the layer's parcels that each point receives (sum one), in the order of opening.
    place_of_point
        Index of the place of each point.
    """

    points_in_place: np.ndarray
    adoption: float
    weights: np.ndarray
    place_of_point: np.ndarray


def spread(points: int, places: int) -> np.ndarray:
    """Return the number of points in each place when they are dealt out in turn, densest place first."""
    base, extra = divmod(points, places)
    in_place = np.full(places, base)
    in_place[:extra] += 1
    return in_place


def attraction(scenario: Scenario, layer_name: str) -> float:
    """Return the share of shoppers who collect where this layer alone is in reach.

    The odds of ``choice_share`` fall by the factor ``exp(-s * fee)`` with what collecting costs the shopper
    and by ``(hours / 24)**e`` with shorter opening hours; with ``s`` and ``e`` zero they stay as they are.
    """
    pickup = scenario.pickup
    layer = getattr(pickup, layer_name)
    factor = math.exp(-pickup.fee_sensitivity * layer.shopper_fee)
    factor *= (layer.open_hours_per_day / HOURS_PER_DAY) ** pickup.hours_elasticity
    share = float(layer.choice_share)
    if factor == 1.0:
        return share
    return share * factor / (1.0 - share + share * factor)


def choice_probability(chosen: str, others: tuple[str, ...], attractions: Mapping[str, float]) -> float:
    """Return the share that picks ``chosen`` where it, ``others`` and the door are in reach.

    Parameters
    ----------
    chosen
        A layer.
    others
        The other layers in reach.
    attractions
        By layer, the share that picks it where it alone is in reach.
    """
    if not others:
        return attractions[chosen]
    odds = {name: min(attractions[name], MOST) for name in (chosen, *others)}
    odds = {name: share / (1.0 - share) for name, share in odds.items()}
    return odds[chosen] / (1.0 + sum(odds.values()))


def _share_of_reached(
    name: str, reach: Mapping[str, np.ndarray], attractions: Mapping[str, float]
) -> np.ndarray:
    """Return, by place, the share of those in reach of a layer who pick it, whatever else they reach."""
    rivals = [other for other in reach if other != name]
    found = np.zeros(reach[name].size)
    for size in range(len(rivals) + 1):
        for inside in combinations(rivals, size):
            chance = np.ones(found.size)
            for other in rivals:
                chance = chance * (reach[other] if other in inside else 1.0 - reach[other])
            found += chance * choice_probability(name, inside, attractions)
    return found


def coverage(scenario: Scenario) -> dict[str, Coverage]:
    """Spread every open layer's points over the places and work out who collects where.

    With ``k`` points of a layer in a place a shopper is in reach of at least one of them with probability
    ``1 - (1 - reach)**k`` (points placed independently of each other).

    Returns
    -------
    dict
        Coverage by open layer; the adoptions sum to at most one.
    """
    shares = served_shares(scenario)
    layers = open_layers(scenario)
    in_place = {name: spread(points_of(scenario, name), shares.size) for name in layers}
    reach = {
        name: 1.0 - (1.0 - getattr(scenario.pickup, name).reach_per_point) ** in_place[name]
        for name in layers
    }
    attractions = {name: attraction(scenario, name) for name in layers}
    found = {}
    for name in layers:
        choosers = shares * reach[name] * _share_of_reached(name, reach, attractions)
        found[name] = _at_points(choosers, in_place[name])
    return found


def _at_points(choosers: np.ndarray, in_place: np.ndarray) -> Coverage:
    points = int(in_place.sum())
    place_of_point = np.concatenate([np.flatnonzero(in_place > rank) for rank in range(int(in_place.max()))])
    per_point = choosers[place_of_point] / in_place[place_of_point]
    adoption = float(choosers.sum())
    weights = per_point / per_point.sum() if adoption > 0 else np.full(points, 1.0 / points)
    return Coverage(
        points_in_place=in_place, adoption=adoption, weights=weights, place_of_point=place_of_point
    )


def delivery_shares(scenario: Scenario) -> dict[str, float]:
    """Return the share of online orders that choose each way to the customer; the door takes the rest."""
    shares = {layer: found.adoption for layer, found in coverage(scenario).items()}
    return {"door": max(1.0 - sum(shares.values()), 0.0), **shares}


def promoted_per_month(scenario: Scenario, name: str, staffed: float, survival: float) -> float:
    """Return the orders a month that the attendants (or leaders) of a layer bring.

    Each brings ``a`` orders as far as management's intent reaches. Where those of one place fish in one pond
    of ``P`` orders a month, ``n`` of them together bring ``P * (1 - exp(-n * a / P))``: each further one
    finds fewer who have not bought from another (random encounters, Poisson).

    Parameters
    ----------
    scenario
        The world.
    name
        A layer.
    staffed
        Attendants in post.
    survival
        Share of management's intent that reaches them.
    """
    layer = getattr(scenario.pickup, name)
    each = layer.promotion_orders_per_attendant_month
    pond = layer.promotion_pool_per_place
    if pond is None or each == 0 or not scenario.mechanisms.promotion_crowding:
        return float(staffed * each * survival)
    shares = served_shares(scenario)
    in_place = spread(points_of(scenario, name), shares.size)
    ponds = pond * shares * shares.size
    tries = staffed * in_place / in_place.sum() * each * survival
    return float((ponds * -np.expm1(-tries / ponds)).sum())


def promoted_shares(scenario: Scenario) -> dict[str, float]:
    """Return the share of promoted online orders that choose each way to the customer.

    Those who bought from a leader collect at the leader (``promoted_collect_share``); where a layer says
    nothing of it, its buyers choose like all others.
    """
    shares = delivery_shares(scenario)
    layers = open_layers(scenario)
    brought = {
        name: promoted_per_month(scenario, name, float(points_of(scenario, name)), 1.0) for name in layers
    }
    total = sum(brought.values())
    collected = {name: getattr(scenario.pickup, name).promoted_collect_share or 0.0 for name in layers}
    if total == 0 or not any(collected.values()):
        return shares
    held = {name: brought[name] / total * collected[name] for name in layers}
    free = 1.0 - sum(held.values())
    return {way: share * free + held.get(way, 0.0) for way, share in shares.items()}
