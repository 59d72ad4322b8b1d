"""One claim of the articles put to the test, and the frontier on which its verdict flips."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.ui.case import Case
from sim.ui.portions import UNDERWAY, in_portions
from sim.ui.question import SEED, Question, Stage, kind

if TYPE_CHECKING:
    from sim.experiment.claims import Claim
    from sim.experiment.runner import Runner
    from sim.ui.sharing import SharingRunner

DRAWS = 12
FIRST_CLAIM = "points_raise_cost"
"""The claim that its page opens on."""
POINTS = 48
FIRST_POINTS = 16
FEWEST = 2
"""Histories of every arm behind the first answer: with fewer there is no interval."""
FEW_HISTORIES = "two histories of every world, no plausible worlds yet"
NAMED_WORLDS = "plausible worlds follow"
FEW_POINTS = "sixteen points only"
TERMS = (UNDERWAY, FEW_HISTORIES, NAMED_WORLDS, FEW_POINTS)


def claim_of(name: str) -> Claim:
    """Return a shipped claim.

    Raises
    ------
    sim.experiment.errors.ExperimentError
        If there is none of that name; the message names the nearest.
    """
    from sim.experiment.claims import chosen

    return chosen([name])[0]


def claim_stamp(claim: Claim) -> str:
    """Return a hash of everything a claim says: a claim that was rewritten is another question."""
    return hashlib.sha256(claim.model_dump_json().encode()).hexdigest()[:12]


@dataclass(frozen=True)
class _AboutClaim(Question):
    """A question about a claim; the case is the scenario its worlds are made of.

    Attributes
    ----------
    claim
        Id of the claim.
    stamp
        Hash of its text.
    """

    claim: str = ""
    stamp: str = ""


def _python(call: str, imported: str, claim: str, shown: str) -> str:
    return (
        f"from sim.experiment.claims import {imported}, shipped_claims\n"
        "from sim.experiment.runner import Runner\n\n"
        "with Runner() as runner:\n"
        f"    found = {call.format(claim=f'shipped_claims()[{claim!r}]')}\n"
        f"print({shown})\n"
    )


@kind("claim")
@dataclass(frozen=True)
class ClaimQuestion(_AboutClaim):
    """One claim in all its named worlds and in plausible ones.

    Attributes
    ----------
    replications
        Histories of every arm and world; 0: the claim's own number.
    draws
        Plausible worlds.
    """

    replications: int = 0
    draws: int = DRAWS

    @classmethod
    def about(cls, claim: Claim, **options: Any) -> ClaimQuestion:
        """Return the question about a shipped claim."""
        return cls(Case(claim.base), claim.id, claim_stamp(claim), **options)

    @property
    def histories(self) -> int:
        """Histories behind the confirmed answer, at most: what is decided early needs fewer."""
        claim = self._claim()
        return (len(claim.worlds) * claim.replications + self.draws) * len(claim.arms)

    def _claim(self) -> Claim:
        found = claim_of(self.claim)
        wanted = self.replications or found.replications
        return found.model_copy(update={"replications": max(wanted, FEWEST)})

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield the named worlds with few histories, then with all, then with the plausible worlds."""
        claim, total = self._claim(), self.histories
        if claim.replications > FEWEST:
            few = _tried(claim.model_copy(update={"replications": FEWEST}), runner, 0)
            yield Stage(few["runs"], total, few, FEW_HISTORIES)
        if self.draws:
            named = _tried(claim, runner, 0)
            yield Stage(named["runs"], total, named, NAMED_WORLDS)
        found = _tried(claim, runner, self.draws)
        yield Stage(found["runs"], found["runs"], found)

    def command(self) -> str:
        """Return the command that puts the same claim to the same test."""
        own = f" --replications {self.replications}" if self.replications else ""
        return f"channelsim claims {self.claim} --draws {self.draws} --seed {SEED}{own}"

    def python(self) -> str:
        """Return the call of :func:`sim.experiment.claims.claims_result`."""
        call = f"claims_result([{{claim}}], runner=runner, seed={SEED}, draws={self.draws})"
        return _python(call, "claims_result", self.claim, 'found["claims"][0]["verdict"]')


def _tried(claim: Claim, runner: Runner, draws: int) -> dict[str, Any]:
    from sim.experiment.claims import claims_result

    found: dict[str, Any] = claims_result([claim], runner=runner, seed=SEED, draws=draws)["claims"][0]
    return found


@kind("frontier")
@dataclass(frozen=True)
class FrontierQuestion(_AboutClaim):
    """Where in a box of two or three assumptions the verdict of a claim flips.

    Attributes
    ----------
    over
        Paths of the box; the claim's own if empty.
    points
        Points that are simulated.
    """

    over: tuple[str, ...] = ()
    points: int = POINTS

    @classmethod
    def about(cls, claim: Claim, **options: Any) -> FrontierQuestion:
        """Return the question about a shipped claim."""
        return cls(Case(claim.base), claim.id, claim_stamp(claim), **options)

    @property
    def histories(self) -> int:
        """Histories behind the confirmed answer, those of the first rough one included."""
        return (self.points + FIRST_POINTS) * len(claim_of(self.claim).arms)

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield a frontier of few points, then how far the whole one came, then the whole one."""
        arms = len(claim_of(self.claim).arms)
        total = self.points * arms
        first = None
        if self.points > FIRST_POINTS:
            first = self._drawn(runner, FIRST_POINTS)
            yield Stage(FIRST_POINTS, total, first, FEW_POINTS)
        yield from in_portions(
            runner, total, lambda crew: self._drawn(crew, self.points), first, FEW_POINTS, FIRST_POINTS
        )

    def _drawn(self, runner: Runner, points: int) -> dict[str, Any]:
        from sim.experiment.claims import draw_frontier

        return draw_frontier(
            claim_of(self.claim), runner=runner, over=self.over, seed=SEED, points=points
        ).as_dict()

    def command(self) -> str:
        """Return the command that draws the same frontier."""
        over = "".join(f" --over {path}" for path in self.over)
        return f"channelsim claims {self.claim} --frontier{over} --seed {SEED}"

    def python(self) -> str:
        """Return the call of :func:`sim.experiment.claims.draw_frontier`."""
        call = (
            f"draw_frontier({{claim}}, runner=runner, over={self.over!r}, seed={SEED}, points={self.points})"
        )
        return _python(call, "draw_frontier", self.claim, "found.sentence")
