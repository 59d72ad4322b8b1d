"""The way through the house: which room may import which, and what may lie on the top level."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.project.tree import ROOT, files, is_ignored, listing, tree

# From the ground up. A room imports itself and rooms on lower floors, never its neighbours.
FLOORS = (
    {"compilation", "errors", "shipped_files"},
    {"sim"},
    {"money", "flow", "scenario"},
    {"market", "fulfilment", "management"},
    {"growth", "kpi", "receipts", "run"},
    {"accounting"},
    {"world"},
    {"experiment"},
    {"report"},
    {"cli", "ui"},
    {"app"},
)
# Rooms that know nothing of the project, not even its ground floor.
ISLANDS = {"flow", "money"}
# (importing module, imported module): why this arrow is needed all the same.
EXCEPTIONS = {
    (
        "sim.accounting.closing",
        "sim.world",
    ): "the type of what it closes the books of, for the type checker only",
    ("sim.accounting.tally", "sim.world"): "the type of what it counts, for the type checker only",
    ("sim.receipts", "sim.world"): "the type of what it recomputes from the log, for the type checker only",
}
EXCEPTIONS |= {
    ("sim", home): "one way in from Python: looked up when asked for, imported for the type checker only"
    for home in (
        "sim.scenario",
        "sim.world",
        "sim.experiment",
        "sim.experiment.claims",
        "sim.experiment.incrementality",
        "sim.experiment.optimise",
        "sim.experiment.panel",
        "sim.experiment.sensitivity.information",
        "sim.experiment.sensitivity.morris",
        "sim.experiment.sensitivity.sobol",
        "sim.experiment.sensitivity.tornado",
        "sim.experiment.sweep",
    )
}

# Packages that only the rooms named may use, anywhere in them.
RESERVED = {
    "streamlit": {"ui", "app"},
    "typer": {"cli"},
    "plotly": {"report", "ui", "app"},
}
# Packages that take too long to import to be loaded by a command that does not need them.
SLOW = ("numba", "pandas", "scipy", "duckdb", "streamlit", "plotly", "dask", "SALib", "optuna")

TOP_LEVEL = {
    "pyproject.toml", "requirements.lock", "README.md", "CHANGELOG.md", "LICENSE", "Makefile",
    "sim", "scenarios", "app.py", "tests", "results", "docs", "benchmarks", ".ci", ".gitignore", ".streamlit",
}  # fmt: skip

SOURCES = (*files(".py", "sim"), *files(".py", "app.py"))


def module_name(path: Path) -> str:
    """Dotted name of the module in a file: `sim/flow/kernel.py` is `sim.flow.kernel`."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path) for path in SOURCES}


def room_of(module: str) -> str:
    """Room a module belongs to: the folder or file directly under `sim`, or `sim` itself."""
    parts = module.split(".")
    return parts[1] if parts[0] == "sim" and len(parts) > 1 else parts[0]


def imported_modules(path: Path) -> list[tuple[int, str]]:
    """Line and name of each module a file imports, with `from package import module` taken as the module."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            base = node.module or ""
            inner = ((f"{base}.{name.name}", base) for name in node.names)
            found += [(node.lineno, module if module in MODULES else base) for module, base in inner]
    return found


def floor_of(room: str) -> int:
    """Floor a room is on; a room without one is an error, so that nobody builds beside the house."""
    floors = [number for number, rooms in enumerate(FLOORS) if room in rooms]
    assert len(floors) == 1, f"the room '{room}' has {len(floors)} floors in FLOORS; design it in"
    return floors[0]


def backward_arrows(path: Path, imports: list[tuple[int, str]]) -> list[str]:
    """Imports of a file that go up, sideways, or from an island to anywhere."""
    module = module_name(path)
    room = room_of(module)
    wrong = []
    for line, imported in imports:
        other = room_of(imported)
        if imported.split(".")[0] not in ("sim", "app") or other == room or (module, imported) in EXCEPTIONS:
            continue
        if room in ISLANDS or floor_of(other) >= floor_of(room):
            wrong.append(f"{path}:{line}: {room} imports {imported}")
    return wrong


def test_imports_run_one_way():
    assert len(SOURCES) > 10
    wrong = [arrow for path in SOURCES for arrow in backward_arrows(path, imported_modules(path))]
    assert not wrong, listing(wrong)


def test_every_exception_is_used_and_has_a_reason():
    used = {(module_name(path), imported) for path in SOURCES for _, imported in imported_modules(path)}
    stale = [f"{a} -> {b}" for (a, b), reason in EXCEPTIONS.items() if (a, b) not in used or len(reason) < 20]
    assert not stale, listing(stale)


def test_a_backward_arrow_is_found():
    arrows = [(1, "sim.world"), (2, "sim.flow"), (3, "numpy"), (4, "sim.market.visits"), (5, "sim.money")]
    assert len(backward_arrows(Path("sim/management/staff.py"), arrows)) == 2
    assert len(backward_arrows(Path("sim/flow/engine.py"), arrows)) == 3
    assert backward_arrows(Path("sim/cli/main.py"), arrows) == []


def test_packages_of_one_room_stay_there():
    wrong = [
        f"{path}:{line}: {package} belongs to {sorted(rooms)}"
        for path in SOURCES
        for line, imported in imported_modules(path)
        for package, rooms in RESERVED.items()
        if imported.split(".")[0] == package and room_of(module_name(path)) not in rooms
    ]
    assert not wrong, listing(wrong)


def test_the_command_line_starts_without_slow_packages():
    program = f"import sys, sim.cli; print(sorted(set({SLOW!r}) & set(sys.modules)))"
    line = [sys.executable, "-c", program]
    assert subprocess.run(line, capture_output=True, check=True, cwd=ROOT).stdout.strip() == b"[]"


def test_the_top_level_holds_what_it_should_and_nothing_else():
    entries = {entry.name for entry in ROOT.iterdir() if not is_ignored(entry.name)}
    assert entries == TOP_LEVEL
