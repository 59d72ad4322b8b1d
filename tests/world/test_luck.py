"""Luck belongs to the shopper: what two worlds share, they share to the digit."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim.run import Run
from sim.scenario import Scenario, load, shipped
from sim.world import simulate
from tests.world.small import AT_REFERENCE, BRIEF, brief


def figures(run: Run) -> dict:
    """Return everything a run reports, without its labels."""
    return dataclasses.asdict(dataclasses.replace(run, scenario_name="", engine=""))


def reordered(values: object) -> object:
    """Return nested mappings with their keys in the opposite order."""
    if isinstance(values, dict):
        return {key: reordered(values[key]) for key in reversed(values)}
    return values


def test_the_same_seed_gives_the_same_run() -> None:
    scenario = brief("community_pickup")
    assert figures(simulate(scenario, 7)) == figures(simulate(scenario, 7))


def test_another_seed_gives_another_run() -> None:
    scenario = brief()
    assert simulate(scenario, 7).kpis["orders"] != simulate(scenario, 8).kpis["orders"]


def test_both_engines_give_the_same_digits() -> None:
    scenario = brief("community_pickup", {"horizon.days": 5, "horizon.warmup_days": 5})
    compiled, reference = simulate(scenario, 3), simulate(scenario, 3, engine="reference")
    assert compiled.kpis["orders"] > 200
    assert figures(compiled) == figures(reference)


def test_order_of_keys_and_labels_change_no_digit() -> None:
    scenario = brief("community_pickup")
    values = reordered(scenario.values)
    values["title"] = "Another title"
    values["channels"]["tmall"]["name"] = "Flagship"
    values["channels"]["stores"]["name"] = "Street"
    values["pickup"]["community"]["name"] = "Guards"
    renamed = Scenario.from_values(values, name="renamed")
    assert renamed.hash == scenario.hash
    assert figures(simulate(renamed, 5)) == figures(simulate(scenario, 5))


def test_a_longer_warm_up_changes_nobodys_luck_in_the_year() -> None:
    still = AT_REFERENCE | {"mechanisms.repurchase": False}
    short = simulate(brief(changes=still), 9, log=True)
    long = simulate(brief(changes=still | {"horizon.warmup_days": 28}), 9, log=True)
    shift = (28 - 14) * 24.0
    np.testing.assert_allclose(np.sort(long.orders.time_h) - shift, np.sort(short.orders.time_h), atol=1e-9)
    np.testing.assert_array_equal(np.sort(long.orders.value_yuan), np.sort(short.orders.value_yuan))


def test_a_new_source_leaves_other_shoppers_alone() -> None:
    still = AT_REFERENCE | {"mechanisms.repurchase": False}
    with_rebates = simulate(brief(changes=still), 6, log=True).orders
    without = simulate(brief(changes=still | {"market.sources.rebate_alliance": None}), 6, log=True).orders
    others = with_rebates[with_rebates.source != "rebate_alliance"]
    assert len(others) < len(with_rebates)
    columns = ["channel", "source", "visitor_type", "time_h", "value_yuan", "units"]
    left, right = (table[columns].sort_values(columns).reset_index(drop=True) for table in (others, without))
    assert left.equals(right)


def test_a_pickup_layer_leaves_baskets_alone() -> None:
    still = AT_REFERENCE | {"mechanisms.repurchase": False, "mechanisms.promotion": False}
    door = simulate(brief("door_only", still), 6, log=True).orders
    layer = simulate(brief("community_pickup", still), 6, log=True).orders
    assert (layer.delivery == "community").any()
    columns = ["time_h", "value_yuan", "units"]
    assert (
        door[columns]
        .sort_values(columns)
        .reset_index(drop=True)
        .equals(layer[columns].sort_values(columns).reset_index(drop=True))
    )


def test_splitting_visits_has_the_law_of_drawing_each() -> None:
    """Orders of many short histories: means within three standard errors, spread like a Poisson count."""
    scenario = load("door_only").with_values(
        BRIEF
        | {
            "horizon.days": 2,
            "horizon.start": "launch",
            "mechanisms.repurchase": False,
            "mechanisms.seasonality": False,
        }
    )
    counts = {
        method: np.array([simulate(scenario, seed, visits=method).kpis["orders"] for seed in range(40)])
        for method in ("split", "each")
    }
    assert not np.array_equal(counts["split"], counts["each"])
    pooled = np.sqrt(sum(c.var(ddof=1) / c.size for c in counts.values()))
    assert abs(counts["split"].mean() - counts["each"].mean()) < 3 * pooled
    for c in counts.values():
        dispersion = c.var(ddof=1) / c.mean()
        assert abs(dispersion - 1) < 4 * np.sqrt(2 / (c.size - 1))


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_scenario_balances(name: str) -> None:
    scenario = load(name)
    shrink = {path: value for path, value in BRIEF.items() if not path.startswith("market")}
    sources = scenario.market.sources
    for source in type(sources).model_fields:
        if getattr(sources, source) is not None and source != "store_footfall":
            shrink[f"market.sources.{source}.visits_per_year"] = getattr(sources, source).visits_per_year / 10
    run = simulate(scenario.with_values(shrink), 2)
    balance = run.balance
    closed = sum(
        balance[f"orders_{state}"] for state in ("kept", "returned", "refused", "lost", "cancelled", "open")
    )
    assert balance["trial_balance_fen"] == 0
    assert closed == balance["orders_placed"] > 80
    assert balance["orders_open"] == 0
    assert balance["parcels_sent"] == sum(
        balance[f"parcels_{state}"] for state in ("delivered", "refused", "lost", "open")
    )
    assert all(np.isfinite(value) for value in run.kpis.values())
