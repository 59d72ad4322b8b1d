"""What a finished sweep holds: tidy tables, described, readable by others, joined and counted."""

from __future__ import annotations

import json

import duckdb
import pandas as pd
import pytest

from sim.experiment import ExperimentError, RecordError, replication_seed
from sim.experiment.sweep import forecast, merge, open_sweep, sweep
from sim.scenario import loads
from tests.experiment.sweep import worlds
from tests.experiment.sweep.digests import digest

TABLES = ("kpis", "series", "ledger")


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    return sweep(worlds.small_plan(tables=TABLES), folder, workers=1, simulate=worlds.quick)


def test_every_run_is_there_once_and_meets_the_luck_of_its_replication(swept):
    runs = swept.runs()
    assert list(zip(runs["point"], runs["replication"], strict=True)) == [
        (p, r) for p in range(4) for r in range(3)
    ]
    assert runs["seed"].tolist() == [replication_seed(1, r) for r in range(3)] * 4
    assert set(runs["status"]) == {"done"}
    assert runs["run_id"].nunique() == 12
    assert runs["scenario_hash"].nunique() == 4
    assert (swept.total, swept.counts()) == (12, {"done": 12, "failed": 0})


def test_figures_are_what_the_simulation_said(swept):
    expected = [
        20.0 + 150.0 * commission + 10.0 * attempts + worlds.luck_of(replication_seed(1, r)) + 50.0
        for commission in (0.03, 0.05)
        for attempts in (0.05, 0.1)
        for r in range(3)
    ]
    found = swept.kpis("cost_per_order")
    assert found["value"].tolist() == pytest.approx(expected, rel=1e-12)
    assert set(found["unit"]) == {"yuan/order"}


def test_a_figure_that_is_missing_has_no_row(swept):
    assert "months_to_ruin" not in set(swept.kpis()["kpi"])
    for name in TABLES:
        assert not swept.table(name).isna().any().any()
    with pytest.raises(ExperimentError, match=r"no run .* has the figure months_to_ruin"):
        swept.kpis("months_to_ruin")


def test_series_and_books_are_tables(swept):
    series = swept.series()
    assert list(series[series["point"] == 0]["month"][:4]) == [1, 2, 1, 2]
    assert series.groupby("series")["unit"].first().to_dict() == {"cash": "yuan", "orders": "orders"}
    ledger = swept.ledger()
    assert ledger["fen"].dtype == "int64"
    assert len(ledger) == 24


def test_wide_joins_the_parameters(swept):
    wide = swept.wide("cost_per_order", "orders")
    assert list(wide.columns) == [
        "point",
        "replication",
        "seed",
        *swept.parameters,
        "cost_per_order",
        "orders",
    ]
    assert len(wide) == 12
    assert wide[worlds.COMMISSION].tolist() == [0.03] * 6 + [0.05] * 6


def test_by_point_has_intervals(swept):
    table = swept.by_point("cost_per_order")
    assert (table["low"] < table["mean"]).all()
    assert (table["mean"] < table["high"]).all()
    assert table["n"].tolist() == [3, 3, 3, 3]


def test_a_table_that_was_not_kept_says_so(swept):
    with pytest.raises(ExperimentError, match="keeps no table 'orders'; it has runs, kpis, series, ledger"):
        swept.orders()


def test_the_dictionary_describes_every_column_parameter_and_figure(swept):
    dictionary = json.loads((swept.folder / "dictionary.json").read_text())
    for name in swept.manifest["tables"]:
        described = {row["name"]: row["kind"] for row in dictionary["tables"][name]}
        found = duckdb.sql(f"DESCRIBE SELECT * FROM '{swept.folder}/parts/{name}-*.parquet'").fetchall()
        assert {row[0]: row[1] for row in found} == described
    units = {row["path"]: row["unit"] for row in dictionary["parameters"]}
    assert units == {worlds.COMMISSION: "share", worlds.FAILED_ATTEMPTS: "share"}
    assert {row["kpi"] for row in dictionary["kpis"]} >= set(swept.kpis()["kpi"])
    assert all(row["text"] for row in dictionary["kpis"] + dictionary["accounts"])


def test_others_read_the_parts_with_one_pattern(swept):
    pattern = f"{swept.folder}/parts/kpis-*.parquet"
    assert duckdb.sql(f"SELECT count(*) FROM '{pattern}'").fetchall() == [(len(swept.kpis()),)]
    read = pd.read_parquet(next((swept.folder / "parts").glob("kpis-*.parquet")))  # with pyarrow
    assert read["value"].tolist() == swept.kpis()["value"].tolist()


