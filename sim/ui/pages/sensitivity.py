"""Sensitivity: which assumption moves a figure most, how surely, and what would have to be true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from sim.experiment.errors import ExperimentError
from sim.kpi import KPIS
from sim.scenario.segments import open_layers
from sim.ui import session
from sim.ui.answer import Answer
from sim.ui.assumption_words import about, assumption_name
from sim.ui.drawn import table_markdown
from sim.ui.effort import effort_words, seconds_of
from sim.ui.frame import frame
from sim.ui.going import go, send
from sim.ui.growth import path_of
from sim.ui.language import say, term
from sim.ui.pictures.picture import NothingToDrawError
from sim.ui.pictures.sensitivity import decisions_table, sensitivity_chart
from sim.ui.question import QUARTER, Question
from sim.ui.questions.conditions import HISTORIES, ConditionsQuestion
from sim.ui.questions.sensitivity import (
    FIRST_METRIC,
    TORNADO,
    SensitivityQuestion,
    basic_assumptions,
    tornado_of,
)
from sim.ui.sentences_sensitivity import flip_sentence, sensitivity_sentence
from sim.ui.sheet import Sheet
from sim.ui.vocabulary import kpi_name, path_words, verdict_words

NAME = "sensitivity"
PARTS = (TORNADO, "morris", "sobol", "information", "flips")
METRICS = (
    FIRST_METRIC,
    "cost_per_order",
    "layer_cost_per_parcel",
    "contribution",
    "orders",
    "share_in_hands",
)
BASIC, EVERY = "basic", "all"
POINTS = {"morris": (4, 10), "sobol": (16, 64), "information": (64, 256)}
"""Sizes on offer: a quick one and the method's own."""
MOST_IN_SOBOL = 8
HEIGHT = 350
ABOUT_HEIGHT = 250


def title() -> str:
    """Name of the page in the navigation."""
    return say("Sensitivity")


def draw() -> None:
    """Draw the page."""
    go()
    with frame(NAME, say("Which assumption matters, and how surely?")) as sheet:
        place = st.container()
        part = _part(sheet)
        if part == "flips":
            _flips(sheet, place)
            return
        metric = _metric(sheet, part)
        question, why_not = _question(sheet, part, metric)
        if question is None:
            with place:
                st.subheader(part_name(part), anchor=False)
            st.info(why_not)
            return
        answer = _asked(sheet, part, question)
        _result(sheet, part, question, answer, place)


def part_name(part: str) -> str:
    """Name of a way to ask."""
    return {
        "tornado": say("One at a time (tornado)"),
        "morris": say("From many places (Morris)"),
        "sobol": say("Shares of uncertainty (Sobol)"),
        "information": say("Worth of knowing"),
        "flips": say("What would have to be true"),
    }[part]


def _part(sheet: Sheet) -> str:
    now = sheet.inputs.view("sensitivity_part", TORNADO)
    st.session_state["sensitivity_part"] = now if now in PARTS else TORNADO
    st.radio(
        say("What to see"),
        PARTS,
        key="sensitivity_part",
        format_func=part_name,
        horizontal=True,
        label_visibility="collapsed",
        on_change=_on_choice,
        args=("sensitivity_part",),
    )
    return str(st.session_state["sensitivity_part"])


def _on_choice(name: str) -> None:
    session.show(**{name: str(st.session_state[name])})


# --- what is asked --------------------------------------------------------------------------------


def _metric(sheet: Sheet, part: str) -> str:
    """Return the figure that is looked at and draw its choice, with the choice of assumptions or size."""
    world = sheet.inputs.scenario()
    allowed = [name for name in METRICS if not name.startswith("layer_") or open_layers(world)]
    if part == "information":
        allowed = [name for name in allowed if KPIS[name].better != "none"]
    first = "contribution" if part == "information" else allowed[0]
    name = "sensitivity_worth" if part == "information" else "sensitivity_metric"
    cells = st.columns([1.2, 1.6, 2], gap="small", vertical_alignment="bottom")
    _select(cells[0], sheet, name, allowed, first, say("Figure"), kpi_name)
    if part == TORNADO:
        count = len(basic_assumptions(world))
        _select(
            cells[1], sheet, "sensitivity_which", [BASIC, EVERY], BASIC, say("Assumptions"),
            lambda one: say("the {count} basic ones", count=count) if one == BASIC else say("all, screened"),
        )  # fmt: skip
    else:
        sizes = [str(size) for size in POINTS[part]]
        _select(cells[1], sheet, f"sensitivity_{part}", sizes, sizes[0], say("Points of the design"), str)
    return str(st.session_state[name])


