"""compare --without-source and --panel, run --events, --excel everywhere, verify of sweeps and bundles."""

from __future__ import annotations

import json
import zipfile

import openpyxl
import pandas as pd
import pytest

from sim.experiment.incrementality import incrementality
from sim.scenario import load
from tests.cli.conftest import WEEK
from tests.experiment.sweep import worlds

TWO = (*WEEK, "--replications", "2")
SHORT = ("--set", "horizon.warmup_days=7")


def test_without_a_source_gives_the_digits_of_the_function(channelsim, tmp_path):
    folder, book = tmp_path / "study", tmp_path / "study.xlsx"
    words = ("compare", "base", "--without-source", "platform_ads", *TWO, *SHORT)
    done = channelsim(*words, "--json", "--out", str(folder), "--excel", str(book))
    assert done.code == 0, done.err
    world = load("base", ["horizon.days=7", "horizon.warmup_days=7"])
    expected = incrementality(world, "platform_ads", replications=2, workers=1)
    assert done.data == json.loads(json.dumps(expected.as_dict()))
    sheets = openpyxl.load_workbook(book)
    assert sheets.sheetnames[0] == "about"
    about = dict(list(sheets["about"].iter_rows(values_only=True))[1:])
    assert about["command"].startswith("channelsim compare base --without-source platform_ads")
    assert about["scenario_hash"] == world.hash
    orders = list(sheets["sources.incremental"].iter_rows(values_only=True))[1]
    assert orders[2] == expected.sources[0].incremental["orders"].mean
    page = channelsim(*words)
    text = " ".join(page.out.split())
    assert expected.headline in text
    for title in ("Last click and truth", "Where the lost orders are booked", "What else the source moves"):
        assert title in text
    assert page.out.isascii()
    assert channelsim("verify", str(folder), "--workers", "1").code == 0


def test_several_sources_share_one_table(channelsim):
    words = ("compare", "base", "--without-source", "email", "--without-source", "posters")
    done = channelsim(*words, *TWO, *SHORT)
    assert done.code == 0, done.err
    assert "posters" in done.out
    assert "Where the lost orders are booked" not in done.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("base",), 2, "give two scenarios, or one with --without-source"),
        (("base", "door_only", "--without-source", "email"), 2, "leave the second out"),
        (("base", "--without-source", "emial"), 2, "did you mean email?"),
        (("base", "door_only", "--adjust", "none"), 2, "--adjust goes with --without-source"),
        (("base", "--panel", "x", "--out", "y"), 2, "leave --out away"),
        (("base", "door_only", "--excel", "a.csv"), 2, "ends in .xlsx"),
        (("base", "door_only", "--excel", "nowhere/a.xlsx"), 6, "there is no folder nowhere"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_line(channelsim, words, code, said):
    done = channelsim("compare", *words, *TWO)
    assert done.code == code
    assert said in done.err
    assert done.err.count("\n") == 1


def test_a_panel_is_written_with_its_truth_and_verified(channelsim, tmp_path):
    folder = tmp_path / "panel"
    words = ("compare", "base", "--panel", str(folder), "--without-source", "platform_ads")
    done = channelsim(*words, "--set", "horizon.days=14", "--replications", "1", "--workers", "1", *SHORT)
    assert done.code == 0, done.err
    assert "panel.csv, panel.parquet" in done.out
    panel = pd.read_csv(folder / "panel.csv")
    assert set(panel["week"]) == {1, 2}
    assert pd.read_csv(folder / "truth.csv")["source"].unique().tolist() == ["platform_ads"]
    assert channelsim("verify", str(folder), "--workers", "1").code == 0


def test_the_event_log_of_the_first_history(channelsim, tmp_path):
    path = tmp_path / "events.csv"
    words = ("run", "base", *TWO, *SHORT, "--json")
    done = channelsim(*words, "--events", str(path))
    assert done.code == 0, done.err
    assert "events of the first history" in done.err
    log = pd.read_csv(path)
    orders = log["case_id"].nunique()
    assert 0 < orders < 2 * done.data["kpis"]["orders"]["mean"]
    assert channelsim("run", "base", *TWO, "--events", "events.xes").code == 2


def test_a_sweep_and_a_bundle_are_verified(channelsim, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.world.simulate", worlds.quick)
    plan = tmp_path / "plan.yaml"
    grid = "{parameters: {channels.tmall.commission: [0.03, 0.04, 0.05]}}"
    plan.write_text(f"scenario: door_only\ndesign:\n  grid: {grid}\nreplications: 2\n")
    folder, book = tmp_path / "swept", tmp_path / "swept.xlsx"
    out = ("--out", str(folder), "--excel", str(book))
    assert channelsim("sweep", str(plan), *out, "--workers", "1", "--quiet").code == 0
    sheets = openpyxl.load_workbook(book)
    assert len(list(sheets["kpis"].iter_rows())) == 7
    done = channelsim("verify", str(folder), "--sample", "4", "--workers", "1", "--json")
    assert (done.code, done.data["study"]) == (0, "sweep")
    assert done.data["redone"] == "4 of 6 runs that ended well were done again"
    assert "All 6 runs" in channelsim("verify", str(folder), "--all", "--workers", "1").out
    with zipfile.ZipFile(tmp_path / "swept.zip", "w") as archive:
        for file in (one for one in folder.rglob("*") if one.is_file()):
            archive.write(file, file.relative_to(folder).as_posix())
    assert channelsim("verify", str(tmp_path / "swept.zip"), "--workers", "1").code == 0
    monkeypatch.setattr("sim.world.simulate", worlds.valley)
    other = channelsim("verify", str(tmp_path / "swept.zip"), "--workers", "1")
    assert other.code == 5
    assert "First difference: point 0, replication 0: cost_per_order" in " ".join(other.out.split())
    (tmp_path / "evil.zip").write_text("no zip")
    assert channelsim("verify", str(tmp_path / "evil.zip")).code == 6
