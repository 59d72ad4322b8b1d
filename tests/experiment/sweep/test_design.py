"""Designs: every point where it belongs, the same whenever it is asked for."""

from __future__ import annotations

import numpy as np
import openpyxl
import pytest

from sim.experiment.sweep import read_plan
from sim.experiment.sweep.axes import Dimension
from sim.experiment.sweep.design import hash_of
from sim.experiment.sweep.sweeping import prepare
from sim.scenario.problems import ScenarioError
from tests.experiment.sweep.worlds import COMMISSION, FAILED_ATTEMPTS, PLACES, plan_of

SPAN = {"low": 0.02, "high": 0.06}
BOTH = {COMMISSION: SPAN, FAILED_ATTEMPTS: "own"}


def points_of(design, **more):
    return prepare(plan_of(design, **more)).points


def column(points, path):
    return [dict(point.values)[path] for point in points]


def test_a_grid_has_every_combination_in_order():
    points = points_of(
        {"grid": {"parameters": {COMMISSION: [0.05, 0.03], PLACES: {"low": 20, "high": 40, "steps": 3}}}}
    )
    assert [point.number for point in points] == list(range(6))
    assert [tuple(dict(point.values).values()) for point in points] == [
        (0.05, 20), (0.05, 30), (0.05, 40), (0.03, 20), (0.03, 30), (0.03, 40),
    ]  # fmt: skip
    assert all(isinstance(value, int) for value in column(points, PLACES))


def test_switches_words_and_parts_can_be_varied():
    points = points_of({"grid": {"parameters": {"mechanisms.control_loss": [True, False]}}})
    assert column(points, "mechanisms.control_loss") == [True, False]


def test_a_latin_hypercube_tries_every_slice_once():
    points = points_of({"latin_hypercube": {"points": 20, "parameters": BOTH}})
    slices = (np.array(column(points, COMMISSION)) - 0.02) / 0.04 * 20
    assert sorted(slices.astype(int).tolist()) == list(range(20))


def test_a_sobol_sequence_fills_every_quarter_evenly():
    points = points_of({"sobol": {"points": 64, "parameters": BOTH}})
    ready = prepare(plan_of({"sobol": {"points": 64, "parameters": BOTH}}))
    low, high = ready.dimensions[1].low, ready.dimensions[1].high
    first = (np.array(column(points, COMMISSION)) - 0.02) / 0.04 >= 0.5
    second = (np.array(column(points, FAILED_ATTEMPTS)) - low) / (high - low) >= 0.5
    assert np.bincount(2 * first + second).tolist() == [16, 16, 16, 16]


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_designs_depend_on_the_seed_and_on_nothing_else(method):
    design = {method: {"points": 8, "parameters": BOTH}}
    assert points_of(design) == points_of(design, replications=9)
    assert hash_of(points_of(design)) != hash_of(points_of(design, seed=2))


def test_own_is_the_range_that_the_value_carries():
    ready = prepare(plan_of({"latin_hypercube": {"points": 4, "parameters": {COMMISSION: "own"}}}))
    low, high = ready.scenario.entry(COMMISSION).range
    assert (ready.dimensions[0].low, ready.dimensions[0].high) == (low, high)
    assert all(low <= value <= high for value in column(ready.points, COMMISSION))


@pytest.mark.parametrize(
    "dimension",
    [
        Dimension("x", low=2.0, high=8.0),
        Dimension("x", low=0.01, high=100.0, log=True),
        Dimension("x", low=1.0, high=9.0, whole=True),
    ],
)
def test_share_is_the_way_back(dimension):
    assert (dimension.at(0.0), dimension.at(1.0)) == (dimension.low, dimension.high)
    for share in (0.0, 0.25, 0.5, 1.0):
        assert dimension.share(dimension.at(share)) == pytest.approx(share, abs=1e-12)