def _select(
    place: Any, sheet: Sheet, name: str, allowed: list[str], first: str, label: str, words: Any
) -> None:
    now = sheet.inputs.view(name, first)
    st.session_state[name] = now if now in allowed else first
    place.selectbox(label, allowed, key=name, format_func=words, on_change=_on_choice, args=(name,))


def _question(sheet: Sheet, part: str, metric: str) -> tuple[SensitivityQuestion | None, str]:
    """Return the question, or why it cannot be asked."""
    case = sheet.inputs.case
    if part == TORNADO:
        question = tornado_of(case, metric, every=st.session_state["sensitivity_which"] == EVERY)
    else:
        points = int(st.session_state[f"sensitivity_{part}"])
        if part == "sobol":
            rows = _longest_bars(sheet, metric)
            if rows is None:
                return None, say(
                    "Shares are told for the longest bars of the tornado; it has to be confirmed first. It is"
                    " being simulated now."
                )
            question = SensitivityQuestion(case, part, metric, rows, points, 2)
        elif part == "morris":
            question = SensitivityQuestion(
                case, part, metric, basic_assumptions(sheet.inputs.scenario()), points, 2
            )
        else:
            question = SensitivityQuestion(case, part, metric, (), points, 1)
    try:
        question.asked()
    except ExperimentError as error:
        return None, say(
            "This cannot be asked here: {why}. Another scenario or figure may do.", why=term(str(error))
        )
    return question, ""


def _longest_bars(sheet: Sheet, metric: str) -> tuple[str, ...] | None:
    (answer,) = sheet.ask(tornado_of(sheet.inputs.case, metric))
    if not answer.result or not answer.is_final:
        sheet.badge(answer)
        return None
    return tuple(row["path"] for row in answer.result["rows"][:MOST_IN_SOBOL])


def _asked(sheet: Sheet, part: str, question: SensitivityQuestion) -> Answer | None:
    """Return the answer; None where nobody has started it: what takes minutes waits for a button."""
    is_open = part == TORNADO and bool(question.parameters)
    word = question.key[:16]
    if is_open or sheet.inputs.view("sensitivity_started") == word:
        return sheet.ask(question)[0]
    runs = question.histories
    effort = effort_words(runs, seconds_of(sheet.inputs.scenario(), runs))
    st.button(
        say("Start ({effort})", effort=effort),
        key="sensitivity-start",
        on_click=session.show,
        kwargs={"sensitivity_started": word},
        type="primary",
    )
    return None


# --- what is shown --------------------------------------------------------------------------------


def _result(
    sheet: Sheet, part: str, question: SensitivityQuestion, answer: Answer | None, place: Any
) -> None:
    if answer is None:
        with place:
            st.subheader(part_name(part), anchor=False)
        st.markdown(_promise(part))
        _commands(sheet, question)
        return
    shown, is_old = sheet.latest(part, answer)
    if not shown.result:
        with place:
            st.subheader(say("Simulating the first answer ..."), anchor=False)
            sheet.badge(answer, stale=is_old)
        _commands(sheet, question)
        return
    with place:
        st.subheader(sensitivity_sentence(shown.result), anchor=False)
        sheet.badge(answer, stale=is_old)
    chart, line = st.columns([2.6, 1], gap="medium")
    with chart:
        try:
            sheet.chart(sensitivity_chart(shown.result), key=f"sensitivity-{part}", height=HEIGHT)
        except NothingToDrawError:
            st.info(say("No assumption was looked at."))
            return
    with line:
        _line(sheet, shown.result)
        if part == "information":
            st.markdown(table_markdown(decisions_table(shown.result)))
    _commands(sheet, question)


