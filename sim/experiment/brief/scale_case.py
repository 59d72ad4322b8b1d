"""The question of scale, asked of any world: how cost moves between the ends of the ladder, and its level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.experiment.brief.case import LEVEL, SLOPE, Answer, Asked, Reading, Target
from sim.experiment.errors import ExperimentError
from sim.experiment.jobs import Summary
from sim.experiment.ladder import Ladder, against_rungs, ladder_jobs, rungs_of, unit_for
from sim.experiment.paths import PATHS, Rung, why_not
from sim.experiment.scale_question import ScaleQuestion
from sim.experiment.scale_steps import incremental_costs
from sim.experiment.statistics import Estimate, estimate
from sim.experiment.verdict import Curve, Margins, read_curve
from sim.experiment.worlds import ranges_in_play
from sim.scenario.entries import Entry
from sim.scenario.problems import ScenarioError

if TYPE_CHECKING:
    from sim.scenario import Scenario

SEASONAL_PATHS = ("peak",)
"""Paths that a quarter of a year says nothing about: its days are all alike."""


@dataclass(frozen=True)
class ScaleCase:
    """One growth path of a study of scale.

    Attributes
    ----------
    question
        What the study was asked.
    path
        Growth path.
    volumes
        Ends of the ladder; with the volume of the lowest cost between them where cost turns.
    verdicts
        What the study found: ``slope`` and, where it compares with something, ``level``.
    """

    question: ScaleQuestion
    path: str
    volumes: tuple[float, ...]
    verdicts: Mapping[str, str]

    @classmethod
    def of(cls, question: ScaleQuestion, path: str, result: Mapping[str, Any]) -> ScaleCase:
        """Build the case from a study's question and its result for one path.

        Raises
        ------
        ExperimentError
            If fewer than two sizes were reached, so that there is nothing to turn round.
        """
        reached = [step for step in result["steps"] if step["average_cost"] is not None]
        if len(reached) < 2:
            raise ExperimentError(
                f"growth path '{path}' of '{question.scenario.name}' has fewer than two sizes within reach"
            )
        volumes = [reached[0]["volume"], reached[-1]["volume"]]
        if result["verdict"] == "stops_scaling":
            lowest = min(reached, key=lambda step: float(step["average_cost"]["mean"]))
            volumes.insert(1, lowest["volume"])
        verdicts = {SLOPE: result["verdict"]}
        extra = reached[-1]["incremental_cost"]
        if extra is not None:
            verdicts[LEVEL] = level_verdict(Estimate(**extra))
        return cls(question, path, tuple(volumes), verdicts)

    @property
    def targets(self) -> tuple[Target, ...]:
        """How cost moves with size and, where it is compared, whether it ends above the alternative."""
        bar = self.question.margins.elasticity
        found = [Target(SLOPE, "ratio", self.verdicts[SLOPE], (-bar, bar))]
        if LEVEL in self.verdicts:
            found.append(Target(LEVEL, unit_for(self.question.metric), self.verdicts[LEVEL], (0.0,)))
        return tuple(found)

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of the study."""
        return self.question.seeds

    def ranges(self) -> dict[str, tuple[float, float, float]]:
        """Return value, low and high end of every assumption with a range."""
        return ranges_in_play(self.question.scenario)

    def entry(self, path: str) -> Entry:
        """Return an assumption of the scenario."""
        return self.question.scenario.entry(path)

    def shorter(self, days: int) -> ScaleCase:
        """Return the question about shorter histories; itself where a part of a year cannot answer it."""
        own = self.question.scenario
        if own.horizon.days <= days or self.question.growth_months is not None or self.path in SEASONAL_PATHS:
            return self
        asked = self._question({"horizon.days": days})
        return self if asked is None else replace(self, question=asked)

    def ask(self, changes: Mapping[str, float], seeds: Sequence[int]) -> Asked | None:
        """Ask about the world with some values changed.

        What it is compared with changes likewise where it has the same assumption with the same value.
        """
        question = self._question(changes)
        if question is None or why_not(question.scenario, self.path):
            return None
        try:
            rungs = rungs_of(question.scenario, self.path, self.volumes)
            others = self._others(question, rungs)
        except (ScenarioError, ExperimentError):
            return None  # a size of this world contradicts itself, as no size of the study's own does
        if not all(rung.reachable for rung in (*rungs, *others)):
            return None
        plan, own = question.plan(self.path), question.against_own
        jobs = ladder_jobs(question.scenario, plan, rungs, seeds)
        more = ladder_jobs(own, plan, others, seeds) if own is not None and others else []

        def read(runs: Sequence[Summary]) -> Reading | None:
            ladder = Ladder(plan, rungs, _rows(runs[: len(jobs)], len(rungs)))
            other = Ladder(plan, others, _rows(runs[len(jobs) :], len(others))) if more else None
            return _reading(question, self.path, ladder, other)

        return Asked((*jobs, *more), read)

    def _others(self, question: ScaleQuestion, rungs: Sequence[Rung]) -> tuple[Rung, ...]:
        if LEVEL not in self.verdicts:
            return ()
        # The level is read at the largest size only.
        return against_rungs(question.against, self.path, rungs[-1:], question.scope)

    def _question(self, changes: Mapping[str, float]) -> ScaleQuestion | None:
        own, against = self.question.scenario, self.question.against
        try:
            if against is not None:
                against = against.with_values(shared_changes(own, against, changes))
            return replace(self.question, scenario=own.with_values(changes), against=against)
        except ScenarioError:
            return None


