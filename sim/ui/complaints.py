"""Why something was not changed, in words that fit on a screen."""

from __future__ import annotations

import streamlit as st

from sim.ui.language import say, term

MOST_LINES = 8
"""Problems that are said one by one; who has mended those sees the next."""


def draw_complaint(message: str, *, file: str = "") -> None:
    """Say why an edit was refused: the first problems, one on a line, and how many more there are.

    Parameters
    ----------
    message
        One problem on each line.
    file
        Name of the uploaded file that it is about; empty: none.
    """
    lines = [term(line) for line in message.splitlines() if line.strip()]
    more = len(lines) - MOST_LINES
    if more > 0:
        lines = [*lines[:MOST_LINES], say("and {count} more problems", count=more)]
    why = "  \n".join(lines)
    if file:
        st.error(say("Not changed by {file}:", file=file) + f"  \n{why}")
    else:
        st.error(say("Not changed: {why}", why=why))
