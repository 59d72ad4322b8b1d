"""Every kind of pickup layer behind the same interface, one by one and all at once."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiment.jobs import Summary
from sim.experiment.metrics import checked_scope, default_metric, measure
from sim.kpi import KPIS
from sim.management.cabinets import purchases
from sim.market.pickup_choice import delivery_shares
from sim.report.words import METRICS
from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.schema import Pickup
from sim.scenario.segments import LAYERS, open_layers
from sim.world import Growth, simulate
from tests.world.small import brief

SHIPPED = {
    "community": "community_pickup",
    "partner": "partner_pickup",
    "station": "stations",
    "locker": "lockers",
    "leader": "group_leaders",
    "store": "store_pickup",
}


@pytest.fixture(scope="module")
def everything() -> Scenario:
    """Six layers at once, twelve points each, eight stores."""
    changes = {}
    for layer, name in SHIPPED.items():
        found = getattr(load(name).pickup, layer).model_dump()
        changes[f"pickup.{layer}"] = found | ({} if layer == "store" else {"points": 12})
    stores = {"channels.stores.count": 8, "market.places": 12, "pickup.store.impulse_share": 0.5}
    return brief("community_pickup", changes | stores)


@pytest.fixture(scope="module")
def run(everything):
    return simulate(everything, seed=9)


def test_a_layer_is_one_entry_and_one_field() -> None:
    """Schema, titles, figures and words name the same layers; so a further one needs nothing else."""
    fields = [name for name, about in Pickup.model_fields.items() if about.default is None]
    assert tuple(fields) == LAYERS == tuple(SHIPPED)
    for layer in LAYERS:
        for what in ("parcels", "cost", "cost_per_parcel", "share_in_hands"):
            assert f"{layer}_{what}" in KPIS
        assert f"{layer}_cost_per_parcel" in METRICS


def test_all_layers_at_once(run, everything) -> None:
    assert open_layers(everything) == LAYERS
    shares = delivery_shares(everything)
    assert sum(shares.values()) == pytest.approx(1.0)
    for layer in LAYERS:
        assert run.kpis[f"{layer}_parcels"] > 0
        assert 0.5 < run.kpis[f"{layer}_share_in_hands"] <= 1.0
    assert run.kpis["layer_cost"] == pytest.approx(sum(run.kpis[f"{layer}_cost"] for layer in LAYERS))
    assert run.kpis["points"] == 5 * 12 + 8
    assert 0 < run.kpis["manager_utilisation"] < 1
    assert run.balance["orders_open"] == 0


def test_the_simpy_twin_gives_the_same_digits(everything) -> None:
    sources = type(everything.market.sources).model_fields
    quiet = {
        f"market.sources.{name}": None
        for name in sources
        if name not in ("platform_search", "store_footfall")
    }
    small = everything.with_values(quiet | {"horizon.days": 30, "horizon.warmup_days": 2})
    compiled, twin = simulate(small, 2), simulate(small, 2, engine="reference")
    assert twin.kpis == compiled.kpis
    assert twin.ledger == compiled.ledger


@pytest.mark.parametrize("layer", LAYERS)
def test_a_study_can_ask_about_one_layer_among_several(run, everything, layer) -> None:
    assert checked_scope(everything, layer) == layer
    metric = default_metric(everything, layer)
    found = measure(Summary.of(run), metric, layer)
    assert found.average == pytest.approx(run.kpis[f"{layer}_cost_per_parcel"])


def test_lockers_and_stores_have_no_paid_attendant_hours() -> None:
    lockers = simulate(brief("lockers"), 3)
    assert "pickup_attendants" not in lockers.accounts
    stores = simulate(brief("store_pickup"), 3)
    assert stores.kpis["managers"] == 0
    assert "pickup_supervision" not in stores.accounts
    assert stores.accounts["pickup_attendants"] < 0.5 * stores.kpis["store_parcels"] * 25.6


def test_cabinets_wear_from_the_day_they_stand() -> None:
    """A history that opens lockers month by month pays for those that stand."""
    scenario = brief("lockers", {"horizon.days": 120, "mechanisms.seasonality": False})
    growing = simulate(scenario, 4, growth=Growth(months=4, volume=4, opening=True), log=True)
    layer = scenario.pickup.locker
    days = growing.time_sheet.query("account == 'pickup_capital'").quantity.sum()
    assert days == growing.time_sheet.query("account == 'pickup_sites'").quantity.sum()
    assert 0.3 * 40 * 120 < days < 0.9 * 40 * 120
    wear = days * layer.capital_per_point / layer.life_years / 365
    assert growing.accounts["pickup_capital"] == pytest.approx(wear, abs=0.2)


def test_collectors_buy_in_the_store() -> None:
    """The number of impulse purchases is that share of those who collected, within chance."""
    scenario = brief("store_pickup", {"horizon.days": 120, "pickup.store.impulse_share": 0.5})
    run = simulate(scenario, 5)
    bought = sum(row.orders for row in run.funnel if row.source == "impulse")
    collected = run.kpis["store_parcels"] * (1 - run.kpis["overflow_share"])
    # Half of yesterday's collectors: those of the day before measuring count, those of its last day do not.
    noise = np.sqrt(0.5 * collected) + 2 * 0.5 * collected / 120
    assert abs(bought - 0.5 * collected * 0.99) < 4 * noise
    for off in ({"mechanisms.promotion": False}, {"pickup.store.impulse_share": 0.0}):
        plain = simulate(scenario.with_values(off), 5)
        assert not any(row.source == "impulse" and row.orders for row in plain.funnel)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [("overdue_fee", 5.0, "must not exceed overdue_cap"), ("life_years", 0.0, "life_years")],
)
def test_what_makes_no_sense_is_refused(field, value, message) -> None:
    with pytest.raises(ScenarioError, match=message):
        load("lockers").with_values({f"pickup.locker.{field}": value})


def test_nothing_is_collected_in_stores_that_are_not_there() -> None:
    layer = load("store_pickup").pickup.store.model_dump()
    with pytest.raises(ScenarioError, match="needs stores to collect in"):
        load("null_flat").with_values({"pickup.store": layer})


def test_a_launched_network_pays_for_its_cabinets_at_once() -> None:
    """Cash falls by the price of all cabinets, wear is the same, and what is left stands in the books."""
    changes = {"horizon.days": 90, "pickup.locker.life_years": 5.0, "finance.opening_cash": 1e7}
    scenario = brief("lockers", changes)
    mature = simulate(scenario, 3)
    launched = simulate(scenario.with_values({"horizon.start": "launch"}), 3)
    price, share = 40 * 40_000.0, 90 / 365 / 5
    for run, opening, paid in ((mature, price / 2, price * share), (launched, 0.0, price)):
        assert run.accounts["pickup_capital"] == pytest.approx(price * share, abs=1)
        worth = run.ledger.balance("equipment", layer="locker") / 100
        assert worth == pytest.approx(opening + paid - price * share, abs=1)
        spent = [entry for entry in run.ledger.entries if entry.layer == "locker" and entry.credit == "cash"]
        kinds = ("equipment", "pickup_capital")
        assert sum(e.fen for e in spent if e.debit in kinds) / 100 == pytest.approx(paid, abs=1)


def test_equipment_is_bought_again_at_the_end_of_its_life() -> None:
    days = np.array([*[30.0] * 24, 0.0])
    standing = np.array([*[10.0] * 12, *[15.0] * 13])
    worn, bought = purchases(standing, days, 1.0, from_nothing=True)
    assert worn == 0.0
    # Ten at the start and again after 365 days (in the thirteenth month), five more when they open.
    assert bought[0] == 10.0
    assert bought[12] == 15.0
    assert bought.sum() == 25.0
    worn, bought = purchases(standing, days, 1.0, from_nothing=False)
    assert worn == 10.0
    assert bought.sum() == pytest.approx(5.0 + 10.0 * 720 / 365)
