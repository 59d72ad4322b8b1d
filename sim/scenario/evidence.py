"""What a number rests on: plausible range, source and grade, written beside the value it belongs to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, get_args

from sim.scenario.fields import FieldSpec, law_parts
from sim.scenario.problems import Mark, Problem, listed, nearest, quoted
from sim.scenario.reading import Node
from sim.scenario.schema import Grade

GRADES: tuple[str, ...] = get_args(Grade)
SET_BY = "set by "
"""Begins the grade of a value that was given without one; the layer follows."""
KEYS = ("value", "range", "source", "grade")
LONGEST_SOURCE = 2000


@dataclass(frozen=True)
class Evidence:
    """What a value rests on.

    Parameters
    ----------
    range
        Plausible values, lowest and highest, in the unit of the field; of a law, of its mean. None where
        not given.
    source
        Where it was read, with the address, or what a guess is anchored on.
    grade
        ``A`` filing, official statistic or reviewed study; ``B`` reputable secondary source or one step of
        arithmetic from A; ``C`` blog, vendor or translated page; ``guess`` expert judgement; otherwise
        ``set by <layer>``: a value given without saying what it rests on.
    """

    range: tuple[float, float] | None
    source: str
    grade: str

    def context_for(self, layer: str) -> Evidence:
        """Evidence of a value that replaced this one without its own: range and source stay as context."""
        return Evidence(self.range, self.source, f"{SET_BY}{layer}")


def is_evidence(node: Node, spec: FieldSpec) -> bool:
    """Whether a mapping stands for a value with evidence rather than for the value itself."""
    if not isinstance(node.value, dict) or not spec.takes_evidence:
        return False
    return spec.kind != "law" or any(key in KEYS for key in node.value)


def read(
    node: Node, spec: FieldSpec, path: str, layer: str, problems: list[Problem]
) -> tuple[Node, Evidence] | None:
    """Split ``{value, range, source, grade}`` into the value's node and its evidence.

    Returns None, with at least one problem recorded, when there is no value to go on with.
    """
    for key, mark in node.keys.items():
        if key not in KEYS:
            hint = nearest(key, KEYS) or f"; evidence has {listed(KEYS)}"
            problems.append(Problem.at(mark, path, f"unknown key '{key}' in the evidence{hint}"))
    if "value" not in node.value:
        problems.append(
            Problem.at(node.mark, path, f"the evidence has no value; give value: {spec.allowed()}")
        )
        return None
    value: Node = node.value["value"]
    interval = _range(node.value.get("range"), value, spec, path, problems)
    source = _source(node.value.get("source"), path, problems)
    grade = _grade(node.value.get("grade"), path, problems) or f"{SET_BY}{layer}"
    return value, Evidence(interval, source, grade)


def _source(node: Node | None, path: str, problems: list[Problem]) -> str:
    if node is None:
        return ""
    if isinstance(node.value, str) and len(node.value) <= LONGEST_SOURCE:
        return node.value
    message = f"source should be a text of up to {LONGEST_SOURCE} characters (got {quoted(node.plain())})"
    problems.append(Problem.at(node.mark, path, message))
    return ""


def _grade(node: Node | None, path: str, problems: list[Problem]) -> str | None:
    if node is None:
        return None
    if node.value in GRADES:
        return str(node.value)
    hint = nearest(node.value, GRADES) if isinstance(node.value, str) else ""
    message = f"grade should be one of {listed(GRADES)} (got {quoted(node.plain())}){hint}"
    problems.append(Problem.at(node.mark, path, message))
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _central(value: Node, spec: FieldSpec) -> tuple[float | None, FieldSpec]:
    """Number that a range must contain, and whose bounds hold for it: the value, or the mean of a law."""
    if spec.kind != "law":
        return (value.value if _is_number(value.value) else None), spec
    plain = value.plain()
    mean = plain.get("mean") if isinstance(plain, dict) else plain
    return (mean if _is_number(mean) else None), law_parts(spec)["mean"]


def _range(
    node: Node | None, value: Node, spec: FieldSpec, path: str, problems: list[Problem]
) -> tuple[float, float] | None:
    if node is None:
        return None
    if spec.kind in ("list", "table"):
        message = f"a {spec.kind} takes no range" + (
            "; give evidence to the numbers of its rows" if spec.kind == "table" else ""
        )
        problems.append(Problem.at(node.mark, path, message))
        return None
    plain = node.plain()
    if not (isinstance(plain, list) and len(plain) == 2 and all(_is_number(end) for end in plain)):
        message = f"range should be [lowest, highest], two numbers (got {quoted(plain)})"
        problems.append(Problem.at(node.mark, path, message))
        return None
    low, high = float(plain[0]), float(plain[1])
    number, limits = _central(value, spec)
    message = ""
    if low > high:
        message = f"range is reversed: [{plain[0]}, {plain[1]}]; lowest first"
    elif not (limits.contains(low) and limits.contains(high)):
        message = f"range [{plain[0]}, {plain[1]}] goes beyond what is allowed: {limits.allowed()}"
    elif number is not None and not low <= number <= high:
        what = "mean" if spec.kind == "law" else "value"
        message = f"range [{plain[0]}, {plain[1]}] does not contain the {what} {number}"
    if message:
        problems.append(Problem.at(node.mark, path, message))
        return None
    return low, high


def place_of(node: Node, relative: tuple[str, ...]) -> Mark:
    """Place of a value inside a node, or of the innermost part of the way to it that exists."""
    for name in relative:
        if isinstance(node.value, dict) and name in node.value:
            node = node.value[name]
        elif isinstance(node.value, list) and name.isdecimal() and int(name) < len(node.value):
            node = node.value[int(name)]
        else:
            break
    return node.mark
