"""A loaded scenario: frozen values, typed, each with its unit, evidence and the layer that set it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from sim.scenario import schema
from sim.scenario.entries import CHANGE, DEFAULT, Entry, Origin, entry_of
from sim.scenario.fields import LABELS, FieldSpec, UnknownPathError, children, fields_of, row, spec_of
from sim.scenario.layers import Cell
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.schema import Law, Part, ScenarioModel
from sim.scenario.validating import model_of

if TYPE_CHECKING:
    from sim.scenario.sanity import SanityWarning


class Scenario:
    """One brand in one market: everything a run needs except the seed.

    Made by :func:`sim.scenario.load`. The parts of the model are attributes: ``scenario.market.places``.

    Parameters
    ----------
    model
        Validated values.
    name
        Short name, usually that of the file.
    cells
        Leaves as the layers gave them, by path.
    """

    __slots__ = ("_cache", "_origins", "model", "name")

    model: ScenarioModel
    name: str
    _origins: dict[str, Origin]
    _cache: dict[str, Any]

    def __init__(
        self,
        model: ScenarioModel,
        *,
        name: str = "scenario",
        cells: Mapping[str, Cell] | None = None,
        origins: dict[str, Origin] | None = None,
    ) -> None:
        if origins is None:
            origins = {path: Origin.of(cell) for path, cell in (cells or {}).items()}
        self.__setstate__((model, name, origins))

    @classmethod
    def from_values(cls, values: Mapping[str, Any], *, name: str = "scenario") -> Scenario:
        """Scenario from nested plain values, all of them set by code.

        Raises
        ------
        ScenarioError
            With every problem found.
        """
        complete = {"schema_version": 1, "title": name, **values}
        return cls(model_of(complete), name=name, origins={"": Origin(CHANGE)})

    # --- frozen, comparable, picklable ------------------------------------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a scenario is frozen; make another one with with_values({{'{name}': ...}})")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a scenario is frozen")

    def __getstate__(self) -> tuple[ScenarioModel, str, dict[str, Origin]]:
        return self.model, self.name, self._origins

    def __setstate__(self, state: tuple[ScenarioModel, str, dict[str, Origin]]) -> None:
        model, name, origins = state
        for slot, value in (("model", model), ("name", name), ("_origins", origins), ("_cache", {})):
            object.__setattr__(self, slot, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.name == other.name and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        return f"Scenario({self.name!r}, hash={self.hash[:12]})"

    # --- the parts --------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """What the scenario is about, in one line."""
        return self.model.title

    @property
    def schema_version(self) -> int:
        """Version of the format."""
        return self.model.schema_version

    @property
    def horizon(self) -> schema.Horizon:
        """Time."""
        return self.model.horizon

    @property
    def market(self) -> schema.Market:
        """Demand."""
        return self.model.market

    @property
    def channels(self) -> schema.Channels:
        """Ways of selling."""
        return self.model.channels

    @property
    def products(self) -> schema.Products:
        """Goods."""
        return self.model.products

    @property
    def fulfilment(self) -> schema.Fulfilment:
        """Logistics."""
        return self.model.fulfilment

    @property
    def pickup(self) -> schema.Pickup:
        """Pickup layers."""
        return self.model.pickup

    @property
    def service(self) -> schema.Service:
        """After-sales service."""
        return self.model.service

    @property
    def management(self) -> schema.Management:
        """Decisions."""
        return self.model.management

    @property
    def finance(self) -> schema.Finance:
        """Money."""
        return self.model.finance

    @property
    def mechanisms(self) -> schema.Mechanisms:
        """Switches of effects."""
        return self.model.mechanisms

    # --- values -----------------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, Any]:
        """Nested plain values, a copy; parts that are left out are None."""
        return self.model.model_dump()

    @property
    def hash(self) -> str:
        """SHA-256 of the resolved values, 64 hexadecimal digits; evidence, labels and order do not matter."""
        if "hash" not in self._cache:
            canonical = json.dumps(_canonical(self.values), sort_keys=True, separators=(",", ":"))
            self._cache["hash"] = hashlib.sha256(canonical.encode()).hexdigest()
        return str(self._cache["hash"])

    def value(self, path: str) -> Any:
        """Plain value of a path; a part gives a nested mapping, an optional part that is left out None.

        Raises
        ------
        UnknownPathError
            When the schema has no such path, or the scenario does not have the part it lies in.
        """
        found = _walk(self.model, path)
        if isinstance(found, list):
            return [one.model_dump() if isinstance(one, Part) else one for one in found]
        return found.model_dump() if isinstance(found, Part) else found

    def with_values(self, changes: Mapping[str, Any]) -> Scenario:
        """Another scenario with some values changed, validated.

        Parameters
        ----------
        changes
            New values by path. None takes an optional part out; a mapping gives a whole part or law, a
            mapping without ``law`` changes the parts of a law that it names.

        Raises
        ------
        ScenarioError
            When a path does not exist or the result is not allowed, with every problem found.
        """
        values = self.values
        origins = dict(self._origins)
        problems = []
        for path, value in changes.items():
            try:
                spec = spec_of(path)
                if value is None and not spec.optional:
                    raise UnknownPathError(f"cannot be left out; it should be {spec.allowed()}")
                _put(values, path, spec, value.model_dump() if isinstance(value, Part) else deepcopy(value))
                _mark_changed(origins, path)
            except UnknownPathError as error:
                problems.append(Problem("", None, None, path, str(error)))
        if problems:
            raise ScenarioError(problems)
        return Scenario(model_of(values), name=self.name, origins=origins)

    def renamed(self, name: str, title: str | None = None) -> Scenario:
        """The same scenario under another name (and title); its hash does not change."""
        model = self.model if title is None else self.model.model_copy(update={"title": title})
        return Scenario(model, name=name, origins=self._origins)

    # --- entries ----------------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """Every leaf with unit, bounds, evidence and origin, in the order of the schema."""
        if "entries" not in self._cache:
            self._cache["entries"] = list(self._part_entries(self.model, ""))
        return list(self._cache["entries"])

    def entry(self, path: str) -> Entry:
        """The entry of one leaf.

        Raises
        ------
        UnknownPathError
            When there is no such leaf in this scenario.
        """
        if "index" not in self._cache:
            self._cache["index"] = {entry.path: entry for entry in self.entries()}
        if path in self._cache["index"]:
            found: Entry = self._cache["index"][path]
            return found
        value = _walk(self.model, path)
        if isinstance(value, Law):
            return self.entry(f"{path}.mean")
        spec = spec_of(path)
        raise UnknownPathError(f"{path} is {spec.allowed()} and not a single value")

    @property
    def warnings(self) -> list[SanityWarning]:
        """What is allowed and yet uneconomic, each with a way out."""
        if "warnings" not in self._cache:
            from sim.scenario.sanity import check

            self._cache["warnings"] = check(self)
        return list(self._cache["warnings"])

    def to_yaml(self) -> str:
        """The resolved scenario as YAML, units and evidence included; it loads back to the same hash."""
        from sim.scenario.writing import to_yaml

        return to_yaml(self)

    def origin(self, path: str) -> Origin:
        """Origin of a leaf, or of the part that was set as a whole around it."""
        while path not in self._origins:
            if not path:
                return Origin(DEFAULT)
            path = path.rpartition(".")[0]
        return self._origins[path]

    def _part_entries(self, part: Part, prefix: str) -> Iterator[Entry]:
        for name, spec in fields_of(type(part)).items():
            path = f"{prefix}.{name}" if prefix else name
            value = getattr(part, name)
            if spec.kind == "part":
                if value is not None:
                    yield from self._part_entries(value, path)
                continue
            origin = self.origin(path)
            if spec.kind == "law":
                for inner, inner_spec in children(spec).items():
                    yield entry_of(f"{path}.{inner}", inner, getattr(value, inner), inner_spec, origin)
            elif spec.kind == "table":
                for index, item in enumerate(value):
                    for inner, inner_spec in children(row(spec)).items():
                        below = f"{index}.{inner}"
                        yield entry_of(f"{path}.{below}", below, getattr(item, inner), inner_spec, origin)
            else:
                yield entry_of(path, "", list(value) if isinstance(value, list) else value, spec, origin)


def _canonical(value: Any) -> Any:
    """Values that decide a run, and only those: no labels, no parts left out, one way to write zero."""
    if isinstance(value, dict):
        return {key: _canonical(one) for key, one in value.items() if key not in LABELS and one is not None}
    if isinstance(value, list):
        return [_canonical(one) for one in value]
    return value + 0.0 if isinstance(value, float) else value


def _walk(model: ScenarioModel, path: str) -> Any:
    spec_of(path)
    current: Any = model
    walked: list[str] = []
    for name in path.split("."):
        if current is None:
            raise UnknownPathError(f"{'.'.join(walked)} is not part of this scenario")
        current = _row(current, name, walked) if isinstance(current, list) else getattr(current, name)
        walked.append(name)
    return current


def _row(rows: list[Any], number: str, walked: list[str]) -> Any:
    """Row of a table or number of a list by its number in a path."""
    if int(number) >= len(rows):
        raise UnknownPathError(
            f"{'.'.join(walked)} has {len(rows)} rows, counted from 0; there is no {number}"
        )
    return rows[int(number)]


def _put(values: dict[str, Any], path: str, spec: FieldSpec, value: Any) -> None:
    """Set one value in nested plain values."""
    current: Any = values
    *outer, last = path.split(".")
    walked: list[str] = []
    for name in outer:
        current = _row(current, name, walked) if isinstance(current, list) else current[name]
        walked.append(name)
        if current is None:
            raise UnknownPathError(f"{'.'.join(walked)} is not part of this scenario; give it as a whole")
        if isinstance(current, int | float):  # a law that was just given as a plain number
            raise UnknownPathError(f"{'.'.join(walked)} and {path} cannot both be changed")
    if isinstance(current, list):
        _row(current, last, walked)
        current[int(last)] = value
    elif spec.kind == "law" and isinstance(value, Mapping) and "law" not in value:
        current[last] = {**current[last], **value}
    else:
        current[last] = value


def _mark_changed(origins: dict[str, Origin], path: str) -> None:
    """Note that code changed a path: a leaf keeps its context, a part given as a whole does not."""
    names = path.split(".")
    for length in range(len(names), 0, -1):
        leaf = ".".join(names[:length])
        if leaf in origins:
            origins[leaf] = origins[leaf].changed()
            return
    for inside in [one for one in origins if one.startswith(f"{path}.")]:
        del origins[inside]
    origins[path] = Origin(CHANGE)
