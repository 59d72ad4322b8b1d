"""Sweeps and bundles are done again, a stated sample or all; nothing of a bundle escapes its folder."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile

import duckdb
import pytest

from sim.experiment import RecordError, Runner, replicate, verify
from sim.experiment import bundle as bundles
from sim.experiment.brief import bundle_bytes
from sim.experiment.bundle import unpacked
from sim.experiment.seeds import replication_seeds
from sim.experiment.sweep import sweep
from sim.experiment.sweep.missing import named
from sim.experiment.sweep.verifying import spread
from sim.experiment.verification import check_record
from tests.experiment import planted
from tests.experiment.sweep import worlds


def again(simulate=worlds.quick):
    return Runner(1, simulate=simulate)


def dearer(scenario, seed, **options):
    """The same world, but the dearer commission costs a fen more per order."""
    run = worlds.quick(scenario, seed, **options)
    if scenario.value(worlds.COMMISSION) > 0.04:
        run.kpis["cost_per_order"] += 0.01
    return run


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    sweep(worlds.small_plan(), folder, workers=1, simulate=worlds.quick)
    return folder


# --- sweeps -----------------------------------------------------------------------------------------


def test_all_runs_of_a_sweep_are_done_again(swept):
    with again() as runner:
        found = verify(swept, sample=None, runner=runner)
        assert runner.simulated == 12
    assert found.ok, found.first
    assert found.study == "sweep"
    figures = duckdb.sql(f"SELECT count(*) FROM '{swept}/parts/kpis-*.parquet'").fetchall()
    assert found.compared == figures[0][0]
    assert found.redone == "all 12 runs that ended well were done again"


def test_a_sample_is_spread_over_the_design_and_stated(swept):
    with again() as runner:
        found = verify(swept, sample=5, runner=runner)
        assert runner.simulated == 5
    assert found.ok
    assert found.redone == "5 of 12 runs that ended well were done again"
    assert spread(12, 5) == [0, 3, 6, 8, 11]


@pytest.mark.parametrize("sample", [None, 4])
def test_the_first_figure_that_differs_is_named(swept, sample):
    with again(dearer) as runner:
        found = verify(swept, sample=sample, runner=runner)
    # Points 2 and 3 have the dearer commission.
    where = "point 2, replication 0" if sample is None else "point 2, replication 1"
    assert (found.first.where, found.first.name) == (where, "cost_per_order")
    assert found.first.found - found.first.recorded == pytest.approx(0.01)


def test_a_run_that_fails_now_is_a_difference(swept):
    with again(worlds.failing) as runner:
        found = verify(swept, sample=None, runner=runner)
    assert (found.first.where, found.first.name) == ("point 2, replication 0", "status")
    assert "ArithmeticError" in found.first.found


def test_failed_runs_are_left_alone(tmp_path):
    sweep(worlds.small_plan(), tmp_path, workers=1, simulate=worlds.failing)
    with again() as runner:
        found = verify(tmp_path, sample=None, runner=runner)
    assert found.ok
    assert found.redone == "all 6 runs that ended well were done again; 6 that failed were left alone"


def test_words_switches_and_parts_of_a_table_survive(tmp_path):
    rows = [
        {"mechanisms.ranking": False, "pickup.community": None, "horizon.start": "launch"},
        {"mechanisms.ranking": True, worlds.PLACES: 7},
        {worlds.COMMISSION: 0.02, "horizon.start": "mature"},
    ]
    plan = worlds.plan_of({"table": {"rows": rows}}, scenario="community_pickup", replications=1)
    sweep(plan, tmp_path, workers=1, simulate=worlds.quick)
    with again() as runner:
        found = verify(tmp_path, sample=None, runner=runner)
    assert found.ok, found.first


def test_a_changed_scenario_or_design_is_noticed(tmp_path):
    sweep(worlds.small_plan(), tmp_path, workers=1, simulate=worlds.quick)
    path, before = tmp_path / "scenario.yaml", (tmp_path / "scenario.yaml").read_text()
    path.write_text(before.replace("places: {value: 40,", "places: {value: 41,"))
    assert path.read_text() != before
    with pytest.raises(RecordError, match="not the scenario that was swept"):
        verify(tmp_path)
    path.write_text(before)
    design = tmp_path / "design.parquet"
    rows = duckdb.sql(
        f'SELECT * REPLACE ("{worlds.COMMISSION}" + 0.001 AS "{worlds.COMMISSION}") FROM \'{design}\''
    )
    rows.write_parquet(str(tmp_path / "other.parquet"))
    (tmp_path / "other.parquet").replace(design)
    with pytest.raises(RecordError, match="is not the one that was run"):
        verify(tmp_path)


@pytest.fixture
def in_parts(tmp_path):
    """A sweep of twelve runs in two parts: six of them failed at first."""
    sweep(worlds.small_plan(), tmp_path, workers=1, simulate=worlds.failing)
    sweep(worlds.small_plan(), tmp_path, workers=1, simulate=worlds.quick, rerun_failed=True)
    assert len(list(tmp_path.glob("parts/runs-*.parquet"))) == 2
    return tmp_path


def delete_part(folder, number):
    """Delete a part with all its tables; give its runs by point and replication."""
    (runs,) = folder.glob(f"parts/runs-1of1-{number:05d}.parquet")
    held = duckdb.sql(f"SELECT point, replication FROM '{runs}' ORDER BY ALL").fetchall()
    for path in folder.glob(f"parts/*-1of1-{number:05d}.parquet"):
        path.unlink()
    return held


def test_a_part_that_was_deleted_is_noticed_and_its_runs_are_named(in_parts):
    with again() as runner:
        assert verify(in_parts, runner=runner).notes == ()
    held = delete_part(in_parts, 1)
    with pytest.raises(RecordError) as caught:
        verify(in_parts)
    said = str(caught.value)
    assert "parts/*-1of1-00001.parquet was deleted" in said
    assert "6 of 12 runs" in said
    assert named(held) in said
    sweep(worlds.small_plan(), in_parts, workers=1, simulate=worlds.quick, resume=True)
    with again() as runner:
        found = verify(in_parts, sample=None, runner=runner)
    assert (found.ok, found.notes) == (True, ())


def test_the_last_part_may_have_been_deleted_or_never_written(in_parts):
    held = delete_part(in_parts, 2)
    with again() as runner:
        found = verify(in_parts, sample=None, runner=runner)
    said = "6 of 12 runs are not in the folder, never finished or deleted since: "
    assert found.notes == (said + named(held),)
    assert found.ok


def test_a_shard_misses_only_runs_of_its_own(tmp_path):
    sweep(worlds.small_plan(), tmp_path, workers=1, simulate=worlds.quick, shard="2/3")
    with again() as runner:
        assert verify(tmp_path, runner=runner).notes == ()


def test_missing_runs_are_named_by_point_and_counted_beyond_the_first_points():
    assert named([(0, 1), (0, 2), (3, 0)]) == "point 0, replications 1 and 2; point 3, replication 0"
    assert named([(point, 0) for point in range(12)]).endswith("point 9, replication 0; and 2 more")


def edited(folder, change):
    """Change the manifest of a folder."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m.update(seed=5), "its plan has another seed"),
        (lambda m: (m.update(seed=5), m["plan"].update(seed=5)), "its seeds are not those of its seed"),
        (lambda m: m["seeds"].__setitem__(0, 5), "its seeds are not those of its seed"),
        (lambda m: m["seeds"].pop(), "not one seed a replication"),
        (
            lambda m: (m.update(seed=2, seeds=list(replication_seeds(2, 3))), m["plan"].update(seed=2)),
            "does not belong to the runs: replication 0 was run with seed",
        ),
    ],
)
def test_a_manifest_with_other_seeds_than_the_runs_is_noticed(swept, tmp_path, change, said):
    folder = tmp_path / "other"
    shutil.copytree(swept, folder)
    edited(folder, change)
    for look in (check_record, verify):
        with pytest.raises(RecordError, match=said):
            look(folder)


