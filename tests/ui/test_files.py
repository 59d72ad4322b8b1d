"""Scenarios out and in: the same values again, and nothing but values."""

from __future__ import annotations

import io
import zipfile

import pytest

from sim.scenario import ScenarioError
from sim.ui.case import InputError
from sim.ui.files import MOST_BYTES, Upload, plain_name, read_upload, to_excel, to_yaml
from sim.ui.inputs import Inputs

POINTS = "pickup.community.points"
CHANGED = Inputs().changed({POINTS: 60, "channels.tmall.price_index": 0.95, "mechanisms.supervision": False})


def test_yaml_comes_back_with_the_same_hash():
    text = to_yaml(CHANGED)
    found = read_upload(Upload("mine.yaml", text.encode()), CHANGED.showing(path="replicate"))
    assert found.scenario().hash == CHANGED.scenario().hash
    assert found.base == "mine"
    assert found.view("path") == "replicate", "the view stays"
    assert to_yaml(found) == text


def test_a_workbook_comes_back_as_the_same_changes():
    found = read_upload(Upload("mine.xlsx", to_excel(CHANGED)), Inputs())
    assert found == CHANGED
    assert to_excel(CHANGED) == to_excel(CHANGED), "the same bytes every time"


def test_a_workbook_that_was_edited_by_hand_changes_what_was_edited():
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(to_excel(Inputs())))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=3):
        if row[0].value == POINTS:
            row[1].value = 75
    out = io.BytesIO()
    book.save(out)
    assert read_upload(Upload("mine.xlsx", out.getvalue()), Inputs()).changes == {POINTS: 75}


def bomb() -> bytes:
    """A small workbook that unpacks to 30 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    return out.getvalue()


def strange_workbook(cell: str) -> bytes:
    """A workbook that starts from something else than a scenario."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["extends", cell])
    book.active.append(["path", "value"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mine.yaml", b"x" * (MOST_BYTES + 1), "bytes"),
        ("mine.exe", b"MZ", ".yaml or .xlsx"),
        ("mine.yaml", b"\xff\xfe", "UTF-8"),
        ("mine.xlsx", b"no workbook", "no Excel workbook"),
        ("mine.xlsx", bomb(), "unpacks to"),
        ("mine.xlsx", strange_workbook("../../etc/passwd"), "no name of a scenario"),
        ("mine.xlsx", strange_workbook("nowhere"), "no shipped scenario"),
    ],
)
def test_what_is_no_scenario_is_refused_in_one_line(name, content, said):
    with pytest.raises(InputError) as caught:
        read_upload(Upload(name, content), Inputs())
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "schema_version: 1\nextends: ../../../etc/passwd\n",
        "schema_version: 1\nextends: base.yaml\nmarket: {places: -3}\n",
        "schema_version: 1\nextends: base.yaml\nchannels: {tmall: {commission: 1.2}}\n",
        "!!python/object/apply:os.system ['true']\n",
    ],
)
def test_values_that_make_no_scenario_are_refused_with_their_place(text):
    with pytest.raises(ScenarioError) as caught:
        read_upload(Upload("mine.yaml", text.encode()), Inputs())
    assert "mine.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd.yaml", "passwd"),
        ("C:\\Users\\me\\my brand.yaml", "my_brand"),
        ("base.yaml", "base_own"),
        ("灯.yaml", "uploaded"),
        ("x" * 200 + ".yaml", "x" * 32),
    ],
)
def test_names_of_uploads_are_plain(name, plain):
    assert plain_name(name) == plain
