"""Layers of a scenario and how they stack: ``--set`` over file over what it extends over schema default.

Mappings merge, lists and tables are replaced, ``null`` takes an optional part out. A law given with its
family replaces the one below; without (``{mean: 7}``) it changes the parts it names. A value given without
evidence keeps the range and source of the one below as context and is graded ``set by <layer>``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sim.scenario import evidence
from sim.scenario.evidence import Evidence
from sim.scenario.fields import ROOT, FieldSpec, children, row
from sim.scenario.problems import Mark, Problem, listed, nearest, quoted
from sim.scenario.reading import Node

SUPPORTED_VERSION = 1


@dataclass(frozen=True)
class Cell:
    """One leaf of a scenario as a layer gave it.

    Parameters
    ----------
    value
        Plain value: number, text, list, rows of a table, or a law as a number or mapping.
    layer
        Name of the layer that set it last.
    node
        Place of the value and of everything inside it.
    evidence
        What the leaf as a whole rests on.
    inner
        What single numbers inside it rest on, by path below the leaf, such as ``mean`` or ``0.price``.
    """

    value: Any
    layer: str
    node: Node
    evidence: Evidence | None = None
    inner: dict[str, Evidence] = field(default_factory=dict)


@dataclass
class Layer:
    """Everything one file or the command line says, by dotted path."""

    name: str
    cells: dict[str, Cell] = field(default_factory=dict)
    parts: dict[str, Mark] = field(default_factory=dict)
    removed: dict[str, Mark] = field(default_factory=dict)


def layer_of(root: Node, name: str, problems: list[Problem]) -> Layer:
    """Read a tree into a layer; every problem found is appended to ``problems``."""
    layer = Layer(name)
    _part(root, ROOT, "", layer, problems)
    return layer


def add_value(layer: Layer, path: str, spec: FieldSpec, node: Node, problems: list[Problem]) -> None:
    """Read one value, of any kind, into a layer."""
    _READERS.get(spec.kind, _leaf)(node, spec, path, layer, problems)


def _part(node: Node, spec: FieldSpec, path: str, layer: Layer, problems: list[Problem]) -> None:
    if node.value is None and path:
        if spec.optional:
            layer.removed[path] = node.mark
        else:
            problems.append(
                Problem.at(node.mark, path, "is empty and cannot be left out; give it, or drop the line")
            )
        return
    if not isinstance(node.value, dict):
        problems.append(
            Problem.at(node.mark, path, f"should be {spec.allowed()} (got {quoted(node.plain())})")
        )
        return
    layer.parts[path] = node.mark
    known = children(spec)
    for key, child in node.value.items():
        inner = f"{path}.{key}" if path else key
        if key in known:
            # What is empty stands where its name stands: the parser puts it on the next line.
            given = Node(None, node.keys[key]) if child.value is None else child
            add_value(layer, inner, known[key], given, problems)
            if inner in layer.parts:
                layer.parts[inner] = node.keys[key]
        else:
            where = "" if path else " at the top"
            hint = nearest(key, list(known)) or f"; known: {listed(list(known))}"
            problems.append(Problem.at(node.keys[key], inner, f"unknown key '{key}'{where}{hint}"))


def _leaf(node: Node, spec: FieldSpec, path: str, layer: Layer, problems: list[Problem]) -> None:
    if path == "schema_version" and not _version_fits(node, problems):
        return
    if evidence.is_evidence(node, spec):
        split = evidence.read(node, spec, path, layer.name, problems)
        if split is None:
            return
        layer.cells[path] = Cell(split[0].plain(), layer.name, split[0], split[1])
        return
    layer.cells[path] = Cell(node.plain(), layer.name, node)


def _version_fits(node: Node, problems: list[Problem]) -> bool:
    version = node.value
    if version == SUPPORTED_VERSION and isinstance(version, int) and not isinstance(version, bool):
        return True
    newer = isinstance(version, int) and not isinstance(version, bool) and version > SUPPORTED_VERSION
    message = (
        f"format {version} is newer than this program, which reads format {SUPPORTED_VERSION};"
        " update channelsim"
        if newer
        else f"should be {SUPPORTED_VERSION} (got {quoted(node.plain())})"
    )
    problems.append(Problem.at(node.mark, "schema_version", message))
    return False


def _strip(
    node: Node, spec: FieldSpec, path: str, relative: str, cell: Cell, problems: list[Problem]
) -> Node | None:
    """Node without the evidence of the numbers inside it, which is recorded in ``cell.inner``."""
    if not evidence.is_evidence(node, spec):
        return node
    split = evidence.read(node, spec, path, cell.layer, problems)
    if split is None:
        return None
    cell.inner[relative] = split[1]
    return split[0]


def _inside(
    node: Node, spec: FieldSpec, path: str, relative: str, cell: Cell, problems: list[Problem]
) -> Node:
    """Row of a table or mapping of a law with known keys only and evidence taken out."""
    known = children(spec)
    clean = Node({}, node.mark, dict(node.keys))
    for key, child in node.value.items():
        if key not in known:
            hint = nearest(key, list(known)) or f"; known: {listed(list(known))}"
            problems.append(Problem.at(node.keys[key], f"{path}.{key}", f"unknown key '{key}'{hint}"))
            continue
        below = f"{relative}.{key}" if relative else key
        stripped = _strip(child, known[key], f"{path}.{key}", below, cell, problems)
        if stripped is not None:
            clean.value[key] = stripped
    return clean


def _law(node: Node, spec: FieldSpec, path: str, layer: Layer, problems: list[Problem]) -> None:
    whole: Evidence | None = None
    if evidence.is_evidence(node, spec):
        split = evidence.read(node, spec, path, layer.name, problems)
        if split is None:
            return
        node, whole = split
    cell = Cell(None, layer.name, node, whole)
    if isinstance(node.value, dict):
        node = _inside(node, spec, path, "", cell, problems)
    layer.cells[path] = replace(cell, value=node.plain(), node=node)


def _table(node: Node, spec: FieldSpec, path: str, layer: Layer, problems: list[Problem]) -> None:
    whole: Evidence | None = None
    if evidence.is_evidence(node, spec):
        split = evidence.read(node, spec, path, layer.name, problems)
        if split is None:
            return
        node, whole = split
    cell = Cell(None, layer.name, node, whole)
    if isinstance(node.value, list):
        rows = []
        for index, item in enumerate(node.value):
            where = f"{path}.{index}"
            if isinstance(item.value, dict):
                rows.append(_inside(item, row(spec), where, str(index), cell, problems))
            else:
                message = (
                    f"should be a row with {listed(list(children(row(spec))))} (got {quoted(item.plain())})"
                )
                problems.append(Problem.at(item.mark, where, message))
        node = Node(rows, node.mark)
    layer.cells[path] = replace(cell, value=node.plain(), node=node)


_READERS: dict[str, Callable[[Node, FieldSpec, str, Layer, list[Problem]], None]] = {
    "part": _part,
    "law": _law,
    "table": _table,
}


@dataclass
class Stack:
    """Layers merged so far: leaves and parts by dotted path, and where parts were taken out."""

    cells: dict[str, Cell] = field(default_factory=dict)
    parts: dict[str, Mark] = field(default_factory=dict)
    removed: dict[str, Mark] = field(default_factory=dict)

    def put(self, layer: Layer) -> None:
        """Lay one more layer on top."""
        for path, mark in layer.removed.items():
            self._remove(path)
            self.removed[path] = mark
        for path, cell in layer.cells.items():
            below = self.cells.get(path)
            self.cells[path] = cell if below is None else over(cell, below)
        self.parts.update(layer.parts)

    def _remove(self, path: str) -> None:
        inside = f"{path}."
        for store in (self.cells, self.parts):
            for name in [one for one in store if one == path or one.startswith(inside)]:
                del store[name]

    def nested(self) -> dict[str, Any]:
        """Merged values as nested mappings, ready to be validated."""
        values: dict[str, Any] = {}
        for path in self.parts:
            if path:
                _reach(values, path.split("."))
        for path, cell in self.cells.items():
            *outer, last = path.split(".")
            _reach(values, outer)[last] = cell.value
        return values

    def mark(self, path: str) -> Mark | None:
        """Place of a path, or of the innermost part around it that was written down."""
        names = path.split(".") if path else []
        for length in range(len(names), -1, -1):
            known = ".".join(names[:length])
            if known in self.cells:
                return evidence.place_of(self.cells[known].node, tuple(names[length:]))
            if known in self.parts:
                return self.parts[known]
            if known in self.removed:
                return self.removed[known]
        return None


def _reach(values: dict[str, Any], names: list[str]) -> dict[str, Any]:
    for name in names:
        values = values.setdefault(name, {})
    return values


def over(upper: Cell, lower: Cell) -> Cell:
    """Cell that results when a layer gives a value that a lower one gave before."""
    value, inner = upper.value, upper.inner
    if isinstance(value, dict) and isinstance(lower.value, dict | int | float) and "law" not in value:
        below = (
            lower.value if isinstance(lower.value, dict) else {"law": "deterministic", "mean": lower.value}
        )
        value = {**below, **value}
        kept = {name: proof for name, proof in lower.inner.items() if name not in upper.value}
        changed = {
            name: proof.context_for(upper.layer) for name, proof in lower.inner.items() if name in upper.value
        }
        inner = {**changed, **kept, **inner}
    own, below_evidence = upper.evidence, lower.evidence
    if own is None and below_evidence is not None:
        own = below_evidence.context_for(upper.layer)
    elif own is not None and own.range is None and below_evidence is not None:
        own = replace(own, range=below_evidence.range)
    return replace(upper, value=value, evidence=own, inner=inner)
