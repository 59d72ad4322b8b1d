"""Compiled code is cached under a stamp of its sources; no compiled code may live outside them."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

from sim.compilation import _COMPILED_FILES, source_stamp
from tests.project.tree import ROOT, files, tree

COMPILERS = {"njit", "jit", "vectorize", "guvectorize", "cfunc"}


def compiles(path: Path) -> bool:
    """Say whether a file imports one of Numba's compilers."""
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] == "numba"
        and COMPILERS & {name.name for name in node.names}
        for node in ast.walk(tree(path))
    )


def test_every_compiled_file_is_in_the_stamp():
    found = {path.relative_to("sim").as_posix() for path in files(".py", "sim") if compiles(path)}
    assert found == set(_COMPILED_FILES)


def test_an_edit_of_a_compiled_file_changes_the_stamp(tmp_path):
    for name in _COMPILED_FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "sim" / name, tmp_path / name)
    before = source_stamp(tmp_path)
    assert before == source_stamp(ROOT / "sim")
    edited = tmp_path / _COMPILED_FILES[-1]
    edited.write_text(edited.read_text() + "\n# one more line\n")
    assert source_stamp(tmp_path) != before
