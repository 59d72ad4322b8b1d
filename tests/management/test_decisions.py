"""Staffing and replenishment, by hand and through a run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.management.draws import quantile
from sim.management.replenishment import stock_levels
from sim.management.staffing import Forecast, heads
from sim.scenario.schema import Law, Stock
from sim.world import World, simulate
from tests.world.small import brief


def test_people_are_whole_and_at_least_one() -> None:
    assert heads(work_hours=56.0, shift_hours=10.0, utilisation=0.8) == 7
    assert heads(work_hours=56.1, shift_hours=10.0, utilisation=0.8) == 8
    assert heads(work_hours=0.0, shift_hours=10.0, utilisation=0.8) == 1


def test_the_forecast_learns_the_level_and_knows_the_calendar() -> None:
    weights = {day: 2.0 if day % 7 == 5 else 0.8 for day in range(100)}
    forecast = Forecast(50.0, weights.__getitem__)
    assert forecast.jobs_on(5) == 100.0
    for day in range(28):
        forecast.observe(day, 80.0 * weights[day])
    forecast.review()
    assert forecast.jobs_on(33) == pytest.approx(160.0)
    frozen = Forecast(50.0, weights.__getitem__, frozen=True)
    for day in range(28):
        frozen.observe(day, 80.0 * weights[day])
    frozen.review()
    assert frozen.jobs_on(5) == 100.0


def test_stock_levels_in_days_of_sales() -> None:
    stock = Stock(reorder_days=10, order_up_to_days=25, lead_time_days=Law(mean=7))
    assert stock_levels(stock, 12.0) == (120, 300)


@pytest.mark.parametrize(
    "law",
    [
        Law(law="lognormal", mean=14.0, cv=0.5),
        Law(law="gamma", mean=14.0, cv=0.5),
        Law(law="exponential", mean=14.0),
        Law(law="uniform", mean=14.0, cv=0.5),
        Law(mean=14.0),
    ],
)
def test_quantiles_of_decisions_keep_the_mean(law: Law) -> None:
    grid = (np.arange(20_000) + 0.5) / 20_000
    found = np.array([quantile(law, u) for u in grid])
    assert found.mean() == pytest.approx(14.0, rel=2e-3)
    cv = 1.0 if law.law == "exponential" else law.cv
    assert found.std() / 14.0 == pytest.approx(cv, abs=5e-3)
    assert (np.diff(found) >= 0).all()


def test_scarce_stock_cancels_orders_and_plenty_does_not() -> None:
    scarce = simulate(
        brief(changes={"products.stock.reorder_days": 1, "products.stock.order_up_to_days": 4}), 3
    )
    plenty = simulate(brief(), 3)
    assert scarce.kpis["cancelled_share"] > 0.2
    assert plenty.kpis["cancelled_share"] == 0.0
    assert scarce.kpis["contribution"] < plenty.kpis["contribution"]


def test_the_stock_position_stays_within_its_levels() -> None:
    # The levels follow the sales that the calendar promises; without seasons they stay where they are.
    even = {"mechanisms.seasonality": False, "mechanisms.promotion_days": False}
    scenario = brief(changes=even | {"horizon.days": 200})
    world = World(scenario, 5)
    reorder_at, order_up_to = stock_levels(scenario.products.stock, world.units_per_day)
    seen = []
    for day in range(1, 200):
        world.run(until=24.0 * day)
        world.flow.advance(24.0 * day)
        position = world.flow.reading("goods", "on_hand") + world.item.on_order
        seen.append(position)
        assert reorder_at < position <= order_up_to
    assert max(seen) > reorder_at + 0.8 * (order_up_to - reorder_at)


def test_staff_follow_demand_in_whole_persons() -> None:
    run = simulate(brief(changes={"horizon.days": 60}), 4, log=True)
    hours = run.time_sheet.query("account == 'picking_wages'").quantity
    assert (
        (hours % 14 == pytest.approx(0))
        if hours.size == 1
        else all(h % 14 == pytest.approx(0) for h in hours)
    )
    assert 0.2 < run.kpis["packer_utilisation"] <= 1.0


def test_without_staff_queues_work_never_waits() -> None:
    run = simulate(brief(changes={"mechanisms.staff_queues": False}), 4, log=True)
    packing = run.events[run.events.node == "pick_pack"]
    # An order that was packed wrong is packed again, so its visits are paired in the order of time.
    visits = packing.sort_values("time_h", kind="stable").set_index(["source", "ordinal"])
    visits["visit"] = visits.groupby(["source", "ordinal", "what"]).cumcount()
    visits = visits.set_index("visit", append=True)
    entered = visits[visits.what == "enter"].time_h
    started = visits[visits.what == "start"].time_h
    assert (started - entered.loc[started.index]).abs().max() == 0.0
    assert run.kpis["solved_in_24h_share"] == 1.0
