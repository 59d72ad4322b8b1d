"""Put claims to the test: paired runs of their arms in every world, and a verdict by the rule fixed before.

Within one world and replication all arms meet the same luck, so the effect is sharp. The intervals that
decide have a level that accounts for all shipped claims at once (Bonferroni), so that it does not matter
which of them are asked together: with the confidence stated, no verdict at all is the work of chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.claims.assumptions import check_assumptions
from sim.experiment.claims.claim import SINGLE, Claim, ClaimWorld, Outcome
from sim.experiment.claims.figures import figure
from sim.experiment.claims.formula import Formula
from sim.experiment.errors import ExperimentError
from sim.experiment.jobs import Failure, Job, Summary
from sim.experiment.rivals import rivals_beside
from sim.experiment.statistics import LEVEL, Estimate, estimate
from sim.experiment.study import job_for

if TYPE_CHECKING:
    from sim.scenario import Scenario

Verdict = str
VERDICTS = ("holds", "fails", "depends", "cannot tell")
SURE = 0.8
"""Share of plausible worlds that must agree with the scenario's own; below it the verdict is ``depends``."""


@dataclass(frozen=True)
class WorldOutcome:
    """What came out in one world.

    Attributes
    ----------
    world
        Which world.
    outcome
        ``holds``, ``fails`` or ``cannot tell``.
    effect
        The effect with its ordinary 95% interval.
    decided
        The interval that decided, at the level that accounts for all claims.
    """

    world: ClaimWorld
    outcome: Outcome
    effect: Estimate
    decided: tuple[float, float]

    @property
    def as_expected(self) -> bool:
        """Whether the world shows what it was written to show."""
        return self.world.expect is None or self.world.expect == self.outcome


