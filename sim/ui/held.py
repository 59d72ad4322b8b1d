"""What fields show, without disturbing the hand that is on them."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st


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


def _same(shown: Any, value: Any) -> bool:
    if isinstance(shown, float) and isinstance(value, float):
        return math.isclose(shown, value, rel_tol=1e-9, abs_tol=1e-12)
    return type(shown) is type(value) and bool(shown == value)
