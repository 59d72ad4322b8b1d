"""Lesson: twenty minutes, one laptop and a projector. Predict, lock, reveal, explain, debrief."""

from __future__ import annotations

import streamlit as st

from sim.ui import session
from sim.ui.answer import Answer
from sim.ui.bends import BENDS, main_question, why_question
from sim.ui.case import Case
from sim.ui.classroom import FULL, LOCKED, NOBODY, OPEN_STEPS, REVEALS, SEEN, STEPS, Classroom, seen_in
from sim.ui.frame import frame
from sim.ui.language import say
from sim.ui.lesson_end import draw_debrief, draw_explain
from sim.ui.lesson_look import KEYS, LARGE
from sim.ui.lesson_predict import draw_locked, draw_predict, forget_typed, keep
from sim.ui.pictures.causes import causes_bars
from sim.ui.pictures.lesson import against_the_door, class_chart, enlarged_causes
from sim.ui.pictures.picture import NothingToDrawError
from sim.ui.prediction import CHANCE, DIRECTIONS, INITIALS, NUMBER, truth_of
from sim.ui.sentences import scale_sentence
from sim.ui.sheet import Sheet
from sim.ui.variants import COUNT, variant

NAME = "lesson"
TERMS = frozenset({*DIRECTIONS, INITIALS, NUMBER, CHANCE, LOCKED, FULL, NOBODY})


def title() -> str:
    """Name of the page in the navigation."""
    return say("Lesson")


def draw() -> None:
    """Draw the page."""
    with frame(NAME, say("Lesson: does a layer of pickup points get cheaper as it grows?")) as sheet:
        st.html(LARGE)
        with st.container(key="lesson-keys"):
            st.html(KEYS, unsafe_allow_javascript=True)
        room = Classroom.of(sheet.inputs)
        case = variant(room.variant)
        seen = _seen()
        _step_row(room)
        if room.was_changed:
            st.warning(
                say("These predictions are not those that were locked. Lock them again before the reveal.")
            )
        if room.lost:
            st.warning(
                say(
                    "{count} predictions in this address cannot be read; the others are kept.",
                    count=room.lost,
                )
            )
        answer, causes = _ask(sheet, room, case)
        if room.step == "scene":
            _scene(room, case)
        elif room.step == "predict":
            sheet.badge(answer)
            draw_predict(room, is_known=room.variant in seen)
        elif room.step == "locked":
            sheet.badge(answer)
            draw_locked(sheet, room)
        elif answer.result is None or answer.done < 1:
            sheet.badge(answer)
            st.info(
                say(
                    "The envelope is still being filled: whole years are simulated. Talk on; it"
                    " opens by itself."
                )
            )
        else:
            st.session_state["lesson_seen"].add(room.variant)
            _seen()
            _after_the_lock(sheet, room, case, answer, causes)


# --- steps ----------------------------------------------------------------------------------------


def step_names() -> dict[str, str]:
    """Return what each step is called."""
    return {
        "scene": say("Set the scene (2 min)"),
        "predict": say("Predict (5 min)"),
        "locked": say("Locked (1 min)"),
        "point": say("Reveal 1 of 4: today"),
        "double": say("Reveal 2 of 4: half to double"),
        "whole": say("Reveal 3 of 4: the whole curve"),
        "causes": say("Reveal 4 of 4: why"),
        "explain": say("Explain (4 min)"),
        "debrief": say("Debrief (4 min)"),
    }


def _step_row(room: Classroom) -> None:
    """Draw where the class is, and the ways on and back; page keys do the same, as clickers send them."""
    cells = st.columns([5, 1.1, 2.2], vertical_alignment="center", gap="small")
    words = step_names()[room.step]
    cells[0].markdown(
        f"**{say('Step {number} of {total}', number=room.number + 1, total=len(STEPS))}: {words}**"
    )
    cells[1].button(
        say("Back"),
        key="lesson-back",
        on_click=_go,
        args=(STEPS[max(room.number - 1, 0)],),
        disabled=room.number == 0,
        shortcut="PageUp",
        width="stretch",
    )
    after = STEPS[min(room.number + 1, len(STEPS) - 1)]
    is_last = room.step == STEPS[-1]
    needs_lock = after not in OPEN_STEPS and not room.is_locked
    cells[2].button(
        say("Next: {step}", step=step_names()[after].split(" (")[0].split("（")[0])
        if not is_last
        else say("The end"),
        key="lesson-next",
        on_click=_go,
        args=(after,),
        disabled=is_last or needs_lock,
        type="primary",
        shortcut="PageDown",
        width="stretch",
        help=say(
            "The Page Down key and presenters’ clickers do the same. After “Predict” it needs the lock."
        ),
    )


def _go(step: str) -> None:
    """Go to a step; the lock is looked at again here, whatever button was pressed."""
    keep(Classroom.of(session.current()).at(step))


def _seen() -> set[int]:
    """Return the variants whose answer was shown to this class: too late to predict them.

    The address says so too, whatever was undone since: a reload forgets the session.
    """
    found: set[int] = st.session_state.setdefault("lesson_seen", set())
    found |= seen_in(session.current())
    word = ",".join(map(str, sorted(found)))
    if found and session.current().view(SEEN) != word:
        session.note(**{SEEN: word})
    return found


def _ask(sheet: Sheet, room: Classroom, case: Case) -> tuple[Answer, Answer]:
    """Ask for the truth while the class thinks, then for the bends that are explained later.

    All of it stays on this side until the lock.
    """
    if room.step == "scene":
        return sheet.ask(main_question(case))[0], Answer()
    if room.step in ("explain", "debrief"):
        return sheet.ask(main_question(case))[0], Answer()
    answer, causes = sheet.ask(main_question(case), why_question(case))
    sheet.ask(*(bend.question(case) for bend in BENDS.values()))
    return answer, causes


