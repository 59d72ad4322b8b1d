"""Rules of accounts: every account has one, and what stands in it moves the account."""

from __future__ import annotations

import re

import pytest

from sim.money.accounts import CHART
from sim.report.rules import RULES, assumptions_of, paths_of
from sim.scenario.fields import spec_of
from sim.world import simulate
from tests.project.tree import ROOT
from tests.world.small import brief

MOVED = 1.25
STEADY = {"horizon.days": 7, "horizon.warmup_days": 7}


def test_every_account_of_the_profit_and_loss_has_a_rule():
    assert set(RULES) == {name for name, account in CHART.items() if account.group != "balance"}


def test_every_path_of_a_rule_is_in_the_schema_and_every_file_there():
    for account, rule in RULES.items():
        known = paths_of(account)
        for path in rule.paths:
            pattern = re.compile(re.sub(r"\\\{\w+\\\}", r"\\w+", re.escape(path)))
            assert any(pattern.fullmatch(one) for one in known), (account, path)
        assert all(spec_of(path) for path in known)
        assert (ROOT / rule.where).is_file(), account


@pytest.fixture(scope="module")
def world():
    """A week of a small brand with points."""
    return brief("community_pickup", STEADY)


@pytest.fixture(scope="module")
def accounts(world):
    """Its accounts."""
    return simulate(world, 1).accounts


DIRECT = sorted(
    {
        "platform_commission", "payment_cost", "platform_fee", "traffic_clicks", "traffic_mail",
        "traffic_print",
        "picking_wages", "packing_material", "warehouse_rent", "line_haul", "last_mile", "failed_attempts",
        "pickup_drop", "pickup_attendants", "pickup_sites", "pickup_fees", "pickup_supervision",
        "pickup_exceptions", "pickup_recharge", "return_freight", "return_handling", "service_wages",
        "presale_wages", "data_analysts", "channel_team", "channel_running", "channel_build",
        "channel_servers",
        "store_rent", "store_wages", "store_fitout", "head_office", "coordination", "goods", "sales",
    }
)  # fmt: skip


@pytest.mark.parametrize("account", DIRECT)
def test_the_assumptions_of_a_rule_move_the_account(world, accounts, account):
    assert accounts.get(account, 0.0) != 0.0
    numbers = [
        entry
        for entry in assumptions_of(world, account)
        if isinstance(entry.value, int | float) and not isinstance(entry.value, bool) and entry.value
    ]
    assert numbers, "a rule without a number assumes nothing"
    for entry in numbers:
        high = entry.bounds[1]
        value = entry.value * MOVED
        value = type(entry.value)(value if high is None else min(value, high))
        if value == entry.value:
            continue
        moved = simulate(world.with_values({entry.path: value}), 1).accounts
        if moved.get(account, 0.0) != accounts[account]:
            return
    pytest.fail(f"none of {[entry.path for entry in numbers]} moves {account}")
