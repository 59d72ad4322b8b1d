"""Plans from files: read, checked and refused with file, line, path and the way out."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from sim.experiment.sweep.plan import METHODS, Axis, Design, Plan, mark_of
from sim.scenario import reading
from sim.scenario.problems import Mark, Problem, ScenarioError, listed, nearest, quoted
from sim.scenario.reading import Node

EXCEL = (".xlsx", ".xlsm")


def read_plan(path: Path | str) -> Plan:
    """Read a plan.

    Parameters
    ----------
    path
        A YAML file; tables and scenarios that it names are looked for beside it.

    Returns
    -------
    Plan
        With the rows of its table, if it has one.

    Raises
    ------
    sim.scenario.problems.ScenarioError
        With every problem found: file, line, path, what was found and what is allowed.
    """
    path = Path(path)
    file = reading.shown(path)
    if not path.exists():
        raise ScenarioError([Problem(file, None, None, "", "there is no such plan; a plan is a YAML file")])
    return plan_of(reading.read_text(path), file, path.parent)


def plan_of(text: str, file: str = "plan", folder: Path | None = None) -> Plan:
    """Return the plan that a text describes; see :func:`read_plan`."""
    problems: list[Problem] = []
    root = reading.parse(text, file, problems)
    if root is None or not isinstance(root.value, dict):
        message = "should be a mapping with 'scenario' and 'design' at the top"
        raise ScenarioError([*problems, Problem(file, 1, 1, "", message)])
    try:
        plan = Plan.model_validate(root.plain())
    except ValidationError as error:
        raise ScenarioError([*problems, *_problems_of(error, root, file)]) from error
    if problems:
        raise ScenarioError(problems)
    plan = plan.placed(folder or Path(), file, root)
    return _with_rows(plan) if plan.design.table is not None else plan


# --- what a failed validation found ---------------------------------------------------------------


def _problems_of(error: ValidationError, root: Node, file: str) -> list[Problem]:
    found = []
    for detail in error.errors(include_url=False):
        keys = tuple(detail["loc"])
        unknown = detail["type"] == "extra_forbidden"
        mark = mark_of(root, keys, key=unknown)
        found.append(Problem.at(mark, ".".join(str(key) for key in keys), _message(detail, keys), file=file))
    return found


def _message(detail: Any, keys: tuple[Any, ...]) -> str:
    kind, given = detail["type"], detail.get("input")
    if kind == "extra_forbidden":
        known = _names_at(keys[:-1])
        hint = nearest(str(keys[-1]), known) or f"; allowed: {listed(known)}"
        return f"unknown key '{keys[-1]}'{hint}"
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    words = str(detail["msg"]).removeprefix("Input ").replace("Value ", "")
    if kind == "literal_error" and isinstance(given, str):
        expected = [
            word.strip("' ") for word in str(detail["ctx"]["expected"]).replace(" or ", ",").split(",")
        ]
        return f"{words} (got {quoted(given)}){nearest(given, expected)}"
    return f"{words} (got {quoted(given)})"


def _names_at(keys: tuple[Any, ...]) -> list[str]:
    """Return the keys that may stand at a place of a plan."""
    model: type[BaseModel] = Plan
    if keys[:1] == ("design",):
        model = METHODS.get(str(keys[1]), Design) if len(keys) > 1 else Design
        if "parameters" in keys[2:3]:
            model = Axis
    return [info.alias or name for name, info in model.model_fields.items()]


# --- tables ---------------------------------------------------------------------------------------


def _with_rows(plan: Plan) -> Plan:
    table = plan.design.table
    if table is None or table.file is None or table.rows is not None:
        return plan
    path = plan.folder / table.file
    try:
        found = read_rows(path, table.sheet)
    except (OSError, ValueError) as error:
        reason = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
        problem = plan.problem("design.table", f"{reading.shown(path)}: {reason}", ("design", "table"))
        raise ScenarioError([problem]) from error
    marks = [Mark(reading.shown(path), line, 0) for line in (found.head, *found.lines)]
    return plan.read_from(found.rows, marks)


class Rows(NamedTuple):
    """Rows of a table, by path, and the lines of the file on which they and the names of columns stand."""

    rows: tuple[dict[str, Any], ...]
    head: int
    lines: tuple[int, ...]


def read_rows(path: Path, sheet: str | None = None) -> Rows:
    """Read the rows of a CSV or Excel table: its first row names the paths.

    Parameters
    ----------
    path
        File; the suffix says which kind. Excel needs the extra ``excel``.
    sheet
        Sheet of an Excel file; the first if None.

    Returns
    -------
    Rows
        Values by path; empty cells are left out.

    Raises
    ------
    ValueError
        If the table has no rows, a column without a name, one name twice, or cells beyond its columns.
    OSError
        If the file cannot be read.
    """
    cells = _excel(path, sheet) if path.suffix.lower() in EXCEL else _csv(path)
    filled = [(line, row) for line, row in cells if any(cell is not None for cell in row)]
    if len(filled) < 2:
        raise ValueError("holds no points; the first row names the paths, each further row is a point")
    (head, first), *points = filled
    names = [str(name).strip() if name is not None else "" for name in first]
    while names and not names[-1]:
        names.pop()
    if not all(names):
        raise ValueError(f"column {names.index('') + 1} has no name; the first row names the paths")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"names the column {twice[0]} twice")
    for line, row in points:
        if any(cell is not None for cell in row[len(names) :]):
            raise ValueError(f"row {line} has more cells than there are columns ({len(names)})")
    rows = tuple(
        {name: cell for name, cell in zip(names, row, strict=False) if cell is not None} for _, row in points
    )
    return Rows(rows, head, tuple(line for line, _ in points))


def _csv(path: Path) -> list[tuple[int, list[Any]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("is not UTF-8 text; save it as CSV UTF-8") from error
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [
        (reader.line_num, [reading.scalar(cell.strip()) if cell.strip() else None for cell in row])
        for row in reader
    ]


def _excel(path: Path, sheet: str | None) -> list[tuple[int, list[Any]]]:
    try:
        import openpyxl
    except ModuleNotFoundError:
        raise ValueError("Excel files need: pip install 'channelsim[excel]'; or save it as CSV") from None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except OSError:
        raise
    except Exception as error:  # a damaged file shows itself in many ways
        raise ValueError(f"is not an Excel file ({type(error).__name__})") from error
    try:
        if sheet is not None and sheet not in book.sheetnames:
            hint = nearest(sheet, book.sheetnames) or f"; there are {listed(book.sheetnames)}"
            raise ValueError(f"has no sheet '{sheet}'{hint}")
        page = book[sheet] if sheet is not None else book[book.sheetnames[0]]
        rows = page.iter_rows(values_only=True)
        return [(line, [_cell(cell) for cell in row]) for line, row in enumerate(rows, start=1)]
    finally:
        book.close()


def _cell(cell: Any) -> Any:
    """Return an Excel cell as a plan's value; whole numbers come as whole numbers, words are read as YAML."""
    if isinstance(cell, str):
        return reading.scalar(cell.strip()) if cell.strip() else None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    return cell
