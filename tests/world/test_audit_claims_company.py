"""What projects, training, links, apologies and films cost, recomputed; and their forces on both engines."""

from __future__ import annotations

import pytest

from sim.run import Run
from sim.scenario import Scenario
from sim.scenario.quantiles import quantile
from sim.world import World, simulate
from tests.world.limits.claims_company import WORLD
from tests.world.small import brief

NAMES = ("quality_projects", "team_skill", "integration")
OFF = {f"mechanisms.{name}": False for name in NAMES}
FILM = {
    "market.awareness": {
        "half_life_days": 30,
        "later_visits_per_person": 0.1,
        "film": {"first_day": 1, "cost": 7000, "people": {"law": "lognormal", "mean": 50_000, "cv": 5}},
    }
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    name, values = WORLD
    return brief(name, values | FILM)


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return simulate(scenario, seed=5, log=True)


def test_each_kind_of_order_gone_wrong_is_paid_for_once(run: Run, scenario: Scenario) -> None:
    end = (scenario.horizon.warmup_days + scenario.horizon.days) * 24.0
    begin = scenario.horizon.warmup_days * 24.0
    entered = run.events[run.events.what == "enter"]
    counted = entered[(entered.time_h > begin) & (entered.time_h <= end)].groupby("node").size()
    each = scenario.service.recovery.cost_per_case
    cases = counted["broken"] + counted.get("lost", 0)
    assert run.accounts["goodwill"] == pytest.approx(cases * each, abs=0.1)
    fine = scenario.management.systems.oversold_cost_per_order
    assert run.accounts["oversold_orders"] == pytest.approx(counted["cancelled"] * fine, abs=0.1)
    for account in ("goodwill", "oversold_orders"):
        assert "" not in set(run.books.query(f"debit == '{account}'").channel)


def test_projects_are_paid_when_they_start(run: Run, scenario: Scenario) -> None:
    world = World(scenario, seed=5)
    world.live()
    assert world.quality is not None
    prices = {row.cause: row.cost_per_project for row in scenario.management.quality.causes}
    paid = sum(prices[cause] * number for cause, number in world.quality.started.items())
    assert run.accounts["quality_projects"] == pytest.approx(paid, abs=0.01)
    assert max(world.quality.started.values()) > 3


def test_a_film_is_paid_once_and_seen_by_as_many_as_luck_has_it(run: Run, scenario: Scenario) -> None:
    film = scenario.market.awareness.film
    assert run.accounts["traffic_film"] == pytest.approx(film.cost, abs=0.01)
    world = World(scenario, seed=5)
    people = quantile(film.people, world.luck("film", 0))
    kept = 2 ** (-1 / scenario.market.awareness.half_life_days)
    shown = scenario.horizon.warmup_days
    weight = sum(world._demand_on(shown + day) * kept**day for day in range(scenario.horizon.days))
    expected = people * scenario.market.awareness.later_visits_per_person * (1 - kept) * weight
    assert run.kpis["awareness_visits"] == pytest.approx(expected, rel=0.01)


def test_the_reference_engine_gives_the_same_digits(scenario: Scenario) -> None:
    short = scenario.with_values({"horizon.days": 21})
    one, twin = simulate(short, seed=5), simulate(short, seed=5, engine="reference")
    assert twin.kpis == one.kpis
    assert twin.accounts == one.accounts


def test_without_the_blocks_the_switches_change_no_digit() -> None:
    plain, off = simulate(brief(), seed=5), simulate(brief(changes=OFF), seed=5)
    assert off.kpis == plain.kpis
    assert off.accounts == plain.accounts


def test_neutral_settings_change_no_digit() -> None:
    """Projects that cost and prevent nothing, skill that moves nobody, a link that all use for nothing."""
    name, values = WORLD
    neutral = {
        "management.quality.cut_per_project": 0.0,
        "management.team.buying_gain": 0.0,
        "management.team.training.budget_per_year": 0.0,
        "management.systems.linked": True,
        "management.systems.used_anyway_share": 1.0,
        "management.systems.link_cost_per_year": 0.0,
        "management.systems.oversold_cost_per_order": 0.0,
        # With short stock a linked shop would show what is sold out.
        "products.stock.reorder_days": 20,
        "products.stock.order_up_to_days": 42,
    }
    rows = values["management.quality"]["causes"]
    neutral["management.quality.causes"] = [row | {"cost_per_project": 0} for row in rows]
    on = simulate(brief(name, values | neutral), seed=5)
    off = simulate(brief(name, values | neutral | OFF), seed=5)
    assert on.accounts == off.accounts
    assert {k: v for k, v in on.kpis.items() if k in off.kpis} == off.kpis


def test_a_bad_batch_breaks_more_for_its_days_and_no_longer() -> None:
    calm = {"fulfilment.breakage_per_handover": 0.01, "horizon.days": 60}
    batch = {"fulfilment.bad_batch": {"first_day": 20, "days": 10, "breakage_factor": 5}}
    before = simulate(brief(changes=calm | {"horizon.days": 19}), seed=5)
    twin = simulate(brief(changes=calm | {"horizon.days": 19} | batch), seed=5)
    assert before.kpis["orders"] == twin.kpis["orders"]
    plain, worse = (simulate(brief(changes=calm | more), seed=5) for more in ({}, batch))
    hands = brief().fulfilment.handovers_to_door
    usual, bad = 1 - 0.99**hands, 1 - 0.95**hands
    share = 1 + (bad / usual - 1) * 10 / 60
    assert worse.kpis["broken_share"] / plain.kpis["broken_share"] == pytest.approx(share, rel=0.25)
