"""Records: written first, whole or not at all, and done again to the last digit."""

from __future__ import annotations

import hashlib
import json

import duckdb
import pytest

from sim.experiment import RecordError, RunFailedError, Runner, compare, replicate, scale, verify
from sim.experiment.record import COLUMNS, MANIFEST, RESULT, RUNS, read_manifest, read_runs
from sim.experiment.scale_result import ADDED_LATER
from sim.experiment.verification import check_record
from tests.experiment import planted

CURVE = planted.Curve(fixed=1e5, unit=20.0)


@pytest.fixture
def runner():
    with Runner(1, simulate=planted.on(CURVE)) as found:
        yield found


def again():
    return Runner(1, simulate=planted.on(CURVE))


def do_replicate(door, _, folder, runner):
    return replicate(door, replications=3, out=folder, runner=runner)


def do_compare(door, community, folder, runner):
    return compare(door, community, replications=2, out=folder, runner=runner)


def do_scale(_, community, folder, runner):
    return scale(community, path="densify", replications=2, worlds=2, keep=1, out=folder, runner=runner)


def do_scale_all(door, community, folder, runner):
    return scale(community, against=door, replications=2, volumes=(1, 2), out=folder, runner=runner)


@pytest.mark.parametrize("study", [do_replicate, do_compare, do_scale, do_scale_all])
def test_a_record_is_done_again_with_the_same_digits(study, door, community, tmp_path, runner):
    result = study(door, community, tmp_path, runner)
    with again() as fresh:
        found = verify(tmp_path, runner=fresh)
    assert found.ok, found.first
    assert found.compared == len(read_runs(tmp_path)) > 0
    assert json.loads((tmp_path / "result.json").read_text()) == json.loads(json.dumps(result.as_dict()))


@pytest.mark.parametrize("study", [do_scale, do_scale_all])
def test_a_record_from_before_a_figure_was_told_is_done_again_all_the_same(
    study, door, community, tmp_path, runner
):
    def without(found):
        if isinstance(found, list):
            return [without(one) for one in found]
        if not isinstance(found, dict):
            return found
        return {name: without(value) for name, value in found.items() if name not in ADDED_LATER}

    study(door, community, tmp_path, runner)
    _rewrite(tmp_path, without)
    with again() as fresh:
        assert verify(tmp_path, runner=fresh).ok


def test_what_a_record_has_is_compared_also_where_it_was_told_later(door, community, tmp_path, runner):
    do_scale(door, community, tmp_path, runner)
    _rewrite(tmp_path, lambda found: found | {"size_range": [1.0, 2.0]})
    with again() as fresh:
        found = verify(tmp_path, runner=fresh)
    assert not found.ok
    assert found.first.name.startswith("size_range")


def _rewrite(folder, change):
    """Change the result of a record, and its checksum, as if it had been written so."""
    path, manifest = folder / RESULT, read_manifest(folder)
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    manifest["files"][RESULT] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest))


def test_the_first_figure_that_differs_is_named(door, tmp_path, runner):
    replicate(door, replications=2, out=tmp_path, runner=runner)
    with Runner(1, simulate=planted.on(planted.Curve(fixed=1e5, unit=20.01))) as other:
        found = verify(tmp_path, runner=other)
    assert not found.ok
    assert (found.first.where, found.first.name) == ("door_only, replication 0", "cost_per_order")
    assert found.as_dict()["first"]["recorded"] != found.as_dict()["first"]["found"]
    assert "was recorded as" in str(found.first)


def test_the_manifest_is_there_before_the_first_run(door, tmp_path):
    large = door.with_values({"market.sources.platform_search.visits_per_year": 50_000.0})
    with Runner(1, simulate=planted.failing) as failing, pytest.raises(RunFailedError):
        replicate(large, out=tmp_path, runner=failing)
    manifest = read_manifest(tmp_path)
    assert (manifest["status"], manifest["study"]) == ("started", "replicate")
    assert manifest["arguments"]["seed"] == 1
    assert (tmp_path / manifest["scenarios"]["scenario"]["file"]).exists()
    with pytest.raises(RecordError, match="never finished"):
        verify(tmp_path)


def test_the_table_of_runs_is_plain_parquet_with_described_columns(door, tmp_path, runner):
    result = replicate(door, replications=2, out=tmp_path, runner=runner)
    rows = duckdb.sql(
        f"SELECT * FROM '{tmp_path / RUNS}' WHERE kind = 'kpi' AND name = 'cost_per_order'"
    ).df()
    assert list(rows.columns) == list(COLUMNS) == list(read_manifest(tmp_path)["columns"])
    assert rows["value"].tolist() == result.values("cost_per_order")
    assert set(rows["unit"]) == {"yuan/order"}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_keeps_one_study(door, community, tmp_path, runner):
    replicate(door, replications=2, out=tmp_path, runner=runner)
    replicate(door, replications=2, out=tmp_path, runner=runner)
    with pytest.raises(RecordError, match="already holds the record of another study"):
        replicate(community, replications=2, out=tmp_path, runner=runner)


