"""Claims on channels, experience, print and service: every line of the articles is answered."""

from __future__ import annotations

import pytest

from sim.experiment.claims import Claim, shipped_claims
from sim.experiment.claims.trial import Trial
from sim.experiment.worlds import ranges_in_play

LINES = (
    *("000-7", "000-8", "000-9", "000-10", "000-11"),
    *("001-1", "001-7", "001-8", "001-9", "001-11", "001-13"),
    *("002-8", "002-9", "002-10", "002-11", "002-12", "002-13", "002-21", "002-22"),
    *("004-4", "004-5", "004-6", "004-8"),
)
OURS = [claim for claim in shipped_claims().values() if set(claim.articles) & set(LINES)]
CONTRADICTIONS = {
    "one_price_own_tactics": {"000-7", "002-8", "004-6", "001-8"},
    "online_price_closes_dealers": {"001-9", "003-9"},
}
"""Claims that put two lines to the test which contradict each other, and those lines."""


def test_every_line_is_answered() -> None:
    answered = {line for claim in OURS for line in claim.articles}
    assert set(LINES) <= answered


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictions_are_tried_in_one_world(name: str) -> None:
    assert set(shipped_claims()[name].articles) == CONTRADICTIONS[name]


@pytest.mark.parametrize("claim", OURS, ids=[claim.id for claim in OURS])
def test_plausible_worlds_vary_what_the_sentence_is_about(claim: Claim) -> None:
    base = Trial(claim).base
    for beginning in claim.vary:
        assert ranges_in_play(base, (beginning,)), beginning
