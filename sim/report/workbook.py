"""Every table of a result as one Excel workbook: a sheet per table, and a first sheet that says what it is.

Numbers are those of ``--json``, to the sixteen digits that the format holds; mean, ends of the interval and
unit stand in columns of their own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError, RecordError
from sim.experiment.files import check_place, write_whole

if TYPE_CHECKING:
    import pandas as pd

ABOUT = "about"
ENDING = ".xlsx"
MOST_ROWS = 1_048_575
"""Rows of a sheet below its head."""
LONGEST_NAME = 31
LONGEST_CELL = 32_767
WIDEST = 60
KPI_KEYS = {"mean", "low", "high", "unit", "n"}
CREATED = datetime(2014, 1, 1)
"""Date in the file's properties: no moment of ours, so that equal results are equal files."""
Rows = list[dict[str, Any]]


# --- from a result to tables ------------------------------------------------------------------------


def result_tables(result: Mapping[str, Any]) -> dict[str, Rows]:
    """Return every table of a result, row by row.

    Parameters
    ----------
    result
        JSON object of any command.

    Returns
    -------
    dict of str to list of dict
        First ``result``, which has what is no table; then one table for each part of the result: a mapping of
        values has a row per name, a list of objects a row per object. A simulated value becomes the columns
        ``mean``, ``low``, ``high``, ``unit`` and ``n``; beside other columns these carry its name in front
        (but ``n``, which is the same for all), and the mean is called by it.

    Examples
    --------
    >>> kpi = {"mean": 2.0, "low": 1.0, "high": 3.0, "unit": "yuan", "n": 5}
    >>> tables = result_tables({"scenario": "base", "kpis": {"sales": kpi}, "spans": [[1, 2]]})
    >>> tables["result"]
    [{'name': 'scenario', 'value': 'base'}]
    >>> tables["kpis"]
    [{'name': 'sales', 'mean': 2.0, 'low': 1.0, 'high': 3.0, 'unit': 'yuan', 'n': 5}]
    >>> tables["spans"]
    [{'0': 1, '1': 2}]
    """
    plain: Rows = []
    tables: dict[str, Rows] = {}
    _collect("", result, plain, tables)
    return {"result": plain, **tables} if plain else tables


def _collect(place: str, part: Mapping[str, Any], plain: Rows, tables: dict[str, Rows]) -> None:
    for key, value in part.items():
        name = f"{place}.{key}" if place else str(key)
        if not _is_branch(value):
            plain.append({"name": name, "value": value})
        elif _is_kpi(value):
            plain.append({"name": name, "value": value["mean"], **_kpi(value)})
        elif isinstance(value, Sequence):
            _collect_list(name, value, tables)
        elif _is_table(value):
            tables[name] = [{"name": row, **_cells(cells)} for row, cells in value.items()]
        elif _is_nested_table(value):
            tables[name] = [
                {"part": outer, "name": row, **_cells(cells)}
                for outer, inner in value.items()
                for row, cells in inner.items()
            ]
        else:
            _collect(name, value, plain, tables)


def _collect_list(name: str, rows: Sequence[Any], tables: dict[str, Rows]) -> None:
    """Make a table of a list; what its rows hold tables of becomes tables of its own, told apart by row."""
    if not rows:
        return
    own: Rows = []
    for place, row in enumerate(rows):
        if isinstance(row, Mapping) and not _is_kpi(row):
            label = next(
                (row[key] for key in ("source", "path", "name", "id", "volume") if key in row), place
            )
            flat: dict[str, Any] = {}
            for key, value in row.items():
                inner = _rows_of(value)
                if inner is None:
                    flat |= _cells(value, str(key))
                elif inner:
                    tables.setdefault(f"{name}.{key}", []).extend({"of": label, **cells} for cells in inner)
            own.append(flat)
        elif isinstance(row, Sequence) and not isinstance(row, str):
            own.append({str(column): value for column, value in enumerate(row)})
        else:
            own.append(_cells(row))
    tables[name] = own


def _rows_of(value: Any) -> Rows | None:
    """Return the rows of a table inside a row; None for what fits into cells."""
    if isinstance(value, Mapping) and not _is_kpi(value) and value and _is_table(value):
        return [{"name": row, **_cells(cells)} for row, cells in value.items()]
    if isinstance(value, list):
        return [_cells(one) if not isinstance(one, Mapping) else _flat(one) for one in value]
    return None


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in row.items():
        found |= _cells(value, str(key))
    return found


def _cells(value: Any, name: str = "") -> dict[str, Any]:
    """Return the cells of one value; with a name they carry it in front, and the mean is called by it."""
    if _is_kpi(value):
        if not name:
            return dict(value)
        return {
            name: value["mean"],
            **{f"{name} {key}": value[key] for key in ("low", "high", "unit")},
            "n": value["n"],
        }
    if isinstance(value, Mapping):
        found: dict[str, Any] = {}
        for key, inner in value.items():
            found |= _cells(inner, f"{name} {key}" if name else str(key))
        return found
    if isinstance(value, list):
        value = ", ".join(str(one) for one in value)
    return {name or "value": value}


def _kpi(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value[key] for key in ("low", "high", "unit", "n")}


def _is_kpi(value: Any) -> bool:
    return isinstance(value, Mapping) and value.keys() == KPI_KEYS


def _is_branch(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str))


