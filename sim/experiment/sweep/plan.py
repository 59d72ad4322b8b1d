"""What a sweep is asked to do: scenario, design, replications, tables, as a person writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from sim.experiment.errors import ExperimentError
from sim.scenario.problems import Mark, Problem, ScenarioError, quoted
from sim.scenario.reading import Node, parse

TABLES = ("kpis", "series", "ledger", "orders")
MOST_POINTS = 1_000_000

Scalar = bool | int | float | str | None
TableName = Literal["kpis", "series", "ledger", "orders"]


class _Strict(BaseModel):
    """Nothing unknown, nothing changed afterwards, no NaN."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True)


class Axis(_Strict):
    """Values that one parameter takes.

    Written as a list of values, as ``{low, high}`` with ``steps`` where a grid needs them, or as ``own`` (in
    full ``{range: own}``) for the plausible range that the value carries in the scenario.
    """

    values: tuple[Any, ...] | None = Field(None, min_length=1, description="Values, of any kind.")
    low: float | None = Field(None, description="Lowest value.")
    high: float | None = Field(None, description="Highest value.")
    range: Literal["own"] | None = Field(None, description="The value's own plausible range.")
    steps: int | None = Field(None, ge=2, le=MOST_POINTS, description="Number of values from low to high.")
    scale: Literal["linear", "log"] = Field("linear", description="Equal differences or equal ratios.")

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, given: Any) -> Any:
        if isinstance(given, list | tuple):
            return {"values": tuple(given)}
        if isinstance(given, str) and given == "own":
            return {"range": "own"}
        if not isinstance(given, Mapping | Axis):
            raise ValueError("should be a list of values, {low, high}, or own for the value's own range")
        return given

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        spanned = self.low is not None or self.high is not None
        if (self.values is not None) + spanned + (self.range is not None) != 1:
            raise ValueError("should be a list of values, or {low, high}, or own; one of them")
        if self.values is not None and (self.steps is not None or self.scale != "linear"):
            raise ValueError("has values, so steps and scale mean nothing")
        if spanned:
            if self.low is None or self.high is None:
                raise ValueError("needs both low and high")
            if not self.low < self.high:
                raise ValueError(f"low should be below high (got {self.low:g} and {self.high:g})")
            if self.scale == "log" and self.low <= 0:
                raise ValueError(f"a log scale needs low above 0 (got {self.low:g})")
        return self


Parameters = Annotated[dict[str, Axis], Field(min_length=1)]


class Grid(_Strict):
    """Every combination of the values of all parameters."""

    parameters: Parameters

    @model_validator(mode="after")
    def _steps(self) -> Self:
        vague = [path for path, axis in self.parameters.items() if axis.values is None and axis.steps is None]
        if vague:
            raise ValueError(f"a grid needs a list of values or steps for {', '.join(vague)}")
        return self


class LatinHypercube(_Strict):
    """Points that try each parameter evenly over its whole range (McKay, Beckman and Conover 1979)."""

    points: int = Field(ge=1, le=MOST_POINTS, description="Number of points.")
    parameters: Parameters


class Sobol(_Strict):
    """Points of a scrambled Sobol sequence, which fill the space evenly (Owen 1998)."""

    points: int = Field(ge=1, le=MOST_POINTS, description="Number of points, a power of 2.")
    parameters: Parameters

    @model_validator(mode="after")
    def _balanced(self) -> Self:
        if self.points & (self.points - 1):
            above = 1 << self.points.bit_length()
            raise ValueError(
                f"points should be a power of 2, or a Sobol sequence loses its balance; "
                f"{above // 2} or {above} instead of {self.points}"
            )
        return self


