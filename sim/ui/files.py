"""Scenarios as files: YAML and Excel, out and in.

An upload is data: nothing in it is run, and no file that it names is opened but shipped scenarios.
"""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from sim.ui.case import MOST_TEXT, Case, InputError, Value
from sim.ui.inputs import Inputs

if TYPE_CHECKING:
    from sim.scenario import Scenario

MOST_BYTES = 1_000_000
_MOST_UNPACKED = 20_000_000
_MOST_ROWS = 5_000
_HEADINGS = ("path", "value", "unit", "lowest", "highest", "meaning")
_BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_EPOCH = datetime.datetime(2014, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
"""When every workbook was made, so that the same scenario gives the same bytes."""
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Upload:
    """A file that was handed in: its name and its bytes."""

    name: str
    content: bytes


def read_upload(upload: Upload, now: Inputs) -> Inputs:
    """Return the inputs that start from an uploaded file; the view stays.

    Raises
    ------
    InputError
        If it is too large, of another kind, or no scenario; the message says what is allowed.
    sim.scenario.ScenarioError
        If its values make no scenario, with file, line and path of each problem.
    """
    if len(upload.content) > MOST_BYTES:
        raise InputError(f"a file may have {MOST_BYTES:,} bytes (found {len(upload.content):,})")
    kind = PurePosixPath(upload.name.replace("\\", "/")).suffix.lower()
    if kind in (".yaml", ".yml"):
        return _from_yaml(upload, now)
    if kind == ".xlsx":
        return _from_excel(upload, now)
    raise InputError(f"a scenario is a .yaml or .xlsx file (found '{upload.name[-40:]}')")


def _from_yaml(upload: Upload, now: Inputs) -> Inputs:
    try:
        text = upload.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("the file is no text in UTF-8") from error
    if len(text) > MOST_TEXT:
        raise InputError(f"a scenario may have {MOST_TEXT:,} characters (found {len(text):,})")
    found = now.based_on(plain_name(upload.name), text)
    found.scenario()
    return found


def plain_name(name: str) -> str:
    """Return a name for an upload: letters, digits, _ and - of its file name, never a shipped scenario's."""
    from sim.scenario.shipped import names

    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", PurePosixPath(name.replace("\\", "/")).stem).strip("_-")[:32]
    found = stem or "uploaded"
    return f"{found}_own" if found in names() else found


def to_yaml(inputs: Inputs) -> str:
    """Return the scenario as YAML: as it was uploaded, or every value resolved, with its evidence."""
    if inputs.case.text and not inputs.case.changes:
        return inputs.case.text
    return inputs.scenario().to_yaml()


# --- Excel ----------------------------------------------------------------------------------------


def to_excel(inputs: Inputs) -> bytes:
    """Return the scenario as a workbook: every number, switch and word, one row each, with unit and bounds.

    Raises
    ------
    InputError
        If the package that writes workbooks is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise InputError("workbooks need the extra 'excel': pip install 'channelsim[excel]'") from error
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _BOOK) as book:
        book.set_properties({"created": _EPOCH})
        sheet = book.add_worksheet("scenario")
        bold = book.add_format({"bold": True})
        changed = book.add_format({"bold": True, "bg_color": "#FFF2CC"})
        sheet.write_row(0, 0, ("extends", inputs.base if not inputs.case.text else "base"), bold)
        sheet.write_row(1, 0, _HEADINGS, bold)
        for number, row in enumerate(_rows(inputs.scenario()), start=2):
            look = changed if row[0] in inputs.changes else None
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, column, cell, look)
        sheet.set_column(0, 0, 62)
        sheet.set_column(5, 5, 90)
        sheet.freeze_panes(2, 1)
    return out.getvalue()


def _rows(scenario: Scenario) -> list[tuple[Any, ...]]:
    found = []
    for entry in scenario.entries():
        if entry.role == "label" or isinstance(entry.value, list):
            continue
        low, high = entry.bounds
        found.append((entry.path, entry.value, entry.unit, low, high, entry.description))
    return found


def _from_excel(upload: Upload, now: Inputs) -> Inputs:
    rows = _read_workbook(upload.content)
    if len(rows) < 2 or str(rows[0][0]).strip() != "extends" or str(rows[1][0]).strip() != "path":
        raise InputError(
            "the first sheet should begin with 'extends' and a scenario, then headings: path, value"
        )
    base = Case(str(rows[0][1]).strip())
    own = base.scenario()
    known = {entry.path: entry.value for entry in own.entries()}
    changes: dict[str, Value] = {}
    for row in rows[2:]:
        path, value = str(row[0] or "").strip(), row[1]
        if not path or (path in known and _same(known[path], value)):
            continue
        changes[path] = _plain(value)
    found = now.based_on(base.base).changed(changes)
    found.scenario()
    return found


def _same(known: Any, value: Any) -> bool:
    if isinstance(known, bool) or isinstance(value, bool):
        return known is value
    if isinstance(known, int | float) and isinstance(value, int | float):
        return math.isclose(known, value, rel_tol=1e-12, abs_tol=0.0)
    return bool(known == value)


def _plain(value: Any) -> Value:
    """Return a cell as a value; a whole number that a workbook keeps as 40.0 is 40 again."""
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return int(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _read_workbook(content: bytes) -> list[tuple[Any, ...]]:
    try:
        import openpyxl
    except ImportError as error:
        raise InputError("workbooks need the extra 'excel': pip install 'channelsim[excel]'") from error
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(one.file_size for one in archive.infolist())
        if size > _MOST_UNPACKED:
            raise InputError(f"the workbook unpacks to {size:,} bytes; {_MOST_UNPACKED:,} are allowed")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=_MOST_ROWS, max_col=2, values_only=True)
        return [tuple(row) + (None,) * (2 - len(row)) for row in rows]
    except InputError:
        raise
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise InputError("the file is no Excel workbook") from error