# --- what is shown --------------------------------------------------------------------------------


def _scene(room: Classroom, case: Case) -> None:
    world = case.scenario()
    layer = "pickup.community"
    wage = world.value(f"{layer}.attendant_wage_per_hour") * world.value(f"{layer}.attendant_hours_per_day")
    st.markdown(
        say(
            "A lamp brand has its own pickup points in housing compounds. Somebody stands there in"
            " the evening"
            " and hands parcels over. The founder says: **“Completely unscalable!”** The consultant says:"
            " **“Volume will fix it.”** Both wait for you."
        )
    )
    cells = st.columns(3, gap="small")
    cells[0].metric(
        say("pickup points today, one in each compound"),
        f"{world.value(f'{layer}.points'):g}",
        border=True,
        height="stretch",
    )
    cells[1].metric(
        say("yuan a day for each point’s attendant, whatever comes"),
        f"{wage:g}",
        border=True,
        height="stretch",
    )
    cells[2].metric(
        say("points that one manager looks after; managers have managers"),
        f"{world.value(f'{layer}.supervision.span'):g}",
        border=True,
        height="stretch",
    )
    st.markdown(
        say(
            "**Growth, in this lesson, is copying:** twice the size means twice the compounds, each"
            " with a point"
            " and as many orders as one has today. What does **one parcel through a point** cost then?"
        )
    )
    left, right = st.columns([2.6, 1], vertical_alignment="bottom")
    left.caption(
        say(
            "Illustrative numbers: China about 2014, not calibrated. Not modelled: wages that rise"
            " where labour"
            " is thin, managers who leave, taxes, rivals who copy the points."
        )
    )
    st.session_state["lesson-variant"] = room.variant
    right.selectbox(
        say("Numbers of this class"),
        range(COUNT + 1),
        key="lesson-variant",
        format_func=lambda number: (
            say("shipped scenario") if number == 0 else say("variant {number}", number=number)
        ),
        on_change=_on_variant,
        help=say("Another variant gives another class other numbers. It starts with no predictions."),
    )


def _on_variant() -> None:
    forget_typed()
    keep(Classroom(variant=int(st.session_state["lesson-variant"])))


def _after_the_lock(sheet: Sheet, room: Classroom, case: Case, answer: Answer, causes: Answer) -> None:
    assert answer.result is not None, "the reveal draws an answer"
    truth = truth_of(answer.result)
    if truth is None:
        st.error(
            say(
                "This variant has no cost per parcel at today’s size. Choose another variant in the"
                " first step."
            )
        )
    elif room.step == "explain":
        draw_explain(sheet, case, answer.result)
    elif room.step == "debrief":
        draw_debrief(sheet, room, case, answer.result, truth)
    elif room.step == "causes":
        _causes(sheet, causes)
    else:
        _curve(sheet, room, answer)


def _curve(sheet: Sheet, room: Classroom, answer: Answer) -> None:
    """Draw the first three steps of the reveal."""
    result = answer.result
    assert result is not None, "the reveal draws an answer"
    truth = truth_of(result)
    assert truth is not None, "today's size has a cost"
    place = REVEALS.index(room.step)
    sizes = ((1.0,), (0.5, 1.0, 2.0), tuple(sorted(truth.points)))[place]
    drawn = class_chart(room.predictions, truth, sizes, with_interval=place == 2)
    if place == 0:
        st.subheader(
            say(
                "Today a parcel through a point costs {cost} yuan. That is 100.",
                cost=f"{truth.today.mean:.2f}",
            ),
            anchor=False,
        )
    elif place == 1:
        st.subheader(drawn.reading, anchor=False)
    else:
        st.subheader(_level(answer), anchor=False)
        st.markdown(scale_sentence(result))  # the whole point: before the chart, where nobody scrolls
    sheet.chart(drawn, key=f"lesson-{room.step}", height=330 if place == 2 else 430)
    sheet.badge(answer)


def _level(answer: Answer) -> str:
    """Say the direction the study found, and how far above the door the last size stays."""
    assert answer.result is not None, "the reveal draws an answer"
    truth = truth_of(answer.result)
    words = {
        "falls": say("Copied points get cheaper as the layer grows"),
        "stays flat": say("Copied points get neither cheaper nor dearer"),
        "rises": say("Copied points get dearer as the layer grows"),
    }.get("" if truth is None else truth.direction, say("Copied points: no single direction"))
    door = against_the_door(answer.result)
    if not door or not door[-1][1].is_detectable:
        return f"{words}{say('.')}"
    gap = door[-1][1].mean
    size, yuan = f"{door[-1][0]:g}", f"{abs(gap):.2f}"
    if gap > 0:
        return words + say(
            ", and at ×{size} still cost {yuan} yuan a parcel more than the door.", size=size, yuan=yuan
        )
    return words + say(", and at ×{size} cost {yuan} yuan a parcel less than the door.", size=size, yuan=yuan)


def _causes(sheet: Sheet, causes: Answer) -> None:
    st.subheader(
        say("Why: a copied point brings its own attendant, its own rent and its share of a manager."),
        anchor=False,
    )
    if causes.result is None or causes.done < 1:
        sheet.badge(causes)
        st.info(
            say(
                "The causes follow: every mechanism that matters is simulated on and off. Until"
                " then: what does a"
                " new point share with an old one?"
            )
        )
        return
    try:
        sheet.chart(enlarged_causes(causes_bars(causes.result)), key="lesson-causes", height=430)
    except NothingToDrawError:
        st.info(say("There is nothing to explain: fewer than two sizes on this path could be reached."))
    sheet.badge(causes)
