"""Plausible worlds: drawn from the assumptions' own ranges, counted with an interval."""

from __future__ import annotations

import pytest

from sim.experiment import ExperimentError, Runner, scale
from sim.experiment.worlds import draw_worlds, ranges_in_play
from tests.experiment import planted

PATH = "management.head_office_cost_per_year"


def depends(scenario, seed, **options):
    """Cost falls with volume where head office is dear, and rises where it is cheap."""
    office = scenario.management.head_office_cost_per_year
    _, low, high = ranges_in_play(scenario)[PATH]
    curve = planted.Curve(unit=20.0, growing=0.01) if office < (low + high) / 2 else planted.Curve(fixed=1e6)
    return planted.simulate(scenario, seed, curve=curve, common=0.0, own=0.0, **options)


def test_draws_fill_each_range_evenly(door):
    ranges = ranges_in_play(door)
    worlds = draw_worlds(door, 10, seed=3)
    assert len(ranges) > 50
    assert len({world.hash for world in worlds}) == 10
    _, low, high = ranges[PATH]
    # A Latin hypercube has one draw in each tenth of the range.
    tenths = sorted(int(10 * (world.value(PATH) - low) / (high - low)) for world in worlds)
    assert tenths == list(range(10))


def test_levers_switches_and_the_horizon_stay(door):
    ranges = ranges_in_play(door)
    assert "market.places" not in ranges
    assert not any(path.startswith(("horizon", "mechanisms")) for path in ranges)
    for world in draw_worlds(door, 5, seed=1):
        assert world.market.places == door.market.places
        assert world.horizon == door.horizon


def test_a_value_outside_the_range_it_came_with_is_kept(door):
    path = "channels.tmall.commission"
    _, _, high = ranges_in_play(door)[path]
    odd = door.with_values({path: high + 0.1})
    assert path not in ranges_in_play(odd)
    assert {world.value(path) for world in draw_worlds(odd, 3, seed=1)} == {high + 0.1}


def test_draws_do_not_depend_on_anything_but_the_seed(door):
    assert [world.hash for world in draw_worlds(door, 3, 9)] == [
        world.hash for world in draw_worlds(door, 3, 9)
    ]
    assert draw_worlds(door, 3, 9)[0].hash != draw_worlds(door, 3, 10)[0].hash


def test_the_share_is_that_of_the_worlds_that_agree(door):
    with Runner(1, simulate=depends) as runner:
        found = scale(door, path="densify", causes=False, worlds=20, runner=runner)
    worlds = found.plausible_worlds
    # Ten of twenty draws lie in the upper half of the range, whatever the verdict at the scenario's own
    # value.
    assert worlds.counts == {"scalable": 10, "non_scalable": 10}
    assert (worlds.share.mean, worlds.share.n) == (0.5, 20)
    assert 0.25 < worlds.share.low < 0.35
    assert "The same verdict in 10 of 20 plausible worlds." in found.headline
    assert worlds.varied == len(ranges_in_play(door))


def test_a_turning_point_is_looked_for_in_every_world(door):
    curve = planted.Curve(fixed=200_000.0, unit=5.0, growing=5e-4)
    with Runner(1, simulate=planted.on(curve, common=0.0, own=0.0)) as runner:
        found = scale(door, path="densify", causes=False, worlds=6, volumes=(0.5, 1, 2, 4, 8), runner=runner)
    assert found.verdict == "stops_scaling"
    # Only levers set the visits, so the planted minimum is the same in all worlds.
    assert found.plausible_worlds.counts == {"stops_scaling": 6}


def test_worlds_that_fail_are_counted_not_hidden(door):
    def sometimes(scenario, seed, **options):
        if scenario.value(PATH) > door.value(PATH):
            raise ArithmeticError("no")
        return planted.simulate(scenario, seed, curve=planted.Curve(fixed=1e6), own=0.0, **options)

    with Runner(1, simulate=sometimes) as runner:
        worlds = scale(door, path="densify", causes=False, worlds=10, runner=runner).plausible_worlds
    assert worlds.lost > 0
    assert worlds.share.n == 10 - worlds.lost


def test_without_a_verdict_there_is_no_share(door):
    with Runner(1, simulate=planted.on(planted.Curve(unit=20.0), own=0.2)) as runner:
        found = scale(door, path="densify", causes=False, worlds=5, runner=runner)
    assert found.verdict == "cannot_tell"
    assert found.plausible_worlds.share is None
    assert found.plausible_worlds.as_dict()["mean"] is None
    assert "plausible worlds" not in found.headline


def test_without_ranges_there_are_no_other_worlds(door):
    from sim.scenario import Scenario

    bare = Scenario.from_values(door.values, name="bare")
    with pytest.raises(ExperimentError, match="no assumption of scenario 'bare' carries a range"):
        draw_worlds(bare, 3, 1)
    with pytest.raises(ExperimentError, match="at least 1 world"):
        draw_worlds(door, 0, 1)
