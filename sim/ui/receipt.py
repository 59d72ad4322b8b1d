"""The receipt of one order: every posting that it caused, and its share of what is paid for many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from sim.report.numbers import plain
from sim.report.page import Column, Row, Table, table
from sim.ui.accounts import account_name
from sim.ui.drawn import table_csv, table_markdown
from sim.ui.language import say
from sim.ui.vocabulary import unit_name


def receipt_table(lines: Sequence[Mapping[str, Any]], left: float) -> Table:
    """Return the receipt as a table: postings in the order of a statement, then what is left.

    Parameters
    ----------
    lines
        As :func:`sim.experiment.order_story.story` gives them.
    left
        What the order leaves, in yuan.
    """
    heads = [
        Column(say("debit"), words=True),
        Column(say("credit"), words=True),
        Column(say("amount"), unit_name("yuan")),
        Column(say("how"), words=True),
    ]
    rows: list[tuple[str, ...] | Row] = [
        (
            account_name(line["debit"]),
            account_name(line["credit"]),
            plain(line["yuan"], 2),
            say("even share") if line["is_share"] else say("own"),
        )
        for line in lines
    ]
    words = say("left")
    rows.append(Row((words, "", plain(left, 2, signed=True), ""), "strong"))
    return table("", heads, rows)


def draw_receipt(result: Mapping[str, Any]) -> None:
    """Draw the receipt of the order of a story, scrollable, with its numbers to take away."""
    found = receipt_table(result["receipt"], result["left"])
    st.markdown(f"#### {say('Receipt: the postings it caused')}")
    left = plain(result["left"], 2, signed=True)
    st.markdown(f"**{say('{yuan} yuan left before rents, teams and head office', yuan=left)}**")
    with st.container(height=300, border=False):
        st.markdown(table_markdown(found))
    st.caption(
        say(
            "Income on the credit side adds, cost on the debit side takes away. Paid hours, points and visits"
            " are shared evenly by the orders they served; over all orders the receipts add up to the books."
        )
    )
    st.download_button(
        say("Download the receipt"),
        lambda: table_csv(found),
        f"order-{result['order']['number']}.csv",
        "text/csv",
        key="receipt-csv",
        on_click="ignore",
    )
