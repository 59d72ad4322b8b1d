"""What the documents say against what there is: links, files, commands, examples, lists of names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from docs import blocks, commands
from docs.commands import Command, documents
from sim.cli.app import app, joined_volumes
from sim.experiment import PATHS, VERDICTS
from sim.experiment.metrics import METRICS
from sim.experiment.sweep import read_plan
from sim.kpi import KPIS
from sim.scenario import Scenario, load
from sim.scenario.schema import Mechanisms

ROOT = commands.ROOT
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in documents()}
COMMANDS = sorted(
    {(name, command) for name, text in TEXTS.items() for command in commands.commands_in(text)}, key=str
)
SHOWN = [(name, command, output) for name, text in TEXTS.items() for command, output in commands.shown(text)]
QUICK = [one for one in SHOWN if one[1].is_quick]
ENDINGS = ("py", "md", "yaml", "csv", "toml", "lock", "json", "svg", "c")


def headings(text: str) -> set[str]:
    """Return the anchors of a document's headings, as web pages make them."""
    lines = re.findall(
        r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", line.lower()).strip().replace(" ", "-") for line in lines}


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_somewhere(name: str) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[name]):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (ROOT / name).parent / path if path else ROOT / name
        if not found.exists() or (anchor and anchor not in headings(found.read_text(encoding="utf-8"))):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize(
    "name", [name for name in TEXTS if name not in ("docs/reference.md", "docs/kpis.md")]
)
def test_files_that_are_named_are_there(name: str) -> None:
    """A path in backticks is one of the project, of its package, or of a page's own folder."""
    written = re.findall(
        rf"`((?:[\w.]+/)+[\w.]+\.(?:{'|'.join(ENDINGS)})|(?:sim|tests|docs|scenarios)/[\w/]*)`", TEXTS[name]
    )
    missing = [path for path in written if not any((base / path).exists() for base in (ROOT, ROOT / "sim"))]
    assert not missing


def parsed(words: tuple[str, ...]) -> dict[str, object]:
    """Return the parameters of a command line as the program reads them, without running it."""
    first, *rest = joined_volumes(words)
    command = typer.main.get_command(app).commands[first]  # type: ignore[attr-defined]
    with command.make_context(first, rest) as context:
        return context.params


def scenarios_of(parameters: dict[str, object]) -> list[str]:
    """Return the scenarios that a command line names."""
    names = [parameters.get(key) for key in ("scenario", "a", "b")]
    names += [*(parameters.get("scenarios") or ()), *(parameters.get("diff") or ())]  # type: ignore[misc]
    against = parameters.get("against")
    return [str(name) for name in [*names, against if against not in ("door", "none") else None] if name]


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Scenario files in the documents: a yaml block whose first line is a comment with the name."""
    folder = tmp_path_factory.mktemp("examples")
    found = {}
    for text in TEXTS.values():
        for name, body in re.findall(r"^```yaml\n# ([\w.]+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            found[name] = folder / name
            found[name].write_text(body, encoding="utf-8")
    return found


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=str)
def test_commands_mean_something(name: str, command: Command, examples: dict[str, Path]) -> None:
    if not command.words or command.words[0].startswith("-"):
        assert command.words[:1] in ((), ("--help",), ("--version",))
        return
    if len(command.words) == 1:  # a command that is only mentioned
        assert command.words[0] in typer.main.get_command(app).commands  # type: ignore[attr-defined]
        return
    parameters = parsed(command.words)
    changes = parameters.get("changes") or ()
    worlds = [load(str(examples.get(world, world)), changes) for world in scenarios_of(parameters)]  # type: ignore[arg-type]
    assert parameters.get("path") in (None, *PATHS)
    metric = parameters.get("metric") or ()
    assert not {metric} - {*METRICS} if isinstance(metric, str) else not {*metric} - {*KPIS}
    assert all(isinstance(world, Scenario) for world in worlds), name


def test_documents_show_commands_and_examples(examples: dict[str, Path]) -> None:
    assert len(COMMANDS) > 30
    assert examples
    assert {command.words[0] for _, command in COMMANDS if command.words} >= {
        "demo",
        "run",
        "compare",
        "scale",
        "explain",
    }


@pytest.mark.parametrize(("name", "command", "output"), QUICK, ids=str)
def test_quick_commands_print_what_is_shown(name: str, command: Command, output: str) -> None:
    assert output == commands.captured(command), f"{name}: make docs"


def test_every_captured_command_shows_its_output() -> None:
    silent = [f"{name}: {command.words}" for name, command, output in SHOWN if not output.strip()]
    assert not silent


@pytest.mark.parametrize(
    "names",
    [Mechanisms.model_fields, PATHS, VERDICTS, METRICS],
    ids=["mechanisms", "paths", "verdicts", "metrics"],
)
def test_the_model_page_names_everything(names: object) -> None:
    text = TEXTS["docs/model.md"] + TEXTS["docs/how-to.md"]
    assert not [name for name in names if f"`{name}`" not in text and f" {name} " not in text]  # type: ignore[attr-defined]


def test_python_examples_are_python() -> None:
    blocks_of_python = [
        body for text in TEXTS.values() for body in re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    ]
    assert blocks_of_python
    for body in blocks_of_python:
        code = compile(body, "example", "exec")
        imports = "\n".join(line for line in body.splitlines() if line.startswith(("from ", "import ")))
        assert code is not None
        exec(compile(imports, "imports", "exec"), {})


@pytest.mark.parametrize("flip", blocks.FLIPS, ids=lambda flip: flip.command)
def test_what_turns_a_verdict_stays_within_its_range(flip: blocks.Flip) -> None:
    world = load(flip.scenario)
    ranges = {entry.path: entry.range for entry in world.entries()}
    assert 1 <= len(flip.changes) <= 3
    for path, value in flip.changes.items():
        low, high = ranges[path]
        assert low <= float(value) <= high, path


def test_the_table_of_turned_verdicts_agrees_with_the_runs_below_it() -> None:
    text = TEXTS["docs/pickup.md"]
    table = re.search(r"<!-- begin flips -->(.*?)<!-- end flips -->", text, re.DOTALL)
    assert table is not None
    rows = [line.split(" | ") for line in table[1].strip().splitlines()[2:]]
    assert len(rows) == len(blocks.FLIPS)
    runs = [
        output for name, command, output in SHOWN if name == "docs/pickup.md" and "--set" in command.words
    ]
    assert len(runs) == len(rows)
    for row, output in zip(rows, runs, strict=True):
        before, after = row[2].strip(), row[3].strip("* ")
        assert before != after
        assert f": {after}" in " ".join(output.split())


def test_the_plan_that_is_shown_is_the_one_beside_the_page() -> None:
    path = ROOT / "docs" / "commission.yaml"
    assert f"```yaml\n{path.read_text(encoding='utf-8')}```" in TEXTS["docs/how-to.md"]
    assert read_plan(path).title in path.read_text(encoding="utf-8")
