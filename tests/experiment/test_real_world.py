"""The product's own world behind the experiments: a few weeks of a small brand, so that it takes seconds."""

from __future__ import annotations

import pytest

from sim.experiment import Runner, compare, scale, verify
from sim.experiment.metrics import measure
from sim.scenario import load


@pytest.fixture(scope="module")
def small():
    """Community pickup with a twentieth of the traffic, four weeks after two weeks of warming up."""
    scenario = load("community_pickup", ["horizon.days=28", "horizon.warmup_days=14"])
    sources = scenario.market.sources
    changes = {}
    for name in type(sources).model_fields:
        source = getattr(sources, name)
        if source is not None:
            changes[f"market.sources.{name}.visits_per_year"] = source.visits_per_year / 20
            if source.auction is not None:
                stock = source.auction.inventory_visits_per_year / 20
                changes[f"market.sources.{name}.auction.inventory_visits_per_year"] = stock
    return scenario.with_values(changes)


@pytest.fixture(scope="module")
def runner():
    with Runner(1) as found:
        yield found


def test_the_same_world_twice_differs_by_exactly_zero(small, runner):
    with Runner(1) as other:
        first = compare(small, small, replications=2, runner=runner)
        again = compare(small, small, replications=2, runner=other)
    assert all(value.mean == 0.0 for value in first.difference.values())
    assert [run.summary for run in first.runs] == [run.summary for run in again.runs]


def test_accounts_and_figures_agree(small, runner):
    run = compare(small, small, replications=2, runner=runner).runs[0].summary
    assert measure(run, "cost_per_order").average == pytest.approx(run.kpis["cost_per_order"], rel=1e-9)
    profit = -measure(run, "contribution_per_order").average
    assert profit == pytest.approx(run.kpis["contribution_per_order"], rel=1e-9, abs=1e-6)
    layer = measure(run, "layer_cost_per_parcel")
    assert layer.average == pytest.approx(run.kpis["layer_cost_per_parcel"], rel=1e-9)
    assert sum(layer.buckets.values()) == pytest.approx(run.kpis["layer_cost"], rel=1e-9, abs=1e-6)


def test_the_change_of_contribution_adds_up_over_accounts(small, runner):
    door = small.with_values({"pickup.community": None})
    found = compare(door, small, replications=2, runner=runner)
    change = found.difference["contribution_per_order"].mean
    assert sum(step.yuan_per_order.mean for step in found.waterfall) == pytest.approx(change, abs=1e-6)


def test_pairing_sharpens_the_comparison_with_the_door(small, runner):
    door = small.with_values({"pickup.community": None})
    found = compare(door, small, replications=6, runner=runner).pairing
    assert found["orders"].variance_ratio < 0.2


def test_a_record_made_by_two_workers_verifies_in_one(small, tmp_path):
    door = small.with_values({"pickup.community": None})
    with Runner(2) as crew:
        compare(door, small, replications=2, out=tmp_path, runner=crew)
    with Runner(1) as alone:
        assert verify(tmp_path, runner=alone).first is None


def test_causes_of_the_real_layer_add_up(small, runner):
    found = scale(small, path="densify", volumes=(1, 2), replications=2, keep=1, worlds=1, runner=runner)
    change = found.steps[-1].average_cost.mean - found.steps[0].average_cost.mean
    assert sum(cause.yuan_per_order.mean for cause in found.causes) == pytest.approx(change, abs=1e-9)
    assert found.steps[1].orders.mean / found.steps[0].orders.mean == pytest.approx(2.0, rel=0.1)
