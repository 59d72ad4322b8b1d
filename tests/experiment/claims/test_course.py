"""The course of a claim's experiment: looks fixed beforehand, their price in certainty, plausible worlds."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest

from sim.experiment import ExperimentError, Runner
from sim.experiment.claims import Claim, claims_result, try_claims
from sim.experiment.claims.course import DRAWS, levels_of, looks, more_worlds_matter
from sim.experiment.claims.trial import Trial, decide, family_level, verdict_of
from sim.experiment.seeds import replication_seed
from sim.experiment.statistics import share
from sim.experiment.worlds import draw_worlds
from tests.experiment.test_claims import DESCRIPTION, ELASTICITY, planted, tried

ARMS = len(DESCRIPTION["arms"])
WORLDS = len(DESCRIPTION["worlds"])
PORTION = 8
"""Plausible worlds that are drawn at once, of twelve."""


def test_looks_begin_at_four_and_end_at_the_claims_own_number() -> None:
    assert looks(2) == (2,)
    assert looks(4) == (4,)
    assert looks(20) == (4, 6, 9, 13, 19, 20)
    for most in range(2, 101):
        found = looks(most)
        assert found[-1] == most
        assert list(found) == sorted(set(found))


def test_what_is_plain_is_decided_at_the_first_look() -> None:
    found = tried({"replications": 20}, noise=0.0)
    assert [one.effect.n for one in found.worlds] == [4] * WORLDS
    assert found.looks == looks(20)
    assert found.as_dict()["looks"] == list(looks(20))
    assert found.runs == ARMS * (4 * WORLDS + PORTION)


def test_what_chance_drowns_is_looked_at_to_the_end() -> None:
    found = tried({"replications": 9}, noise=2000.0)
    assert [one.effect.n for one in found.worlds] == [9] * WORLDS
    assert found.verdict == "cannot tell"


def test_a_longer_course_goes_on_with_the_same_histories() -> None:
    """The effect at four histories is that of a claim that has four, whatever the most is."""
    few, many = tried({"replications": 4}), tried({"replications": 12})
    assert many.worlds[0].effect.n == 4
    assert many.worlds[0].effect == few.worlds[0].effect
    assert many.plausible == few.plausible


def test_each_look_has_its_part_of_the_error() -> None:
    """Of claims without any effect, at most one study in twenty decides even one, at whatever look."""
    rng = np.random.default_rng(11)
    claims, studies, wrong = 20, 400, 0
    claim = Claim.model_validate(DESCRIPTION | {"holds": {"above": 0}})
    ends = looks(9)
    levels = levels_of(len(ends), claims)
    assert sum(1 - level for level in levels) == pytest.approx(1 - family_level(claims))
    for _ in range(studies):
        effects = rng.normal(size=(claims, ends[-1]))
        wrong += any(
            decide(claim, row[:end].tolist(), level)[0] != "cannot tell"
            for row in effects
            for end, level in zip(ends, levels, strict=True)
        )
    assert wrong / studies <= 0.05 + 2.6 * math.sqrt(0.05 * 0.95 / studies)


def test_half_of_the_error_is_kept_for_the_last_look() -> None:
    assert levels_of(1, 93) == (family_level(93),)
    for number in (2, 3, 6):
        levels = levels_of(number, 93)
        assert len(levels) == number
        assert 1 - levels[-1] == pytest.approx((1 - family_level(93)) / 2)
        assert sum(1 - level for level in levels) == pytest.approx(1 - family_level(93))


@pytest.mark.parametrize("turn", [-10.0, -4.0, -3.6, -3.0, -2.5, -1.5, -1.2, 0.0])
def test_plausible_worlds_are_drawn_until_they_settle_it(turn: float) -> None:
    """Without noise the claim holds exactly where the elasticity lies above the turn."""
    trial = Trial(Claim.model_validate(DESCRIPTION))
    worlds = draw_worlds(trial.base, DRAWS, replication_seed(1, 0), only=(ELASTICITY,))
    outcomes = ["holds" if world.market.price_elasticity > turn else "fails" for world in worlds]
    own = "holds" if trial.base.market.price_elasticity > turn else "fails"
    wanted = more_worlds_matter(own, outcomes[:PORTION], DRAWS - PORTION)
    seen = outcomes if wanted else outcomes[:PORTION]
    found = tried({"replications": 4}, noise=0.0, turn=turn)
    assert (found.plausible.n, found.plausible.mean) == (len(seen), seen.count("holds") / len(seen))


@pytest.mark.parametrize(
    ("own", "holding", "failing", "matter"),
    [
        ("holds", 8, 0, False),  # all agree
        ("holds", 7, 1, True),  # 10 of 12 are in reach, and 7 of 12 as well
        ("holds", 6, 2, True),  # 10 of 12 are in reach
        ("holds", 5, 3, False),  # 9 of 12 are not enough
        ("fails", 1, 7, True),
        ("fails", 8, 0, False),
        ("cannot tell", 4, 4, False),
    ],
)
def test_more_worlds_are_drawn_where_they_can_change_the_verdict(
    own: str, holding: int, failing: int, matter: bool
) -> None:
    outcomes = ["holds"] * holding + ["fails"] * failing
    assert more_worlds_matter(own, outcomes, DRAWS - len(outcomes)) is matter


def test_a_verdict_is_that_of_all_worlds_where_some_are_spared() -> None:
    """Too many that disagree among the first cannot be outvoted by the rest."""
    for holding in range(PORTION + 1):
        outcomes = ["holds"] * holding + ["fails"] * (PORTION - holding)
        still = DRAWS - PORTION
        if holding == PORTION or more_worlds_matter("holds", outcomes, still):
            continue
        early = verdict_of("holds", share(holding, PORTION))
        late = {verdict_of("holds", share(holding + more, DRAWS)) for more in range(still + 1)}
        assert late == {early}


def test_without_draws_there_is_no_share() -> None:
    with Runner(1, simulate=functools.partial(planted, noise=0.0)) as runner:
        found = try_claims([Claim.model_validate(DESCRIPTION)], runner=runner, draws=0)[0]
    assert found.plausible is None
    assert found.runs == ARMS * 4 * WORLDS


def test_every_door_draws_as_many_worlds() -> None:
    """The command line and the pages name the number themselves, so that they start without the study."""
    import inspect

    from sim.cli.claims import claims
    from sim.ui.questions.claim import ClaimQuestion

    doors = [claims, try_claims, claims_result]
    assert [inspect.signature(door).parameters["draws"].default for door in doors] == [DRAWS] * len(doors)
    assert ClaimQuestion.draws == DRAWS


def test_worlds_that_contradict_an_arm_are_counted_as_lost_though_nothing_else_is_left(monkeypatch) -> None:
    late = {replication_seed(1, index) for index in range(PORTION, DRAWS)}
    jobs = Trial.jobs

    def refusing(trial, world, seeds):
        if len(seeds) == 1 and seeds[0] in late:
            raise ExperimentError("the arm contradicts the world")
        return jobs(trial, world, seeds)

    turn = next(t for t in (-4.0, -3.6) if tried({"replications": 4}, noise=0.0, turn=t).plausible.n == DRAWS)
    monkeypatch.setattr(Trial, "jobs", refusing)
    found = tried({"replications": 4}, noise=0.0, turn=turn)
    assert (found.plausible.n, found.lost) == (PORTION, DRAWS - PORTION)
