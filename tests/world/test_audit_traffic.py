"""What mails, print and rebates cost, recomputed day by day from the log of orders."""

from __future__ import annotations

import numpy as np
import pytest

from sim.accounting import close_books
from sim.run import Run
from sim.world import World
from tests.world.limits.traffic import WORLD
from tests.world.small import brief

DAYS = 60
CHANGES = {
    "horizon.days": DAYS,
    "market.peak.discount": 0.0,
    "market.rivals": None,
    "service.presale": None,
    "market.print_media.cycle_days": 40,
}
MONTH = 365 / 12


@pytest.fixture(scope="module")
def world() -> World:
    name, values = WORLD
    found = World(brief(name, values | CHANGES), seed=21, log=True)
    found.live()
    return found


@pytest.fixture(scope="module")
def run(world: World) -> Run:
    assert not world.discounts.any()
    return close_books(world, "test")


def orders_by_day(world: World, source: str | None = None) -> list[tuple[float, float]]:
    """Return the number of orders and their value on each day, those of the warm-up included."""
    mine = np.array([source in (None, c.segment.source) for c in world.classes])
    assert world.log is not None
    days = [orders for orders, _ in world.log]
    return [(float(mine[day.classes].sum()), float(day.values[mine[day.classes]].sum())) for day in days]


def from_cash(run: Run, account: str) -> float:
    """Return what was paid in yuan; what a platform keeps back goes through receivables instead."""
    return (
        sum(entry.fen for entry in run.ledger.entries if (entry.debit, entry.credit) == (account, "cash"))
        / 100
    )


def rounding(run: Run, account: str) -> float:
    """Return the most that rounding of every entry to whole fen can make, in yuan."""
    return 0.005 * sum(account in (entry.debit, entry.credit) for entry in run.ledger.entries) + 1e-6


def test_every_piece_is_paid(run: Run, world: World) -> None:
    rules, source = world.scenario.market.print_media, world.scenario.market.sources.posters
    landing = source.landing
    stores = landing.stores / (landing.stores + landing.mall + landing.tmall + landing.vertical)
    readers = source.visits_per_year * (stores + (1.0 - stores) / rules.hop_survival)
    expected = readers / rules.response_rate * DAYS / 365 * rules.cost_per_piece
    assert run.accounts["traffic_print"] == pytest.approx(expected, abs=rounding(run, "traffic_print"))


def test_buyers_of_an_outdated_offer_get_their_terms(run: Run, world: World) -> None:
    rules = world.scenario.market.print_media
    expected = 0.0
    for day, (orders, _) in enumerate(orders_by_day(world, "posters")):
        stale = 1.0 - (1.0 - rules.offer_change_per_day) ** (day % rules.cycle_days)
        stays = stale * (1.0 - rules.stale_lost_share)
        if day >= world.scenario.horizon.warmup_days:
            expected += orders * stays / (1.0 - stale + stays) * rules.compensation_per_stale_order
    assert expected > 100
    found = run.accounts["offer_compensation"]
    assert found == pytest.approx(expected, abs=rounding(run, "offer_compensation"))


def test_mails_go_to_everybody_on_the_list(run: Run, world: World) -> None:
    rules, source = world.scenario.market.email, world.scenario.market.sources.email
    usual = rules.reference_mails_per_customer_month
    setting = world.forces[0].setting
    begin = world.scenario.horizon.warmup_days * 24.0
    kept = run.events
    times = kept[(kept.node == "kept") & (kept.what == "enter") & (kept.time_h > begin)].time_h
    by_day = np.bincount(np.ceil((times - begin) / 24.0).astype(int), minlength=DAYS + 2)[1:]
    reference = source.visits_per_year / (12 * usual * rules.click_rate)
    lost = (rules.unsubscribe_per_mail * np.array([usual, rules.mails_per_customer_month])) / MONTH
    lost += rules.churn_per_month / MONTH
    joins = reference * lost[0] / (setting.usual_orders.total * setting.kept_share)
    customers, mails = reference * lost[0] / lost[1], 0.0
    for day in range(DAYS):
        mails += customers * rules.mails_per_customer_month / MONTH
        customers += joins * by_day[day] - customers * lost[1]
    expected = mails * rules.cost_per_mail
    assert run.accounts["traffic_mail"] == pytest.approx(expected, abs=rounding(run, "traffic_mail"))


def test_the_alliance_gets_what_it_asks_for(run: Run, world: World) -> None:
    rules, planned = world.scenario.market.rebate, world.scenario.market.sources.rebate_alliance
    setting = world.forces[0].setting
    share = setting.usual_orders.from_source("rebate_alliance") / setting.usual_orders.total
    warmup = world.scenario.horizon.warmup_days
    commission, expected = planned.commission_on_sales, 0.0
    days = zip(orders_by_day(world), orders_by_day(world, "rebate_alliance"), strict=True)
    for day, ((orders, _), (mine, value)) in enumerate(days):
        expected += (commission - planned.commission_on_sales) * value * setting.kept_share
        if orders > 0:
            share += (mine / orders - share) * (1.0 - np.exp(-1.0 / rules.window_days))
        if day >= warmup:
            commission += rules.commission_rise_per_year * share / 365
    assert expected > 10
    found = from_cash(run, "traffic_commission")
    assert found == pytest.approx(expected, abs=rounding(run, "traffic_commission"))
    assert run.kpis["rebate_commission"] == pytest.approx(commission)


def test_what_is_paid_for_traffic_tells_its_source(run: Run) -> None:
    frame = run.books
    for account, source in (
        ("traffic_mail", "email"),
        ("traffic_print", "posters"),
        ("offer_compensation", "posters"),
    ):
        rows = frame[frame.debit == account]
        assert set(rows.source) == {source}
        assert (rows.channel != "").all()
