"""What a running flow is given: checked, and turned into the engines' records."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.flow import kernel as k
from sim.flow.errors import FlowError, NetworkError, unknown
from sim.flow.plan import Plan
from sim.flow.routes import Branch, cumulate, resolve

NO_INTEGERS = np.zeros(0, np.int64)
NO_NUMBERS = np.zeros(0)
NO_BIRTHS = np.zeros(0, np.uint64)


@dataclass(frozen=True)
class Handed:
    """Entities handed in by one call, sorted by (time, ordinal).

    ``records`` is None where all have one unit, no value, the class of their source and luck from their
    ordinals, which then count up from ``first``.
    """

    times: NDArray[np.float64]
    first: int
    driver: np.void
    records: NDArray[np.void] | None = None

    def rows(self) -> NDArray[np.void]:
        """Records of ``kernel.HANDED``."""
        if self.records is not None:
            return self.records
        rows = np.zeros(self.times.size, k.HANDED)
        k.write_plain(rows, self.times, self.first, int(self.driver["cls"]), self.driver["luck"])
        return rows


def handed(
    plan: Plan,
    node: int,
    first: int,
    now: float,
    times: ArrayLike,
    classes: Any,
    units: ArrayLike | None,
    values: ArrayLike | None,
    births: ArrayLike | None,
) -> Handed:
    """Check entities handed in and sort them.

    Parameters
    ----------
    plan : Plan
        The flow's plan.
    node : int
        Index of the source.
    first : int
        Ordinal of the first of them.
    now : float
        Earliest time allowed.
    times, classes, units, values, births
        See ``Flow.hand_in``.
    """
    when = np.asarray(times, dtype=np.float64, order="C")
    if when.ndim != 1:
        raise FlowError(f"times must be one-dimensional, got shape {when.shape}")
    n = when.size
    driver = plan.drivers[plan.nodes["driver"][node]]
    plain = classes is None and units is None and values is None and births is None and driver["cls"] >= 0
    if plain and k.is_sorted(when, now):
        return Handed(when, first, driver)
    rows = np.empty(n, k.HANDED)
    answer = k.fill_rows(
        rows,
        when,
        _codes(plan, classes, n),
        NO_INTEGERS if units is None else whole_numbers(units, n, "units"),
        NO_NUMBERS if values is None else fit(np.asarray(values, dtype=np.float64), n, "values"),
        NO_BIRTHS if births is None else whole_numbers(births, n, "births").astype(np.uint64),
        int(driver["cls"]),
        len(plan.classes),
        first,
        driver["luck"],
        now,
    )
    if answer > 1:
        raise _complaint(plan, plan.names[node], answer, when, now, classes)
    if answer == 1:
        rows, unsorted = np.empty_like(rows), rows
        k.copy_rows(rows, unsorted, np.argsort(when, kind="stable"))
    return Handed(rows["time"], first, driver, rows)


def _complaint(
    plan: Plan, source: str, answer: int, when: NDArray[np.float64], now: float, classes: Any
) -> FlowError:
    """What is wrong with what was handed in."""
    names = ", ".join(plan.classes)
    if answer == 2:
        bad = when[~((when >= now) & (when < math.inf))][0]
        return FlowError(f"times handed in at {source!r} must be finite and >= {now}, got {bad}")
    if answer == 3 and classes is None:
        return FlowError(f"entities handed in at {source!r} need classes; known: {names}")
    if answer == 3:
        return FlowError(
            f"class codes handed in at {source!r} must be in 0..{len(plan.classes) - 1} ({names})"
        )
    return FlowError(
        f"{'units must be >= 0' if answer == 4 else 'values must be finite'}, handed in at {source!r}"
    )


def _codes(plan: Plan, classes: Any, n: int) -> NDArray[np.int64]:
    """Class codes of what is handed in; none for the default of the source."""
    if classes is None:
        return NO_INTEGERS
    codes = np.asarray(classes)
    if codes.dtype.kind in "UO":
        names = codes.tolist()
        try:
            one = isinstance(names, str)
            codes = np.array(plan.class_code[names] if one else [plan.class_code[name] for name in names])
        except KeyError as error:
            raise unknown("entity class", error.args[0], plan.classes) from None
    return whole_numbers(codes, n, "classes")


def new_route(plan: Plan, node: str, to: Any) -> tuple[Branch, ...]:
    """Resolve a route given while running: as in a description, or a pair (indices, probabilities)."""
    if not isinstance(to, tuple):
        return resolve(to, plan.index, plan.classes, repr(node))
    if len(to) != 2:
        raise NetworkError(
            f"route of {node!r}: a pair (indices, probabilities) is needed, got {len(to)} items"
        )
    targets = np.asarray(to[0], dtype=np.int32)
    if targets.ndim != 1 or targets.size != np.size(to[1]) or targets.size == 0:
        raise NetworkError(f"route of {node!r}: as many probabilities as indices are needed")
    if targets.min() < 0 or targets.max() >= len(plan.names):
        raise NetworkError(f"route of {node!r}: indices must lie in 0..{len(plan.names) - 1}")
    return (Branch(targets, cumulate(to[1], f"route of {node!r}")),)


def fit(values: NDArray[Any], n: int, what: str) -> NDArray[Any]:
    """One value per item; a single value stands for all."""
    if values.ndim == 0:
        values = np.full(n, values)
    if values.shape != (n,):
        raise FlowError(f"{what} must have one value each, {n}, got shape {values.shape}")
    return values


def whole_numbers(values: ArrayLike, n: int, what: str, least: int | None = None) -> NDArray[np.int64]:
    """One whole number per item, at least ``least``."""
    array = fit(np.asarray(values), n, what)
    if array.dtype.kind not in "iu" and (array.dtype.kind != "f" or (array != np.floor(array)).any()):
        raise FlowError(f"{what} must be whole numbers")
    if least is not None and n and array.min() < least:
        raise FlowError(f"{what} must be >= {least}, got {array.min()}")
    return array.astype(np.int64, copy=False)
