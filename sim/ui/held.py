"""What fields show, without disturbing the hand that is on them."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

_TURN = "~"
"""Stands between the name of a field and how often it was drawn anew."""


def held(key: str, value: Any, *form: float) -> dict[str, Any]:
    """Return the arguments with which a slider or a field shows a value and leaves the visitor's hand alone.

    A field that is set throws away what the visitor is doing with it: a drag that has not been reported yet,
    a word half typed. Pages draw themselves anew while answers arrive, so a field is set only where it shows
    something else. Where it is not set the value is its default, for a browser that sees it for the first
    time in this drawing.

    Parameters
    ----------
    key
        Key of the field that is about to be drawn.
    value
        What it is to show.
    form
        What makes it another field under the same key, such as the ends of a slider: then it is set.
    """
    forms: dict[str, tuple[float, ...]] = st.session_state.setdefault("forms", {})
    is_set = key not in st.session_state or forms.get(key) != form
    forms[key] = form
    if is_set or not _same(st.session_state[key], value):
        st.session_state[key] = value
        return {"key": key}
    return {"key": key, "value": value}


def renewed(name: str, value: Any, *form: float) -> str:
    """Return the key under which to draw a field that has this value as its default.

    What a browser reports may be older than what was set meanwhile: whoever pressed "Undo" while a report of
    the old place was under way would find the place moved back, as another edit. So a field is never set.
    Where it would show something else than it should (after an undo, a reset, a link, another field of the
    same value) it is drawn anew under another key, and what is still reported of the old one is not heard
    (:func:`is_latest`). A field under the visitor's hand shows what it should already and stays as it is.

    Parameters
    ----------
    name
        Name of the field that is about to be drawn; its first key.
    value
        What it is to show.
    form
        What makes it another field, such as the ends of a slider.
    """
    turns: dict[str, tuple[int, tuple[float, ...]]] = st.session_state.setdefault("turns", {})
    turn, old_form = turns.get(name, (0, form))
    key = _key(name, turn)
    if name in turns and (
        form != old_form or key not in st.session_state or not _same(st.session_state[key], value)
    ):
        turn += 1
    turns[name] = (turn, form)
    return _key(name, turn)


def is_latest(key: str) -> bool:
    """Whether a key is the one under which its field was drawn last, so that a report of it counts."""
    name = key.partition(_TURN)[0]
    turn, _ = st.session_state.get("turns", {}).get(name, (0, ()))
    return key == _key(name, turn) and key in st.session_state


def _key(name: str, turn: int) -> str:
    return f"{name}{_TURN}{turn}" if turn else name


def _same(shown: Any, value: Any) -> bool:
    if isinstance(shown, tuple) and isinstance(value, tuple):
        return len(shown) == len(value) and all(map(_same, shown, value))
    if isinstance(shown, float) and isinstance(value, float):
        return math.isclose(shown, value, rel_tol=1e-9, abs_tol=1e-12)
    return type(shown) is type(value) and bool(shown == value)
