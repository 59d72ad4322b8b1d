"""Flow: what becomes of visits and orders, where they wait, and one order from checkout to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from sim.ui import session
from sim.ui.drawn import Drawn
from sim.ui.frame import frame
from sim.ui.held import is_latest, renewed
from sim.ui.language import say, term
from sim.ui.moved import draw_chip
from sim.ui.pictures.flow import order_line, queue_lines, sankey
from sim.ui.pictures.picture import NothingToDrawError, Result
from sim.ui.questions.story import StoryQuestion
from sim.ui.questions.ways import WaysQuestion
from sim.ui.receipt import draw_receipt
from sim.ui.sheet import Sheet
from sim.ui.stops import TERMS as STOPS
from sim.ui.stops import queue_name, stop_name

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

NAME = "flow"
TERMS = STOPS
PARTS = ("ways", "queues", "order")
MEASURES = ("orders", "value")
FIRST_PICK = "late"
HEIGHT = 400


def title() -> str:
    """Name of the page in the navigation."""
    return say("Flow")


def draw() -> None:
    """Draw the page."""
    with frame(NAME, say("What becomes of a visit, and where does it wait?")) as sheet:
        part = _choose("flow_part", PARTS, _part_name, PARTS[0], say("What to see"))
        {"ways": _ways, "queues": _queues, "order": _order}[part](sheet)


def _part_name(part: str) -> str:
    return {
        "ways": say("From visits to what is kept"),
        "queues": say("Queues over the year"),
        "order": say("One order's journey"),
    }[part]


def _choose(name: str, allowed: tuple[str, ...], words: Callable[[str], str], first: str, label: str) -> str:
    """Draw a choice of the view and return what is chosen; a word of a link that is not allowed is none."""
    now = session.current().view(name, first)
    st.session_state[name] = now if now in allowed else allowed[0]
    st.radio(
        label,
        allowed,
        key=name,
        format_func=words,
        horizontal=True,
        label_visibility="collapsed",
        on_change=_on_choice,
        args=(name,),
    )
    return str(st.session_state[name])


def _on_choice(name: str) -> None:
    session.show(**{name: st.session_state[name]})


# --- ways and queues ------------------------------------------------------------------------------


def _ways(sheet: Sheet) -> None:
    question = WaysQuestion(sheet.inputs.case)
    left, right = st.columns([1, 2], vertical_alignment="center")
    with left:
        measure = _choose("flow_measure", MEASURES, _measure_name, MEASURES[0], say("Width of the bands"))
    shown = _asked(sheet, question, right)
    if shown is not None:
        _chart(sheet, lambda: sankey(shown, measure), "ways")
    sheet.commands(question)


def _measure_name(measure: str) -> str:
    return {"orders": say("count orders"), "value": say("count yuan")}[measure]


def _queues(sheet: Sheet) -> None:
    from sim.experiment.ways import QUEUES

    question = WaysQuestion(sheet.inputs.case)
    left, right = st.columns([1.6, 1], vertical_alignment="center")
    shown = _asked(sheet, question, right)
    if shown is not None:
        known = tuple(name for name in QUEUES if name in shown["queues"])
        with left:
            queue = _choose("flow_queue", known, queue_name, known[0], say("Queue"))
        _chart(sheet, lambda: queue_lines(shown, queue), "queues")
        st.caption(say("Looked at every full hour; the band is the 95% interval over histories."))
    sheet.commands(question)


def _asked(sheet: Sheet, question: WaysQuestion, place: DeltaGenerator) -> Result | None:
    """Ask, draw badge and chip in a place, and return what there is to draw."""
    (answer,) = sheet.ask(question)
    shown, is_old = sheet.latest("ways", answer)
    with place:
        badge, moved = st.columns(2)
        with badge:
            sheet.badge(answer, stale=is_old)
        with moved:
            draw_chip(sheet.inputs)
    if shown.result is None and not answer.message:
        st.info(say("Simulating ..."))
    return shown.result


def _chart(sheet: Sheet, picture: Callable[[], Drawn], key: str) -> None:
    try:
        drawn = picture()
    except NothingToDrawError:
        st.info(say("This scenario has nothing to show here: another scenario does."))
    else:
        sheet.chart(drawn, key=key, height=HEIGHT)


# --- one order ------------------------------------------------------------------------------------


def _order(sheet: Sheet) -> None:
    pick = sheet.inputs.view("flow_pick", FIRST_PICK)
    question = StoryQuestion(sheet.inputs.case, pick)
    (answer,) = sheet.ask(question)
    shown, is_old = sheet.latest("order", answer)
    result = shown.result
    left, middle, right = st.columns([2, 1, 2.2], vertical_alignment="bottom")
    with left:
        _choose_kind(pick, result)
    with middle:
        _choose_number(result)
    with right:
        badge, moved = st.columns(2)
        with badge:
            sheet.badge(answer, stale=is_old)
        with moved:
            draw_chip(sheet.inputs)
    if result is None:
        if not answer.message:
            st.info(say("Simulating the first weeks with a log of every step: a few seconds ..."))
    elif result["order"] is None:
        st.info(say("No order of this kind in these weeks: choose another kind, or a number."))
    else:
        _tell(sheet, result)
    sheet.commands(question)


def _choose_kind(pick: str, result: Result | None) -> None:
    from sim.experiment.order_story import KINDS

    known = tuple(result["kinds"]) if result is not None and result["kinds"] else tuple(KINDS)
    options = known if pick in known else (pick, *known)
    st.session_state["flow_kind"] = pick
    st.selectbox(
        say("An order that was ..."),
        options,
        key="flow_kind",
        format_func=lambda kind: term(KINDS[kind]) if kind in KINDS else say("number {number}", number=kind),
        on_change=_on_kind,
    )


def _on_kind() -> None:
    session.show(flow_pick=st.session_state["flow_kind"])


def _choose_number(result: Result | None) -> None:
    if result is None or not result["numbers"]:
        return
    first, last = result["numbers"]
    order = result["order"]
    number = order["number"] if order is not None else first
    key = renewed("flow_number", number)
    st.number_input(
        say("or number"),
        min_value=first,
        max_value=last,
        value=number,
        key=key,
        on_change=_on_number,
        args=(key,),
        help=say("Orders of these weeks have numbers from {first} to {last}.", first=first, last=last),
    )


def _on_number(key: str) -> None:
    if is_latest(key):
        session.show(flow_pick=str(st.session_state[key]))


def _tell(sheet: Sheet, result: Result) -> None:
    order = result["order"]
    st.markdown(
        say(
            "**{channel}**, from **{source}**, **{way}**, value {value} yuan, lamps: {units}",
            channel=stop_name(order["channel"]),
            source=stop_name(order["source"]),
            way=stop_name(order["delivery"]),
            value=f"{order['value']:,.2f}",
            units=order["units"],
        )
    )
    left, right = st.columns([1.05, 1], gap="medium")
    with left:
        _chart(sheet, lambda: order_line(result), "order")
    with right:
        draw_receipt(result)
