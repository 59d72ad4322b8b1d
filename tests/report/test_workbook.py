"""Workbooks: the digits of the JSON document, a sheet per table, and no words taken for a formula."""

from __future__ import annotations

import sys

import openpyxl
import pandas as pd
import pytest

from sim.experiment.errors import ExperimentError, RecordError
from sim.report.workbook import MOST_ROWS, check_workbook, result_tables, sheet_names, write_workbook

ABOUT = {"program": "channelsim", "command": "=1+1"}


def kpi(mean, unit="yuan"):
    return {"mean": mean, "low": mean - 0.1, "high": mean + 0.1, "unit": unit, "n": 5}


RESULT = {
    "scenario": "base",
    "headline": "=HYPERLINK(1)",
    "ok": True,
    "elasticity": kpi(-1 / 3, ""),
    "kpis": {"orders": kpi(1e6 / 7, "orders"), "sales": kpi(12345.678901234567)},
    "accounts_by_channel": {"tmall": {"goods": kpi(1.0)}, "": {"goods": kpi(2.0), "rent": None}},
    "steps": [
        {"volume": 0.5, "orders": kpi(10.0), "marginal": None, "by_bucket": {"goods": kpi(3.0)}},
        {"volume": 1.0, "orders": kpi(20.0), "marginal": kpi(4.0), "by_bucket": {"goods": kpi(5.0)}},
    ],
    "pairing": {"orders": {"correlation": 0.5, "variance_ratio": None}},
    "deep": {"plan": {"swing": 0.5, "names": ["a", "b"]}},
    "notes": ["one", "two"],
    "empty": [],
}


def read(path):
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.fixture
def sheets(tmp_path):
    write_workbook(tmp_path / "a.xlsx", result_tables(RESULT), ABOUT)
    return read(tmp_path / "a.xlsx")


def test_every_table_has_a_sheet_and_the_first_says_what_it_is(sheets):
    assert list(sheets) == [
        "about", "result", "kpis", "accounts_by_channel", "steps.by_bucket", "steps", "pairing",
        "deep.plan.names", "notes",
    ]  # fmt: skip
    about = dict(sheets["about"][1:])
    assert about["program"] == "channelsim"
    assert about["sheet kpis"] == "kpis, 2 rows"


def test_numbers_keep_the_sixteen_digits_that_the_format_holds(sheets):
    assert sheets["kpis"][0] == ("name", "mean", "low", "high", "unit", "n")
    for row, expected in zip(sheets["kpis"][1:], RESULT["kpis"].values(), strict=True):
        assert row[1:4] == pytest.approx([expected[key] for key in ("mean", "low", "high")], rel=1e-15)
        assert row[4:] == (expected["unit"], 5)
    assert sheets["result"][4][:2] == ("elasticity", pytest.approx(-1 / 3, rel=1e-15))


def test_tables_within_tables_have_keys_to_join_them(sheets):
    assert sheets["accounts_by_channel"][0][:3] == ("part", "name", "mean")
    assert sheets["accounts_by_channel"][1][:3] == ("tmall", "goods", 1.0)
    assert sheets["steps"][0][:6] == ("volume", "orders", "orders low", "orders high", "orders unit", "n")
    marginal = sheets["steps"][0].index("marginal")
    assert [row[marginal] for row in sheets["steps"][1:]] == [None, 4.0]
    assert [row[:3] for row in sheets["steps.by_bucket"][1:]] == [(0.5, "goods", 3.0), (1.0, "goods", 5.0)]
    assert sheets["pairing"][1] == ("orders", 0.5, None)
    assert [row[0] for row in sheets["notes"][1:]] == ["one", "two"]


def test_words_that_look_like_formulas_stay_words(tmp_path, sheets):
    assert sheets["result"][2][:2] == ("headline", "=HYPERLINK(1)")
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["result"]["B3"]
    assert cell.data_type == "s"


def test_equal_results_are_equal_files(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, result_tables(RESULT), ABOUT)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]


def test_frames_are_written_too_and_holes_stay_empty(tmp_path):
    frame = pd.DataFrame(
        {"point": pd.array([0, None], dtype="Int64"), "x": [float("nan"), 0.25], "on": [True, False]}
    )
    write_workbook(tmp_path / "a.xlsx", {"design": frame}, ABOUT)
    assert read(tmp_path / "a.xlsx")["design"] == [("point", "x", "on"), (0, None, True), (None, 0.25, False)]


def test_names_of_sheets_are_those_that_excel_takes():
    long = [f"sources.a_table_with_quite_a_long_name_{number}" for number in (1, 2)]
    found = sheet_names(["about", "History", "kpis", "KPIS", "a/b:c*?", "", *long])
    assert len({name.lower() for name in found}) == len(found) == 8
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in found)
    assert not {"about", "history"} & {name.lower() for name in found}


def test_what_cannot_be_written_is_refused_before_anything_runs(tmp_path, monkeypatch):
    with pytest.raises(ExperimentError, match=r"ends in .xlsx \(found 'a.csv'\)"):
        check_workbook(tmp_path / "a.csv")
    with pytest.raises(RecordError, match="there is no folder"):
        check_workbook(tmp_path / "nowhere" / "a.xlsx")
    with pytest.raises(ExperimentError, match="an Excel sheet holds 1,048,575"):
        write_workbook(tmp_path / "a.xlsx", {"orders": [{"a": 1}] * (MOST_ROWS + 1)}, ABOUT)
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(RecordError, match=r"pip install 'channelsim\[excel\]'"):
        check_workbook(tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []
