"""What is known about one claim, from a fresh answer or from what was kept, in one shape for the card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.report.numbers import plain
from sim.report.page import Column, Table, table
from sim.ui.changes import written
from sim.ui.language import say
from sim.ui.units import unit_words

if TYPE_CHECKING:
    from sim.experiment.claims import Claim
    from sim.scenario import Difference
    from sim.ui.kept_claims import KeptClaim

SURE_SIDES = ("holds", "fails")
LONGEST_VALUE = 60


@dataclass(frozen=True)
class Known:
    """What is known about a claim.

    Attributes
    ----------
    verdict
        ``holds``, ``fails``, ``depends`` or ``cannot tell``.
    worlds
        Name, outcome and effect of each named world, the scenario's own first.
    held, drawn
        Plausible worlds in which it holds, of how many; None where none was drawn.
    share
        Low and high end of the share's interval; None where they were not kept.
    """

    verdict: str
    worlds: tuple[Mapping[str, Any], ...]
    held: int | None = None
    drawn: int = 0
    share: tuple[float, float] | None = None

    def outcome(self, world: str) -> str:
        """Return what came out in a world; empty where that is not known."""
        return next((str(one["outcome"]) for one in self.worlds if one["name"] == world), "")


def known_from_answer(result: Mapping[str, Any]) -> Known:
    """Return what a fresh answer says; see :func:`sim.experiment.claims.claims_result`."""
    found = result["plausible_worlds"]
    drawn = int(found["n"])
    return Known(
        result["verdict"],
        tuple(result["worlds"]),
        round(found["mean"] * drawn) if drawn else None,
        drawn,
        (found["low"], found["high"]) if drawn else None,
    )


def known_from_kept(kept: KeptClaim) -> Known:
    """Return what was kept of a claim."""
    worlds = tuple({"name": one.name, "outcome": one.outcome, "effect": one.effect} for one in kept.worlds)
    held = None if kept.plausible is None or not kept.draws else round(kept.plausible * kept.draws)
    return Known(kept.verdict, worlds, held, kept.draws)


def plausible_words(known: Known) -> str:
    """Say in how many plausible worlds a claim holds."""
    if known.held is None:
        return say("No plausible world was drawn yet.")
    words = say(
        "It holds in {held} of {drawn} plausible worlds, with the assumptions that bear on it drawn from"
        " their own ranges at once.",
        held=known.held,
        drawn=known.drawn,
    )
    if known.share is None:
        return words
    low, high = (plain(100 * end, 0) for end in known.share)
    return f"{words} {say('Interval of the share: {low} to {high}%.', low=low, high=high)}"


def other_side(claim: Claim, known: Known | None, world: str) -> str:
    """Return a shipped world in which the claim comes out the other way than in ``world``; empty if none.

    What was found counts before what the world was written to show.
    """
    outcomes = {one.name: str(one.expect or "") for one in claim.worlds}
    if known is not None:
        told = {name: known.outcome(name) for name in outcomes}
        outcomes |= {name: outcome for name, outcome in told.items() if outcome in SURE_SIDES}
    here = outcomes.get(world, "")
    others = [name for name, outcome in outcomes.items() if outcome in SURE_SIDES and outcome != here]
    return others[0] if others else ""


@lru_cache(maxsize=256)
def _differing(claim: str, stamp: str, world: str) -> tuple[Difference, ...]:
    from sim.experiment.claims.trial import Trial
    from sim.scenario import difference
    from sim.ui.questions.claim import claim_of

    del stamp  # a claim that was rewritten has other worlds
    trial = Trial(claim_of(claim))
    wanted = next(one for one in trial.claim.worlds if one.name == world)
    return tuple(difference(trial.base, trial.world(wanted)))


def world_table(claim: Claim, stamp: str, world: str) -> Table:
    """Return what is set otherwise in a world of a claim: path, as given, there, unit."""
    rows = [
        (f"`{row.path}`", _short(row.old), _short(row.new), unit_words(row.unit))
        for row in _differing(claim.id, stamp, world)
    ]
    heads = [
        Column(say("value"), words=True), Column(say("as given")), Column(say("in this world")),
        Column(say("unit"), words=True),
    ]  # fmt: skip
    return table(say("What was changed"), heads, list(rows))


def _short(value: Any) -> str:
    words = written(value)
    return words if len(words) <= LONGEST_VALUE else f"{words[: LONGEST_VALUE - 1]}…"


def answering(ids: Sequence[str]) -> str:
    """Write the lines of the articles that a claim answers."""
    return ", ".join(ids) or say("none")
