"""Boxes to choose from whose choices may change while the visitor chooses."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from sim.ui.box import option_of


def capitals(name: str) -> str:
    return name.replace("_", " ").capitalize()


def test_what_a_browser_reports_is_an_option_by_name_or_by_its_words():
    assert option_of("traffic", ["last_mile", "traffic"], capitals) == "traffic"
    assert option_of("Last mile", ["last_mile", "traffic"], capitals) == "last_mile"
    assert option_of("Head office", ["last_mile", "traffic"], capitals) is None


def test_words_of_a_choice_that_is_gone_change_nothing():
    def page() -> None:
        import streamlit as st

        from sim.ui import box

        def chosen(option: str) -> None:
            st.session_state["options"] = [*st.session_state.get("options", []), option]

        box.choose(None, "Figure", ["last_mile", "traffic"], key="figure", words=str.upper, on_choice=chosen)
        for reported in ("TRAFFIC", "Head office"):
            st.session_state["reported"] = reported
            box._chosen("reported", ("last_mile", "traffic"), str.upper, chosen)

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.session_state["options"] == ["traffic"]
    app.selectbox(key="figure").select("TRAFFIC").run()
    assert app.session_state["options"] == ["traffic", "traffic", "traffic"]