@dataclass(frozen=True)
class Tried:
    """A claim that was put to the test.

    Attributes
    ----------
    claim
        The claim.
    verdict
        ``holds``, ``fails``, ``depends`` or ``cannot tell``.
    condition
        Where it holds and where it fails, in words; empty unless it depends.
    worlds
        Outcomes by named world, the scenario's own first.
    plausible
        Share of plausible worlds in which the claim holds; None where none was drawn.
    lost
        Plausible worlds that could not be simulated.
    full
        Whether the worlds have their full size.
    runs
        Histories behind it.
    looks
        After how many histories of every arm a world was looked at, until it was decided.
    """

    claim: Claim
    verdict: Verdict
    condition: str
    worlds: tuple[WorldOutcome, ...]
    plausible: Estimate | None
    lost: int
    full: bool
    runs: int
    looks: tuple[int, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of one claim."""
        empty = {"mean": None, "low": None, "high": None, "unit": "share", "n": 0}
        return {
            "id": self.claim.id,
            "sentence": self.claim.sentence,
            "articles": list(self.claim.articles),
            "verdict": self.verdict,
            "condition": self.condition,
            "effect": self.worlds[0].effect.as_dict(),
            "rule": self.claim.holds.words,
            "fails_when": self.claim.fails_when,
            "reading": self.claim.reading,
            "worlds": [
                {
                    "name": one.world.name,
                    "why": one.world.why,
                    "outcome": one.outcome,
                    "expected": one.world.expect,
                    "effect": one.effect.as_dict(),
                }
                for one in self.worlds
            ],
            "plausible_worlds": empty if self.plausible is None else self.plausible.as_dict(),
            "lost": self.lost,
            "size": "full" if self.full else dict(self.claim.size),
            "runs": self.runs,
            "looks": list(self.looks),
        }


class Trial:
    """The experiment of one claim.

    Parameters
    ----------
    claim
        What is tested.
    full
        Use the base scenario's own size instead of the claim's small one.

    Raises
    ------
    ExperimentError
        If a world or an arm of the claim is no valid scenario, or an assumption that it names is not there.
    """

    def __init__(self, claim: Claim, *, full: bool = False) -> None:
        from sim.scenario import load

        self.claim = claim
        self.full = full
        base = load(claim.base)
        self.base = base if full or not claim.size else self._sized(base)
        self._measures = {name: Formula(text) for name, text in claim.measures.items()}
        self._effect = claim.formula
        check_assumptions(claim, self.base)

    def _set(self, scenario: Scenario, values: Mapping[str, Any], where: str) -> Scenario:
        from sim.scenario import ScenarioError

        try:
            return scenario.with_values(values) if values else scenario
        except ScenarioError as error:
            raise ExperimentError(f"claim '{self.claim.id}', {where}: {error}") from error

    def _sized(self, base: Scenario) -> Scenario:
        """Return the base at the claim's size, among rivals of that size unless the claim says otherwise."""
        smaller = self._set(base, self.claim.size, "size")
        rivals = rivals_beside(smaller, base)
        return smaller.with_values(
            {path: sales for path, sales in rivals.items() if path not in self.claim.size}
        )

    def world(self, world: ClaimWorld) -> Scenario:
        """Return the scenario of a named world, before any arm."""
        return self._set(self.base, world.set, f"world '{world.name}'")

    def arms(self, world: Scenario) -> dict[str, Scenario]:
        """Return the scenario of each arm in a world."""
        return {name: self._set(world, values, f"arm '{name}'") for name, values in self.claim.arms.items()}

    def jobs(self, world: Scenario, seeds: Sequence[int]) -> list[Job]:
        """Return the histories to simulate in a world: for each seed, every arm."""
        arms = self.arms(world)
        return [job_for(scenario, seed) for seed in seeds for scenario in arms.values()]

    def effects(self, outcomes: Sequence[Summary | Failure]) -> list[float]:
        """Return the effect in each replication, given the outcomes of :meth:`jobs`.

        Raises
        ------
        ExperimentError
            If a history failed or a figure does not apply.
        """
        names = list(self.claim.arms)
        found = []
        for start in range(0, len(outcomes), len(names)):
            row = outcomes[start : start + len(names)]
            summaries: dict[str, Summary] = {}
            for name, outcome in zip(names, row, strict=True):
                if isinstance(outcome, Failure):
                    raise ExperimentError(
                        f"claim '{self.claim.id}', arm '{name}' failed: {outcome.kind}: {outcome.message}"
                    )
                summaries[name] = outcome
            found.append(self._effect_of(summaries))
        return found

    def _effect_of(self, arms: Mapping[str, Summary]) -> float:
        def measured(text: str) -> float:
            arm, _, measure = text.partition(".")
            summary = arms[arm]
            return self._measures[measure or SINGLE].value(lambda name: figure(summary, name))

        return self._effect.value(measured)


def decide(claim: Claim, effects: Sequence[float], level: float) -> tuple[Outcome, tuple[float, float]]:
    """Return the outcome by the claim's rule, and the interval that decided.

    Parameters
    ----------
    claim
        Whose rule.
    effects
        The effect in each replication.
    level
        Level of the interval.
    """
    found = estimate(effects, claim.unit, level=level)
    low = found.mean if found.low is None else found.low
    high = found.mean if found.high is None else found.high
    return claim.holds.read(low, high), (low, high)


def family_level(claims: int) -> float:
    """Return the level of one interval so that all of ``claims`` have the level stated (Bonferroni)."""
    return 1.0 - (1.0 - LEVEL) / max(claims, 1)


def verdict_of(own: Outcome, plausible: Estimate | None) -> Verdict:
    """Return the verdict: the outcome in the scenario's own world, if enough plausible worlds agree.

    Examples
    --------
    >>> verdict_of("holds", share(11, 12)), verdict_of("holds", share(6, 12))
    ('holds', 'depends')
    >>> verdict_of("fails", share(1, 12))
    'fails'
    """
    if own == "cannot tell" or plausible is None:
        return own
    agree = plausible.mean if own == "holds" else 1.0 - plausible.mean
    return own if agree >= SURE else "depends"


def condition(worlds: Sequence[WorldOutcome]) -> str:
    """Say where the claim holds and where it fails."""
    said = []
    for outcome in ("holds", "fails", "cannot tell"):
        names = [one.world.name for one in worlds if one.outcome == outcome]
        if names:
            said.append(f"{outcome} in: {'; '.join(names)}")
    return ". ".join(said)
