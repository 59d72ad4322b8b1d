"""Planted simulations whose sensitivities are known: contribution per order follows from a few assumptions.

They stand in for ``sim.world.simulate``. Inputs are positions in an assumption's own range, from 0 to 1, so
a slope is the swing over that range.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.experiment.worlds import ranges_in_play
from sim.scenario import load
from tests.experiment.planted import RECEIPTS, PlantedRun, run_of

# Of different rooms, sizes and grades; the formulas name them by their place.
PATHS = (
    "products.gross_margin",
    "channels.tmall.commission",
    "fulfilment.breakage_per_handover",
    "market.repurchase.probability",
    "service.wage_per_month",
    "management.head_office_cost_per_year",
    "products.return_rate",
    "finance.opening_cash",
)
ORDERS = 1000.0


@functools.cache
def ranges() -> dict[str, tuple[float, float, float]]:
    """Own value, low and high end of every assumption of the planted worlds."""
    return ranges_in_play(load("door_only"))


def position(scenario: Any, path: str) -> float:
    """Where a value lies in its range, from 0 to 1."""
    _, low, high = ranges()[path]
    return float((scenario.value(path) - low) / (high - low))


def own_positions() -> list[float]:
    """Positions of the scenario's own values."""
    return [(own - low) / (high - low) for own, low, high in (ranges()[path] for path in PATHS)]


def _luck(scenario: Any, seed: int, common: float, alone: float) -> float:
    found = np.random.default_rng(seed).normal(0.0, common) if common else 0.0
    if alone:
        found += np.random.default_rng([seed, int(scenario.hash[:12], 16)]).normal(0.0, alone)
    return float(found)


def _run(scenario: Any, seed: int, contribution: float) -> PlantedRun:
    return run_of(scenario, seed, ORDERS, {"line_haul": RECEIPTS - contribution})


def additive(
    scenario: Any, seed: int, *, slopes: tuple[float, ...], common: float = 0.0, alone: float = 0.0, **_: Any
) -> PlantedRun:
    """Ten yuan, and a slope for each of the first assumptions."""
    value = 10.0 + math.fsum(
        slope * position(scenario, path) for slope, path in zip(slopes, PATHS, strict=False)
    )
    return _run(scenario, seed, value + _luck(scenario, seed, common, alone))


def bent(scenario: Any, seed: int, *, own: float, **_: Any) -> PlantedRun:
    """A parabola in the first assumption, highest at the scenario's own value."""
    return _run(scenario, seed, 10.0 - 8.0 * (position(scenario, PATHS[0]) - own) ** 2)


def ishigami(scenario: Any, seed: int, *, common: float = 0.0, alone: float = 0.0, **_: Any) -> PlantedRun:
    """The function of Ishigami and Homma (1990), a = 7 and b = 0.1, of the first three assumptions."""
    x, y, z = (math.pi * (2.0 * position(scenario, path) - 1.0) for path in PATHS[:3])
    value = math.sin(x) + 7.0 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x)
    return _run(scenario, seed, value + _luck(scenario, seed, common, alone))


def choice(
    scenario: Any,
    seed: int,
    *,
    offset: float,
    slopes: tuple[float, ...],
    alone: float = 0.0,
    **_: Any,
) -> PlantedRun:
    """Contribution per order of a scenario with a layer, above the 50 yuan of one without."""
    from sim.scenario.segments import open_layers

    luck = _luck(scenario, seed, 5.0, 0.0)  # the same shoppers: it does not decide anything
    if not open_layers(scenario):
        return _run(scenario, seed, 50.0 + luck)
    gain = offset + math.fsum(
        slope * (position(scenario, path) - 0.5) for slope, path in zip(slopes, PATHS, strict=False)
    )
    return _run(scenario, seed, 50.0 + luck + gain + _luck(scenario, seed, 0.0, alone))


def fragile(scenario: Any, seed: int, **_: Any) -> PlantedRun:
    """A world that breaks near the high end of the second assumption."""
    if position(scenario, PATHS[1]) > 0.9:
        raise ArithmeticError("the books do not balance: 3 fen are missing")
    return additive(scenario, seed, slopes=(1.0, 2.0))


def planted(simulate: Callable[..., PlantedRun], **arguments: Any) -> Callable[..., PlantedRun]:
    """A planted simulation with its arguments; it reaches worker processes by name."""
    return functools.partial(simulate, **arguments)
