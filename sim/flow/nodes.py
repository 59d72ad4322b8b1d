"""Records of a network's description, and checks of single values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.flow.errors import NetworkError, unknown
from sim.flow.laws import check_law
from sim.flow.rates import Shifts
from sim.flow.routes import ByClass

COST_BASES = ("entry", "hour", "departure", "unit", "overflow", "value")
DEFAULT_CLASS = "entity"


@dataclass(frozen=True)
class Node:
    """One declared node; fields that its kind does not use keep their default."""

    name: str
    kind: str
    to: Any = None
    other: Any = None  # balked, overflowed, or found a stock empty
    leave: Any = None  # abandoned
    law: Any = None  # service, delay or dwell
    servers: int = 0
    shifts: Shifts | None = None
    limit: int | None = None
    patience: Any = None
    rate: Any = None
    entity_class: Any = None
    every: Any = None
    offset: float = 0.0
    capacity: int | None = None
    backorder: bool = False


@dataclass(frozen=True)
class Cost:
    """A price per counted thing at a node; valued elsewhere."""

    node: str
    account: str
    basis: str
    rate: float


@dataclass(frozen=True)
class CostLine:
    """What a price is to be multiplied with.

    Attributes
    ----------
    account, node, what : str
        Account, node, and what was counted ("entries", "server_hours", "hours", "departures", "units",
        "overflows", "value").
    rate : float
        Price per count.
    counts : array, shape (periods, classes)
        For "server_hours" (a station's hours) the second axis has length 1: nobody's class.
    """

    account: str
    node: str
    what: str
    rate: float
    counts: np.ndarray = field(repr=False)


def whole(value: Any, what: str, least: int = 0) -> int:
    """Return ``value`` as an int that is at least ``least``, or raise NetworkError."""
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, np.integer, float, np.floating))
        or value != value // 1
    ):
        raise NetworkError(f"{what} must be a whole number, got {value!r}")
    if value < least or value >= 2**53:
        raise NetworkError(f"{what} must be >= {least}, got {value!r}")
    return int(value)


def check_name(name: Any, what: str) -> str:
    """Return ``name`` if it is one."""
    if not isinstance(name, str) or not re.fullmatch(r"\S(.*\S)?", name):
        raise NetworkError(f"{what} must be a non-empty name without spaces around it, got {name!r}")
    return name


def check_laws(law: Any, what: str) -> Any:
    """Check a law or one law per class."""
    if isinstance(law, ByClass):
        return ByClass({name: check_law(one, f"{what} of {name!r}") for name, one in law.choices.items()})
    return check_law(law, what)


def check_classes(law: Any, classes: tuple[str, ...], what: str) -> None:
    """Check that a law per class names every class and no other."""
    if isinstance(law, ByClass):
        for name in law.choices:
            if name not in classes:
                raise unknown("entity class", name, classes)
        missing = [name for name in classes if name not in law.choices]
        if missing:
            raise NetworkError(f"{what}: by_class must name every class, missing {missing}")