def test_a_table_gives_the_points_and_leaves_empty_cells_alone(tmp_path):
    (tmp_path / "points.csv").write_text(
        f"{COMMISSION};{PLACES};mechanisms.control_loss\n0.03;20;true\n\n0.05;;false\n", encoding="utf-8-sig"
    )
    points = _read(tmp_path, "points.csv")
    assert [dict(point.values) for point in points] == [
        {COMMISSION: 0.03, PLACES: 20, "mechanisms.control_loss": True},
        {COMMISSION: 0.05, "mechanisms.control_loss": False},
    ]


def _read(folder, name):
    (folder / "plan.yaml").write_text(f"scenario: door_only\ndesign: {{table: {name}}}\n")
    return prepare(read_plan(folder / "plan.yaml")).points


def test_an_excel_table_gives_the_same_points(tmp_path):
    (tmp_path / "points.csv").write_text(f"{COMMISSION},{PLACES}\n0.03,20\n0.05,\n")
    book = openpyxl.Workbook()
    for row in ([COMMISSION, PLACES], [0.03, 20], [0.05, None]):
        book.active.append(row)
    book.save(tmp_path / "points.xlsx")
    assert _read(tmp_path, "points.xlsx") == _read(tmp_path, "points.csv")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "holds no points"),
        (f"{COMMISSION}\n", "holds no points"),
        (f"{COMMISSION},{COMMISSION}\n1,2\n", "twice"),
        (f"{COMMISSION},,x\n1,2,3\n", "column 2 has no name"),
        (f"{COMMISSION}\n0.03,0.04\n", "row 2 has more cells"),
        (f"{COMMISSION}\n0.03\n1.4\n", rf"points.csv:3: {COMMISSION}: should be .*1\.4"),
        (f"{COMMISSION}\n\n0.03\n\n1.4\n", rf"points.csv:5: {COMMISSION}: should be .*1\.4"),
        (
            "channels.tmall.comission\n0.03\n0.04\n",
            r"\A\S*points.csv:1: channels.tmall.comission: .*did you mean 'commission'\?\Z",
        ),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(tmp_path, content, expected):
    (tmp_path / "points.csv").write_text(content)
    with pytest.raises(ScenarioError, match=expected):
        _read(tmp_path, "points.csv")


def test_a_cell_of_an_excel_table_is_named_by_its_row(tmp_path):
    book = openpyxl.Workbook()
    for row in ([COMMISSION], [0.03], [1.4]):
        book.active.append(row)
    book.save(tmp_path / "points.xlsx")
    with pytest.raises(ScenarioError, match=rf"points.xlsx:3: {COMMISSION}: should be .*1\.4"):
        _read(tmp_path, "points.xlsx")


def test_a_row_within_the_plan_is_named_by_its_place(tmp_path):
    rows = f"[{{{COMMISSION}: 0.03}}, {{channels.tmal.commission: 1, {COMMISSION}: 1.4}}]"
    (tmp_path / "plan.yaml").write_text(f"scenario: door_only\ndesign:\n  table:\n    rows: {rows}\n")
    with pytest.raises(ScenarioError) as caught:
        prepare(read_plan(tmp_path / "plan.yaml"))
    unknown, bounds = str(caught.value).splitlines()
    assert "plan.yaml:4:48: design.table.rows.1.channels.tmal.commission: unknown name 'tmal'" in unknown
    assert f"plan.yaml:4:104: design.table.rows.1.{COMMISSION}: should be" in bounds


def test_a_file_that_is_no_excel_file_is_refused(tmp_path):
    (tmp_path / "points.xlsx").write_text("not a workbook")
    with pytest.raises(ScenarioError, match="is not an Excel file"):
        _read(tmp_path, "points.xlsx")


def test_a_grid_that_nobody_could_simulate_is_refused():
    axis = {"low": 0.01, "high": 0.05, "steps": 2000}
    with pytest.raises(ScenarioError, match="4,000,000 points"):
        points_of({"grid": {"parameters": {COMMISSION: axis, FAILED_ATTEMPTS: axis}}})
