"""The part of the lesson before the reveal: hand in predictions, count hands, lock."""

from __future__ import annotations

from typing import Any

import streamlit as st

from sim.scenario import ScenarioError
from sim.ui import session
from sim.ui.case import InputError
from sim.ui.classroom import MOST, MOST_HANDS, Classroom, ClassroomError
from sim.ui.handout import prediction_sheet
from sim.ui.held import held
from sim.ui.language import language, say, term
from sim.ui.pictures.lesson import class_chart
from sim.ui.prediction import (
    CHANCES,
    DIRECTIONS,
    HIGHEST,
    LOWEST,
    SIZES,
    WITHIN,
    Prediction,
    PredictionError,
    short_name,
)
from sim.ui.sheet import Sheet
from sim.ui.variants import variant

WHO = "lesson-who"
FIELDS = (*(f"lesson-{kind}-{place}" for kind in ("number", "chance") for place in range(len(SIZES))), WHO)
"""Keys of the fields of a prediction."""
_LONGEST_TYPED = 24
"""Characters of a name as it is typed, with spaces and dots that are left out."""


_AGAIN, _TAKEN, _DRAFT = "lesson_again", "lesson_taken", "lesson_draft"
"""In the session: a prediction that waits for a second press, what is to be said once, what is half typed."""


def draw_predict(room: Classroom, *, is_known: bool) -> None:
    """Draw the form, the list of who handed in, the show of hands and the lock.

    Parameters
    ----------
    room
        The class.
    is_known
        Whether this browser has shown the answer of this variant already.
    """
    if is_known and not room.is_locked:
        st.warning(
            say(
                "The answer of this variant was shown in this browser already. Choose another"
                " variant in the first step."
            )
        )
        return
    st.markdown(say("**Today one parcel costs 100. What will it cost when the layer is …**"))
    left, right = st.columns([1.75, 1], gap="medium")
    with left:
        _form(room)
        if taken := st.session_state.pop(_TAKEN, ""):
            st.success(taken)
    with right:
        _handed_in(room)


def _form(room: Classroom) -> None:
    """Draw the fields of one prediction; what is half typed is known here, so that nothing throws it away."""
    typing: dict[str, Any] = {"on_change": _on_typed, "disabled": room.is_locked}
    for key, value in st.session_state.get(_DRAFT, {}).items():
        st.session_state.setdefault(key, value)
    with st.container(border=True):
        cells = st.columns(len(SIZES), gap="small")
        names = (say("half as large (×0.5)"), say("twice as large (×2)"), say("four times as large (×4)"))
        for place, (cell, name) in enumerate(zip(cells, names, strict=True)):
            cell.number_input(
                name,
                LOWEST,
                HIGHEST,
                None,
                5,
                key=f"lesson-number-{place}",
                placeholder=say("today = 100"),
                **typing,
            )
            cell.selectbox(
                say("sure?"),
                CHANCES,
                index=None,
                key=f"lesson-chance-{place}",
                format_func=lambda chance: f"{chance}%",
                placeholder=say("chance of a hit"),
                **typing,
            )
        st.caption(
            say(
                "A hit is a number within {points} points of the simulation. “Sure?” is the chance"
                " you give to that.",
                points=f"{WITHIN:g}",
            )
        )
        cells = st.columns([1.3, 1, 0.8], vertical_alignment="bottom", gap="small")
        cells[0].text_input(say("Initials, or a short name"), max_chars=_LONGEST_TYPED, key=WHO, **typing)
        cells[1].button(
            say("Hand in"),
            key="lesson-hand-in",
            on_click=_on_hand_in,
            disabled=room.is_locked,
            width="stretch",
        )
        cells[2].button(
            say("Clear"),
            key="lesson-clear",
            on_click=_clear,
            disabled=room.is_locked or not _typed(),
            width="stretch",
        )


def _handed_in(room: Classroom) -> None:
    names = " ".join(one.who for one in room.predictions)
    st.markdown(say("**Handed in: {count} of at most {most}**", count=len(room.predictions), most=MOST))
    if names:
        st.caption(names)
        st.button(
            say("Take the last one back"),
            key="lesson-take-back",
            on_click=_on_take_back,
            disabled=room.is_locked,
        )
    st.markdown(say("**Show of hands:** from half to four times, cost …"))
    cells = st.columns(len(DIRECTIONS), gap="small")
    for place, (cell, words) in enumerate(zip(cells, DIRECTIONS, strict=True)):
        cell.number_input(
            term(words),
            0,
            MOST_HANDS,
            on_change=_on_hands,
            disabled=room.is_locked,
            **held(f"lesson-hand-{place}", room.hands[place]),
        )
    st.button(
        say("Lock all predictions"),
        key="lesson-lock",
        type="primary",
        on_click=_on_lock,
        disabled=room.is_locked or not room.has_any,
        width="stretch",
        help=say("After this nothing can be changed, and the reveal can begin."),
    )
    st.download_button(
        say("Prediction sheet to print (A4)"),
        lambda: prediction_sheet(variant(room.variant)),
        f"prediction_sheet_{language()}.html",
        "text/html",
        key="lesson-sheet",
        on_click="ignore",
        width="stretch",
    )


