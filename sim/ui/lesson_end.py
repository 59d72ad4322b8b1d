"""The lesson after the reveal: what bends the curve, and the class's predictions held against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.ui import session
from sim.ui.bends import BENDS, OFF, bend_of, main_question, mechanisms_in, why_question
from sim.ui.debrief import debrief_csv, debrief_html, questions, score_sentences, score_table
from sim.ui.drawn import table_markdown
from sim.ui.language import language, say
from sim.ui.pictures.lesson import two_curves
from sim.ui.pictures.picture import NothingToDrawError
from sim.ui.sentences import scale_sentence
from sim.ui.vocabulary import mechanism_name

if TYPE_CHECKING:
    from sim.ui.case import Case
    from sim.ui.classroom import Classroom
    from sim.ui.prediction import Truth
    from sim.ui.sheet import Sheet


def draw_explain(sheet: Sheet, case: Case, result: dict[str, Any]) -> None:
    """Draw one bend of the curve beside the lesson's own: another path, another world, a mechanism off."""
    (causes,) = sheet.ask(why_question(case))
    mechanisms = mechanisms_in(causes.result)
    options = [*BENDS, *(f"{OFF}{name}" for name in mechanisms)]
    chosen = sheet.inputs.view("lesson_bend", "fill")
    chosen = chosen if chosen in options else "fill"
    st.session_state["lesson-bend"] = chosen
    st.selectbox(
        say("What would bend the curve?"),
        options,
        key="lesson-bend",
        format_func=_bend_name,
        on_change=_on_bend,
    )
    bend = bend_of(chosen, mechanisms)
    question = bend.question(case)
    (answer,) = sheet.ask(question)
    sheet.badge(answer)
    st.markdown(_because(chosen, case))
    if answer.result is None:
        st.info(say("Simulating this world; the lesson’s own curve stays as it is."))
    else:
        try:
            sheet.chart(
                two_curves(result, answer.result, bend_short(chosen)), key="lesson-bend-chart", height=340
            )
        except NothingToDrawError:
            st.info(say("No size on this path can be reached from here; another path or other sizes may do."))
        st.markdown(scale_sentence(answer.result))
    with st.expander(say("Same digits elsewhere")):
        sheet.commands(main_question(case), why_question(case), question)


def _on_bend() -> None:
    session.show(lesson_bend=str(st.session_state["lesson-bend"]))


def _bend_name(word: str) -> str:
    if word.startswith(OFF):
        return say("switch off: {mechanism}", mechanism=mechanism_name(word.removeprefix(OFF)))
    return {
        "fill": say("grow another way: fill the same points instead of copying them"),
        "span": say("another world: one manager looks after many points"),
        "control": say("another world: control fades, and mistakes are dear"),
    }[word]


def bend_short(word: str) -> str:
    """Name of a bend in two or three words."""
    if word.startswith(OFF):
        return say("without: {mechanism}", mechanism=mechanism_name(word.removeprefix(OFF)))
    return {
        "fill": say("same points, more orders"),
        "span": say("one manager, many points"),
        "control": say("control fades"),
    }[word]


def _because(word: str, case: Case) -> str:
    """Say in a sentence what is different; numbers are those of the bend and of the variant."""
    world = case.scenario()
    if word.startswith(OFF):
        return say("The same world without this one mechanism, on the same luck. What it adds is the gap.")
    if word == "fill":
        return say(
            "The attendant and the rent are paid by the day, the manager by the month. More parcels"
            " at the same"
            " point share them; more points do not."
        )
    layer = "pickup.community."
    found = {path.removeprefix(layer): value for path, value in BENDS[word].changes.items()}
    if word == "span":
        return say(
            "One manager for {span} points instead of {span_before}, at {wage} yuan a month instead of"
            " {wage_before}: the first managers are idle, and growth fills them.",
            span=found["supervision.span"],
            span_before=f"{world.value(f'{layer}supervision.span'):g}",
            wage=found["supervision.wage_per_month"],
            wage_before=f"{world.value(f'{layer}supervision.wage_per_month'):g}",
        )
    return say(
        "Each level of managers passes on {survival} of what was agreed, and a mistake costs {cost}"
        " yuan: the"
        " founder’s world.",
        survival=f"{100 * float(found['supervision.survival_per_level'] or 0):g}%",
        cost=found["exception_cost"],
    )


def draw_debrief(sheet: Sheet, room: Classroom, case: Case, result: dict[str, Any], truth: Truth) -> None:
    """Draw scores, questions and what to take home."""
    st.subheader(score_sentences(room, truth)[0], anchor=False)
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        if room.predictions:
            with st.container(key="lesson-scores"):
                st.markdown(table_markdown(score_table(room, truth)))
        for words in score_sentences(room, truth)[1:]:
            st.markdown(words)
    with right:
        st.markdown("\n".join(f"{place}. {words}" for place, words in enumerate(questions(), 1)))
        st.markdown(f"**{say('Which number will you measure on Monday?')}**")
        cells = st.columns(2, gap="small")
        cells[0].download_button(
            say("Debrief sheet (A4)"),
            lambda: debrief_html(room, case, result, truth),
            f"debrief_{language()}.html",
            "text/html",
            key="lesson-debrief-html",
            on_click="ignore",
            width="stretch",
        )
        cells[1].download_button(
            say("CSV without names"),
            lambda: debrief_csv(room, truth),
            "debrief.csv",
            "text/csv",
            key="lesson-debrief-csv",
            on_click="ignore",
            width="stretch",
            disabled=not room.predictions,
        )
    with st.expander(say("Same digits elsewhere")):
        sheet.commands(main_question(case))