def _is_table(value: Mapping[str, Any]) -> bool:
    """Say whether every part of a mapping is a simulated value, or a small object of plain values."""
    parts = list(value.values())
    return bool(parts) and all(
        _is_kpi(one) or (isinstance(one, Mapping) and one and not any(_is_branch(x) for x in one.values()))
        for one in parts
    )


def _is_nested_table(value: Mapping[str, Any]) -> bool:
    parts = list(value.values())
    return bool(parts) and all(
        isinstance(one, Mapping) and all(x is None or _is_kpi(x) for x in one.values()) for one in parts
    )


# --- from tables to a workbook ----------------------------------------------------------------------


def check_workbook(path: Path | str) -> None:
    """Refuse a workbook that could not be written, before anything is simulated.

    Raises
    ------
    ExperimentError
        If the name does not end in ``.xlsx``.
    RecordError
        If its folder does not exist or the extra ``excel`` is not installed.
    """
    place = Path(path)
    if place.suffix.lower() != ENDING:
        raise ExperimentError(f"an Excel workbook ends in {ENDING} (found '{place.name}')")
    check_place(place)
    _xlsxwriter()


def write_workbook(
    path: Path | str, tables: Mapping[str, Rows | pd.DataFrame], about: Mapping[str, Any]
) -> None:
    """Write tables as an Excel workbook that is whole or not there.

    Equal tables give equal bytes.

    Parameters
    ----------
    path
        File, ending in ``.xlsx``.
    tables
        Rows by the name of their sheet; long names are cut so that they stay apart.
    about
        What the first sheet says: version, scenario, command.

    Raises
    ------
    ExperimentError
        If a table has more rows than a sheet can hold, or the file's name has another ending.
    RecordError
        If the file cannot be written, or the extra ``excel`` is not installed.
    """
    check_workbook(path)
    frames = {name: _rows(table) for name, table in tables.items()}
    for name, rows in frames.items():
        if len(rows) > MOST_ROWS:
            raise ExperimentError(
                f"table '{name}' has {len(rows):,} rows, an Excel sheet holds {MOST_ROWS:,}; "
                "read the Parquet files instead"
            )
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with _xlsxwriter().Workbook(buffer, options) as book:
        book.set_properties({"created": CREATED, "title": str(about.get("command", "channelsim"))})
        sheets = dict(zip(frames, sheet_names(list(frames)), strict=True))
        listing = [{"": key, "value": value} for key, value in about.items()]
        listing += [
            {"": f"sheet {sheets[name]}", "value": f"{name}, {len(rows):,} rows"}
            for name, rows in frames.items()
        ]
        _write_sheet(book, ABOUT, listing)
        for name, rows in frames.items():
            _write_sheet(book, sheets[name], rows)
    try:
        write_whole(Path(path), buffer.getvalue())
    except OSError as error:
        raise RecordError(f"cannot write {path}: {error.strerror or error}") from error


def sheet_names(names: Sequence[str]) -> list[str]:
    r"""Return names that Excel takes: at most 31 characters, no ``[]:*?/\``, told apart in any case.

    Examples
    --------
    >>> sheet_names(["kpis", "KPIs", "a/b", "sources.incremental contribution by account"])
    ['kpis', 'KPIs 2', 'a b', 'incremental contribution by acc']
    """
    found: list[str] = []
    taken = {ABOUT, "history"}  # Excel keeps the second for itself
    for name in names:
        clean = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ") or "table"
        if len(clean) > LONGEST_NAME:
            clean = clean.rpartition(".")[2] or clean
        number, short = 1, clean[:LONGEST_NAME].strip("' ")
        while short.lower() in taken:
            number += 1
            ending = f" {number}"
            short = clean[: LONGEST_NAME - len(ending)].strip("' ") + ending
        taken.add(short.lower())
        found.append(short)
    return found


def _rows(table: Rows | pd.DataFrame) -> Rows:
    return table if isinstance(table, list) else table.to_dict("records")


def _write_sheet(book: Any, name: str, rows: Rows) -> None:
    """Write one table: a head that stays in sight, numbers as numbers, columns as wide as they need."""
    sheet = book.add_worksheet(name)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    head, thousands = (
        book.add_format({"bold": True, "bottom": 1}),
        book.add_format({"num_format": "#,##0.00"}),
    )
    widths = [len(column) for column in columns]
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, head)
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            widths[place] = max(widths[place], _write_cell(sheet, line, place, row.get(column), thousands))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(width + 2, WIDEST))
    sheet.freeze_panes(1, 0)
    if rows and columns:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _write_cell(sheet: Any, line: int, place: int, value: Any, thousands: Any) -> int:
    """Write one cell and return how many characters it shows; what is nothing stays empty."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value != value:  # noqa: PLR0124 - not a number
        return 0
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
        return 5
    if isinstance(value, int | float):
        large = isinstance(value, float) and abs(value) >= 1000.0
        sheet.write_number(line, place, value, *([thousands] if large else []))
        return len(f"{value:,.2f}") if large else min(len(f"{value:g}") + 2, 14)
    words = str(value)[:LONGEST_CELL]
    sheet.write_string(line, place, words)
    return len(words)


def _xlsxwriter() -> Any:
    try:
        import xlsxwriter
    except ModuleNotFoundError:
        raise RecordError(
            "Excel workbooks need one package more: pip install 'channelsim[excel]'; or use --json"
        ) from None
    return xlsxwriter
