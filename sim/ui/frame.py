"""The frame around every page: title row, levers, what was changed, warnings, and the look at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import streamlit as st

from sim.ui import session
from sim.ui.changes import draw_changes
from sim.ui.complaints import draw_complaint
from sim.ui.desk import Desk
from sim.ui.exchange import draw_exchange
from sim.ui.inputs import model_stamp
from sim.ui.language import LANGUAGES, language, say, speaking
from sim.ui.litter import Litter
from sim.ui.opening import shipped_answers
from sim.ui.sheet import Sheet
from sim.ui.sidebar import draw_sidebar
from sim.ui.style import STYLE
from sim.ui.turns import Turn, Turns
from sim.ui.warnings import draw_warnings


@contextmanager
def frame(page: str, title: str, first: Callable[[Sheet], object] | None = None) -> Iterator[Sheet]:
    """Draw the frame of a page and give the sheet it draws on.

    Parameters
    ----------
    page
        Name of the page: that of its file in ``sim/ui/pages``.
    title
        What the page is about, in the language of the page.
    first
        Asks what the page is about before anything is drawn: it is worked on while the frame is.

    Yields
    ------
    Sheet
        To ask questions with and to draw on. When the block ends, the page begins to watch the desk.
    """
    turn = Turn(shared_turns())
    sheet = Sheet(page, session.at_page(page), shared_desk(), visitor(), turn)
    try:
        with speaking(language()):
            turn.is_urgent = _drop_old_questions(sheet)
            if first is not None:
                first(sheet)
            sheet.go_on()
            yield from _framed(sheet, title)
    finally:
        turn.give_back()


def _framed(sheet: Sheet, title: str) -> Iterator[Sheet]:
    st.html(STYLE)
    _title_row(sheet, title)
    with st.container():  # there in every drawing: what is below stays where it is
        _complaints()
    with st.sidebar:
        draw_sidebar(sheet.inputs)
    warnings = st.container()
    yield sheet
    sheet.give_way()
    with warnings:  # worked out when what the page asks is under way already
        draw_warnings(sheet.inputs)
    st.caption(
        say(
            "Prices and habits of China about 2014, illustrative and not calibrated: trust directions and"
            " reasons before digits."
        )
    )
    session.write_address()
    _replay()
    shared_litter().settle()
    sheet.watch()


@cache
def shared_litter() -> Litter:
    """What this server leaves to its garbage collector."""
    return Litter()


@st.cache_resource
def shared_turns() -> Turns:
    """Whose turn it is among the drawings of this server."""
    return Turns()


@st.cache_resource
def shared_desk() -> Desk:
    """The desk of this server; its workers outlive every page."""
    return Desk(shipped=shipped_answers()).open()


def visitor() -> str:
    """Name of this browser tab."""
    context = st.runtime.scriptrunner.get_script_run_ctx()
    return context.session_id if context is not None else "nobody"


def _drop_old_questions(sheet: Sheet) -> bool:
    """Stop work for inputs that hold no more before anything is drawn: the new question starts at once.

    Returns
    -------
    bool
        Whether the inputs are others than those of the drawing before.
    """
    before = st.session_state.get("drawn_case")
    if before is not None and before != sheet.inputs.case:
        sheet.desk.leave(sheet.visitor)
    st.session_state["drawn_case"] = sheet.inputs.case
    return bool(before != sheet.inputs.case)


def _title_row(sheet: Sheet, title: str) -> None:
    widths = [5.2, 0.9, 0.9, 1.05, 1.75, 1.75, 1.15]
    row = st.container(key="title-row")
    cells = row.columns(widths, vertical_alignment="center", gap="small")
    cells[0].title(title, anchor=False)
    cells[1].button(
        say("Undo"), key="undo", on_click=session.undo, disabled=not session.can_undo(), width="stretch"
    )
    cells[2].button(
        say("Redo"), key="redo", on_click=session.redo, disabled=not session.can_redo(), width="stretch"
    )
    cells[3].button(
        say("Replay"),
        key="replay-button",
        on_click=session.replay,
        disabled=not session.can_undo(),
        help=say("Shows the picture before and after your last change, three times in turn."),
        width="stretch",
    )
    with cells[4]:
        draw_changes(sheet.inputs)
    with cells[5]:
        draw_exchange(sheet)
    other = next(code for code in LANGUAGES if code != sheet.inputs.view("language"))
    cells[6].button(
        LANGUAGES[other], key="language", on_click=session.show, kwargs={"language": other}, width="stretch"
    )


def _complaints() -> None:
    message = session.complaint()
    if message:
        draw_complaint(message)
    made_with = st.session_state.pop("made_with", "")
    if made_with:
        st.info(
            say(
                "This link was made with model {old}; this is {new}. Inputs are as they were; results may"
                " differ.",
                old=made_with,
                new=model_stamp(),
            )
        )


def _replay() -> None:
    """Turn the picture while a replay runs."""
    if not st.session_state.get("replay"):
        return

    @st.fragment(run_every=session.REPLAY_SECONDS)
    def turn() -> None:
        if st.session_state.get("replay_drawn") == st.session_state.get("replay"):
            st.session_state["replay"] -= 1
            st.session_state["replay_drawn"] = None
            st.rerun()
        st.session_state["replay_drawn"] = st.session_state.get("replay")

    turn()
