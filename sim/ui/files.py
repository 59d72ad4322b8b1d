"""Scenarios as files: YAML and Excel, out and in.

An upload is data: nothing in it is run, and no file that it names is opened but shipped scenarios.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from sim.ui import workbook
from sim.ui.case import MOST_TEXT, Case, InputError, Value, check, is_finite
from sim.ui.inputs import Inputs

if TYPE_CHECKING:
    from sim.scenario import Scenario, ScenarioError
    from sim.scenario.problems import Problem

MOST_BYTES = 1_000_000
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
    found = now.based_on(plain_name(upload.name), text or "\n")  # no text at all would be a shipped scenario
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

    A second sheet holds the case, so that :func:`read_upload` starts from the same scenario.

    Raises
    ------
    InputError
        If the package that writes workbooks is not installed.
    """
    held = json.dumps(inputs.case.as_dict(), sort_keys=True, separators=(",", ":"), allow_nan=False)
    # Workbooks have an escape of their own, _x0041_; what could be taken for one is escaped as JSON does.
    held = held.replace("_x", "\\u005fx")
    return workbook.write(inputs.base, _rows(inputs.scenario()), inputs.changes, held)


def _rows(scenario: Scenario) -> list[workbook.Row]:
    from sim.scenario.fields import spec_of

    found: list[workbook.Row] = []
    for entry in scenario.entries():
        if entry.role == "label":
            continue
        bounds = spec_of(f"{entry.path}.0").bounds if isinstance(entry.value, list) else entry.bounds
        for path, value in _single(entry.path, entry.value):
            found.append((path, value, entry.unit, *bounds, entry.description))
    return found


def _single(path: str, value: Any) -> list[tuple[str, Any]]:
    """Values that a row can hold: the one itself, or every number of a list, by its place."""
    if isinstance(value, list):
        return [(f"{path}.{place}", one) for place, one in enumerate(value)]
    return [(path, value)]


@dataclass(frozen=True)
class _Edits:
    """Cells of a workbook that say something else than the case it was made from: row and value, by path."""

    sheet: workbook.Sheet
    known: dict[str, Any]
    rows: dict[str, int]
    values: dict[str, Value]

    def place(self, path: str) -> str:
        """Cell that a message is about: the value, or the path itself where there is none of that name."""
        return self.sheet.cell("B" if path in self.known else "A", self.rows[path])


def _from_excel(upload: Upload, now: Inputs) -> Inputs:
    from sim.scenario import ScenarioError

    sheet, held, second = workbook.read(shown_name(upload.name), upload.content)
    rows = sheet.rows
    if len(rows) < 2 or str(rows[0][0]).strip() != "extends" or str(rows[1][0]).strip() != "path":
        raise InputError(
            "the first sheet should begin with 'extends' and a scenario, then headings: path, value"
        )
    made = _made_from(sheet, held, second)
    try:
        own = made.scenario()
    except ScenarioError as error:
        raise ScenarioError(_named(one, second) for one in error.problems) from error
    edits = _edits(sheet, own)
    try:
        found = replace(now, case=made.changed(edits.values))
        found.scenario()
    except InputError as error:
        raise InputError(f"{sheet.called}: {error}") from error
    except ScenarioError as error:
        raise _placed(error, edits) from error
    return found


def shown_name(name: str) -> str:
    """Return an uploaded file's name as a message shows it, on one line and without signs."""
    return re.sub(r"[^\w .-]", "_", PurePosixPath(name.replace("\\", "/")).name)[-40:]


def _made_from(sheet: workbook.Sheet, held: str | None, second: str) -> Case:
    """Return the case that a workbook was made from; one without a second sheet names a shipped scenario."""
    extends, cell = str(sheet.rows[0][1]).strip(), sheet.cell("B", 0)
    if held is None:
        try:
            return Case(extends)
        except InputError as error:
            raise InputError(f"{cell}: {error}") from error
    try:
        made = Case.from_dict(json.loads(held))
    except InputError as error:
        raise InputError(f"{second}: {error}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{second}: should be as it was written, and is not: export once more") from error
    if extends != made.base:
        raise InputError(
            f"{cell}: should be '{made.base}', from which this workbook was made (found '{extends[:60]}');"
            " to start from another scenario, export that one"
        )
    return made


