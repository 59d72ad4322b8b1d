"""From a file name and overrides to a scenario: find, read, stack, validate."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath, PureWindowsPath

from pydantic import ValidationError

from sim.scenario import evidence, reading, shipped
from sim.scenario.fields import FieldSpec, UnknownPathError, spec_of
from sim.scenario.layers import Cell, Layer, Stack, add_value, layer_of
from sim.scenario.problems import Mark, Problem, ScenarioError, listed, nearest
from sim.scenario.reading import Node
from sim.scenario.scenario import Scenario
from sim.scenario.schema import ScenarioModel
from sim.scenario.validating import problems_of

SET = "--set"
LONGEST_CHAIN = 20


def load(
    source: str | os.PathLike[str],
    overrides: Sequence[str] = (),
    *,
    folder: str | os.PathLike[str] | None = None,
) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    source
        Path of a file, or the name of a shipped scenario, with or without ``.yaml``.
    overrides
        Values that go over the file's, such as ``"channels.tmall.commission=0.04"``. The part after the
        equals sign is YAML, evidence included; ``null`` takes an optional part out; rows of tables are
        counted from 0. A path may be given once.
    folder
        Where names are looked up instead of among the shipped scenarios.

    Returns
    -------
    Scenario
        Frozen, validated, every value with its layer and evidence.

    Raises
    ------
    ScenarioError
        With every problem found, each with file, line, path, what was found and what is allowed.

    Examples
    --------
    >>> load("base", ["channels.tmall.commission=0.04"]).value("channels.tmall.commission")
    0.04
    """
    home = Path(folder) if folder is not None else shipped.scenarios_folder()
    path = _find(os.fspath(source), home)
    problems: list[Problem] = []
    layers = _chain(path, home, problems)
    return _build(layers, overrides, path.stem, reading.shown(path), problems)


def loads(
    text: str,
    overrides: Sequence[str] = (),
    *,
    name: str = "scenario",
    folder: str | os.PathLike[str] | None = None,
) -> Scenario:
    """Load a scenario from a text, such as an uploaded file; it may extend shipped scenarios only.

    Raises
    ------
    ScenarioError
        As :func:`load` does; the file is called by ``name``.
    """
    home = Path(folder) if folder is not None else shipped.scenarios_folder()
    problems: list[Problem] = []
    file = f"{name}{shipped.SUFFIX}"
    document = _document(text.removeprefix("\ufeff"), file, file)
    problems.extend(document.problems)
    layers = [document.layer]
    if document.extends is not None:
        target = _target(document, None, home, problems)
        if target is not None:
            layers = [*_chain(target, home, problems), document.layer]
    return _build(layers, overrides, name, file, problems)


def _build(
    layers: list[Layer], overrides: Sequence[str], name: str, file: str, problems: list[Problem]
) -> Scenario:
    stack = Stack()
    for layer in layers:
        stack.put(layer)
    for change in _overrides(overrides, stack, problems):
        stack.put(change)
    values = stack.nested()
    try:
        model = ScenarioModel.model_validate(values)
    except ValidationError as error:
        problems.extend(problems_of(error, stack.mark, file=file, known=tuple(problems)))
        model = None
    if problems or model is None:
        raise ScenarioError(problems)
    return Scenario(model, name=name, cells=stack.cells)


# --- finding files --------------------------------------------------------------------------------


def _find(source: str, home: Path) -> Path:
    """File that a name or path stands for."""
    path = Path(source)
    candidates = [path]
    if source and path.name == source:
        candidates += [home / source, home / f"{source}{shipped.SUFFIX}"]
    elif path.name and not path.suffix:
        candidates.append(path.with_name(f"{path.name}{shipped.SUFFIX}"))
    try:
        for candidate in candidates:
            if candidate.is_file():
                return candidate
        if source and path.exists():
            return path  # a folder or device: reading it says what it is
    except (OSError, ValueError):
        raise ScenarioError([Problem(_named(source), None, None, "", "is not a file name")]) from None
    known = shipped.names(home)
    hint = nearest(path.stem, known) or f"; there are {listed(known, limit=15)}"
    raise ScenarioError([Problem(_named(source), None, None, "", f"there is no such scenario file{hint}")])