def test_changed_files_are_noticed(door, tmp_path, runner):
    replicate(door, replications=2, out=tmp_path, runner=runner)
    path = tmp_path / "scenario" / "door_only.yaml"
    before = path.read_text()
    path.write_text(before.replace("places: {value: 40,", "places: {value: 41,"))
    assert path.read_text() != before
    with pytest.raises(RecordError, match="not the scenario that was recorded"):
        verify(tmp_path)
    path.write_text("][")
    with pytest.raises(RecordError, match="cannot be read"):
        verify(tmp_path)
    (tmp_path / RUNS).write_bytes(b"")
    with pytest.raises(RecordError, match="has changed since"):
        verify(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", '{"format": 99}'])
def test_a_folder_that_is_no_record_says_so(tmp_path, content):
    with pytest.raises(RecordError, match="holds no manifest"):
        verify(tmp_path)
    (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(RecordError, match=r"cannot read|has format"):
        verify(tmp_path)


def test_a_place_that_cannot_be_written_says_so(door, tmp_path, runner):
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordError, match="cannot write a record"):
        replicate(door, out=tmp_path / "file", runner=runner)


def test_a_change_of_the_model_is_noted(door, tmp_path, runner):
    replicate(door, replications=2, out=tmp_path, runner=runner)
    manifest = read_manifest(tmp_path)
    (tmp_path / MANIFEST).write_text(json.dumps({**manifest, "sources": "0" * 16}))
    with again() as fresh:
        found = verify(tmp_path, runner=fresh)
    assert found.ok
    assert "the model has changed since" in found.notes[0]


def edited(folder, change):
    """Change the manifest of a record."""
    manifest = json.loads((folder / MANIFEST).read_text())
    change(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest))


def test_a_changed_text_of_a_scenario_is_noticed(door, tmp_path, runner):
    """Values have a hash; title, ranges, sources and grades are only in the text."""
    replicate(door, replications=2, out=tmp_path, runner=runner)
    path = tmp_path / "scenario" / "door_only.yaml"
    before = path.read_text()
    for old, new in (("grade: C", "grade: A"), ("title: ", "title: Not "), ("range: [", "range: [0, 0")):
        path.write_text(before.replace(old, new, 1))
        assert path.read_text() != before
        for look in (check_record, verify):
            with pytest.raises(RecordError, match=r"door_only\.yaml"):
                look(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: [m.pop(key) for key in set(m) - {"format", "study", "status"}], "it has no 'arguments'"),
        (lambda m: m.pop("files"), "it has no 'files'"),
        (lambda m: m["files"].pop("result.json"), r"it has no checksum of result\.json"),
        (lambda m: m["files"].pop("scenario/door_only.yaml"), "it has no checksum of scenario/door_only"),
        (lambda m: m["files"].update({"../x": ""}), r"'\.\./x' is no file of its folder"),
        (lambda m: m.update(scenarios=[]), "'scenarios' should be a mapping"),
        (lambda m: m["scenarios"]["scenario"].pop("hash"), r"it has no 'scenarios\.scenario\.hash'"),
        (lambda m: m.update(study="compare"), r"it has no 'scenarios\.a'"),
        (lambda m: m.update(study="scale"), r"it has no 'arguments\.against'"),
        (lambda m: m["arguments"].update(out="/tmp"), "a study of 'replicate' has no argument 'out'"),
        (lambda m: m["arguments"].update(keep=1), "a study of 'replicate' has no argument 'keep'"),
        (lambda m: m["arguments"].update(seed="1"), r"'arguments\.seed' makes no sense \(found '1'\)"),
        (lambda m: m["arguments"].update(replications=True), r"'arguments\.replications' makes no sense"),
    ],
)
def test_an_incomplete_manifest_is_refused(door, tmp_path, runner, change, said):
    replicate(door, replications=2, out=tmp_path, runner=runner)
    edited(tmp_path, change)
    with pytest.raises(RecordError, match=rf"manifest\.json is damaged: .*{said}"):
        check_record(tmp_path)


def test_a_study_that_nobody_knows_is_refused(door, tmp_path, runner):
    replicate(door, replications=2, out=tmp_path, runner=runner)
    edited(tmp_path, lambda manifest: manifest.update(study="divination"))
    with pytest.raises(RecordError, match="unknown study 'divination'"):
        check_record(tmp_path)
