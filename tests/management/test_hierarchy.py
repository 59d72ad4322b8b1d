"""Managers of managers, against the closed form and by hand."""

from __future__ import annotations

import pytest

from sim.management.hierarchy import exception_rate, hierarchy, levels, payroll_per_month
from sim.scenario import load


@pytest.mark.parametrize(
    ("points", "span", "managers"),
    [
        (64, 4, 21),
        (125, 5, 31),
        (1000, 10, 111),
        (512, 8, 73),
        (4096, 8, 585),
    ],
)
def test_full_pyramids_follow_the_closed_form(points: int, span: float, managers: int) -> None:
    assert sum(levels(points, span)) == managers == (points - 1) // (span - 1)


@pytest.mark.parametrize(
    ("points", "span", "heads"),
    [
        (1, 20, (1,)),
        (20, 20, (1,)),
        (21, 20, (2, 1)),
        (40, 20, (2, 1)),
        (401, 20, (21, 2, 1)),
    ],
)
def test_other_pyramids_round_up_on_every_level(points: int, span: float, heads: tuple[int, ...]) -> None:
    assert levels(points, span) == heads


def test_no_manager_without_points_or_supervision() -> None:
    scenario = load("community_pickup")
    layer = scenario.pickup.community
    assert hierarchy(scenario, layer, 0).heads == ()
    off = scenario.with_values({"mechanisms.supervision": False})
    assert hierarchy(off, layer, 500).managers == 0
    assert payroll_per_month(layer.supervision, hierarchy(off, layer, 500)) == 0


def test_intent_fades_level_by_level() -> None:
    scenario = load("community_pickup").with_values(
        {"pickup.community.supervision.survival_per_level": 0.9, "pickup.community.supervision.span": 10}
    )
    layer = scenario.pickup.community
    assert hierarchy(scenario, layer, 10).survival == pytest.approx(0.9)
    assert hierarchy(scenario, layer, 1000).survival == pytest.approx(0.9**3)
    assert hierarchy(scenario.with_values({"mechanisms.control_loss": False}), layer, 1000).survival == 1.0


def test_what_is_not_controlled_goes_wrong() -> None:
    scenario = load("community_pickup").with_values(
        {
            "pickup.community.exception_rate": 0.05,
            "pickup.community.supervision.uncontrolled_exception_rate": 0.15,
        }
    )
    layer = scenario.pickup.community
    assert exception_rate(scenario, layer, 1.0) == pytest.approx(0.05)
    assert exception_rate(scenario, layer, 0.8) == pytest.approx(0.05 * 0.8 + 0.15 * 0.2)
    assert exception_rate(scenario.with_values({"mechanisms.exceptions": False}), layer, 0.8) == 0.0


def test_pay_rises_by_level() -> None:
    scenario = load("community_pickup").with_values(
        {
            "pickup.community.supervision.wage_per_month": 1000,
            "pickup.community.supervision.level_wage_factor": 2,
            "pickup.community.supervision.span": 10,
        }
    )
    layer = scenario.pickup.community
    assert payroll_per_month(layer.supervision, hierarchy(scenario, layer, 100)) == 10 * 1000 + 2000
