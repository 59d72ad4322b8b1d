"""Causes: planted effects are recovered, and the parts add up to the change."""

from __future__ import annotations

import pytest

from sim.experiment import ExperimentError, Runner, scale
from sim.experiment.causes import INTERACTION, SMALLER, UNATTRIBUTED, mechanisms_in_play
from tests.experiment import planted

DOUBLINGS = 3.0  # from 0.5 to 4


def study(scenario, *, common=0.0, **arguments):
    import functools

    with Runner(1, simulate=functools.partial(planted.mechanisms, common=common)) as runner:
        return scale(scenario, path="densify", worlds=0, runner=runner, **arguments)


def parts(found):
    return {cause.mechanism: cause.yuan_per_order for cause in found.causes}


def change(found):
    return found.steps[-1].average_cost.mean - found.steps[0].average_cost.mean


def test_effects_are_those_that_were_planted(community):
    found = parts(study(community))
    both = planted.JOINT
    assert found["supervision"].mean == pytest.approx((planted.SUPERVISION + both) * DOUBLINGS)
    assert found["attrition"].mean == pytest.approx((planted.ATTRITION + both) * DOUBLINGS)
    # Leaving one out counts the joint effect twice; interaction takes it back once.
    assert found[INTERACTION].mean == pytest.approx(-both * DOUBLINGS)
    assert found[UNATTRIBUTED].mean == pytest.approx(-planted.SPREAD * DOUBLINGS)


@pytest.mark.parametrize("keep", [0, 1, 5, 20])
def test_parts_add_up_to_the_change_under_luck(community, keep):
    found = study(community, common=0.05, keep=keep)
    assert sum(cause.yuan_per_order.mean for cause in found.causes) == pytest.approx(change(found), abs=1e-9)
    assert all(cause.yuan_per_order.n == 5 for cause in found.causes)


def test_the_unattributed_part_is_split_by_account(community):
    last = study(community, common=0.05).causes[-1]
    assert last.mechanism == UNATTRIBUTED
    assert sum(value.mean for value in last.by_account.values()) == pytest.approx(
        last.yuan_per_order.mean, abs=1e-9
    )
    assert last.by_account["pickup_sites"].mean == pytest.approx(-planted.SPREAD * DOUBLINGS, rel=0.15)


def test_the_largest_are_shown_and_the_others_left_out_together(community):
    found = study(community, keep=1)
    assert found.causes[0].mechanism == "supervision"
    group = next(cause for cause in found.causes if cause.mechanism == SMALLER)
    assert "attrition" in group.members
    assert "supervision" not in group.members
    # Attrition's own part and the joint one, since supervision stays on.
    assert group.yuan_per_order.mean == pytest.approx((planted.ATTRITION + planted.JOINT) * DOUBLINGS)


def test_all_mechanisms_off_leaves_only_what_spreads(community):
    off = {f"mechanisms.{name}": False for name in mechanisms_in_play(community, "layer_cost_per_parcel")}
    found = study(community.with_values(off))
    assert [cause.mechanism for cause in found.causes] == [UNATTRIBUTED]
    assert found.verdict == "scalable"


def test_shapley_shares_the_joint_effect_out(community):
    found = study(community, shapley=("supervision", "attrition"))
    values = parts(found)
    assert values["supervision"].mean == pytest.approx((planted.SUPERVISION + planted.JOINT / 2) * DOUBLINGS)
    assert values["attrition"].mean == pytest.approx((planted.ATTRITION + planted.JOINT / 2) * DOUBLINGS)
    assert INTERACTION not in values
    assert sum(value.mean for value in values.values()) == pytest.approx(change(found), abs=1e-9)


def test_shapley_refuses_what_it_cannot_share(community):
    with pytest.raises(ExperimentError, match="unknown mechanism in play 'tariff'"):
        study(community, shapley=("tariff",))
    many = mechanisms_in_play(community, "layer_cost_per_parcel")[:7]
    with pytest.raises(ExperimentError, match="at most 6"):
        study(community, shapley=many)


def test_only_mechanisms_with_a_subject_are_in_play(door, community):
    assert "supervision" not in mechanisms_in_play(door, "cost_per_order")
    assert "ad_auction" in mechanisms_in_play(door, "cost_per_order")
    assert "ad_auction" not in mechanisms_in_play(community, "layer_cost_per_parcel")
    quiet = community.with_values({"pickup.community.promotion_orders_per_attendant_month": 0.0})
    assert "promotion" not in mechanisms_in_play(quiet, "layer_cost_per_parcel")
    assert "attrition" not in mechanisms_in_play(
        community.with_values({"mechanisms.attrition": False}), "cost_per_order"
    )
