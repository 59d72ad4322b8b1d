"""The two promotions of the default year, day by day."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from sim.accounting import close_books
from sim.market.forces.promotion_days import PromotionDays
from sim.run import Run
from sim.scenario import load
from sim.world import World
from tests.world.small import brief

NOVEMBER, JUNE = 314, 168
"""11 November and 18 June, counted from 1 January as 0."""


@lru_cache(maxsize=1)
def year() -> tuple[PromotionDays, Run]:
    """Return what was sold on each day of a default year, and its result."""
    world = World(load("base"), 1)
    world.live()
    (force,) = [one for one in world.forces if isinstance(one, PromotionDays)]
    return force, close_books(world, "test")


def test_double_11_sells_ten_to_sixteen_days() -> None:
    """Lighting sold up to 16 average days on 11.11.2014; 8 to 20 is plausible."""
    force, run = year()
    sales = np.array(force.sales)
    assert len(sales) == 365
    assert sales.argmax() == NOVEMBER
    assert 10 < sales[NOVEMBER] / sales.mean() < 16
    assert run.kpis["top_day_sales"] == pytest.approx(sales[NOVEMBER] / sales.mean())
    # Deal hunters put less in the basket and everybody pays less, so orders rise by more than sales.
    assert run.kpis["top_day_orders"] > run.kpis["top_day_sales"]


def test_the_june_sale_is_a_smaller_one() -> None:
    force, _ = year()
    sales = np.array(force.sales) / np.mean(force.sales)
    assert np.delete(sales, range(NOVEMBER, NOVEMBER + 3)).argmax() == JUNE
    assert 2 < sales[JUNE] < 6


def test_the_days_after_show_it() -> None:
    """The sale fades over two more days; the fortnight after sells less than the one before."""
    force, _ = year()
    orders = np.array(force.orders)
    top = orders[NOVEMBER : NOVEMBER + 4]
    assert (np.diff(top) < 0).all()
    before, after = orders[NOVEMBER - 21 : NOVEMBER - 7], orders[NOVEMBER + 3 : NOVEMBER + 17]
    noise = np.sqrt(before.sum() + after.sum())
    assert before.sum() - after.sum() > 3 * noise


def test_hardly_anything_is_out_of_stock() -> None:
    """Fewer cancelled orders in the whole year than one in a hundred of those of Double 11's three days."""
    force, run = year()
    assert run.balance["orders_cancelled"] < 0.01 * sum(force.orders[NOVEMBER : NOVEMBER + 3])


def test_the_default_year_pays_its_bills_and_balances() -> None:
    _, run = year()
    assert run.balance["trial_balance_fen"] == 0
    assert min(run.months["cash"]) > 0
    assert -5 < run.kpis["contribution_per_order"] < 15


def test_a_promotion_needs_no_season_and_a_season_no_promotion() -> None:
    """Off, promotion days are ordinary days with more visits; without seasons there are none."""
    soon = {"market.peak.first_day": 10, "market.second_peak.first_day": 20}
    on, off, flat = (
        World(brief(changes=soon | switches), 3)
        for switches in ({}, {"mechanisms.promotion_days": False}, {"mechanisms.seasonality": False})
    )
    kinds = [{type(force) for force in world.forces} for world in (on, off, flat)]
    assert [PromotionDays in found for found in kinds] == [True, False, False]
    np.testing.assert_array_equal(on.trading.demand_at(0, 24 * 28), off.trading.demand_at(0, 24 * 28))
    np.testing.assert_array_equal(on.trading.rates, off.trading.rates)
