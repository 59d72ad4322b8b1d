"""Platform search sorted by sales: neutral where it was measured, tips both ways, never explodes."""

import numpy as np
import pytest
from scipy.optimize import brentq

from sim.market.forces.expected import orders_on
from sim.market.forces.ranking import Listing, Ranking, clicks
from sim.scenario import ScenarioError
from sim.scenario.schema import Ranking as Rules
from tests.market.forces.hand import Hand, scenario_with, source

RULES = {
    "rivals": 1000,
    "reference_rank": 40,
    "sales_spread": 1.5,
    "window_days": 10,
    "sales_weight": 1.0,
    "click_exponent": 1.1,
    "page_size": 10,
    "page_break": 0.4,
    "searches_per_visit": 25,
}
SOURCES = {"platform_search": source(1_000_000, 0.012), "platform_ads": source(500_000, 0.01)}


def hand(**changes: object) -> Hand:
    return Hand(scenario_with(SOURCES, {"mechanisms.repurchase": False, "market.ranking": RULES | changes}))


def gain_after(market: Hand, force: Ranking, days: int, sales: float) -> float:
    """Sell ``sales`` times what each day brings at its rates, and return the factor on search at the end."""
    today = market.morning()
    for day in range(days):
        today = market.morning(day)
        force.open(today)
        orders = orders_on(market.setting, today)
        force.close(market.night(today, orders=orders * sales))
    return market.by_source(today, "platform_search") / 1_000_000


def test_a_shop_that_sells_as_usual_stays_where_it_is():
    market = hand()
    assert gain_after(market, Ranking(market.setting), 50, 1.0) == pytest.approx(1.0, abs=1e-9)


def test_better_sales_lift_the_place_and_worse_ones_lower_it():
    up, down = hand(), hand()
    lifted = gain_after(up, Ranking(up.setting), 60, 1.1)
    lowered = gain_after(down, Ranking(down.setting), 60, 1 / 1.1)
    assert lowered < 0.95
    assert lifted > 1.05


def test_the_steady_state_solves_its_equation():
    rules = Rules(**RULES | {"sales_weight": 0.5, "place_spread": 0.7})
    listing = Listing(rules, lead=0.5 / 0.6)
    found = listing.steady(0.6)
    root = brentq(lambda y: 1 - 0.6 + 0.6 * listing.gain(y) - y, found - 0.05, found + 0.05, xtol=1e-12)
    assert found == pytest.approx(root, abs=1e-9)
    assert found < 1


def search_gain(sources: dict[str, object], **changes: object) -> float:
    """The factor on search in the steady state of a shop with these sources."""
    market = Hand(scenario_with(sources, {"mechanisms.repurchase": False, "market.ranking": RULES | changes}))
    today = market.morning()
    Ranking(market.setting).open(today)
    return market.by_source(today, "platform_search") / 1_000_000


def test_bought_sales_lift_free_traffic():
    """Rivals sell what the shop sold with its ads; without them search sends less, with more of them more."""
    sold = hand().setting.usual_orders.total
    rules = {"tmall_orders_per_day": sold, "sales_weight": 0.5}
    none = {"platform_search": SOURCES["platform_search"]}
    twice = none | {"platform_ads": source(1_000_000, 0.01)}
    assert search_gain(SOURCES, **rules) == pytest.approx(1.0, abs=1e-9)
    assert 0.3 < search_gain(none, **rules) < 0.95
    assert search_gain(twice, **rules) > 1.05


def test_without_sales_of_rivals_a_shop_is_measured_by_itself():
    alone = {"platform_search": SOURCES["platform_search"]}
    assert search_gain(alone, sales_weight=0.5) == pytest.approx(1.0, abs=1e-9)


def test_over_many_words_the_edge_of_the_first_page_is_crossed_word_by_word():
    """The steepest rise of clicks with sales is much gentler when words differ; the reference stays."""
    sales = np.linspace(1.0, 4.0, 61)

    def steepest(spread: float) -> float:
        listing = Listing(Rules(**RULES | {"place_spread": spread}), lead=1.0)
        gains = np.array([listing.gain(x) for x in sales])
        assert gains[0] == pytest.approx(1.0)
        assert (np.diff(gains) >= 0).all()
        return float((np.diff(np.log(gains)) / np.diff(np.log(sales))).max())

    assert steepest(1.0) < 0.5 * steepest(0.0)


def test_clicks_over_words_are_a_mean_over_the_normal_law():
    from scipy.stats import norm

    rules = Rules(**RULES | {"place_spread": 0.5, "page_break": 1.0, "searches_per_visit": 1e6})
    z = norm.isf((rules.reference_rank - 1) / rules.rivals)

    words = np.linspace(-6, 6, 20_001)

    def mean_clicks(x: float) -> float:
        places = 1 + rules.rivals * norm.sf(z + np.log(x) / rules.sales_spread + 0.5 * words)
        return float(np.average(clicks(rules, places), weights=norm.pdf(words)))

    # 201 middles of equal shares leave out the tails beyond one word in 400: a few hundredths at most.
    found = Listing(rules, lead=1.0).gain(1.5)
    assert found == pytest.approx(mean_clicks(1.5) / mean_clicks(1.0), rel=0.02)


def test_it_tips_both_ways_and_stays_within_all_searches():
    strong = {"sales_spread": 0.4, "click_exponent": 1.5}
    up, down = hand(**strong), hand(**strong)
    assert gain_after(up, Ranking(up.setting), 400, 1.3) == pytest.approx(25.0)
    assert gain_after(down, Ranking(down.setting), 400, 0.7) < 0.05


def test_without_weight_of_sales_or_fall_of_clicks_places_do_not_matter():
    for neutral in ({"sales_weight": 0.0}, {"click_exponent": 0.0, "page_break": 1.0}):
        market = hand(**neutral)
        assert gain_after(market, Ranking(market.setting), 30, 1.5) == pytest.approx(1.0)


def test_a_launch_starts_at_the_end_of_the_list():
    market = Hand(
        scenario_with(
            SOURCES,
            {"market.ranking": RULES, "horizon.start": "launch", "mechanisms.repurchase": False},
        )
    )
    force = Ranking(market.setting)
    today = market.morning()
    force.open(today)
    expected = clicks(Rules(**RULES), 1001) / clicks(Rules(**RULES), 40)
    assert market.by_source(today, "platform_search") / 1_000_000 == pytest.approx(expected)
    assert force.figures()["search_rank"] == pytest.approx(1001)


def test_seasons_move_no_place():
    market = hand()
    force = Ranking(market.setting)
    object.__setattr__(market.setting, "demand_on", lambda day: 1.0 + 0.9 * np.sin(day / 3.0))
    assert gain_after(market, force, 50, 1.0) == pytest.approx(1.0, abs=1e-9)


def test_popular_places_get_more_clicks():
    plain, marked = Rules(**RULES), Rules(**RULES, popularity_bump=0.16, popular_places=5)
    assert clicks(marked, 5) == pytest.approx(1.16 * clicks(plain, 5))
    assert clicks(marked, 6) == clicks(plain, 6)


def test_a_place_behind_the_last_rival_is_refused():
    with pytest.raises(ScenarioError, match=r"reference_rank \(2000\) cannot be above rivals \(1000\)"):
        scenario_with(SOURCES, {"market.ranking": RULES | {"reference_rank": 2000}})
