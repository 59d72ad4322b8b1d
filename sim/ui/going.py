"""From one page to another, with a choice made there: a button remembers where to, the page goes."""

from __future__ import annotations

import streamlit as st

from sim.ui import session

GOING = "going_to"


def send(page: str, **choices: str) -> None:
    """Make choices of another page's view and go there when this page is drawn next; for callbacks."""
    session.show(**choices)
    st.session_state[GOING] = page


def go() -> None:
    """Go where a button has sent us; called before a page draws anything."""
    page = st.session_state.pop(GOING, "")
    if page:
        from sim.ui.pages import pages

        module = pages()[page]
        st.switch_page(st.Page(module.draw, title=module.title(), url_path=page))
