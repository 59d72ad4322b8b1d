"""What no file of the project may contain, and how long one may be."""

from __future__ import annotations

import ast
import re

from tests.project.tree import FUNCTIONS, called_name, files, last_name, listing, text, tree

FILE_LINES = 600
FUNCTION_LINES = 60
COMPILED_FUNCTION_LINES = 150

# Longer than FILE_LINES, and why it is still about one noun.
LONG_FILES = {
    "sim/flow/kernel.py": "one file for all compiled code: Numba's cache sees no other change",
}

# Split, so that this file does not find itself.
UNFINISHED = re.compile(
    r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK|for n" r"ow|not yet impl" r"emented)\b|NotImpl" r"ementedError"
    r"|pytest\.s" r"kip|importors" r"kip|mark\.s" r"kip|xf" r"ail|\|\| tr" r"ue|--rer" r"uns"
)  # fmt: skip
OUTSIDE = re.compile(
    r"(?<![\w.])/(wo" r"rk|fa" r"rm|tm" r"p|ro" r"ot|ho" r"me)/|\.\./sha" r"red"
)  # fmt: skip


def offences(pattern: re.Pattern[str]) -> list[str]:
    """Lines of the project's text files in which a pattern occurs."""
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in files()
        for number, line in enumerate(text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Length of a function's body in lines, without its docstring; parameters are read at a glance."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def compilers(module: ast.Module) -> set[str]:
    """Names of the decorators that compile: Numba's own, and those a module makes of them for itself."""
    made = {
        last_name(target)
        for node in module.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and called_name(node.value) == "njit"
        for target in node.targets
    }
    return {"njit", *made}


def line_limit(function: ast.FunctionDef | ast.AsyncFunctionDef, compiling: set[str]) -> int:
    """Length a function may have; a compiled one may be longer, as it cannot bundle its state."""
    heads = (item.func if isinstance(item, ast.Call) else item for item in function.decorator_list)
    return COMPILED_FUNCTION_LINES if any(last_name(head) in compiling for head in heads) else FUNCTION_LINES


def test_nothing_is_left_unfinished():
    found = offences(UNFINISHED)
    assert not found, listing(found)


def test_no_file_names_a_place_outside_the_project():
    found = offences(OUTSIDE)
    assert not found, listing(found)


def test_the_patterns_find_what_they_are_for():
    assert UNFINISHED.search("# " + "TO" + "DO: later")
    assert UNFINISHED.search("@pytest.mark." + "skip(reason='slow')")
    assert OUTSIDE.search("open('/" + "tmp/x')")
    assert not OUTSIDE.search("https://example.org/" + "work/page")


def test_files_are_about_one_noun():
    long = {str(path): text(path).count("\n") for path in files(".py") if text(path).count("\n") > FILE_LINES}
    assert long.keys() == LONG_FILES.keys(), long
    assert all(len(reason) > 20 for reason in LONG_FILES.values())


def test_functions_fit_on_a_page():
    long = []
    for path in files(".py", "sim"):
        compiling = compilers(tree(path))
        for node in (item for item in ast.walk(tree(path)) if isinstance(item, FUNCTIONS)):
            limit = line_limit(node, compiling)
            if code_lines(node) > limit:
                long.append(f"{path}:{node.lineno}: {node.name}: {code_lines(node)} lines, {limit} allowed")
    assert not long, listing(long)
