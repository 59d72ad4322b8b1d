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
    prices = [auction_price(auction, visits) for visits in (0, 1e6, 2.5e6, 5e6, 10e6, 24e6)]
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
            "channels.vertical": None,
            "channels.mall": None,
            "mechanisms.promotion_days": False,
            "mechanisms.repurchase": False,
            "mechanisms.purchase_tiers": False,
            "mechanisms.return_visits": False,
            "mechanisms.cross_channel": False,
            "mechanisms.learning": False,
            "mechanisms.picking_errors": False,
            "fulfilment.contact_causes": None,
            "fulfilment.returns.refurbishment": None,
            "fulfilment.returns.handling_cost": 4.0,
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


def test_promotion_days_are_in_the_calendar_and_in_the_closed_form():
    """One promotion day of 2% of the visits: half of them others, odds doubled, a fifth off the price."""
    kinds = {
        "planner": {"conversion": 1.0, "basket": 1.0, "returns": 1.0, "repurchase": 1.0},
        "deal_hunter": {"conversion": 0.5, "basket": 0.5, "returns": 1.0, "repurchase": 1.0},
    }
    peak = {"first_day": 315, "days": 1, "share": 0.02, "discount": 0.2}
    source = "market.sources.platform_search"
    scenario = simple().with_values(
        {
            "market.visitor_types": kinds,
            "market.peak": peak,
            "market.second_peak": None,
            "mechanisms.promotion_days": True,
            "mechanisms.returns": False,
            f"{source}.mix_at_peak": {"planner": 0.5, "deal_hunter": 0.5},
            f"{source}.peak_conversion": 2.0,
        }
    )
    (one,) = source_economics(scenario)

    def buy(reference):
        odds = reference / (1 - reference) * 2.0 * 0.8**-2.0
        return odds / (1 + odds)

    usual, planners, hunters = 0.98e6 * 0.02, 0.01e6 * buy(0.02), 0.01e6 * buy(0.01)
    assert one.visits == pytest.approx(1e6)
    assert one.orders == pytest.approx(usual + planners + hunters)
    listed = usual * 150, planners * 150, hunters * 75
    kept = 0.999 * (1 - 0.08 * 0.1) * 0.994**4
    paid = listed[0] + 0.8 * (listed[1] + listed[2])
    assert one.revenue * one.orders == pytest.approx(paid * kept)
    assert one.goods * one.orders == pytest.approx(sum(listed) * 0.65 * (1 - 0.999 * 0.08 * 0.1))
    off = scenario.with_values({"mechanisms.promotion_days": False})
    assert source_economics(off)[0].orders == pytest.approx(1e6 * 0.02)


def test_a_second_day_fades():
    """A peak's excess fades by the same share from day to day, and so do its pull and its discount."""
    from sim.scenario.days import daily_demand, promotion_days

    peak = {"first_day": 315, "days": 3, "share": 0.05, "fade": 0.5, "discount": 0.2, "intensity": 0.8}
    flat = {"market.month_profile": [1] * 12, "market.weekday_profile": [1] * 7}
    scenario = BASE.with_values({"market.peak": peak, "market.second_peak": None} | flat)
    top = daily_demand(scenario.market)[314:317]
    usual = daily_demand(scenario.market)[0]
    assert sum(top) / 365 == pytest.approx(0.05)
    assert usual * 362 / 365 == pytest.approx(0.95)
    ordinary = usual
    assert (top[1] - ordinary) / (top[0] - ordinary) == pytest.approx(0.5)
    assert (top[2] - ordinary) / (top[1] - ordinary) == pytest.approx(0.5)
    days = promotion_days(scenario)
    assert [day.date for day in days] == [314, 315, 316]
    assert [day.strength for day in days] == pytest.approx([0.8, 0.4, 0.2])
    assert [day.discount for day in days] == pytest.approx([0.2, 0.1, 0.05])
    assert [day.visits * 365 for day in days] == pytest.approx(top)
    for switch in ("promotion_days", "seasonality"):
        assert promotion_days(scenario.with_values({f"mechanisms.{switch}": False})) == ()


def test_a_dearer_shop_sells_less_for_more():
    kinds = "market.visitor_types"
    alike = BASE.with_values(
        {f"{kinds}.{kind}.price_sensitivity": 1.0 for kind in ("deal_hunter", "gift_collector")}
    )
    usual = row("platform_search", scenario=alike)
    dear = row("platform_search", scenario=alike.with_values({"channels.tmall.price_index": 1.1}))
    assert dear.orders < usual.orders
    assert dear.revenue == pytest.approx(1.1 * usual.revenue, rel=1e-3)
    assert dear.goods == pytest.approx(usual.goods, rel=1e-3)


def test_a_dearer_shop_loses_those_first_who_mind_the_price():
    """Bargain seekers with their small baskets leave, so an average order of those who stay is larger."""
    dear = row("platform_search", scenario=BASE.with_values({"channels.tmall.price_index": 1.1}))
    assert dear.revenue > 1.1 * row("platform_search").revenue


def test_orders_from_a_store_are_not_shipped():
    store = row("store_footfall", "stores")
    assert store.orders == pytest.approx(4 * 25 * 365 * 0.18, rel=0.06)
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
    assert costs["head office"] == BASE.management.head_office_cost_per_year
    assert costs["stores"] == 4 * (12 * (120 * 120 + 3 * 4500) + 150_000 / 5)
    assert costs["vertical"] == 2 * 5500 * 12 + 500
    rented = fixed_costs(BASE.with_values({"channels.mall.servers": None}))
    assert rented["mall"] == 4 * 6500 * 12 + 240_000 + 300_000 / 5
    assert 0 < costs["mall"] - rented["mall"] < 50_000
    assert costs["warehouse base area"] == 1000 * 0.8 * 365
    assert costs["tmall"] == 6 * 6000 * 12  # the annual fee comes back above 600,000 yuan of sales
    names = type(BASE.market.sources).model_fields
    small = BASE.with_values(
        {
            f"market.sources.{name}.visits_per_year": 10_000 if name == "rebate_alliance" else 0
            for name in names
        }
    )
    assert fixed_costs(small)["tmall"] == 6 * 6000 * 12 + 60_000
    year = year_estimate(BASE)
    profit = sum(one.contribution * one.orders for one in source_economics(BASE)) - sum(costs.values())
    assert year.profit_per_order == pytest.approx(profit / year.orders)
    empty = BASE.with_values({f"market.sources.{name}.visits_per_year": 0 for name in names})
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
