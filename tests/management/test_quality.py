"""The board that starts projects: which causes it picks, what a project does, and what stays hidden."""

from __future__ import annotations

import pytest

from sim.scenario import ScenarioError
from sim.world import World
from tests.world.limits.claims_company import CAUSES, WORLD
from tests.world.small import brief

NAME, VALUES = WORLD
QUIET = {"horizon.days": 29, "fulfilment.bad_batch": None, "service.contacts_per_order": 0.4}


def lived(**quality: object) -> World:
    changes = {f"management.quality.{key}": value for key, value in quality.items()}
    world = World(brief(NAME, VALUES | QUIET | changes), seed=4)
    world.live()
    assert world.quality is not None
    return world


def test_pareto_takes_the_most_frequent_cause_and_value_the_dearest() -> None:
    """Questions come most often; a broken lamp costs most, though its project does so too."""
    pareto = lived(policy="pareto", projects_per_review=1, cut_per_project=0.0)
    assert {cause for cause, n in pareto.quality.started.items() if n} == {"question"}
    value = lived(policy="value", projects_per_review=1, cut_per_project=0.0)
    assert {cause for cause, n in value.quality.started.items() if n} == {"broken"}
    assert sum(value.quality.started.values()) == 5  # days 1, 8, 15, 22 and 29


def test_chance_picks_causes_by_luck_that_is_the_seeds_own() -> None:
    one, two = (lived(policy="random", projects_per_review=1).quality.started for _ in range(2))
    assert one == two
    assert sum(n > 0 for n in one.values()) > 1


def test_projects_prevent_what_is_left_and_relapse() -> None:
    """With cut u, gamed g and relapse r a month, x after projects a week apart follows by hand."""
    board = lived(projects_per_review=5, cut_per_project=0.4, gamed_share=0.25, relapse_per_month=0.2).quality
    kept = (1 - 0.2) ** (7 / (365 / 12))
    prevented, after, weeks_hidden = 0.0, [], []
    hidden = 0.0
    for week in range(60):
        if week < board.started["broken"]:
            prevented += 0.4 * 0.75 * (1 - prevented)
            hidden += 0.4 * 0.25 * (1 - hidden)
        after.append(prevented)
        weeks_hidden.append(hidden)
        prevented, hidden = prevented * kept, hidden * kept
    # The board aged once more after its last meeting.
    week = next(n for n in range(60) if board.prevented["broken"] == pytest.approx(after[n] * kept)) + 1
    assert week == board.started["broken"] == 5
    told = 1.0 - sum(weeks_hidden[:week]) / week
    assert board.reported_share("broken") == pytest.approx(told)


def test_a_cause_is_named_once_and_projects_fit_the_causes() -> None:
    with pytest.raises(ScenarioError, match="each cause once"):
        brief(NAME, VALUES | {"management.quality.causes": [CAUSES[0], CAUSES[0]]})
    with pytest.raises(ScenarioError, match="cannot exceed the number of causes"):
        brief(NAME, VALUES | {"management.quality.causes": CAUSES[:2]})
