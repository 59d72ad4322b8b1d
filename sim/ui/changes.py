"""What was changed: every difference from the scenario that was started from, with a way back for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.ui import session
from sim.ui.language import say, term
from sim.ui.levers import lever_at
from sim.ui.units import unit_words

if TYPE_CHECKING:
    from sim.ui.inputs import Inputs


@dataclass(frozen=True)
class Change:
    """One value that differs.

    Attributes
    ----------
    path
        Where it stands.
    old, new
        Values; None where the scenario does not have the part.
    unit
        Unit of both.
    label
        Name of the lever that moves it; empty where none does.
    """

    path: str
    old: Any
    new: Any
    unit: str
    label: str

    @property
    def percent(self) -> str:
        """Change in percent; empty where there is none to speak of."""
        if not (_is_number(self.old) and _is_number(self.new) and self.old):
            return ""
        return f"{100 * (self.new / self.old - 1):+.0f}%"


def changes_of(inputs: Inputs) -> list[Change]:
    """Return what differs from the scenario that was started from, in the order of the schema."""
    from sim.scenario import difference

    found = []
    for row in difference(inputs.baseline(), inputs.scenario()):
        lever = lever_at(row.path)
        found.append(Change(row.path, row.old, row.new, row.unit, lever.label if lever else ""))
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def written(value: Any) -> str:
    """Write a value of a scenario."""
    if isinstance(value, bool) or value is None:
        return {True: say("on"), False: say("off"), None: say("none")}[value]
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def draw_changes(inputs: Inputs) -> None:
    """Draw the list behind a button that says how many changes there are."""
    found = changes_of(inputs) if inputs.case.changes else []
    with st.popover(say("Changed: {count}", count=len(found)), key="changes", width="stretch"):
        st.markdown(f"**{say('What I changed')}**")
        if not found:
            st.caption(say("Nothing: this is the baseline. The address of the page keeps changes."))
            return
        for change in found:
            _line(change, change.path in inputs.changes)
        st.button(say("Back to the baseline"), key="reset-all", on_click=session.reset_all)


def change_words(change: Change) -> str:
    """Write one change as Markdown: name, path, both values and their unit."""
    name = f"**{term(change.label)}**  \n" if change.label else ""
    share = f" ({change.percent})" if change.percent else ""
    values = f"{written(change.old)} → {written(change.new)} {unit_words(change.unit)}{share}"
    return f"{name}`{change.path}`  \n{values}"


def _line(change: Change, is_own: bool) -> None:
    words, button = st.columns([5, 1.4], vertical_alignment="center")
    words.markdown(change_words(change))
    if is_own:
        button.button(say("Reset"), key=f"reset-{change.path}", on_click=session.reset, args=(change.path,))
