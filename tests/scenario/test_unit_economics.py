"""Closed forms against quadrature and against arithmetic done by hand."""

import math

import pytest
from scipy import integrate, stats

from sim.scenario import load
from sim.scenario.schema import Auction, Law
from sim.scenario.unit_economics import (
    auction_price,
    buying_share,
    fixed_costs,
    mean_below,
    parcel_price,
    price_of_visit,
    purchase_factor,
    source_economics,
    year_estimate,
)

BASE = load("base")
LAWS = {
    "lognormal": (Law(law="lognormal", mean=3.0, cv=0.5), stats.lognorm),
    "gamma": (Law(law="gamma", mean=3.0, cv=0.7), stats.gamma),
    "exponential": (Law(law="exponential", mean=3.0), stats.expon),
    "uniform": (Law(law="uniform", mean=3.0, cv=0.4), stats.uniform),
}


def frozen(name):
    """The same law in scipy's parameters."""
    law, family = LAWS[name]
    if name == "lognormal":
        sigma = math.sqrt(math.log1p(law.cv**2))
        return family(s=sigma, scale=law.mean * math.exp(-(sigma**2) / 2))
    if name == "gamma":
        return family(a=1 / law.cv**2, scale=law.mean * law.cv**2)
    if name == "exponential":
        return family(scale=law.mean)
    half = law.mean * law.cv * math.sqrt(3)
    return family(loc=law.mean - half, scale=2 * half)


def row(source, channel="tmall", scenario=BASE):
    return next(one for one in source_economics(scenario) if (one.source, one.channel) == (source, channel))


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9, 0.999])
def test_mean_below_is_the_mean_of_the_lowest_quantiles(name, share):
    exact, _ = integrate.quad(frozen(name).ppf, 0, share, limit=200)
    assert mean_below(LAWS[name][0], share) == pytest.approx(exact / share, rel=1e-6)


def test_mean_below_at_its_ends():
    for law, _ in LAWS.values():
        assert mean_below(law, 1.0) == law.mean
    assert mean_below(Law(mean=2.0), 0.3) == 2.0
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        mean_below(Law(mean=2.0), 0.0)


def test_the_auction_makes_visits_dearer_the_more_are_bought():
    auction = BASE.market.sources.platform_ads.auction
    prices = [auction_price(auction, visits) for visits in (0, 1e6, 3.5e6, 7e6, 14e6, 34e6)]
    assert prices == sorted(prices)
    assert prices[0] == 0
    assert prices[-1] < auction.rival_bid.mean
    certain = Auction(inventory_visits_per_year=100, rival_bid=2.0)
    assert auction_price(certain, 50) == 2.0


def test_the_flat_price_of_the_base_is_the_price_at_auction():
    source = BASE.market.sources.platform_ads
    assert price_of_visit(BASE, source) == pytest.approx(source.cost_per_visit, rel=0.01)
    off = BASE.with_values({"mechanisms.ad_auction": False})
    assert price_of_visit(off, source) == source.cost_per_visit


def test_buying_share_has_the_stated_elasticity_where_few_buy():
    assert buying_share(0.02, 1.0, -2.0) == pytest.approx(0.02)
    slope = math.log(buying_share(1e-6, 1.01, -2.0) / buying_share(1e-6, 1.0, -2.0)) / math.log(1.01)
    assert slope == pytest.approx(-2.0, abs=1e-4)
    assert buying_share(0.0, 1.2, -2.0) == 0.0


def test_tiers_are_read_at_the_scenarios_volume():
    assert [parcel_price(BASE, parcels) for parcels in (0, 9_999, 10_000, 1e6)] == [12, 12, 9, 7]
    assert [purchase_factor(BASE, units) for units in (0, 640_000, 2e6)] == [1.133, 1.0, 0.96]
    assert purchase_factor(BASE.with_values({"mechanisms.purchase_tiers": False}), 0) == 1.0


def simple():
    """A scenario whose every effect can be done by hand: planners only, one source, no repeat buyers."""
    planner = {"conversion": 1.0, "basket": 1.0, "returns": 1.0, "repurchase": 1.0}
    search = {
        "visits_per_year": 1e6,
        "conversion_rate": 0.02,
        "cost_per_visit": 0.1,
        "commission_on_sales": 0.03,
    }
    search |= {"mix": {"planner": 1.0}, "landing": {"tmall": 1.0}}
    return BASE.with_values(
        {
            "market.visitor_types": {"planner": planner},
            "market.sources": {"platform_search": search},
            "channels.stores": None,
            "mechanisms.repurchase": False,
            "mechanisms.purchase_tiers": False,
            "fulfilment.courier.tariff_tiers": [{"from_parcels_per_month": 0, "price": 8.0}],
        }
    )


