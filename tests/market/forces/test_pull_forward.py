"""Where the visits of campaign days come from."""

import numpy as np
import pytest

from sim.market.forces.pull_forward import DEEPEST_DIP, PullForward, around
from sim.scenario import ScenarioError, load
from sim.scenario.days import daily_demand
from tests.market.forces.hand import Hand, scenario_with, source

RULES = {"pulled_share": 0.4, "days_before": 10, "days_after": 20, "decay_days": 8}
EVEN = {"market.weekday_profile": [1] * 7, "market.month_profile": [1] * 12}
CAMPAIGN = {"market.peak.first_day": 315, "market.peak.days": 3, "market.peak.share": 0.04}


def market(**rules: object):
    changes = {"market.pull_forward": RULES | rules, "market.second_peak": None}
    return load("base").with_values(changes | EVEN | CAMPAIGN).market


def test_the_year_stays_and_the_share_comes_from_the_days_around():
    found = market()
    demand = np.array(daily_demand(found))
    factor = around(found)
    assert (factor * demand).sum() == pytest.approx(365)
    usual = demand[0]
    extra = demand[314:317].sum() - 3 * usual
    near = [*range(304, 314), *range(317, 337)]
    assert ((1 - factor) * demand)[near].sum() == pytest.approx(0.4 * extra)
    assert factor[314:317].tolist() == [1.0, 1.0, 1.0]
    assert (factor[:304] > 1.0).all()


def test_the_loss_falls_off_with_distance():
    factor = around(market())
    lost = 1.0 - factor
    assert lost[318] / lost[317] == pytest.approx(np.exp(-1 / 8))
    assert lost[317] == pytest.approx(lost[313])
    assert (np.diff(factor[317:337]) > 0).all()


def test_nothing_is_moved_without_a_share_or_extra_visits():
    assert (around(market(pulled_share=0.0)) == 1.0).all()
    changes = {"market.pull_forward": RULES, "market.second_peak": None} | EVEN | CAMPAIGN
    calm = load("base").with_values(changes | {"market.peak.share": 3 / 365}).market
    assert around(calm) == pytest.approx(np.ones(365))


def test_no_day_loses_more_than_it_has():
    factor = around(market(pulled_share=1.0, days_before=0, days_after=2))
    assert factor.min() == pytest.approx(1 - DEEPEST_DIP)


def test_two_campaigns_take_from_their_own_days():
    changes = {
        "market.pull_forward": RULES,
        "market.second_peak": {"first_day": 169, "days": 1, "share": 0.01},
    }
    found = load("base").with_values(changes | EVEN | CAMPAIGN).market
    factor = around(found)
    assert factor[167] < 1 > factor[169]
    assert factor[168] == 1.0
    assert (factor * np.array(daily_demand(found))).sum() == pytest.approx(365)


def test_it_moves_all_visits_of_a_day_alike():
    hand = Hand(scenario_with({"platform_search": source(1e6, 0.01)}, {"market.pull_forward": RULES}))
    today = hand.morning(314 + 3)
    PullForward(hand.setting).open(today)
    rows = hand.rows("platform_search")
    assert today.rates[rows] == pytest.approx(hand.rates[rows] * around(hand.scenario.market)[317])


def test_a_share_needs_days_to_take_it_from():
    with pytest.raises(ScenarioError, match="needs days_before or days_after"):
        market(days_before=0, days_after=0)
