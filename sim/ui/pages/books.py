"""Books: from a figure to its accounts, ledger lines, receipts, rule, assumptions and their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.experiment.book_trails import CONTRIBUTION, COST, TOTAL, Trail, figures_of, lines, trail
from sim.report.numbers import read
from sim.report.rules import RULES, assumptions_of
from sim.ui import session
from sim.ui.accounts import account_name
from sim.ui.box import choose
from sim.ui.drawn import table_csv, table_markdown
from sim.ui.frame import frame
from sim.ui.language import say, term
from sim.ui.moved import draw_chip
from sim.ui.pictures.books import account_bars
from sim.ui.pictures.picture import NothingToDrawError, Result
from sim.ui.questions.books import BooksQuestion
from sim.ui.questions.story import ReceiptsQuestion
from sim.ui.questions.year import YearQuestion
from sim.ui.sheet import Sheet
from sim.ui.trail import (
    GRADES,
    assumptions_table,
    check_words,
    counted_words,
    figure_name,
    lines_table,
    mean_words,
    receipts_table,
)
from sim.ui.vocabulary import channel_name, unit_name

if TYPE_CHECKING:
    import pandas as pd

    from sim.ui.answer import Answer

NAME = "books"
TERMS = frozenset({GRADES[3]})
HEIGHT = 250
ROW_HEIGHT = 27
_EARNED = ("sales", CONTRIBUTION)


def title() -> str:
    """Name of the page in the navigation."""
    return say("Books")


def draw() -> None:
    """Draw the page."""
    with frame(NAME, say("Where does a number come from?"), first=_ask) as sheet:
        question = BooksQuestion(sheet.inputs.case)
        books, means = _ask(sheet)
        shown, is_old = sheet.latest("books", books)
        badges = st.columns([1, 1, 2], vertical_alignment="center")
        with badges[0]:
            sheet.badge(books, stale=is_old)
        with badges[1]:
            draw_chip(sheet.inputs)
        if shown.result is None:
            if not books.message:
                st.info(say("Simulating a history and closing its books ..."))
            sheet.commands(question)
            return
        _trail(sheet, shown.result, means.result, is_final=shown.is_final and not is_old)
        sheet.commands(question)


def _ask(sheet: Sheet) -> tuple[Answer, ...]:
    """Ask for one history's books, and for the means of many beside them."""
    return sheet.ask(BooksQuestion(sheet.inputs.case), YearQuestion(sheet.inputs.case))


def _trail(sheet: Sheet, data: Result, means: Result | None, *, is_final: bool) -> None:
    """Draw the matrix of figures on the left and the trail of the chosen one on the right."""
    figures = figures_of(data)
    if not figures:
        st.info(say("Nobody ordered anything: the books have no figure per order."))
        return
    channel, figure = _chosen(sheet, figures)
    left, right = st.columns([1.3, 1], gap="medium")
    with left:
        _matrix(data, figures, channel, figure)
    found = trail(data, figure, channel)
    with right:
        _selectors(figures, channel, figure)
        own = means["per_order"].get(channel, {}) if means is not None and is_final else {}
        st.markdown(f"{check_words(found)} {_mean_of(found, own, means)}")
        try:
            sheet.chart(account_bars(found), key="accounts", height=HEIGHT)
        except NothingToDrawError:
            st.info(say("Nothing was booked for this figure."))
    for words in counted_words(found):
        st.caption(words)
    if found.accounts:
        _account(sheet, data, found)


def _chosen(sheet: Sheet, figures: dict[str, list[str]]) -> tuple[str, str]:
    """Return channel and figure of the view, or what comes nearest where a scenario does not have them."""
    first = "mall" if "mall" in figures else TOTAL
    channel = sheet.inputs.view("books_channel", first)
    channel = channel if channel in figures else TOTAL
    figure = sheet.inputs.view("books_figure", "last_mile")
    return channel, figure if figure in figures[channel] else figures[channel][0]


def _mean_of(found: Trail, own: Any, means: Result | None) -> str:
    """Say the mean over histories of the same figure, if it is known."""
    if found.figure in own:
        value = read(own[found.figure])
        known = None if value is None else value.scaled(1.0 if found.figure in _EARNED else -1.0)
    elif means is not None and own and found.channel == TOTAL:
        known = read(means["kpis"].get(found.figure))
    else:
        known = None
    return mean_words(known, found.unit)


# --- choosing a figure ----------------------------------------------------------------------------


def _matrix(data: Result, figures: dict[str, list[str]], channel: str, figure: str) -> None:
    """Draw the figures by channel; a click on a number chooses it."""
    st.markdown(f"#### {say('Click a number')} ({unit_name('yuan/order')})")
    table = _numbers(data, figures)
    key = f"books-matrix-{channel}-{figure}"
    st.dataframe(
        table.rename(index=figure_name, columns=channel_name),
        key=key,
        on_select=lambda: _on_cell(key, list(table.index), list(table.columns)),
        selection_mode="single-cell",
        column_config={
            channel_name(one): st.column_config.NumberColumn(format="%.2f", width=68) for one in table.columns
        },
        height=36 + ROW_HEIGHT * len(table),
        row_height=ROW_HEIGHT,
        placeholder="",
        alt=say("Figures per order by channel; the boxes on the right choose the same ones."),
    )
    st.caption(say("Costs positive, first history; empty where a channel has none."))


