"""Workbooks as cells: two sheets out, and in again from whatever claims to be a workbook.

The first sheet has one row per value and is there to be read and edited. The second holds, as one text, what
the workbook was made from, so that it is found again whatever the rows say.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sim.ui.case import InputError

FIRST, SECOND = "scenario", "origin"
HEADINGS = ("path", "value", "unit", "lowest", "highest", "meaning")
MOST_ROWS = 5_000
MOST_UNPACKED = 20_000_000
_BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_EPOCH = datetime.datetime(2014, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
"""When every workbook was made, so that the same scenario gives the same bytes."""
_MISSING = "workbooks need the extra 'excel': pip install 'channelsim[excel]'"
_MARK = ("channelsim origin", 1)
_NOTE = (f"what sheet '{FIRST}' was made from: edit that sheet, not this one",)
_LONGEST_CELL = 30_000
"""Characters of the text that one cell takes; a cell of Excel has at most 32,767."""
_EDGE = "|"
"""Stands at both ends of such a cell: no program trims it there, or takes it for a number or a formula."""
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # what parsers of XML call a damaged sheet
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,  # a password, a way of packing that is not known, XML too deep
    TypeError,
    ValueError,
)
"""What the reader of workbooks raises on files that are none, or damaged ones."""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Sheet:
    """The first two columns of a sheet, as far as it has rows, and what to call it in a message."""

    called: str
    rows: list[Row]

    def cell(self, column: str, row: int) -> str:
        """Return how a message names a cell; rows count from 0 here and from 1 there."""
        return f"{self.called}, cell {column}{row + 1}"


# --- out ------------------------------------------------------------------------------------------


def write(base: str, rows: Sequence[Row], marked: Collection[str], origin: str) -> bytes:
    """Return a workbook.

    Parameters
    ----------
    base
        Name of the scenario, which stands at the top.
    rows
        Cells under :data:`HEADINGS`.
    marked
        Paths of the rows that stand out.
    origin
        What the second sheet holds: a text of printable ASCII.

    Raises
    ------
    InputError
        If the package that writes workbooks is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise InputError(_MISSING) from error
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _BOOK) as book:
        book.set_properties({"created": _EPOCH})
        sheet = book.add_worksheet(FIRST)
        bold = book.add_format({"bold": True})
        changed = book.add_format({"bold": True, "bg_color": "#FFF2CC"})
        sheet.write_row(0, 0, ("extends", base), bold)
        sheet.write_row(1, 0, HEADINGS, bold)
        for number, row in enumerate(rows, start=2):
            look = changed if row[0] in marked else None
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, column, cell, look)
        sheet.set_column(0, 0, 62)
        sheet.set_column(5, 5, 90)
        sheet.freeze_panes(2, 1)
        second = book.add_worksheet(SECOND)
        for number, row in enumerate((_MARK, _NOTE, *_cells(origin))):
            second.write_row(number, 0, row)
    return out.getvalue()


def _cells(text: str) -> list[tuple[str]]:
    starts = range(0, len(text), _LONGEST_CELL)
    return [(f"{_EDGE}{text[start : start + _LONGEST_CELL]}{_EDGE}",) for start in starts]


# --- in -------------------------------------------------------------------------------------------


def read(name: str, content: bytes) -> tuple[Sheet, str | None, str]:
    """Return the sheet with the values, the text of the second sheet if there is one, and what to call that.

    Parameters
    ----------
    name
        What to call the file in a message.
    content
        Its bytes.

    Raises
    ------
    InputError
        If it is no workbook, too large, or its second sheet is not as :func:`write` wrote it.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise InputError(_MISSING) from error
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(one.file_size for one in archive.infolist())
        if size > MOST_UNPACKED:
            raise InputError(f"the workbook unpacks to {size:,} bytes; {MOST_UNPACKED:,} are allowed")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        values = next(sheet for sheet in book.worksheets if sheet.title != SECOND)
        first = _sheet(name, values)
        _check_formulas(first, content, values.title)
        second = _sheet(name, book[SECOND]) if SECOND in book.sheetnames else None
    except InputError:
        raise
    except (*_DAMAGED, StopIteration) as error:
        raise InputError("the file is no Excel workbook") from error
    return first, None if second is None else _text(second), f"{name}, sheet '{SECOND}'"


def _sheet(name: str, sheet: Any) -> Sheet:
    title = re.sub(r"[^\w .-]", "_", str(sheet.title))[:31]
    found = Sheet(f"{name}, sheet '{title}'", [])
    for row in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=2, values_only=True):
        found.rows.append(tuple(row) + (None,) * (2 - len(row)))
    while found.rows and found.rows[-1] == (None, None):
        found.rows.pop()
    if len(found.rows) > MOST_ROWS:
        raise InputError(f"{found.called} has more than {MOST_ROWS:,} rows; {MOST_ROWS:,} are allowed")
    return found


def _check_formulas(sheet: Sheet, content: bytes, title: str) -> None:
    """Refuse a value that is a formula without a result: it looks as empty as a cell that means nothing."""
    import openpyxl

    empty = {number for number, (path, value) in enumerate(sheet.rows) if path is not None and value is None}
    if not empty:
        return
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    cells = book[title].iter_rows(max_row=len(sheet.rows), min_col=2, max_col=2)
    for number, row in enumerate(cells):
        if number in empty and row and row[0].data_type == "f":
            raise InputError(
                f"{sheet.cell('B', number)}: holds a formula that was never calculated; open the file in a"
                " spreadsheet program, save it there, and hand it in again"
            )


def _text(sheet: Sheet) -> str:
    """Return the text that the cells of the second sheet hold together."""
    if not sheet.rows or sheet.rows[0] != _MARK:
        found = " ".join(str(cell) for cell in sheet.rows[0] if cell is not None) if sheet.rows else ""
        raise InputError(
            f"{sheet.cell('A', 0)}: should be '{_MARK[0]}' and {_MARK[1]}, as this version writes it (found"
            f" '{found[:60]}')"
        )
    pieces = []
    for number, (cell, _) in enumerate(sheet.rows[2:], start=2):
        if not isinstance(cell, str) or len(cell) < 2 or cell[0] != _EDGE or cell[-1] != _EDGE:
            raise InputError(
                f"{sheet.cell('A', number)}: should be as it was written, from {_EDGE} to {_EDGE} (found"
                f" {str(cell)[:60]!r})"
            )
        pieces.append(cell[1:-1])
    return "".join(pieces)
