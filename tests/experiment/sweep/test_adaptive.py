"""Adaptive designs: they find borders and turning points with few runs, and always the same way."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiment import ExperimentError
from sim.experiment.sweep import sweep
from sim.experiment.sweep.refinement import border_edges, turning_edges
from tests.experiment.sweep import worlds
from tests.experiment.sweep.digests import digest

WIDE = {"low": 0.0, "high": 0.2}


def border(**more):
    asked = {"at": 0.0, "start": 5, "batch": 3, "max_points": 30, "parameters": {worlds.COMMISSION: WIDE}}
    return worlds.plan_of({"adaptive": {**asked, **more}})


def turning(**more):
    asked = {"turning": "minimum", "metric": "cost_per_order", "start": 5, "batch": 4, "max_points": 40}
    return worlds.plan_of(
        {"adaptive": {**asked, "parameters": {worlds.COMMISSION: WIDE}, **more}}, replications=8
    )


def test_it_closes_in_on_a_border(tmp_path):
    found = sweep(border(), tmp_path, workers=1, simulate=worlds.crossing)
    ((low, high),) = found.spans
    root = 0.062 + 0.1 * (0.1 - 0.08)
    assert low <= root <= high
    assert high - low <= 0.005 * 0.2
    assert found.design()["batch"].is_monotonic_increasing
    even_grid = 0.2 / (high - low) + 1
    assert found.total / 3 <= even_grid / 5  # a fifth of an even grid with the same answer


def test_it_follows_a_border_through_a_plane(tmp_path):
    parameters = {worlds.COMMISSION: WIDE, worlds.FAILED_ATTEMPTS: {"low": 0.0, "high": 0.5}}
    plan = border(parameters=parameters, start=12, batch=8, max_points=60)
    found = sweep(plan, tmp_path, workers=1, simulate=worlds.crossing)
    late = found.design().query("batch >= 3")
    height = 0.062 - late[worlds.COMMISSION] + 0.1 * (0.1 - late[worlds.FAILED_ATTEMPTS])
    assert len(late) > 20
    assert np.abs(height).mean() / 0.25 < 0.05
    assert late[worlds.FAILED_ATTEMPTS].max() - late[worlds.FAILED_ATTEMPTS].min() > 0.3


def test_it_narrows_a_turning_point_with_a_fifth_of_the_runs(tmp_path):
    found = sweep(turning(), tmp_path, workers=1, simulate=worlds.valley)
    ((low, high),) = found.spans
    assert low <= 0.037 <= high
    assert found.total / 8 <= (0.2 / (high - low) * 2 + 1) / 5 or high - low < 0.004


def test_whole_numbers_are_not_asked_for_twice(tmp_path):
    plan = border(parameters={worlds.PLACES: {"low": 20, "high": 24}}, start=4, max_points=20)
    design = sweep(plan, tmp_path, workers=1, simulate=worlds.crossing).design()
    assert design[worlds.PLACES].is_unique
    assert len(design) <= 5


def test_an_interrupted_search_goes_the_same_way(tmp_path):
    sweep(border(), tmp_path / "whole", workers=1, simulate=worlds.crossing)
    with pytest.raises(KeyboardInterrupt):
        sweep(border(), tmp_path / "torn", workers=1, simulate=worlds.crossing, progress=_stop_after(20))
    found = sweep(border(), tmp_path / "torn", workers=1, resume=True, simulate=worlds.crossing)
    assert 0 < found.simulated < found.total
    assert digest(tmp_path / "torn") == digest(tmp_path / "whole")


def _stop_after(count):
    def progress(done, *_):
        if done >= count:
            raise KeyboardInterrupt

    return progress


def test_a_figure_that_no_run_has_and_shards_are_refused(tmp_path):
    with pytest.raises(ExperimentError, match="fewer than two points have months_to_ruin"):
        sweep(border(metric="months_to_ruin"), tmp_path / "a", workers=1, simulate=worlds.quick)
    with pytest.raises(ExperimentError, match="cannot be sharded"):
        sweep(border(), tmp_path / "b", shard="1/2", simulate=worlds.quick)


def test_neighbours_along_a_line_are_those_next_to_each_other():
    shares = np.array([0.0, 1.0, 0.5, 0.25])
    assert border_edges(shares, np.array([1.0, -1.0, -1.0, 1.0])) == [(3, 2)]
    assert border_edges(shares, np.array([1.0, 1.0, 1.0, 1.0])) == []


def test_a_turning_point_may_lie_beyond_whoever_is_not_told_apart():
    shares = np.linspace(0, 1, 5)
    luck = np.random.default_rng(1).normal(size=(1, 6))
    clear = np.array([[4.0], [1.0], [0.0], [1.0], [4.0]]) + luck
    assert turning_edges(shares, clear, maximum=False) == [(1, 2), (2, 3)]
    own = np.random.default_rng(2).normal(scale=5.0, size=(5, 6))
    assert len(turning_edges(shares, clear + own, maximum=False)) > 2
    assert turning_edges(shares, -clear, maximum=True) == [(1, 2), (2, 3)]
