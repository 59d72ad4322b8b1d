"""The pictures of the pages: each that is taken is shown, each that is shown is taken, of every page."""

from __future__ import annotations

import re

from docs import screens
from docs.commands import ROOT
from sim.ui.pages import pages


def test_every_picture_is_shown_and_every_page_has_its_section() -> None:
    text = (ROOT / "docs" / "screen.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\]\(screens/(\w+)\.png\)", text))
    assert shown == set(screens.PICTURES) == {path.stem for path in screens.FOLDER.glob("*.png")}
    sections = set(re.findall(r"^## (\w+)$", text, re.MULTILINE))
    assert {name.capitalize() for name in pages()} <= sections
