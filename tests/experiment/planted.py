"""Worlds whose cost curves are known in closed form, in the shape of the product's own simulation.

They stand in for ``sim.world.simulate``. Being module-level functions (and partials of them) they reach
worker processes by name. Cost per order has a common part of luck, the same for every scenario that meets a
seed, and an own part.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.market import expected_orders
from sim.scenario.segments import open_layers

LAYER_SHARE = 0.25
GOODS = 50.0
RECEIPTS = 150.0


@dataclass(frozen=True)
class Curve:
    """Cost per order: ``fixed / q + unit + growing * q**power``, in yuan."""

    fixed: float = 0.0
    unit: float = 20.0
    growing: float = 0.0
    power: float = 1.0

    def average(self, q: float) -> float:
        return self.fixed / q + self.unit + self.growing * q**self.power

    def elasticity(self, low: float, high: float) -> float:
        return math.log(self.average(high) / self.average(low)) / math.log(high / low)

    def marginal(self, low: float, high: float) -> float:
        return (high * self.average(high) - low * self.average(low)) / (high - low)

    def lowest(self) -> float:
        return (self.fixed / (self.power * self.growing)) ** (1.0 / (1.0 + self.power))


@dataclass(frozen=True)
class PlantedRun:
    scenario_hash: str
    seed: int
    start: str
    model_version: str
    kpis: dict[str, float]
    accounts: dict[str, float]
    accounts_by_channel: dict[str, dict[str, float]]
    orders_by_channel: dict[str, float]


def run_of(scenario, seed, orders, parts, layer=None) -> PlantedRun:
    """A run with given yuan per order by account, and yuan per parcel by account of the layer."""
    accounts = {"sales": -RECEIPTS * orders, **{name: yuan * orders for name, yuan in parts.items()}}
    kpis = {"orders": orders, "share_in_hands": 0.95, "door_share_in_hands": 0.96}
    if layer is not None:
        parcels = orders * LAYER_SHARE
        accounts |= {name: yuan * parcels for name, yuan in layer.items()}
        kpis |= {
            "layer_parcels": parcels,
            "layer_cost": sum(layer.values()) * parcels,
            "layer_share_in_hands": 0.95,
        }
    cost = sum(yuan for name, yuan in accounts.items() if name != "sales")
    kpis["cost_per_order"] = cost / orders
    kpis["contribution_per_order"] = RECEIPTS - cost / orders
    kpis["contribution"] = RECEIPTS * orders - cost
    half = {name: yuan / 2 for name, yuan in accounts.items()}
    return PlantedRun(
        scenario_hash=scenario.hash,
        seed=seed,
        start=scenario.horizon.start,
        model_version="planted",
        kpis=kpis,
        accounts=accounts,
        accounts_by_channel={"tmall": half, "stores": half},
        orders_by_channel={"tmall": orders / 2, "stores": orders / 2},
    )


def luck(scenario, seed, common: float, own: float) -> tuple[float, float]:
    """Two normal factors around one: shared by all scenarios of a seed, and this scenario's own."""
    shared = np.random.default_rng(seed).normal(0.0, common)
    alone = np.random.default_rng([seed, int(scenario.hash[:12], 16)]).normal(0.0, own)
    return 1.0 + shared, 1.0 + alone


def size_of(scenario) -> float:
    """Orders: one per visit, so that curves have round numbers (10,000 in the scenarios of these tests)."""
    sources = scenario.market.sources
    named = [getattr(sources, name) for name in type(sources).model_fields]
    return sum(source.visits_per_year for source in named if source is not None)


def simulate(
    scenario: Any,
    seed: int,
    *,
    engine: str = "compiled",
    visits: str = "split",
    sized_for: Any = None,
    growth: Any = None,
    curve: Curve,
    common: float = 0.01,
    own: float = 0.002,
) -> PlantedRun:
    """Cost per order on a planted curve; a layer, if open, has the same curve per parcel."""
    assert (engine, visits) in (("compiled", "split"), ("reference", "split"))
    assert (
        growth is None or growth.months > 0
    )  # the scenario is where growth ends, and its curve is read there
    orders = size_of(scenario)
    shared, alone = luck(scenario, seed, common, own)
    average = curve.average(orders) * shared * alone
    if sized_for is not None:
        average += abs(orders - size_of(sized_for)) / size_of(sized_for)
    layer = {"pickup_sites": 0.6 * average, "pickup_fees": 0.4 * average} if open_layers(scenario) else None
    parts = {"goods": GOODS, "line_haul": average}
    return run_of(scenario, seed, orders, parts, layer)


def on(curve: Curve, **luck_of: float) -> Callable[..., PlantedRun]:
    return functools.partial(simulate, curve=curve, **luck_of)


SUPERVISION, ATTRITION, JOINT, SPREAD = 0.8, 0.3, 0.5, 2.0


def mechanisms(scenario, seed, *, common=0.01, **_) -> PlantedRun:
    """A layer whose cost per parcel rises with log2 of volume through two mechanisms and their product.

    Per doubling: supervision 0.8, attrition 0.3, both together 0.5 more; fixed cost falls by 2.0 per
    doubling.
    """
    orders = size_of(scenario)
    doublings = math.log2(orders / 10_000.0)
    switches = scenario.mechanisms
    shared, _ = luck(scenario, seed, common, 0.0)
    wages = (
        SUPERVISION * switches.supervision + JOINT * (switches.supervision and switches.attrition)
    ) * doublings
    layer = {
        "pickup_supervision": (10.0 + wages) * shared,
        "pickup_hiring": (5.0 + ATTRITION * switches.attrition * doublings) * shared,
        "pickup_sites": (8.0 - SPREAD * doublings) * shared,
    }
    return run_of(
        scenario, seed, orders, {"goods": GOODS, "line_haul": 8.0}, layer if open_layers(scenario) else None
    )


def gaussian(scenario, seed, **_) -> PlantedRun:
    """Cost per order normal with mean 20 and standard deviation 3, independent over seeds."""
    value = np.random.default_rng(seed).normal(20.0, 3.0)
    return run_of(scenario, seed, 1000.0, {"line_haul": value})


def skewed(scenario, seed, **_) -> PlantedRun:
    """Cost per order exponential with mean 20, as the cost of a rare disaster would be."""
    return run_of(scenario, seed, 1000.0, {"line_haul": np.random.default_rng(seed).exponential(20.0)})


def priced(scenario, seed, **_) -> PlantedRun:
    """Orders as the market expects them, at a flat cost per order."""
    return run_of(scenario, seed, expected_orders(scenario), {"line_haul": 20.0})


def failing(scenario, seed, **_) -> PlantedRun:
    """A world that breaks at volumes above its own."""
    if size_of(scenario) > 15_000.0:
        raise ArithmeticError("the books do not balance: 3 fen are missing\nsecond line")
    return run_of(scenario, seed, 1000.0, {"line_haul": 20.0})
