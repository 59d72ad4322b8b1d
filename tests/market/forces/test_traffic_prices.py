"""Prices of auctioned visits over time."""

import pytest

from sim.market.forces.traffic_prices import TrafficPrices
from sim.scenario.unit_economics import auction_price
from tests.market.forces.hand import Hand, scenario_with, source

BID = {"law": "lognormal", "mean": 3.0, "cv": 0.5}
ADS = source(500_000, 0.01) | {"auction": {"inventory_visits_per_year": 5_000_000, "rival_bid": BID}}
SOURCES = {"platform_search": source(1_000_000, 0.01), "platform_ads": ADS}
RULES = {"bid_growth_per_year": 0.15}


def hand(changes: dict[str, object] | None = None, **rules: object) -> Hand:
    values = {"market.traffic_prices": RULES | rules, "horizon.days": 1095}
    return Hand(scenario_with(SOURCES, values | (changes or {})))


def price_on(market: Hand, day: int) -> float:
    """Return the price relative to the first day's, ``day`` days after measuring began."""
    today = market.morning(day + market.scenario.horizon.warmup_days)
    today.date = day % 365
    TrafficPrices(market.setting).open(today)
    assert (today.click_price[market.rows("platform_search")] == 1.0).all()
    return float(today.click_price[market.rows("platform_ads")][0])


def test_prices_rise_by_the_same_percentage_every_year():
    market = hand()
    assert [price_on(market, 365 * year) for year in range(3)] == pytest.approx([1.0, 1.15, 1.15**2])
    assert price_on(market, -10) == 1.0


def test_a_stock_that_grows_with_its_bidders_gets_no_dearer():
    market = hand(stock_growth_per_year=1.0)
    auction = market.scenario.market.sources.platform_ads.auction
    assert auction is not None
    larger = auction.model_copy(update={"inventory_visits_per_year": 10_000_000})
    expected = 1.15 * auction_price(larger, 500_000) / auction_price(auction, 500_000)
    assert price_on(market, 365) == pytest.approx(expected)
    assert expected < 1.0


def test_a_stock_that_shrinks_below_what_is_bought_costs_the_mean_bid():
    market = hand(stock_growth_per_year=-0.9, bid_growth_per_year=0.0)
    auction = market.scenario.market.sources.platform_ads.auction
    assert auction is not None
    assert price_on(market, 730) == pytest.approx(3.0 / auction_price(auction, 500_000))


def test_campaign_days_are_dearer_as_far_as_they_are_campaigns():
    peak = {"market.peak.first_day": 315, "market.peak.days": 2, "market.peak.fade": 0.5}
    market = hand(peak, bid_growth_per_year=0.0, peak_bid_factor=3.0)
    intensity = market.scenario.market.peak.intensity
    assert price_on(market, 314) == pytest.approx(1 + 2 * intensity)
    assert price_on(market, 315) == pytest.approx(1 + intensity)
    assert price_on(market, 316) == 1.0


def test_a_flat_price_rises_with_the_bids_only():
    market = hand({"mechanisms.ad_auction": False}, stock_growth_per_year=1.0)
    assert price_on(market, 365) == pytest.approx(1.15)


def test_nothing_grows_nothing_moves():
    market = hand(bid_growth_per_year=0.0)
    assert price_on(market, 800) == 1.0
