"""Parcels packed wrong: how many, on which days, and what a call turns out to be about."""

from __future__ import annotations

import pytest

from sim.fulfilment.chances import breakage, contact_rate
from sim.fulfilment.claims import opened_route, ticket_route
from sim.management.picking import ParcelsUnderWay
from sim.scenario import Scenario, load
from sim.scenario.picking import error_rates, errors_of, strained_share

RULES = {
    "wrong_rate": 0.01,
    "short_rate": 0.005,
    "strain": 2.0,
    "replaced_share": 0.5,
    "replacement_hours": 72,
}


@pytest.fixture
def scenario() -> Scenario:
    return load("door_only").with_values({"fulfilment.warehouse.picking_errors": RULES})


def test_calm_days_have_the_ordinary_rates(scenario: Scenario) -> None:
    rules = errors_of(scenario)
    assert rules is not None
    calm = strained_share(people=10, regular=12, work_hours=70, shift_hours=10)
    assert error_rates(rules, calm) == (0.01, 0.005)


def test_all_temporary_hands_make_errors_as_stated(scenario: Scenario) -> None:
    rules = errors_of(scenario)
    assert rules is not None
    assert error_rates(rules, 1.0) == pytest.approx((0.03, 0.015))


def test_strain_counts_temporary_hands_and_work_beyond_capacity_once() -> None:
    assert strained_share(people=20, regular=10, work_hours=100, shift_hours=10) == pytest.approx(0.5)
    assert strained_share(people=10, regular=10, work_hours=200, shift_hours=10) == pytest.approx(0.5)
    assert strained_share(people=0, regular=1, work_hours=0, shift_hours=10) == 0.0


def test_each_cause_keeps_its_share_of_all_parcels(scenario: Scenario) -> None:
    """Through both forks: wrong and short as stated, breakage and questions among the others."""
    wrong, short = 0.02, 0.01
    before = contact_rate(scenario, "door")
    errors = opened_route("decision", wrong, short)["service"]
    calls = before + (1 - before) * errors
    about = ticket_route(scenario, "decision", "door", wrong, short)
    assert sum(about.values()) == pytest.approx(1.0)
    assert calls * about["wrong"] == pytest.approx(wrong)
    assert calls * about["short"] == pytest.approx(short)
    assert calls * about["broken"] == pytest.approx((1 - wrong - short) * breakage(scenario, "door"))


def test_nobody_calls_about_nothing(scenario: Scenario) -> None:
    quiet = scenario.with_values(
        {"mechanisms.handover_breakage": False, "mechanisms.service_contacts": False}
    )
    route = ticket_route(quiet, "decision", "door", 0.0, 0.0)
    assert route == {"broken": 0.0, "wrong": 0.0, "short": 0.0, "decision": 1.0}


def test_parcels_under_way_keep_every_error() -> None:
    pool = ParcelsUnderWay()
    assert pool.rates() is None
    pool.add(100, (0.02, 0.01))
    pool.add(100, (0.06, 0.03))
    rates = pool.rates()
    assert rates == pytest.approx((0.04, 0.02))
    pool.take(50)
    assert pool.rates() == pytest.approx((0.04, 0.02))
    assert pool.parcels == pytest.approx(150)
    pool.take(1_000)
    assert pool.rates() is None