def test_a_changed_text_of_the_swept_scenario_is_noticed(swept, tmp_path):
    folder = tmp_path / "other"
    shutil.copytree(swept, folder)
    path = folder / "scenario.yaml"
    path.write_text(path.read_text().replace("grade: C", "grade: A"))
    with pytest.raises(RecordError, match=r"scenario\.yaml has changed since it was written"):
        verify(folder)
    edited(folder, lambda manifest: manifest.pop("files"))  # as older sweeps are
    with again() as runner:
        found = verify(folder, sample=1, runner=runner)
    assert found.ok
    assert "kept no checksum" in found.notes[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: [m.pop(key) for key in list(m) if key not in ("study", "format")], "it has no 'plan'"),
        (lambda m: m.pop("tables"), "it has no 'tables'"),
        (lambda m: m["scenario"].pop("hash"), r"it has no 'scenario\.hash'"),
        (lambda m: m.update(seeds="1"), "'seeds' should be a list"),
        (lambda m: m.update(replications=True), "'replications' should be a whole number"),
        (lambda m: m["scenario"].update(file="../scenario.yaml"), "is no file of its folder"),
    ],
)
def test_an_incomplete_manifest_of_a_sweep_is_refused(swept, tmp_path, change, said):
    folder = tmp_path / "other"
    shutil.copytree(swept, folder)
    edited(folder, change)
    with pytest.raises(RecordError, match=rf"manifest\.json is damaged: .*{said}"):
        check_record(folder)


