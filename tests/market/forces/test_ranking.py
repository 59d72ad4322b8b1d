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
    rules = Rules(**RULES | {"sales_weight": 0.5, "search_share": 0.5})
    listing = Listing(rules, lead=0.5 / 0.6)
    found = listing.steady(0.6)
    root = brentq(lambda y: 1 - 0.6 + 0.6 * listing.gain(y) - y, found - 0.05, found + 0.05, xtol=1e-12)
    assert found == pytest.approx(root, abs=1e-9)
    assert found < 1


def test_bought_sales_lift_free_traffic():
    """Measured with half of the sales bought; now none is bought, and search sends less."""
    market = hand(search_share=0.7, sales_weight=0.5)
    usual = market.setting.usual_orders.from_source("platform_search") / market.setting.usual_orders.total
    without = Hand(
        scenario_with(
            {"platform_search": SOURCES["platform_search"]},
            {
                "mechanisms.repurchase": False,
                "market.ranking": RULES | {"search_share": usual, "sales_weight": 0.5},
            },
        )
    )
    force = Ranking(without.setting)
    today = without.morning()
    force.open(today)
    assert 0.3 < without.by_source(today, "platform_search") / 1_000_000 < 0.95


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
