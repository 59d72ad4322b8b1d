"""Double 11 in the courier's network: the fact, and the days after it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.market.demand import daily_orders
from sim.scenario import load
from sim.scenario.network_load import network_waits
from sim.world import simulate
from tests.world.small import brief

PEAK_DAY = 15
WORLD = {
    "market.peak.first_day": PEAK_DAY,
    "market.second_peak": None,
    "horizon.days": 40,
    "mechanisms.promotion_days": False,
    "market.peak.share": 0.035,
    "fulfilment.courier.peak_slowdown": {"capacity_ratio": 2.8, "share_of_swing": 1.0},
}


def by_day(on: bool) -> pd.DataFrame:
    scenario = brief("door_only", WORLD | {"mechanisms.courier_overload": on})
    orders = simulate(scenario, seed=9, log=True).orders
    assert orders is not None
    orders = orders[orders.channel != "stores"]
    day = (orders.time_h // 24 - scenario.horizon.warmup_days).astype(int)
    within = (orders.hours_to_hands <= 48).groupby(day).mean()
    return pd.DataFrame({"within": within, "hours": orders.hours_to_hands.groupby(day).mean()})


def test_few_parcels_of_the_top_day_arrive_within_two_days() -> None:
    """14% of the orders of 11.11.2014 did; on ordinary days about half of them do."""
    full, free = by_day(on=True), by_day(on=False)
    top = PEAK_DAY - 1
    assert full.within[top] < 0.25 < free.within[top]
    assert full.within[: top - 2].mean() == pytest.approx(free.within[: top - 2].mean(), abs=0.02)


def test_the_days_after_show_it_and_then_it_is_over() -> None:
    full, free = by_day(on=True), by_day(on=False)
    extra = full.hours - free.hours
    top = PEAK_DAY - 1
    assert (extra[top : top + 2] > 12).all()
    assert extra[top + 10 :].abs().mean() < 3


def test_shipped_brand_waits_at_the_peak_only() -> None:
    """All shippers send nine mean days on the top day; the network is through with it in a week or so."""
    scenario = load("door_only")
    waits = network_waits(scenario, np.asarray(daily_orders(scenario)))
    peak = scenario.market.peak.first_day - 1
    assert 0.5 < waits[peak : peak + 3].max() < 4
    assert not waits[: peak - 1].any()
    assert not waits[peak + 10 :].any()
