"""How the experiment of one claim proceeds: in looks whose number and level are fixed before it begins.

A world is looked at after four histories of every arm, and after half as many again until its outcome is
decided or the claim's own number is reached. Looking more often gives chance more openings, so each look has
its part of the error allowed (Bonferroni over looks and claims): however many looks there were, the
confidence stated holds. Half of it is kept for the last look, which has most to go by. Plausible worlds come
in two portions; the second is drawn only where it can change the verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.experiment.claims.claim import Claim, ClaimWorld, Outcome
from sim.experiment.claims.trial import (
    SURE,
    Trial,
    Tried,
    WorldOutcome,
    condition,
    decide,
    family_level,
    verdict_of,
)
from sim.experiment.errors import ExperimentError
from sim.experiment.jobs import Failure, Job, Summary
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seed, replication_seeds
from sim.experiment.statistics import estimate, share
from sim.experiment.worlds import draw_worlds

DRAWS = 12
"""Plausible worlds for each claim, unless another number is asked for."""
FIRST_LOOK = 4
"""Histories of every arm at the first look: with fewer, only an effect without noise could be decided."""
FIRST_PORTION = 2 / 3
"""Part of the plausible worlds that is drawn at once."""


def looks(most: int) -> tuple[int, ...]:
    """Return after how many histories of every arm a world is looked at.

    Parameters
    ----------
    most
        Histories at the last look.

    Examples
    --------
    >>> looks(3), looks(6), looks(12)
    ((3,), (4, 6), (4, 6, 9, 12))
    """
    found, number = [], FIRST_LOOK
    while number < most:
        found.append(number)
        number += number // 2
    return (*found, most)


def levels_of(number: int, family: int) -> tuple[float, ...]:
    """Return the level of the interval at each look, so that all looks at all claims have the level stated.

    Parameters
    ----------
    number
        Looks.
    family
        Claims whose verdicts are read together.

    Examples
    --------
    >>> [round(level, 4) for level in levels_of(3, 1)]
    [0.9875, 0.9875, 0.975]
    """
    earlier = number - 1
    last = family_level(2 * family if earlier else family)
    return (family_level(2 * family * earlier),) * earlier + (last,)


def more_worlds_matter(own: Outcome, outcomes: Sequence[Outcome], still: int) -> bool:
    """Tell whether ``still`` more plausible worlds can be expected to change a verdict.

    They cannot where the scenario's own world does not tell, nor where too many disagree already for the
    rest to make up for; and they are not drawn where all agree so far.

    Parameters
    ----------
    own
        Outcome in the scenario's own world.
    outcomes
        Outcomes in the plausible worlds drawn so far.
    still
        Worlds that could still be drawn.

    Examples
    --------
    >>> more_worlds_matter("holds", ["holds"] * 7 + ["fails"], 4)
    True
    >>> more_worlds_matter("holds", ["holds"] * 5 + ["fails"] * 3, 4)
    False
    """
    if own == "cannot tell":
        return False
    agree = sum(one == "holds" for one in outcomes) if own == "holds" else sum(o != "holds" for o in outcomes)
    return agree < len(outcomes) and agree + still >= SURE * (len(outcomes) + still)


@dataclass
class _Named:
    """A named world on its way: what was found so far, and at which look it was decided."""

    world: ClaimWorld
    effects: list[float] = field(default_factory=list)
    look: int = 0
    found: WorldOutcome | None = None


@dataclass(frozen=True)
class _Asked:
    """Histories that were asked for: of a named world, or of a plausible one."""

    jobs: list[Job]
    named: _Named | None = None


class Course:
    """The experiment of one claim, batch by batch.

    Parameters
    ----------
    trial
        The experiment.
    family
        Number of claims whose verdicts are read together.
    seed
        Seed of the study.
    draws
        Plausible worlds, at most.

    Raises
    ------
    ExperimentError
        If a world or an arm of the claim is no valid scenario.
    """

    def __init__(self, trial: Trial, *, family: int, seed: int, draws: int) -> None:
        self.trial = trial
        self.looks = looks(trial.claim.replications)
        self._levels = levels_of(len(self.looks), family)
        self._seeds = replication_seeds(seed, trial.claim.replications)
        self._seed = seed
        self._draws = draws
        self._named = [_Named(world) for world in trial.claim.worlds]
        self._worlds = [trial.world(world) for world in trial.claim.worlds]
        self._drawn: list[Outcome] = []
        self._lost = 0
        self._ways = self._ways_through() if draws > 0 else iter(())
        self._at_once = math.ceil(draws * FIRST_PORTION)
        self._runs = 0
        self._asked: list[_Asked] = []

    def _ways_through(self) -> Iterator[list[Job]]:
        """Yield the histories of each plausible world in turn; none where an arm contradicts the world."""
        claim = self.trial.claim
        worlds = draw_worlds(
            self.trial.base, self._draws, replication_seed(self._seed, 0), only=tuple(claim.vary)
        )
        for index, world in enumerate(worlds):
            try:
                yield self.trial.jobs(world, [replication_seed(self._seed, index)])
            except ExperimentError:
                yield []

    @property
    def claim(self) -> Claim:
        """What is tested."""
        return self.trial.claim

    def next_jobs(self) -> list[Job]:
        """Return the histories that are needed next; none when the experiment has ended."""
        self._asked = []
        for named, world in zip(self._named, self._worlds, strict=True):
            if named.found is None:
                seeds = self._seeds[len(named.effects) : self.looks[named.look]]
                self._asked.append(_Asked(self.trial.jobs(world, seeds), named))
        for _ in range(self._worlds_wanted()):
            jobs = next(self._ways)
            if jobs:
                self._asked.append(_Asked(jobs))
            else:
                self._lost += 1
        return [job for asked in self._asked for job in asked.jobs]

    def _worlds_wanted(self) -> int:
        """Return how many plausible worlds are drawn now."""
        seen, own = len(self._drawn) + self._lost, self._named[0].found
        if seen == 0:
            return self._at_once
        still = self._draws - seen
        if own is None or not more_worlds_matter(own.outcome, self._drawn, still):
            return 0
        return still

    def take(self, outcomes: Sequence[Summary | Failure]) -> None:
        """Take in what came of the histories of :meth:`next_jobs`.

        Raises
        ------
        ExperimentError
            If a history of a named world failed or a figure does not apply.
        """
        coming = iter(outcomes)
        for asked in self._asked:
            part = [next(coming) for _ in asked.jobs]
            self._runs += len(part)
            if asked.named is not None:
                self._look(asked.named, part)
            else:
                self._note(part)
        self._asked = []

    def _look(self, named: _Named, part: Sequence[Summary | Failure]) -> None:
        claim = self.claim
        named.effects += self.trial.effects(part)
        outcome, decided = decide(claim, named.effects, self._levels[named.look])
        named.look += 1
        if outcome != "cannot tell" or named.look == len(self.looks):
            found = estimate(named.effects, claim.unit)
            named.found = WorldOutcome(named.world, outcome, found, decided)

    def _note(self, part: Sequence[Summary | Failure]) -> None:
        try:
            effects = self.trial.effects(part)
        except ExperimentError:
            self._lost += 1
        else:
            self._drawn.append(self.claim.holds.read(effects[0], effects[0]))

    def tried(self) -> Tried:
        """Return what came out, once :meth:`next_jobs` has nothing left."""
        named = [one.found for one in self._named if one.found is not None]
        plausible = share(self._drawn.count("holds"), len(self._drawn)) if self._drawn else None
        verdict = verdict_of(named[0].outcome, plausible)
        return Tried(
            claim=self.claim,
            verdict=verdict,
            condition=condition(named) if verdict == "depends" else "",
            worlds=tuple(named),
            plausible=plausible,
            lost=self._lost,
            full=self.trial.full,
            runs=self._runs,
            looks=self.looks,
        )


def try_claims(
    claims: Sequence[Claim],
    *,
    runner: Runner,
    seed: int = 1,
    draws: int = DRAWS,
    full: bool = False,
    family: int | None = None,
) -> list[Tried]:
    """Put claims to the test.

    Parameters
    ----------
    claims
        Which.
    runner
        Who simulates.
    seed
        Seed of the study.
    draws
        Plausible worlds for each claim, at most; 0 for none.
    full
        Use the scenarios' own sizes.
    family
        Number of claims whose verdicts are read together; None: those given.
    """
    together = family if family is not None else len(claims)
    courses = [Course(Trial(one, full=full), family=together, seed=seed, draws=draws) for one in claims]
    while any(batches := [course.next_jobs() for course in courses]):
        outcomes = iter(runner.outcomes([job for jobs in batches for job in jobs]))
        for course, jobs in zip(courses, batches, strict=True):
            course.take([next(outcomes) for _ in jobs])
    return [course.tried() for course in courses]


def claims_result(
    claims: Sequence[Claim], *, runner: Runner, seed: int = 1, draws: int = DRAWS, full: bool = False
) -> dict[str, Any]:
    """Put claims to the test and return the JSON object of ``claims``.

    The verdicts account for all shipped claims, however few are asked.
    """
    from sim.experiment.claims.catalogue import shipped_claims

    family = max(len(shipped_claims()), len(claims))
    tried = try_claims(claims, runner=runner, seed=seed, draws=draws, full=full, family=family)
    return {
        "claims": [one.as_dict() for one in tried],
        "family": family,
        "draws": draws,
        "seed": seed,
        "full": full,
    }
