"""Planted brands whose best settings are known in closed form.

Two levers of the real schema stand for ``x`` (price in the Tmall shop) and ``y`` (price in the vertical
shop). Luck is a common part, the same for every setting that meets a seed, and an own part.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import numpy as np

from tests.experiment.planted import PlantedRun

X, Y, POLICY = "channels.tmall.price_index", "channels.vertical.price_index", "products.stock.policy"
ORDERS = 1_000.0
TOP, PEAK = 100.0, (1.2, 0.9)
SHARE_AT_ONE, SHARE_SLOPE = 0.9, 0.25


def contribution(x: float, y: float) -> float:
    """A hill of 100 yuan per order with its top at x = 1.2, y = 0.9."""
    return TOP - 200.0 * (x - PEAK[0]) ** 2 - 100.0 * (y - PEAK[1]) ** 2


def share_in_hands(x: float, y: float) -> float:
    """Service falls by 0.25 for each unit of x, whatever y is."""
    del y
    return SHARE_AT_ONE - SHARE_SLOPE * (x - 1.0)


def cost(x: float, y: float) -> float:
    """Cost per order rises with both: 50 x + 20 y."""
    return 50.0 * x + 20.0 * y


def simulate(scenario: Any, seed: int, *, common: float = 2.0, own: float = 0.2, **_: Any) -> PlantedRun:
    """A run of the planted brand."""
    x, y = scenario.value(X), scenario.value(Y)
    alone = np.random.default_rng([seed, int(scenario.hash[:12], 16)]).normal(size=2)
    shared = np.random.default_rng(seed).normal(size=2)
    each = contribution(x, y) + common * shared[0] + own * alone[0]
    if scenario.value(POLICY) == "push":
        each -= 5.0
    service = share_in_hands(x, y) + 0.001 * (common * shared[1] + own * alone[1])
    spent = cost(x, y) * ORDERS
    return PlantedRun(
        scenario_hash=scenario.hash,
        seed=seed,
        start=scenario.horizon.start,
        model_version="planted",
        kpis={
            "orders": ORDERS,
            "contribution": each * ORDERS,
            "contribution_per_order": each,
            "cost_per_order": spent / ORDERS,
            "share_in_hands": service,
        },
        accounts={"goods": spent},
        accounts_by_channel={},
        orders_by_channel={},
    )


def quiet(**luck: float) -> Any:
    """The same without luck, or with another amount of it."""
    return functools.partial(simulate, **({"common": 0.0, "own": 0.0} | luck))


def shrinking(scenario: Any, seed: int, **_: Any) -> PlantedRun:
    """A brand that saves cost by selling less: orders in proportion to x."""
    run = simulate(scenario, seed, common=0.0, own=0.0)
    x = scenario.value(X)
    return replace(
        run,
        kpis=run.kpis | {"orders": ORDERS * x},
        accounts={name: yuan * x for name, yuan in run.accounts.items()},
    )


def broken(scenario: Any, seed: int, **_: Any) -> PlantedRun:
    """A brand that cannot be simulated where x is above 1.1."""
    if scenario.value(X) > 1.1:
        raise ArithmeticError("the books do not balance: 3 fen are missing")
    return simulate(scenario, seed)
