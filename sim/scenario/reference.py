"""Documents made from the schema: the JSON Schema that editors use, and the reference of all fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.scenario.evidence import GRADES
from sim.scenario.fields import FieldSpec, fields_of, law_parts, spec_of
from sim.scenario.schema import Law, Part, ScenarioModel

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


# --- JSON Schema ----------------------------------------------------------------------------------


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, with ``x-unit``, ``x-role`` and ``x-basic`` on every leaf.

    Nothing is required, as a file that extends another one is partial.
    """
    definitions: dict[str, Any] = {}
    root = _object(ScenarioModel, definitions)
    root["properties"] = {
        "schema_version": root["properties"].pop("schema_version"),
        "extends": {
            "type": "string",
            "description": "Scenario that this one changes: a file beside it or a shipped name.",
        },
        **root["properties"],
    }
    return {
        "$schema": SCHEMA_DIALECT,
        "title": "channelsim scenario",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _object(part: type[Part], definitions: dict[str, Any]) -> dict[str, Any]:
    properties = {name: _property(spec, definitions) for name, spec in fields_of(part).items()}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _reference(spec: FieldSpec, definitions: dict[str, Any]) -> dict[str, Any]:
    part = spec.part or Part
    if part.__name__ not in definitions:
        definitions[part.__name__] = {}
        definitions[part.__name__] = {
            "description": (part.__doc__ or "").split("\n")[0],
            **_object(part, definitions),
        }
    return {"$ref": f"#/$defs/{part.__name__}"}


def _property(spec: FieldSpec, definitions: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {"description": spec.description}
    if spec.kind == "part":
        inner = _reference(spec, definitions)
        return described | ({"anyOf": [inner, {"type": "null"}]} if spec.optional else {"allOf": [inner]})
    described |= {"x-unit": spec.unit, "x-role": spec.role, "x-basic": spec.basic}
    if not spec.required and spec.kind != "table":
        described["default"] = spec.default
    value = _value(spec, definitions)
    if not spec.takes_evidence:
        return described | value
    # The bounds stand outside as well: tools that draw sliders look for them there.
    bounds = {key: value[key] for key in value if key not in ("type", "items", "anyOf", "allOf", "$ref")}
    return described | bounds | {"anyOf": [value, _evidence(value, spec)]}


def _value(spec: FieldSpec, definitions: dict[str, Any]) -> dict[str, Any]:
    if spec.kind == "choice":
        return {"enum": list(spec.choices)}
    if spec.kind == "switch":
        return {"type": "boolean"}
    if spec.kind == "text":
        return {"type": "string"} | ({"maxLength": spec.longest} if spec.longest else {})
    if spec.kind == "law":
        inner = law_parts(spec)
        properties = {name: _property(one, definitions) for name, one in inner.items()}
        law = {"type": "object", "additionalProperties": False, "properties": properties}
        return {"anyOf": [_number(inner["mean"]), law]}
    if spec.kind in ("list", "table"):
        items = _reference(spec, definitions) if spec.kind == "table" else {"type": "number"}
        lengths = {"minItems": spec.shortest, "maxItems": spec.longest}
        return {"type": "array", "items": items} | {key: n for key, n in lengths.items() if n is not None}
    return _number(spec)


def _number(spec: FieldSpec) -> dict[str, Any]:
    limits = {
        "exclusiveMinimum" if spec.low_open else "minimum": spec.low,
        "exclusiveMaximum" if spec.high_open else "maximum": spec.high,
    }
    kind = "integer" if spec.kind == "whole" else "number"
    return {"type": kind} | {key: bound for key, bound in limits.items() if bound is not None}


def _evidence(value: dict[str, Any], spec: FieldSpec) -> dict[str, Any]:
    properties: dict[str, Any] = {"value": value}
    if spec.kind not in ("list", "table"):
        ends = {"type": "number"}
        properties["range"] = {"type": "array", "items": ends, "minItems": 2, "maxItems": 2}
    properties |= {"source": {"type": "string"}, "grade": {"enum": list(GRADES)}}
    return {"type": "object", "additionalProperties": False, "required": ["value"], "properties": properties}


# --- reference of all fields ----------------------------------------------------------------------

_INTRODUCTION = """# Scenario reference

Made from the schema; `channelsim explain --schema` gives the same as JSON Schema.

A scenario is one YAML file. `schema_version: 1` and a `title` open it; `extends: base.yaml` takes
everything else from another scenario, and the file then says only what differs. What holds in the end:
`--set` over file over what it extends over schema default. Parts merge; lists and tables are replaced;
`null` takes an optional part out.

**Values.** A number may carry its evidence: `{value: 0.05, range: [0.03, 0.055], source: "...", grade: B}`.
The range is what is plausible and must lie within the bounds below and contain the value. Grades: `A`
filing, official statistic or reviewed study; `B` reputable secondary source, or one step of arithmetic from
one; `C` blog, vendor or translated page; `guess` expert judgement. A value that a later layer gives without
evidence keeps range and source as context and is graded `set by <layer>`.

**Laws.** Anything random is a law: a plain number (never varies) or `{law: lognormal, mean: 8, cv: 0.5}`
with the families `deterministic`, `exponential`, `lognormal`, `gamma` and `uniform`. Given with its family
a law replaces the one below; `{mean: 9}` changes the mean only. The range of a law bounds its mean.

**Tables** have rows with the columns shown. Paths count rows from 0:
`fulfilment.courier.tariff_tiers.1.price`.

**`--set PATH=VALUE`** takes YAML after the equals sign, evidence included; a path may be set once.

A *lever* is decided by the brand, an *assumption* describes the world. **Basic** fields are marked with a
star.
"""


def reference_markdown() -> str:
    """Reference of all fields, as Markdown."""
    sections = [_INTRODUCTION.rstrip()]
    repeated: dict[type[Part], str] = {}
    for name, spec in fields_of(ScenarioModel).items():
        sections += list(_section(name, spec, repeated))
    return "\n\n".join(sections) + "\n"


def _section(path: str, spec: FieldSpec, repeated: dict[type[Part], str]) -> Iterator[str]:
    if spec.kind != "part" or spec.part is None:
        if "." not in path:
            yield f"## `{path}`\n\n{spec.description} {_sentence(spec)}."
        return
    depth = "#" * min(2 + path.count("."), 5)
    optional = " Optional; `null` takes it out." if spec.optional else ""
    head = f"{depth} `{path}`\n\n{spec.description}{optional}"
    if spec.part in repeated:
        yield f"{head} Fields as in `{repeated[spec.part]}`."
        return
    repeated[spec.part] = path
    leaves = {name: one for name, one in fields_of(spec.part).items() if one.kind != "part"}
    yield head + (f"\n\n{_table(leaves)}" if leaves else "")
    for name, one in leaves.items():
        if one.kind == "table" and one.part is not None:
            yield f"Rows of `{path}.{name}`:\n\n{_table(fields_of(one.part))}"
    for name, one in fields_of(spec.part).items():
        yield from _section(f"{path}.{name}", one, repeated)


def _sentence(spec: FieldSpec) -> str:
    allowed = spec.allowed()
    return allowed[:1].upper() + allowed[1:]


def _table(leaves: dict[str, FieldSpec]) -> str:
    rows = ["| field | meaning | allowed | unit | role | default |", "| --- | --- | --- | --- | --- | --- |"]
    for name, spec in leaves.items():
        star = " *" if spec.basic else ""
        default = "required" if spec.required else _default(spec.default)
        allowed = spec.allowed().removesuffix(f" ({spec.unit})").replace("|", "or")
        rows.append(
            f"| `{name}`{star} | {spec.description} | {allowed} | {spec.unit} | {spec.role} | {default} |"
        )
    return "\n".join(rows)


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value in ("", None, []):
        return "none"
    return f"`{value}`"


def described(path: str) -> str:
    """One field in words: meaning, unit, what is allowed; for tooltips and messages."""
    spec = spec_of(path)
    return f"{spec.description} Allowed: {spec.allowed()}."


def count_basic() -> int:
    """Number of basic fields, a part that occurs several times counted once."""
    parts: set[type[Part]] = set()

    def visit(part: type[Part]) -> int:
        if part in parts or part is Law:
            return 0
        parts.add(part)
        own = sum(spec.basic for spec in fields_of(part).values())
        return own + sum(visit(spec.part) for spec in fields_of(part).values() if spec.part is not None)

    return visit(ScenarioModel)
