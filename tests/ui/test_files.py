"""Scenarios out and in: the same values again, and nothing but values."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from sim.scenario import ScenarioError
from sim.scenario.shipped import names
from sim.ui.case import Case, InputError
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


def edited(content: bytes, values: dict[str, object], sheet: str = "scenario") -> bytes:
    """A workbook with other cells: by path, or by coordinate such as B1; a path it lacks is added below."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = {row[0].value: row[0].row for row in book[sheet].iter_rows(min_row=3)}
    for name, value in values.items():
        if re.fullmatch("[A-Z][0-9]+", name):
            book[sheet][name] = value
        elif name in rows:
            book[sheet].cell(rows[name], 2).value = value
        else:
            book[sheet].append([name, value])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("path", [POINTS, "market.rebate.cap_share"])
def test_a_formula_that_was_never_calculated_is_called_that_even_where_nothing_stood(path):
    with pytest.raises(InputError, match=r"cell B\d+: holds a formula that was never calculated"):
        read_upload(Upload("mine.xlsx", edited(to_excel(CHANGED), {path: "=20*3"})), Inputs())


def without_origin(content: bytes) -> bytes:
    """A workbook as it was made before there was a second sheet."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    del book["origin"]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def uploaded(text: str) -> Inputs:
    return read_upload(Upload("own.yaml", text.encode()), Inputs())


def extending(name: str) -> Inputs:
    """An upload that extends a shipped scenario."""
    return uploaded(f"schema_version: 1\ntitle: own\nextends: {name}\nhorizon: {{days: 120}}\n")


def back(inputs: Inputs, content: bytes = b"") -> Inputs:
    return read_upload(Upload("mine.xlsx", content or to_excel(inputs)), Inputs())


def test_a_workbook_that_was_edited_by_hand_changes_what_was_edited():
    content = edited(to_excel(Inputs()), {POINTS: 75})
    assert read_upload(Upload("mine.xlsx", content), Inputs()).changes == {POINTS: 75}


@pytest.mark.parametrize("name", names())
def test_every_scenario_taken_to_a_workbook_and_back_is_the_same_scenario(name):
    values = {"market.places": 37, "market.month_profile.0": 3.0, "mechanisms.supervision": False}
    for inputs in (Inputs(Case(name)), Inputs(Case(name)).changed(values), extending(name)):
        found = back(inputs)
        assert found.scenario().hash == inputs.scenario().hash
        assert found == inputs, "the same origin and the same changes"


def test_a_part_that_was_taken_out_stays_out():
    for start in (Inputs(), extending("community_pickup")):
        gone = start.changed({"market.sources.posters": None, "pickup.community.supervision": None})
        assert back(gone) == gone
        found = back(gone, edited(to_excel(gone), {POINTS: 75}))
        assert found == gone.changed({POINTS: 75})
        assert found.scenario().value("market.sources.posters") is None


@pytest.mark.parametrize("name", ["community_pickup", "tmall_only", "null_flat"])
def test_cells_changed_in_the_workbook_of_an_upload_are_changes_of_that_upload(name):
    start = extending(name)
    found = back(start, edited(to_excel(start.changed({"market.places": 37})), {"horizon.days": 90}))
    assert found == start.changed({"market.places": 37, "horizon.days": 90})
    assert back(start, edited(to_excel(found), {"market.places": start.scenario().market.places})) == (
        start.changed({"horizon.days": 90})
    ), "the origin's own value is no change"


def test_numbers_of_lists_have_rows_of_their_own():
    inputs = Inputs().changed({"market.month_profile.0": 3.0, "fulfilment.truck_departure_hours.1": 20})
    assert back(inputs) == inputs
    found = back(inputs, edited(to_excel(inputs), {"market.month_profile.11": 2.5}))
    assert found.changes == {**inputs.changes, "market.month_profile.11": 2.5}
    assert found.scenario().market.month_profile[11] == 2.5


def test_what_an_upload_says_survives_the_workbook_whatever_it_is_made_of():
    text = "schema_version: 1\r\ntitle: '=1+1 灯 \U0001f4a1 _x0041_ |'\nextends: tmall_only\n"
    long = uploaded(text + "".join(f"#   {line} _x000D_ 灯\n" for line in range(9_000)))
    found = back(long)
    assert found == long
    assert len(found.case.text) > 150_000
    assert back(long, edited(to_excel(long), {"horizon.days": 90})) == long.changed({"horizon.days": 90})


def test_workbooks_without_the_second_sheet_are_read_as_before():
    assert back(CHANGED, without_origin(to_excel(CHANGED))) == CHANGED
    with pytest.raises(InputError, match="no shipped scenario 'own'"):
        back(CHANGED, without_origin(to_excel(extending("tmall_only"))))


def stated(**case: object) -> str:
    """What a cell of the second sheet holds about a case."""
    return f"|{json.dumps(case)}|"


@pytest.mark.parametrize(
    ("sheet", "cells", "said"),
    [
        ("scenario", {"horizon.days": 0}, r"cell B4: horizon.days: should be a whole number from 1 .*got 0"),
        ("scenario", {"horizon.days": None}, r"cell B4: horizon.days: should be .*got nothing"),
        ("scenario", {"horizon.days": "1,5"}, r"cell B4: .*found '1,5'"),
        ("scenario", {"horizon.days": "many"}, r"cell B4: .*got 'many'"),
        ("scenario", {"market.month_profile.0": -3}, r"cell B\d+: .*at least 0.*found -3"),
        ("scenario", {"market.month_profile.12": 1}, r"cell A\d+: .*last row is 11"),
        (
            "scenario",
            {"horizon.days": 90, "market.places": 4321},
            r"cell B\d+: market: potential_places \(400\) cannot be below places.*found 4321",
        ),
        ("scenario", {"market.nowhere": 1}, r"cell A\d+: market.nowhere: unknown"),
        ("scenario", {"channels.stores.count": 4}, r"cell A\d+: .*channels.stores is not part of .*found 4"),
        ("scenario", {"no path": 1}, r"cell A\d+: 'no path' is no path"),
        ("scenario", {"A6": "horizon.days"}, r"cell B6: horizon.days should be said once"),
        ("scenario", {"products.basket_online.law": "gamble"}, r"cell B\d+: .*law: should be one of"),
        ("scenario", {"B1": "base"}, r"cell B1: should be 'own'.*found 'base'"),
        ("origin", {"A1": "sheet"}, r"sheet 'origin', cell A1: should be 'channelsim origin'.*'sheet 1'"),
        ("origin", {"B1": 2}, r"sheet 'origin', cell A1: .*found 'channelsim origin 2'"),
        ("origin", {"A3": "|{}"}, r"sheet 'origin', cell A3: should be as it was written.*found '\|\{\}'"),
        ("origin", {"A3": "|{}|"}, r"sheet 'origin': .*base and text should be texts"),
        ("origin", {"A3": "|{|"}, r"sheet 'origin': should be as it was written"),
        ("origin", {"A3": f"|{'[' * 30_000}|"}, r"sheet 'origin': should be as it was written"),
        ("origin", {"A3": stated(base="../base")}, r"sheet 'origin': .*no name of a scenario"),
        ("origin", {"A3": stated(base="nowhere")}, r"sheet 'origin': there is no shipped scenario"),
        (
            "origin",
            {"A3": stated(base="own", text="schema_version: 1\nextends: ../../etc/passwd\n")},
            r"extends: '../../etc/passwd' leads out of the folder",
        ),
        (
            "origin",
            {"A3": stated(base="own", text="schema_version: 1\nextends: base\n", changes={"pickup": [1]})},
            r"sheet 'origin': pickup should be a number",
        ),
        (
            "origin",
            {
                "A3": stated(
                    base="own", text="schema_version: 1\nextends: base\n", changes={"horizon.days": 0}
                )
            },
            r"sheet 'origin': horizon.days: should be .*got 0",
        ),
    ],
)
def test_a_cell_that_cannot_be_taken_over_is_named(sheet, cells, said):
    with pytest.raises((InputError, ScenarioError)) as caught:
        back(Inputs(), edited(to_excel(extending("tmall_only")), cells, sheet))
    assert re.search(said, str(caught.value)), str(caught.value)
    assert "--set" not in str(caught.value)
    if "etc" not in said:
        assert str(caught.value).startswith(f"mine.xlsx, sheet '{sheet}'")


def with_member(content: bytes, member: str, change) -> bytes:
    """A workbook one of whose files is another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == member else old.read(one))
    return out.getvalue()


