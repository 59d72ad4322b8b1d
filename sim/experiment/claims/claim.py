"""A claim: a sentence, the experiment that puts it to the test, and the rule that was fixed before it ran."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from sim.experiment.claims.figures import check_name
from sim.experiment.claims.formula import Formula
from sim.experiment.errors import ExperimentError
from sim.scenario import reading
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.reading import Node

Outcome = Literal["holds", "fails", "cannot tell"]
SINGLE = "value"
"""Name of the measure where a claim has only one; an arm's bare name then stands for it."""


def _number_or_text(value: Any) -> str:
    return str(value)


Text = Annotated[str, BeforeValidator(_number_or_text)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ClaimWorld(_Strict):
    """One world in which the claim is tried."""

    name: str = Field(min_length=1, max_length=60)
    why: str = Field("", description="What is different there, in words.")
    set: dict[str, Any] = Field(default_factory=dict, description="Values set over the base.")
    expect: Outcome | None = Field(None, description="What the shipped world was written to show.")


class Rule(_Strict):
    """When the claim holds: the effect lies above or below a bar, or between two.

    The whole interval has to lie on the side of the rule for ``holds``, on the other side for ``fails``.
    """

    above: float | None = None
    below: float | None = None
    between: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _one(self) -> Rule:
        given = [name for name in ("above", "below", "between") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a rule needs exactly one of above, below, between (found {len(given)})")
        if self.between is not None and self.between[0] >= self.between[1]:
            raise ValueError("between needs a lower and a higher end")
        return self

    @property
    def words(self) -> str:
        """The rule as a sentence has it."""
        if self.above is not None:
            return f"above {self.above:g}"
        if self.below is not None:
            return f"below {self.below:g}"
        assert self.between is not None
        return f"between {self.between[0]:g} and {self.between[1]:g}"

    def read(self, low: float, high: float) -> Outcome:
        """Return the outcome for an effect that lies from ``low`` to ``high``."""
        if self.above is not None:
            return "holds" if low > self.above else "fails" if high <= self.above else "cannot tell"
        if self.below is not None:
            return "holds" if high < self.below else "fails" if low >= self.below else "cannot tell"
        assert self.between is not None
        left, right = self.between
        if left <= low and high <= right:
            return "holds"
        return "fails" if high < left or low > right else "cannot tell"

    def margin(self, effect: float) -> float:
        """Return how far inside the rule an effect lies; negative outside. It is zero on the frontier."""
        if self.above is not None:
            return effect - self.above
        if self.below is not None:
            return self.below - effect
        assert self.between is not None
        return min(effect - self.between[0], self.between[1] - effect)


class FrontierBox(_Strict):
    """Assumptions over which the frontier of a claim is drawn."""

    over: dict[str, tuple[float, float] | None] = Field(
        min_length=2, max_length=3, description="Two or three paths; a range, or none for the value's own."
    )

    @model_validator(mode="after")
    def _ranges(self) -> FrontierBox:
        for path, ends in self.over.items():
            if ends is not None and ends[0] >= ends[1]:
                raise ValueError(f"{path} needs a lower and a higher end (found {ends[0]:g} and {ends[1]:g})")
        return self


class Claim(_Strict):
    """A claim as its file has it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    sentence: str = Field(min_length=10, max_length=400)
    articles: list[Text] = Field(description="Ids of the articles' claims that this one answers.")
    reading: str = Field("", description="How the sentence became this experiment.")
    fails_when: str = Field(min_length=5, description="What would show that it is false.")
    base: str = "base"
    size: dict[str, Any] = Field(
        default_factory=dict, description="Values that make the world small enough for a quick answer."
    )
    arms: dict[str, dict[str, Any]] = Field(min_length=1, description="Values of each arm, set over a world.")
    measures: dict[str, str] = Field(min_length=1, description="What is measured on each arm, as formulas.")
    effect: str = Field(description="Formula over arm.measure (or arm, where there is one measure).")
    unit: str = ""
    holds: Rule
    replications: int = Field(
        6, ge=2, le=100, description="Histories of every arm, at most; fewer where fewer decide (course.py)."
    )
    worlds: list[ClaimWorld] = Field(min_length=2)
    vary: list[str] = Field(
        default_factory=list,
        description="Beginnings of the paths that plausible worlds vary; all assumptions with a range if"
        " empty.",
    )
    frontier: FrontierBox | None = None

    _file: str = PrivateAttr("")
    _root: Node | None = PrivateAttr(None)

    @model_validator(mode="before")
    @classmethod
    def _one_measure(cls, value: Any) -> Any:
        if isinstance(value, dict) and "measure" in value:
            if "measures" in value:
                raise ValueError("give measure or measures, not both")
            value = dict(value)
            value["measures"] = {SINGLE: value.pop("measure")}
        return value

    @model_validator(mode="after")
    def _names_exist(self) -> Claim:
        for text in self.measures.values():
            for name in _formula(text).names:
                _refuse(check_name, name)
        for name in _formula(self.effect).names:
            arm, _, measure = name.partition(".")
            _among(arm, self.arms, "arm")
            _among(measure or SINGLE, self.measures, "measure")
        if self.worlds[0].set:
            raise ValueError("the first world is the scenario as it is given; it sets nothing")
        names = [world.name for world in self.worlds]
        if len(set(names)) < len(names):
            raise ValueError("two worlds have the same name")
        return self

    def refusal(self, keys: tuple[str | int, ...], message: str) -> ExperimentError:
        """Return an error about one place of the claim: with file and line where it was read from a file."""
        dotted = ".".join(str(key) for key in keys if isinstance(key, str))
        place = f"{self._file}{_line_of(self._root, keys)}" if self._file else f"claim '{self.id}'"
        return ExperimentError(f"{place}: {dotted + ': ' if dotted else ''}{message}")

    @property
    def formula(self) -> Formula:
        """The effect."""
        return Formula(self.effect)


def _formula(text: str) -> Formula:
    try:
        return Formula(text)
    except ExperimentError as error:
        raise ValueError(str(error)) from error


def _refuse(check: Any, name: str) -> None:
    try:
        check(name)
    except ExperimentError as error:
        raise ValueError(str(error)) from error


def _among(name: str, allowed: Mapping[str, object], what: str) -> None:
    if name not in allowed:
        near = difflib.get_close_matches(name, list(allowed), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"the effect names the {what} '{name}'; there are {', '.join(allowed)}{hint}")


def read_claim(path: Path) -> Claim:
    """Read a claim file.

    Raises
    ------
    ExperimentError
        If the file cannot be read or says something that makes no sense: file, line, path, what is allowed.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ExperimentError(f"{path}: cannot be read: {error}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise ExperimentError(
            f"{path}:{line}:{column}: is not UTF-8 text (byte 0x{data[error.start]:02x}); save it as UTF-8"
        ) from error
    problems: list[Problem] = []
    try:
        root = reading.parse(text, str(path), problems)
        if problems:
            raise ScenarioError(problems)
    except ScenarioError as error:
        raise ExperimentError(str(error)) from error
    if root is None or not isinstance(root.value, dict):
        raise ExperimentError(f"{path}: a claim is a mapping of keys such as id, sentence, arms and effect")
    try:
        claim = Claim.model_validate(root.plain())
    except ValidationError as error:
        said = "\n".join(_line(path, root, detail) for detail in error.errors(include_url=False))
        raise ExperimentError(said) from error
    claim._file, claim._root = str(path), root
    return claim


def _line(path: Path, root: Node, detail: Any) -> str:
    where = detail["loc"]
    dotted = ".".join(str(part) for part in where)
    if detail["type"] == "missing":
        return f"{path}{_line_of(root, where)}: {dotted} is missing"
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(where[-1]), _keys(where), n=1)
        message = "unknown key" + (f"; did you mean {near[0]}?" if near else "")
    return f"{path}{_line_of(root, where)}: {dotted + ': ' if dotted else ''}{message}"


def _line_of(root: Node | None, keys: tuple[str | int, ...]) -> str:
    """Return the line of the deepest known place on the way along ``keys``; empty where none is known."""
    node, line = root, ""
    for part in keys:
        if node is None:
            break
        if isinstance(node.value, dict) and part in node.value:
            line = f":{node.keys[str(part)].line}"
            node = node.value[part]
        elif isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = f":{node.mark.line}"
        else:
            break
    return line


def _keys(where: tuple[Any, ...]) -> list[str]:
    models: dict[str, type[BaseModel]] = {"worlds": ClaimWorld, "holds": Rule, "frontier": FrontierBox}
    model = models.get(str(where[0]), Claim) if len(where) > 1 else Claim
    return list(model.model_fields) + (["measure"] if model is Claim else [])
