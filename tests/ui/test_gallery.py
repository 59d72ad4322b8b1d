"""Charts are drawn anew when their results, or the language, are others, and only then."""

from __future__ import annotations

import pytest
import streamlit as st

from sim.report.page import Column, table
from sim.ui.drawn import Drawn
from sim.ui.gallery import hang
from sim.ui.language import language, speak, speaking
from sim.ui.pictures import Material, Picture
from sim.ui.pictures.picture import NothingToDrawError, figure


@pytest.fixture
def drawn():
    """Materials that the picture of these tests was drawn from, on walls that are empty at first."""
    st.session_state.pop("gallery", None)
    yield []
    st.session_state.pop("gallery", None)


def picture_of(seen: list[Material], name: str = "one") -> Picture:
    """A picture of a year that remembers what it was drawn from."""

    def draw(material: Material) -> Drawn:
        seen.append(material)
        assert material.run is not None
        if not material.run:
            raise NothingToDrawError("nothing")
        return Drawn(figure("x (unit)", "y (unit)"), table("t", [Column("a")], [("1",)]), "alt", "reading")

    return Picture(name, lambda: "Title", lambda: "short", "run", draw)


def test_the_same_results_are_drawn_once(drawn):
    picture, run, before = picture_of(drawn), {"a": 1}, {"a": 2}
    first = hang(picture, Material(run=run, run_before=before, scale={"b": 1}))
    assert hang(picture, Material(run=run, run_before=before, scale={"b": 2})) is first
    assert drawn == [Material(run=run, run_before=before)], "it is shown no other answer than its own"


def test_another_result_another_baseline_and_another_language_are_drawn(drawn):
    picture, run = picture_of(drawn), {"a": 1}
    found = [hang(picture, Material(run=run)), hang(picture, Material(run=dict(run)))]
    found.append(hang(picture, Material(run=run, run_before={"a": 2})))
    with speaking("zh"):
        found.append(hang(picture, Material(run=run, run_before={"a": 2})))
    assert len(drawn) == 4
    assert len({id(one) for one in found}) == 4


def test_two_pictures_of_one_result_do_not_meet(drawn):
    run = {"a": 1}
    one, other = picture_of(drawn), picture_of(drawn, "other")
    assert hang(one, Material(run=run)) is not hang(other, Material(run=run))
    assert hang(one, Material(run=run)) is hang(one, Material(run=run))
    assert len(drawn) == 2


def test_nothing_to_draw_is_remembered_too(drawn):
    picture, run = picture_of(drawn), {}
    assert hang(picture, Material(run=run)) is None
    assert hang(picture, Material(run=run)) is None
    assert len(drawn) == 1


def test_a_block_speaks_its_language_and_gives_the_old_one_back():
    speak("en")
    try:
        with speaking("zh"):
            assert language() == "zh"
        assert language() == "en"
        with pytest.raises(KeyError), speaking("zh"):
            raise KeyError
        assert language() == "en"
    finally:
        speak("")
