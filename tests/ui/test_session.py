"""Undo and redo: the whole state there and back, exactly."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ui import session
from sim.ui.history import MOST_STEPS, History
from sim.ui.inputs import Inputs

PATHS = {
    "pickup.community.points": (20, 60, 100),
    "channels.tmall.price_index": (0.9, 1.1),
    "market.price_elasticity": (-1.5, -2.5),
    "mechanisms.supervision": (False,),
}


def mixed(rng: random.Random, now: Inputs) -> Inputs:
    """One edit of any kind: lever, assumption, switch, preset, chart, growth path, taking back."""
    kind = rng.choice(["value", "value", "value", "base", "view", "path", "restore"])
    if kind == "value" and now.base == "community_pickup":
        path = rng.choice(list(PATHS))
        return now.changed({path: rng.choice(PATHS[path])})
    if kind == "base":
        return now.based_on(rng.choice(["base", "community_pickup", "stores_only"]))
    if kind == "path":
        return now.showing(path=rng.choice(["densify", "replicate", "expand"]))
    if kind == "restore":
        return now.restored()
    return now.showing(left=rng.choice(["profit", "money", "orders", "sources"]))


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_fifteen_mixed_edits_back_and_forth_give_the_same_hash(seed):
    rng = random.Random(seed)
    history = History()
    hashes = [history.present.hash]
    while len(history.past) < 15:
        after = history.doing(mixed(rng, history.present))
        if after != history:
            hashes.append(after.present.hash)
        history = after
    back = [history.present.hash]
    for _ in range(15):
        history = history.undone()
        back.append(history.present.hash)
    assert back == hashes[::-1]
    assert history.undone() == history
    forth = [history.present.hash]
    for _ in range(15):
        history = history.redone()
        forth.append(history.present.hash)
    assert forth == hashes
    assert history.redone() == history


def test_an_edit_after_an_undo_forgets_what_was_undone():
    first, second, third = (Inputs().changed({"market.places": n}) for n in (10, 20, 30))
    history = History().doing(first).doing(second).undone().doing(third)
    assert history.redone() == history
    assert history.undone().present == first


def test_where_one_is_and_how_one_reads_is_no_edit():
    first = Inputs().changed({"market.places": 10})
    history = History().doing(first).doing(first.showing(page="scale", language="zh"))
    assert len(history.past) == 1
    back = history.undone().present
    assert (back.view("page"), back.view("language")) == ("scale", "zh")
    assert not back.changes


def test_history_is_bounded():
    history = History()
    for number in range(MOST_STEPS + 50):
        history = history.doing(Inputs().showing(note=str(number)))
    assert len(history.past) == MOST_STEPS


PRICE, PROMISE = "channels.tmall.price_index", "fulfilment.promise_hours"


@pytest.fixture
def clock(monkeypatch):
    """A session of its own, and the time it sees."""
    found = [100.0]
    monkeypatch.setattr(session.st, "session_state", {"history": History()})
    monkeypatch.setattr(session.time, "monotonic", lambda: found[0])
    return found


def undone() -> list[dict[str, object]]:
    """What was changed, as "Undo" walks through it."""
    found = [session.current().changes]
    while session.can_undo():
        session.undo()
        found.append(session.current().changes)
    return found


def test_a_burst_on_a_lever_is_one_edit_and_leaves_those_before_it(clock):
    session.change(PROMISE, 24)
    for price in (0.99, 1.0, 0.98, 1.0, 0.99, 0.95):
        clock[0] += 0.1
        session.change(PRICE, price)
    assert undone() == [{PROMISE: 24, PRICE: 0.95}, {PROMISE: 24}, {}]


def test_a_lever_that_was_pushed_back_to_where_it_stood_is_no_edit(clock):
    session.change(PROMISE, 24)
    for price in (0.99, 1.0):
        clock[0] += 0.1
        session.change(PRICE, price)
    assert undone() == [{PROMISE: 24}, {}]


def test_what_was_chosen_between_two_moves_of_a_lever_stays_an_edit(clock):
    session.change(PRICE, 0.99)
    session.show(left="money")
    clock[0] += 0.1
    session.change(PRICE, 0.98)
    session.undo()
    assert session.current().view("left") == "money"
    session.undo()
    assert (session.current().view("left"), session.current().changes) == ("profit", {PRICE: 0.99})


def test_a_refused_move_in_a_burst_takes_nothing_back(clock):
    session.change(PRICE, 0.99)
    clock[0] += 0.1
    session.change(PRICE, -1.0)
    assert session.complaint()
    assert undone() == [{PRICE: 0.99}, {}]
