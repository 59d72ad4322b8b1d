"""Rivals in a market of another size keep the brand in its place; its own growth moves it."""

import pytest

from sim.experiment import scenario_at
from sim.experiment.rivals import rivals_beside, rivals_times
from sim.market.forces.expected import usual_orders
from sim.scenario import load

VISITS = "market.sources.platform_search.visits_per_year"
ADS = "market.sources.platform_ads.visits_per_year"


def lead(scenario, channel="tmall"):
    """The brand's own expected sales relative to a rival at the reference place."""
    rival = getattr(scenario.market.ranking, f"{channel}_orders_per_day")
    return usual_orders(scenario, 0.9).of_channel(channel) / rival


@pytest.fixture(scope="module")
def base():
    return load("base")


def test_a_market_of_another_size_is_everybodys(base):
    for path in ("densify", "replicate"):
        grown = scenario_at(base, path, 2.0).scenario
        for channel in ("tmall", "vertical"):
            assert lead(grown, channel) == pytest.approx(lead(base, channel), rel=1e-9)


def test_bought_traffic_and_lower_prices_are_the_brands_own_doing(base):
    for path in ("buy_traffic", "cut_price"):
        grown = scenario_at(base, path, 1.3).scenario
        assert lead(grown) > 1.1 * lead(base)


def test_a_smaller_world_keeps_the_place(base):
    smaller = base.with_values({VISITS: 1_000_000, ADS: 100_000})
    beside = smaller.with_values(rivals_beside(smaller, base))
    assert lead(smaller) < 0.5 * lead(base)
    # First orders set the size, and repeat orders are few: the place hardly moves.
    assert lead(beside) == pytest.approx(lead(base), rel=0.1)


def test_without_sales_of_rivals_nothing_is_changed():
    world = load("null_flat")
    without = world.with_values({"market.ranking": None})
    assert rivals_times(without, 2.0) == {}
    assert rivals_beside(without, without) == {}
