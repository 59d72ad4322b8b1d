"""What slow forces on who buys cost, recomputed from orders, hours and the calendar."""

from __future__ import annotations

import pytest

from sim.run import Run
from sim.scenario import Scenario
from sim.world import simulate
from tests.world.limits.choice import WORLD
from tests.world.small import brief

DAYS = 60
CHANGES = {
    "horizon.days": DAYS,
    "market.peak": {"first_day": 20, "days": 3, "share": 0.05, "fade": 0.5, "discount": 0.1},
    "market.second_peak": None,
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    name, values = WORLD
    return brief(name, values | CHANGES)


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return simulate(scenario, seed=21, log=True)


def test_agents_before_the_sale_are_paid_by_the_hour(run: Run, scenario: Scenario) -> None:
    desk = scenario.service.presale
    hours = run.time_sheet.query("account == 'presale_wages'").quantity.sum()
    assert hours % (desk.shift_end_hour - desk.shift_start_hour) == pytest.approx(0.0)
    wage = desk.wage_per_month / desk.working_hours_per_month
    assert run.accounts["presale_wages"] == pytest.approx(hours * wage, abs=0.5)
    served = run.events[(run.events.node == "chat_desk") & (run.events.what == "start")]
    assert (served.time_h % 24 >= desk.shift_start_hour).all()


def test_their_pay_is_split_by_who_asked(run: Run) -> None:
    frame = run.books.query("debit == 'presale_wages'")
    assert set(frame.channel) <= {"tmall", "vertical", "mall"}
    assert (frame.source != "").all()


def test_guarantees_are_paid_for_orders_of_the_mall(run: Run, scenario: Scenario) -> None:
    mine = run.orders[run.orders.channel == "mall"]
    cost = scenario.market.earned_trust.guarantee.cost_per_order
    begin = scenario.horizon.warmup_days * 24.0
    in_time = mine[mine.time_h <= begin + DAYS * 24.0]
    assert run.accounts["guarantees"] == pytest.approx(len(in_time) * cost, abs=0.5)
    by_source = in_time.groupby("source").size()
    frame = run.books.query("debit == 'guarantees'")
    found = frame.groupby("source").fen.sum() / 100.0
    assert found.to_dict() == pytest.approx((by_source * cost).to_dict(), abs=0.5)


def test_budgets_are_paid_by_the_calendar(run: Run, scenario: Scenario) -> None:
    rules = scenario.market.experience
    brand = (rules.assortment.budget_per_year + rules.content.budget_per_year) * DAYS / 365
    mall = rules.usability.budget_per_year * DAYS / 365
    assert run.accounts_by_channel[""]["experience_spend"] == pytest.approx(brand, abs=0.5)
    assert run.accounts_by_channel["mall"]["experience_spend"] == pytest.approx(mall, abs=0.5)
    analysts = scenario.market.own_data.analyst_cost_per_year * DAYS / 365
    assert run.accounts_by_channel["mall"]["data_analysts"] == pytest.approx(analysts, abs=0.5)


def test_a_promotions_discount_is_taken_off_orders_won_by_an_answer_too(run: Run, scenario: Scenario) -> None:
    begin = scenario.horizon.warmup_days * 24.0
    orders = run.orders.copy()
    day = ((orders.time_h - begin) // 24).astype(int) + 1
    strength = day.map({20: 1.0, 21: 0.5, 22: 0.25}).fillna(0.0)
    online = orders.channel != "stores"
    off = (orders.value_yuan * 0.1 * strength * online).sum()
    listed = (orders.reference_value_yuan - orders.value_yuan).sum()
    won = orders.asked_first & (strength > 0)
    assert won.sum() > 10
    assert run.accounts["discounts"] == pytest.approx(off + listed, abs=0.5)
