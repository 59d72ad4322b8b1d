"""The project read as text and as syntax trees: what the tests of this folder look at."""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def ignored_patterns() -> tuple[str, ...]:
    """Names that .gitignore keeps out of the project wherever they stand."""
    lines = (ROOT / ".gitignore").read_text().splitlines()
    names = (line.strip().rstrip("/") for line in lines)
    return tuple(name for name in names if name and not name.startswith(("#", "!")) and "/" not in name)


def is_ignored(name: str) -> bool:
    """Say whether a file or folder of this name is no part of the project."""
    return name == ".git" or any(fnmatch.fnmatch(name, pattern) for pattern in ignored_patterns())


@cache
def files(suffix: str = "", under: str = ".") -> tuple[Path, ...]:
    """The project's own files, as paths from its top folder, in a fixed order.

    Parameters
    ----------
    suffix
        Only files whose name ends like this.
    under
        Only files in this folder, or this file.
    """
    start = ROOT / under
    found = [start] if start.is_file() else list(_walk(start))
    own = (path.relative_to(ROOT) for path in found)
    return tuple(sorted(path for path in own if path.name.endswith(suffix) and not _is_run(path)))


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if is_ignored(entry.name):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry)
        else:
            yield entry


def _is_run(path: Path) -> bool:
    return path.parts[0] == "results" and path.parts[1] not in ("reference", ".gitkeep")


@cache
def text(path: Path) -> str:
    """Content of a file; empty for one that is not text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def tree(path: Path) -> ast.Module:
    """Syntax tree of a Python file."""
    return ast.parse(text(path), filename=str(path))


def called_name(call: ast.Call) -> str:
    """Last word of what is called: `raises` for `pytest.raises(...)`; empty where it has no name."""
    return last_name(call.func)


def last_name(node: ast.expr) -> str:
    """Last word of a dotted name; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def dotted_name(node: ast.expr) -> str:
    """Whole dotted name, such as `np.random.default_rng`; empty for anything else."""
    if isinstance(node, ast.Attribute):
        owner = dotted_name(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return node.id if isinstance(node, ast.Name) else ""


def names_in(node: ast.AST) -> set[str]:
    """Every plain name and attribute that occurs below a node."""
    names = {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}
    return names | {item.attr for item in ast.walk(node) if isinstance(item, ast.Attribute)}


def at(path: Path, node: ast.stmt | ast.expr) -> str:
    """Place of a node, as `file:line`."""
    return f"{path}:{node.lineno}"


def listing(findings: list[str]) -> str:
    """Findings as the message of a failed assertion."""
    return f"{len(findings)} found:\n" + "\n".join(findings)
