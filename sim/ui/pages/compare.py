"""Compare: up to five scenarios on the same luck, what differs in them, and what that does."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from sim.report.page import Table
from sim.ui import session
from sim.ui.answer import Answer
from sim.ui.box import choose
from sim.ui.case import Case
from sim.ui.differences import differing, differing_table, kpi_table
from sim.ui.drawn import table_csv, table_markdown
from sim.ui.files import to_yaml
from sim.ui.frame import frame
from sim.ui.inputs import Inputs
from sim.ui.language import say
from sim.ui.lineup import CURRENT, MOST, Lineup, case_name, choices, keep, kept_cases
from sim.ui.pictures.differences import PROFIT, account_waterfall, differences_bars, verdict_on, written
from sim.ui.pictures.picture import NothingToDrawError
from sim.ui.questions.compare import CompareQuestion
from sim.ui.sheet import Sheet
from sim.ui.vocabulary import kpi_name

NAME = "compare"
MOST_LINES = 60
"""Lines of a table on the page; the file has all."""


def title() -> str:
    """Name of the page in the navigation."""
    return say("Compare")


def draw() -> None:
    """Draw the page."""
    with frame(NAME, say("How do scenarios differ, and is the difference real?")) as sheet:
        lineup = Lineup.of(sheet.inputs, kept_cases())
        place = st.container()
        _choose(sheet, lineup)
        if lineup.lost:
            st.warning(
                say(
                    "Kept scenarios live in the session in which they were kept; this one does not have"
                    " {names}. The others are shown.",
                    names=", ".join(lineup.lost),
                )
            )
        if not lineup.others:
            st.info(
                say("Choose at least two scenarios above: the first is what the others are compared with.")
            )
            return
        _compared(sheet, lineup, place)


def _name(lineup: Lineup, name: str) -> str:
    return case_name(name, lineup.cases[name])


# --- what is chosen -------------------------------------------------------------------------------


def _choose(sheet: Sheet, lineup: Lineup) -> None:
    known = choices(sheet.inputs, kept_cases())
    cells = st.columns([4, 1.7, 1.2], vertical_alignment="bottom", gap="small")
    st.session_state["compare-cases"] = list(lineup.cases)
    cells[0].multiselect(
        say("Scenarios (two to five)"),
        list(known),
        key="compare-cases",
        format_func=lambda name: case_name(name, known[name]),
        max_selections=MOST,
        on_change=_on_cases,
        placeholder=say("Choose scenarios"),
    )
    st.session_state["compare-base"] = lineup.base or None
    choose(
        cells[1],
        say("Compared with"),
        list(lineup.cases),
        key="compare-base",
        words=lambda name: _name(lineup, name),
        on_choice=_on_base,
    )
    cells[2].button(
        say("Keep what is set now"),
        key="compare-keep",
        on_click=_on_keep,
        width="stretch",
        help=say(
            "Keeps the present inputs as they are, for comparisons in this session, while you go on"
            " changing them."
        ),
    )


def _on_cases() -> None:
    names = list(st.session_state["compare-cases"])
    base = Lineup.of(session.current(), kept_cases()).base
    # An empty choice is a choice too: a word that names nothing keeps the default from coming back.
    session.show(**Lineup.view(names or ["-"], base))


def _on_base(base: str) -> None:
    names = list(Lineup.of(session.current(), kept_cases()).cases)
    session.show(**Lineup.view(names, base))


def _on_keep() -> None:
    now = session.current()
    lineup = Lineup.of(now, kept_cases())
    name = keep(now.case)
    names = list(lineup.cases)
    if name in names:
        return
    if len(names) >= MOST:
        session.complain(
            say("five scenarios are compared already; it is kept, and can be chosen in place of another")
        )
        return
    session.show(**Lineup.view([*names, name], lineup.base))


# --- what is shown --------------------------------------------------------------------------------


def _compared(sheet: Sheet, lineup: Lineup, place: Any) -> None:
    questions = {
        name: CompareQuestion(case, other=lineup.cases[lineup.base]) for name, case in lineup.others.items()
    }
    chosen = sheet.inputs.view("compare_pair")
    chosen = chosen if chosen in questions else (CURRENT if CURRENT in questions else next(iter(questions)))
    urgent = [chosen, *(name for name in questions if name != chosen)]
    answers = dict(zip(urgent, sheet.ask(*(questions[name] for name in urgent)), strict=True))
    shown = {name: sheet.latest(_slot(lineup, name), answers[name]) for name in questions}
    names = _name(lineup, lineup.base), _name(lineup, chosen)
    answer, is_old = shown[chosen]
    with place:
        st.subheader(_headline(answer, names), anchor=False)
        sheet.badge(answer, stale=is_old)
    left, right = st.columns([1, 1.25], gap="medium")
    with left:
        _overview(sheet, lineup, shown)
    with right:
        _detail(sheet, lineup, chosen, answer)
    _tables(lineup, chosen, answer, names)
    with st.expander(say("Same digits elsewhere")):
        sheet.commands(questions[chosen])
        _files(lineup, chosen)


def _slot(lineup: Lineup, name: str) -> str:
    return f"{lineup.base}:{name}"


def _headline(answer: Answer, names: tuple[str, str]) -> str:
    if answer.result is None:
        return say("Simulating the first answer ...")
    from sim.report.numbers import read

    change = read(answer.result["difference"].get(PROFIT))
    if change is None:
        return say("One of the two has no orders, so profit per order cannot be compared.")
    words = verdict_on(PROFIT, change)
    values = {"first": names[0], "second": names[1], "verdict": words}
    if change.has_interval and not change.is_detectable:
        return say("Profit per order, {second} against {first}: {verdict}.", **values)
    return say(
        "Profit per order, {second} against {first}: {change} yuan, {verdict}.",
        change=written(change),
        **values,
    )


def _overview(sheet: Sheet, lineup: Lineup, shown: dict[str, tuple[Answer, bool]]) -> None:
    results = {
        _name(lineup, name): answer.result for name, (answer, _) in shown.items() if answer.result is not None
    }
    figures = list(next(iter(results.values()))["difference"]) if results else [PROFIT]
    wanted = sheet.inputs.view("compare_kpi", PROFIT)
    kpi = wanted if wanted in figures else PROFIT
    st.session_state["compare-kpi"] = kpi
    choose(
        None,
        say("Figure"),
        figures if kpi in figures else [kpi, *figures],
        key="compare-kpi",
        words=kpi_name,
        on_choice=partial(_on_choice, "compare_kpi"),
    )
    if not results:
        st.info(say("Simulating ..."))
        return
    try:
        drawn = differences_bars(results, kpi, _name(lineup, lineup.base))
    except NothingToDrawError:
        st.info(say("None of these scenarios has this figure."))
    else:
        sheet.chart(drawn, key="differences", height=330)
    waiting = [(name, answer) for name, (answer, _) in shown.items() if not answer.is_final]
    if len(shown) > 1 and waiting:
        st.caption(
            say("{count} of {total} comparisons are still simulated.", count=len(waiting), total=len(shown))
        )
    for name, (other, _) in shown.items():
        if other.message and len(shown) > 1:
            st.error(say("{name}: no answer, {why}", name=_name(lineup, name), why=other.message))


def _detail(sheet: Sheet, lineup: Lineup, chosen: str, answer: Answer) -> None:
    cells = st.columns([1.6, 1], vertical_alignment="bottom", gap="small")
    st.session_state["compare-pair"] = chosen
    choose(
        cells[0],
        say("In detail"),
        list(lineup.others),
        key="compare-pair",
        words=lambda name: _name(lineup, name),
        on_choice=partial(_on_choice, "compare_pair"),
    )
    by = sheet.inputs.view("compare_by", "account")
    st.session_state["compare-by"] = by if by in ("account", "group") else "account"
    choose(
        cells[1],
        say("Steps"),
        ["account", "group"],
        key="compare-by",
        words=lambda word: say("accounts") if word == "account" else say("groups of accounts"),
        on_choice=partial(_on_choice, "compare_by"),
    )
    if answer.result is None:
        if not answer.message:
            st.info(say("Simulating ..."))
        return
    names = _name(lineup, lineup.base), _name(lineup, chosen)
    try:
        drawn = account_waterfall(answer.result, names, by_group=by == "group")
    except NothingToDrawError:
        st.info(say("One of the two has no orders, so profit per order cannot be compared."))
    else:
        sheet.chart(drawn, key="waterfall", height=330)


def _on_choice(view: str, word: str) -> None:
    session.show(**{view: word})


def _tables(lineup: Lineup, chosen: str, answer: Answer, names: tuple[str, str]) -> None:
    changes = differing(lineup.cases[lineup.base], lineup.cases[chosen])
    figures, values = st.tabs(
        [say("Every figure"), say("What differs between them: {count} values", count=len(changes))]
    )
    with figures:
        if answer.result is None:
            st.info(say("Simulating ..."))
        else:
            _table(kpi_table(answer.result, names), "figures")
    with values:
        if changes:
            _table(differing_table(changes, names), "what_differs")
        else:
            st.markdown(say("Nothing: they are the same scenario, and every difference is exactly zero."))


def _table(found: Table, name: str) -> None:
    """Draw the first lines of a table, with all of them to take away."""
    count = len(found.rows)
    st.markdown(table_markdown(replace(found, rows=found.rows[:MOST_LINES])))
    if count > MOST_LINES:
        st.caption(say("The first {shown} of {count}; the file has all.", shown=MOST_LINES, count=count))
    st.download_button(
        say("Download as CSV"),
        lambda: table_csv(found),
        f"{name}.csv",
        "text/csv",
        key=f"csv-{name}",
        on_click="ignore",
    )


def _files(lineup: Lineup, chosen: str) -> None:
    """Offer the files that the command names: shipped scenarios need none."""
    own = {"before": lineup.cases[lineup.base], "after": lineup.cases[chosen]}
    for name, case in own.items():
        if case.text or case.changes:
            st.download_button(
                say("Download {file}, which the command reads", file=f"{name}.yaml"),
                partial(_yaml, case),
                f"{name}.yaml",
                "text/yaml",
                key=f"yaml-{name}",
                on_click="ignore",
            )


def _yaml(case: Case) -> str:
    return to_yaml(Inputs(case))
