"""Rivals in a market of another size: their sales follow the market, not the brand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Scenario

FIELDS = {"tmall": "tmall_orders_per_day", "vertical": "vertical_orders_per_day"}
"""Fields of ``market.ranking`` that hold the sales of a rival at the reference place, by channel."""


def rivals_times(scenario: Scenario, factor: float) -> dict[str, float]:
    """Return the values that make rivals' sales a multiple of the scenario's own.

    Parameters
    ----------
    scenario
        Any scenario; without sales of rivals in it nothing is to be changed.
    factor
        Size of the market relative to the scenario's.
    """
    return {path: own * factor for path, own in _sales(scenario).items()}


def rivals_beside(smaller: Scenario, original: Scenario) -> dict[str, float]:
    """Return rivals' sales for a scenario that shows the same market at another size.

    On each platform rivals sell as many times more or less than in the original as the brand is expected to,
    by its first orders; so the brand keeps its place.

    Parameters
    ----------
    smaller
        The original with other numbers of visits.
    original
        Where rivals' sales were stated.
    """
    here, there = _orders(smaller), _orders(original)
    return {
        path: own * here.get(channel, 0.0) / there[channel]
        for channel, field in FIELDS.items()
        for path, own in _sales(original).items()
        if path.endswith(field) and there.get(channel, 0.0) > 0 and here.get(channel, 0.0) > 0
    }


def _sales(scenario: Scenario) -> dict[str, float]:
    rules = scenario.market.ranking
    if rules is None:
        return {}
    sales = {f"market.ranking.{field}": getattr(rules, field) for field in FIELDS.values()}
    return {path: own for path, own in sales.items() if own is not None}


def _orders(scenario: Scenario) -> dict[str, float]:
    from sim.market.demand import expected_first_orders

    found: dict[str, float] = {}
    for segment, orders in expected_first_orders(scenario).items():
        found[segment.channel] = found.get(segment.channel, 0.0) + orders
    return found