def _promise(part: str) -> str:
    return {
        "tornado": say(
            "All assumptions with a range are screened first; the twenty that move the figure most get full"
            " runs at both ends."
        ),
        "morris": say(
            "Each basic assumption is moved on its own from many places in the space of all of them: a check"
            " of the tornado, which moves them from the scenario's own place only."
        ),
        "sobol": say(
            "The variance of the figure over plausible worlds is shared out among the eight longest bars of"
            " the tornado: do the same assumptions come first when all move at once?"
        ),
        "information": say(
            "Every assumption with a range is drawn at once; what would the choice between pickup points and"
            " the door gain if one of them were known before?"
        ),
    }[part]


def _line(sheet: Sheet, result: Mapping[str, Any]) -> None:
    """Draw one assumption of the chart and the way to its page."""
    rows = {row["path"]: row for row in result["rows"]}
    chosen = sheet.inputs.view("sensitivity_line")
    chosen = chosen if chosen in rows else next(iter(rows))
    st.session_state["sensitivity_line"] = chosen
    st.selectbox(
        say("Look at one assumption"),
        list(rows),
        key="sensitivity_line",
        format_func=assumption_name,
        on_change=_on_choice,
        args=("sensitivity_line",),
    )
    with st.container(height=ABOUT_HEIGHT, border=False):
        st.markdown(about(rows[chosen]))
    st.button(
        say("Open in Assumptions"),
        key="sensitivity-go",
        on_click=send,
        args=("assumptions",),
        kwargs={"assumptions_line": chosen, "assumptions_part": "numbers"},
        width="stretch",
    )


def _commands(sheet: Sheet, question: Question) -> None:
    with st.expander(say("Same digits elsewhere")):
        sheet.commands(question)


# --- what would have to be true ---------------------------------------------------------------------


def _flips(sheet: Sheet, place: Any) -> None:
    path = path_of(sheet.inputs)
    question = ConditionsQuestion(sheet.inputs.case, path)
    with place:
        heading = st.empty()
    heading.subheader(part_name("flips"), anchor=False)
    st.markdown(
        say(
            "Growth path: **{path}** (chosen on the page of scale). Looked for: one assumption, or two"
            " together, inside their own ranges, with which the verdict on scale is another one.",
            path=path_words(path),
        )
    )
    word = question.key[:16]
    if sheet.inputs.view("sensitivity_started") != word:
        seconds = seconds_of(sheet.inputs.scenario(), HISTORIES) * min(
            1.0, QUARTER / sheet.inputs.scenario().horizon.days
        )
        st.button(
            say("Start ({effort})", effort=effort_words(HISTORIES, seconds)),
            key="sensitivity-start",
            on_click=session.show,
            kwargs={"sensitivity_started": word},
            type="primary",
        )
        _commands(sheet, question)
        return
    (answer,) = sheet.ask(question)
    shown, is_old = sheet.latest("flips", answer)
    sheet.badge(answer, stale=is_old)
    if shown.result:
        _conditions(shown.result, heading)
    elif not answer.message:
        st.info(say("Simulating ..."))
    _commands(sheet, question)


def _conditions(brief: Mapping[str, Any], heading: Any) -> None:
    heading.subheader(
        say("Now: {verdict}. What would turn it?", verdict=verdict_words(brief["verdict"])), anchor=False
    )
    flips = brief["flips"]
    if flips is None:
        st.info(say("Nothing could be looked for: this path has fewer than two sizes within reach."))
        return
    for flip in flips["found"]:
        st.markdown(f"- {flip_sentence(flip)}")
    if not flips["found"]:
        st.markdown(f"**{say('No condition was found within the ranges.')}**")
    st.caption(
        say(
            "Looked for at {singles} ends of ranges and {pairs} pairs of ends, of {assumptions} assumptions;"
            " {in_range} carry a range. A quarter of a year, few histories: a first look.",
            **{name: flips[name] for name in ("singles", "pairs", "assumptions", "in_range")},
        )
    )
    for name, words in (
        ("weakest", say("Weakest assumption behind it")),
        ("measure_next", say("Measure next")),
    ):
        one = brief[name]
        if one is not None:
            st.markdown(f"**{words}:** {assumption_name(one['path'])} (`{one['path']}`)")
