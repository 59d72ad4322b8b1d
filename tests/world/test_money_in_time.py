"""Money with its timing, goods with their age, head office with its size: by hand and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from sim.accounting.capital import delayed, under_way
from sim.management.financing import growth_seen, month_of_break_even, month_of_ruin, post_overdraft
from sim.management.overhead import coordinators
from sim.management.stock_age import StockRecord
from sim.money import Ledger
from sim.run import Run
from sim.scenario.schema import BudgetRule
from sim.world import World, simulate
from tests.world.small import brief

SMALL = {
    "market.sources.search_engine.visits_per_year": 200_000,
    "market.sources.navigation_portal.visits_per_year": 50_000,
    "market.sources.email.visits_per_year": 50_000,
}


def run(changes: dict | None = None, seed: int = 7) -> Run:
    return simulate(brief("base", SMALL | (changes or {})), seed)


# -- payments ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("delay", [0.0, 10.0, 45.0, 100.0])
def test_in_a_steady_state_what_comes_due_is_what_arises(delay: float) -> None:
    days = np.array([30.0, 30.0, 0.0])
    amounts = np.array([60.0, 60.0, 0.0])
    assert delayed(amounts, days, delay) + under_way(amounts, days, delay) == pytest.approx(amounts)
    assert under_way(amounts, days, delay).sum() == pytest.approx(min(delay, 60.0) * 2.0)


def test_cash_moves_by_profit_and_by_what_is_tied_up() -> None:
    """The change of cash is the profit less the change of everything else the brand owns or owes."""
    found = run({"horizon.days": 90})
    changes = {}
    for name in ("cash", "receivables", "stock", "equipment", "deposits", "payables", "refunds_due"):
        changes[name] = found.ledger.balance(name) / 100
    equity = -found.ledger.balance("owners_equity") / 100
    profit = -sum(found.accounts.values())
    assert sum(changes.values()) == pytest.approx(equity + profit, abs=0.01)
    path = np.array(found.months["cash"])
    put_in = 3_000_000
    assert path[-1] - put_in == pytest.approx(profit, abs=0.25 * abs(profit) + 30_000)
    assert found.kpis["lowest_cash"] == pytest.approx(path.min())


# -- owners and the bank -------------------------------------------------------------------------------------
def test_an_overdraft_by_hand() -> None:
    scenario = brief("base", {"finance.opening_cash": 100, "finance.credit_line": 500})
    ledger = Ledger()
    ledger.post("cash", "owners_equity", 100)
    ledger.post_array("head_office", "cash", np.array([300.0, 500.0]))
    days = np.array([36.5, 73.0])
    post_overdraft(scenario, ledger, days)
    first = (0 + 200) / 2 * 0.06 * 0.1
    second = (200 + first + 700 + first) / 2 * 0.06 * 0.2
    charged = ledger.by_period("overdraft_interest", 2)
    assert charged == pytest.approx([first, second])
    cash = np.cumsum(ledger.by_period("cash", 2))
    assert month_of_ruin(scenario, cash) == 2
    assert month_of_ruin(scenario, np.array([-500.0, 0.0])) is None


def test_a_round_needs_the_growth_that_was_promised() -> None:
    sales, demand = np.array([2.0, 2, 2, 3, 3, 3]), np.ones(6)
    assert growth_seen(sales, demand, 6) == pytest.approx(0.5)
    assert growth_seen(sales, demand * [1, 1, 1, 1.5, 1.5, 1.5], 6) == pytest.approx(0.0)
    assert growth_seen(sales, demand, 1) == 0.0
    rounds = [
        {"month": 1, "amount": 1000.0},
        {"month": 3, "amount": 5000.0, "needs_growth": 10.0},
        {"month": 99, "amount": 1.0},
    ]
    paid = run({"finance.funding_rounds": rounds, "horizon.days": 90})
    plain = run({"horizon.days": 90})
    more = np.array(paid.months["cash"]) - np.array(plain.months["cash"])
    assert more == pytest.approx([1000.0] * 3, abs=0.02)


def test_break_even_is_when_all_money_is_back_for_good() -> None:
    put_in = np.array([100.0, 0, 0, 0])
    assert month_of_break_even(np.array([50.0, 120, 90, 110]), put_in) == 4
    assert month_of_break_even(np.array([100.0, 120, 130, 110]), put_in) == 1
    assert month_of_break_even(np.array([150.0, 120, 90, 80]), put_in) is None


def test_a_ruined_brand_is_told_and_goes_on() -> None:
    poor = {"finance.opening_cash": 0, "finance.credit_line": 100_000, "horizon.start": "launch"}
    found = run(poor | {"horizon.days": 60})
    assert found.kpis["ruined"] == 1.0
    assert found.kpis["months_to_ruin"] == 1.0
    assert found.kpis["orders"] == run({"horizon.start": "launch", "horizon.days": 60}).kpis["orders"]
    assert "months_to_break_even" not in found.kpis


# -- goods ---------------------------------------------------------------------------------------------------
def test_the_oldest_goods_leave_first_and_are_marked_down_once() -> None:
    record = StockRecord(periods=1, opening=10, markdown_after_days=3.0)
    deliveries = [(30.0, 6)]
    record.note(24.0, 8.0, [], 0)
    record.note(48.0, 12.0, deliveries, 0)  # two more sold, six received
    record.note(72.0, 11.0, deliveries, 0)  # five of the opening stock are three days old
    record.note(96.0, 11.0, deliveries, 0)
    assert record.aged_units == [5.0]
    record.note(120.0, 3.0, deliveries, 0)  # five old ones and three of the delivery are sold; three left age
    assert record.aged_units == [8.0]
    assert record.unit_days == [8.0 + 12 + 11 + 11 + 3]
    assert record.received == [6.0]
    assert (record.days, record.empty_days) == (5, 0)


def test_falling_prices_take_their_share_of_what_lies() -> None:
    for yearly in (0.0, 0.3):
        values = {"products.price_decline_per_year": yearly, "products.stock.markdown_after_days": None}
        found = run(values | {"horizon.days": 90})
        scenario = brief("base", SMALL | values)
        stock_value = found.kpis["stock_days"] / 90 * goods_sold(found)
        daily = 1 - (1 - scenario.products.price_decline_per_year) ** (1 / 365)
        lost = found.accounts.get("stock_writedown", 0.0)
        assert lost == pytest.approx(stock_value * daily * 90, rel=0.02)


def goods_sold(found: Run) -> float:
    """Return the purchase cost of everything sold, whatever became of it later (yuan)."""
    return sum(e.fen for e in found.ledger.select() if (e.debit, e.credit) == ("goods", "stock")) / 100


def test_push_ships_the_plan_whatever_sells() -> None:
    push = {"products.stock.policy": "push", "horizon.days": 84}
    world = World(brief("base", SMALL | push), 5)
    world.live()
    shipped = sum(units for _, units in world.item.deliveries)
    weeks = world.now / 168
    assert shipped == pytest.approx(world.units_per_day * 7 * weeks, rel=0.15)
    sizes = {units for _, units in world.item.deliveries}
    assert max(sizes) - min(sizes) <= 1


def test_pushing_too_much_ages_stock_and_ties_up_money() -> None:
    pull = run({"horizon.days": 180, "products.stock.markdown_after_days": 60})
    push = {"products.stock.policy": "push", "products.stock.push_plan": 1.5}
    pushed = run(push | {"horizon.days": 180, "products.stock.markdown_after_days": 60})
    assert pushed.kpis["stock_days"] > 2 * pull.kpis["stock_days"]
    assert pushed.accounts["stock_writedown"] > 2 * pull.accounts["stock_writedown"]
    assert pushed.kpis["closing_cash"] < pull.kpis["closing_cash"]
    assert pushed.ledger.balance("stock") > 2 * pull.ledger.balance("stock")


# -- head office ---------------------------------------------------------------------------------------------
def test_steps_are_paid_for_from_their_volume_on() -> None:
    for daily, repeats in ((1e6, False), (10.0, False), (10.0, True)):
        step = {"per": "orders", "from_per_day": daily, "cost_per_year": 36_500.0, "repeats": repeats}
        found = run({"management.steps": [step]})
        reached = np.floor(found.kpis["orders"] / 28 / daily)
        assert reached > 1 or daily > 10
        times = reached if repeats else min(reached, 1)
        assert found.accounts.get("overhead_steps", 0.0) == pytest.approx(times * 2800.0, abs=0.01)


def test_managers_follow_from_people() -> None:
    rules = brief("base").management.coordination
    assert coordinators(rules, 51.2) == (6, 1)
    assert coordinators(rules, 100.0) == (10, 1)
    assert coordinators(rules, 1.0) == ()
    found = run()
    people = found.kpis["coordinators"]
    assert people == int(people)
    wages = (people - 1) + rules.level_wage_factor
    assert found.accounts["coordination"] == pytest.approx(wages * 7500 * 12 * 28 / 365, abs=0.01)


# -- budgets and terms ---------------------------------------------------------------------------------------
def clicks(found: Run) -> dict[str, float]:
    sums: dict[str, float] = {}
    for entry in found.ledger.select():
        if entry.debit == "traffic_clicks":
            sums[entry.source] = sums.get(entry.source, 0.0) + entry.fen / 100
    return sums


def test_marginal_budgets_move_money_and_keep_its_sum() -> None:
    year = {"horizon.days": 180, "mechanisms.seasonality": False}
    plan = clicks(run(year))
    moved = clicks(run(year | {"management.budget_rule": {"rule": "marginal", "moved_share": 0.3}}))
    assert any(abs(moved[name] - plan[name]) > 0.1 * plan[name] for name in plan)
    assert sum(moved.values()) == pytest.approx(sum(plan.values()), rel=0.15)


def test_a_source_that_earns_too_little_is_not_bought_any_more() -> None:
    year = {"horizon.days": 180, "mechanisms.seasonality": False}
    strict = {"rule": "roi_stop", "least_contribution_per_order": 1e5, "review_days": 30}
    stopped, plan = clicks(run(year | {"management.budget_rule": strict})), clicks(run(year))
    for name, yuan in plan.items():
        assert stopped[name] == pytest.approx(yuan / 6, rel=0.2)


def test_a_rule_that_judges_by_two_things_is_refused() -> None:
    with pytest.raises(ValidationError, match="roi_stop judges by contribution"):
        BudgetRule(rule="roi_stop", aim="conversion")


def test_terms_rise_with_the_share_of_sales_on_the_platform() -> None:
    days = {"horizon.days": 400, "market.sources.platform_search.visits_per_year": 200_000}
    drift = {"commission_per_year": 0.2, "ad_price_per_year": 0.0}
    scenario = brief("base", SMALL | days | {"channels.tmall.take_drift": drift})
    found = simulate(scenario, 3)
    share = placed_share(found, "tmall", range(12))
    for months, factor in ((range(12), 1.0), (range(12, 14), 1 + 0.2 * share)):
        income = ("sales", "refunds", "discounts")
        net = -found.ledger.total(income, channel="tmall", period=months)
        taken = found.ledger.balance("platform_commission", channel="tmall", period=months)
        assert taken / net == pytest.approx(0.05 * factor, rel=2e-3)


def placed_share(found: Run, channel: str, months: range) -> float:
    income = ("sales", "discounts")
    mine = found.ledger.total(income, channel=channel, period=months)
    return mine / found.ledger.total(income, period=months)


def test_both_engines_agree_to_the_digit() -> None:
    everything = {
        "horizon.days": 40,
        "market.sources.platform_search.visits_per_year": 200_000,
        "products.stock.policy": "push",
        "management.budget_rule": {"rule": "marginal", "review_days": 7},
    }
    scenario = brief("base", SMALL | everything)
    fast, plain = simulate(scenario, 3), simulate(scenario, 3, engine="reference")
    assert fast.kpis == plain.kpis
    assert fast.ledger == plain.ledger
