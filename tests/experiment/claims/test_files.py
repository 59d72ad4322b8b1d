"""Every shipped claim: its worlds and arms are valid scenarios, and its worlds are plausible ones."""

from __future__ import annotations

import pytest

from sim.experiment.claims import Claim, shipped_claims
from sim.experiment.claims.frontier import axes_of
from sim.experiment.claims.trial import Trial

CLAIMS = list(shipped_claims().values())
IDS = [claim.id for claim in CLAIMS]


@pytest.mark.parametrize("claim", CLAIMS, ids=IDS)
def test_worlds_and_arms_are_valid_scenarios(claim: Claim) -> None:
    trial = Trial(claim)
    for world in claim.worlds:
        assert set(trial.arms(trial.world(world))) == set(claim.arms)


@pytest.mark.parametrize("claim", CLAIMS, ids=IDS)
def test_worlds_stay_inside_the_stated_ranges(claim: Claim) -> None:
    """A world sets switches, levers, and assumptions within the range that stands beside their value."""
    ranges = {entry.path: entry.range for entry in Trial(claim).base.entries()}
    outside = {
        f"{world.name}: {path}": (value, ranges[path])
        for world in claim.worlds
        for path, value in world.set.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
        if (interval := ranges.get(path)) is not None and not interval[0] <= value <= interval[1]
    }
    assert outside == {}


@pytest.mark.parametrize("claim", CLAIMS, ids=IDS)
def test_a_claim_can_come_out_either_way(claim: Claim) -> None:
    expected = {world.expect for world in claim.worlds}
    assert {"holds", "fails"} <= expected


WITH_FRONTIER = [claim for claim in CLAIMS if claim.frontier is not None]


@pytest.mark.parametrize("claim", WITH_FRONTIER, ids=[claim.id for claim in WITH_FRONTIER])
def test_every_frontier_can_be_drawn_over_what_it_names(claim: Claim) -> None:
    base = Trial(claim).base
    assert claim.frontier is not None
    for axis in axes_of(claim, base, ()):
        assert axis.path in claim.frontier.over
        assert axis.low < axis.high