class Table(_Strict):
    """Points of a table: one row each, one column per path; an empty cell keeps the scenario's own value."""

    file: str | None = Field(None, description="CSV or Excel file, from the plan's folder.")
    sheet: str | None = Field(None, description="Sheet of an Excel file; the first if not given.")
    rows: tuple[dict[str, Any], ...] | None = Field(None, min_length=1, description="The rows themselves.")

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, given: Any) -> Any:
        return {"file": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.file is None and self.rows is None:
            raise ValueError("needs a file, such as points.csv, or rows")
        return self


class Adaptive(_Strict):
    """Points that gather where a figure crosses a border, or where it turns."""

    parameters: Parameters
    metric: str = Field("contribution_per_order", description="KPI that is looked at.")
    at: float | None = Field(None, description="Border in the KPI's unit: points gather where it is crossed.")
    turning: Literal["minimum", "maximum"] | None = Field(None, description="Points gather where it turns.")
    start: int = Field(8, ge=2, le=MOST_POINTS, description="Points of the first, even batch.")
    batch: int = Field(4, ge=1, le=MOST_POINTS, description="Points of every further batch.")
    max_points: int = Field(60, ge=2, le=5_000, description="Points at most.")
    tolerance: float = Field(
        0.005, gt=0, lt=1, description="Share of the range below which nothing is refined."
    )

    @model_validator(mode="after")
    def _sense(self) -> Self:
        if (self.at is None) == (self.turning is None):
            raise ValueError("needs at (a border, such as 0) or turning (minimum or maximum); one of them")
        if self.turning is not None and len(self.parameters) > 1:
            raise ValueError(f"a turning point needs exactly one parameter (got {len(self.parameters)})")
        if any(axis.values is not None for axis in self.parameters.values()):
            raise ValueError("adaptive parameters need low and high, or own, not a list of values")
        if self.max_points < self.start:
            raise ValueError(f"max_points ({self.max_points}) should be at least start ({self.start})")
        return self


METHODS: Mapping[str, type[_Strict]] = {
    "grid": Grid,
    "latin_hypercube": LatinHypercube,
    "sobol": Sobol,
    "table": Table,
    "adaptive": Adaptive,
}


class Design(_Strict):
    """Which points are simulated: one of five ways."""

    grid: Grid | None = None
    latin_hypercube: LatinHypercube | None = None
    sobol: Sobol | None = None
    table: Table | None = None
    adaptive: Adaptive | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in METHODS if getattr(self, name) is not None]
        if len(given) != 1:
            found = f" (got {' and '.join(given)})" if given else ""
            raise ValueError(f"should be exactly one of {', '.join(METHODS)}{found}")
        return self

    @property
    def method(self) -> str:
        """Name of the way chosen."""
        return next(name for name in METHODS if getattr(self, name) is not None)

    @property
    def parameters(self) -> dict[str, Axis]:
        """Parameters by path; empty for a table, whose columns are the parameters."""
        return dict(getattr(getattr(self, self.method), "parameters", {}))


