"""Tornado: planted swings are covered, planted nothing is grey, and what was left out is said."""

from __future__ import annotations

import math

import pytest
from scipy.stats import binom

from sim.experiment import ExperimentError, RunFailedError, Runner, verify
from sim.experiment.sensitivity import tornado
from sim.experiment.sensitivity.noise import holm, p_of_mean, p_of_ratio
from sim.scenario import load
from tests.experiment.sensitivity.nursery import (
    PATHS,
    additive,
    bent,
    fragile,
    own_positions,
    planted,
    position,
    ranges,
)

SLOPES = (12.0, -7.0, 4.0, 0.5)


@pytest.fixture(scope="module")
def door():
    return load("door_only")


def by_path(found):
    return {bar.factor.path: bar for bar in found.bars}


def test_bars_of_an_additive_world_are_its_slopes(door):
    with Runner(1, simulate=planted(additive, slopes=SLOPES, common=3.0)) as runner:
        found = tornado(door, parameters=PATHS, replications=3, runner=runner)
    bars = by_path(found)
    for path, slope in zip(PATHS, (*SLOPES, 0.0, 0.0, 0.0, 0.0), strict=True):
        _, low, high = ranges()[path]
        assert bars[path].swing.mean == pytest.approx(slope, abs=1e-9)
        assert (bars[path].low.value, bars[path].high.value) == (low, high)
        assert bars[path].within_noise == (slope == 0.0)
    assert [bar.factor.path for bar in found.bars[:4]] == list(PATHS[:4])
    base = math.fsum(s * p for s, p in zip(SLOPES, own_positions(), strict=False))
    assert found.bars[0].high.result.mean - found.base.mean == pytest.approx(
        12.0 * (1.0 - own_positions()[0]), abs=1e-9
    )
    assert abs(found.base.mean - 10.0 - base) < 5.0 * 3.0 / math.sqrt(3)
    assert (found.about.measured, found.about.left_out, found.about.screening) == (8, 0, None)


def test_grade_and_source_stand_beside_every_bar(door):
    with Runner(1, simulate=planted(additive, slopes=SLOPES)) as runner:
        found = tornado(door, parameters=["channels.tmall.commission"], replications=2, runner=runner)
    entry = door.entry("channels.tmall.commission")
    row = found.rows()[0]
    assert (row["grade"], row["source"], row["unit"]) == (entry.grade, entry.source, entry.unit)
    assert row["low"]["value"], row["high"]["value"] == entry.range


def test_a_bar_whose_ends_agree_is_not_taken_for_noise(door):
    own = position(door, PATHS[0])
    with Runner(1, simulate=planted(bent, own=own)) as runner:
        found = tornado(door, parameters=PATHS[:2], replications=2, runner=runner)
    bar = found.bars[0]
    low, high = -8.0 * own**2, -8.0 * (1.0 - own) ** 2
    assert bar.factor.path == PATHS[0]
    assert bar.bend.mean == pytest.approx((low + high) / 2.0)
    assert bar.spread == pytest.approx(-min(low, high))
    assert not bar.within_noise
    assert found.bars[1].within_noise


TRIALS = 80
DEAD = PATHS[1:5]


@pytest.fixture(scope="module")
def trials(door):
    """Many tornados of five assumptions of which only the first does something."""
    with Runner(1, simulate=planted(additive, slopes=(2.0,), common=1.0, alone=1.0)) as runner:
        return [
            by_path(tornado(door, parameters=PATHS[:5], replications=3, seed=seed, runner=runner))
            for seed in range(TRIALS)
        ]


def test_a_planted_swing_is_covered_at_the_nominal_rate(trials):
    covered = sum(bars[PATHS[0]].swing.low <= 2.0 <= bars[PATHS[0]].swing.high for bars in trials)
    assert binom.ppf(0.005, TRIALS, 0.95) <= covered <= binom.ppf(0.995, TRIALS, 0.95)


def test_where_nothing_matters_a_bar_stands_out_in_at_most_one_study_of_twenty(trials):
    wrong = sum(any(not bars[path].within_noise for path in DEAD) for bars in trials)
    assert wrong <= binom.ppf(0.995, TRIALS, 0.05)
    # Without the correction it would be 1 - 0.95 ** 4 = 19% of studies.
    raw = sum(any(not bars[p].swing.low <= 0.0 <= bars[p].swing.high for p in DEAD) for bars in trials)
    assert raw > binom.ppf(0.995, TRIALS, 0.05)


