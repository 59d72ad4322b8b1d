"""Calls caused on the way: how many, and when none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from sim.management.draws import poisson_number, poisson_quantiles
from sim.scenario import load
from sim.scenario.contacts import calls_per_event, calls_per_parcel, late_share
from sim.world import simulate
from tests.world.small import brief

CAUSES = {"fulfilment.contact_causes": {"per_late": 0.5, "per_failed_trip": 1.0, "per_missing": 2.0}}


@pytest.mark.parametrize("mean", [0.01, 0.7, 3.0, 41.5, 900.0])
def test_poisson_quantiles(mean: float) -> None:
    for u in (1e-9, 0.01, 0.3, 0.5, 0.9, 0.999999):
        assert poisson_quantiles(np.array([u]), mean).item() == poisson.ppf(u, mean)


@pytest.mark.parametrize("mean", [0.01, 0.7, 3.0, 41.5, 60.0, 900.0])
def test_one_poisson_number_is_the_quantile_of_the_law_at_its_steps_too(mean: float) -> None:
    at_steps = poisson.cdf(np.arange(12), mean)
    close_by = [at_steps, np.nextafter(at_steps, 0.0), np.nextafter(at_steps, 1.0), at_steps - 1e-10]
    u = np.concatenate([*close_by, np.random.default_rng(1).random(50), [1e-300, 1.0 - 2.0**-53]])
    u = u[(u > 0.0) & (u < 1.0)]
    assert [poisson_number(one, mean) for one in u.tolist()] == poisson_quantiles(u, mean).tolist()


def test_calls_per_parcel_by_hand() -> None:
    scenario = load("door_only").with_values(CAUSES)
    courier = scenario.fulfilment.courier
    by_hand = courier.failed_attempt_rate * 1.0 + courier.lost_rate * 2.0 + 0.1 * 0.5
    assert calls_per_parcel(scenario, late_share=0.1) == pytest.approx(by_hand)


def test_no_calls_without_causes_or_contacts() -> None:
    scenario = load("door_only").with_values(CAUSES)
    assert calls_per_event(scenario.with_values({"mechanisms.service_contacts": False})) == {}
    assert calls_per_event(scenario.with_values({"fulfilment.contact_causes": None})) == {}


def test_late_share_rises_with_the_mean_time() -> None:
    scenario = load("door_only")
    shares = [late_share(scenario, hours) for hours in (0.0, 40.0, 60.0, 96.0, 150.0)]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert 0.4 < shares[3] < 0.6
    assert shares[4] > 0.95


@pytest.mark.parametrize(
    "without", [{"fulfilment.contact_causes": None}, {"mechanisms.service_contacts": False}]
)
def test_a_history_without_causes_has_no_calls_about_them(without) -> None:
    run = simulate(brief("door_only", CAUSES | {"horizon.days": 5} | without), seed=5)
    assert not {"late", "failed", "missing"} & run.contacts.keys()


@pytest.fixture(scope="module")
def run():
    return simulate(brief("door_only", CAUSES), seed=5, log=True)


def test_calls_follow_what_happened(run) -> None:
    """Poisson around rate times events; they differ by the days at both ends, as calls come a day later."""
    orders = run.orders
    failed, lost = orders.failed_trip_h.notna().sum(), orders.lost_h.notna().sum()
    assert abs(run.contacts["failed"] - failed) < 4 * np.sqrt(failed) + 15
    assert abs(run.contacts.get("missing", 0) - 2 * lost) < 8 * np.sqrt(lost + 1)
    called = orders[orders.service_h.notna()]
    assert run.contacts["question"] + run.contacts["broken"] + run.contacts.get(
        "wrong", 0
    ) + run.contacts.get("short", 0) == len(called)


def test_late_calls_meet_the_parcels_that_were_late(run) -> None:
    """The desk infers lateness from the days' mean times; beyond the luck of calls it is right within 15%."""
    late = (run.orders.hours_to_hands > 96).sum()
    assert run.contacts["late"] == pytest.approx(0.5 * late, abs=0.15 * 0.5 * late + 4 * np.sqrt(0.5 * late))


def test_contacts_are_sorted_by_number(run) -> None:
    numbers = list(run.contacts.values())
    assert numbers == sorted(numbers, reverse=True)


def test_scorecard(run) -> None:
    kpis = run.kpis
    assert kpis["on_time_share"] == kpis["share_in_hands"]
    orders = run.orders
    trips = orders.door_trip_h.notna().sum()
    assert kpis["delivery_success_share"] == pytest.approx(1 - orders.failed_trip_h.notna().sum() / trips)
    whole = 1 - orders.broken_h.notna().sum() / orders.delivered_h.notna().sum()
    assert 0 < kpis["satisfaction"] <= kpis["on_time_share"] * whole
