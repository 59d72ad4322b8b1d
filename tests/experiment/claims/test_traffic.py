"""Claims on visits, their quality and budgets: every line of the articles that is theirs is answered."""

from __future__ import annotations

import pytest

from sim.experiment.claims import Claim, shipped_claims
from sim.experiment.claims.trial import Trial
from sim.experiment.worlds import ranges_in_play

LINES = {
    "000": (1, 2, 3, 4, 5, 6),
    "002": (1, 2, 3, 4, 5, 6),
    "003": (3, 4, 5, 7),
}
IDS = {f"{article}-{line}" for article, lines in LINES.items() for line in lines}
OURS = [claim for claim in shipped_claims().values() if IDS & set(claim.articles)]


def test_every_line_is_answered() -> None:
    answered = {line for claim in OURS for line in claim.articles}
    assert answered >= IDS


@pytest.mark.parametrize("claim", OURS, ids=[claim.id for claim in OURS])
def test_plausible_worlds_vary_what_the_sentence_is_about(claim: Claim) -> None:
    base = Trial(claim).base
    for beginning in claim.vary:
        assert ranges_in_play(base, (beginning,)), beginning


def test_a_perfect_filter_leaves_no_order_of_bargain_seekers() -> None:
    from sim.world import World

    claim = shipped_claims()["bargain_seekers_bring_nothing"]
    trial = Trial(claim)
    world = trial.base.with_values({"horizon.days": 7, "horizon.warmup_days": 2})
    without = World(trial.arms(world)["without"], seed=3, log=True)
    without.live()
    assert without.log is not None
    kinds = {without.classes[code].segment.kind for day, _ in without.log for code in day.classes}
    online = {
        without.classes[code].segment.kind
        for day, _ in without.log
        for code in day.classes
        if without.classes[code].segment.channel != "stores"
    }
    assert online.isdisjoint({"deal_hunter", "gift_collector"})
    assert "deal_hunter" in kinds
