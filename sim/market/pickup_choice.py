"""How many shoppers can reach a pickup point, and how many of those collect there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.market.places import served_shares

if TYPE_CHECKING:
    from sim.scenario import Scenario


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


def cover(scenario: Scenario, layer_name: str) -> Coverage:
    """Spread a layer's points over the places, densest first, and work out who can reach them.

    With ``k`` points in a place a shopper is in reach of at least one of them with probability
    ``1 - (1 - reach)**k`` (points placed independently of each other).
    """
    layer = getattr(scenario.pickup, layer_name)
    shares = served_shares(scenario)
    base, extra = divmod(layer.points, shares.size)
    in_place = np.full(shares.size, base)
    in_place[:extra] += 1
    choosers = shares * (1.0 - (1.0 - layer.reach_per_point) ** in_place) * layer.choice_share
    place_of_point = np.concatenate([np.flatnonzero(in_place > rank) for rank in range(int(in_place.max()))])
    per_point = choosers[place_of_point] / in_place[place_of_point]
    adoption = float(choosers.sum())
    weights = per_point / per_point.sum() if adoption > 0 else np.full(layer.points, 1.0 / layer.points)
    return Coverage(
        points_in_place=in_place, adoption=adoption, weights=weights, place_of_point=place_of_point
    )
