"""The stops of the tour through all pages: what each is asked for, and what its picture must show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.ui.inputs import Inputs

LAPTOP = {"viewport": {"width": 1280, "height": 720}, "color_scheme": "light"}
TABLET = {"viewport": {"width": 820, "height": 1180}, "color_scheme": "dark"}
PICTURES = "CHANNELSIM_SCREENSHOTS"
"""Folder that keeps a picture of each stop; without it the tour looks and keeps nothing."""


@dataclass(frozen=True)
class Stop:
    """One page as it opens.

    Attributes
    ----------
    inputs
        What the link says.
    said
        Words that its heading or its sentence must hold.
    sure
        What its badges begin with, in their order; none where the page has no badge.
    charts
        How many charts are seen without scrolling.
    screen
        Size and colours of the browser.
    """

    inputs: Inputs
    said: tuple[str, ...]
    sure: tuple[str, ...] = ()
    charts: int = 1
    screen: Mapping[str, Any] = field(default_factory=lambda: LAPTOP)

    @classmethod
    def at(cls, page: str, *said: str, **more: Any) -> Stop:
        """A page as a link to nothing but this page opens it."""
        return cls(Inputs().showing(page=page), said, **more)


SURE = "confirmed: "
STOPS = {
    "decide": Stop.at(
        "decide", "An order ", "yuan before financing", "per doubling", sure=(SURE, SURE), charts=2
    ),
    "scale": Stop.at("scale", "The layer's cost per parcel", sure=(SURE, SURE, SURE)),
    "compare": Stop.at("compare", "community pickup against door only", sure=(SURE,), charts=2),
    "claims": Stop.at("claims", "lines of five articles", sure=("kept result of this model (",)),
    "sensitivity": Stop.at("sensitivity", "contribution per order", sure=(SURE,)),
    "flow": Stop.at("flow", "What becomes of a visit", sure=(SURE,)),
    "books": Stop.at("books", "Where does a number come from?", sure=(SURE,)),
    "assumptions": Stop.at("assumptions", "What is assumed"),
    "sweeps": Stop.at("sweeps", "12 of 12 runs of door_only are done; 0 failed.", sure=("finished",)),
    "lesson": Stop.at("lesson", "does a layer of pickup points get cheaper as it grows?", charts=0),
    "chinese": Stop(
        Inputs().showing(page="decide", language="zh"),
        ("业务增长时", "融资前", "个合理世界"),
        sure=("已确认：", "已确认："),
        charts=2,
        screen=TABLET,
    ),
}
"""Every page, and the first one in Chinese, dark and on a tablet; pictures bear these names."""
