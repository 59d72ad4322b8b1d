"""A box to choose from whose choices may change while the visitor chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator


def choose(
    place: DeltaGenerator | None,
    label: str,
    options: Sequence[str],
    *,
    key: str,
    words: Callable[[str], str],
    on_choice: Callable[[str], None],
    **how: Any,
) -> None:
    """Draw a box to choose from.

    A browser reports the words it shows. If the choices changed while its report was under way they come here
    as they are, and are looked up; words that nothing bears any more are no choice.

    Parameters
    ----------
    place
        Where to draw it; None: where the page is.
    label
        What is chosen.
    options
        What can be chosen.
    key
        Key of the field; what it holds is chosen now.
    words
        What the box shows for an option.
    on_choice
        Called with the option chosen.
    how
        Further arguments of the field.
    """
    draw = st.selectbox if place is None else place.selectbox
    known = tuple(options)
    draw(
        label,
        known,
        key=key,
        format_func=words,
        on_change=_chosen,
        args=(key, known, words, on_choice),
        **how,
    )


def _chosen(
    key: str, options: Sequence[str], words: Callable[[str], str], on_choice: Callable[[str], None]
) -> None:
    found = option_of(str(st.session_state[key]), options, words)
    if found is not None:
        on_choice(found)


def option_of(reported: str, options: Sequence[str], words: Callable[[str], str]) -> str | None:
    """Return the option that a browser reported, by name or by the words it shows; None if there is none.

    >>> option_of("Last mile", ["last_mile", "traffic"], lambda name: name.replace("_", " ").capitalize())
    'last_mile'
    """
    if reported in options:
        return reported
    return next((option for option in options if words(option) == reported), None)
