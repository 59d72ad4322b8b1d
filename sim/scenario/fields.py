"""The schema as data: what every path of a scenario means, may hold and is measured in.

Everything that walks scenarios (reading, merging, entries, reference documentation, JSON Schema) asks here,
so a field is described once, in :mod:`sim.scenario.schema`.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic.fields import FieldInfo

from sim.scenario.problems import listed, nearest
from sim.scenario.schema import Law, Part, ScenarioModel

LEAVES_WITH_EVIDENCE = ("number", "whole", "law", "list", "table")
LABELS = ("title", "name", "why")


class UnknownPathError(KeyError):
    """A path that the schema, or this scenario, does not have."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class FieldSpec:
    """One field of the schema.

    Parameters
    ----------
    name
        Last part of its path.
    kind
        ``part``, ``law``, ``number``, ``whole``, ``switch``, ``choice``, ``text``, ``list`` or ``table``.
    unit, role, basic, description
        As declared; the role of a label is ``label``.
    required, optional, default
        Whether it must be given, whether ``null`` takes it out, and what holds otherwise.
    low, high, low_open, high_open
        Hard bounds of a number; None where there is none; open where the bound itself is not allowed.
    choices
        Allowed words of a choice.
    shortest, longest
        Allowed lengths of a list, table or text.
    part
        Model of a part, of a law, or of a table's rows.
    """

    name: str
    kind: str
    description: str
    unit: str = ""
    role: str = "assumption"
    basic: bool = False
    required: bool = True
    optional: bool = False
    default: Any = None
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    choices: tuple[Any, ...] = ()
    shortest: int | None = None
    longest: int | None = None
    part: type[Part] | None = None

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Lowest and highest allowed value; None where there is no bound."""
        return self.low, self.high

    @property
    def takes_evidence(self) -> bool:
        """Whether ``{value, range, source, grade}`` may stand for the value."""
        return self.kind in LEAVES_WITH_EVIDENCE and self.role != "label"

    def contains(self, number: float) -> bool:
        """Whether a number lies within the hard bounds."""
        above = self.low is None or (number > self.low if self.low_open else number >= self.low)
        below = self.high is None or (number < self.high if self.high_open else number <= self.high)
        return above and below

    def allowed(self) -> str:
        """What may stand here, in words: kind, bounds, unit or choices."""
        if self.kind == "choice":
            return "one of " + listed([str(choice) for choice in self.choices])
        if self.kind == "switch":
            return "true or false"
        if self.kind == "text":
            return (
                f"a text of {self.shortest or 0} to {self.longest} characters" if self.longest else "a text"
            )
        if self.kind == "law":
            return f"a number or {{law, mean, cv}} with a mean from 0 to {_plain(1e9)} ({self.unit})"
        if self.kind == "list":
            return f"a list of {_length(self)} numbers ({self.unit})"
        if self.kind == "table":
            return f"a table of rows with {listed(list(fields_of(self._rows())))}"
        if self.kind == "part":
            return f"a part with {listed(list(fields_of(self._rows())))}"
        noun = "a whole number" if self.kind == "whole" else "a number"
        return f"{noun}{self._span()} ({self.unit})"

    def _rows(self) -> type[Part]:
        if self.part is None:
            raise TypeError(f"{self.name} is a {self.kind} and has no parts")
        return self.part

    def _span(self) -> str:
        low, high = _plain(self.low), _plain(self.high)
        if self.low is None and self.high is None:
            return ""
        if self.high is None:
            return f" above {low}" if self.low_open else f" of at least {low}"
        if self.low is None:
            return f" below {high}" if self.high_open else f" of at most {high}"
        start = f"above {low}" if self.low_open else f"from {low}"
        return f" {start} {'to below' if self.high_open else 'to'} {high}"


def _plain(number: float | None) -> str:
    """Bounds as a person writes them: 0.9, 365, 100000, 1e+09."""
    if number is None:
        return ""
    return str(int(number)) if number == int(number) and abs(number) < 1e7 else f"{number:g}"


def _length(spec: FieldSpec) -> str:
    if spec.shortest == spec.longest:
        return str(spec.shortest)
    return f"{spec.shortest or 0} to {spec.longest}" if spec.longest else f"at least {spec.shortest or 0}"


def _without_none(annotation: Any) -> tuple[Any, bool]:
    """Annotation without its ``| None``, and whether it had one."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [one for one in get_args(annotation) if one is not type(None)]
        return inner[0], len(inner) < len(get_args(annotation))
    return annotation, False


def _kind(annotation: Any) -> tuple[str, type[Part] | None]:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is Literal:
        return "choice", None
    if get_origin(annotation) is list:
        inner, part = _kind(get_args(annotation)[0])
        return ("table", part) if inner == "part" else ("list", None)
    if isinstance(annotation, type) and issubclass(annotation, Law):
        return "law", annotation
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return "part", annotation
    return {bool: "switch", int: "whole", float: "number", str: "text"}[annotation], None