def test_a_sweep_without_a_finished_run_says_so(tmp_path):
    sweep(worlds.small_plan(), tmp_path, workers=1, simulate=lambda *_, **__: 1 / 0)
    with pytest.raises(RecordError, match="no run that ended well yet"):
        verify(tmp_path)


# --- bundles ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    from tests.experiment.conftest import _sized

    folder = tmp_path_factory.mktemp("record")
    with Runner(1, simulate=planted.gaussian) as runner:
        replicate(_sized("door_only"), replications=2, runner=runner, out=folder)
    return folder


def zipped(path, folder, more=()):
    """Zip a folder, with further members (name or ZipInfo, content)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            archive.write(file, file.relative_to(folder).as_posix())
        for name, content in more:
            archive.writestr(name, content)
    return path


def test_a_bundle_is_verified_like_its_folder(record, tmp_path):
    path = zipped(tmp_path / "study.zip", record, [("brief.html", "<p>")])
    with again(planted.gaussian) as runner:
        found = verify(path, runner=runner)
    assert found.ok, found.first
    with again(planted.skewed) as runner:
        assert not verify(path, runner=runner).ok
    assert [one.name for one in tmp_path.iterdir()] == ["study.zip"]


def test_what_a_bundle_has_beside_the_record_is_held_against_its_checksum(record, tmp_path):
    extra = {"brief.html": b"<p>good</p>", "brief.json": b"{}"}
    path = tmp_path / "study.zip"
    path.write_bytes(bundle_bytes(record, extra))
    with again(planted.gaussian) as runner:
        found = verify(path, runner=runner)
    assert found.ok
    assert found.notes == ()
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}

    def altered(**changes):
        other = tmp_path / "other.zip"
        with zipfile.ZipFile(other, "w") as archive:
            for name, content in {**contents, **changes}.items():
                if content is not None:
                    archive.writestr(name, content)
        return other

    for name in extra:
        with pytest.raises(RecordError, match=f"{name} has changed since it was written"):
            check_record(altered(**{name: b"<p>bad</p>"}))
        with pytest.raises(RecordError, match=f"{name} is missing"):
            verify(altered(**{name: None}))
    with pytest.raises(RecordError, match=r"bundle\.json is damaged: it has no 'files'"):
        check_record(altered(**{"bundle.json": b'{"format": 1}'}))
    with pytest.raises(RecordError, match="is no file of its folder"):
        check_record(altered(**{"bundle.json": b'{"format": 1, "files": {"/etc/passwd": ""}}'}))


def test_an_older_bundle_is_verified_and_says_what_was_not_checked(record, tmp_path):
    path = zipped(tmp_path / "study.zip", record, [("brief.html", "<p>")])
    with again(planted.gaussian) as runner:
        found = verify(path, runner=runner)
    assert found.ok
    assert found.notes == ("the bundle has no checksum of brief.html: nobody can tell if changed",)


def test_a_bundle_of_a_sweep_is_verified_too(swept, tmp_path):
    with again() as runner:
        found = verify(zipped(tmp_path / "sweep.zip", swept), sample=3, runner=runner)
    assert found.ok
    assert found.redone.startswith("3 of 12")


def test_a_changed_file_in_a_bundle_is_noticed(record, tmp_path):
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        for file in (one for one in record.rglob("*") if one.is_file()):
            content = file.read_bytes()
            if file.name == "result.json":
                content = content.replace(b'"replications": 2', b'"replications": 3')
            archive.writestr(file.relative_to(record).as_posix(), content)
    with pytest.raises(RecordError, match=r"result\.json has changed since"):
        check_record(tmp_path / "study.zip")


@pytest.mark.parametrize(
    "name", ["../escaped", "/escaped", "a/../../escaped", "C:/escaped", "..\\escaped", "\\\\host\\escaped"]
)
def test_nothing_leaves_the_bundle(record, tmp_path, name):
    path = zipped(tmp_path / "evil.zip", record, [(name, "boo")])
    with pytest.raises(RecordError, match="leads outside the bundle; nothing was unpacked"), unpacked(path):
        pytest.fail("it was opened")
    assert not list(tmp_path.parent.rglob("*escaped*"))


def test_links_encrypted_files_and_floods_are_refused(record, tmp_path, monkeypatch):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = zipped(tmp_path / "link.zip", record, [(link, "manifest.json")])
    with pytest.raises(RecordError, match="'link' is a link or a device"):
        check_record(path)
    data = bytearray(zipped(tmp_path / "locked.zip", record, [("locked", "secret")]).read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 8] |= 0x1
    (tmp_path / "locked.zip").write_bytes(bytes(data))
    with pytest.raises(RecordError, match="'locked' is encrypted"):
        check_record(tmp_path / "locked.zip")
    monkeypatch.setattr(bundles, "MOST_FILES", 2)
    with pytest.raises(RecordError, match="a bundle has at most 2"):
        check_record(zipped(tmp_path / "many.zip", record))
    monkeypatch.setattr(bundles, "MOST_FILES", 1_000)
    monkeypatch.setattr(bundles, "MOST_BYTES", 1_000_000)
    with pytest.raises(RecordError, match="unpacks to"):
        check_record(zipped(tmp_path / "flood.zip", record, [("zeros", b"\0" * 1_000_001)]))


def test_a_header_that_lies_about_its_size_is_no_way_in(record, tmp_path, monkeypatch):
    monkeypatch.setattr(bundles, "MOST_BYTES", 100_000)
    path = zipped(tmp_path / "liar.zip", record, [("zeros", b"\0" * 1_000_000)])
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    with pytest.raises(RecordError), unpacked(path):
        pytest.fail("it was opened")


def test_what_is_no_bundle_says_so(tmp_path):
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(RecordError, match="neither the folder of a record nor a bundle"):
        verify(tmp_path / "text.zip")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("folder/manifest.json", json.dumps({}))
    with pytest.raises(RecordError, match=r"no manifest\.json at its root"):
        verify(tmp_path / "empty.zip")
    with pytest.raises(RecordError, match="holds no manifest"):
        verify(tmp_path / "nowhere.zip")