def test_common_luck_does_not_widen_a_swing(door):
    widths = []
    for common in (0.0, 50.0):
        with Runner(1, simulate=planted(additive, slopes=SLOPES, common=common, alone=0.5)) as runner:
            found = tornado(door, parameters=PATHS[:1], replications=4, runner=runner)
        widths.append(found.bars[0].swing.half_width)
    assert widths[0] == pytest.approx(widths[1])


def test_by_default_all_are_screened_and_the_largest_are_measured(door):
    with Runner(1, simulate=planted(additive, slopes=SLOPES, common=3.0)) as runner:
        found = tornado(door, keep=4, replications=2, runner=runner)
        simulated = runner.simulated
    assert [bar.factor.path for bar in found.bars] == list(PATHS[:4])
    about = found.about
    assert (about.available, about.measured, about.left_out) == (len(ranges()), 4, len(ranges()) - 4)
    assert about.runs == simulated == len(found.runs)
    assert len(about.screening.left_out) == about.left_out
    assert max(abs(effect) for effect in about.screening.left_out.values()) < 1e-6
    for path, slope in zip(PATHS, SLOPES, strict=False):
        assert about.screening.effects[path] == pytest.approx(slope, abs=1e-6)


def test_an_end_that_cannot_be_simulated_is_said_and_the_others_stand(door):
    with Runner(1, simulate=fragile) as runner:
        found = tornado(door, parameters=PATHS[:3], replications=2, runner=runner)
        assert found.failed == (PATHS[1],)
        assert found.about.lost == 2
        assert "3 fen" in found.about.reasons[0]
        assert {bar.factor.path for bar in found.bars} == {PATHS[0], PATHS[2]}
        with pytest.raises(RunFailedError, match="no assumption could be moved"):
            tornado(door, parameters=PATHS[1:2], replications=2, runner=runner)


def test_the_difference_to_another_scenario_can_be_looked_at(door):
    other = door.with_values({PATHS[1]: ranges()[PATHS[1]][1]})
    with Runner(1, simulate=planted(additive, slopes=SLOPES, common=3.0)) as runner:
        found = tornado(door, against=other, parameters=PATHS[:1], replications=3, runner=runner)
        # Both move together, so nothing is left of the swing; the difference is that of the commission.
        assert found.bars[0].swing.mean == pytest.approx(0.0, abs=1e-9)
        assert found.base.mean == pytest.approx(-7.0 * position(door, PATHS[1]))
        assert found.base.half_width == pytest.approx(0.0, abs=1e-9)
        # What the two differ in is what is compared, and is not varied.
        with pytest.raises(ExperimentError, match="no assumption with a range fits"):
            tornado(door, against=other, parameters=PATHS[1:2], runner=runner)


def test_the_record_can_be_done_again_to_the_last_digit(door, tmp_path):
    changed = door.with_values({PATHS[4]: 5000.0})
    with Runner(1, simulate=planted(additive, slopes=SLOPES, common=3.0, alone=0.1)) as runner:
        tornado(changed, parameters=PATHS[:5], replications=2, runner=runner, out=tmp_path / "record")
    with Runner(1, simulate=planted(additive, slopes=SLOPES, common=3.0, alone=0.1)) as runner:
        again = verify(tmp_path / "record", runner=runner)
    assert again.ok, again.first
    assert {"assumptions.csv", "assumptions.parquet", "manifest.json", "result.json", "runs.parquet"} <= {
        path.name for path in (tmp_path / "record").iterdir()
    }


def test_the_table_has_one_flat_row_for_each_assumption(door):
    with Runner(1, simulate=planted(additive, slopes=SLOPES)) as runner:
        table = tornado(door, parameters=PATHS[:3], replications=2, runner=runner).table()
    assert list(table["path"]) == list(PATHS[:3])
    assert {"low_value", "high_value", "swing_mean", "swing_low", "swing_high", "within_noise"} <= set(table)


def test_p_values_are_those_of_the_tests_by_name():
    from scipy.stats import f, ttest_1samp

    values = [1.2, -0.3, 0.8, 2.1]
    assert p_of_mean(values) == pytest.approx(ttest_1samp(values, 0.0).pvalue)
    assert p_of_ratio(6.0, 2.0, 3, 9) == pytest.approx(f.sf(3.0, 3, 9))
    assert (p_of_ratio(0.0, 0.0, 3, 9), p_of_ratio(1.0, 0.0, 3, 9)) == (1.0, 0.0)
    assert holm([0.01, 1.0, 0.04]) == [0.02, 1.0, 0.04]