def _spec(name: str, info: FieldInfo) -> FieldSpec:
    annotation, optional = _without_none(info.annotation)
    kind, part = _kind(annotation)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    limits: dict[str, Any] = {}
    for rule in info.metadata:
        if isinstance(rule, Ge | Gt):
            limits |= {"low": rule.ge if isinstance(rule, Ge) else rule.gt, "low_open": isinstance(rule, Gt)}
        elif isinstance(rule, Le | Lt):
            limits |= {
                "high": rule.le if isinstance(rule, Le) else rule.lt,
                "high_open": isinstance(rule, Lt),
            }
        elif isinstance(rule, MinLen):
            limits["shortest"] = rule.min_length
        elif isinstance(rule, MaxLen):
            limits["longest"] = rule.max_length
    label = name in LABELS or name == "schema_version"
    return FieldSpec(
        name=name,
        kind=kind,
        description=info.description or "",
        unit=str(extra.get("x-unit", {"text": "text", "switch": "switch", "choice": "choice"}.get(kind, ""))),
        role="label" if label else str(extra.get("x-role", "assumption")),
        basic=bool(extra.get("x-basic", False)),
        required=info.is_required(),
        optional=optional,
        default=None if info.is_required() else info.get_default(call_default_factory=True),
        choices=get_args(annotation) if kind == "choice" else (),
        part=part,
        **limits,
    )


@cache
def fields_of(part: type[Part]) -> dict[str, FieldSpec]:
    """Fields of one part of the schema by name, in the order of declaration."""
    return {name: _spec(name, info) for name, info in part.model_fields.items()}


@cache
def law_parts(law: FieldSpec) -> dict[str, FieldSpec]:
    """Family, mean and cv of a law; the mean carries the unit of the field and whether it is basic."""
    inner = fields_of(Law)
    described = law.description.rstrip(".")
    return {
        "law": replace(
            inner["law"],
            description=f"{described}: family of its distribution.",
            role=law.role,
            unit="choice",
        ),
        "mean": replace(
            inner["mean"], description=f"{described}: mean.", unit=law.unit, role=law.role, basic=law.basic
        ),
        "cv": replace(inner["cv"], description=f"{described}: coefficient of variation.", role=law.role),
    }


ROOT = FieldSpec(name="", kind="part", description="One brand in one market.", part=ScenarioModel)


def children(spec: FieldSpec) -> dict[str, FieldSpec]:
    """What a path may go on with: fields of a part, parts of a law; nothing for other leaves."""
    if spec.kind == "law":
        return law_parts(spec)
    return fields_of(spec.part) if spec.kind == "part" and spec.part is not None else {}


def row(spec: FieldSpec) -> FieldSpec:
    """Specification of one row of a table or one number of a list."""
    if spec.kind == "table":
        return replace(spec, kind="part", shortest=None, longest=None)
    return replace(spec, kind="number", shortest=None, longest=None)


def spec_of(path: str) -> FieldSpec:
    """Specification of a path; rows of tables and numbers of lists are counted from 0.

    Raises
    ------
    UnknownPathError
        With the nearest known name, when the schema has no such path.

    Examples
    --------
    >>> spec_of("channels.tmall.commission").unit
    'share'
    >>> spec_of("fulfilment.courier.tariff_tiers.1.price").unit
    'yuan/parcel'
    """
    spec, walked = ROOT, ""
    for name in path.split("."):
        spec = _step(spec, name, walked)
        walked = f"{walked}.{name}" if walked else name
    return spec


def _step(spec: FieldSpec, name: str, walked: str) -> FieldSpec:
    if spec.kind in ("list", "table"):
        if not name.isdecimal():
            raise UnknownPathError(
                f"{walked} is a {spec.kind}; name a row of it by its number, from 0, not '{name}'"
            )
        return row(spec)
    known = children(spec)
    if not known:
        raise UnknownPathError(f"{walked} is {spec.allowed()} and has no part '{name}'")
    if name not in known:
        where = f"in {walked}" if walked else "at the top"
        hint = nearest(name, list(known)) or f"; known {where}: {listed(list(known))}"
        raise UnknownPathError(f"unknown name '{name}' {where}{hint}")
    return known[name]


def walk(part: type[Part] = ScenarioModel, prefix: str = "") -> Iterator[tuple[str, FieldSpec]]:
    """Every path of the schema with its specification; rows of tables appear as ``[]``."""
    for name, spec in fields_of(part).items():
        path = f"{prefix}.{name}" if prefix else name
        yield path, spec
        if spec.kind == "part" and spec.part is not None:
            yield from walk(spec.part, path)
        elif spec.kind == "table" and spec.part is not None:
            yield from walk(spec.part, f"{path}[]")
