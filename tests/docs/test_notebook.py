"""The notebook is a notebook, short, and every line of it runs."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MOST_LINES = 10


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def code_of(notebook: dict[str, Any]) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_has_the_form_of_a_notebook(path: Path) -> None:
    """What the published schema of format 4.5 asks for, cell by cell."""
    notebook = read(path)
    assert set(notebook) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert {"name", "display_name"} <= set(notebook["metadata"]["kernelspec"])
    names = [cell["id"] for cell in notebook["cells"]]
    assert len(set(names)) == len(names)
    for cell in notebook["cells"]:
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell["id"])
        assert all(isinstance(line, str) for line in cell["source"])
        assert all(line.endswith("\n") for line in cell["source"][:-1])
        expected = {"cell_type", "id", "metadata", "source"}
        if cell["cell_type"] == "code":
            expected |= {"execution_count", "outputs"}
            # Nothing of whoever saved it last is kept, so the file changes only when the text does.
            assert (cell["execution_count"], cell["outputs"]) == (None, [])
        assert set(cell) == expected


def test_the_first_steps_are_ten_lines() -> None:
    lines = [
        line for cell in code_of(read(FOLDER / "first_steps.ipynb")) for line in cell.splitlines() if line
    ]
    assert 0 < len(lines) <= MOST_LINES


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_cell_runs_and_shows_a_table(path: Path) -> None:
    """As Jupyter does it: one namespace, cell by cell; what the last line gives is shown."""
    namespace: dict[str, Any] = {}
    for number, source in enumerate(code_of(read(path))):
        body = ast.parse(source).body
        last = body[-1]
        assert isinstance(last, ast.Expr), f"cell {number} shows nothing"
        exec(compile(ast.Module(body[:-1], []), f"cell {number}", "exec"), namespace)
        shown = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), namespace)
        assert isinstance(shown, pd.DataFrame)
        assert {"mean", "low", "high", "unit", "n"} <= set(shown.columns)
        assert len(shown) > 1
        assert shown["mean"].notna().all()
    assert set(namespace) > {"change", "growth"}
