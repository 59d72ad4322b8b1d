"""The pictures of the pages: each that is taken is shown, each that is shown is taken, of every page."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from docs import screens
from docs.commands import ROOT
from sim.ui.pages import pages
from tests.ui.tour import PICTURES, STOPS


def test_every_picture_is_shown_and_every_page_has_its_section() -> None:
    text = (ROOT / "docs" / "screen.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\]\(screens/(\w+)\.png\)", text))
    assert shown == set(STOPS) == {path.stem for path in screens.FOLDER.glob("*.png")}
    sections = set(re.findall(r"^## (\w+)$", text, re.MULTILINE))
    assert {name.capitalize() for name in pages()} <= sections
    assert set(pages()) <= set(STOPS)


def test_the_pictures_are_taken_by_the_tour(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls = []

    def run(command: list[str], **options: Any) -> SimpleNamespace:
        calls.append((command, options))
        return SimpleNamespace(returncode=3)

    monkeypatch.setattr(screens.subprocess, "run", run)
    monkeypatch.setattr(screens, "FOLDER", tmp_path / "kept")
    assert screens.take("-k", "books") == 3
    ((command, options),) = calls
    assert command[1:4] == ["-m", "pytest", str(ROOT / "tests" / "ui" / "test_browser_tour.py")]
    assert command[-2:] == ["-k", "books"]
    assert options["env"][PICTURES] == str(tmp_path / "kept")
    assert (tmp_path / "kept").is_dir()
