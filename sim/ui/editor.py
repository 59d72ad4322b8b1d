"""One assumption to look at and to change: value, bounds in words, plausible range, source, way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.report.explain import written
from sim.report.numbers import NOTHING
from sim.scenario import UnknownPathError
from sim.ui import session
from sim.ui.allowed import allowed_words
from sim.ui.held import is_latest, renewed
from sim.ui.language import say, term
from sim.ui.levers import levers_of
from sim.ui.moved import LEVER, role_of
from sim.ui.trail import grade_words, range_words
from sim.ui.units import unit_words

if TYPE_CHECKING:
    from sim.scenario import Entry
    from sim.scenario.fields import FieldSpec
    from sim.ui.inputs import Inputs


def draw_editor(inputs: Inputs, entry: Entry, paths: Sequence[str]) -> None:
    """Draw one line of a scenario with everything known about it, and a widget that changes it.

    Parameters
    ----------
    inputs
        Present inputs.
    entry
        The line.
    paths
        Lines that can be chosen instead.
    """
    from sim.scenario.fields import spec_of

    _choose(entry.path, paths)
    spec = spec_of(entry.path)
    is_lever = role_of(entry.path, levers_of(inputs.baseline())) == LEVER
    role = say("lever: the brand decides") if is_lever else say("assumption about the world")
    st.markdown(f"**{term(entry.description)}**  \n{role}")
    path, spec, value = _part_of_list(entry, spec)
    _widget(path, spec, value)
    own = _default(inputs, path)
    rows = [
        (say("default"), f"{written(own)} {unit_words(spec.unit)}" if own is not None else NOTHING),
        (say("allowed"), allowed_words(spec)),
        (say("plausible"), range_words(entry)),
        (say("grade"), grade_words(entry.grade)),
        (say("source"), entry.source or NOTHING),
    ]
    st.markdown("  \n".join(f"**{name}:** {words}" for name, words in rows))
    st.button(
        say("Reset this line"),
        key="assumptions-reset",
        disabled=path not in inputs.changes,
        on_click=session.reset,
        args=(path,),
    )


def _choose(path: str, paths: Sequence[str]) -> None:
    options = list(paths) if path in paths else [path, *paths]
    st.session_state["assumptions_line"] = path
    st.selectbox(say("Line"), options, key="assumptions_line", on_change=_on_line)


def _on_line() -> None:
    session.show(assumptions_line=st.session_state["assumptions_line"])


def _part_of_list(entry: Entry, spec: FieldSpec) -> tuple[str, FieldSpec, Any]:
    """Return what is edited: the entry, or one number of its list."""
    from sim.scenario.fields import spec_of

    if not isinstance(entry.value, list) or not entry.value:
        return entry.path, spec, entry.value
    place = st.selectbox(
        say("Number of the list"),
        range(len(entry.value)),
        key=f"assumptions-place-{entry.path}",
        format_func=lambda one: str(one + 1),
    )
    path = f"{entry.path}.{place}"
    return path, spec_of(path), entry.value[place]


def _default(inputs: Inputs, path: str) -> Any:
    try:
        return inputs.baseline().value(path)
    except UnknownPathError:
        return None


def _widget(path: str, spec: FieldSpec, value: Any) -> None:
    """Draw what changes a value: a number, a switch or a word. Bounds are checked when it is set."""
    if spec.kind in ("number", "whole") and value is not None:
        value = int(value) if spec.kind == "whole" else float(value)
    key = renewed(f"assumptions-value-{path}", value)
    arguments: dict[str, Any] = {"key": key, "on_change": _on_value, "args": (path, key)}
    if spec.kind == "switch":
        st.toggle(say("switched on"), value, **arguments)
    elif spec.kind == "choice":
        place = None if value is None else spec.choices.index(value)
        st.selectbox(say("value"), spec.choices, place, **arguments)
    elif spec.kind in ("number", "whole"):
        label = say("value ({unit})", unit=unit_words(spec.unit))
        st.number_input(label, value=value, step=_step(spec, value), format=_format(spec), **arguments)
    else:
        st.caption(say("This line holds words; change it in the scenario's file."))


def _step(spec: FieldSpec, value: Any) -> float | int:
    """Return a step of about a tenth of the value."""
    from math import floor, log10

    if spec.kind == "whole":
        return max(int(10 ** floor(log10(abs(value)) - 1)), 1) if value else 1
    return float(10.0 ** (floor(log10(abs(value))) - 1)) if value else 0.1


def _format(spec: FieldSpec) -> str | None:
    return "%d" if spec.kind == "whole" else "%0.6g"


def _on_value(path: str, key: str) -> None:
    if is_latest(key):
        session.change(path, st.session_state[key])
