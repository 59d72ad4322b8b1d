"""Learning by a firm's own output: Wright's curve, and where it must not act."""

from __future__ import annotations

import math

import pytest

from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.experience import doubling_factor, work_factor
from sim.scenario.packing import breakage_per_handover, material_cost
from sim.world import simulate
from tests.world.small import brief

LEARNING = {"share_per_doubling": 0.2, "reference_orders": 100_000, "orders_before": 50_000}


def learning(**changes: float) -> Scenario:
    return load("door_only").with_values({"fulfilment.warehouse.learning": LEARNING | changes})


@pytest.mark.parametrize(("unit", "share"), [(2, 0.8), (4, 0.64), (8, 0.512), (10, 0.47651)])
def test_wrights_curve(unit: float, share: float) -> None:
    """The 80% curve: the 2nd, 4th, 8th and 10th unit cost 80, 64, 51.2 and 47.651 of the first."""
    assert doubling_factor(0.2, unit) == pytest.approx(share, abs=1e-5)


def test_at_the_reference_the_work_is_as_stated() -> None:
    scenario = learning()
    per_day = 2 * 50_000 / scenario.horizon.days
    assert work_factor(scenario, per_day) == pytest.approx(1.0)


def test_experience_of_the_middle_of_the_history_counts() -> None:
    scenario = learning()
    expected = 0.8 ** math.log2((50_000 + 1_000 * scenario.horizon.days / 2) / 100_000)
    assert work_factor(scenario, 1_000.0) == pytest.approx(expected)


def test_off_or_absent_the_work_is_as_stated() -> None:
    scenario = learning()
    assert work_factor(scenario.with_values({"mechanisms.learning": False}), 5_000.0) == 1.0
    absent = scenario.with_values({"fulfilment.warehouse.learning": None})
    assert work_factor(absent, 5_000.0) == 1.0
    assert work_factor(learning(share_per_doubling=0.0), 5_000.0) == 1.0


def test_a_firm_without_any_experience_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        doubling_factor(0.1, 0.0)


def test_wages_of_packers_who_never_wait_follow_the_curve() -> None:
    """Without queues the hours worked are paid: each order costs its minutes times the factor."""
    changes = {
        "fulfilment.warehouse.learning": LEARNING | {"orders_before": 400_000},
        "mechanisms.staff_queues": False,
    }
    scenario = brief("door_only", changes)
    on, off = simulate(scenario, 2), simulate(scenario.with_values({"mechanisms.learning": False}), 2)
    factor = on.accounts["picking_wages"] / off.accounts["picking_wages"]
    per_day = on.kpis["orders_online"] / scenario.horizon.days
    assert factor == pytest.approx(work_factor(scenario, per_day), rel=0.01)
    assert factor == pytest.approx(0.64, rel=0.01)


def test_packing_grade_in_use() -> None:
    plain = load("door_only").with_values(
        {"fulfilment.warehouse.reinforced_packing": {"material_cost": 5.0, "breakage_per_handover": 0.002}}
    )
    strong = plain.with_values({"fulfilment.warehouse.packing_grade": "reinforced"})
    assert material_cost(plain) == plain.fulfilment.warehouse.packing_material_cost
    assert breakage_per_handover(plain) == plain.fulfilment.breakage_per_handover
    assert (material_cost(strong), breakage_per_handover(strong)) == (5.0, 0.002)


def test_a_grade_that_is_not_to_be_had_is_refused() -> None:
    without = {
        "fulfilment.warehouse.reinforced_packing": None,
        "fulfilment.warehouse.packing_grade": "reinforced",
    }
    with pytest.raises(ScenarioError, match="needs reinforced_packing"):
        load("door_only").with_values(without)
