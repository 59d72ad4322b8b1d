"""What goes out and in: the share link, files, commands, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from sim.scenario import ScenarioError
from sim.ui import session
from sim.ui.case import InputError
from sim.ui.complaints import draw_complaint
from sim.ui.files import EXCEL_TYPE, Upload, read_upload, shown_name, to_excel, to_yaml
from sim.ui.language import say
from sim.ui.parcels import draw_parcels

if TYPE_CHECKING:
    from sim.ui.case import Case
    from sim.ui.inputs import Inputs
    from sim.ui.sheet import Sheet


REFUSED = "refused-upload"


@dataclass(frozen=True)
class Refused:
    """An upload that was refused.

    Attributes
    ----------
    file
        Its name.
    why
        One problem on each line.
    case
        What was looked at: after the next change nobody asks any more.
    """

    file: str
    why: str
    case: Case


def draw_exchange(sheet: Sheet) -> None:
    """Draw everything that goes out and in behind one button."""
    with st.popover(say("Share, files"), key="exchange", width="stretch"):
        _draw_link()
        _draw_downloads(sheet.inputs)
        _draw_upload()
        draw_parcels(sheet)


def _draw_link() -> None:
    word = session.link()
    st.markdown(f"**{say('Share link')}**")
    if not word:
        st.caption(say("The uploaded scenario does not fit into a link: send the file."))
        return
    address = str(st.context.url or "").split("?")[0]
    st.code(f"{address}?{session.LINK}={word}", language=None, wrap_lines=True)
    st.caption(say("Restores inputs and view. It holds only what differs from a shipped scenario."))


def _draw_downloads(inputs: Inputs) -> None:
    st.markdown(f"**{say('Scenario as a file')}**")
    left, right = st.columns(2)
    left.download_button(
        "YAML",
        lambda: to_yaml(session.current()),
        f"{inputs.base}.yaml",
        "text/yaml",
        key="yaml",
        on_click="ignore",
        width="stretch",
    )
    right.download_button(
        "Excel",
        lambda: to_excel(session.current()),
        f"{inputs.base}.xlsx",
        EXCEL_TYPE,
        key="excel",
        on_click="ignore",
        width="stretch",
    )


def _draw_upload() -> None:
    # A new key after each upload empties the field, so that the same file can be handed in again.
    key = f"upload-{st.session_state.get('uploads', 0)}"
    st.file_uploader(
        say("Upload a scenario (.yaml or .xlsx, up to 1 MB)"),
        key=key,  # takes every kind: what is none of ours is refused in words, not by the browser's red icon
        on_change=_on_upload,
        args=(key,),
    )
    refused: Refused | None = st.session_state.get(REFUSED)
    if refused is not None and refused.case == session.current().case:
        draw_complaint(refused.why, file=refused.file)


def _on_upload(key: str) -> None:
    found = st.session_state.get(key)
    if found is None:
        return
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
    st.session_state.pop(REFUSED, None)
    try:
        session.apply(read_upload(Upload(found.name, found.getvalue()), session.current()))
    except (InputError, ScenarioError) as error:
        st.session_state[REFUSED] = Refused(shown_name(found.name), str(error), session.current().case)
