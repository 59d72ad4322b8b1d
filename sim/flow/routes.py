"""Where an entity goes next, and choices that depend on its class or on a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.flow.errors import NetworkError, unknown
from sim.flow.laws import check_number


@dataclass(frozen=True)
class ByClass:
    """One choice (a route or a law) per entity class."""

    choices: dict[str, Any]


@dataclass(frozen=True, eq=False)
class ByRecord:
    """Choices read from a table by the entity's ordinal (and visit)."""

    names: tuple[str, ...]
    choices: NDArray[np.int64] = field(repr=False)


def by_class(choices: Mapping[str, Any]) -> ByClass:
    """Choose by entity class; every class of the network has to be named.

    Parameters
    ----------
    choices : mapping
        Entity class -> node name, probabilities, ``by_record`` or law.

    Raises
    ------
    NetworkError
        When no class is named, or when the network is built and a class is missing.
    """
    if not isinstance(choices, Mapping) or not choices:
        raise NetworkError(f"by_class needs a dict of entity class -> choice, got {choices!r}")
    return ByClass({str(name): choice for name, choice in choices.items()})


def by_record(names: Sequence[str], choices: ArrayLike) -> ByRecord:
    """Choose by a recorded table: the entity with ordinal k takes ``names[choices[k]]``.

    Parameters
    ----------
    names : sequence of str
        Node names (in a route) or class names (as an ``entity_class``).
    choices : array of int, shape (k,) or (k, visits)
        Index into ``names``. A one-dimensional table serves first visits only.
    """
    table = np.array(choices)
    if table.ndim not in (1, 2) or table.size == 0 or table.dtype.kind not in "iu":
        raise NetworkError(
            f"by_record choices must be whole numbers of shape (k,) or (k, visits), "
            f"got {table.dtype} {table.shape}"
        )
    if isinstance(names, str) or not names:
        raise NetworkError(f"by_record needs a list of names, got {names!r}")
    if table.min() < 0 or table.max() >= len(names):
        raise NetworkError(
            f"by_record choices must lie in 0..{len(names) - 1}, got {table.min()}..{table.max()}"
        )
    table = table.astype(np.int64)
    table.setflags(write=False)
    return ByRecord(tuple(str(name) for name in names), table)


@dataclass(frozen=True, eq=False)
class Branch:
    """A resolved route of one class: target indices with cumulative probabilities or a record.

    ``targets`` holds node indices (-1: leaves the network). ``cumulative`` is None for a single target or a
    record; ``record`` is a table of positions in ``targets``.
    """

    targets: NDArray[np.int32]
    cumulative: NDArray[np.float64] | None = None
    record: NDArray[np.int64] | None = None


def resolve(route: Any, index: Mapping[str, int], classes: Sequence[str], what: str) -> tuple[Branch, ...]:
    """Turn a route into one Branch (for all classes) or one per class.

    Parameters
    ----------
    route : str, dict, ByClass, ByRecord or None
        None is a counted exit.
    index : mapping
        Node name -> index.
    classes : sequence of str
        All entity classes, in order.
    what : str
        Beginning of an error message, e.g. "'pick' to".
    """
    if isinstance(route, ByClass):
        declared = set(classes)
        for name in route.choices:
            if name not in declared:
                raise unknown("entity class", name, classes)
        missing = [name for name in classes if name not in route.choices]
        if missing:
            raise NetworkError(f"{what}: by_class must name every class, missing {missing}")
        # Classes by the hundred share a few routes: each is checked and summed up once.
        known: dict[Any, Branch] = {}
        same: dict[int, Branch] = {}
        return tuple(_shared(route.choices[name], index, what, known, same) for name in classes)
    return (_branch(route, index, what),)


def _shared(
    route: Any, index: Mapping[str, int], what: str, known: dict[Any, Branch], same: dict[int, Branch]
) -> Branch:
    """Return the branch of a route, from those known where the very object or equal odds were met before."""
    found = same.get(id(route))
    if found is None:
        key = tuple(route.items()) if isinstance(route, dict) else route
        if not isinstance(route, dict | str):
            return _branch(route, index, what)
        found = known.get(key)
        if found is None:
            found = known[key] = _branch(route, index, what)
        same[id(route)] = found
    return found


def _branch(route: Any, index: Mapping[str, int], what: str) -> Branch:
    if route is None:
        return Branch(np.array([-1], dtype=np.int32))
    if isinstance(route, str):
        return Branch(np.array([_find(route, index)], dtype=np.int32))
    if isinstance(route, ByRecord):
        return Branch(
            np.array([_find(name, index) for name in route.names], dtype=np.int32), None, route.choices
        )
    if isinstance(route, Mapping) and route:
        targets = np.array([_find(name, index) for name in route], dtype=np.int32)
        return Branch(targets, cumulate(list(route.values()), what))
    raise NetworkError(
        f"{what} must be a node name, a dict of probabilities, by_class or by_record, got {route!r}"
    )


def cumulate(odds: Sequence[float], what: str) -> NDArray[np.float64]:
    """Cumulative probabilities, checked to be >= 0 and to sum to 1 (within 1e-9), ending in exactly 1."""
    try:
        shares = np.array(odds, dtype=np.float64)
    except (TypeError, ValueError):
        raise NetworkError(f"{what}: probabilities must be numbers, got {odds!r}") from None
    if not np.isfinite(shares).all() or shares.min() < 0.0:
        raise NetworkError(f"{what}: probabilities must be finite and >= 0")
    cumulative = np.cumsum(shares)
    if abs(cumulative[-1] - 1.0) > 1e-9:
        raise NetworkError(f"{what}: probabilities must sum to 1, got {cumulative[-1]:.12g}")
    # The tail behind the last possible target is 1 as well, so rounding can never select a target of odds 0.
    cumulative[np.flatnonzero(shares)[-1] :] = 1.0
    return cumulative


def _find(name: object, index: Mapping[str, int]) -> int:
    try:
        return index[name]  # type: ignore[index]
    except (KeyError, TypeError):
        raise unknown("node", name, index) from None


def probabilities(choices: Mapping[str, float], what: str) -> dict[str, float]:
    """Check a dict of probabilities by name and return it with float values."""
    checked = {
        str(name): check_number(p, f"{what} probability of {name!r}", least=0.0)
        for name, p in choices.items()
    }
    cumulate(list(checked.values()), what)
    return checked