def test_the_manifest_tells_where_every_number_comes_from(swept):
    manifest = json.loads((swept.folder / "manifest.json").read_text())
    assert manifest["seeds"] == [replication_seed(1, r) for r in range(3)]
    assert {"version", "sources", "commit", "platform", "python", "packages", "schema_version"} <= set(
        manifest
    )
    scenario = loads((swept.folder / "scenario.yaml").read_text())
    assert scenario.hash == manifest["scenario"]["hash"]
    again = scenario.with_values({worlds.COMMISSION: 0.05, worlds.FAILED_ATTEMPTS: 0.1})
    assert again.hash == swept.runs()["scenario_hash"].iloc[-1]


def test_switches_words_and_gaps_survive_in_the_design(tmp_path):
    rows = [{"mechanisms.control_loss": True, worlds.PLACES: 20}, {worlds.COMMISSION: 0.05}]
    found = sweep(
        worlds.plan_of({"table": {"rows": rows}}), tmp_path, workers=1, simulate=worlds.quick
    ).design()
    assert found["mechanisms.control_loss"].tolist()[0] is True
    assert found["mechanisms.control_loss"].isna().tolist() == [False, True]
    assert found[worlds.PLACES].dropna().tolist() == [20]


def test_many_runs_make_few_files(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiment.sweep.store._PART_RUNS", 40)
    found = sweep(worlds.wide_plan(100), tmp_path, workers=1, simulate=worlds.napping_for(0.02))
    names = sorted(path.name for path in (found.folder / "parts").iterdir())
    count = len(names) // 2
    assert 2 <= count <= 3
    assert names == [f"{name}-1of1-{n + 1:05d}.parquet" for name in ("kpis", "runs") for n in range(count)]
    assert len(found.runs()) == 100


def test_shards_are_merged_to_the_table_of_one_machine(tmp_path, swept):
    plan = worlds.small_plan(tables=TABLES)
    folders = [tmp_path / f"machine{k}" for k in (1, 2, 3)]
    for k, folder in enumerate(folders, 1):
        sweep(plan, folder, workers=1, shard=f"{k}/3", simulate=worlds.quick)
        assert len(open_sweep(folder).runs()) == 4
    merged = merge(folders, tmp_path / "all", csv=True)
    assert digest(merged.folder) == digest(swept.folder)
    alone = merge([swept.folder], tmp_path / "alone")
    for path in (merged.folder / "parts").iterdir():
        if path.name.startswith("kpis"):
            assert path.read_bytes() == (alone.folder / "parts" / path.name).read_bytes()
    assert len(pd.read_csv(tmp_path / "all" / "kpis.csv")) == len(swept.kpis())
    again = sweep(plan, tmp_path / "all", workers=1, resume=True, simulate=worlds.failing)
    assert (again.simulated, again.counts()["failed"]) == (0, 0)


def test_shards_may_share_a_folder(tmp_path, swept):
    plan = worlds.small_plan(tables=TABLES)
    for k in (2, 1):
        sweep(plan, tmp_path, workers=1, shard=f"{k}/2", simulate=worlds.quick)
    assert digest(tmp_path) == digest(swept.folder)


def test_merging_what_is_incomplete_or_strange_is_refused(tmp_path, swept):
    plan = worlds.small_plan(tables=TABLES)
    sweep(plan, tmp_path / "one", workers=1, shard="1/2", simulate=worlds.quick)
    with pytest.raises(RecordError, match="6 of 12 runs are in none of the folders"):
        merge([tmp_path / "one"], tmp_path / "all")
    assert not (tmp_path / "all" / "manifest.json").exists()
    other = sweep(worlds.small_plan(), tmp_path / "other", workers=1, simulate=worlds.quick)
    with pytest.raises(RecordError, match="another plan"):
        merge([swept.folder, other.folder], tmp_path / "all")
    with pytest.raises(RecordError, match="already holds a study"):
        merge([swept.folder], other.folder)
    with pytest.raises(RecordError, match="at least one folder"):
        merge([], tmp_path / "all")


@pytest.mark.parametrize("text", ["3/2", "0/2", "1", "a/b", "1/2/3"])
def test_a_shard_that_makes_no_sense_is_refused(tmp_path, text):
    with pytest.raises(ExperimentError, match="a shard is k/n"):
        sweep(worlds.small_plan(), tmp_path, shard=text, simulate=worlds.quick)


def test_a_forecast_tells_time_and_room_and_writes_nothing(tmp_path):
    plan = worlds.wide_plan(300)
    simulate = worlds.napping_for(0.02)
    told = forecast(plan, tmp_path / "out", workers=1, simulate=simulate)
    assert not (tmp_path / "out").exists()
    assert (told.points, told.runs, told.failed) == (300, 300, 0)
    assert 0.02 < told.seconds_per_run < 0.2
    assert told.seconds == pytest.approx(300 * told.seconds_per_run, rel=0.2)
    found = sweep(plan, tmp_path / "out", workers=1, simulate=worlds.quick)
    room = sum(path.stat().st_size for path in (found.folder / "parts").iterdir())
    assert told.bytes == pytest.approx(room, rel=0.5)
