"""From nested plain values to the typed model; every refusal says what is allowed, in the schema's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from pydantic import ValidationError

from sim.scenario.fields import FieldSpec, UnknownPathError, children, spec_of
from sim.scenario.problems import Mark, Problem, ScenarioError, nearest, quoted
from sim.scenario.schema import RulesBroken, ScenarioModel

Locate = Callable[[str], Mark | None]
_WORD = re.compile(r"[a-z][a-z0-9_.]*[a-z0-9]")


def model_of(values: Mapping[str, Any]) -> ScenarioModel:
    """Validate values that come from code; problems carry paths and no places.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    try:
        return ScenarioModel.model_validate(values)
    except ValidationError as error:
        raise ScenarioError(problems_of(error, lambda _: None)) from error


def problems_of(
    error: ValidationError, locate: Locate, *, file: str = "", known: Collection[Problem] = ()
) -> list[Problem]:
    """Say what a failed validation found.

    Parameters
    ----------
    error
        What the model said.
    locate
        Place of a dotted path, or None.
    file
        File named where there is no place.
    known
        Problems found while reading: what follows from them is not said again.
    """
    problems = []
    partial = any(one.path == "extends" for one in known)
    refused = {one.path for one in known if one.path}
    # A tag, an alias or an anchor spoils the value that stands in its line.
    spoilt = {(one.file, one.line) for one in known if one.line and not one.path}
    for detail in error.errors(include_url=False):
        path = ".".join(str(part) for part in detail["loc"])
        if any(_inside(path, bad) or _inside(bad, path) for bad in refused) or (
            partial and detail["type"] == "missing"
        ):
            continue
        for message in _messages(path, detail):
            place = locate(_culprit(path, message, locate, file) if detail["type"] == "value_error" else path)
            problem = Problem.at(place, path, message, file=file)
            if (problem.file, problem.line) not in spoilt or detail["type"] == "missing":
                problems.append(problem)
    return problems


def _inside(path: str, outer: str) -> bool:
    """Whether a path is another one or lies in it; everything that is not the whole lies in the whole."""
    return path == outer or (outer != "" and path.startswith(f"{outer}."))


def _spec(path: str) -> FieldSpec | None:
    try:
        return spec_of(path)
    except UnknownPathError:
        return None


def _messages(path: str, detail: Any) -> tuple[str, ...]:
    broken = detail.get("ctx", {}).get("error")
    return broken.reasons if isinstance(broken, RulesBroken) else (_message(path, detail),)


def _message(path: str, detail: Any) -> str:
    kind, found, spec = detail["type"], detail.get("input"), _spec(path)
    reason = str(detail.get("ctx", {}).get("error", ""))
    if kind == "missing":
        return _missing(path, spec)
    if kind == "extra_forbidden":
        outer = _spec(path.rpartition(".")[0]) if "." in path else None
        return (
            f"unknown key '{path.rpartition('.')[2]}'{nearest(path, list(children(outer))) if outer else ''}"
        )
    if kind == "value_error" and (
        spec is None or spec.kind in ("part", "law") or reason != "should be a number"
    ):
        return reason
    if spec is None:
        return f"{detail['msg']} (got {quoted(found)})"
    if kind in ("too_short", "too_long") and isinstance(found, list):
        return f"should be {spec.allowed()}; found {len(found)}"
    hint = ""
    if isinstance(found, str):
        hint = nearest(found, [str(choice) for choice in spec.choices]) or _as_number(found, spec)
    return f"should be {spec.allowed()} (got {quoted(found)}){hint}"


def _missing(path: str, spec: FieldSpec | None) -> str:
    if path == "schema_version":
        return "is missing; add 'schema_version: 1'"
    if spec is None:
        return "is missing"
    if spec.kind == "part":
        return (
            f"is missing ({spec.description.rstrip('.')}); give it, or take it over with 'extends: base.yaml'"
        )
    return (
        f"is missing; give {spec.allowed()}: {spec.description[:1].lower()}{spec.description[1:].rstrip('.')}"
    )


def _as_number(text: str, spec: FieldSpec) -> str:
    """Hint for a number that was written as a text: quotes, per cent signs, separators."""
    if spec.kind not in ("number", "whole", "law"):
        return ""
    bare = text.strip().replace(",", "").replace("_", "").replace(" ", "")
    share = bare.endswith("%")
    try:
        number = float(bare.rstrip("%")) / (100 if share else 1)
    except ValueError:
        return ""
    written = f"{number:.12g}"
    return f"; write {written}" if share else f"; write {written}, without quotes or separators"


def _culprit(path: str, message: str, locate: Locate, file: str) -> str:
    """Path of the field that a rule over several fields complains about.

    Of those it names the first that the user's own file says something about, else the first of all.
    """
    named = []
    for word in _WORD.findall(message):
        for candidate in (f"{path}.{word}" if path else word, word):
            if _spec(candidate) is not None and (mark := locate(candidate)) is not None:
                if mark.file == file:
                    return candidate
                named.append(candidate)
    return named[0] if named else path
