"""Worlds in which it is known which assumption turns a verdict, and where."""

from __future__ import annotations

from typing import Any

from sim.scenario.segments import open_layers
from tests.experiment.planted import GOODS, PlantedRun, luck, run_of, size_of

MANAGER = "pickup.community.supervision.wage_per_month"
WAGE = "pickup.community.attendant_wage_per_hour"
FEE = "pickup.community.fee_per_parcel"
STEEPEST = 0.1
TURNS_FLAT_AT = 7600.0
"""Wage at which the elasticity of :func:`by_manager` enters the neutral band of 0.02 from above."""


def _layer(scenario: Any, seed: int, exponent: float, level: float) -> PlantedRun:
    orders = size_of(scenario)
    shared, _ = luck(scenario, seed, 0.01, 0.0)
    average = level * (orders / 10_000.0) ** exponent * shared
    layer = {"pickup_sites": average} if open_layers(scenario) else None
    return run_of(scenario, seed, orders, {"goods": GOODS, "line_haul": 8.0}, layer)


def by_manager(scenario: Any, seed: int, **_: Any) -> PlantedRun:
    """The layer's cost per parcel has elasticity ``0.1 (1 - (wage - 6000) / 2000)``.

    It rises at the own wage of 6,000, is flat from 7,600 to 8,400, and falls at 9,000, the end of the range.
    """
    layer = scenario.pickup.community
    wage = 6000.0 if layer is None else float(layer.supervision.wage_per_month)
    return _layer(scenario, seed, STEEPEST * (1.0 - (wage - 6000.0) / 2000.0), 5.0)


def by_two(scenario: Any, seed: int, **_: Any) -> PlantedRun:
    """Rising by 0.1; low wages and low fees take 0.05 each at the ends of their ranges, so that only both
    reach the neutral band."""
    layer = scenario.pickup.community
    if layer is None:
        return _layer(scenario, seed, 0.0, 5.0)
    wage = max(0.0, (17.0 - layer.attendant_wage_per_hour) / (17.0 - 12.5))
    fee = max(0.0, (0.5 - layer.fee_per_parcel) / 0.5)
    return _layer(scenario, seed, 0.1 - 0.05 * wage - 0.05 * fee, 5.0)


def by_nothing(scenario: Any, seed: int, **_: Any) -> PlantedRun:
    """Rising by 0.1, whatever the assumptions."""
    return _layer(scenario, seed, STEEPEST, 5.0)


def by_goods(scenario: Any, seed: int, **_: Any) -> PlantedRun:
    """Profit per order is 20 yuan higher without a layer below a gross margin of 0.4, 20 yuan lower above."""
    orders = size_of(scenario)
    shared, _ = luck(scenario, seed, 0.01, 0.0)
    sign = 1.0 if scenario.products.gross_margin < 0.4 else -1.0
    extra = 10.0 * sign * (1.0 if open_layers(scenario) else -1.0)
    return run_of(scenario, seed, orders, {"goods": GOODS * shared, "line_haul": 20.0 + extra})
