"""The inputs of this browser tab: what they are now, and every way to change them.

Pages read :func:`current` and call :func:`apply` from the callbacks of their widgets. All else (undo, the
address of the page, replaying the last change) follows from that.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import streamlit as st

from sim.scenario import ScenarioError
from sim.ui.case import InputError, Value
from sim.ui.history import History
from sim.ui.inputs import Inputs, LinkError, model_stamp

LINK = "s"
REPLAYS = 6
"""Turns of a replay: old and new, three times."""
REPLAY_SECONDS = 0.8
PUSH_SECONDS = 1.0
"""Within this time two moves of the same lever are one edit."""


@dataclass(frozen=True)
class Push:
    """The latest move of a lever.

    Attributes
    ----------
    paths
        What was moved.
    moment
        When.
    is_edit
        Whether the history has an edit of it: a lever that is back where it stood has none.
    """

    paths: tuple[str, ...]
    moment: float
    is_edit: bool


def current() -> Inputs:
    """Return the inputs that the page is to draw; during a replay those before the last change, in turn."""
    history = _history()
    turns = st.session_state.get("replay", 0)
    if turns % 2 and history.past:
        return history.past[-1].showing(**{name: history.present.view(name) for name in ("page", "language")})
    return history.present


def apply(new: Inputs) -> None:
    """Make an edit, unless its values make no scenario; then nothing changes and the page says why."""
    st.session_state.pop("push", None)
    _do(_history(), new)


def _do(history: History, new: Inputs) -> bool:
    """Go on from a history with an edit; return whether it has one more by that."""
    st.session_state["replay"] = 0
    try:
        new.scenario()
    except (ScenarioError, InputError) as error:
        complain(str(error))
        return False
    after = history.doing(new)
    _keep(after)
    return after.past != history.past


def change(path: str, value: Value) -> None:
    """Change one value; see :func:`apply`."""
    change_all({path: value})


def change_all(values: dict[str, Value]) -> None:
    """Change several values in one edit; see :func:`apply`.

    A lever that is pushed on and on (an arrow key held down) is one edit: it goes on from where it stood.
    """
    paths, now = tuple(sorted(values)), time.monotonic()
    before: Push | None = st.session_state.pop("push", None)
    history = _history()
    try:
        new = history.present.changed(values)
    except (InputError, ScenarioError) as error:
        complain(str(error))
        return
    if before is not None and before.is_edit and before.paths == paths and now - before.moment < PUSH_SECONDS:
        history = history.undone().without_future()
    st.session_state["push"] = Push(paths, now, _do(history, new))


def show(**choices: str) -> None:
    """Make other choices of the view, such as another growth path; what is no choice is complained of."""
    try:
        new = _history().present.showing(**choices)
    except InputError as error:
        complain(str(error))
    else:
        apply(new)


def note(**choices: str) -> None:
    """Let the address say what was seen; that is no edit, and no undo takes it back."""
    history = _history()
    _keep(replace(history, present=history.present.showing(**choices)))


def forget_past() -> None:
    """Let nobody undo what was done up to now."""
    st.session_state.pop("push", None)
    _keep(History(_history().present))


def undo() -> None:
    """Take the last edit back."""
    st.session_state.pop("push", None)
    st.session_state["replay"] = 0
    _keep(_history().undone())


def redo() -> None:
    """Make an edit again that was taken back."""
    st.session_state.pop("push", None)
    st.session_state["replay"] = 0
    _keep(_history().redone())


def reset(path: str) -> None:
    """Take one change back."""
    apply(_history().present.restored(path))


def reset_all() -> None:
    """Take all changes back."""
    apply(_history().present.restored())


def replay() -> None:
    """Show the inputs before and after the last edit, in turn."""
    st.session_state["replay"] = REPLAYS if _history().past else 0


def can_undo() -> bool:
    """Whether there is an edit to take back."""
    return bool(_history().past)


def can_redo() -> bool:
    """Whether an edit was taken back."""
    return bool(_history().future)


def complain(message: str) -> None:
    """Say on the next drawing of the page why an edit was refused."""
    st.session_state["complaint"] = message


def complaint() -> str:
    """Return why the last edit was refused, once."""
    return str(st.session_state.pop("complaint", ""))


def link() -> str:
    """Return the word behind ``?s=`` for the present inputs; empty if they do not fit into an address."""
    try:
        return _history().present.to_link()
    except LinkError:
        return ""


def write_address() -> None:
    """Let the address of the page say what the page shows; a default view has a bare address."""
    present = _history().present
    word = "" if present.showing(page="decide") == Inputs() else link()
    if word:
        if st.query_params.get(LINK) != word:
            st.query_params[LINK] = word
    elif LINK in st.query_params:
        del st.query_params[LINK]


def _history() -> History:
    if "history" not in st.session_state:
        st.session_state["history"] = History(_opened())
    found: History = st.session_state["history"]
    return found


def _keep(history: History) -> None:
    st.session_state["history"] = history


def _opened() -> Inputs:
    """Return the inputs of the link that was opened; those the page opens on if there is none."""
    word = st.query_params.get(LINK, "")
    if not word:
        return Inputs()
    try:
        found, model = Inputs.from_link(word)
        found.scenario()
    except (InputError, ScenarioError) as error:
        complain(str(error))
        return Inputs()
    if model != model_stamp():
        st.session_state["made_with"] = model
    return found


def at_page(page: str) -> Inputs:
    """Note which page is drawn and return the inputs to draw."""
    history = _history()
    if history.present.view("page") != page:
        _keep(history.doing(history.present.showing(page=page)))
    return current()


def first_page() -> str:
    """Return the page that an opened link shows, once; empty after that."""
    if "first_page" in st.session_state:
        return ""
    st.session_state["first_page"] = current().view("page")
    return str(st.session_state["first_page"])
