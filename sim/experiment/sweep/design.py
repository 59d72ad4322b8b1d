"""Points of a design: grid, Latin hypercube, Sobol sequence, table, and the even start of an adaptive one."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.sweep.axes import Dimension, problems_of
from sim.experiment.sweep.plan import MOST_POINTS, Plan
from sim.scenario.fields import UnknownPathError, spec_of
from sim.scenario.problems import Problem, ScenarioError

if TYPE_CHECKING:
    from sim.scenario import Scenario

# Spawn key of the design's luck; replications spawn theirs with a single number, so the two never meet.
_DESIGN_KEY = (0, 0)
_MOST_PROBLEMS = 20


@dataclass(frozen=True)
class Point:
    """One point of a design.

    Attributes
    ----------
    number
        From zero, in the order of the design.
    values
        Path and value of each parameter, in the order of the plan.
    batch
        Batch of an adaptive design, from zero.
    """

    number: int
    values: tuple[tuple[str, Any], ...]
    batch: int = 0


def points_of(plan: Plan, dimensions: Sequence[Dimension], scenario: Scenario) -> tuple[Point, ...]:
    """Return the points of a plan; for an adaptive one, those of its first batch.

    Parameters
    ----------
    plan
        Which design, and its seed.
    dimensions
        Its parameters.
    scenario
        What the rows of a table are checked against.

    Raises
    ------
    sim.scenario.problems.ScenarioError
        If the design has too many points or a row of a table is not allowed.
    """
    design = plan.design
    if design.grid is not None:
        rows: Iterable[Iterable[Any]] = _grid(plan, dimensions)
    elif design.latin_hypercube is not None:
        rows = _spread(
            dimensions, _latin_hypercube(len(dimensions), design.latin_hypercube.points, plan.seed)
        )
    elif design.sobol is not None:
        rows = _spread(dimensions, _sobol(len(dimensions), design.sobol.points, plan.seed))
    elif design.adaptive is not None:
        rows = _start(dimensions, design.adaptive.start, plan.seed)
    else:
        return _table(plan, scenario)
    if design.adaptive is not None:
        rows = dict.fromkeys(rows)  # whole numbers may fall together
    paths = [dimension.path for dimension in dimensions]
    return tuple(Point(number, tuple(zip(paths, row, strict=True))) for number, row in enumerate(rows))


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=_DESIGN_KEY))


def _grid(plan: Plan, dimensions: Sequence[Dimension]) -> Iterable[tuple[Any, ...]]:
    values = [dimension.grid() for dimension in dimensions]
    size = math.prod(len(one) for one in values)
    if size > MOST_POINTS:
        raise plan.refusal("design.grid", f"has {size:,} points; at most {MOST_POINTS:,}")
    return itertools.product(*values)


def _spread(dimensions: Sequence[Dimension], shares: np.ndarray) -> Iterable[tuple[Any, ...]]:
    return (
        tuple(dimension.at(share) for dimension, share in zip(dimensions, row, strict=True))
        for row in shares.tolist()
    )


def _latin_hypercube(count: int, points: int, seed: int) -> np.ndarray:
    from scipy.stats import qmc

    shares: np.ndarray = qmc.LatinHypercube(count, rng=_rng(seed)).random(points)
    return shares


def _sobol(count: int, points: int, seed: int) -> np.ndarray:
    from scipy.stats import qmc

    shares: np.ndarray = qmc.Sobol(count, rng=_rng(seed)).random_base2(points.bit_length() - 1)
    return shares


def _start(dimensions: Sequence[Dimension], points: int, seed: int) -> Iterable[tuple[Any, ...]]:
    """Return an even start: equal steps along one parameter, a Latin hypercube over several."""
    if len(dimensions) == 1:
        return ((dimensions[0].at(index / (points - 1)),) for index in range(points))
    return _spread(dimensions, _latin_hypercube(len(dimensions), points, seed))


def _table(plan: Plan, scenario: Scenario) -> tuple[Point, ...]:
    table = plan.design.table
    rows = table.rows if table is not None and table.rows is not None else ()
    unknown = _unknown_columns(plan, rows)
    problems = list(unknown.values())
    points = []
    for number, row in enumerate(rows):
        known = {path: value for path, value in row.items() if path not in unknown}
        for one in problems_of(known, scenario):
            column = next((path for path in known if f"{one.path}.".startswith(f"{path}.")), "")
            problems.append(plan.row_problem(number, one.path, one.message, column=column))
        points.append(Point(number, tuple(row.items())))
    if problems:
        raise ScenarioError(problems[:_MOST_PROBLEMS])
    return tuple(points)


def _unknown_columns(plan: Plan, rows: Sequence[Mapping[str, Any]]) -> dict[str, Problem]:
    """Return what is wrong with the names of columns, each said once for all rows."""
    found = {}
    for path, number in {
        path: number for number, row in reversed([*enumerate(rows)]) for path in row
    }.items():
        try:
            spec_of(path)
        except UnknownPathError as error:
            found[path] = plan.row_problem(number, path, str(error), column=path, head=True)
    return found


def hash_of(points: Sequence[Point]) -> str:
    """Return a short name of a design: equal names mean equal points."""
    rows = [[point.number, point.batch, point.values] for point in points]
    return hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()[:32]