def _named(source: str) -> str:
    """What was asked for, on one line of reasonable length."""
    return source if source.isprintable() and len(source) <= 200 else f"{source[:100]!r}"


@dataclass(frozen=True)
class _Document:
    """One parsed file: its layer, what it extends and what is wrong with it."""

    file: str
    layer: Layer
    extends: str | None
    extends_mark: Mark | None
    problems: tuple[Problem, ...]


def _document(text: str, file: str, name: str) -> _Document:
    problems: list[Problem] = []
    root = reading.parse(text, file, problems)
    if root is None or (root.value is None and not problems):
        message = "is empty; a scenario has at least 'schema_version: 1', a title and 'extends: base.yaml'"
        raise ScenarioError([Problem(file, None, None, "", message)])
    if not isinstance(root.value, dict):
        message = "should be a mapping of names to values, such as 'title: ...', at the top"
        raise ScenarioError([*problems, Problem.at(root.mark, "", message)])
    extends, mark = None, None
    if "extends" in root.value:
        node: Node = root.value.pop("extends")
        root.keys.pop("extends")
        mark = node.mark
        if isinstance(node.value, str) and node.value:
            extends = node.value
        else:
            message = "should be the name of one scenario file, such as base.yaml"
            problems.append(Problem.at(mark, "extends", message))
    return _Document(file, layer_of(root, name, problems), extends, mark, tuple(problems))


@lru_cache(maxsize=32)
def _parsed(path: Path, file: str, _stamp: tuple[int, int]) -> _Document:
    """Parsed file; read again whenever its size or time of change differ."""
    return _document(reading.read_text(path), file, path.name)


def _read(path: Path) -> _Document:
    try:
        status = path.stat()
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise ScenarioError([Problem(reading.shown(path), None, None, "", message)]) from error
    return _parsed(path, reading.shown(path), (status.st_size, status.st_mtime_ns))


def _chain(path: Path, home: Path, problems: list[Problem]) -> list[Layer]:
    """Layers of a file and of everything it extends, the lowest first."""
    layers: list[Layer] = []
    visited: list[Path] = []
    current: Path | None = path
    while current is not None:
        document = _read(current)
        problems.extend(document.problems)
        layers.insert(0, document.layer)
        visited.append(current.resolve())
        if document.extends is None:
            return layers
        current = _target(document, current.parent, home, problems)
        if current is not None and current.resolve() in visited:
            way = " -> ".join(one.name for one in [*visited, current.resolve()])
            problems.append(Problem.at(document.extends_mark, "extends", f"goes round in a circle: {way}"))
            current = None
        elif len(visited) >= LONGEST_CHAIN:
            message = f"more than {LONGEST_CHAIN} files extend each other"
            problems.append(Problem.at(document.extends_mark, "extends", message))
            current = None
    return layers


def _target(document: _Document, beside: Path | None, home: Path, problems: list[Problem]) -> Path | None:
    """File that a document extends: beside or below it, or a shipped one by name."""
    wanted = str(document.extends)
    pure = PurePosixPath(wanted.replace("\\", "/"))
    if pure.is_absolute() or PureWindowsPath(wanted).drive or ".." in pure.parts or "\0" in wanted:
        message = (
            f"'{wanted}' leads out of the folder; name a file beside or below this one, or a shipped scenario"
        )
        problems.append(Problem.at(document.extends_mark, "extends", message))
        return None
    folders = [home] if beside is None else [beside, home]
    for folder in folders:
        for candidate in (folder / pure, folder / f"{pure}{shipped.SUFFIX}"):
            if candidate.is_file():
                return candidate
    known = [name for folder in (home, *folders) for name in shipped.names(folder)]
    hint = nearest(pure.stem, known) or f"; there are {listed(shipped.names(home), limit=15)}"
    problems.append(
        Problem.at(document.extends_mark, "extends", f"there is no scenario file '{wanted}'{hint}")
    )
    return None


# --- overrides ------------------------------------------------------------------------------------