def _edits(sheet: workbook.Sheet, own: Scenario) -> _Edits:
    known = {path: value for entry in own.entries() for path, value in _single(entry.path, entry.value)}
    found, seen = _Edits(sheet, known, {}, {}), dict[str, tuple[int, Any]]()
    for number, (name, value) in enumerate(sheet.rows[2:], start=2):
        path = str("" if name is None else name).strip()
        if not path:
            continue
        if isinstance(value, int | float) and not is_finite(value):
            raise InputError(
                f"{sheet.cell('B', number)}: {path[:60]} should be a finite number (found {str(value)[:60]})"
            )
        before = seen.setdefault(path, (number, value))
        if not _same(before[1], value):
            raise InputError(
                f"{sheet.cell('B', number)}: {path[:60]} should be said once, or the same again (found"
                f" {str(value)[:60]!r}, and {str(before[1])[:60]!r} in row {before[0] + 1})"
            )
        if path in known and _same(known[path], value):
            continue
        plain = _plain(value)
        for column, one in (("A", None), ("B", plain)):
            try:
                check(path, one)
            except InputError as error:
                raise InputError(f"{sheet.cell(column, number)}: {error}") from error
        found.rows[path], found.values[path] = number, plain
    return found


def _placed(error: ScenarioError, edits: _Edits) -> ScenarioError:
    """Return what makes no scenario with the cell, or at least the sheet, that says so as its place."""
    from sim.scenario import ScenarioError

    problems = []
    for problem in error.problems:
        path, where, got = _culprit(problem, edits), edits.sheet.called, ""
        if path:
            where = edits.place(path)
            got = "" if "(got " in problem.message else f" (found {str(edits.values[path])[:60]})"
        problems.append(
            replace(problem, file=where, line=None, column=None, message=f"{problem.message}{got}")
        )
    return ScenarioError(problems)


def _culprit(problem: Problem, edits: _Edits) -> str:
    """Path of the edit that a problem is about, or nothing; without the edits there was no problem."""
    if len(edits.values) == 1:
        return next(iter(edits.values))
    inside = [path for path in edits.values if f"{path}.".startswith(f"{problem.path}.")]
    around = [path for path in edits.values if problem.path.startswith(f"{path}.")]
    beside = [path for path in edits.values if path == f"{problem.path.rpartition('.')[0]}.law"]
    words = set(re.findall(r"[a-z0-9_]+", problem.message))
    named = [path for path in inside or edits.values if _name(path) in words]
    return next(iter([*named, *inside, *around, *beside]), "")


def _name(path: str) -> str:
    """Last name of a path; numbers of lists go by the name of their list."""
    return next((name for name in reversed(path.split(".")) if not name.isdigit()), path)


def _named(problem: Problem, place: str) -> Problem:
    """Problem of a value that was set, with the place where a workbook sets it."""
    from sim.scenario.loading import SET

    return replace(problem, file=place) if problem.file == SET else problem


def _same(known: Any, value: Any) -> bool:
    if isinstance(known, bool) or isinstance(value, bool):
        return known is value
    if isinstance(known, int | float) and isinstance(value, int | float):
        return math.isclose(known, value, rel_tol=1e-12, abs_tol=0.0)
    blank = (None, "")  # a workbook keeps no empty words
    return bool(known == value) or (known in blank and value in blank)


def _plain(value: Any) -> Value:
    """Return a cell as a value; a whole number that a workbook keeps as 40.0 is 40 again."""
    if isinstance(value, float) and is_finite(value) and value == int(value) and abs(value) < 1e15:
        return int(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)
