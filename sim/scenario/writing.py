"""A resolved scenario as YAML that loads back to the same values: every leaf with its evidence and unit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.scenario.evidence import GRADES, Evidence
from sim.scenario.fields import FieldSpec, fields_of

if TYPE_CHECKING:
    from sim.scenario.entries import Origin
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import Part


def to_yaml(scenario: Scenario) -> str:
    """Write a scenario out whole, without ``extends``."""
    lines = [f"# {scenario.name}: every value resolved, with the evidence of the layer that set it."]
    lines += _part(scenario, scenario.model, "", "")
    return "\n".join(lines) + "\n"


def _part(scenario: Scenario, part: Part, prefix: str, indent: str) -> Iterator[str]:
    for name, spec in fields_of(type(part)).items():
        path = f"{prefix}.{name}" if prefix else name
        value = getattr(part, name)
        if value is None:  # left out, and left out it reads back
            continue
        if spec.kind == "part":
            inner = list(_part(scenario, value, path, indent + "  "))
            yield f"{indent}{name}:" if inner else f"{indent}{name}: {{}}"
            yield from inner
            continue
        plain = part.model_dump(include={name})[name]
        comment = f"  # {spec.unit}" if spec.kind in ("number", "whole", "law", "list") else ""
        yield f"{indent}{name}: {_leaf(plain, spec, scenario.origin(path))}{comment}"


def _leaf(value: Any, spec: FieldSpec, origin: Origin) -> str:
    if not spec.takes_evidence:
        return _flow(value)
    for relative, proof in origin.inner.items():
        _attach(value, relative.split("."), proof)
    return _flow(_with(value, origin.evidence, _middle(value, spec)))


def _middle(value: Any, spec: FieldSpec) -> float | None:
    """Number that a range has to contain: the value, or the mean of a law."""
    if spec.kind == "law":
        mean = value["mean"]
        return mean["value"] if isinstance(mean, dict) else mean
    return value if spec.kind in ("number", "whole") else None


def _attach(value: Any, names: list[str], proof: Evidence) -> None:
    """Put the evidence of a number inside a table or law beside it."""
    *outer, last = names
    for name in outer:
        value = value[int(name)] if isinstance(value, list) else value[name]
    value[last] = _with(value[last], proof, value[last])


def _with(value: Any, proof: Evidence | None, number: float | None) -> Any:
    """Value with its evidence; a range that was kept as context and no longer holds the value is left out."""
    if proof is None:
        return value
    written: dict[str, Any] = {"value": value}
    if proof.range is not None and number is not None and proof.range[0] <= number <= proof.range[1]:
        written["range"] = list(proof.range)
    if proof.source:
        written["source"] = proof.source
    if proof.grade in GRADES:
        written["grade"] = proof.grade
    return written if len(written) > 1 else value


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _quoted(text: str) -> str:
    """Double-quoted YAML text; words of letters stay bare."""
    if text.isascii() and text.isalpha() and text.lower() not in ("true", "false", "null"):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(one if one.isprintable() else _escaped(one) for one in quoted)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
