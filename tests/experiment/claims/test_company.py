"""Claims on reputation, quality and the company: every line of the articles that is theirs is answered."""

from __future__ import annotations

import pytest

from sim.experiment.claims import Claim, shipped_claims
from sim.experiment.claims.trial import Trial
from sim.experiment.worlds import ranges_in_play

LINES = (
    *("001-2", "001-3", "001-4", "001-14", "002-7", "002-14", "002-15", "002-16"),
    *("003-1", "003-9", "003-10", "003-11", "003-12", "003-13", "004-1", "004-2", "004-3", "004-7"),
)
OURS = [claim for claim in shipped_claims().values() if set(claim.articles) & set(LINES)]


def test_every_line_is_answered() -> None:
    answered = {line for claim in OURS for line in claim.articles}
    assert set(LINES) <= answered


@pytest.mark.parametrize("claim", OURS, ids=[claim.id for claim in OURS])
def test_plausible_worlds_vary_what_the_sentence_is_about(claim: Claim) -> None:
    base = Trial(claim).base
    for beginning in claim.vary:
        assert ranges_in_play(base, (beginning,)), beginning


def test_a_film_on_the_first_day_is_shown_and_paid_on_the_first_day() -> None:
    from sim.world import simulate

    trial = Trial(shipped_claims()["one_film_does_not_launch"])
    arms = trial.arms(trial.base.with_values({"horizon.days": 14, "horizon.warmup_days": 2}))
    none, film = (simulate(arms[name], seed=3) for name in ("none", "film"))
    assert film.accounts["traffic_film"] == pytest.approx(75_000)
    assert film.kpis["awareness_visits"] > 2 * none.kpis["awareness_visits"]
