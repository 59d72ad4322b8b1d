"""Demand in closed form, and the simulation against it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from sim.market import expected_orders
from sim.market.calendar import HOURS_PER_YEAR, hourly_demand, month_ends
from sim.market.choice import buying_probability
from sim.market.demand import conversion, daily_orders, expected_first_orders
from sim.market.pickup_choice import coverage, delivery_shares
from sim.market.places import cumulative_share, densities, served_shares
from sim.market.trade_tables import basket_table
from sim.market.traffic import buy_at_auction, price_per_visit
from sim.scenario import load
from sim.scenario.days import promotion_days
from sim.scenario.schema import Auction, Law
from sim.scenario.segments import UNVISITED
from sim.scenario.streams import streams
from sim.world import simulate
from tests.world.small import AT_REFERENCE, brief


def test_the_years_demand_adds_up() -> None:
    base = load("base")
    demand = hourly_demand(base)
    assert demand.size == HOURS_PER_YEAR
    assert demand.mean() == pytest.approx(1.0)
    peak = base.market.peak
    days = demand.reshape(365, 24).sum(axis=1)
    top = days[peak.first_day - 1 : peak.first_day - 1 + peak.days]
    assert top.sum() / days.sum() == pytest.approx(peak.share)
    assert (hourly_demand(base.with_values({"mechanisms.seasonality": False})) == 1).all()


def test_a_peak_moves_demand_and_makes_none() -> None:
    base = load("base")
    sharper = base.with_values({"market.peak.share": 0.2})
    assert hourly_demand(sharper).sum() == pytest.approx(hourly_demand(base).sum())
    peak, second = base.market.peak, base.market.second_peak
    ordinary = hourly_demand(base) > 0
    for one in (peak, second):
        ordinary.reshape(365, 24)[one.first_day - 1 :][: one.days] = False
    ratio = hourly_demand(sharper)[ordinary] / hourly_demand(base)[ordinary]
    assert ratio == pytest.approx((0.8 - second.share) / (1 - peak.share - second.share))
    days = hourly_demand(sharper).reshape(365, 24).sum(axis=1)
    top = days[second.first_day - 1 :][: second.days]
    assert top.sum() / days.sum() == pytest.approx(second.share)


def test_planners_know_promotion_days() -> None:
    """Expected orders of each day add up to the year, and the promotion sells more than it is visited."""
    base = load("base")
    orders, visits = daily_orders(base), hourly_demand(base).reshape(365, 24).mean(axis=1)
    assert orders.mean() == pytest.approx(1.0)
    first = base.market.peak.first_day - 1
    assert orders.argmax() == first
    assert orders[first] > 2.5 * visits[first]
    off = daily_orders(base.with_values({"mechanisms.promotion_days": False}))
    np.testing.assert_allclose(off, visits)
    assert (daily_orders(base.with_values({"mechanisms.seasonality": False})) == 1).all()


def test_months_end_where_the_calendar_says() -> None:
    assert month_ends(45).tolist() == [31 * 24.0, 45 * 24.0]
    assert month_ends(365)[-1] == 8760
    assert len(month_ends(730)) == 24


def test_densities_are_those_of_a_lognormal() -> None:
    cv, places = 0.8, 400
    found = densities(cv, places)
    assert found.mean() == pytest.approx(1.0)
    assert (np.diff(found) < 0).all()
    sigma = np.sqrt(np.log1p(cv**2))
    law = stats.lognorm(sigma, scale=np.exp(-(sigma**2) / 2))
    top = integrate.quad(lambda x: x * law.pdf(x), law.ppf(0.9), np.inf)[0]
    assert cumulative_share(cv, places, 40) == pytest.approx(top, rel=1e-6)
    assert cumulative_share(cv, places, 400) == pytest.approx(1.0)
    assert cumulative_share(0.0, places, 40) == pytest.approx(0.1)


def test_places_are_alike_without_marginal_sites() -> None:
    scenario = load("base")
    assert np.ptp(served_shares(scenario)) > 0
    flat = served_shares(scenario.with_values({"mechanisms.marginal_sites": False}))
    assert np.ptp(flat) == 0
    assert flat.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "law",
    [
        {"law": "lognormal", "mean": 3.0, "cv": 0.5},
        {"law": "gamma", "mean": 3.0, "cv": 0.7},
        {"law": "exponential", "mean": 2.0},
        {"law": "uniform", "mean": 2.0, "cv": 0.4},
    ],
)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_auction_charges_the_best_rival(law: dict, share: float) -> None:
    """E[rival | rival < bid] against a million drawn rivals."""
    price = buy_at_auction(Auction(inventory_visits_per_year=1e6, rival_bid=Law(**law)), share * 1e6)
    rng = np.random.default_rng(1)
    mean, cv = law["mean"], law.get("cv", 1.0)
    sigma = np.sqrt(np.log1p(cv**2))
    rivals = {
        "lognormal": lambda: rng.lognormal(np.log(mean) - sigma**2 / 2, sigma, 1_000_000),
        "gamma": lambda: rng.gamma(1 / cv**2, mean * cv**2, 1_000_000),
        "exponential": lambda: rng.exponential(mean, 1_000_000),
        "uniform": lambda: mean + mean * cv * np.sqrt(3) * rng.uniform(-1, 1, 1_000_000),
    }[law["law"]]()
    won = np.sort(rivals)[: int(share * 1_000_000)]
    # The bid that wins this share is itself estimated; that error moves the mean by (bid - mean) / share.
    noise = np.hypot(won.std() / np.sqrt(won.size), (won[-1] - won.mean()) * np.sqrt((1 - share) / won.size))
    assert abs(won.mean() - price) < 4 * noise


def test_traffic_gets_dearer_only_through_rivals() -> None:
    base = load("base")
    more = base.with_values(
        {"market.sources.platform_ads.visits_per_year": base.market.sources.platform_ads.visits_per_year * 4}
    )
    prices = [price_per_visit(s, s.market.sources.platform_ads) for s in (base, more)]
    assert prices[1] > prices[0] * 1.1
    flat = [s.with_values({"mechanisms.ad_auction": False}) for s in (base, more)]
    assert len({price_per_visit(s, s.market.sources.platform_ads) for s in flat}) == 1
    with pytest.raises(ValueError, match="are on sale"):
        buy_at_auction(base.market.sources.platform_ads.auction, 1e12)


def test_reference_conditions_give_the_reference_conversion() -> None:
    assert buying_probability(0.02, 1.0, -2.0, 0.0, 0.07) == pytest.approx(0.02)
    assert buying_probability(0.02, 1.0, -2.0, 1.0, 0.07) < 0.02
    cheaper, dearer = (buying_probability(0.02, index, -2.0, 0.0, 0.0) for index in (0.99, 1.01))
    elasticity = np.log(dearer / cheaper) / np.log(1.01 / 0.99)
    assert elasticity == pytest.approx(-2.0 * 0.98, rel=1e-3)
    assert buying_probability(0.0, 1.0, -2.0, 0.0, 0.0) == 0.0


@pytest.mark.parametrize(
    "law",
    [
        {"law": "gamma", "mean": 150.0, "cv": 0.8},
        {"law": "exponential", "mean": 150.0},
        {"law": "uniform", "mean": 150.0, "cv": 0.3},
        {"law": "deterministic", "mean": 150.0},
    ],
)
def test_basket_tables_keep_mean_and_spread(law: dict) -> None:
    row = basket_table(Law(**law))
    middles = (row[1:] + row[:-1]) / 2
    assert middles.mean() == pytest.approx(150.0, rel=1e-9)
    cv = law.get("cv", 1.0 if law["law"] == "exponential" else 0.0)
    assert middles.std() / 150.0 == pytest.approx(cv, abs=0.01)


def test_points_cover_the_densest_places_first() -> None:
    scenario = load("community_pickup").with_values({"market.places": 10, "pickup.community.points": 4})
    found = coverage(scenario)["community"]
    assert found.points_in_place.tolist() == [1] * 4 + [0] * 6
    shares = served_shares(scenario)
    layer = scenario.pickup.community
    assert found.adoption == pytest.approx(shares[:4].sum() * layer.reach_per_point * layer.choice_share)
    crowded = coverage(scenario.with_values({"pickup.community.points": 25}))["community"]
    assert crowded.points_in_place.tolist() == [3] * 5 + [2] * 5
    assert crowded.weights.sum() == pytest.approx(1.0)
    everywhere = 1 - (1 - layer.reach_per_point) ** crowded.points_in_place
    assert crowded.adoption == pytest.approx((shares * everywhere).sum() * layer.choice_share)


def test_shares_of_ways_sum_to_one() -> None:
    layer = load("community_pickup").values["pickup"]["community"]
    both = load("partner_pickup").with_values(
        {
            "pickup.community": layer,
            "pickup.community.choice_share": 1.0,
            "pickup.partner.choice_share": 1.0,
            "pickup.partner.reach_per_point": 1.0,
        }
    )
    shares = delivery_shares(both)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert min(shares.values()) >= 0


def test_orders_come_as_expected_in_closed_form() -> None:
    """Poisson counts: the sum over seeds lies within four standard errors of the expectation."""
    scenario = brief(changes=AT_REFERENCE | {"mechanisms.repurchase": False, "mechanisms.seasonality": False})
    seeds = range(12)
    expected = expected_orders(scenario) * 28 / 365
    found = [simulate(scenario, seed).kpis["orders"] for seed in seeds]
    assert abs(np.mean(found) - expected) < 4 * np.sqrt(expected / len(found))
    pairs: dict[tuple[str, str], float] = {}
    for segment, orders in expected_first_orders(scenario).items():
        pair = (segment.channel, segment.source)
        pairs[pair] = pairs.get(pair, 0.0) + orders * 28 / 365
    for row in simulate(scenario, 3).funnel:
        wanted = pairs[row.channel, row.source]
        if wanted > 10:  # a Poisson count below that is too far from normal
            assert abs(row.orders - wanted) < 4 * np.sqrt(wanted), row


def test_a_promotion_day_sells_what_the_closed_form_says() -> None:
    """A year at the reference of all slow forces: orders and their value on Double 11, within four errors."""
    scenario = brief(changes=AT_REFERENCE | {"horizon.days": 330, "mechanisms.repurchase": False})
    orders = simulate(scenario, 8, log=True).orders
    day = promotion_days(scenario)[-3]
    assert day.date == scenario.market.peak.first_day - 1
    online = orders[orders.channel != "stores"]
    hours = online.time_h - scenario.horizon.warmup_days * 24
    top = online[(hours >= day.date * 24) & (hours < (day.date + 1) * 24)]
    elasticity, basket, wanted, value = scenario.market.price_elasticity, 150.0, 0.0, 0.0
    for stream in streams(scenario):
        if stream.online and stream.segment.source not in UNVISITED:
            odds = buying_odds(stream.reference_conversion) * np.exp(stream.shift_on(day, elasticity))
            bought = stream.visits_on(day) * 8760 * day.visits * odds / (1 + odds)
            wanted += bought
            value += bought * basket * stream.basket_factor
    assert abs(len(top) - wanted) < 4 * np.sqrt(wanted)
    spread = np.sqrt((top.value_yuan**2).sum())
    assert abs(top.value_yuan.sum() - value) < 4 * spread


def buying_odds(share: float) -> float:
    return share / (1 - share)


def test_repeat_buyers_follow_the_geometric_series() -> None:
    """In the mature state, repeat orders are p / (1 - p) of first orders, as far as orders are kept."""
    quiet = AT_REFERENCE | {
        "mechanisms.seasonality": False,
        "mechanisms.picking_errors": False,
        "mechanisms.returns": False,
        "mechanisms.handover_breakage": False,
        "mechanisms.failed_delivery": False,
        "fulfilment.courier.lost_rate": 0.0,
        "horizon.days": 180,
        "market.repurchase.mean_days": 30,
    }
    scenario = brief(changes=quiet)
    run = simulate(scenario, 5)
    repeat = sum(row.orders for row in run.funnel if row.source == "repeat")
    first = sum(row.orders for row in run.funnel if row.source != "repeat")
    wanted = expected_orders(scenario) / sum(expected_first_orders(scenario).values()) - 1
    assert abs(repeat - wanted * first) < 4 * np.sqrt(repeat * (1 + wanted))


def test_conversion_counts_visits_that_buy() -> None:
    scenario = brief(changes=AT_REFERENCE)
    run = simulate(scenario, 2)
    rates = {s.segment: conversion(scenario, s, 3.0) for s in streams(scenario)}
    assert not any(day.date < 28 for day in promotion_days(scenario))
    assert min(rates.values()) > 0
    for row in run.funnel:
        mine = [
            s for s in streams(scenario) if (s.segment.channel, s.segment.source) == (row.channel, row.source)
        ]
        visits = sum(s.visits_per_hour for s in mine)
        if visits > 0:
            rate = sum(s.visits_per_hour * rates[s.segment] for s in mine) / visits
            assert abs(row.orders - row.visits * rate) < 4 * np.sqrt(row.visits * rate)