def _numbers(data: Result, figures: dict[str, list[str]]) -> pd.DataFrame:
    """Return figures per order by channel, in the order of a statement."""
    import pandas as pd

    rows = [name for name in figures[TOTAL] if not name.endswith("_per_parcel")]
    rows = [name for name in rows if name not in (COST, CONTRIBUTION)] + [COST, CONTRIBUTION]
    return pd.DataFrame(
        {
            channel: {row: trail(data, row, channel).value if row in known else None for row in rows}
            for channel, known in figures.items()
        },
        index=rows,
        dtype=float,
    )


def _on_cell(key: str, rows: list[str], columns: list[str]) -> None:
    cells = st.session_state[key]["selection"]["cells"]
    if cells:
        row, column = cells[0]
        names = {channel_name(one): one for one in columns}
        session.show(books_figure=rows[row], books_channel=names.get(column, TOTAL), books_account="")


def _selectors(figures: dict[str, list[str]], channel: str, figure: str) -> None:
    one, other = st.columns(2)
    st.session_state["books_channel"], st.session_state["books_figure"] = channel, figure
    choose(one, say("Channel"), list(figures), key="books_channel", words=channel_name, on_choice=_on_channel)
    choose(
        other, say("Figure"), figures[channel], key="books_figure", words=figure_name, on_choice=_on_figure
    )


def _on_channel(channel: str) -> None:
    session.show(books_channel=channel, books_account="")


def _on_figure(figure: str) -> None:
    session.show(books_figure=figure, books_account="")


# --- one account ----------------------------------------------------------------------------------


def _account(sheet: Sheet, data: Result, found: Trail) -> None:
    """Draw the lines, receipts and rule of one account of the figure."""
    names = sorted(found.accounts, key=lambda name: -abs(found.accounts[name]))
    account = sheet.inputs.view("books_account", names[0])
    st.session_state["books_account"] = account if account in names else names[0]
    choose(None, say("Account"), names, key="books_account", words=account_name, on_choice=_on_account)
    account = str(st.session_state["books_account"])
    ledger, receipts, rule = st.tabs(
        [say("Ledger lines"), say("Receipts of orders"), say("Rule, assumptions and sources")]
    )
    with ledger:
        _ledger(data, found, account)
    with receipts:
        _receipts(sheet, found, account)
    with rule:
        _rule(sheet, found, account)


def _on_account(account: str) -> None:
    session.show(books_account=account)


def _ledger(data: Result, found: Trail, account: str) -> None:
    mine = lines(data, [account], found.channel, found.layer, earned=found.figure in _EARNED)
    st.caption(
        say(
            "{count} lines make {yuan} yuan on this account. Months after the last one hold what orders of"
            " the year caused later.",
            count=len(mine),
            yuan=f"{sum(line['yuan'] for line in mine):,.2f}",
        )
    )
    with st.container(height=300, border=False):
        st.markdown(table_markdown(lines_table(mine)))
    st.download_button(
        say("Download all lines"),
        lambda: table_csv(lines_table(mine, None)),
        f"ledger-{account}.csv",
        "text/csv",
        key="ledger-csv",
        on_click="ignore",
    )


def _receipts(sheet: Sheet, found: Trail, account: str) -> None:
    channel = "" if found.channel == TOTAL else found.channel
    (answer,) = sheet.ask(ReceiptsQuestion(sheet.inputs.case, account, channel))
    if answer.result is None:
        if answer.message:
            sheet.badge(answer)
        else:
            st.info(say("Simulating the first weeks with a log of every step: a few seconds ..."))
        return
    if not answer.result["orders"]:
        st.info(say("No order moves this account: it is paid by the month, whoever orders."))
        return
    st.markdown(table_markdown(receipts_table(answer.result["orders"])))
    st.caption(
        say(
            "Sample orders of the first {days} days of the same history. The page Flow tells the whole"
            " journey and receipt of an order by its number.",
            days=answer.result["days"],
        )
    )


def _rule(sheet: Sheet, found: Trail, account: str) -> None:
    rule = RULES[account]
    only = {} if found.channel == TOTAL else {"channel": found.channel}
    if found.layer:
        only["layer"] = found.layer
    st.markdown(f"**{account_name(account)}** = {term(rule.words)}")
    st.caption(
        say(
            "Applied in {file}; every equation with its symbols stands in docs/model.md.",
            file=f"`{rule.where}`",
        )
    )
    entries = assumptions_of(sheet.inputs.scenario(), account, **only)
    if not entries:
        st.info(say("Nothing is assumed for it in this scenario."))
        return
    st.markdown(table_markdown(assumptions_table(entries)))
    st.caption(
        say(
            "Grades: A strong, B fair, C weak evidence, guess: judgement. Change them on the page"
            " Assumptions."
        )
    )
