"""What a stranger gets: the lock, the wheel, the documents and the commands agree with each other."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.project.tree import ROOT, files, listing, text

COMMANDS = [
    "demo", "run", "compare", "scale", "claims", "sweep", "sensitivity",
    "optimise", "report", "validate", "explain", "verify", "ui",
]  # fmt: skip
SCENARIOS = [
    "base", "door_only", "community_pickup", "partner_pickup", "lockers", "null_flat", "null_dense",
    "tmall_only", "stores_only", "own_mall", "o2o_showroom", "rebate_rush", "double11",
    "stations", "group_leaders", "store_pickup",
]  # fmt: skip


def python(program: str, *words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, without a terminal."""
    line = [sys.executable, "-c", program, *words]
    return subprocess.run(
        line, capture_output=True, text=True, check=False, cwd=cwd, stdin=subprocess.DEVNULL
    )


def channelsim(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return python(
        "import sys; from sim.cli import main; sys.argv[0] = 'channelsim'; sys.exit(main())", *words
    )


def test_help_lists_exactly_the_commands_there_are():
    done = channelsim("--help")
    assert done.returncode == 0, done.stderr
    _, _, commands = done.stdout.partition("Commands")
    assert re.findall(r"^\W*([a-z][a-z0-9-]+)\s{2,}\S", commands, re.MULTILINE) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    done = channelsim(command, "--help")
    assert done.returncode == 0, done.stderr
    assert f"channelsim {command}" in done.stdout


def test_an_unknown_command_is_a_usage_error():
    done = channelsim("scael")
    assert done.returncode == 2
    assert "scale" in done.stderr
    assert done.stdout == ""


def test_the_lock_is_names_and_versions_only_and_covers_every_dependency():
    lines = text(Path("requirements.lock")).splitlines()
    wrong = [line for line in lines if not re.fullmatch(r"[a-z0-9][a-z0-9-]*==[0-9][0-9a-z.]*", line)]
    assert not wrong, listing(wrong)
    locked = dict(line.split("==") for line in lines)
    project = tomllib.loads(text(Path("pyproject.toml")))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for requirement in map(Requirement, itertools.chain.from_iterable(groups)):
        version = locked[re.sub(r"[._]", "-", requirement.name).lower()]
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}"


def test_the_scenarios_that_are_promised_are_there_and_tell_their_story():
    there = {path.stem for path in files(".yaml", "scenarios")}
    assert there >= set(SCENARIOS)
    silent = [str(path) for path in files(".yaml", "scenarios") if not text(path).startswith("#")]
    assert not silent, listing(silent)


def test_the_wheel_carries_everything_and_runs_away_from_home(tmp_path):
    built = tmp_path / "built"
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(built)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "site")
    assert {name for name in names if name.startswith("sim/_data/scenarios/")} == {
        f"sim/_data/{path}" for path in files("", "scenarios")
    }
    assert {"sim/_data/app.py", "sim/_data/claims.csv", "sim/py.typed"} <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "docs/"))]
    program = f"""
import sys
sys.path[:] = [{str(tmp_path / "site")!r}, *(entry for entry in sys.path if entry not in ("", {str(ROOT)!r}))]
from sim.cli import main
sys.argv = ["channelsim", "validate", "base"]
sys.exit(main())
"""
    done = python(program, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{path}: {target}"
        for path in files(".md")
        for target in re.findall(r"\]\(([^)#\s]+)", text(path))
        if not re.match(r"[a-z]+:", target) and not (ROOT / path.parent / target).exists()
    ]
    assert not broken, listing(broken)


def test_documents_name_only_commands_there_are():
    known = {*COMMANDS, "--help", "--version"}
    wrong = [
        f"{path}: channelsim {word}"
        for path in files(".md")
        for word in re.findall(r"(?:^|`|\$ |/)channelsim ([a-z-]+)", text(path), re.MULTILINE)
        if word not in known
    ]
    assert not wrong, listing(wrong)