def draw_locked(sheet: Sheet, room: Classroom) -> None:
    """Draw what the class expects, without names and without the truth."""
    found = room.directions()
    total = sum(found.values())
    st.subheader(
        say(
            "Locked, {total} in all: {falls} expect cost to fall, {flat} to stay flat, {rises} to rise.",
            total=total,
            falls=found["falls"],
            flat=found["stays flat"],
            rises=found["rises"],
        ),
        anchor=False,
    )
    if room.predictions:
        sheet.chart(class_chart(room.predictions), key="lesson-class", height=400)
    st.markdown(say("Ask two people who disagree: what would have to be true for the other to be right?"))


def _on_hand_in() -> None:
    state = st.session_state
    places = range(len(SIZES))
    numbers = [int(one) for place in places if (one := state.get(f"lesson-number-{place}")) is not None]
    chances = [int(one) for place in places if (one := state.get(f"lesson-chance-{place}")) is not None]
    if len(numbers) < len(SIZES) or len(chances) < len(SIZES):
        session.complain(say("a prediction has three numbers and a chance for each; please give all six"))
        return
    who = short_name(str(state.get(WHO) or ""))
    room = Classroom.of(session.current())
    try:
        low, middle, high = numbers
        first, second, third = chances
        prediction = Prediction(who, (low, middle, high), (first, second, third))
        after = room.handed_in(prediction)
    except (PredictionError, ClassroomError) as error:
        session.complain(str(error))
        return
    if _is_somebody_else(room, prediction):
        return
    keep(after)
    _clear()


def _is_somebody_else(room: Classroom, prediction: Prediction) -> bool:
    """Ask, before one prediction takes the place of another, whether two people have the same initials.

    Handing in the same once more is the answer that it is the same person.
    """
    before, state = room.by(prediction.who), st.session_state
    waiting = state.pop(_AGAIN, "")
    if before is None or before == prediction:
        return False
    if waiting == prediction.word:
        state[_TAKEN] = say("{who} handed in again: the new numbers count.", who=prediction.who)
        return False
    state[_AGAIN] = prediction.word
    session.complain(
        say(
            "{who} has handed in other numbers already, and they count. Somebody else? Take another"
            " name, such as {other}. The same person? Hand in once more, and the new numbers count.",
            who=prediction.who,
            other=room.free_name(prediction.who),
        )
    )
    return True


def _clear() -> None:
    """Empty the fields for the next who predicts; only what was handed in, or given up, is emptied."""
    for key in FIELDS:
        st.session_state[key] = "" if key == WHO else None
    _on_typed()


def _typed() -> dict[str, Any]:
    """Return what stands in the fields of a prediction that was not handed in."""
    return {key: value for key in FIELDS if (value := st.session_state.get(key)) not in (None, "")}


def _on_typed() -> None:
    st.session_state[_DRAFT] = _typed()


def forget_typed() -> None:
    """Throw away what is half typed, as another class begins."""
    st.session_state.pop(_DRAFT, None)


def _on_take_back() -> None:
    keep(Classroom.of(session.current()).without_last())


def _on_hands() -> None:
    falls, flat, rises = (
        int(st.session_state[f"lesson-hand-{place}"] or 0) for place in range(len(DIRECTIONS))
    )
    keep(Classroom.of(session.current()).counted((falls, flat, rises)))


def _on_lock() -> None:
    if _typed():
        session.complain(
            say("somebody is still typing: hand in what stands in the fields, or clear them; then lock")
        )
        return
    try:
        keep(Classroom.of(session.current()).locked())
    except ClassroomError as error:
        session.complain(str(error))
    else:
        session.forget_past()


def keep(room: Classroom) -> None:
    """Write the state of the class into the inputs; what does not fit is refused in words."""
    try:
        session.show(**room.words())
    except (InputError, ScenarioError) as error:
        session.complain(str(error))
