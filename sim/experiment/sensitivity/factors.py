"""Uncertain inputs: assumptions with a plausible range of their own, and worlds where they differ."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError
from sim.experiment.worlds import ranges_in_play
from sim.scenario.evidence import GRADES
from sim.scenario.problems import nearest

if TYPE_CHECKING:
    from sim.scenario import Scenario

UNGRADED = "none"
# How far towards the scenario's own values a world is pulled when its values contradict each other together.
_PULLS = (1.0, 0.5, 0.25, 0.125, 0.0)


@dataclass(frozen=True)
class Factor:
    """One assumption as a sensitivity study sees it.

    Attributes
    ----------
    path
        Where it stands in the scenario.
    own
        The scenario's own value.
    low, high
        Ends of its plausible range.
    unit
        Unit of the three.
    whole
        Whether only whole numbers make sense.
    grade
        How well it is known: ``A``, ``B``, ``C``, ``guess``, or ``none`` for a value set without saying.
    source
        What it rests on.
    description
        What it means.
    """

    path: str
    own: float
    low: float
    high: float
    unit: str = ""
    whole: bool = False
    grade: str = UNGRADED
    source: str = ""
    description: str = ""

    def at(self, share: float) -> float:
        """Return the value at a share of the way through the range, from 0 to 1.

        >>> Factor("points", own=20, low=10, high=31, whole=True).at(0.5)
        20
        """
        value = self.high if share == 1.0 else self.low + share * (self.high - self.low)
        return round(value) if self.whole else value

    def towards(self, end: float, pull: float) -> float:
        """Return the value at a share ``pull`` of the way from the scenario's own value to another one."""
        value = end if pull == 1.0 else self.own + pull * (end - self.own)
        return round(value) if self.whole else value

    def as_dict(self) -> dict[str, Any]:
        """Return what identifies the assumption in a row of results."""
        return {
            "path": self.path,
            "own": self.own,
            "unit": self.unit,
            "grade": self.grade,
            "source": self.source,
            "description": self.description,
        }


def factors_of(
    scenario: Scenario, others: Sequence[Scenario] = (), patterns: Sequence[str] = ()
) -> tuple[Factor, ...]:
    """Return the assumptions that can be varied, in the order of the schema.

    Parameters
    ----------
    scenario
        Where values, ranges and evidence come from.
    others
        Scenarios it is compared with; assumptions that only they have are varied too. One that they set to
        another value is what is being compared, and stays.
    patterns
        Paths, or shell patterns such as ``pickup.*``; everything with a range if empty.

    Raises
    ------
    ExperimentError
        If a pattern fits no assumption with a range, or there is none at all.
    """
    found: dict[str, Factor] = {}
    for one in (scenario, *others):
        for path, (own, low, high) in ranges_in_play(one).items():
            if path not in found and not _differs(path, own, (scenario, *others)):
                found[path] = _factor(one, path, own, low, high)
    if not found:
        raise ExperimentError(f"no assumption of scenario '{scenario.name}' carries a range to vary it over")
    if not patterns:
        return tuple(found.values())
    for pattern in patterns:
        if not fnmatch.filter(found, pattern):
            raise ExperimentError(_nothing(pattern, scenario, found))
    return tuple(
        factor
        for path, factor in found.items()
        if any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)
    )


def _factor(scenario: Scenario, path: str, own: float, low: float, high: float) -> Factor:
    entry = scenario.entry(path)
    grade = entry.grade if entry.grade in GRADES else UNGRADED
    return Factor(
        path, own, low, high, entry.unit, isinstance(own, int), grade, entry.source, entry.description
    )


def _differs(path: str, own: float, scenarios: Sequence[Scenario]) -> bool:
    return any(has(one, path) and one.value(path) != own for one in scenarios)


def has(scenario: Scenario, path: str) -> bool:
    """Say whether a scenario has a value; a part that is left out has none."""
    from sim.scenario.fields import UnknownPathError

    try:
        scenario.entry(path)
    except UnknownPathError:
        return False
    return True


def _nothing(pattern: str, scenario: Scenario, found: Mapping[str, Factor]) -> str:
    """Say why a pattern fits nothing: a lever, a value without a range, or a typo."""
    words = f"no assumption with a range fits '{pattern}' in scenario '{scenario.name}'"
    if has(scenario, pattern):
        entry = scenario.entry(pattern)
        if entry.role != "assumption":
            return f"{words}: it is a {entry.role}, decided and not uncertain"
        return f"{words}: its value {entry.value!r} carries no range around it"
    return words + (nearest(pattern, list(found)) or "; channelsim explain lists them")


def worlds_with(
    scenarios: Sequence[Scenario], factors: Mapping[str, Factor], values: Mapping[str, float]
) -> tuple[tuple[Scenario, ...], float]:
    """Return the same scenarios in a world where some assumptions have other values.

    Parameters
    ----------
    scenarios
        What to change; one that does not have an assumption is left alone in it.
    factors
        The assumptions by path.
    values
        New values by path.

    Returns
    -------
    tuple
        The scenarios, and how far the values were followed: 1 as asked; less where together they contradict
        each other (a shift that ends before it starts) and all were pulled towards the scenarios' own.
    """
    from sim.scenario import ScenarioError

    for pull in _PULLS:
        world = {path: factors[path].towards(value, pull) for path, value in values.items()}
        try:
            changed = tuple(_with(one, world) for one in scenarios)
        except ScenarioError:
            continue
        return changed, pull
    return tuple(scenarios), 0.0


def _with(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    changes = {path: value for path, value in values.items() if has(scenario, path)}
    return scenario.with_values(changes) if changes else scenario