def refusal(content: bytes) -> str:
    """Why a workbook is refused; nothing if it is read all the same."""
    try:
        back(Inputs(), content)
    except InputError as error:
        return str(error)
    return ""


def test_a_damaged_workbook_is_refused_wherever_it_is_damaged():
    whole = to_excel(Inputs())
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = archive.namelist()
    damage = {
        "cut": lambda data: data[: len(data) // 2],
        "empty": lambda data: data[:0],
        "else": lambda data: data[:0] + b"<a/>",
        "odd": lambda data: data.replace(b'="', b'="x'),
        "endless": lambda data: data.replace(b"<v>", b"<v>1E+400"),
    }
    refused = {
        (member, kind): why
        for member in members
        for kind, change in damage.items()
        if (why := refusal(with_member(whole, member, change)))
    }
    assert "\n" not in "".join(refused.values())
    for member in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        assert (member, "cut") in refused
    for place in range(40, len(whole), len(whole) // 12):
        noisy = whole[:place] + bytes(255 - one for one in whole[place : place + 40]) + whole[place + 40 :]
        assert refusal(whole[:place])
        assert refusal(noisy) or back(Inputs(), noisy) == Inputs(), "what was hit is not read"


@pytest.mark.parametrize("number", ["1E+400", "-1E+400", "1" + "0" * 400])
def test_an_endless_number_is_refused_with_its_cell(number):
    whole = to_excel(Inputs().changed({"market.potential_places": 54321}))
    content = with_member(
        whole,
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"<v>54321</v>", f"<v>{number}</v>".encode()),
    )
    assert re.fullmatch(
        r"mine.xlsx, sheet 'scenario', cell B\d+: market.potential_places should be a finite number .{9,70}",
        refusal(content),
    )
    with pytest.raises(InputError, match="finite number"):
        Inputs().changed({"market.places": json.loads(number)})


def test_more_rows_than_are_read_are_refused_and_not_left_out():
    content = edited(to_excel(Inputs()), {f"B{5_001}": 1})
    with pytest.raises(InputError, match="more than 5,000 rows"):
        back(Inputs(), content)


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


@pytest.mark.parametrize("content", [b"", b" ", b"# nothing yet\n"])
def test_an_empty_file_is_called_empty(content):
    with pytest.raises(ScenarioError, match="is empty; a scenario has at least"):
        read_upload(Upload("mine.yaml", content), Inputs())
