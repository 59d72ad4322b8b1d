"""What dealers keep and are paid, recomputed from the order log and the calendar."""

from __future__ import annotations

import pytest

from sim.run import Run
from sim.scenario import Scenario
from sim.world import simulate
from tests.world.limits.claims_channels import WORLD
from tests.world.small import brief

DAYS = 60


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    name, values = WORLD
    return brief(name, values | {"mechanisms.dealer_exit": False})


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return simulate(scenario, seed=21, log=True)


def test_dealers_keep_their_margin_of_what_shoppers_paid_and_kept(run: Run, scenario: Scenario) -> None:
    mine = run.orders[run.orders.channel == "stores"]
    begin = scenario.horizon.warmup_days * 24.0
    mine = mine[(mine.time_h > begin) & (mine.time_h <= begin + DAYS * 24.0)]
    kept = mine[mine.final_state == "kept"]
    margin = scenario.channels.stores.dealers.margin
    assert run.accounts["dealer_margin"] == pytest.approx(kept.value_yuan.sum() * margin, abs=0.5)
    frame = run.books.query("debit == 'dealer_margin'")
    assert set(frame.channel) == {"stores"}
    assert (frame.source != "").all()


def test_the_subsidy_is_paid_for_every_store_and_day(run: Run, scenario: Scenario) -> None:
    stores = scenario.channels.stores
    expected = stores.count * stores.dealers.subsidy_per_store_month * 12 * DAYS / 365
    assert run.accounts["dealer_subsidy"] == pytest.approx(expected, abs=0.5)


def test_the_brand_pays_no_rent_no_assistants_and_no_cards_for_them(run: Run) -> None:
    mine = run.accounts_by_channel["stores"]
    for account in ("store_rent", "store_wages", "store_fitout", "payment_cost"):
        assert mine.get(account, 0.0) == 0.0


def test_the_books_say_the_same_with_the_reference_engine(scenario: Scenario) -> None:
    small = scenario.with_values({"horizon.days": 7, "horizon.warmup_days": 3})
    assert simulate(small, seed=3).ledger == simulate(small, seed=3, engine="reference").ledger
