"""Arithmetic on histories that several facts share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.experiment.facts.fact import CannotTellError, Evidence
from sim.experiment.facts.worlds import World
from sim.money.accounts import accounts_in

if TYPE_CHECKING:
    from sim.experiment.jobs import Summary


def slope(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return the elasticity of costs to sizes: the least-squares slope of their logarithms.

    >>> round(slope([1.0, 2.0, 4.0], [8.0, 4.0, 2.0]), 6)
    -1.0
    """
    x = [math.log(size) for size in sizes]
    y = [math.log(cost) for cost in costs]
    middle, level = sum(x) / len(x), sum(y) / len(y)
    spread = sum((one - middle) ** 2 for one in x)
    return sum((a - middle) * (b - level) for a, b in zip(x, y, strict=True)) / spread


def group_cost(run: Summary, *groups: str) -> float:
    """Return yuan spent on groups of accounts in one history."""
    return sum(run.accounts.get(name, 0.0) for name in accounts_in(*groups))


def over_worlds(evidence: Evidence, worlds: Sequence[World]) -> list[tuple[Summary, ...]]:
    """Return, for each history, its twins in several worlds: they met the same luck."""
    return list(zip(*(evidence.histories[world] for world in worlds), strict=True))


def change(evidence: Evidence, before: World, after: World, kpi: str) -> list[float]:
    """Return the relative change of a figure between two worlds in each history."""
    first, second = evidence.kpi(before, kpi), evidence.kpi(after, kpi)
    if any(value == 0 for value in first):
        raise CannotTellError(f"{kpi} is zero in '{before.name}'")
    return [b / a - 1.0 for a, b in zip(first, second, strict=True)]


def by_source(run: Summary) -> dict[str, dict[str, float]]:
    """Return visits, orders and traffic cost by source over all channels."""
    found: dict[str, dict[str, float]] = {}
    for row in run.funnel:
        sums = found.setdefault(row["source"], {"visits": 0.0, "orders": 0.0, "traffic": 0.0})
        for name in sums:
            sums[name] += float(row[name])
    return found