def test_a_row_is_what_hand_arithmetic_gives():
    (one,) = source_economics(simple())
    lost = 0.001
    failed = 0.999 * 0.08
    refused = failed * 0.1
    delivered = 1 - lost - refused
    whole = 0.994**4
    returned = delivered * whole * 0.04
    kept = delivered * whole - returned
    broken = delivered * (1 - whole)
    assert (one.source, one.channel, one.visits) == ("platform_search", "tmall", 1e6)
    assert one.orders == pytest.approx(20_000)
    assert one.revenue == pytest.approx(150 * kept)
    assert one.goods == pytest.approx(150 * 0.65 * (1 - refused - 0.8 * returned))
    assert one.platform == pytest.approx(0.05 * one.revenue)
    assert one.payment == pytest.approx(0.01 * one.revenue)
    assert one.commission == pytest.approx(0.03 * one.revenue)
    assert one.traffic == pytest.approx(0.1 / 0.02)
    packing = 6 / 60 / 0.8 * 17 + 3.0 + 1.2 * 0.8
    talk = (broken + (kept + returned) * 0.12) * 8 / 60 * 4500 / 176 / 0.75
    assert one.fulfilment == pytest.approx(packing + 8 + failed * 2.1 + (refused + returned) * 13 + talk)
    taken = one.goods + one.platform + one.payment + one.commission + one.traffic + one.fulfilment
    assert one.contribution == pytest.approx(one.revenue - taken)
    assert one.contribution_before_traffic == pytest.approx(one.contribution + 5)


def test_switches_take_their_effect_out():
    off = ("failed_delivery", "handover_breakage", "returns", "service_contacts")
    scenario = simple().with_values({f"mechanisms.{name}": False for name in off})
    (one,) = source_economics(scenario)
    assert one.revenue == pytest.approx(150 * 0.999)
    assert one.goods == pytest.approx(150 * 0.65)
    assert one.fulfilment == pytest.approx(6 / 60 / 0.8 * 17 + 3.0 + 1.2 * 0.8 + 8)


def test_repeat_buyers_are_a_geometric_series():
    scenario = simple().with_values({"mechanisms.repurchase": True})
    first, repeat = source_economics(scenario)
    kept = first.revenue / 150
    p = 0.12 * kept
    assert (repeat.source, repeat.visits, repeat.traffic, repeat.commission) == ("repeat", 0, 0, 0)
    assert repeat.orders == pytest.approx(first.orders * p / (1 - p))


def test_a_dearer_shop_sells_less_for_more():
    dear = row("platform_search", scenario=BASE.with_values({"channels.tmall.price_index": 1.1}))
    assert dear.orders < row("platform_search").orders
    assert dear.revenue == pytest.approx(1.1 * row("platform_search").revenue, rel=1e-3)
    assert dear.goods == pytest.approx(row("platform_search").goods, rel=1e-3)


def test_orders_from_a_store_are_not_shipped():
    store = row("store_footfall", "stores")
    assert store.orders == pytest.approx(9100 * 0.18, rel=0.06)
    assert store.platform == 0
    assert 0 < store.fulfilment < 1


def test_a_source_nobody_comes_from_costs_nothing():
    none = row(
        "platform_search", scenario=BASE.with_values({"market.sources.platform_search.visits_per_year": 0})
    )
    assert (none.orders, none.traffic) == (0, 0)
    assert none.revenue > 0


def test_fixed_cost_and_profit_add_up():
    costs = fixed_costs(BASE)
    assert costs["head office"] == 900_000
    assert costs["stores"] == 12 * (120 * 120 + 3 * 4500)
    assert costs["warehouse base area"] == 1000 * 0.8 * 365
    assert costs["tmall"] == 6 * 6000 * 12  # the annual fee comes back above 600,000 yuan of sales
    small = BASE.with_values(
        {
            "market.sources.platform_search.visits_per_year": 0,
            "market.sources.platform_ads": None,
            "market.sources.rebate_alliance.visits_per_year": 10_000,
        }
    )
    assert fixed_costs(small)["tmall"] == 6 * 6000 * 12 + 60_000
    year = year_estimate(BASE)
    profit = sum(one.contribution * one.orders for one in source_economics(BASE)) - sum(costs.values())
    assert year.profit_per_order == pytest.approx(profit / year.orders)
    empty = BASE.with_values(
        {
            f"market.sources.{name}.visits_per_year": 0
            for name in ("platform_search", "platform_ads", "rebate_alliance", "store_footfall")
        }
    )
    assert year_estimate(empty).profit_per_order == 0


@pytest.mark.parametrize("tariff", [True, False])
def test_prices_in_closed_form_are_those_the_books_use(tariff):
    """One price list, two readers: what `validate` prints and what a run pays, with the switch on and off."""
    import numpy as np

    from sim.fulfilment import postings

    scenario = BASE.with_values({"mechanisms.tariff_tiers": tariff, "mechanisms.purchase_tiers": tariff})
    month = np.array([365 / 12])
    for parcels in (0.0, 5_000.0, 30_000.0, 500_000.0):
        billed = postings.parcel_prices(scenario, np.array([parcels]), month)[0]
        assert billed == parcel_price(scenario, parcels)
        assert postings.purchase_factor(scenario, parcels * 12) == purchase_factor(scenario, parcels * 12)
    cheapest = parcel_price(scenario, 1e9)
    assert (cheapest < parcel_price(scenario, 0.0)) is tariff
