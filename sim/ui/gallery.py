"""Charts that a browser tab has drawn already: what is drawn again is only what has changed."""

from __future__ import annotations

import streamlit as st

from sim.ui.drawn import Drawn
from sim.ui.language import language
from sim.ui.pictures import Material, Picture
from sim.ui.pictures.picture import NothingToDrawError

_Kept = dict[tuple[str, str], tuple[Material, Drawn | None]]


def hang(picture: Picture, material: Material) -> Drawn | None:
    """Return a chart drawn from what is known, the very one of before where it rests on the same results.

    Parameters
    ----------
    picture
        What to draw; its ``is_ready`` holds.
    material
        What is known.

    Returns
    -------
    Drawn or None
        None where the results have nothing for this chart.
    """
    kept: _Kept = st.session_state.setdefault("gallery", {})
    place, basis = (picture.name, language()), material.about(picture.need)
    before = kept.get(place)
    if before is None or not before[0].rests_on_the_same(basis):
        try:
            before = basis, picture.draw(basis)
        except NothingToDrawError:
            before = basis, None
        kept[place] = before
    return before[1]
