"""What is made on request, to be sent to somebody: the evidence bundle and the decision brief."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import streamlit as st

from sim.ui.answer import Answer
from sim.ui.badge import badge
from sim.ui.growth import path_of
from sim.ui.language import say, term
from sim.ui.questions.decision import DecisionQuestion
from sim.ui.questions.evidence import EvidenceQuestion

if TYPE_CHECKING:
    from sim.ui.question import Question
    from sim.ui.sheet import Sheet


def draw_parcels(sheet: Sheet) -> None:
    """Draw a button for each, and the download once it is there."""
    case = sheet.inputs.case
    st.markdown(f"**{say('Decision brief')}**")
    answer = _ordered(sheet, "brief", DecisionQuestion(case, path_of(sheet.inputs)))
    if answer is not None and answer.result is not None:
        page = answer.result["html"][sheet.inputs.view("language")]
        name = f"{case.base}-brief.html"
        st.download_button(
            say("Download"), lambda: page, name, "text/html", key="brief-file", on_click="ignore"
        )
    st.caption(say("Verdict, what turns it, weakest assumption, what to measure next: two pages."))
    st.markdown(f"**{say('Evidence bundle')}**")
    answer = _ordered(sheet, "evidence", EvidenceQuestion(case))
    if answer is not None and answer.result is not None:
        packed, name = answer.result["zip"], f"{case.base}-evidence.zip"
        st.download_button(
            say("Download"),
            lambda: base64.b64decode(packed),
            name,
            "application/zip",
            key="bundle",
            on_click="ignore",
        )
    st.caption(say("Five histories with scenario, seeds and checksums; check them: channelsim verify FILE"))


def _ordered(sheet: Sheet, name: str, question: Question) -> Answer | None:
    """Return what is known if it was ordered for these inputs; otherwise draw the button that does."""
    if st.session_state.get(f"{name}_for") != question.key:
        st.button(say("Prepare"), key=name, on_click=_order, args=(name, question.key))
        return None
    (answer,) = sheet.ask(question)
    if answer.message:
        st.error(term(answer.message))
    elif not answer.is_final:
        st.markdown(badge(answer))
    return answer


def _order(name: str, key: str) -> None:
    st.session_state[f"{name}_for"] = key
