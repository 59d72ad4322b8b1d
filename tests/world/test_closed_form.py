"""The closed form that ``validate`` prints, held against a simulated year of the default brand.

Slow forces stand at their reference, and what the closed form leaves out is off: queues, learning, wrong
boxes and an overloaded courier. Promotion days, seasons, repeat buyers, failed trips, breakage, returns and
contacts are on.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

import pytest

from sim.run import Run
from sim.scenario import Scenario, load
from sim.scenario.schema import Mechanisms
from sim.scenario.unit_economics import SourceEconomics, source_economics, year_estimate
from sim.world import simulate

ON = {
    "seasonality",
    "promotion_days",
    "ad_auction",
    "repurchase",
    "purchase_tiers",
    "tariff_tiers",
    "failed_delivery",
    "handover_breakage",
    "returns",
    "service_contacts",
}
BLOCKS = {
    "fulfilment.contact_causes": None,
    "fulfilment.returns.refurbishment": None,
    "market.print_media": None,
    "channels.mall.servers": None,
}


@lru_cache(maxsize=1)
def year() -> tuple[Scenario, Run]:
    changes = {f"mechanisms.{name}": name in ON for name in Mechanisms.model_fields}
    scenario = load("base").with_values(changes | BLOCKS)
    return scenario, simulate(scenario, 4)


def spread(scenario: Scenario, row: SourceEconomics) -> float:
    """Return a bound of the standard deviation of what one order leaves: that of the widest basket (yuan).

    What is left of a basket varies less than the basket, whatever becomes of the order.
    """
    products = scenario.products
    basket = products.basket_store if row.channel == "stores" else products.basket_online
    widest = max(
        getattr(scenario.market.visitor_types, kind).basket
        for kind in type(scenario.market.visitor_types).model_fields
    )
    return basket.mean * widest * sqrt(1 + basket.cv**2)


REAL = ("repeat", *type(load("base").market.sources).model_fields)
PAIRS = [(row.source, row.channel) for row in source_economics(load("base")) if row.source in REAL]


@pytest.mark.parametrize(("source", "channel"), PAIRS)
def test_orders_are_those_of_the_closed_form(source: str, channel: str) -> None:
    scenario, run = year()
    (wanted,) = [r for r in source_economics(scenario) if (r.source, r.channel) == (source, channel)]
    found = sum(r.orders for r in run.funnel if (r.source, r.channel) == (source, channel))
    # Repeat buyers inherit the luck of the orders before theirs, which are some seven times as many.
    variance = wanted.orders * (2.0 if source == "repeat" else 1.0)
    assert abs(found - wanted.orders) <= 4 * sqrt(variance) + 2


@pytest.mark.parametrize(("source", "channel"), PAIRS)
def test_an_order_leaves_what_the_closed_form_says(source: str, channel: str) -> None:
    scenario, run = year()
    (wanted,) = [r for r in source_economics(scenario) if (r.source, r.channel) == (source, channel)]
    rows = [r for r in run.funnel if (r.source, r.channel) == (source, channel)]
    if wanted.orders < 100:
        assert sum(r.orders for r in rows) < 200
        return
    (found,) = rows
    warehouse = scenario.fulfilment.warehouse
    floor = 0.0 if channel == "stores" else warehouse.area_m2_per_daily_order * warehouse.rent_per_m2_day
    left = (found.sales - found.cost) / found.orders
    # Clicks are paid per visit: their cost per order moves with the luck of how many buy.
    error = sqrt(spread(scenario, wanted) ** 2 + wanted.traffic**2) / sqrt(found.orders)
    assert abs(left - (wanted.contribution + floor)) < 4 * error


def test_the_year_as_a_whole() -> None:
    scenario, run = year()
    estimate = year_estimate(scenario)
    assert run.kpis["visits"] == pytest.approx(estimate.visits, abs=4 * sqrt(estimate.visits))
    assert run.kpis["orders"] == pytest.approx(estimate.orders, abs=6 * sqrt(estimate.orders))
    # The closed form knows no interest and no whole persons.
    interest = run.accounts["interest"] / run.kpis["orders"]
    basket = run.kpis["average_order_value"] * 1.5 / sqrt(run.kpis["orders"])
    assert abs(run.kpis["contribution_per_order"] + interest - estimate.profit_per_order) < 4 * basket
