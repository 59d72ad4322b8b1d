"""The page of sweeps: what it opens, how far it came, its chart, and what it never opens."""

from __future__ import annotations

import json
import os
import shutil
import socket

import pytest

from sim.cli.ui import environment
from sim.experiment.sweep import open_sweep, sweep
from sim.experiment.sweep.blocks import FAILED, RunRecord, pack
from sim.experiment.sweep.journal import Journal
from sim.experiment.sweep.watching import is_running, progress_of, sweeps_under
from sim.report.numbers import column
from sim.ui.inputs import Inputs
from sim.ui.pictures.picture import NothingToDrawError
from sim.ui.pictures.sweeps import sweep_chart
from sim.ui.sweep_folder import FOLDER_VARIABLE, results_folder, sweeps, word_of
from sim.ui.sweep_table import Chosen, values_of
from tests.experiment.planted import Curve, on
from tests.experiment.sweep.worlds import COMMISSION, FAILED_ATTEMPTS, small_plan
from tests.ui.conftest import words

KPI = "contribution_per_order"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A finished sweep of four points, three histories each."""
    folder = tmp_path_factory.mktemp("sweeps") / "made"
    sweep(small_plan(), folder, workers=1, simulate=on(Curve(fixed=1e5)))
    return folder


@pytest.fixture
def root(tmp_path, monkeypatch, made):
    """A folder of results with a copy of the sweep."""
    shutil.copytree(made, tmp_path / "results" / "made")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "results"))
    return tmp_path / "results"


def test_it_opens_on_the_newest_sweep_with_the_figures_of_the_experiment(run_page, root):
    page = run_page("sweeps")
    text = words(page)
    assert "12 of 12 runs of door_only are done; 0 failed" in page.subheader[0].value
    assert "finished" in text
    points = open_sweep(root / "made").by_point(KPI)
    for cell in column(values_of(points)):
        assert cell in text
    assert len(page.get("plotly_chart")) == 1
    assert "--resume" in page.code[-2].value


def test_the_chart_has_a_line_for_each_value_of_the_second_parameter_and_intervals(root):
    swept = open_sweep(root / "made")
    points = swept.by_point(KPI)
    drawn = sweep_chart(points, swept.parameters, KPI, COMMISSION, FAILED_ATTEMPTS)
    assert [len(trace.x) for trace in drawn.figure.data] == [2, 2]
    assert len({(trace.line.dash, trace.marker.symbol) for trace in drawn.figure.data}) == 2
    for trace, (_, rows) in zip(drawn.figure.data, points.groupby(FAILED_ATTEMPTS), strict=True):
        assert list(trace.y) == list(rows.sort_values(COMMISSION)["mean"])
        assert list(trace.error_y.array) == pytest.approx(list(rows["high"] - rows["mean"]), abs=1e-9)
    assert len(drawn.table.rows) == 4
    alone = sweep_chart(points, swept.parameters, KPI, COMMISSION)
    assert "1 other parameters vary" in alone.reading
    with pytest.raises(NothingToDrawError):
        sweep_chart(points[:0], swept.parameters, KPI, COMMISSION)


def test_points_are_chosen_by_range(run_page, root):
    points = open_sweep(root / "made").by_point(KPI)
    assert list(Chosen(COMMISSION, 0.04, 0.06).of(points)[COMMISSION]) == [0.05, 0.05]
    page = run_page("sweeps", Inputs().showing(sweeps_filter=COMMISSION, sweeps_range="0.04:0.06"))
    assert "2 points" in words(page)
    page.selectbox(key="sweeps_filter").set_value("all").run()
    assert "4 points" in words(page)


def test_nothing_outside_the_folder_of_results_is_opened(root, made):
    (root / "way_out").symlink_to(made)
    assert sweeps_under(root) == [(root / "made").resolve()]
    inside = sweeps()
    assert list(inside) == [word_of(made.relative_to(made.parent))]
    for word in ("..", "+..+", word_of(made), "made"):
        assert word not in inside


@pytest.mark.usefixtures("root")
def test_a_word_of_a_link_that_names_no_sweep_opens_the_newest(run_page):
    page = run_page(
        "sweeps", Inputs().showing(sweeps_folder="0123456789ab", sweeps_kpi="x", sweeps_range="a:b:c")
    )
    assert "12 of 12 runs" in page.subheader[0].value


def test_without_a_sweep_it_says_how_to_make_one(run_page, tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "nothing"))
    page = run_page("sweeps")
    assert "No sweep" in page.subheader[0].value
    assert any("channelsim sweep" in code.value for code in page.code)


def test_a_damaged_sweep_is_said_in_words(run_page, root):
    next((root / "made" / "parts").glob("kpis-*")).unlink()
    page = run_page("sweeps")
    assert "cannot be read" in page.error[0].value
    assert "is missing" in page.error[0].value


def test_runs_in_the_journal_count_and_looking_changes_nothing(root):
    folder = root / "made"
    before = progress_of(folder)
    assert (before.runs, before.done, before.failed, before.left, before.in_tables) == (12, 12, 0, 0, 12)
    journal = Journal(folder / ".journal-1of1")
    record = {"seed": 1, "run_id": "r", "scenario_hash": "h", "model_version": "v"}
    known = RunRecord(point=0, replication=0, **record)
    runs = open_sweep(folder).runs()
    known = RunRecord(point=int(runs["point"][0]), replication=int(runs["replication"][0]), **record)
    fresh = RunRecord(point=900, replication=0, **record)
    failed = RunRecord(point=901, replication=0, status=FAILED, **record)
    journal.append([pack(one, {}) for one in (known, fresh, failed)])
    content = journal.path.read_bytes()
    journal.path.write_bytes(content + b"torn")
    now = progress_of(folder)
    assert (now.done, now.failed, now.in_tables) == (13, 1, 12)
    assert journal.path.read_bytes() == content + b"torn"
    journal.close()


def test_a_living_process_of_this_machine_is_running(root):
    folder = root / "made"
    assert not is_running(folder)
    lock = folder / ".lock-1of1"
    lock.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
    assert is_running(folder)
    assert progress_of(folder).is_running
    lock.write_text(json.dumps({"pid": os.getpid(), "host": "elsewhere"}))
    assert not is_running(folder)
    lock.write_text("{")
    assert not is_running(folder)


def test_progress_is_shown_while_a_sweep_runs(run_page, root):
    lock = root / "made" / ".lock-1of1"
    lock.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
    assert "running" in words(run_page("sweeps"))


def test_the_folder_is_the_one_given_at_the_start(tmp_path, monkeypatch):
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    assert results_folder() == tmp_path / "results"
    assert FOLDER_VARIABLE not in environment(None)
    assert environment(tmp_path)[FOLDER_VARIABLE] == str(tmp_path)


@pytest.mark.usefixtures("root")
def test_the_page_speaks_chinese(run_page):
    assert "已完成" in run_page("sweeps", Inputs().showing(language="zh")).subheader[0].value
