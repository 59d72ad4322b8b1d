"""Accounts of channels, stock, head office and bank recomputed from the event log and the time sheet.

The records know orders, deliveries, paid hours and visits; what the books made of them is not looked at.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sim import __version__
from sim.accounting import close_books
from sim.money import Rule, audit
from sim.money.accounts import CHART
from sim.run import Run
from sim.scenario import Scenario
from sim.scenario.segments import UNVISITED
from sim.world import World
from tests.world.limits.reading import planned_per_hour
from tests.world.small import brief

DAYS = np.array([31.0, 14.0])
HOURLY = (
    "picking_wages",
    "return_handling",
    "service_wages",
    "presale_wages",
    "installation_wages",
    "fleet_drivers",
)
CHANGES = {
    "horizon.start": "launch",
    "horizon.days": 45,
    "market.sources.search_engine.visits_per_year": 200_000,
    "market.sources.navigation_portal.visits_per_year": 50_000,
    "market.sources.email.visits_per_year": 50_000,
    "products.stock.markdown_after_days": 12,
    "products.stock.order_up_to_days": 40,
    "management.steps": [
        {"per": "parcels", "from_per_day": 40, "cost_per_year": 73_000, "repeats": True},
        {"per": "stores", "from_per_day": 3, "cost_per_year": 36_500},
    ],
    "channels.stores.count": 4,
    "finance.opening_cash": 0,
    "finance.credit_line": 10_000_000,
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return brief("base", CHANGES)


@pytest.fixture(scope="module")
def world(scenario: Scenario) -> World:
    world = World(scenario, 11, log=True)
    world.live()
    return world


@pytest.fixture(scope="module")
def run(world: World) -> Run:
    return close_books(world, __version__)


def differences(run: Run, rules: list[Rule], tables: dict[str, pd.DataFrame]) -> list[str]:
    """Hold the accounts that the rules name against the books, channel by channel and month by month."""
    ruled = {rule.account for rule in rules}
    unaudited = [name for name in CHART if name not in ruled]
    found = audit(run.ledger, rules, tables, by=("channel", "source", "period"), unaudited=unaudited)
    silent = [f"{name}: nothing posted" for name in ruled if not run.ledger.balance(name)]
    return [*map(str, found), *silent]


def test_wear_by_the_calendar(run: Run, scenario: Scenario) -> None:
    months = pd.DataFrame({"period": [0, 1], "days": DAYS})
    stores, mall = months.assign(channel="stores"), months.assign(channel="mall")
    fit_out, build = scenario.channels.stores.fit_out, scenario.channels.mall.build
    yearly = scenario.channels.stores.count * fit_out.cost / fit_out.life_years
    rules = [
        Rule("store_fitout", 1, "stores", "days", yearly / 365),
        Rule("channel_build", 1, "mall", "days", build.cost / build.life_years / 365),
    ]
    assert not differences(run, rules, {"stores": stores, "mall": mall})


def test_servers_by_the_visit(run: Run, scenario: Scenario) -> None:
    visits = run.visits[(run.visits.channel == "mall") & ~run.visits.source.isin(UNVISITED)]
    months = pd.DataFrame({"period": [0, 1], "days": DAYS, "channel": "mall", "source": ""})
    servers = scenario.channels.mall.servers
    planned = planned_per_hour(scenario, "mall")
    capacity = servers.capacity_factor * planned * servers.cost_per_capacity_year
    rules = [
        Rule("channel_servers", 1, "visits", "visits", servers.cost_per_thousand_visits / 1000),
        Rule("channel_servers", 1, "months", "days", capacity / 365),
    ]
    assert not differences(run, rules, {"visits": visits, "months": months})


def test_value_lost_on_the_shelf(run: Run, world: World, scenario: Scenario) -> None:
    """Levels from orders and deliveries; first in, first out, from cumulated receipts and issues."""
    orders = run.orders
    taken = orders[orders.final_state != "cancelled"]
    left = np.sort(np.repeat(taken.goods_h.to_numpy(), taken.units.to_numpy()))
    hours = np.array([0.0, *(hour for hour, _ in world.item.deliveries)])
    opening = world.stock_record.opening
    received = np.cumsum([opening, *(units for _, units in world.item.deliveries)])
    limit = scenario.products.stock.markdown_after_days

    def issued(hour: float) -> float:
        return float(np.searchsorted(left, hour, side="right"))

    def came(hour: float) -> float:
        return float(received[np.searchsorted(hours, hour, side="right") - 1]) if hour >= 0 else 0.0

    rows = []
    for day in range(1, 46):
        now = 24.0 * day
        old, older = came(now - limit * 24), came(now - limit * 24 - 24)
        aged = max(old - issued(now), 0.0) - max(older - issued(now), 0.0)
        rows.append((0 if day <= 31 else 1, came(now) - issued(now), aged))
    table = pd.DataFrame(rows, columns=["period", "level", "aged"])
    assert table.aged.sum() > 0
    bought = sum(e.fen for e in run.ledger.select() if (e.debit, e.credit) == ("goods", "stock")) / 100
    cost = bought / taken.units.sum()
    products = scenario.products
    daily = 1 - (1 - products.price_decline_per_year) ** (1 / 365)
    rules = [
        Rule("stock_writedown", 1, "days", "level", daily * cost),
        Rule("stock_writedown", 1, "days", "aged", products.stock.markdown_share * cost),
    ]
    assert not differences(run, rules, {"days": table})


def test_head_office_by_parcels_and_people(run: Run, scenario: Scenario) -> None:
    channels, office = scenario.channels, scenario.management.coordination
    events = run.events
    sent = events[(events.node == "line_haul") & (events.what == "enter")].time_h.to_numpy()
    monthly = np.histogram(sent, bins=[0, 31 * 24, 45 * 24])[0] / DAYS
    busiest = np.maximum.accumulate(np.floor(monthly / 40))
    standing = channels.stores.count * channels.stores.staff_per_store
    standing += channels.tmall.team_size + channels.vertical.team_size + channels.mall.team_size
    rows = []
    for period in range(2):
        sheet = run.time_sheet.query("period == @period and account in @HOURLY")
        people = sheet.quantity.sum() / (scenario.service.working_hours_per_month * 12 / 365 * DAYS[period])
        below, wages, level = math.ceil(people + standing), 0.0, 0
        while below > 1:
            below = math.ceil(below / office.span)
            wages += below * office.level_wage_factor**level
            level += 1
        rows.append((period, DAYS[period], busiest[period], wages * office.wage_per_month * 12 / 365))
    table = pd.DataFrame(rows, columns=["period", "days", "steps", "wages_per_day"])
    rules = [
        Rule("coordination", 1, "months", "days", "wages_per_day"),
        Rule("overhead_steps", 1, "months", lambda rows: rows.steps * rows.days, 200.0),
        Rule("overhead_steps", 1, "months", "days", 100.0),
    ]
    assert not differences(run, rules, {"months": table})


def test_the_bank_charges_for_the_mean_overdraft(run: Run, scenario: Scenario) -> None:
    closing = np.array(run.months["cash"])
    charged = [run.ledger.balance("overdraft_interest", period=period) / 100 for period in range(2)]
    before = np.array([0.0, closing[0]])
    uncharged = closing + np.array(charged)
    overdrawn = np.maximum(-before, 0) / 2 + np.maximum(-uncharged, 0) / 2
    rate = scenario.finance.overdraft_cost_per_year
    assert charged == pytest.approx(overdrawn * rate * DAYS / 365, abs=0.01)
    assert max(charged) > 0
