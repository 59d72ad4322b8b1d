"""Briefs of planted studies: what turns a verdict is known, and found; or nothing does, and that is said."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from sim.experiment import ExperimentError, RecordError, Runner, compare, replicate, scale, verify
from sim.experiment.brief import LIMITS, QUICK, Effort, bundle_bytes, gather, limits_for
from sim.experiment.brief.case import read_worlds
from sim.experiment.brief.changed import baseline_of, changes_between
from sim.experiment.brief.choice import measure_next, weakest, weakness
from sim.experiment.brief.gathering import doubled
from sim.experiment.brief.origin import command_of
from sim.experiment.brief.swings import End, Swing
from sim.experiment.record import MANIFEST, read_manifest
from sim.experiment.statistics import Estimate
from sim.scenario import load
from tests.experiment import planted_briefs
from tests.experiment.planted_briefs import FEE, MANAGER, TURNS_FLAT_AT, WAGE

LIGHT = Effort(screened=32, kept=3, pairs=2, halvings=2, worlds=3)
NOTHING = Effort(screened=0, kept=0, replications=3, pairs=0, halvings=0, worlds=0)
ROOT = Path(__file__).resolve().parents[2]


def study(world, scenario, folder, **options):
    """Record a study of scale in a planted world, and give its brief."""
    asked = {"path": "densify", "replications": 3, "worlds": 0, "causes": False, **options}
    with Runner(1, simulate=world) as runner:
        scale(scenario, runner=runner, out=folder, **asked)
        before = runner.simulated
        return gather(folder, runner=runner, effort=LIGHT), before, runner.simulated


@pytest.fixture(scope="module")
def recorded(community, tmp_path_factory):
    """A record in the world of :func:`planted_briefs.by_manager`; no test writes into it."""
    folder = tmp_path_factory.mktemp("manager")
    with Runner(1, simulate=planted_briefs.by_manager) as runner:
        scale(community, path="densify", replications=3, worlds=3, causes=False, runner=runner, out=folder)
    return folder


@pytest.fixture(scope="module")
def by_manager(recorded):
    with Runner(1, simulate=planted_briefs.by_manager) as runner:
        return gather(recorded, runner=runner, effort=LIGHT)


def test_the_one_assumption_that_turns_the_verdict_is_found_with_where_it_does(by_manager):
    (flip,) = by_manager.flips.found
    (change,) = flip.changes
    assert (by_manager.verdict, flip.target, flip.before, flip.after) == (
        "non_scalable",
        "slope",
        "non_scalable",
        "neutral",
    )
    assert (change.path, change.own) == (MANAGER, 6000.0)
    assert change.still < TURNS_FLAT_AT <= change.value
    # Two halvings leave a quarter of the way from the own value to the end of the range.
    assert change.value - change.still <= (change.high - change.own) / 4 + 1e-9


def test_an_assumption_that_turns_the_verdict_is_the_one_to_measure(by_manager):
    assert by_manager.measure_next.swing.path == by_manager.weakest.swing.path == MANAGER
    assert by_manager.measure_next.flips
    (swing,) = by_manager.swings.largest
    # The elasticity falls by 0.1 per 2,000 yuan: 0.1 up at 4,000 and 0.15 down at 9,000.
    assert swing.low.change["slope"].mean == pytest.approx(0.1, abs=1e-9)
    assert swing.high.change["slope"].mean == pytest.approx(-0.15, abs=1e-9)
    assert swing.span("slope") == pytest.approx(0.25, abs=1e-9)


def test_two_assumptions_that_only_together_turn_it_are_found(community, tmp_path):
    found, _, _ = study(planted_briefs.by_two, community, tmp_path)
    (flip,) = found.flips.found
    assert {change.path: change.value for change in flip.changes} == {WAGE: 12.5, FEE: 0.0}
    assert flip.after == "neutral"
    assert all(change.still is None for change in flip.changes)
    # Neither does it alone: 0.1 - 0.05 is outside the neutral band of 0.02.
    with Runner(1, simulate=planted_briefs.by_two) as runner:
        alone = read_worlds(runner, _case(community, tmp_path), [{WAGE: 12.5}, {FEE: 0.0}], (11, 12, 13))
    assert {reading["slope"].verdict for reading in alone} == {"non_scalable"}


def _case(scenario, folder):
    from sim.experiment.brief.recorded import recorded_result
    from sim.experiment.brief.scale_case import ScaleCase
    from sim.experiment.scale_question import arguments_of, scale_question
    from sim.experiment.verdict import Margins

    manifest = read_manifest(folder)
    own = arguments_of(manifest["arguments"], {"scenario": scenario})
    margins = {"elasticity": Margins().elasticity}
    question = scale_question(scenario, own.pop("against"), {**own, "margins": margins})
    return ScaleCase.of(question, "densify", recorded_result(folder, manifest))


def test_where_nothing_turns_it_that_is_said_with_how_hard_it_was_tried(community, tmp_path):
    found, _, _ = study(planted_briefs.by_nothing, community, tmp_path)
    assert found.flips.found == ()
    assert found.worlds["n"] + found.worlds["lost"] == LIGHT.worlds  # drawn now, as the study drew none
    assert found.flips.assumptions == LIGHT.screened
    assert found.flips.singles + found.flips.lost == 2 * LIGHT.screened
    assert found.flips.in_range > found.flips.assumptions
    assert (found.weakest, found.measure_next) == (None, None)


def test_the_record_is_not_simulated_again(recorded):
    with Runner(1, simulate=planted_briefs.by_manager) as runner:
        found = gather(recorded, runner=runner, effort=NOTHING)
        assert runner.simulated == 0
    assert found.as_dict()["study"] == json.loads((recorded / "result.json").read_text())


def test_effects_and_worlds_are_the_studys_own(recorded, by_manager):
    result = json.loads((recorded / "result.json").read_text())
    effects = {effect.name: effect.value for effect in by_manager.effects}
    # Elasticity 0.1 in every replication: 2 ** 0.1 - 1 per doubling.
    assert effects["per_doubling"].mean == pytest.approx(2**0.1 - 1, rel=1e-9)
    assert effects["level"].as_dict() == result["steps"][-1]["incremental_cost"]
    assert dict(by_manager.worlds) == result["plausible_worlds"]
    assert by_manager.worlds["n"] + by_manager.worlds["lost"] == 3


def test_a_comparison_has_a_difference_that_turns(community, door, tmp_path):
    with Runner(1, simulate=planted_briefs.by_goods) as runner:
        compare(door, community, replications=3, runner=runner, out=tmp_path)
        found = gather(tmp_path, runner=runner, effort=LIGHT)
    assert found.verdict == "worse"
    assert found.effects[0].value.mean == pytest.approx(-20.0)
    (flip,) = found.flips.found
    assert flip.changes[0].path == "products.gross_margin"
    assert flip.changes[0].still < 0.4 <= flip.changes[0].value
    assert flip.effect.mean == pytest.approx(20.0)
    assert found.baseline == "door_only"
    assert "pickup.community" in {change.path for change in found.changed}


def test_one_replication_turns_nothing_and_says_so(community, tmp_path):
    found, before, after = study(planted_briefs.by_manager, community, tmp_path, replications=1)
    assert (found.verdict, found.flips, after) == ("cannot_tell", None, before)
    assert any("no interval" in note for note in found.notes)


def test_a_record_of_another_model_is_not_mixed_with_todays(recorded, tmp_path):
    folder = shutil.copytree(recorded, tmp_path / "old")
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["sources"] = "0" * 16
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with Runner(1, simulate=planted_briefs.by_nothing) as runner:
        found = gather(folder, runner=runner, effort=LIGHT)
        assert runner.simulated == 0
    assert found.flips is None
    assert "model has changed" in found.notes[0]


def test_what_cannot_be_briefed_is_refused(door, community, tmp_path):
    with Runner(1, simulate=planted_briefs.by_manager) as runner:
        replicate(door, replications=2, runner=runner, out=tmp_path / "run")
        with pytest.raises(ExperimentError, match="scale or a comparison"):
            gather(tmp_path / "run", runner=runner)
        scale(community, volumes=(1, 2), replications=2, runner=runner, out=tmp_path / "all")
        with pytest.raises(ExperimentError, match="--path: densify"):
            gather(tmp_path / "all", runner=runner)
        with pytest.raises(ExperimentError, match="did you mean densify"):
            gather(tmp_path / "all", runner=runner, path="densfy")
        chosen = gather(tmp_path / "all", runner=runner, path="densify", effort=Effort(8, 2, 2, 1, 1, 2))
        assert chosen.subject["path"] == "densify"
        (tmp_path / "all" / "result.json").write_text("{}")
        with pytest.raises(RecordError, match=r"result\.json has changed"):
            gather(tmp_path / "all", runner=runner, path="densify")


def test_doubling_keeps_the_interval():
    found = doubled(Estimate(0.1, -0.1, 0.3, "ratio", 5))
    assert (found.mean, found.low, found.high) == pytest.approx((2**0.1 - 1, 2**-0.1 - 1, 2**0.3 - 1))
    assert (found.unit, found.n) == ("share", 5)


def swing(path: str, reach: float, grade: str, error: float = 0.1) -> Swing:
    change = Estimate(reach, reach - error, reach + error, "ratio", 3)
    end = End(1.0, {"slope": change}, {"slope": "neutral"})
    return Swing(path, "", "yuan", "", grade, 0.0, None, end)


def test_the_weakest_assumption_is_the_lowest_grade_among_the_largest_swings():
    found = [swing("a", 10.0, "A"), swing("b", 6.0, "C"), swing("c", 5.5, "B"), swing("d", 4.0, "guess")]
    assert weakest(found, (), "slope").swing.path == "b"  # d is a guess but moves less than half as much
    assert measure_next(found, (), "slope").swing.path == "b"  # a has been measured
    assert weakest([swing("noise", 0.05, "guess")], (), "slope") is None
    assert [weakness(grade) for grade in ("A", "B", "C", "guess", "set by mine")] == [0, 1, 2, 3, 3]


def test_every_difference_is_listed_with_old_new_and_percent():
    base = load("base")
    other = base.with_values({"channels.tmall.commission": 0.04, "horizon.days": 91})
    found = {change.path: change for change in changes_between(base, other)}
    assert set(found) == {"channels.tmall.commission", "horizon.days"}
    own = base.value("channels.tmall.commission")
    assert found["channels.tmall.commission"].percent == pytest.approx(100 * (0.04 - own) / own)
    parts = {change.path: change for change in changes_between(base, load("community_pickup"))}
    entries = load("community_pickup").entries()
    layer = [one for one in entries if one.path.startswith("pickup.community.") and one.role != "label"]
    assert parts["pickup.community"].values == len(layer)


def test_a_changed_shipped_scenario_is_measured_against_itself():
    own = load("community_pickup")
    assert baseline_of(own).name == "base"
    assert baseline_of(own.with_values({"horizon.days": 91})).name == "community_pickup"


def test_the_command_asks_the_same_study(recorded):
    words = command_of(read_manifest(recorded), "densify").split()
    assert words[:3] == ["channelsim", "scale", "scenario/community_pickup.yaml"]
    given = dict(pairwise(words))
    assert given["--volumes"] == "0.5,1,2,4"
    assert (given["--replications"], given["--seed"], given["--worlds"]) == ("3", "1", "3")


def test_a_bundle_is_the_same_bytes_every_time_and_its_record_is_verified(recorded, tmp_path):
    folder = shutil.copytree(recorded, tmp_path / "record")
    extra = {"brief.html": b"<!doctype html>"}
    first = bundle_bytes(folder, extra)
    (folder / "stray.txt").write_text("not part of the record")
    assert bundle_bytes(folder, extra) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == sorted(archive.namelist())
        assert archive.read(MANIFEST) == (folder / MANIFEST).read_bytes()
        own = read_manifest(folder)["files"]
        assert set(archive.namelist()) == {MANIFEST, "brief.html", "bundle.json", *own}
        archive.extractall(tmp_path / "again")
    with Runner(1, simulate=planted_briefs.by_manager) as runner:
        assert verify(tmp_path / "again", runner=runner).ok
    with pytest.raises(RecordError, match="already has a file"):
        bundle_bytes(folder, {"result.json": b""})


def test_the_document_and_the_program_leave_out_the_same():
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    section = text.partition("\n## 9. ")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    written = [row for row in rows if row[0] not in ("left out", "---")]
    assert [(limit.left_out, limit.leans) for limit in LIMITS] == written


def test_limits_are_those_of_the_question():
    pickup = {limit.left_out for limit in limits_for([load("community_pickup")], "densify")}
    plain = {limit.left_out for limit in limits_for([load("door_only")], "buy_traffic")}
    assert any(words.startswith("Travel time of managers") for words in pickup - plain)
    assert any(words.startswith("Rivals who answer") for words in plain - pickup)
    assert pickup & plain


def test_a_quick_brief_tries_less():
    assert QUICK.screened < Effort().screened
    assert QUICK.replications > 1