class Plan(_Strict):
    """A sweep as it is asked for.

    Attributes
    ----------
    scenario
        Scenario file (from the plan's folder) or name of a shipped one.
    changes
        Values by path that go over the scenario's; ``set`` in a file.
    design
        Which points are simulated.
    replications
        Histories of each point; history r of every point meets the same luck.
    seed
        Seed of the sweep, of any size: only its replications' seeds, of 63 bits, are kept with the runs.
    tables
        Tables to keep: ``kpis``, ``series`` (by month), ``ledger`` (books) and ``orders`` (one row each).
    engine
        ``compiled``, or ``reference`` for small worlds.

    Examples
    --------
    >>> plan = Plan.model_validate({"scenario": "base", "design": {"grid": {"parameters": {
    ...     "channels.tmall.commission": [0.03, 0.05]}}}})
    >>> plan.design.method, plan.replications
    ('grid', 5)
    """

    title: str = Field("", max_length=200)
    scenario: str = Field("base", min_length=1)
    changes: dict[str, Any] = Field(default_factory=dict, alias="set")
    design: Design
    replications: int = Field(5, ge=1, le=100_000)
    seed: int = Field(1, ge=0)
    tables: tuple[TableName, ...] = Field(("kpis",), min_length=1)
    engine: Literal["compiled", "reference"] = "compiled"

    _folder: Path = PrivateAttr(default_factory=Path)
    _file: str = PrivateAttr("")
    _root: Node | None = PrivateAttr(None)
    _overrides: tuple[str, ...] = PrivateAttr(())
    _lines: tuple[Mark, ...] = PrivateAttr(())

    @model_validator(mode="after")
    def _kpis_first(self) -> Self:
        if len(dict.fromkeys(self.tables)) < len(self.tables):
            raise ValueError("tables names a table twice")
        if "kpis" not in self.tables:
            raise ValueError("tables should include kpis, which all others are read with")
        return self

    def placed(self, folder: Path, file: str, root: Node | None) -> Plan:
        """Return the plan with where it was read from, for relative paths and for messages."""
        self._folder, self._file, self._root = folder, file, root
        return self

    def changed(self, over: Mapping[str, Any]) -> Plan:
        """Return the plan with some of its fields changed and checked again.

        Raises
        ------
        ExperimentError
            If a field may not have its new value; the message begins with its name.
        """
        if not over:
            return self
        given = {**{name: getattr(self, name) for name in type(self).model_fields}, **over}
        try:
            changed = type(self)(**given)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            words = str(first["msg"]).removeprefix("Input ")
            name = ".".join(str(key) for key in first["loc"])
            raise ExperimentError(f"{name} {words} (got {quoted(first['input'])})") from error
        changed = changed.placed(self._folder, self._file, self._root)
        changed._overrides, changed._lines = self._overrides, self._lines
        return changed

    def overridden(self, overrides: Sequence[str]) -> Plan:
        """Return the plan with values over all others, as ``--set`` gives them: ``"market.places=30"``."""
        plan = self.model_copy()
        plan._overrides = tuple(overrides)
        return plan

    @property
    def folder(self) -> Path:
        """Folder that relative paths start from."""
        return self._folder

    @property
    def overrides(self) -> tuple[str, ...]:
        """Values that go over the plan's own changes, such as ``"channels.tmall.commission=0.04"``."""
        return self._overrides

    def refusal(self, path: str, message: str) -> ScenarioError:
        """Return an error about one place of the plan, such as ``design.grid.parameters.a.b``."""
        return ScenarioError([self.problem(path, message)])

    def problem(self, path: str, message: str, keys: tuple[str, ...] = ()) -> Problem:
        """Return what is wrong at one place; ``keys`` lead there where names hold dots themselves."""
        return Problem.at(mark_of(self._root, keys), path, message, file=self._file)

    def read_from(self, rows: Sequence[Mapping[str, Any]], lines: Sequence[Mark]) -> Plan:
        """Return the plan with the rows of its table's file, and where they stand: its head first."""
        assert self.design.table is not None, "only a table has rows"
        table = self.design.table.model_copy(update={"rows": tuple(rows)})
        plan = self.model_copy(update={"design": self.design.model_copy(update={"table": table})})
        plan._lines = tuple(lines)
        return plan

    def row_problem(
        self, number: int, path: str, message: str, *, column: str = "", head: bool = False
    ) -> Problem:
        """Return what is wrong in a row of the table, in one of its columns, or with a column's name."""
        if self._lines:
            return Problem.at(self._lines[0 if head else number + 1], path, message)
        mark = mark_of(self._root, ("design", "table", "rows", number, column), key=head)
        place = ".".join(("design.table.rows", str(number), path)).rstrip(".")
        return Problem.at(mark, place, message, file=self._file)

    def place(self, path: str, keys: tuple[str, ...]) -> str:
        """Return where a name stands, for a sentence about it: file, line, column and path."""
        return str(Problem.at(mark_of(self._root, keys, key=True), "", path, file=self._file))

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as plain data: what tells two sweeps apart, without rows read from a file."""
        written = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {**written, "set": {**written["set"], **overriding(self._overrides)}}


def overriding(overrides: Sequence[str]) -> dict[str, Any]:
    """Return what overrides give, by path; evidence is part of it.

    >>> overriding(["horizon.days=7", "market.peak=null"])
    {'horizon.days': 7, 'market.peak': None}
    """
    found = {}
    for text in overrides:
        path, _, value = text.partition("=")
        node = parse(value, "--set", [])
        found[path.strip()] = None if node is None else node.plain()
    return found


def mark_of(root: Node | None, keys: tuple[Any, ...], *, key: bool = False) -> Mark | None:
    """Return the deepest known place on the way along ``keys``: of the value, or of its key."""
    if root is None:
        return None
    node, mark = root, root.mark
    for name in keys:
        if isinstance(node.value, dict) and name in node.value:
            mark = node.keys[name] if key else node.value[name].mark
            node = node.value[name]
        elif isinstance(node.value, list) and isinstance(name, int) and name < len(node.value):
            node = node.value[name]
            mark = node.mark
    return mark
