"""Assumptions: every number with what it rests on, ways to change it, and four worlds side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.scenario import ScenarioError, UnknownPathError
from sim.ui import session
from sim.ui.case import Case, InputError
from sim.ui.editor import draw_editor
from sim.ui.evidence import (
    ALL,
    KINDS,
    ROOMS,
    Filter,
    counts,
    entries_of,
    frame_of,
    kind_words,
    room_words,
)
from sim.ui.evidence import TERMS as ROOM_WORDS
from sim.ui.frame import frame
from sim.ui.held import is_latest, renewed
from sim.ui.language import say
from sim.ui.moved import Moved, draw_chip
from sim.ui.pictures.assumptions import foundations, four_worlds
from sim.ui.questions.fourfold import FourfoldQuestion
from sim.ui.searched import as_view_word, from_view_word
from sim.ui.sheet import Sheet
from sim.ui.units import TERMS as UNIT_TERMS
from sim.ui.vocabulary import kpi_name

if TYPE_CHECKING:
    from sim.scenario import Entry

NAME = "assumptions"
TERMS = ROOM_WORDS | UNIT_TERMS
PARTS = ("numbers", "worlds")
METRICS = (
    "contribution_per_order",
    "cost_per_order",
    "layer_cost_per_parcel",
    "orders",
    "share_in_hands",
)
EXAMPLE_LEVERS = ("channels.tmall.price_index", "channels.vertical.price_index", "channels.mall.price_index")
EXAMPLE_PRICE = 0.92
EXAMPLE_ASSUMPTION = "market.price_elasticity"
HEIGHT = 330
TABLE_HEIGHT, CHART_HEIGHT = 200, 235


def title() -> str:
    """Name of the page in the navigation."""
    return say("Assumptions")


def draw() -> None:
    """Draw the page."""
    with frame(NAME, say("What is assumed, and what if it is not so?")) as sheet:
        now = sheet.inputs.view("assumptions_part", PARTS[0])
        st.session_state["assumptions_part"] = now if now in PARTS else PARTS[0]
        st.radio(
            say("What to see"),
            PARTS,
            key="assumptions_part",
            format_func=_part_name,
            horizontal=True,
            label_visibility="collapsed",
            on_change=_on_choice,
            args=("assumptions_part",),
        )
        if st.session_state["assumptions_part"] == "worlds":
            _worlds(sheet)
        else:
            _numbers(sheet)


def _part_name(part: str) -> str:
    return {
        "numbers": say("Every number and its source"),
        "worlds": say("Default world and my world side by side"),
    }[part]


def _on_choice(name: str) -> None:
    session.show(**{name: st.session_state[name]})


# --- every number ---------------------------------------------------------------------------------


def _numbers(sheet: Sheet) -> None:
    world = sheet.inputs.scenario()
    every = entries_of(world)
    wanted = _filter(sheet)
    chosen = [entry for entry in every if wanted.takes(entry)]
    left, right = st.columns([1.75, 1], gap="medium")
    with left:
        _table(sheet, every, chosen)
        sheet.chart(foundations(counts(every)), key="foundations", height=CHART_HEIGHT)
    with right:
        line = _line(sheet, chosen or every)
        draw_editor(sheet.inputs, line, [entry.path for entry in chosen or every])
    st.code(sheet.inputs.command("explain"), language="bash", wrap_lines=True)


def _filter(sheet: Sheet) -> Filter:
    """Draw the filters and return what is looked for."""
    cells = st.columns([1.2, 1.6, 2, 1.1], vertical_alignment="bottom")
    room = _pick(cells[0], "assumptions_room", (ALL, *ROOMS), room_words, say("Room"))
    grade = _pick(
        cells[1], "assumptions_grade", (ALL, *KINDS),
        lambda kind: say("every grade") if kind == ALL else kind_words(kind), say("Grade"),
    )  # fmt: skip
    words = from_view_word(sheet.inputs.view("assumptions_find"))
    key = renewed("assumptions_find", words)
    cells[2].text_input(say("Search"), words, key=key, on_change=_on_find, args=(key,))
    is_only = sheet.inputs.view("assumptions_only") == "changed"
    st.session_state["assumptions_only"] = is_only
    cells[3].checkbox(say("only changed"), key="assumptions_only", on_change=_on_only)
    paths = frozenset(_changed_paths(sheet)) if is_only else None
    return Filter(room, grade, words, paths)


def _pick(place: Any, name: str, allowed: tuple[str, ...], words: Any, label: str) -> str:
    now = session.current().view(name, ALL)
    st.session_state[name] = now if now in allowed else ALL
    place.selectbox(label, allowed, key=name, format_func=words, on_change=_on_choice, args=(name,))
    return str(st.session_state[name])


def _on_find(key: str) -> None:
    if is_latest(key):
        session.show(assumptions_find=as_view_word(st.session_state[key]))


def _on_only() -> None:
    session.show(assumptions_only="changed" if st.session_state["assumptions_only"] else "")


def _changed_paths(sheet: Sheet) -> dict[str, Any]:
    """Return the values before any change of everything that was changed, by path."""
    from sim.scenario import difference

    if sheet.is_baseline:
        return {}
    return {row.path: row.old for row in difference(sheet.inputs.baseline(), sheet.inputs.scenario())}


def _table(sheet: Sheet, every: Sequence[Entry], chosen: Sequence[Entry]) -> None:
    st.caption(
        say(
            "{count} of {total} lines, guesses first. Choose a line to see what it rests on and to change"
            " it.",
            count=f"{len(chosen):,}",
            total=f"{len(every):,}",
        )
    )
    if not chosen:
        st.info(say("Nothing matches: take a filter away or search for another word."))
        return
    view = {name: word for name, word in sheet.inputs.choices if name != "assumptions_line"}
    key = f"assumptions-table-{hash(tuple(view.items()))}"
    paths = [entry.path for entry in chosen]
    st.dataframe(
        frame_of(chosen, _changed_paths(sheet)),
        key=key,
        hide_index=True,
        height=TABLE_HEIGHT,
        row_height=30,
        column_config=_widths(),
        alt=say("Every line of the scenario; the box on the right chooses one of them."),
        on_select=lambda: _on_row(key, paths),
        selection_mode="single-row",
    )


def _widths() -> dict[str, Any]:
    """Return widths of columns in pixels, so that what a value rests on is seen without scrolling."""
    widths = {
        say("assumption"): 250, say("value"): 80, say("default"): 70, say("unit"): 90, say("plausible"): 100,
        say("grade"): 80, say("source"): 420,
    }  # fmt: skip
    return {name: st.column_config.TextColumn(width=width) for name, width in widths.items()}


def _on_row(key: str, paths: Sequence[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        session.show(assumptions_line=paths[rows[0]])


def _line(sheet: Sheet, chosen: Sequence[Entry]) -> Entry:
    """Return the line of the view if it is there, else the first one."""
    path = sheet.inputs.view("assumptions_line")
    try:
        return sheet.inputs.scenario().entry(path) if path else chosen[0]
    except UnknownPathError:
        return chosen[0]


# --- four worlds ----------------------------------------------------------------------------------


def _worlds(sheet: Sheet) -> None:
    case = _example(sheet.inputs.case) if sheet.is_baseline else sheet.inputs.case
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    with left:
        metric = _metric(sheet)
    try:
        question = _question(sheet, case, metric)
        _ = question.key
    except (ScenarioError, InputError) as error:
        st.info(
            say(
                "Levers and assumptions cannot be told apart here, because one needs the other: {why}",
                why=str(error),
            )
        )
        return
    (answer,) = sheet.ask(question)
    shown, is_old = sheet.latest("worlds", answer)
    with right:
        badge, moved = st.columns(2)
        with badge:
            sheet.badge(answer, stale=is_old)
        with moved:
            draw_chip(sheet.inputs)
    if sheet.is_baseline:
        _explain_example(case)
    if shown.result is not None:
        sheet.chart(four_worlds(shown.result), key="worlds", height=HEIGHT)
    elif not answer.message:
        st.info(say("Simulating ..."))
    sheet.commands(question)


def _metric(sheet: Sheet) -> str:
    from sim.scenario.segments import open_layers

    has_layer = bool(open_layers(sheet.inputs.scenario()) and open_layers(sheet.inputs.baseline()))
    allowed = tuple(name for name in METRICS if has_layer or not name.startswith("layer_"))
    now = sheet.inputs.view("assumptions_metric", allowed[0])
    st.session_state["assumptions_metric"] = now if now in allowed else allowed[0]
    st.selectbox(
        say("Figure"),
        allowed,
        key="assumptions_metric",
        format_func=kpi_name,
        on_change=_on_choice,
        args=("assumptions_metric",),
    )
    return str(st.session_state["assumptions_metric"])


def _question(sheet: Sheet, case: Case, metric: str) -> FourfoldQuestion:
    from dataclasses import replace

    moved = Moved.of(replace(sheet.inputs, case=case))
    default, levers, assumptions = moved.cases(case)
    return FourfoldQuestion(case, default, levers, assumptions, metric)


def _example(case: Case) -> Case:
    """Return a case with a lever and an assumption moved, to show what the picture says."""
    world = case.scenario()
    values: dict[str, Any] = {}
    for path in EXAMPLE_LEVERS:
        try:
            if world.value(path) is not None:
                values[path] = EXAMPLE_PRICE
        except UnknownPathError:
            continue
    entry = world.entry(EXAMPLE_ASSUMPTION)
    if entry.range is not None:
        values[EXAMPLE_ASSUMPTION] = entry.range[0]
    return case.changed(values)


def _explain_example(case: Case) -> None:
    words, button = st.columns([4, 1], vertical_alignment="center")
    moved = dict(case.changes)
    words.info(
        say(
            "Nothing of yours has moved yet, so this is an example: the price on the web at {price} of the"
            " usual one, in a world where shoppers mind prices more ({path}: {value}).",
            price=f"{EXAMPLE_PRICE:.0%}",
            path=EXAMPLE_ASSUMPTION,
            value=str(moved.get(EXAMPLE_ASSUMPTION, "-")),
        )
    )
    button.button(
        say("Make it mine"),
        key="assumptions-example",
        on_click=session.change_all,
        args=(moved,),
        width="stretch",
    )
