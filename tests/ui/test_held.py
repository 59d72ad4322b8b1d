"""Fields are set only where they show something else, so that a hand on them is left alone."""

from __future__ import annotations

import pytest

from sim.ui import held as room
from sim.ui.held import held, is_latest, renewed

SET, LEFT_ALONE = {"key": "field"}, {"key": "field", "value": 40}


@pytest.fixture(autouse=True)
def state(monkeypatch):
    """A session's state, which outlives its drawings."""
    found: dict[str, object] = {}
    monkeypatch.setattr(room.st, "session_state", found)
    return found


def test_a_field_is_set_when_it_is_new_and_left_alone_afterwards(state):
    assert held("field", 40) == SET
    assert state["field"] == 40
    assert held("field", 40) == LEFT_ALONE


def test_what_the_visitor_did_is_kept_until_the_page_says_otherwise(state):
    held("field", 40)
    state["field"] = 45  # the visitor moved it and the page agreed
    assert held("field", 45) == {"key": "field", "value": 45}
    assert held("field", 40) == SET  # undo
    assert state["field"] == 40


def test_a_field_that_was_away_or_has_other_ends_is_set(state):
    held("field", 40, 0, 100)
    assert held("field", 40, 0, 200) == SET
    del state["field"]  # it was not drawn on another page
    assert held("field", 40, 0, 200) == SET


@pytest.mark.usefixtures("state")
def test_a_number_of_another_type_or_a_word_is_another_value():
    held("field", 1)
    assert held("field", True) == SET
    assert held("field", "1") == SET
    assert held("field", 0.1 + 0.2) == SET
    assert "value" in held("field", 0.3)


def test_a_field_under_the_hand_stays_and_one_that_shows_something_else_is_drawn_anew(state):
    key = renewed("field", 40)
    assert key == "field"
    state[key] = 45  # the visitor moved it and the page agreed
    assert renewed("field", 45) == key
    again = renewed("field", 40)  # undo
    assert again != key
    state[again] = 40
    assert renewed("field", 40) == again
    assert "field" not in {name for name, value in state.items() if value == 40}, "nothing was set"


def test_what_is_reported_of_a_field_that_was_drawn_anew_is_not_heard(state):
    old = renewed("field", 40)
    state[old] = 45
    assert is_latest(old)
    new = renewed("field", 40)
    state[new] = 40
    assert (is_latest(old), is_latest(new)) == (False, True)
    del state[new]  # it was not drawn on another page
    assert not is_latest(new)


def test_another_form_is_another_field_and_a_rounded_number_the_same_one(state):
    key = renewed("field", (0.1, 0.3), 0, 1)
    state[key] = (0.1, 0.1 + 0.2)
    assert renewed("field", (0.1, 0.3), 0, 1) == key
    assert renewed("field", (0.1, 0.3), 0, 2) != key