def shared_changes(own: Scenario, other: Scenario, changes: Mapping[str, float]) -> dict[str, float]:
    """Return the changes that also concern another scenario: it has the path, with the same value."""
    theirs = {entry.path: entry.value for entry in other.entries()}
    return {
        path: value for path, value in changes.items() if path in theirs and theirs[path] == own.value(path)
    }


def level_verdict(extra: Estimate) -> str:
    """Say on which side of the alternative a level lies; by its mean where there is no interval."""
    if extra.low is None:
        return "above" if extra.mean > 0 else "below" if extra.mean < 0 else "exactly_equal"
    return "above" if extra.is_above(0.0) else "below" if extra.is_below(0.0) else "no_detectable_difference"


def point_verdict(curve: Curve, margins: Margins) -> str:
    """Read the verdict of a single history per size, where there are values and no intervals."""
    if curve.elasticity is None:
        return "cannot_tell"
    bar, last = margins.elasticity, len(curve.segments)
    turns = 0 < curve.lowest < last
    if turns and curve.segments[0].mean < -bar and curve.segments[-1].mean > bar:
        return "stops_scaling"
    slope = curve.elasticity.mean
    return "scalable" if slope < -bar else "non_scalable" if slope > bar else "neutral"


def _rows(runs: Sequence[Summary], width: int) -> tuple[tuple[Summary, ...], ...]:
    return tuple(tuple(runs[start : start + width]) for start in range(0, len(runs), width))


def _reading(question: ScaleQuestion, path: str, ladder: Ladder, other: Ladder | None) -> Reading | None:
    unit = PATHS[path].elasticity_to
    try:
        sizes = ladder.sizes(question.scope)
        costs = ladder.averages(question.metric, question.scope)
    except ExperimentError:
        return None  # nothing to divide by: no parcel went through the layer in this world
    curve = read_curve(sizes, costs, question.margins, unit=unit)
    rows = [
        read_curve([size], [cost], question.margins, unit=unit)
        for size, cost in zip(sizes, costs, strict=True)
    ]
    slopes = tuple(row.elasticity.mean for row in rows if row.elasticity is not None)
    if len(slopes) < len(rows):
        return None
    verdict = curve.verdict if len(rows) > 1 else point_verdict(curve, question.margins)
    found = {SLOPE: Answer(verdict, slopes)}
    if other is not None:
        values = tuple(_extra(question, ladder, other, index) for index in range(len(rows)))
        found[LEVEL] = Answer(level_verdict(estimate(values)), values)
    return found


def _extra(question: ScaleQuestion, ladder: Ladder, other: Ladder, index: int) -> float:
    """Cost above the alternative at the largest size, in one replication."""
    one = Ladder(ladder.plan, ladder.rungs[-1:], (ladder.rows[index][-1:],))
    its = Ladder(other.plan, other.rungs, (other.rows[index],))
    extra = incremental_costs(question, one, its)[0]
    assert extra is not None, "both ladders have the same largest rung"
    return extra.mean