def _overrides(overrides: Sequence[str], stack: Stack, problems: list[Problem]) -> list[Layer]:
    """One layer per override, in the order given."""
    layers: list[Layer] = []
    seen: set[str] = set()
    for text in overrides:
        path, equals, value = text.partition("=")
        path = path.strip()
        if not equals or not path:
            message = f"'{text}' should be PATH=VALUE, such as channels.tmall.commission=0.04"
            problems.append(Problem(SET, None, None, "", message))
        elif path in seen:
            problems.append(Problem(SET, None, None, path, "is set twice; set it once"))
        else:
            seen.add(path)
            found: list[Problem] = []
            layer = _override(path, value, stack, found)
            # An override has no lines: places inside its text would only confuse.
            problems.extend(
                replace(one, file=SET, line=None, column=None, path=one.path or path) for one in found
            )
            if layer is not None:
                layers.append(layer)
    return layers


def _override(path: str, text: str, stack: Stack, problems: list[Problem]) -> Layer | None:
    try:
        spec = spec_of(path)
    except UnknownPathError as error:
        problems.append(Problem(SET, None, None, path, str(error)))
        return None
    if not text.strip():
        problems.append(Problem(SET, None, None, path, f"has no value; give {spec.allowed()}, or null"))
        return None
    try:
        node = reading.parse(text, SET, problems)
    except ScenarioError as error:
        problems.extend(error.problems)
        return None
    if node is None or problems:
        return None
    absent = _absent_part(path, stack)
    if absent:
        message = f"{absent} is not part of this scenario; extend one that has it, or set {absent} as a whole"
        problems.append(Problem(SET, None, None, path, message))
        return None
    layer = Layer(SET)
    outer = _enclosing_leaf(path)
    if outer is None:
        add_value(layer, path, spec, node, problems)
    else:
        _change_inside(layer, path, outer, node, stack, problems)
    return _without_places(layer)


def _without_places(layer: Layer) -> Layer:
    """Layer whose values all stand at ``--set``, without line and column."""
    mark = Mark(SET, 0, 0)
    return Layer(
        layer.name,
        {path: replace(cell, node=Node(None, mark)) for path, cell in layer.cells.items()},
        dict.fromkeys(layer.parts, mark),
        dict.fromkeys(layer.removed, mark),
    )


def _absent_part(path: str, stack: Stack) -> str:
    """Optional part on the way to a path that this scenario does not have, or an empty text."""
    names = path.split(".")
    for length in range(1, len(names)):
        outer = ".".join(names[:length])
        if spec_of(outer).optional and outer not in stack.parts:
            return outer
    return ""


def _enclosing_leaf(path: str) -> tuple[str, FieldSpec] | None:
    """Law, list or table that a path goes into, or None where it names a field itself."""
    names = path.split(".")
    for length in range(1, len(names)):
        outer = ".".join(names[:length])
        spec = spec_of(outer)
        if spec.kind in ("law", "list", "table"):
            return outer, spec
    return None


def _change_inside(
    layer: Layer, path: str, outer: tuple[str, FieldSpec], node: Node, stack: Stack, problems: list[Problem]
) -> None:
    """Change one number inside a law, list or table of the layers below."""
    leaf, spec = outer
    names = path[len(leaf) + 1 :].split(".")
    if spec.kind == "law":
        add_value(layer, leaf, spec, Node({names[0]: node}, node.mark, {names[0]: node.mark}), problems)
        return
    below = stack.cells.get(leaf)
    rows = list(below.value) if below is not None and isinstance(below.value, list) else []
    if int(names[0]) >= len(rows):
        last = f"its last row is {len(rows) - 1}" if rows else "it has no rows"
        problems.append(Problem(SET, None, None, path, f"there is no row {names[0]} in {leaf}; {last}"))
        return
    proof = None
    if evidence.is_evidence(node, spec_of(path)):
        split = evidence.read(node, spec_of(path), path, SET, problems)
        if split is None:
            return
        node, proof = split
    index = int(names[0])
    rows[index] = node.plain() if len(names) == 1 else {**rows[index], names[1]: node.plain()}
    inner = dict(below.inner) if below is not None else {}
    relative = ".".join(names)
    if proof is None and relative in inner:
        proof = inner[relative].context_for(SET)
    if proof is not None:
        inner[relative] = proof
    layer.cells[leaf] = Cell(rows, SET, node, below.evidence if below is not None else None, inner)
